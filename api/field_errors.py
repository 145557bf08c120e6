"""What is wrong with a field of a request, in Dutch, by the kinds of error of pydantic and our own."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

_LONGEST_FIELD = 80
_PLACES = ("body", "query", "path", "header")

# By pydantic's name of the error; {min} and {max} are its limits.
_MESSAGES = {
    "missing": "Dit veld is verplicht. Vul het in.",
    "extra_forbidden": "Dit veld bestaat niet. Haal het weg, of verbeter de naam.",
    "string_type": "Geef hier tekst, tussen aanhalingstekens.",
    "string_too_short": "Vul hier iets in.",
    "string_too_long": "Gebruik hoogstens {max} tekens.",
    "string_pattern_mismatch": "Geef een id zoals je het van de API kreeg: 32 cijfers en letters van a tot en met f.",
    "string_unicode": "Gebruik hier gewone tekst, zonder vreemde tekens.",
    "int_type": "Geef een heel getal.",
    "int_parsing": "Geef een heel getal.",
    "int_parsing_size": "Geef een kleiner getal.",
    "int_from_float": "Geef een heel getal.",
    "bool_type": "Geef true of false.",
    "list_type": "Geef een lijst, tussen vierkante haken.",
    "too_long": "Geef hoogstens {max} waarden.",
    "greater_than_equal": "Geef een getal van {min} of hoger.",
    "less_than_equal": "Geef een getal van {max} of lager.",
    "model_type": "Geef hier een JSON-object, tussen accolades.",
    "model_attributes_type": "Geef hier een JSON-object, tussen accolades.",
    "dict_type": "Geef hier een JSON-object, tussen accolades.",
    "invalid_key": "Gebruik hier gewone tekst, zonder vreemde tekens.",
    "blank": "Vul een vraag in.",
    "no_text": "Gebruik hier gewone tekst, zonder vreemde tekens.",
    "iso_date": "Schrijf een datum als 2024, 2024-05 of 2024-05-31.",
    "page_width": "Kies een breedte van 550, 1100 of 1650.",
    "date_order": "issuedFrom is later dan issuedTo. Wissel ze om.",
}
_UNKNOWN = "Deze waarde klopt niet. Bekijk /v1/openapi.json voor wat hier kan."


@dataclass(frozen=True, slots=True)
class FieldProblem:
    """A field by its name on the wire, "" for the body as a whole, and what to do about it."""

    field: str
    message: str


def field_problems(found: Iterable[Mapping[str, Any]]) -> tuple[FieldProblem, ...]:
    """What is wrong, a field each, from the errors of pydantic."""
    return tuple(FieldProblem(_field(one["loc"]), _message(one)) for one in found)


def _message(error: Mapping[str, Any]) -> str:
    if error["type"] == "missing" and len(error["loc"]) == 1:
        return "Je verzoek is leeg. Stuur een JSON-object."
    limits = error.get("ctx", {})
    return _MESSAGES.get(error["type"], _UNKNOWN).format(
        min=limits.get("ge", ""), max=limits.get("le", limits.get("max_length", ""))
    )


def _field(place: tuple[int | str, ...]) -> str:
    """The path to a field, as in "filters.docIds[2]"; a name that the caller made up is shown with care."""
    steps = place[1:] if place and place[0] in _PLACES else place
    path = ""
    for step in steps:
        path += f"[{step}]" if isinstance(step, int) else f".{step}"
    return re.sub(r"[^\w.\[\]$-]", "?", path.removeprefix("."))[:_LONGEST_FIELD]
