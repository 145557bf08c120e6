"""The topics file: what is read of it, and what is refused with the line it stands in."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assistant import MAX_QUESTION
from eval.errors import Problem, TopicsError
from eval.topics import LARGEST, Evidence, Topic, document_name, read_topics, topic_row, topics_of, topics_text
from tests.topic_samples import TOPICS, an_answer, no_answer

ROW = topic_row(an_answer())


def written(tmp_path, content):
    path = tmp_path / "vragen.jsonl"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def problems_of(tmp_path, content):
    with pytest.raises(TopicsError) as caught:
        read_topics(written(tmp_path, content))
    assert caught.value.source == "vragen.jsonl"
    return [(one.line, one.what, one.detail) for one in caught.value.problems]


def problems_of_row(**changed):
    with pytest.raises(TopicsError) as caught:
        topics_of([(7, ROW | changed)], "vragen.jsonl")
    assert all(one.line == 7 for one in caught.value.problems)
    return [(one.what, one.detail) for one in caught.value.problems]


# What is read


def test_a_line_is_a_question(tmp_path):
    row = {
        "id": "v7",
        "question": "Waar is het spreekuur?",
        "kind": "list",
        "answerable": True,
        "evidence": [{"doc": "wijk/agent.pdf", "quote": "Het spreekuur is in de bibliotheek."}],
        "all_evidence": True,
        "facts": [["bibliotheek", "bieb"], ["dinsdag"]],
    }
    [found] = read_topics(written(tmp_path, json.dumps(row)))
    evidence = (Evidence("wijk/agent.pdf", "Het spreekuur is in de bibliotheek."),)
    facts = (("bibliotheek", "bieb"), ("dinsdag",))
    assert found == Topic("v7", "Waar is het spreekuur?", "list", True, evidence, True, facts)
    assert found.documents == ("agent",)
    assert found.language == "nl"


@settings(deadline=None, max_examples=60)
@given(TOPICS)
def test_what_is_written_is_read(tmp_path_factory, topics):
    path = written(tmp_path_factory.mktemp("vragen"), topics_text(topics))
    assert read_topics(path) == topics


@pytest.mark.parametrize("before", [b"", b"\xef\xbb\xbf", b"\n\n", b"  \r\n"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n", b"\r"])
def test_marks_blank_lines_and_line_ends_make_no_difference(tmp_path, before, end):
    topics = [an_answer(), no_answer()]
    content = before + topics_text(topics).encode().replace(b"\n", end)
    assert read_topics(written(tmp_path, content)) == topics


@pytest.mark.parametrize("character", ["\u2028", "\u2029", "\x85", "\x0b", "\x1c"])
def test_what_json_does_not_take_for_a_line_end_is_none(tmp_path, character):
    topics = [an_answer(question=f"Wanneer{character}dan?")]
    text = json.dumps(topic_row(topics[0]), ensure_ascii=character < " ")
    assert read_topics(written(tmp_path, text)) == topics


@pytest.mark.parametrize(
    ("source", "name"),
    [
        ("nota.md", "nota"),
        ("map/submap/nota.pdf", "nota"),
        ("map\\nota.docx", "nota"),
        ("nota", "nota"),
        ("v1.2/nota.html", "nota"),
        (" nota .pdf", "nota"),
        ("cafe\u0301.pdf", "café"),
        ("", ""),
        ("/", ""),
    ],
)
def test_a_document_goes_by_its_file_name(source, name):
    assert document_name(source) == name


# What is refused


def test_a_problem_has_the_number_of_its_line(tmp_path):
    good = topics_text([an_answer()])
    content = f"\n{good}{{\n\n[]\n{json.dumps(ROW | {'kind': 'raadsel', 'id': 'v2'})}\n"
    assert problems_of(tmp_path, content) == [(3, "syntax", "2"), (5, "no_object", ""), (6, "kind", "raadsel")]


@pytest.mark.parametrize("content", [b"", b"\xef\xbb\xbf", b"\n \n"])
def test_a_file_without_questions_is_refused(tmp_path, content):
    assert problems_of(tmp_path, content) == [(0, "empty", "")]


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16"])
def test_only_utf_8_is_read(tmp_path, encoding):
    content = topics_text([an_answer(question="Hoe heet het café?")]).encode(encoding)
    assert problems_of(tmp_path, content) == [(0, "encoding", "")]


def test_a_huge_file_is_not_read(tmp_path):
    path = tmp_path / "vragen.jsonl"
    with path.open("wb") as file:
        file.truncate(LARGEST + 1)
    with pytest.raises(TopicsError) as caught:
        read_topics(path)
    assert caught.value.problems == (Problem(0, "too_large", str(LARGEST + 1)),)


@pytest.mark.parametrize("line", ["[" * 100_000, '{"a":' * 100_000, "9" * 5_000, "NaN", '"v1"', "null"])
def test_strange_json_is_a_problem_and_no_crash(tmp_path, line):
    [(number, what, _)] = problems_of(tmp_path, line)
    assert number == 1
    assert what in {"syntax", "no_object"}


def test_a_field_may_not_stand_there_twice(tmp_path):
    line = topics_text([an_answer()]).replace('{"id"', '{"id": "v0", "id"', 1)
    assert problems_of(tmp_path, line) == [(1, "repeated_field", "id")]
    line = topics_text([an_answer()]).replace('{"doc"', '{"doc": "x", "doc"', 1)
    assert problems_of(tmp_path, line) == [(1, "repeated_field", "doc")]


@pytest.mark.parametrize("name", list(ROW))
def test_every_field_must_be_there(name):
    with pytest.raises(TopicsError) as caught:
        topics_of([(1, {key: value for key, value in ROW.items() if key != name})], "vragen.jsonl")
    assert caught.value.problems == (Problem(1, "missing", name),)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", 7),
        ("question", None),
        ("kind", ["fact"]),
        ("answerable", 1),
        ("answerable", "true"),
        ("all_evidence", 0),
        ("all_evidence", None),
        ("evidence", {}),
        ("evidence", [{"doc": "a.md"}]),
        ("evidence", [{"doc": "a.md", "quote": "x", "page": 1}]),
        ("evidence", [{"doc": "a.md", "quote": float("nan")}]),
        ("evidence", ["a.md"]),
        ("facts", "donderdag"),
        ("facts", ["donderdag"]),
        ("facts", [[float("nan")]]),
        ("facts", [[["donderdag"]]]),
    ],
)
def test_a_value_of_another_type_is_refused(name, value):
    assert problems_of_row(**{name: value}) == [("type", name)]


@pytest.mark.parametrize(
    ("changed", "problem"),
    [
        ({"notitie": "x"}, ("unknown_field", "notitie")),
        ({"id": " \t"}, ("blank", "id")),
        ({"id": "a/b"}, ("id", "a/b")),
        ({"id": "a\\b"}, ("id", "a\\b")),
        ({"id": ".."}, ("id", "..")),
        ({"id": "v1 "}, ("id", "v1 ")),
        ({"id": "v1\n"}, ("id", "v1\n")),
        ({"id": "v\u20281"}, ("id", "v\u20281")),
        ({"id": "v" * 81}, ("id", "v" * 81)),
        ({"question": "\u00a0\u200b"}, ("blank", "question")),
        ({"question": "x" * (MAX_QUESTION + 1)}, ("long_question", str(MAX_QUESTION + 1))),
        ({"question": "half \ud83d"}, ("characters", "question")),
        ({"kind": "raadsel"}, ("kind", "raadsel")),
        ({"kind": "unanswerable"}, ("answerable", "unanswerable")),
        ({"evidence": []}, ("lacking", "evidence")),
        ({"facts": []}, ("lacking", "facts")),
        ({"evidence": [{"doc": " ", "quote": "een"}]}, ("blank", "doc")),
        ({"evidence": [{"doc": "a.md", "quote": "…"}]}, ("blank", "quote")),
        ({"evidence": [{"doc": "a.md", "quote": "\ud83d x"}]}, ("characters", "evidence")),
        (
            {"evidence": [{"doc": "a.md", "quote": "Een."}, {"doc": "b/a.pdf", "quote": "een"}]},
            ("repeated_evidence", ""),
        ),
        ({"facts": [[]]}, ("blank", "facts")),
        ({"facts": [["donderdag", "%"]]}, ("blank", "facts")),
        ({"facts": [["donderdag"], ["<b>"]]}, ("blank", "facts")),
    ],
)
def test_what_says_nothing_or_contradicts_itself_is_refused(changed, problem):
    assert problems_of_row(**changed) == [problem]


def test_a_question_without_an_answer_has_nothing_to_find():
    found = problems_of_row(kind="unanswerable", answerable=False)
    assert found == [("surplus", "evidence"), ("surplus", "facts")]
    found = problems_of_row(answerable=False, evidence=[], facts=[])
    assert found == [("unanswerable", "fact")]


def test_every_problem_of_a_line_is_told():
    assert problems_of_row(id="", question="", facts=[]) == [
        ("blank", "id"),
        ("blank", "question"),
        ("lacking", "facts"),
    ]


def test_an_id_stands_once_whatever_its_case():
    rows = [(1, ROW), (2, ROW | {"id": "v2"}), (3, ROW | {"id": ROW["id"].upper()}), (4, ROW | {"id": "v2"})]
    with pytest.raises(TopicsError) as caught:
        topics_of(rows, "vragen.jsonl")
    assert caught.value.problems == (Problem(3, "repeated_id", "1 V1"), Problem(4, "repeated_id", "2 v2"))


def test_an_id_counts_also_of_a_line_that_is_refused():
    with pytest.raises(TopicsError) as caught:
        topics_of([(1, ROW | {"kind": "x"}), (2, ROW)], "vragen.jsonl")
    assert [one.what for one in caught.value.problems] == ["kind", "repeated_id"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(st.sampled_from([*ROW, "x"]), inside, max_size=3),
    max_leaves=10,
)


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from([*ROW, "x"]), JSON), st.sampled_from([*ROW]))
def test_whatever_stands_in_a_row_it_is_a_question_or_a_problem(changed, left_out):
    row = {name: value for name, value in (ROW | changed).items() if name != left_out or name in changed}
    try:
        [found] = topics_of([(1, row)], "vragen.jsonl")
    except TopicsError:
        return
    assert topic_row(found) == row
