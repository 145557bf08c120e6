"""The comment with a merge request, as a real renderer of Markdown reads it."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from eval.compare import ALPHA, Change, compare
from eval.gates import Checked, Gate, check
from eval.gates import compared_measures as measures_of  # its own name would make it a test
from eval.measures import BY_NAME, MEASURES
from eval.records import Summary
from eval.report.findings import KIND_LABELS, meaning, one_line, verdict_text
from eval.report.markdown import MARKER, MOST_QUESTIONS, code, escaped, markdown
from eval.topics import KINDS
from tests.eval_samples import evaluation, outcome

FACTS = Gate("at_least", "facts", 0.9)
RECALL = Gate("at_least", "R@5", 0.5)
NOT_WORSE = Gate("not_worse", "facts", ALPHA)
GOOD = [outcome(f"v{number}") for number in range(4)]
# Each short enough to be shown whole.
HOSTILE = (
    "@gemeente #12 !34 https://kwaad.example www.kwaad.example post@kwaad.example",
    "<img src=x onerror=alert(1)></details></li> <!-- weg --> &lt;b&gt;",
    "[klik](http://kwaad.example) ![x](http://kwaad.example/p.png) <http://kwaad.example>",
    "**vet** _scheef_ ~~weg~~ \\` $`x`$ :tada: `code` ``twee`` @gemeente",
    "``` ` @gemeente `` <b> ``",
    "| cel | @gemeente\n# Kop\n\n| a | b |\n|---|---|\n- punt\r\n/close",
    "om\u202ekeren\u200b\x1b[31m @\u200bgemeente",
)
ALLOWED = {"h2", "h3", "p", "ul", "li", "code", "strong", "table", "thead", "tbody", "tr", "th", "td", "details",
           "summary"}  # fmt: skip


class Page(HTMLParser):
    """What a page consists of: its elements, the text within code, and the text outside of it."""

    def __init__(self, html):
        super().__init__()
        self.elements, self.attributes, self.code, self.text, self.comments = [], [], [], [], []
        self._in_code = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.elements.append(tag)
        self.attributes += [(tag, name, value) for name, value in attrs]
        if tag == "code":
            self._in_code = True
            self.code.append("")

    def handle_endtag(self, tag):
        self._in_code = self._in_code and tag != "code"

    def handle_data(self, data):
        if self._in_code:
            self.code[-1] += data
        else:
            self.text.append(data)

    def handle_comment(self, data):
        self.comments.append(data)

    @property
    def outside(self):
        return "".join(self.text)


def page(text):
    """The comment as GitHub would show it: with tables and strike-through, and with HTML let through."""
    renderer = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
    return Page(renderer.render(text))


def compared(now, before, gates=(NOT_WORSE,)):
    """The comment about two runs."""
    mine, theirs = evaluation(now), evaluation(before, commit="f" * 40)
    comparison = compare(mine, theirs, measures_of(gates))
    return markdown(mine, comparison, check(gates, mine.summary, comparison))


def rows(text):
    """The cells of the table, a list a measure, by its label."""
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in text.split("\n") if line[:1] == "|"]
    return {row[0]: row[1:] for row in cells[2:]}


def test_the_first_line_is_a_mark_that_is_not_shown():
    text = markdown(evaluation(GOOD), None, ())
    assert text.split("\n")[0] == MARKER
    assert re.fullmatch(r"<!-- [\w-]+ -->", MARKER)
    assert page(text).comments == [MARKER[4:-3]]


@pytest.mark.parametrize(
    ("checked", "outcomes", "heading"),
    [
        ((), GOOD, "⚪ Evaluatie – Niet getoetst: er zijn geen eisen"),
        ((FACTS, RECALL), GOOD, "✅ Evaluatie – Geslaagd: 2 eisen gehaald"),
        ((FACTS, NOT_WORSE), GOOD, "✅ Evaluatie – Geslaagd: 1 eis gehaald, 1 niet getoetst (geen eerdere evaluatie)"),
        ((NOT_WORSE,), GOOD, "⚪ Evaluatie – Niet getoetst: er is geen eerdere evaluatie"),
        (
            (FACTS, RECALL),
            [outcome(facts_found=False)],
            "❌ Evaluatie – Niet geslaagd: 1 van de 2 eisen niet gehaald",
        ),
        ((), [*GOOD, outcome("kapot", failed="fout")], "❌ Evaluatie – Niet geslaagd: 1 vraag mislukt"),
    ],
)
def test_the_heading_is_the_verdict(checked, outcomes, heading):
    made = evaluation(outcomes)
    assert f"## {heading}\n" in markdown(made, None, check(checked, made.summary, None))


def test_failing_gates_come_first_and_the_others_are_not_named():
    made = evaluation([outcome("v1", facts_found=False)])
    text = markdown(made, None, check((RECALL, FACTS), made.summary, None))
    assert text.index("### Niet gehaald") < text.index("### Metingen")
    listed = [line for line in text.split("\n") if line.startswith("- ❌")]
    assert len(listed) == 1
    assert BY_NAME["facts"].label in listed[0]


def test_many_failing_gates_are_counted():
    checked = tuple(Checked(FACTS, passed=False, value=0.0) for _ in range(500))
    text = markdown(evaluation(GOOD), None, checked)
    assert text.count("- ❌") == 20
    assert "- … en nog 480 eisen\n" in text


def test_the_table_has_the_baseline_and_the_difference():
    now = [outcome(f"v{number}", facts_found=number > 7) for number in range(16)]
    before = [outcome(f"v{number}") for number in range(16)]
    found = rows(compared(now, before))
    assert found[BY_NAME["facts"].label][0] == "0,500"
    assert found[BY_NAME["facts"].label][2:] == ["1,000", "−0,500", "**slechter**"]
    assert found[BY_NAME["R@5"].label][2:] == ["1,000", "0,000", "gelijk"]
    assert rows(compared(before, now))[BY_NAME["facts"].label][2:] == ["0,500", "+0,500", "**beter**"]


def test_a_difference_that_can_be_chance_is_said_plainly():
    found = rows(compared([outcome("v1"), outcome("v2", facts_found=False)], [outcome("v1"), outcome("v2")]))
    assert found[BY_NAME["facts"].label][2:] == ["1,000", "−0,500", "geen aantoonbaar verschil"]


def test_without_a_baseline_there_is_nothing_to_compare():
    found = rows(markdown(evaluation(GOOD), None, ()))
    assert {len(cells) for cells in found.values()} == {2}


def test_a_measure_that_the_baseline_does_not_have_is_not_compared():
    now = [outcome("v1"), outcome("u1", "unanswerable", refused=True)]
    assert rows(compared(now, [outcome("v1")]))[BY_NAME["refusal_recall"].label][2:] == ["", "", "niet te vergelijken"]


def test_a_measure_with_a_gate_is_in_the_table():
    made = evaluation(GOOD)
    gate = Gate("at_most", "words", 100)
    assert BY_NAME["words"].label not in rows(markdown(made, None, ()))
    assert BY_NAME["words"].label in rows(markdown(made, None, check((gate,), made.summary, None)))


def change(adjusted, *, measure="facts", before=0.5, now=0.4):
    return Change(measure, before, now, 10, 1, 2, adjusted, adjusted)


@pytest.mark.parametrize(
    ("found", "gates", "expected"),
    [
        (change(0.04), (), "worse"),
        (change(0.06), (), "unclear"),
        (change(0.06), (Gate("not_worse", "facts", 0.1),), "worse"),
        (change(0.06), (Gate("not_worse", "R@5", 0.1),), "unclear"),
        (change(0.04, now=0.6), (), "better"),
        (change(0.04, measure="refused_answerable"), (), "better"),
        (change(None), (), "untested"),
        (change(1.0, now=0.5), (), "same"),
    ],
)
def test_what_a_change_means_is_decided_at_the_level_of_its_gate(found, gates, expected):
    assert meaning(found, [Checked(gate, passed=True, value=None) for gate in gates]) == expected


def test_questions_that_got_worse_and_better_are_listed_with_what_changed():
    now = [outcome("slechter", facts_found=False), outcome("beter"), outcome("gelijk")]
    before = [outcome("slechter"), outcome("beter", rank=2), outcome("gelijk")]
    text = compared(now, before)
    worse, better = text.split("### Vragen die slechter gaan (1)")[1].split("### Vragen die beter gaan (1)")
    assert "- `slechter` `Wanneer haalt" in worse
    assert f"{BY_NAME['facts'].label} 1,000 → 0,000" in worse
    assert "- `beter` `Wanneer haalt" in better
    assert "`gelijk`" not in text


def test_of_many_questions_the_largest_changes_are_named_and_the_rest_counted():
    now = [outcome(f"v{number}", facts_found=False, rank=None if number == 29 else 1) for number in range(30)]
    text = compared(now, [outcome(f"v{number}") for number in range(30)])
    listed = [line for line in text.split("### Vragen die slechter gaan (30)")[1].split("\n") if line[:3] == "- `"]
    assert len([line for line in listed if "→" in line]) == MOST_QUESTIONS
    assert listed[0].startswith("- `v29`")
    assert "en nog 5 metingen" in listed[0]
    assert "- … en nog 20 vragen\n" in text


def test_when_nothing_changed_that_is_said():
    text = compared(GOOD, GOOD)
    assert "Geen enkele vraag gaat beter of slechter dan bij de eerdere evaluatie." in text
    assert "### Vragen" not in text


def test_questions_that_are_not_compared_are_counted():
    text = compared([*GOOD, outcome("nieuw")], [*GOOD[:-1], outcome("v3", question="Anders?"), outcome("weg")])
    assert "Het verschil met de eerdere evaluatie gaat over 3 vragen." in text
    assert "Niet vergeleken: 1 nieuwe vraag, 1 verdwenen vraag, 1 gewijzigde vraag." in text


def test_the_opinion_of_a_model_is_told_beside():
    text = markdown(evaluation([outcome("v1", judged=(5, 2)), outcome("v2", judged=(4, 2)), outcome("v3")]), None, ())
    assert "Mening van een taalmodel over 2 antwoorden: vloeiend 4,5, volledig 2,0 (van 5). Telt niet mee." in text
    assert "Mening" not in markdown(evaluation(GOOD), None, ())


def test_the_stamp_says_what_was_measured():
    made = evaluation(GOOD, changed=True, settings={"VNG_ENCODER": "nl-static"})
    codes = page(markdown(made, compare(made, evaluation(GOOD, commit=None)), ())).code
    assert f"{made.stamp.commit}, met gewijzigde bestanden" in codes
    assert f"{made.stamp.created}, geen" in codes
    assert {"vragen.jsonl (3f7a)", "VNG_ENCODER", "nl-static", "120"} <= set(codes)


@pytest.mark.parametrize(
    ("address", "href"),
    [
        ("https://ci.example/42/rapport.html#v1", "https://ci.example/42/rapport.html#v1"),
        ("http://ci.example/a b(c)<d>", "http://ci.example/a%20b%28c%29%3Cd%3E"),
        ("https://ci.example/%20?x=1&y=2", "https://ci.example/%20?x=1&y=2"),
        ("https://ci.example/\n# Kop", "https://ci.example/%0A#%20Kop"),
    ],
)
def test_the_whole_report_is_linked(address, href):
    found = page(markdown(evaluation(GOOD), None, (), details_url=address))
    assert found.attributes == [("a", "href", href)] or [a for a in found.attributes if a[0] == "a"] == [
        ("a", "href", href)
    ]
    assert found.elements.count("a") == 1
    assert found.elements.count("h2") == 1


@pytest.mark.parametrize("address", ["javascript:alert(1)", "//[", "rapport.html", "https://x.example/" + "a" * 2_000])
def test_an_address_that_is_none_of_the_web_is_no_link(address):
    text = markdown(evaluation(GOOD), None, (), details_url=address)
    assert page(text).elements.count("a") == 0
    assert len(text) < 5_000


SUMMARY = evaluation(GOOD).summary
EMPTY = Summary(all={}, kinds={}, documents={})  # in which every gate fails


def hostile_comment(text):
    """A comment in which everything that can come from outside is this text."""
    made = [outcome(f"{number}{text}", question=text, facts_found=number == 0, message=text) for number in range(2)]
    now = evaluation(
        [*made, outcome(f"kapot{text}", question=text, failed=text)],
        topics=text, created=text, commit=text, warnings=[text], settings={text: text}, summary=SUMMARY,
    )  # fmt: skip
    before = evaluation(
        [outcome(f"{number}{text}", question=text, facts_found=number == 1) for number in range(2)],
        commit=text, created=text, summary=SUMMARY,
    )  # fmt: skip
    comparison = compare(now, before, ())
    return markdown(now, comparison, check((FACTS, NOT_WORSE), EMPTY, comparison), details_url=f"x{text}")


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_stays_text(hostile):
    text = hostile_comment(hostile)
    found = page(text)
    assert set(found.elements) <= ALLOWED
    assert found.elements.count("h2") == 1
    assert found.elements.count("table") == found.elements.count("details") == 1
    assert one_line(hostile) in found.code
    # Mentions, references and bare links are made of text outside of code.
    for sign in ("@", "#", "!", "://", "www.", ":tada:", "$", "[", "/close"):
        assert sign not in found.outside
    assert not {"\u202e", "\u200b", "\x1b", "\r"} & set(text)
    assert not any(line.startswith(("/", "#  ", "# ")) for line in text.split("\n"))


@settings(max_examples=20, deadline=None)
@given(st.text(alphabet=st.sampled_from("`|<>@#[]()*_~\\ \n\r\t-=:/!&;$ax"), max_size=40))
def test_any_text_in_a_comment_leaves_its_structure_alone(text):
    plain, found = page(hostile_comment("gewoon")), page(hostile_comment(text))
    assert found.elements == plain.elements
    assert found.attributes == plain.attributes


@given(st.text(max_size=200) | st.text(alphabet="`| \\", max_size=12))
def test_code_shows_the_text_itself(text):
    found = page(f"- {code(text)} en {code('x')}\n")
    assert found.elements == ["ul", "li", "code", "code"]
    assert found.code == [one_line(text, 160) or "(leeg)", "x"]


@given(st.text(alphabet="`|<>@#[]()*_~\\ -=:&;$!ax1.", max_size=30))
def test_words_are_shown_as_they_are_in_a_line_and_in_a_cell(text):
    found = page(f"| a{escaped(text)} | b |\n| --- | --- |\n| a{escaped(text)} | b |\n")
    assert found.elements == "table thead tr th th tbody tr td td".split()
    assert found.outside.count(f"a{one_line(text)}".rstrip()) >= 2


def test_the_comment_is_short_enough_whatever_was_evaluated():
    long = "`" * 20_000
    failed = (long, None, None)
    now = [outcome(f"{number}{long}", question=long, failed=failed[number % 3], facts_found=number % 3 == 1)
           for number in range(36)]  # fmt: skip
    before = [outcome(f"{number}{long}", question=long, facts_found=number % 3 == 2) for number in range(36)]
    settings_ = {f"{number}{long}": long for number in range(500)}
    made = evaluation(now, settings=settings_, topics=long, created=long, commit=long, warnings=[long] * 50)
    comparison = compare(made, evaluation(before, commit=long, created=long))
    gates = [Gate(rule, measure.name, -1.0, kind) for measure in MEASURES for kind in KINDS
             for rule in ("at_least", "at_most", "largest_drop")]  # fmt: skip
    checked = tuple(Checked(gate, passed=False, value=0.5) for gate in gates)
    text = markdown(made, comparison, checked, details_url=f"https://x.example/{long}")
    assert len(text) < 60_000
    assert page(text).elements.count("details") == 1
    assert text.endswith("</details>\n")


def test_every_kind_of_question_has_a_name():
    assert tuple(KIND_LABELS) == KINDS


def test_a_verdict_counts_what_broke_beside_the_gates():
    made = evaluation([outcome("v1", facts_found=False), outcome("v2", failed="x"), outcome("v3", failed="y")])
    said = verdict_text(made, check((FACTS,), made.summary, None))
    assert said == "Niet geslaagd: 1 van de 1 eis niet gehaald, 2 vragen mislukt"
