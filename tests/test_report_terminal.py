"""An evaluation in a terminal of 80 columns."""

import io
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from eval.compare import compare
from eval.gates import Checked, Gate, check
from eval.measures import BY_NAME, MEASURES, SUITES
from eval.messages import checked_text
from eval.report.terminal import LEGEND, MOST_FAILED, MOST_GATES, show_evaluation
from tests.eval_samples import evaluation, outcome

FACTS = Gate("at_least", "facts", 0.9)
RECALL = Gate("at_least", "R@5", 0.5)
NOT_WORSE = Gate("not_worse", "facts", 0.05)
ALL = tuple(Gate("at_most", measure.name, -1.0) for measure in MEASURES)
HOSTILE = "[bold red]rood[/] [link=http://kwaad.example]klik[/link] :tada: \x1b[31m\x07\u202eom\nnieuwe regel [/nog"


def printed(now, before=None, gates=(), *, terminal=False, tested=("facts",), **stamp):
    """What is printed on a screen of 80 columns."""
    stream = io.StringIO()
    console = Console(file=stream, width=80, force_terminal=terminal, color_system="truecolor" if terminal else None)
    made = evaluation(now, **stamp)
    comparison = compare(made, evaluation(before), tested) if before else None
    show_evaluation(console, made, comparison, check(gates, made.summary, comparison))
    return re.sub(" +\n", "\n", stream.getvalue())


def line(text, start):
    """The words of the one line that begins so."""
    (found,) = (one for one in text.split("\n") if one.strip().startswith(start))
    return found.strip().removeprefix(start).split()


def run(count, **changes):
    return [outcome(f"v{number}", **changes) for number in range(count)]


@pytest.mark.parametrize(
    ("now", "gates", "verdict"),
    [
        (run(2), (FACTS, RECALL), "Geslaagd: 2 eisen gehaald"),
        (run(2), (FACTS, NOT_WORSE), "Geslaagd: 1 eis gehaald, 1 niet getoetst (geen eerdere evaluatie)"),
        (run(2, facts_found=False), (FACTS, RECALL), "Niet geslaagd: 1 van de 2 eisen niet gehaald"),
        ([*run(2), outcome("x", failed="fout")], (), "Niet geslaagd: 1 vraag mislukt"),
        (run(2), (), "Niet getoetst: er zijn geen eisen"),
    ],
)
def test_the_verdict_comes_first(now, gates, verdict):
    assert printed(now, gates=gates).split("\n")[0] == verdict


def test_gates_that_fail_come_before_those_that_pass():
    text = printed(run(2, facts_found=False), gates=(RECALL, NOT_WORSE, FACTS))
    marks = re.findall(r"^  ([✗✓–]) ", text, re.MULTILINE)
    assert marks == ["✗", "✓", "–"]


def test_main_measures_stand_under_their_suites_with_an_interval():
    text = printed([*run(3), outcome("v3", facts_found=False), outcome("u", "unanswerable", refused=True)])
    places = [text.index(f"\n{label}\n") for label in SUITES.values()]
    assert places == sorted(places)
    assert line(text, BY_NAME["facts"].label)[0] == "0,750"
    assert re.fullmatch(r"\d,\d{3}–\d,\d{3}", line(text, BY_NAME["facts"].label)[1])
    assert len(line(text, BY_NAME["refusal_recall"].label)) == 1  # of one question there is no interval
    assert BY_NAME["words"].label not in text


def test_a_measure_with_a_gate_is_shown_too():
    assert BY_NAME["words"].label in printed(run(2), gates=(Gate("at_most", "words", 1),))


def test_differences_are_said_in_words():
    worse = printed(run(12, facts_found=False), run(12))
    assert line(worse, BY_NAME["facts"].label)[2:] == ["−1,000", "▼", "slechter"]
    assert line(worse, BY_NAME["R@5"].label)[2:] == ["0,000", "="]
    better = printed(run(12), run(12, facts_found=False))
    assert line(better, BY_NAME["facts"].label)[2:] == ["+1,000", "▲", "beter"]
    unclear = printed([*run(3), outcome("x", facts_found=False, rank=2)], [*run(3), outcome("x")])
    assert line(unclear, BY_NAME["facts"].label)[2:] == ["−0,250", "≈"]
    assert line(unclear, BY_NAME["nDCG@10"].label)[2:] == ["−0,092"]  # not tested
    assert LEGEND in unclear
    assert LEGEND not in printed(run(3))


def test_questions_that_changed_are_counted():
    now = [outcome("a", facts_found=False), outcome("b"), outcome("c"), outcome("nieuw")]
    text = " ".join(printed(now, [outcome("a"), outcome("b", rank=2), outcome("c")]).split())
    assert "Van 3 vergeleken vragen: 1 ergens slechter, 1 ergens beter." in text
    assert "Niet vergeleken: 1 nieuwe vraag." in text


def test_there_is_a_row_for_each_kind():
    now = [*run(3), outcome("w", "why", facts_found=False, rank=None), outcome("u", "unanswerable", refused=True)]
    text = printed(now)
    assert line(text, "Feit ") == ["3", "1,000", "1,000", "1,000", "0,000"]
    assert line(text, "Waarom") == ["1", "0,000", "0,000", "1,000", "0,000"]
    assert line(text, "Zonder antwoord") == ["1", "–", "–", "–", "1,000"]


def test_warnings_are_counted_and_opinions_told():
    text = printed([outcome(judged=(4, 3))], warnings=["een", "twee"])
    assert "2 waarschuwingen over de vragen." in text
    assert "vloeiend 4,0, volledig 3,0" in text
    assert "waarschuwing" not in printed(run(1))
    assert "taalmodel" not in printed(run(1))


def test_questions_that_broke_are_named():
    text = printed([outcome(f"v{number}", failed="ModelLost: weg") for number in range(MOST_FAILED + 2)])
    assert text.count("ModelLost: weg") == MOST_FAILED
    assert "… en nog 2 vragen" in text


def test_many_gates_are_counted():
    text = printed(run(1), gates=ALL * 2)
    assert len(re.findall(r"^  ✗ ", text, re.MULTILINE)) == MOST_GATES
    assert f"… en nog {2 * len(ALL) - MOST_GATES} eisen" in text


def test_all_of_it_fits_in_80_columns():
    now = [*run(3, ask_ms=123456.7, tokens=123456), outcome("x", failed="lang " * 100)]
    text = printed(now, run(4), gates=ALL, warnings=["x"])
    assert max(map(cell_len, text.split("\n"))) <= 80
    assert line(text, BY_NAME["tokens"].label)[:2] == ["123456", "tokens"]


def test_markup_and_commands_to_a_terminal_are_shown_as_text():
    text = printed([outcome(HOSTILE, HOSTILE, failed=HOSTILE), outcome("v1")])
    said = " ".join(text.split())
    assert "[bold red]rood[/] [link=http://kwaad.example]klik[/link] :tada:" in said
    assert not {"\x1b", "\x07", "\u202e"} & set(text)
    coloured = printed([outcome(HOSTILE, HOSTILE, failed=HOSTILE), outcome("v1")], terminal=True)
    assert "\x1b]8" not in coloured  # no link
    assert "\x07" not in coloured


@settings(max_examples=20, deadline=None)
@given(st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=40))
def test_whatever_is_shown_the_lines_of_a_report_are_ours(text):
    said = printed([outcome(text, text, failed=text)])
    assert said.startswith("Niet geslaagd: 1 vraag mislukt\n")
    assert not {chr(code) for code in (*range(10), *range(11, 32), *range(127, 160))} & set(said)


def test_a_gate_without_anything_to_measure_is_shown():
    stream = io.StringIO()
    made = evaluation(run(1))
    show_evaluation(Console(file=stream, width=80), made, None, (Checked(FACTS, passed=False, value=None),))
    assert "✗" in stream.getvalue()


def test_where_lines_are_left_whole_no_gate_is_cut_off():
    stream = io.StringIO()
    checked = Checked(Gate("largest_drop", "nDCG@10", 0.01), passed=False, value=0.144)
    show_evaluation(Console(file=stream, width=40, soft_wrap=True), evaluation(run(2)), None, (checked,))
    assert checked_text(checked) in stream.getvalue()
