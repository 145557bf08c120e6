"""The journal of a run: what was written whole is read back, wherever writing stopped."""

from contextlib import contextmanager, suppress

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from eval.journal import FOLDER, Journal
from tests.eval_samples import outcome

OUTCOMES = [
    outcome("één", message="Op donderdag\u2028 of vrijdag.\r\nEcht waar. [1]"),
    outcome("twee", refused=True),
    outcome("drie", source="map/zorg.pdf", ask_ms=0.1 + 0.2),
]


@contextmanager
def interrupted(data, name="a1"):
    """The journal of a run that does not end well."""
    with suppress(KeyboardInterrupt), Journal(data, name) as journal:
        yield journal
        raise KeyboardInterrupt


def written(data, outcomes=OUTCOMES, name="a1"):
    """The file of a run that was interrupted after these outcomes."""
    with interrupted(data, name) as journal:
        for one in outcomes:
            journal.add(one)
    return data / FOLDER / f"{name}.jsonl"


def kept(data, name="a1"):
    """What the next run finds; that is interrupted too."""
    with interrupted(data, name) as journal:
        return list(journal.done.values())


def test_the_first_run_has_nothing_done(data):
    assert kept(data) == []


def test_what_an_interrupted_run_did_is_read_back_in_order(data):
    written(data)
    assert kept(data) == OUTCOMES


def test_of_a_run_that_was_completed_nothing_is_left(data):
    written(data)
    with Journal(data, "a1") as journal:
        journal.add(outcome("vier"))
    assert list((data / FOLDER).iterdir()) == []


def test_a_run_goes_on_after_what_was_done(data):
    written(data, OUTCOMES[:1])
    written(data, OUTCOMES[1:])
    assert kept(data) == OUTCOMES


def test_the_journal_of_another_run_is_removed(data):
    other = written(data, name="b2")
    assert kept(data, "a1") == []
    assert not other.exists()


def test_a_question_that_failed_is_done_for_now_and_not_for_the_next_run(data):
    failed = outcome("mis", failed="NoLibrary: data")
    with interrupted(data) as journal:
        journal.add(failed)
        assert journal.done == {"mis": failed}
        journal.add(OUTCOMES[0])
    assert kept(data) == OUTCOMES[:1]


def test_each_outcome_is_on_disk_as_soon_as_it_is_added(data):
    with Journal(data, "a1") as journal:
        for count, one in enumerate(OUTCOMES, 1):
            journal.add(one)
            assert len((data / FOLDER / "a1.jsonl").read_bytes().split(b"\n")) == count + 1


@settings(deadline=None, max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(share=st.floats(0, 1))
def test_wherever_writing_stopped_what_was_whole_is_kept_and_more_can_follow(data, share):
    path = written(data)
    content = path.read_bytes()
    cut = round(share * len(content))
    path.write_bytes(content[:cut])
    whole = content[:cut].count(b"\n")
    assert kept(data) == OUTCOMES[:whole]
    written(data, OUTCOMES[whole:])
    assert kept(data) == OUTCOMES
    path.unlink()


@pytest.mark.parametrize("line", [b"", b"{}", b"[]", b"geen json", b"\xff\xfe", b"[" * 100_000, b'{"asked": 1}'])
def test_a_line_that_is_no_outcome_is_passed_over(data, line):
    path = written(data)
    path.write_bytes(line + b"\n" + path.read_bytes() + line + b"\n")
    assert kept(data) == OUTCOMES
