"""Dates as people write them."""

from assistant.types import Language
from ingest.dutch import MONTHS as DUTCH_MONTHS

MONTHS: dict[Language, list[str]] = {
    "nl": list(DUTCH_MONTHS),
    "en": "January February March April May June July August September October November December".split(),
}


def written_date(issued: str, language: Language = "nl") -> str:
    """An ISO 8601 date, month or year as it is written: "2019-06" is "juni 2019"."""
    year, *rest = issued.split("-")
    if not rest:
        return year
    month = MONTHS[language][int(rest[0]) - 1]
    return f"{month} {year}" if len(rest) == 1 else f"{int(rest[1])} {month} {year}"
