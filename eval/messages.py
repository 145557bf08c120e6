"""The one place with the Dutch text of every error of `eval`, and of gates: what they ask, and what came of them."""

import re
from collections.abc import Mapping, Sequence
from difflib import get_close_matches

from eval.check_evidence import Unheld
from eval.errors import BaselineError, EvalError, GatesError, HarvestError, InputError, Problem, WorkerLost
from eval.gates import BOUNDS, Checked, Gate
from eval.measures import BY_NAME
from eval.report.numbers import UNITS
from eval.sentences import (
    BASELINE,
    FORMS,
    GATES,
    HARVEST,
    LACKING,
    LOST,
    NO_NEAREST,
    OTHER,
    PARTS,
    REPEATED,
    TOPICS,
    UNHELD,
)
from eval.table import COLUMNS, KIND_WORDS
from eval.topics import KINDS, LARGEST

MOST_SHOWN = 20
LONGEST = 100  # characters of what is repeated of a file
SPREADSHEETS = (".csv", ".xlsx")
MOST_DECIMALS = 6


def explain(error: EvalError) -> str:
    """Some lines of Dutch: what is wrong, with the file and the line in it, and what a person can do about it."""
    if isinstance(error, InputError):
        return explain_problems(error)
    if isinstance(error, BaselineError):
        place = f" (bij {_plain(error.place)})" if error.place else ""
        wrong = BASELINE.get(error.problem, BASELINE["foreign"]).format(place=place)
        return f"{_plain(error.source)} {wrong}"
    return LOST if isinstance(error, WorkerLost) else OTHER


def explain_problems(error: InputError) -> str:
    """A line for each of the first problems of a file, how many more there are, and what to do."""
    source = _plain(error.source)
    if isinstance(error, GatesError):
        table, advice = GATES, "Verbeter het bestand met de eisen en probeer het opnieuw."
    elif isinstance(error, HarvestError):
        table, advice = HARVEST, "Geef een bestand met bewaarde antwoorden: één per regel, als JSON."
    else:
        table, advice = TOPICS, f"Verbeter dit en controleer het met: vng-assistent evaluate {source} --check"
    shown = [f"- {_problem(problem, table, error.source)}" for problem in error.problems[:MOST_SHOWN]]
    more = [f"en nog {left}"] if (left := len(error.problems) - MOST_SHOWN) > 0 else []
    return "\n".join([f"Er is iets mis met {source}:", *shown, *more, advice])


def problem_text(problem: Problem, source: str = "") -> str:
    """One line about a problem with a question, or with its evidence, out of a file of this name."""
    return _problem(problem, TOPICS, source)


def _problem(problem: Problem, table: Mapping[str, str], source: str) -> str:
    if isinstance(problem, Unheld):
        sentence = UNHELD[problem.what].format(
            detail=_plain(problem.detail),
            quote=_plain(problem.quote),
            others=_listed(problem.others, "en"),
            nearest=f"Bedoel je {_listed(problem.others, 'of')}?" if problem.others else NO_NEAREST,
        )
        return f"vraag {_plain(problem.topic_id)}: {sentence}"
    in_sheet = source.lower().endswith(SPREADSHEETS)
    where = f"{'rij' if in_sheet else 'regel'} {problem.line}: " if problem.line else ""
    sentence = table.get(problem.what, "dit kan niet worden gebruikt.").format_map(_words(problem.detail, in_sheet))
    return where + sentence


def _words(detail: str, in_sheet: bool) -> dict[str, str]:
    """What a sentence may have a place for, given the detail of a problem."""
    first, _, rest = detail.partition(" ")
    line = re.search(r"line (\d+)", detail)
    return {
        "detail": _plain(detail),
        "first": _plain(first),
        "rest": _plain(rest),
        "quoted_rest": f'"{_plain(rest)}"' if rest.strip() else "niets",
        "row": "rij" if in_sheet else "regel",
        "column": _column(detail, in_sheet),
        "column_of_first": _column(first, in_sheet),
        "answerable": COLUMNS["answerable"] if in_sheet else "answerable",
        "yes": "ja" if in_sheet else "true",
        "no": "nee" if in_sheet else "false",
        "kind": KIND_WORDS.get(detail, _plain(detail)) if in_sheet else _plain(detail),
        "no_answer": KIND_WORDS["unanswerable"] if in_sheet else "unanswerable",
        "kinds": ", ".join(KIND_WORDS.values() if in_sheet else KINDS),
        "form": FORMS.get(detail, "het zoals in het voorbeeld"),
        "lacking_advice": LACKING.get(detail, ""),
        "repeated_advice": REPEATED[in_sheet],
        "place": f": bij teken {detail} gaat het mis" if detail.isdecimal() else "",
        "toml_place": f" (regel {line[1]})" if line else "",
        "megabytes": f"{int(detail) / 1e6:.0f}" if detail.isdecimal() and len(detail) < 20 else "?",
        "largest": f"{LARGEST / 1e6:.0f}",
        "parts": ", ".join(PARTS.get(detail.partition(".")[0], PARTS[""]) if "." in detail else PARTS[""]),
        "measures": _measures_like(detail),
    }


def _column(name: str, in_sheet: bool) -> str:
    """A field of a question, as a person finds it in the file."""
    if not in_sheet:
        return f'het veld "{_plain(name)}"'
    if name == "evidence":
        return f'de kolom "{COLUMNS["quote"]}"'
    return f'de kolom "{COLUMNS.get(name, _plain(name))}"'


def _measures_like(name: str) -> str:
    known = {one.casefold(): one for one in BY_NAME}
    near = [known[one] for one in get_close_matches(name.casefold(), known, n=2, cutoff=0.5)]
    return f"Bedoel je {_listed(near, 'of')}?" if near else f"Kies uit: {', '.join(BY_NAME)}."


def _listed(names: Sequence[str], last: str) -> str:
    plain = [_plain(name) for name in names]
    return f" {last} ".join([", ".join(plain[:-1]), plain[-1]] if len(plain) > 1 else plain)


def _plain(text: str) -> str:
    """What a file says, on one line and not too long."""
    line = " ".join("".join(character if character.isprintable() else " " for character in text).split())
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"


# Gates


def gate_text(gate: Gate) -> str:
    """What a gate asks: "Feiten in het antwoord: minstens 0,75"."""
    name = _label(gate)
    if gate.rule == "not_worse":
        return f"{name}: niet aantoonbaar slechter dan eerst"
    bound = _amount(gate.bound, gate.measure)
    if gate.rule == "largest_drop":
        return f"{name}: hoogstens {bound} slechter dan eerst"
    return f"{name}: {'minstens' if gate.rule == 'at_least' else 'hoogstens'} {bound}"


def checked_text(checked: Checked) -> str:
    """What a gate asks and what came of it: "Feiten in het antwoord: minstens 0,75 (nu 0,712)"."""
    gate, value = checked.gate, checked.value
    if value is None:
        return f"{gate_text(gate)} ({_unmeasured(checked)})"
    if gate.rule == "not_worse":
        worse = "niet aantoonbaar" if checked.passed else "aantoonbaar"
        p = "< 0,001" if value < 0.001 else f"= {_beside(value, gate.bound, 2 if value >= 0.1 else 3)}"
        return f"{_label(gate)} is {worse} slechter geworden (p {p})"
    if gate.rule == "largest_drop" and value == 0:
        return f"{gate_text(gate)} (nu niet slechter)"
    share = BY_NAME[gate.measure].unit in ("share", "score")
    now = _with_unit(_beside(value, gate.bound, 3 if share else 0), gate.measure)
    return f"{gate_text(gate)} (nu {now}{' slechter' if gate.rule == 'largest_drop' else ''})"


def _unmeasured(checked: Checked) -> str:
    if checked.gate.rule in BOUNDS:
        return "geen van de vragen zegt hier iets over"
    if checked.passed is None:
        return "niet vergeleken: er is geen eerdere evaluatie"
    return "niet te vergelijken" if not checked.passed else "niet getoetst"


def _label(gate: Gate) -> str:
    label = BY_NAME[gate.measure].label
    return f"{label} (soort “{KIND_WORDS[gate.kind]}”)" if gate.kind else label


def _amount(number: float, measure: str) -> str:
    return _with_unit(_comma(f"{number:.{MOST_DECIMALS}f}".rstrip("0").rstrip(".")), measure)


def _with_unit(number: str, measure: str) -> str:
    unit = UNITS.get(BY_NAME[measure].unit)
    return f"{number} {unit}" if unit else number


def _beside(number: float, bound: float, decimals: int) -> str:
    """The number with so many decimals, or more where it would look the same as the bound without being it."""
    while decimals < MOST_DECIMALS and number != bound and round(number, decimals) == round(bound, decimals):
        decimals += 1
    return _comma(f"{number:.{decimals}f}")


def _comma(number: str) -> str:
    return number.replace(".", ",")
