"""The history of evaluations: a file that others write in too, and that is read by whoever makes a report."""

import json
import stat
import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.history import Past, add_to_history, read_history
from tests.eval_samples import COMMIT, evaluation, outcome

TOPICS = "vragen.jsonl"

GOOD = [outcome("v1"), outcome("v2")]
WORSE = [outcome("v1"), outcome("v2", facts_found=False)]
OTHER = "f" * 40


@pytest.fixture
def path(tmp_path):
    return tmp_path / "nieuw" / "geschiedenis.jsonl"


def row(**changes):
    known = {"topics": TOPICS, "created": "2026-01-01", "commit": None, "label": "2026-01-01", "values": {"facts": 0.5}}
    return json.dumps(known | changes)


def test_a_run_of_other_questions_is_kept_apart(path):
    add_to_history(path, evaluation(GOOD))
    add_to_history(path, evaluation(GOOD, topics="andere.jsonl"))
    assert len(read_history(path, TOPICS)) == len(read_history(path, "andere.jsonl")) == 1


def test_no_file_is_no_history(path):
    assert read_history(path, TOPICS) == []


def test_an_evaluation_is_added_with_all_its_measures(path):
    made = evaluation(WORSE)
    add_to_history(path, made)
    (past,) = read_history(path, TOPICS)
    assert past == Past(
        made.stamp.created, COMMIT, COMMIT[:7], {name: found.value for name, found in made.summary.all.items()}
    )
    assert past.values["facts"] == 0.5


def test_oldest_first_whatever_the_order_of_the_lines_and_the_time_zone(path):
    moments = ["2026-03-01T00:30:00+01:00", "2026-02-28T23:45:00+00:00", "2026-02-28", "2025-12-31T00:00:00Z"]
    for number, created in enumerate(moments):
        add_to_history(path, evaluation(GOOD, commit=f"{number}" * 40, created=created))
    assert [past.created for past in read_history(path, TOPICS)] == [moments[3], moments[2], moments[0], moments[1]]


def test_the_same_commit_again_takes_the_place_of_its_line(path):
    add_to_history(path, evaluation(WORSE, created="2026-01-01T00:00:00+00:00"))
    add_to_history(path, evaluation(GOOD, commit=OTHER, created="2026-01-02T00:00:00+00:00"))
    add_to_history(path, evaluation(GOOD, created="2026-01-03T00:00:00+00:00"))
    assert [(past.commit, past.values["facts"]) for past in read_history(path, TOPICS)] == [(OTHER, 1.0), (COMMIT, 1.0)]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"changed": True}, {"changed": True}),
        ({}, {"changed": True}),
        ({"changed": True}, {}),
        ({"commit": None}, {"commit": None}),
        ({}, {"commit": OTHER}),
    ],
)
def test_what_is_another_run_is_added(path, first, second):
    add_to_history(path, evaluation(GOOD, **first))
    add_to_history(path, evaluation(GOOD, **second))
    assert len(read_history(path, TOPICS)) == 2


@pytest.mark.parametrize(
    ("options", "label"),
    [
        ({}, "0123456"),
        ({"changed": True}, "0123456+"),
        ({"commit": None}, "2026-11-22"),
        ({"commit": None, "changed": True}, "2026-11-22"),
    ],
)
def test_a_run_is_called_by_its_commit_or_its_day(path, options, label):
    add_to_history(path, evaluation(GOOD, **options))
    assert read_history(path, TOPICS)[0].label == label


UNREADABLE = [
    "geen json",
    "[]",
    "null",
    '{"created": "2026-01-01"}',
    row(created="gisteren"),
    row(created=20260101),
    row(commit=7),
    row(label=None),
    row(values=[0.5]),
    row(values={"facts": "veel"}),
    row(values={"facts": True}),
    row(values={"facts": None}),
    row().replace("0.5", "NaN"),
    row().replace("0.5", "1e999"),
    row(values={"facts": 10**400}),
    row()[:-5],
    "[" * 100_000,
]


@pytest.mark.parametrize("line", UNREADABLE)
def test_a_line_that_cannot_be_read_is_skipped_and_left(path, line):
    path.parent.mkdir()
    path.write_text(f"{line}\n\n{row()}\r\n{line}", encoding="utf-8")
    assert [past.values for past in read_history(path, TOPICS)] == [{"facts": 0.5}]
    add_to_history(path, evaluation(GOOD))
    assert len(read_history(path, TOPICS)) == 2
    assert path.read_text(encoding="utf-8").split("\n").count(line) == 2


def test_bytes_that_are_no_text_do_not_stop_it(path):
    path.parent.mkdir()
    path.write_bytes(b"\xff\xfe\x00\n" + row().encode() + b"\n")
    assert len(read_history(path, TOPICS)) == 1
    add_to_history(path, evaluation(GOOD))
    assert path.read_bytes().startswith(b"\xff\xfe\x00\n")


@given(st.binary(max_size=60) | st.recursive(st.none() | st.floats() | st.text(max_size=3), st.lists).map(
    lambda found: row(values={"facts": found}).encode()
))  # fmt: skip
def test_whatever_stands_in_the_file_it_is_read(tmp_path_factory, content):
    path = tmp_path_factory.mktemp("geschiedenis") / "x.jsonl"
    path.write_bytes(content + b"\n" + row().encode())
    assert read_history(path, TOPICS)[-1].values.keys() == {"facts"}


def test_who_reads_meanwhile_reads_whole_lines(path):
    """A file is put in place at once: at no moment is there half of it, or none."""
    add_to_history(path, evaluation(GOOD))
    done = threading.Event()
    seen = []

    def read():
        while not done.is_set():
            seen.append(len(read_history(path, TOPICS)))

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for _ in range(20):
            add_to_history(path, evaluation(GOOD))
    finally:
        done.set()
        reader.join()
    assert set(seen) == {1}


def test_when_writing_fails_the_history_is_as_it_was(path):
    add_to_history(path, evaluation(GOOD))
    before = path.read_bytes()
    target = path.parent / "map.jsonl"
    target.mkdir()
    with pytest.raises(OSError, match="map"):
        add_to_history(target, evaluation(GOOD))
    assert path.read_bytes() == before
    assert sorted(one.name for one in path.parent.iterdir()) == ["geschiedenis.jsonl", "map.jsonl"]


def test_others_may_read_it(path):
    add_to_history(path, evaluation(GOOD))
    assert stat.S_IMODE(path.stat().st_mode) == 0o644
