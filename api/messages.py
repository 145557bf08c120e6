"""The Dutch sentence for every error that keeps the API from starting: what is wrong, and what to do about it."""

from api import errors

_STORE_ADDRESSES = {
    "syntax": "is geen adres van een database. Schrijf bijvoorbeeld sqlite:///data/antwoorden.sqlite.",
    "database": "noemt een soort database die niet kan. Gebruik SQLite of PostgreSQL.",
    "memory": "noemt geen bestand. Schrijf bijvoorbeeld sqlite:///data/antwoorden.sqlite.",
    "driver": "vraagt om een programma voor die database dat niet is geïnstalleerd. Vraag de beheerder.",
}

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
        host = "".join(character if character.isprintable() else "?" for character in error.host)
        return (
            f"De API luistert nog alleen naar deze computer, en niet naar '{host}': er zijn nog geen sleutels, en dus "
            "zou iedereen op het netwerk mee kunnen lezen. Gebruik --host 127.0.0.1."
        )
    if isinstance(error, errors.StoreAddress):
        return f"Het adres van de database {_STORE_ADDRESSES.get(error.problem, 'klopt niet. Controleer het.')}"
    return next(line for kind, line in _PLAIN if isinstance(error, kind))
