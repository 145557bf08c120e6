"""The JUnit XML, as its readers need it: GitHub's, GitLab's and Jenkins'."""

import re

import pytest
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]
from hypothesis import given, settings
from hypothesis import strategies as st

from eval.compare import compare
from eval.gates import Checked, Gate, check
from eval.messages import checked_text, gate_text
from eval.report.junit import LONGEST, junit
from tests.eval_samples import COMMIT, evaluation, outcome

FACTS = Gate("at_least", "facts", 0.9)
RECALL = Gate("at_least", "R@5", 0.5)
NOT_WORSE = Gate("not_worse", "facts", 0.05)
NOW = [
    outcome("gelijk"),
    outcome("slechter", facts_found=False),
    outcome("beter", rank=1),
    outcome("nieuw", facts_found=False),
    outcome("kapot", failed="ModelLost: het model is weg\nen komt niet terug"),
    outcome("w1", "why", ask_ms=1234.5),
    outcome("u1", "unanswerable", refused=True),
]
BEFORE = [outcome("gelijk"), outcome("slechter"), outcome("beter", rank=2), outcome("kapot"), outcome("w1", "why")]
# What jenkins-junit.xsd lets an element have, in order; GitLab and the actions of GitHub read a part of it.
ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "disabled", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "time", "skipped", "timestamp", "hostname", "id", "package"},
    "properties": set(),
    "property": {"name", "value"},
    "testcase": {"name", "assertions", "time", "classname", "status"},
    "skipped": {"type", "message"},
    "error": {"type", "message"},
    "failure": {"type", "message"},
}
CHILDREN = {
    "testsuites": ["testsuite"],
    "testsuite": ["properties", "testcase"],
    "properties": ["property"],
    "testcase": ["skipped", "error", "failure"],
}


def report(now=NOW, before=None, gates=(), **stamp):
    """The XML about these outcomes, read again."""
    made = evaluation(now, **stamp)
    comparison = compare(made, evaluation(before, commit="f" * 40), ()) if before else None
    return fromstring(junit(made, check(gates, made.summary, comparison), comparison).encode())


def cases(root):
    """The test cases, by the id of the question or the name of the gate."""
    return {case.get("name").partition(":")[0]: case for case in root.iter("testcase")}


def results(root):
    """What is in each case: the tag, or None where it passed."""
    return {name: case[0].tag if len(case) else None for name, case in cases(root).items()}


def assert_valid(root):
    """The shape, the counts and the times are those that readers agree on."""
    for element in root.iter():
        assert set(element.attrib) <= ATTRIBUTES[element.tag]
        order = [CHILDREN.get(element.tag, []).index(child.tag) for child in element]
        assert order == sorted(order)
    suites = root.findall("testsuite")
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(set(names)) == len(names)
    assert len({suite.get("name") for suite in suites}) == len(suites)
    for suite in suites:
        found = suite.findall("testcase")
        assert int(suite.get("tests")) == len(found)
        assert float(suite.get("time")) == pytest.approx(sum(float(case.get("time")) for case in found), abs=0.01)
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", suite.get("timestamp", "2026-01-01T00:00:00"))
        for attribute, tag in (("failures", "failure"), ("errors", "error"), ("skipped", "skipped")):
            assert int(suite.get(attribute)) == len(suite.findall(f"testcase/{tag}"))
    for attribute in ("tests", "failures", "errors"):
        assert int(root.get(attribute)) == sum(int(suite.get(attribute)) for suite in suites)


@pytest.mark.parametrize("before", [None, BEFORE])
def test_it_has_the_shape_that_readers_know(before):
    assert_valid(report(NOW, before, (FACTS, RECALL, NOT_WORSE)))


def test_there_is_a_suite_of_gates_and_one_for_each_kind():
    found = {suite.get("name"): int(suite.get("tests")) for suite in report(gates=(FACTS,))}
    assert found == {"eisen": 1, "vragen: Feit": 5, "vragen: Waarom": 1, "vragen: Zonder antwoord": 1}


def test_gates_fail_pass_and_are_skipped():
    root = report(gates=(FACTS, RECALL, NOT_WORSE))
    gates = root[0].findall("testcase")
    assert [case.get("name") for case in gates] == [gate_text(gate) for gate in (FACTS, RECALL, NOT_WORSE)]
    assert [case[0].tag if len(case) else None for case in gates] == ["failure", None, "skipped"]
    made = evaluation(NOW)
    assert gates[0][0].get("message") == checked_text(check((FACTS,), made.summary, None)[0])


def test_a_question_fails_only_where_it_got_worse():
    found = results(report(NOW, BEFORE))
    assert found == {
        "gelijk": None, "slechter": "failure", "beter": None, "nieuw": None, "kapot": "error", "w1": None, "u1": None,
    }  # fmt: skip
    assert set(results(report(NOW)).values()) == {None, "error"}


def test_a_failure_says_what_got_worse_and_what_was_answered():
    failure = cases(report(NOW, BEFORE))["slechter"][0]
    assert "Feiten in het antwoord 1,000 → 0,000" in failure.get("message")
    assert "Antwoord nu: De gemeente haalt het oud papier op. [1]" in failure.text
    assert "Antwoord bij de eerdere evaluatie: De gemeente haalt het oud papier op donderdag op. [1]" in failure.text


def test_a_question_that_broke_says_why():
    error = cases(report())["kapot"][0]
    assert error.get("message") == "ModelLost: het model is weg en komt niet terug"
    assert error.text == "ModelLost: het model is weg\nen komt niet terug"


def test_times_are_in_seconds_and_the_stamp_is_in_every_suite():
    root = report(created="2026-11-22T10:30:00.5+01:00", changed=True, settings={"VNG_TOP_K": "5"})
    assert cases(root)["w1"].get("time") == "1.234"
    for suite in root:
        assert suite.get("timestamp") == "2026-11-22T09:30:00"
        properties = {one.get("name"): one.get("value") for one in suite.find("properties")}
        assert properties["commit"] == COMMIT
        assert properties["changed"] == "true"
        assert (properties["library.documents"], properties["settings.VNG_TOP_K"]) == ("5", "5")


def test_a_moment_that_is_none_is_left_out():
    root = report(created="gisteren", commit=None)
    assert all(suite.get("timestamp") is None for suite in root)
    assert_valid(root)


def test_many_gates_keep_names_of_their_own():
    gates = tuple(
        Gate(rule, name, 0.5, kind)
        for name in ("facts", "R@5")
        for kind in (None, "why")
        for rule in ("at_least", "at_most")
    )
    assert_valid(report(gates=gates))


def test_a_long_question_has_a_short_name():
    assert len(report([outcome("v1", question="a" * 5_000)]).findall(".//testcase")[0].get("name")) == LONGEST


ILLEGAL = "\x00\x08\x0b\x1b\x1f\ufffe\uffff"


def test_what_xml_cannot_hold_is_replaced():
    text = f"a{ILLEGAL}b<![CDATA[]]>&\"'\t"
    root = report(
        [outcome(text, question=text, facts_found=False), outcome(f"x{text}", failed=text)],
        [outcome(text, question=text)],
        settings={text: text}, topics=text, created=text,
    )  # fmt: skip
    assert root.find(".//error").text == f"a{'�' * len(ILLEGAL)}b<![CDATA[]]>&\"'\t"
    assert not set(ILLEGAL) & set("".join(root.itertext()))


@settings(max_examples=25, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
def test_whatever_a_question_holds_it_is_xml(text):
    root = report([outcome(f"v{text}", text, question=text, failed=text)])
    assert_valid(root)
    assert results(root).popitem()[1] == "error"


def test_an_evaluation_without_gates_has_an_empty_suite():
    root = report(gates=())
    assert root[0].get("name") == "eisen"
    assert root[0].get("tests") == "0"


def test_a_gate_without_anything_to_measure_fails():
    made = evaluation([outcome()])
    root = fromstring(junit(made, (Checked(FACTS, passed=False, value=None),), None).encode())
    assert [case[0].tag for case in root[0].findall("testcase")] == ["failure"]
