"""An evaluation as JUnit XML, which GitHub, GitLab and Jenkins show beside the tests of a change.

A suite of the gates, and one for each kind of question. A question fails only where it got worse than the baseline: how
good answers must be is for the gates to say. There is no standard; this keeps to what its readers have in common.
"""

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

from eval.compare import Comparison, QuestionChange
from eval.gates import Checked
from eval.measures import BY_NAME
from eval.messages import checked_text, gate_text
from eval.records import Evaluation, Outcome, Stamp
from eval.report.findings import change_text, one_line
from eval.report.marks import kind_text

PRODUCT = "vng-assistent"
GATES = "eisen"
QUESTIONS = "vragen"
LONGEST = 200  # characters of a name or a message
# What XML 1.0 cannot hold, not even as a reference (section 2.2).
ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
RESULTS = {"failures": "failure", "errors": "error", "skipped": "skipped"}


def junit(evaluation: Evaluation, checked: Sequence[Checked], comparison: Comparison | None) -> str:
    """The XML, with its declaration: to be written in UTF-8."""
    stamp = evaluation.stamp
    changes = {one.topic_id: one for one in comparison.questions} if comparison else {}
    before = comparison.before if comparison else {}
    suites = [_suite(GATES, stamp, [_gate_case(one) for one in checked])]
    for kind in dict.fromkeys(outcome.asked.kind for outcome in evaluation.outcomes):
        cases = [
            _question_case(one, changes.get(one.asked.topic_id), before.get(one.asked.topic_id))
            for one in evaluation.outcomes
            if one.asked.kind == kind
        ]
        suites.append(_suite(f"{QUESTIONS}: {kind_text(kind)}", stamp, cases))
    root = _element("testsuites", {"name": PRODUCT, **_counts(suites)}, suites)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, encoding="unicode") + "\n"


def _suite(name: str, stamp: Stamp, cases: Sequence[ET.Element]) -> ET.Element:
    counts = {"tests": str(len(cases))} | {
        attribute: str(sum(case.find(tag) is not None for case in cases)) for attribute, tag in RESULTS.items()
    }
    seconds = sum(float(case.attrib["time"]) for case in cases)
    about = {"name": name, **counts, "time": f"{seconds:.3f}", **_timestamp(stamp.created)}
    properties = [_element("property", {"name": key, "value": value}) for key, value in _properties(stamp)]
    return _element("testsuite", about, [_element("properties", {}, properties), *cases])


def _counts(suites: Sequence[ET.Element]) -> dict[str, str]:
    """The sums of the suites. `skipped` is left out: not every reader knows it here."""
    sums = {name: str(sum(int(suite.attrib[name]) for suite in suites)) for name in ("tests", "failures", "errors")}
    return {**sums, "time": f"{sum(float(suite.attrib['time']) for suite in suites):.3f}"}


def _gate_case(one: Checked) -> ET.Element:
    case = _element("testcase", {"name": gate_text(one.gate), "classname": f"{PRODUCT}.{GATES}", "time": "0.000"})
    if one.passed is None:
        case.append(_element("skipped", {"message": "Er is geen eerdere evaluatie om mee te vergelijken."}))
    elif not one.passed:
        case.append(_element("failure", {"message": checked_text(one), "type": one.gate.rule}, text=checked_text(one)))
    return case


def _question_case(outcome: Outcome, change: QuestionChange | None, before: Outcome | None) -> ET.Element:
    asked = outcome.asked
    about = {
        "name": one_line(f"{asked.topic_id}: {asked.question}", LONGEST),
        "classname": f"{PRODUCT}.{QUESTIONS}.{one_line(asked.kind)}",
        "time": f"{(outcome.ask_ms or 0.0) / 1000:.3f}",
    }
    case = _element("testcase", about)
    if outcome.failed is not None:
        message = {"message": one_line(outcome.failed, LONGEST), "type": "mislukt"}
        case.append(_element("error", message, text=outcome.failed))
    elif change and change.worse:
        told = f"Slechter dan de eerdere evaluatie: {'; '.join(_changed(change.worse))}"
        message = {"message": one_line(told, LONGEST), "type": "slechter"}
        case.append(_element("failure", message, text="\n".join(_details(outcome, change, before))))
    return case


def _details(outcome: Outcome, change: QuestionChange, before: Outcome | None) -> Iterator[str]:
    """What there is to know of a question that got worse."""
    yield f"Vraag: {outcome.asked.question}"
    yield from (f"Slechter: {said}" for said in _changed(change.worse))
    yield from (f"Beter: {said}" for said in _changed(change.better))
    for name, one in (("Antwoord nu", outcome), ("Antwoord bij de eerdere evaluatie", before)):
        if one and one.given:
            yield f"{name}: {one.given.text or one.given.message}"


def _changed(changes: Mapping[str, tuple[float, float]]) -> list[str]:
    return [change_text(BY_NAME[name], *values) for name, values in changes.items()]


def _properties(stamp: Stamp) -> Iterator[tuple[str, str]]:
    yield "commit", stamp.commit or ""
    yield "changed", str(stamp.changed).lower()
    yield "version", stamp.version
    yield "created", stamp.created
    yield "topics", stamp.topics
    yield "topicsHash", stamp.topics_hash
    yield from ((f"library.{name}", str(value)) for name, value in stamp.library.items())
    yield from ((f"settings.{name}", value) for name, value in stamp.settings.items())


def _timestamp(created: str) -> dict[str, str]:
    """The moment as the schema has it: without a time zone, and so in UTC; nothing where it is no moment."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return {}
    utc = moment.astimezone(UTC) if moment.tzinfo else moment
    return {"timestamp": utc.replace(tzinfo=None, microsecond=0).isoformat()}


def _element(
    tag: str, attributes: Mapping[str, str], children: Iterable[ET.Element] = (), *, text: str | None = None
) -> ET.Element:
    """An element in which whatever XML cannot hold is replaced."""
    element = ET.Element(tag, {name: _legal(value) for name, value in attributes.items()})
    element.text = None if text is None else _legal(text)
    element.extend(children)
    return element


def _legal(text: str) -> str:
    return ILLEGAL.sub("�", text)
