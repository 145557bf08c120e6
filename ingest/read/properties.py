"""Which of the properties that a file carries can be believed: programs fill them with words of their own."""

import re
from datetime import UTC, date, datetime, timedelta

from ingest.read.structure import squeeze

# Names that a program, a template or a shared computer puts there; compared in lower case.
_NO_TITLE = re.compile(
    r"(?:microsoft (?:word|powerpoint|office)|powerpoint[- ]presentati(?:e|on)|presentatie|document|naamloos|untitled"
    r"|titel|title|dia|slide|sjabloon|template|brief|memo|notitie|rapport|geen titel|no title|word)"
    r"(?:[-_ ]*(?:van )?\(?\d*\)?)?(?: - .*)?"
)
# Headings that open many documents and name none.
_OPENINGS = frozenset({"inhoud", "inhoudsopgave", "colofon", "inleiding", "voorwoord", "woord vooraf", "samenvatting"})
_NO_AUTHOR = re.compile(
    r"(?:python-docx|microsoft.*|office.*|windows.*|gebruiker|eigenaar|user|owner|admin.*|auteur|author|unknown"
    r"|onbekend|standaard.*|default.*|scanner|libreoffice.*|odfdo.*|un-?named|root|\W*)\d*"
)
_FILE_NAME = re.compile(r".*\.(?:docx?|docm|dotx?|pdf|odt|rtf|html?|txt|md|indd|pptx?|xlsx?|tmp|pub)", re.IGNORECASE)
_LONGEST_TITLE = 300
_EARLIEST = date(1985, 1, 1)
# python-docx starts every file from one template; its date says nothing of the document.
_TEMPLATE_DATES = frozenset({date(2013, 12, 23)})


def sensible_title(title: str | None) -> str | None:
    """The title, or None where it is empty, a file name, a word like "Inleiding" or what a program filled in."""
    text = squeeze(title or "")
    if not any(character.isalpha() for character in text) or len(text) > _LONGEST_TITLE:
        return None
    no_title = text.lower() in _OPENINGS or _NO_TITLE.fullmatch(text.lower()) or _FILE_NAME.fullmatch(text)
    return None if no_title else text


def sensible_author(author: str | None) -> str | None:
    """The author, or None where it is empty or the name of a program or an account."""
    text = squeeze(author or "")
    return None if _NO_AUTHOR.fullmatch(text.lower()) else text


def sensible_date(moment: datetime | date | None) -> str | None:
    """The day as ISO 8601, or None where it cannot be: before there were such files, or still to come."""
    if moment is None:
        return None
    day = moment.date() if isinstance(moment, datetime) else moment
    tomorrow = datetime.now(UTC).date() + timedelta(days=1)
    return day.isoformat() if _EARLIEST <= day <= tomorrow and day not in _TEMPLATE_DATES else None
