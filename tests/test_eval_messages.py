"""The Dutch text of what is wrong with questions, gates and earlier evaluations, and of gates."""

import ast
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import eval as package
from eval.check_evidence import Unheld
from eval.errors import (
    BaselineError,
    EvalError,
    GatesError,
    HarvestError,
    InputError,
    Problem,
    TopicsError,
    WorkerLost,
)
from eval.gates import Checked, Gate, read_gates
from eval.measures import MEASURES
from eval.messages import LONGEST, MOST_SHOWN, checked_text, explain, gate_text, problem_text
from eval.sentences import BASELINE, GATES, HARVEST, TOPICS, UNHELD
from eval.spreadsheet import read_any, write_any
from eval.topics import KINDS
from tests.topic_samples import an_answer

FOLDER = Path(package.__file__).parent
# The modules that make problems, with the sentences for them.
SENTENCES = {
    ("topics.py", "table.py", "spreadsheet.py"): TOPICS,
    ("gates.py",): GATES,
    ("harvest.py",): HARVEST,
    ("check_evidence.py",): UNHELD,
}


def strings(node):
    return {one.value for one in ast.walk(node) if isinstance(one, ast.Constant) and isinstance(one.value, str)}


def problems_made(name):
    """The words for problems in a module: in calls that make one, and in what functions give back for such a call."""
    found = set()
    for node in ast.walk(ast.parse((FOLDER / name).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and ast.unparse(node.func) in {"Problem", "problem"} and node.args:
            where = node.args[0] if ast.unparse(node.func) == "problem" else node.args[1]
            # In a choice between two, the words are the outcomes and not what is looked at.
            found |= strings(where.body) | strings(where.orelse) if isinstance(where, ast.IfExp) else strings(where)
        if isinstance(node, ast.FunctionDef) and node.name in {"_wrong_cell", "_unholdable", "_wrong_quote"}:
            found |= {
                text
                for one in ast.walk(node)
                if isinstance(one, ast.Return)
                for choice in ([one.value.body, one.value.orelse] if isinstance(one.value, ast.IfExp) else [one.value])
                for text in strings(choice)
            }
    return found


@pytest.mark.parametrize("names", SENTENCES)
def test_every_problem_has_a_sentence_and_every_sentence_a_problem(names):
    assert set().union(*map(problems_made, names)) == set(SENTENCES[names])


@pytest.mark.parametrize("table", [*SENTENCES.values(), BASELINE])
def test_no_two_problems_have_the_same_sentence(table):
    assert len(set(table.values())) == len(table)


# Questions


def explained(tmp_path, name, text):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    with pytest.raises(EvalError) as caught:
        read_gates(path) if name.endswith(".toml") else read_any(path)
    return explain(caught.value)


def test_a_problem_is_told_with_its_line_and_what_to_do(tmp_path):
    assert explained(tmp_path, "vragen.jsonl", '\n{"id": "v1",}\n[]\n') == (
        "Er is iets mis met vragen.jsonl:\n"
        "- regel 2: dit is geen goede JSON: bij teken 13 gaat het mis. Kijk of alle aanhalingstekens, komma's en haken "
        "er staan.\n"
        "- regel 3: hier hoort één vraag te staan, tussen { en }.\n"
        "Verbeter dit en controleer het met: vng-assistent evaluate vragen.jsonl --check"
    )


def test_in_a_spreadsheet_it_is_told_with_its_row_and_its_column(tmp_path):
    header = "nummer;vraag;soort;antwoord staat erin;document;citaat;alle citaten nodig;feiten"
    rows = ["v1;;raadsel;ja;a.md;Een zin.;;feit", "V1;Wie?;feit;misschien;a.md;Een zin.;;feit", "v3;Wie?;feit;nee;;;;x"]
    said = explained(tmp_path, "vragen.csv", "\n".join([header, *rows]))
    assert '- rij 2: in de kolom "vraag" staan geen woorden.' in said
    assert '- rij 2: de soort "raadsel" bestaat niet. Kies uit: feit, opsomming,' in said
    assert '- rij 3: in de kolom "antwoord staat erin" staat "misschien". Vul ja of nee in.' in said
    assert '- rij 4: bij "antwoord staat erin" staat nee, maar de soort is "feit".' in said
    assert '- rij 4: in de kolom "feiten" staat iets' in said
    assert "regel" not in said


def test_columns_that_are_missing_are_named(tmp_path):
    said = explained(tmp_path, "vragen.csv", "nummer;vraag;soort;document;citaat;feiten;opmerking\n")
    assert "- rij 1: deze kolommen ontbreken: antwoord staat erin, alle citaten nodig." in said
    assert "- rij 1: deze kolommen horen er niet bij: opmerking." in said


def test_what_cannot_be_written_is_told_with_the_question(tmp_path):
    with pytest.raises(TopicsError) as caught:
        write_any(tmp_path / "vragen.xlsx", [an_answer("v8", facts=(("bel\x07",),))])
    assert 'in de kolom "feiten" van vraag v8 staat een teken dat een spreadsheet niet kan bewaren' in explain(
        caught.value
    )


@pytest.mark.parametrize(("count", "last"), [(MOST_SHOWN, None), (MOST_SHOWN + 13, "en nog 13")])
def test_of_many_problems_the_first_are_shown_and_the_rest_counted(count, last):
    said = explain(TopicsError("vragen.jsonl", tuple(Problem(n, "no_object") for n in range(1, count + 1)))).split("\n")
    assert sum(line.startswith("- regel ") for line in said) == MOST_SHOWN
    assert ("en nog 13" in said) is (last is not None)


@pytest.mark.parametrize(
    ("problem", "source", "said"),
    [
        (Problem(3, "missing", "facts"), "v.jsonl", 'regel 3: het veld "facts" ontbreekt.'),
        (Problem(3, "blank", "quote"), "v.XLSX", 'rij 3: in de kolom "citaat" staan geen woorden. Vul dit in.'),
        (
            Problem(3, "yes_no", "answerable "),
            "v.csv",
            'rij 3: in de kolom "antwoord staat erin" staat niets. Vul ja of nee in.',
        ),
        (
            Problem(9, "repeated_id", "4 v 1"),
            "v.jsonl",
            'regel 9: het nummer "v 1" staat ook in regel 4. Geef elke vraag een eigen nummer.',
        ),
        (
            Problem(0, "too_large", "31400000"),
            "v.csv",
            "het bestand is te groot (31 MB). Maak er bestanden van hoogstens 20 MB van.",
        ),
        (
            Problem(4, "type", "answerable"),
            "v.jsonl",
            'regel 4: het veld "answerable" heeft een verkeerde vorm. Schrijf true of false.',
        ),
        (
            Problem(4, "answerable", "unanswerable"),
            "v.csv",
            'rij 4: de soort is "zonder antwoord", maar bij "antwoord staat erin" staat ja. Verander een van de twee.',
        ),
        (Problem(4, "iets nieuws"), "v.csv", "rij 4: dit kan niet worden gebruikt."),
    ],
)
def test_a_sentence_is_filled_in_for_the_file_that_it_is_about(problem, source, said):
    assert problem_text(problem, source) == said


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        (
            ("unknown_document", "nota.pdf", ("a.md", "b.md", "c.md")),
            'er is geen document "nota.pdf". Bedoel je a.md, b.md of c.md?',
        ),
        (
            ("unknown_document", "nota.pdf", ()),
            'er is geen document "nota.pdf". Bekijk de namen met: vng-assistent documents.',
        ),
        (
            ("ambiguous_document", "nota.pdf", ("a/nota.md", "b/nota.md")),
            "meer dan één document heet zo: a/nota.md en b/nota.md. Geef ze een eigen naam.",
        ),
        (
            ("unheld_quote", "nota.pdf", ()),
            'het citaat "Een zin." staat niet in nota.pdf. Neem het letterlijk over uit het document.',
        ),
        (
            ("partly_held", "nota.pdf", ()),
            'het citaat "Een zin." staat niet helemaal zo in nota.pdf. Het telt wel mee. Neem het liever '
            "letterlijk over.",
        ),
        (
            ("common_quote", "nota.pdf", ()),
            'het citaat "Een zin." staat op veel plaatsen in nota.pdf. Kies liever een langer citaat.',
        ),
    ],
)
def test_what_is_wrong_with_evidence_is_told_with_the_question(problem, said):
    what, source, others = problem
    assert problem_text(Unheld(0, what, source, "v7", "Een zin.", others)) == f"vraag v7: {said}"


def test_a_field_may_have_any_name():
    assert len(problem_text(Problem(1, "unknown_field", "9" * 5_000), "v.jsonl")) < 2 * LONGEST


# Gates and other files


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[at_least]\nfacts = 0,75\n", "dit is geen goede TOML (regel 2)."),
        ("", "er staan geen eisen in."),
        (
            "[at_leest]\nfacts = 0.75\n",
            'het deel "at_leest" bestaat niet. Kies uit: at_least, at_most, kinds, baseline.',
        ),
        ("[baseline]\nbeta = 1\n", 'het deel "baseline.beta" bestaat niet. Kies uit: not_worse, alpha, largest_drop.'),
        (
            "[kinds.why.minstens]\nfacts = 1\n",
            'het deel "kinds.why.minstens" bestaat niet. Kies uit: at_least, at_most.',
        ),
        (
            "[kinds.raadsel.at_least]\nfacts = 1\n",
            f'de soort vraag "raadsel" bestaat niet. Kies uit: {", ".join(KINDS)}.',
        ),
        ("at_least = 3\n", '"at_least" moet een kop zijn, met de eisen eronder: [at_least].'),
        ("[baseline]\nalpha = 5\nnot_worse = ['facts']\n", "alpha is 5. Kies een getal tussen 0 en 1, zoals 0.05."),
        ("[baseline]\nnot_worse = 'facts'\n", '"baseline.not_worse" moet een lijst van metingen zijn'),
        ("[at_least]\nr5 = 1\n", 'de meting "r5" bestaat niet. Bedoel je R@5'),
        ("[at_least]\nqqqq = 1\n", 'de meting "qqqq" bestaat niet. Kies uit: R@1, R@5,'),
        ("[at_least]\nfacts = 'veel'\n", 'bij "facts" hoort een getal, zoals 0.75.'),
        ("[baseline.largest_drop]\nwords = 3\n", '"words" wordt niet beter of slechter.'),
        ("[baseline]\nnot_worse = ['ece']\n", '"ece" is per vraag niet te vergelijken.'),
    ],
)
def test_what_is_wrong_with_gates_is_told(tmp_path, text, said):
    lines = explained(tmp_path, "eisen.toml", text).split("\n")
    assert lines[0] == "Er is iets mis met eisen.toml:"
    assert any(line.startswith(f"- {said}") for line in lines)
    assert lines[-1] == "Verbeter het bestand met de eisen en probeer het opnieuw."


@pytest.mark.parametrize("problem", BASELINE)
def test_what_is_wrong_with_a_baseline_is_told(problem):
    said = explain(BaselineError("vorige.json", problem, "outcomes.3"))
    assert said.startswith("vorige.json is ")
    assert ("outcomes.3" in said) is (problem == "content")


def test_stored_answers_have_their_own_sentences():
    said = explain(HarvestError("antwoorden.jsonl", (Problem(4, "missing", "answer.question"), Problem(5, "empty"))))
    assert '- regel 4: het veld "answer.question" ontbreekt.' in said
    assert "er staan geen antwoorden in" in said


def test_work_that_was_lost_can_be_gone_on_with():
    assert "nog eens" in explain(WorkerLost())


def kinds_of(kind):
    """The errors that nothing is derived from."""
    below = kind.__subclasses__()
    return {kind} if not below else set().union(*map(kinds_of, below))


def test_every_error_has_a_text_of_its_own():
    problems = (Problem(1, "empty"),)
    made = {TopicsError: problems, GatesError: problems, HarvestError: problems, BaselineError: "syntax"}
    errors = [kind("a.b", made[kind]) if kind in made else kind() for kind in kinds_of(EvalError)]
    assert {type(error) for error in errors} == {TopicsError, GatesError, HarvestError, BaselineError, WorkerLost}
    texts = [explain(error) for error in [*errors, EvalError(), InputError("c", problems)]]
    assert len(set(texts)) == len(texts)


ERRORS = st.sampled_from([(TopicsError, TOPICS), (GatesError, GATES), (HarvestError, HARVEST)])


@settings(deadline=None)
@given(ERRORS, st.data(), st.text(max_size=40), st.text(max_size=200), st.integers(0, 9))
def test_nothing_in_a_file_can_break_the_lines(kind, data, source, detail, line):
    error, table = kind
    what = data.draw(st.sampled_from(sorted(table)))
    detail = data.draw(st.sampled_from(["", "evidence ", "12 ", "kinds."])) + detail
    lines = explain(error(source, (Problem(line, what, detail),))).split("\n")
    assert len(lines) == 3
    assert all(one.isprintable() for one in lines)
    assert len(lines[1]) < 2 * LONGEST + 400


# What gates ask


@pytest.mark.parametrize(
    ("gate", "said"),
    [
        (Gate("at_least", "facts", 0.75), "Feiten in het antwoord: minstens 0,75"),
        (Gate("at_least", "facts", 1), "Feiten in het antwoord: minstens 1"),
        (Gate("at_most", "failed", 0), "Mislukte vragen: hoogstens 0"),
        (Gate("at_least", "facts", 0.6, "why"), "Feiten in het antwoord (soort “waarom”): minstens 0,6"),
        (Gate("at_most", "latency_p95", 2000), "Wachttijd, langste: hoogstens 2000 ms"),
        (Gate("not_worse", "R@5", 0.05), "Gevonden bij de eerste 5: niet aantoonbaar slechter dan eerst"),
        (Gate("largest_drop", "facts", 0.03), "Feiten in het antwoord: hoogstens 0,03 slechter dan eerst"),
    ],
)
def test_a_gate_is_told_in_words(gate, said):
    assert gate_text(gate) == said


FACTS = Gate("at_least", "facts", 0.75)
NOT_WORSE = Gate("not_worse", "R@5", 0.05)
DROP = Gate("largest_drop", "facts", 0.03)


@pytest.mark.parametrize(
    ("checked", "said"),
    [
        (Checked(FACTS, False, 0.712), "Feiten in het antwoord: minstens 0,75 (nu 0,712)"),
        (Checked(FACTS, True, 0.75), "Feiten in het antwoord: minstens 0,75 (nu 0,750)"),
        (Checked(FACTS, False, 0.74996), "Feiten in het antwoord: minstens 0,75 (nu 0,74996)"),
        (Checked(FACTS, False, None), "Feiten in het antwoord: minstens 0,75 (geen van de vragen zegt hier iets over)"),
        (
            Checked(Gate("at_most", "latency_p50", 20), False, 20.4),
            "Wachttijd, middelste: hoogstens 20 ms (nu 20,4 ms)",
        ),
        (Checked(NOT_WORSE, True, 0.342), "Gevonden bij de eerste 5 is niet aantoonbaar slechter geworden (p = 0,34)"),
        (Checked(NOT_WORSE, False, 0.0123), "Gevonden bij de eerste 5 is aantoonbaar slechter geworden (p = 0,012)"),
        (Checked(NOT_WORSE, False, 0.0001), "Gevonden bij de eerste 5 is aantoonbaar slechter geworden (p < 0,001)"),
        (Checked(NOT_WORSE, False, 0.0499), "Gevonden bij de eerste 5 is aantoonbaar slechter geworden (p = 0,0499)"),
        (
            Checked(NOT_WORSE, None, None),
            "Gevonden bij de eerste 5: niet aantoonbaar slechter dan eerst (niet vergeleken: er is geen "
            "eerdere evaluatie)",
        ),
        (
            Checked(NOT_WORSE, False, None),
            "Gevonden bij de eerste 5: niet aantoonbaar slechter dan eerst (niet te vergelijken)",
        ),
        (
            Checked(NOT_WORSE, True, None),
            "Gevonden bij de eerste 5: niet aantoonbaar slechter dan eerst (niet getoetst)",
        ),
        (Checked(DROP, False, 0.041), "Feiten in het antwoord: hoogstens 0,03 slechter dan eerst (nu 0,041 slechter)"),
        (Checked(DROP, True, 0.0), "Feiten in het antwoord: hoogstens 0,03 slechter dan eerst (nu niet slechter)"),
        (
            Checked(DROP, None, None),
            "Feiten in het antwoord: hoogstens 0,03 slechter dan eerst (niet vergeleken: er is geen eerdere evaluatie)",
        ),
    ],
)
def test_what_came_of_a_gate_is_told_in_words(checked, said):
    assert checked_text(checked) == said


@settings(deadline=None)
@given(st.sampled_from(MEASURES), st.floats(0, 1e6), st.floats(0, 1e6), st.sampled_from([None, *KINDS]))
def test_a_value_that_fails_never_looks_like_its_bound(measure, bound, value, kind):
    said = checked_text(Checked(Gate("at_least", measure.name, bound, kind), value >= bound, value))
    numbers = [part.split()[0] for part in said.replace(")", "").replace("(nu", "minstens").split("minstens ")[1:]]
    shown = [float(number.replace(",", ".")) for number in numbers]
    if abs(value - bound) > 1e-5:
        assert shown[0] != shown[1]
