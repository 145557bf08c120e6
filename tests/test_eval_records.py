"""What is kept of an evaluation: written as JSON in camelCase, and read back as it was."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from eval.errors import BaselineError
from eval.records import (
    Asked,
    Cited,
    Evaluation,
    Found,
    Given,
    Judged,
    Outcome,
    Piece,
    Said,
    Tampered,
    evaluation_text,
    read_evaluation,
)
from tests.eval_samples import evaluation, outcome

RUN = evaluation([outcome("v1", judged=(4, 5), shown=("Onwaar.",)), outcome("v2", failed="NoLibrary: data")])


def written(record):
    return json.loads(record.model_dump_json(by_alias=True))


def names(value):
    """All names in a JSON value, except those that are data: of measures, kinds, documents and settings."""
    if isinstance(value, list):
        return {name for one in value for name in names(one)}
    if not isinstance(value, dict):
        return set()
    inner = {name: one for name, one in value.items() if name not in {"summary", "settings", "library"}}
    return {*value, *(name for one in inner.values() for name in names(one))}


def test_an_evaluation_is_read_back_as_it_was():
    assert Evaluation.model_validate_json(RUN.model_dump_json(by_alias=True)) == RUN


def test_names_are_in_camel_case():
    found = names(written(RUN))
    assert {"topicId", "needsAll", "passageId", "promptTokens", "askMs", "topicsHash"} <= found
    assert not any("_" in name for name in found)


def test_names_of_measures_and_settings_stay_as_they_are():
    made = written(evaluation([outcome()], settings={"VNG_DATA": "data"}))
    assert "refused_answerable" in made["summary"]["all"]
    assert made["stamp"]["settings"] == {"VNG_DATA": "data"}


def test_it_says_what_it_is():
    assert (written(RUN)["format"], written(RUN)["version"]) == ("vng-assistent/evaluation", 1)


@pytest.mark.parametrize(
    "change",
    [
        {"format": "iets/anders"},
        {"version": 2},
        {"extra": 1},
        {"outcomes": []},
        {"stamp": None},
        {"summary": {"all": {"facts": {"value": "hoog"}}, "kinds": {}, "documents": {}}},
    ],
)
def test_anything_else_is_refused(change):
    with pytest.raises(ValidationError):
        Evaluation.model_validate({**written(RUN), **change})


def test_a_part_that_is_missing_is_refused():
    for name in ("stamp", "summary", "outcomes"):
        rest = {key: value for key, value in written(RUN).items() if key != name}
        with pytest.raises(ValidationError, match=name):
            Evaluation.model_validate(rest)


@pytest.mark.parametrize("number", [float("nan"), float("inf")])
def test_what_is_no_number_is_not_kept(number):
    with pytest.raises(ValidationError):
        outcome(ask_ms=number)


def test_what_was_kept_is_not_changed():
    with pytest.raises(ValidationError, match="frozen"):
        RUN.outcomes[0].asked.question = "Wat anders?"


def test_what_is_said_not_to_be_found_is_refused():
    refused = {name: outcome(refused=name == "not_found").given for name in ("answered", "not_found")}
    assert {name: given.refused for name, given in refused.items() if given} == {"answered": False, "not_found": True}


TEXT = st.text(max_size=12)
PLACES = st.lists(st.integers(0, 5), max_size=3).map(tuple)
COUNT = st.integers(0, 10**9)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)


def of(record, **fields):
    return st.fixed_dictionaries(fields).map(lambda made: record(**made))


ASKED = of(
    Asked, topic_id=TEXT, question=TEXT, kind=TEXT, answerable=st.booleans(), needs_all=st.booleans(),
    evidence=st.lists(of(Piece, source=TEXT, quote=TEXT), max_size=2).map(tuple),
    facts=st.lists(st.lists(TEXT, max_size=2).map(tuple), max_size=2).map(tuple),
    language=st.sampled_from(["nl", "en"]), documents=st.lists(TEXT, max_size=2).map(tuple),
)  # fmt: skip
FOUND = of(Found, passage_id=TEXT, source=TEXT, page=st.none() | COUNT, words=COUNT, evidence=PLACES)
CITED = of(
    Cited, number=COUNT, passage_id=TEXT, source=TEXT, title=TEXT, section=st.lists(TEXT, max_size=2).map(tuple),
    page=st.none() | COUNT, quote=TEXT, start=COUNT, end=COUNT, exact=st.booleans(), evidence=PLACES, near=PLACES,
)  # fmt: skip
SAID = of(Said, text=TEXT, citations=PLACES, supported=st.booleans(), needed=PLACES)
GIVEN = of(
    Given, status=st.sampled_from(["answered", "partial", "not_found"]), text=TEXT, message=TEXT,
    statements=st.lists(SAID, max_size=2).map(tuple), citations=st.lists(CITED, max_size=2).map(tuple),
    language=st.sampled_from(["nl", "en"]), confidence=NUMBER, level=st.sampled_from(["high", "medium", "low"]),
    generator=TEXT, fell_back=st.none() | TEXT, prompt_tokens=COUNT, completion_tokens=COUNT,
)  # fmt: skip
OUTCOME = of(
    Outcome, asked=ASKED, found=st.lists(FOUND, max_size=2).map(tuple), given=st.none() | GIVEN,
    tampered=st.none() | of(Tampered, proposed=COUNT, shown=st.lists(TEXT, max_size=2).map(tuple)),
    judged=st.none() | of(Judged, fluency=COUNT, completeness=COUNT), failed=st.none() | TEXT,
    ask_ms=st.none() | NUMBER, search_ms=st.none() | NUMBER,
)  # fmt: skip


@settings(deadline=None, max_examples=60)
@given(OUTCOME)
def test_whatever_came_of_a_question_is_read_back_as_it_was(made):
    text = made.model_dump_json(by_alias=True)
    assert "\n" not in text
    assert Outcome.model_validate_json(text) == made


# The file


def test_a_file_is_read_back_as_it_was_with_a_line_for_each_question(tmp_path):
    path = tmp_path / "nu.json"
    path.write_text(evaluation_text(RUN), encoding="utf-8")
    assert read_evaluation(path) == RUN
    lines = path.read_text(encoding="utf-8").splitlines()
    assert [json.loads(line.rstrip(","))["asked"]["topicId"] for line in lines[1:-1]] == ["v1", "v2"]
    assert json.loads(path.read_text(encoding="utf-8")) == written(RUN)


def test_a_byte_order_mark_is_no_problem(tmp_path):
    path = tmp_path / "nu.json"
    path.write_text(evaluation_text(RUN), encoding="utf-8-sig")
    assert read_evaluation(path) == RUN


@pytest.mark.parametrize(
    ("text", "problem", "place"),
    [
        ("", "syntax", ""),
        ("{", "syntax", ""),
        (evaluation_text(RUN)[:-20], "syntax", ""),
        ("[" * 100_000, "syntax", ""),
        ("9" * 10_000, "syntax", ""),
        ("[]", "foreign", ""),
        ('{"answers": []}', "foreign", ""),
        (evaluation_text(RUN).replace('"version":1', '"version":2', 1), "version", "2"),
        (evaluation_text(RUN).replace('"needsAll":false', '"needsAll":"?"', 1), "content", "outcomes.0.asked.needsAll"),
        (evaluation_text(RUN).replace('"count":', '"number":', 1), "content", "summary.all.R@1.count"),
        (evaluation_text(RUN).replace('"askMs":20.0', '"askMs":NaN', 1), "content", "outcomes.0.askMs"),
    ],
)
def test_what_is_no_evaluation_is_told(tmp_path, text, problem, place):
    path = tmp_path / "oud.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BaselineError) as caught:
        read_evaluation(path)
    assert (caught.value.source, caught.value.problem, caught.value.place) == ("oud.json", problem, place)


def test_what_is_no_text_is_no_evaluation(tmp_path):
    path = tmp_path / "oud.json"
    path.write_bytes(b"\xff\xfe{")
    with pytest.raises(BaselineError):
        read_evaluation(path)


@pytest.mark.parametrize("depth", [50, 190, 300, 900, 990])
def test_nesting_does_not_break_the_reader(tmp_path, depth):
    path = tmp_path / "oud.json"
    text = evaluation_text(RUN).replace(
        '"summary":{', '"summary":' + '{"all":' * depth + "{}" + "}" * depth + ',"x":{', 1
    )
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BaselineError):
        read_evaluation(path)
