"""The Dutch sentence for every error that keeps the API from starting: what is wrong, and what to do about it."""

from api import errors

_STORE_ADDRESSES = {
    "syntax": "is geen adres van een database. Schrijf bijvoorbeeld sqlite:///data/antwoorden.sqlite.",
    "database": "noemt een soort database die niet kan. Gebruik SQLite of PostgreSQL.",
    "memory": "noemt geen bestand. Schrijf bijvoorbeeld sqlite:///data/antwoorden.sqlite.",
    "driver": "vraagt om een programma voor die database dat niet is geïnstalleerd. Vraag de beheerder.",
}

_MAKE_KEY = "Maak eerst een sleutel: vng-assistent keys add NAAM --scope ask."

# The first that fits.
_PLAIN: tuple[tuple[type[errors.ApiError], str], ...] = (
    (
        errors.StoreTooNew,
        "Een nieuwere versie van het programma heeft deze database gemaakt. Werk het programma bij.",
    ),
    (
        errors.StoreBusy,
        "Een ander programma houdt de database te lang bezet. Probeer het over een minuut opnieuw.",
    ),
    (
        errors.StoreDamaged,
        "De database met antwoorden is beschadigd. Zet een reservekopie terug.",
    ),
    (
        errors.StoreError,
        "De database met antwoorden is niet te gebruiken. Controleer of zij bestaat en of je erbij mag.",
    ),
    (
        errors.ApiError,
        "Er ging iets mis met de API. Probeer het opnieuw.",
    ),
)


def explain(error: errors.ApiError) -> str:
    """One or two Dutch sentences on one line: what is wrong, and what a person can do about it."""
    if isinstance(error, errors.BindRefused):
        if error.host is None:
            return f"De server is bereikbaar voor anderen, en er is nog geen sleutel die werkt. {_MAKE_KEY}"
        host = _plain(error.host)
        return (
            f"De server luistert zonder sleutels alleen naar deze computer, en niet naar '{host}': anders zou iedereen "
            f"op het netwerk mee kunnen lezen. {_MAKE_KEY} Of gebruik --host 127.0.0.1."
        )
    if isinstance(error, errors.BadRate | errors.KeysError):
        return _of_keys(error)
    if isinstance(error, errors.StoreAddress):
        return f"Het adres van de database {_STORE_ADDRESSES.get(error.problem, 'klopt niet. Controleer het.')}"
    return next(line for kind, line in _PLAIN if isinstance(error, kind))


def _of_keys(error: errors.BadRate | errors.KeysError) -> str:
    if isinstance(error, errors.BadRate):
        form = "Schrijf een getal tot en met 9999 en een tijd, zoals 30/minute of 500/hour."
        return f"'{_plain(error.rate)}' is geen grens. {form}"
    if isinstance(error, errors.KeysUnreadable):
        return f"Het bestand met sleutels ({error.path}) is niet te lezen. Zet een reservekopie terug, of haal het weg."
    if isinstance(error, errors.KeyNameTaken):
        return f"Er is al een sleutel met de naam '{_plain(error.name)}'. Kies een andere naam, of trek die eerst in."
    if isinstance(error, errors.UnknownKey):
        return f"Er is geen sleutel '{_plain(error.name)}'. Bekijk ze met: vng-assistent keys list."
    return "Er ging iets mis met de sleutels. Probeer het opnieuw."


def _plain(text: str) -> str:
    return "".join(character if character.isprintable() else "?" for character in text)
