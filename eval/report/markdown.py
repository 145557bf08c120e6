"""An evaluation as Markdown, for a comment with a merge request on GitHub or GitLab.

Whatever comes out of documents, questions and settings stands between backticks, on one line and outside of tables:
there nothing is a mention, a link, HTML or markup of another sort.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import count
from urllib.parse import quote, urlsplit

from eval.compare import Comparison
from eval.gates import Checked
from eval.measures import BY_NAME
from eval.measures.measure import Measure
from eval.messages import checked_text
from eval.records import Evaluation, Stamp
from eval.report.findings import (
    NO_DIFFERENCE,
    change_text,
    counted,
    difference_text,
    failed_gates,
    failed_questions,
    has_passed,
    left_out_text,
    main_measures,
    meaning,
    one_line,
    opinion_text,
    verdict_text,
)
from eval.report.numbers import interval_text, value_text

MARKER = "<!-- vng-assistent-evaluatie -->"
MOST_GATES = 20
MOST_QUESTIONS = 10
MOST_MEASURES = 4  # of a question
MOST_SETTINGS = 40
LONGEST = 160  # characters of a question, an error or a setting
LONGEST_NAME = 60
LONGEST_ADDRESS = 1_000
MEANINGS = {
    "better": "**beter**",
    "worse": "**slechter**",
    "unclear": NO_DIFFERENCE,
    "same": "gelijk",
    "untested": "niet getoetst",
}


def markdown(
    evaluation: Evaluation,
    comparison: Comparison | None,
    checked: Sequence[Checked],
    *,
    details_url: str | None = None,
) -> str:
    """The comment. Its first line is MARKER, unseen, by which the comment of an earlier run can be found and replaced.

    `details_url` is where the whole report stands. It is shorter than 60,000 characters, whatever was evaluated: GitHub
    takes 65,536.
    """
    mark = "❌" if not has_passed(evaluation, checked) else "✅" if any(one.passed for one in checked) else "⚪"
    parts = [
        MARKER,
        f"## {mark} Evaluatie – {verdict_text(evaluation, checked)}",
        *_gates(checked),
        *_failures(evaluation),
        "### Metingen",
        "\n".join(_table(evaluation, comparison, checked)),
        *_about(evaluation, comparison),
        *(_questions(evaluation, comparison) if comparison else ()),
        *_link(details_url),
        "\n".join(_stamp(evaluation.stamp, comparison)),
    ]
    return "\n\n".join(parts) + "\n"


def code(text: str, most: int = LONGEST) -> str:
    """The text as code in a line, in which nothing else has a meaning: not even the backticks of the text itself."""
    said = one_line(text, most) or "(leeg)"
    # A run of backticks of any other length does not end it.
    lengths = set(map(len, re.findall("`+", said)))
    fence = "`" * next(length for length in count(1) if length not in lengths)
    space = " " if said.startswith("`") or said.endswith("`") else ""
    return f"{fence}{space}{said}{space}{fence}"


def escaped(text: str) -> str:
    """Words of ours, in which a label or a number holds no markup and no end of a cell."""
    return re.sub(r"([\\`*_{}\[\]<>#|~&$])", r"\\\1", one_line(text))


def _gates(checked: Sequence[Checked]) -> Iterator[str]:
    failed = failed_gates(checked)
    if failed:
        yield "### Niet gehaald"
        lines = [f"- ❌ {escaped(checked_text(one))}" for one in failed[:MOST_GATES]]
        yield "\n".join([*lines, *_more(len(failed) - MOST_GATES, "eis", "eisen")])


def _failures(evaluation: Evaluation) -> Iterator[str]:
    if not failed_questions(evaluation):
        return
    yield "### Mislukt"
    failed = [outcome for outcome in evaluation.outcomes if outcome.failed is not None]
    lines = [
        f"- {code(one.asked.topic_id, LONGEST_NAME)} {code(one.asked.question)}: {code(one.failed or '')}"
        for one in failed[:MOST_QUESTIONS]
    ]
    yield "\n".join([*lines, *_more(len(failed) - MOST_QUESTIONS, "vraag", "vragen")])


def _table(evaluation: Evaluation, comparison: Comparison | None, checked: Sequence[Checked]) -> Iterator[str]:
    heads = ["Meting", "Nu", "95%-interval", *(("Eerder", "Verschil", "Betekenis") if comparison else ())]
    yield f"| {' | '.join(heads)} |"
    yield f"| --- |{' ---: |' * 2}{' ---: | ---: | --- |' if comparison else ''}"
    for measure in main_measures(evaluation, checked):
        found = evaluation.summary.all[measure.name]
        interval = interval_text(found.low, found.high, measure.unit)
        cells = [escaped(measure.label), value_text(found.value, measure.unit), interval]
        if comparison:
            cells += _compared(measure, comparison, checked)
        yield f"| {' | '.join(cells)} |"


def _compared(measure: Measure, comparison: Comparison, checked: Sequence[Checked]) -> list[str]:
    change = comparison.by_measure.get(measure.name)
    if change is None:
        return ["", "", "niet te vergelijken"]
    return [value_text(change.before, measure.unit), difference_text(change), MEANINGS[meaning(change, checked)]]


def _about(evaluation: Evaluation, comparison: Comparison | None) -> Iterator[str]:
    """What there is to know of the measures: over how many questions, what is compared, what was warned for."""
    questions = len(evaluation.outcomes)
    said = [f"Over {counted(questions, 'vraag', 'vragen')}."]
    if comparison:
        both = len(comparison.compared)
        said.append(f"Het verschil met de eerdere evaluatie gaat over {counted(both, 'vraag', 'vragen')}.")
        said.append(left_out_text(comparison))
    if evaluation.warnings:
        said.append(f"{counted(len(evaluation.warnings), 'waarschuwing', 'waarschuwingen')} over de vragen.")
    said.append(opinion_text(evaluation))
    yield " ".join(part for part in said if part)


def _questions(evaluation: Evaluation, comparison: Comparison) -> Iterator[str]:
    """The questions of which a measure got worse, and those of which one got better; the largest changes first."""
    texts = {outcome.asked.topic_id: outcome.asked.question for outcome in evaluation.outcomes}
    for title, changed in (
        ("Vragen die slechter gaan", {one.topic_id: one.worse for one in comparison.questions if one.worse}),
        ("Vragen die beter gaan", {one.topic_id: one.better for one in comparison.questions if one.better}),
    ):
        if not changed:
            continue
        yield f"### {title} ({len(changed)})"
        largest = sorted(changed, key=lambda one: -_size(changed[one]))[:MOST_QUESTIONS]
        lines = [f"- {code(one, LONGEST_NAME)} {code(texts.get(one, ''))}: {_changes(changed[one])}" for one in largest]
        yield "\n".join([*lines, *_more(len(changed) - MOST_QUESTIONS, "vraag", "vragen")])
    if not comparison.questions:
        yield "Geen enkele vraag gaat beter of slechter dan bij de eerdere evaluatie."


def _size(changes: Mapping[str, tuple[float, float]]) -> float:
    return sum(abs(now - before) for before, now in changes.values())


def _changes(changes: Mapping[str, tuple[float, float]]) -> str:
    """Of each measure what it was and is; the largest changes first."""
    largest = sorted(changes.items(), key=lambda item: -abs(item[1][1] - item[1][0]))
    said = [escaped(change_text(BY_NAME[name], *values)) for name, values in largest[:MOST_MEASURES]]
    rest = len(largest) - MOST_MEASURES
    return "; ".join(said) + (f"; en nog {counted(rest, 'meting', 'metingen')}" if rest > 0 else "")


def _more(left: int, one: str, more: str) -> list[str]:
    return [f"- … en nog {counted(left, one, more)}"] if left > 0 else []


def _link(address: str | None) -> Iterator[str]:
    """Where the whole report stands; an address that is none of the web's is not made into a link."""
    if not address:
        return
    try:
        web = urlsplit(address).scheme in {"http", "https"}
    except ValueError:
        web = False
    if web and len(address) <= LONGEST_ADDRESS:
        yield f"[Alle vragen en antwoorden]({quote(address, safe=':/?#@!$&+,;=%~')})"
    else:
        yield f"Alle vragen en antwoorden: {code(address)}"


def _stamp(stamp: Stamp, comparison: Comparison | None) -> Iterator[str]:
    yield "<details><summary>Wat er gemeten is</summary>"
    yield ""
    facts: list[tuple[str, str]] = [
        ("Gemeten op", stamp.created),
        ("Versie", stamp.version),
        ("Commit", _commit(stamp)),
        ("Vragen", f"{stamp.topics} ({stamp.topics_hash})"),
    ]
    if comparison:
        facts.append(("Eerder", f"{comparison.baseline.created}, {_commit(comparison.baseline)}"))
    yield from (f"- {name}: {code(value)}" for name, value in facts)
    others = [
        *(("Bibliotheek", name, str(value)) for name, value in stamp.library.items()),
        *(("Instelling", name, value) for name, value in stamp.settings.items()),
    ]
    yield from (f"- {sort} {code(name, LONGEST_NAME)}: {code(value)}" for sort, name, value in others[:MOST_SETTINGS])
    yield from _more(len(others) - MOST_SETTINGS, "instelling", "instellingen")
    yield ""
    yield "</details>"


def _commit(stamp: Stamp) -> str:
    if stamp.commit is None:
        return "geen"
    return f"{stamp.commit}, met gewijzigde bestanden" if stamp.changed else stamp.commit
