"""The one place with the Dutch sentence for every error of `ingest`: what is wrong, and what to do about it."""

import errno
import os
import re
from collections.abc import Callable
from typing import Any

from ingest import errors
from ingest.errors import IngestError

# What `ingest.read.sniff` and the text decoder call the content of a file, in words.
_CONTENTS = {
    "pdf": "een PDF",
    "docx": "een Word-bestand (.docx)",
    "doc": "een oud Word-bestand (.doc)",
    "odt": "een OpenDocument-tekst (.odt)",
    "rtf": "een RTF-bestand",
    "html": "een webpagina (.html)",
    "markdown": "een Markdown-bestand (.md)",
    "text": "gewone tekst (.txt)",
    "xml": "een XML-bestand",
    "xlsx": "een Excel-bestand",
    "ods": "een rekenblad",
    "pptx": "een PowerPoint-bestand",
    "odp": "een presentatie",
    "epub": "een e-boek",
    "ole": "een oud Office-bestand",
    "image": "een afbeelding",
    "png": "een afbeelding",
    "jpeg": "een afbeelding",
    "gif": "een afbeelding",
    "media": "beeld of geluid",
    "program": "een programma",
    "database": "een database",
    "archive": "een ingepakt bestand",
    "gzip": "een ingepakt bestand",
    "zip": "een zip-bestand",
    "broken-zip": "een beschadigd zip-bestand",
    "binary": "geen tekst",
}
# Advice for formats that other programs can turn into one that is read.
_CONVERT = {
    ".doc": "Open het in Word en sla het op als .docx",
    ".dot": "Open het in Word en sla het op als .docx",
    ".dotx": "Open het in Word en sla het op als .docx",
    ".rtf": "Open het in Word en sla het op als .docx",
    ".wpd": "Open het in Word en sla het op als .docx",
    ".pages": "Open het in Pages en bewaar het als PDF",
    ".ppt": "Open het in PowerPoint en sla het op als PDF",
    ".pptx": "Open het in PowerPoint en sla het op als PDF",
    ".xls": "Open het in Excel en sla het op als PDF",
    ".xlsx": "Open het in Excel en sla het op als PDF",
    ".ods": "Open het en sla het op als PDF",
    ".odp": "Open het en sla het op als PDF",
}
_READABLE = "PDF, Word (.docx), OpenDocument (.odt), webpagina's (.html), Markdown (.md) en tekst (.txt)"
_SYSTEM = {
    errno.ENOENT: "bestaat niet (meer). Kijk of de naam en de map kloppen.",
    errno.EACCES: "mag je niet lezen. Vraag de eigenaar of je erbij mag.",
    errno.EPERM: "mag je niet lezen. Vraag de eigenaar of je erbij mag.",
    errno.EISDIR: "is een map en geen bestand. Geef de map een naam die niet op een bestand lijkt.",
    errno.ELOOP: "is een snelkoppeling die naar zichzelf wijst. Verwijder de snelkoppeling.",
}
_PARTS = {
    "encoder": "een ander zoekmodel",
    "analyser": "een andere taalanalyse",
    "splitter": "een andere verdeling van de tekst",
    "reader": "een andere versie van de inlezer",
}
_NUMBERS = re.compile(r"(\d+) MB > (\d+) MB")

# The sentences that need nothing but the data on the error.
_PLAIN: dict[type[IngestError], str] = {
    errors.EmptyFile: "{source} is leeg: er staat geen tekst in. Kijk of je het goede bestand hebt.",
    errors.EncryptedFile: "{source} heeft een wachtwoord. Haal het wachtwoord eraf en probeer het opnieuw.",
    errors.DamagedFile: (
        "{source} is beschadigd. Open het bestand zelf en sla het opnieuw op, of vraag een nieuw exemplaar."
    ),
    errors.ReadOutOfMemory: "{source} vraagt te veel geheugen om te lezen. Deel het op in kleinere bestanden.",
    errors.ReadError: "{source} kan niet worden gelezen. Kijk of het bestand zelf opent.",
    errors.NoLibrary: "In {data} staan nog geen documenten. Lees ze in met: vng-assistent ingest MAP.",
    errors.NothingPublished: "Er is niets ingelezen: geen van de bestanden gaf een document.",
    errors.CatalogueLost: (
        "De bibliotheek in {data} is niet meer te herstellen. Verwijder de map {data}/library en lees de documenten "
        "opnieuw in met: vng-assistent ingest MAP."
    ),
    errors.UnknownSource: "Er is geen document {source}. Bekijk de lijst met: vng-assistent documents.",
    errors.EncoderError: (
        "Het model {name} kan niet worden gebruikt. Bekijk de instellingen VNG_ENCODER en VNG_RERANKER met: "
        "vng-assistent doctor."
    ),
    errors.LibraryError: "De bibliotheek kan niet worden gebruikt. Controleer haar met: vng-assistent verify.",
    IngestError: "Er ging iets mis met de documenten. Probeer het opnieuw.",
}
_METADATA = {
    "unreadable": "kan niet worden geopend. Kijk of je het bestand mag lezen.",
    "not utf-8": "is niet opgeslagen als UTF-8 (regel {place}). Sla het opnieuw op als UTF-8.",
    "syntax": "heeft een schrijffout in regel {place}. Kijk of alle aanhalingstekens en haken er staan.",
    "not a table": 'heeft "{place}" zonder bestand erboven. Zet er eerst ["naam van het bestand"] boven.',
    "unknown key": (
        'heeft bij "{place}" het onbekende woord "{subject}". Gebruik title, publisher, author, kind, issued, '
        "language of access, en zet een bestandsnaam tussen aanhalingstekens."
    ),
    "wrong type": 'heeft bij "{place}" een verkeerde waarde voor {subject}. Schrijf {example}.',
    "bad date": 'heeft bij "{place}" als datum "{subject}". Schrijf een datum als 2024, 2024-05 of 2024-05-31.',
    "no such file": 'noemt "{subject}", maar dat bestand staat er niet. Verbeter de naam, of haal de regels weg.',
    "": "kan niet worden gebruikt. Kijk of de inhoud klopt.",
}
_EXAMPLES = {"access": 'een lijst van groepen, zoals ["directie"]', "issued": 'een datum, zoals "2024-05-31"'}


def explain(error: IngestError) -> str:
    """One or two Dutch sentences on one line: what is wrong, with its name, and what a person can do about it."""
    for kind in type(error).__mro__:
        if kind in _SENTENCES:
            return _one_line(_SENTENCES[kind](error))
        if kind in _PLAIN:
            return _one_line(_PLAIN[kind].format_map(vars(error)))
    raise TypeError(f"not an error of ingest: {error!r}")


def _one_line(text: str) -> str:
    """The text without line ends and other control characters, which a file name may hold."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())


def _thesaurus(error: errors.ThesaurusError) -> str:
    if not error.line:
        return (
            f"De thesaurus {error.name} kan niet worden gelezen. Kijk of de map bestaat, en of de bestanden als "
            "UTF-8 zijn opgeslagen."
        )
    return (
        f"In het bestand {error.name} van de thesaurus klopt regel {error.line} niet: {error.detail}. Schrijf woorden "
        "met komma's ertussen, en Engelse woorden na één =."
    )


def _unsupported(error: errors.UnsupportedFormat) -> str:
    what = _CONTENTS.get(error.detail) or (f"een bestand als {error.detail}" if error.detail else "dit soort bestand")
    extension = error.detail if error.detail.startswith(".") else f".{error.detail}"
    advice = _CONVERT.get(extension.lower(), f"Wel gelezen worden {_READABLE}")
    return f"{error.source} is overgeslagen: {what} kan de assistent niet lezen. {advice}."


def _wrong(error: errors.WrongFormat) -> str:
    what = _CONTENTS.get(error.detail, "iets anders")
    advice = "Geef het bestand de goede naam, of sla het opnieuw op."
    return f"{error.source} is niet wat de naam zegt: het is {what}. {advice}"


def _too_large(error: errors.FileTooLarge) -> str:
    numbers = _NUMBERS.fullmatch(error.detail)
    sizes = f" ({numbers[1]} MB, en het mag {numbers[2]} MB zijn)" if numbers else ""
    return f"{error.source} is te groot om te lezen{sizes}. Deel het op in kleinere bestanden."


def _unreachable(error: errors.FileUnreachable) -> str:
    known = {os.strerror(number): words for number, words in _SYSTEM.items()}
    known["name"] = "heeft een naam met tekens die niet te lezen zijn. Geef het bestand een andere naam."
    known["twice"] = "staat er twee keer bij. Geef elk bestand een eigen naam."
    otherwise = "kan niet worden geopend. Kijk of het bestand er nog is en of je erbij mag."
    return f"{error.source} {known.get(error.detail, otherwise)}"


def _no_text(error: errors.NoTextLayer) -> str:
    pages = "1 bladzijde" if error.detail == "1" else f"{error.detail} bladzijden"
    size = f" ({pages})" if error.detail.isdecimal() else ""
    advice = "Maak er met een scanprogramma een doorzoekbare PDF van."
    return f"{error.source} bestaat uit foto's van bladzijden{size}, zonder tekst. {advice}"


def _timeout(error: errors.ReadTimeout) -> str:
    limit = f"langer dan {error.detail} seconden" if error.detail else "te lang"
    return f"{error.source} lezen duurde {limit} en is gestopt. Probeer het opnieuw, of deel het bestand op."


def _metadata(error: errors.MetadataError) -> str:
    """The sentence for what `ingest.metadata` found: its detail is "problem: subject: place"."""
    problem, subject, place = (*error.detail.split(": ", 2), "", "")[:3]
    example = _EXAMPLES.get(subject, "de waarde tussen aanhalingstekens")
    sentence = _METADATA.get(problem, _METADATA[""])
    return f"{error.path} {sentence.format(subject=subject, place=place, example=example)}"


def _damaged_library(error: errors.LibraryDamaged) -> str:
    found = "1 fout" if len(error.problems) == 1 else f"{len(error.problems)} fouten"
    return f"De bibliotheek {error.version} is beschadigd ({found}). Bouw haar opnieuw op met: vng-assistent rebuild."


def _mismatch(error: errors.LibraryMismatch) -> str:
    part = _PARTS.get(error.part, f"een ander onderdeel {error.part}")
    return (
        f"De bibliotheek is gemaakt met {part} ({error.in_library}) dan nu is ingesteld ({error.in_force}). "
        "Bouw haar opnieuw op met: vng-assistent rebuild, of zet de instelling terug."
    )


def _busy(error: errors.PublisherBusy) -> str:
    minutes = round(error.seconds / 60)
    since = f"{minutes} minuten" if minutes > 1 else f"{error.seconds:.0f} seconden"
    return f"Er worden al documenten verwerkt door {error.owner}, al {since}. Wacht tot dat klaar is."


_SENTENCES: dict[type[IngestError], Callable[[Any], str]] = {
    errors.UnsupportedFormat: _unsupported,
    errors.WrongFormat: _wrong,
    errors.NoTextLayer: _no_text,
    errors.FileTooLarge: _too_large,
    errors.ReadTimeout: _timeout,
    errors.FileUnreachable: _unreachable,
    errors.MetadataError: _metadata,
    errors.ThesaurusError: _thesaurus,
    errors.LibraryDamaged: _damaged_library,
    errors.LibraryMismatch: _mismatch,
    errors.PublisherBusy: _busy,
}
