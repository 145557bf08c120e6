"""The HTML report: what it says, that it needs nothing but itself, and that what others wrote stays text."""

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from eval.compare import compare
from eval.gates import Checked, Gate
from eval.history import Past
from eval.records import Outcome
from eval.report.html import page_names, write_html
from tests.eval_samples import FACT, QUOTE, evaluation, outcome

PASSAGE = f"Papier. {QUOTE} Glas brengt u zelf weg."
HOSTILE = '<script>alert("1")</script> &amp; \' {{ 7 * 7 }} {% raw %} \u202eomgekeerd\u2066'
VOID = {"meta", "input", "br", "hr", "img", "link"}


class Page(HTMLParser):
    """A page, with what a test asks about it: elements in order, and the text that a reader gets."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.open: list[str] = []
        self.marked: list[tuple[str, str]] = []
        self.path = path
        self.feed(path.read_text(encoding="utf-8"))
        assert self.open == [], "every element is closed"

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        if self.open[-1:] != ["style"]:
            self.words.append(data)
            self.marked += [(tag, data.strip()) for tag in self.open if tag in {"mark", "ins", "del"}]

    @property
    def text(self):
        return " ".join(" ".join(self.words).split())

    def values(self, name):
        return [attributes[name] for _, attributes in self.elements if name in attributes]

    @property
    def headings(self):
        return [int(tag[1]) for tag, _ in self.elements if re.fullmatch(r"h[1-6]", tag)]


def write(folder, outcomes, *, before=None, checked=(), history=(), passage_text=lambda _: PASSAGE, **stamp):
    now = evaluation(outcomes, **stamp)
    comparison = compare(now, evaluation(before, commit="ba5e11ne" * 5)) if before else None
    path = write_html(
        folder, now, comparison=comparison, checked=checked, history=history, passage_text=passage_text
    )  # fmt: skip
    return Page(path)


def question(folder, name="v1"):
    return Page(folder / "vragen" / f"{name}.html")


def mixed():
    return [
        outcome("goed-1"),
        outcome("fout-1", facts_found=False, cited=False, rank=None),
        outcome("geweigerd-1", refused=True),
        outcome("leeg-1", "unanswerable", rank=None, refused=True),
        outcome("leeg-2", "unanswerable", rank=None),
        outcome("stuk-1", failed="LibraryError: weg"),
        outcome("goed-2", "why", judged=(4, 3), shown=("De gemeente haalt nooit papier op.",)),
    ]


PASTS = [Past(f"2026-11-{day}T10:00:00+00:00", None, f"a{day}", {"facts": 0.5, "R@5": 0.6}) for day in (20, 21, 22)]
GATE = Gate("at_least", "facts", 0.9)


@pytest.fixture
def pages(tmp_path):
    """All pages of a report with everything in it."""
    before = [outcome("goed-1", facts_found=False), outcome("fout-1"), outcome("oud-1")]
    checked = (
        Checked(GATE, passed=False, value=0.4),
        Checked(Gate("not_worse", "R@5", 0.05), passed=True, value=0.0004),
        Checked(Gate("largest_drop", "facts", 0.03), passed=None, value=None),
    )
    first = write(tmp_path, mixed(), before=before, checked=checked, history=PASTS, warnings=("regel 3: kort citaat",))
    return [first, *map(Page, sorted((tmp_path / "vragen").iterdir()))]


def test_every_page_stands_on_its_own(pages):
    for page in pages:
        tags = {tag for tag, _ in page.elements}
        assert tags.isdisjoint({"script", "link", "iframe", "object", "embed", "form", "img", "base"})
        assert not any(name.startswith("on") for _, attributes in page.elements for name in attributes)
        assert "url(http" not in page.path.read_text(encoding="utf-8")
        policy = next(a["content"] for _, a in page.elements if a.get("http-equiv") == "Content-Security-Policy")
        assert "default-src 'none'" in (policy or "")
        assert page.elements[0] == ("html", {"lang": "nl"})


def test_every_link_leads_somewhere(pages):
    for page in pages:
        for href in page.values("href") + page.values("xlink:href"):
            target, _, anchor = href.partition("#")
            path = (page.path.parent / target).resolve() if target else page.path
            assert path.is_file(), href
            if anchor:
                assert anchor in Page(path).values("id"), href


def test_headings_are_in_order_and_ids_unique(pages):
    for page in pages:
        assert page.headings.count(1) == 1
        assert page.headings[0] == 1
        assert all(low + 1 >= high for low, high in zip(page.headings, page.headings[1:], strict=False))
        ids = page.values("id")
        assert len(ids) == len(set(ids))
        for label in page.values("aria-labelledby"):
            assert label in ids


def test_every_table_has_a_caption_and_scopes_and_scrolls_by_itself(pages):
    for page in pages:
        tags = [tag for tag, _ in page.elements]
        assert tags.count("table") == tags.count("caption")
        assert all("scope" in attributes for tag, attributes in page.elements if tag == "th")
        regions = [attributes for _, attributes in page.elements if attributes.get("class") == "scroll"]
        assert len(regions) >= tags.count("table")
        assert all(one["role"] == "region" and one["tabindex"] == "0" and one["aria-label"] for one in regions)


def test_verdict_names_the_gates_that_fail(pages):
    text = pages[0].text
    assert "Niet geslaagd" in text
    assert "Feiten in het antwoord: minstens 0,9 (nu 0,4" in text
    assert "✗ niet gehaald" in text
    assert "✓ gehaald" in text
    assert "niet getoetst" in text
    assert "regel 3: kort citaat" in text


def test_passed_without_a_baseline_says_nothing_of_differences(tmp_path):
    page = write(tmp_path, [outcome("v1"), outcome("v2")], checked=(Checked(GATE, passed=True, value=1.0),))
    assert "Geslaagd" in page.text
    assert "Niet geslaagd" not in page.text
    assert "p (Holm)" not in page.text
    assert "Verloop" not in page.text
    assert "Verschil met de eerdere evaluatie" not in question(tmp_path).text


@pytest.mark.parametrize(("value", "shown"), [(0.8999999, "0,8999999"), (0.9, "0,900"), (0.5, "0,500")])
def test_value_just_below_a_bound_does_not_look_like_it(tmp_path, value, shown):
    page = write(tmp_path, [outcome()], checked=(Checked(GATE, passed=value >= 0.9, value=value),))
    row = re.search(r"gehaald (\S+) 0,900", page.text)
    assert row
    assert row[1] == shown


def test_difference_is_said_plainly(tmp_path):
    good = [outcome(f"v{number}") for number in range(12)]
    bad = [outcome(f"v{number}", facts_found=False) for number in range(12)]
    assert "▼ slechter vragen: 0 beter, 12 slechter" in write(tmp_path / "a", bad, before=good).text
    assert "▲ beter vragen: 12 beter, 0 slechter" in write(tmp_path / "b", good, before=bad).text
    assert "geen aantoonbaar verschil" in write(tmp_path / "c", [*good[1:], bad[0]], before=good).text


def test_meaning_of_a_measure_can_be_read(pages):
    assert "Deel van de verwachte feiten dat in het antwoord staat." in pages[0].text


def test_questions_that_got_worse_come_first_and_then_those_that_went_wrong(pages):
    after = pages[0].text.partition("Kijk hier het eerst naar")[2].partition("Soort: ")[0]
    places = [after.index(name) for name in ("fout-1", "stuk-1", "leeg-2", "geweigerd-1")]
    assert places == sorted(places)
    assert "goed-1" not in after
    assert "leeg-1" not in after


def test_each_mark_is_said_in_words(pages):
    for words in ("✓ goed", "✗ fout", "ten onrechte “niet gevonden”", "terecht “niet gevonden”", "! mislukt"):
        assert words in pages[0].text
    assert "ten onrechte beantwoord" in pages[0].text


def test_new_and_changed_questions_are_called_so(tmp_path):
    before = [outcome("v1"), outcome("v2", question="Een andere vraag?")]
    page = write(tmp_path, [outcome("v1"), outcome("v2"), outcome("v3")], before=before)
    assert "nieuwe vraag" in page.text
    assert "vraag gewijzigd" in page.text
    assert "is nieuw" in question(tmp_path, "v3").text
    assert "is gewijzigd sinds de eerdere evaluatie" in question(tmp_path, "v2").text


def test_every_plot_has_its_data_as_a_table(pages):
    page = pages[0]
    assert sum(tag == "figure" for tag, _ in page.elements) == 5
    assert sum(tag == "svg" for tag, _ in page.elements) == 5
    assert page.text.count("De cijfers als tabel") == 5


def test_question_page_shows_the_quote_within_its_passage(tmp_path):
    write(tmp_path, [outcome()])
    page = question(tmp_path)
    assert ("mark", QUOTE) in page.marked
    assert "Glas brengt u zelf weg." in page.text
    assert "✓ staat letterlijk zo in het document" in page.text
    assert "In dit citaat staat bewijs 1." in page.text
    assert "✓ gevonden op plek 1" in page.text
    assert f"✓ staat in het antwoord : “ {FACT} ”" in page.text


def test_question_page_without_the_passage_shows_the_quote_alone(tmp_path):
    write(tmp_path, [outcome()], passage_text=lambda _: None)
    page = question(tmp_path)
    assert ("mark", QUOTE) in page.marked
    assert "Hier staat alleen het citaat." in page.text
    assert "De tekst van deze passage is er niet meer." in page.text


def test_question_page_says_what_is_wrong(tmp_path):
    bad = outcome(facts_found=False, cited=False, exact=False, supported=False, rank=None, shown=("Onwaar.",))
    write(tmp_path, [bad, outcome("v2", refused=True), outcome("v3", failed="Kapot: x")])
    page = question(tmp_path)
    for words in (
        "staat niet in het antwoord",
        "✗ niet gevonden",
        "✗ niet aangehaald",
        "volgt niet helemaal",
        "Onwaar.",
    ):
        assert words in page.text
    assert "✗ staat niet letterlijk zo in het document" in page.text
    assert "Dit staat niet in de documenten." in question(tmp_path, "v2").text
    assert "Kapot: x" in question(tmp_path, "v3").text


def test_question_page_shows_what_changed(tmp_path):
    write(tmp_path, [outcome(facts_found=False), outcome("v2")], before=[outcome(), outcome("v2")])
    page = question(tmp_path)
    assert "▼ slechter" in page.text
    assert ("del", "op donderdag op.") in page.marked or any(
        tag == "del" and FACT in words for tag, words in page.marked
    )
    assert "Het antwoord is gelijk gebleven." in question(tmp_path, "v2").text


def hostile_outcome() -> Outcome:
    """An outcome with hostile text wherever there is text."""

    def poison(value, key=""):
        if isinstance(value, dict):
            return {name: poison(found, name) for name, found in value.items()}
        if isinstance(value, list):
            return [poison(one, key) for one in value]
        kept = {"status", "level", "language"}
        return HOSTILE if isinstance(value, str) and key not in kept else value

    row = outcome(shown=("x",), judged=(1, 5)).model_dump(mode="json")
    row["given"]["fell_back"] = "timeout"
    return Outcome.model_validate(poison(row))


def test_what_others_wrote_stays_text(tmp_path):
    now = [hostile_outcome(), outcome("v2", failed=HOSTILE)]
    page = write(
        tmp_path, now, before=[hostile_outcome()], passage_text=lambda _: HOSTILE, warnings=(HOSTILE,),
        settings={HOSTILE: HOSTILE}, commit=HOSTILE, created=HOSTILE, topics=HOSTILE,
        history=[Past(HOSTILE, HOSTILE, HOSTILE, {"facts": 0.5}), *PASTS],
    )  # fmt: skip
    found = [page, *map(Page, (tmp_path / "vragen").iterdir())]
    assert len(found) == 3
    for one in found:
        source = one.path.read_text(encoding="utf-8")
        assert "<script" not in source
        assert "alert(&#34;1&#34;)" in source
        assert "{{ 7 * 7 }}" in source
        assert not re.search("[\u202e\u2066]", source[: source.index("</title>")])


def test_pages_stay_in_the_folder(tmp_path):
    ids = ["../../weg", "/etc/passwd", "a/b", "A b", "a b", "con", "..", ".", "é", "\u202e", "x" * 300, "..\\..\\weg"]
    write(tmp_path / "rapport", [outcome(one) for one in ids])
    assert [path.name for path in tmp_path.iterdir()] == ["rapport"]
    assert sorted(path.name for path in (tmp_path / "rapport").iterdir()) == ["rapport.html", "vragen"]
    assert len(list((tmp_path / "rapport" / "vragen").iterdir())) == len(ids)


@given(st.lists(st.text(), min_size=1, max_size=8))
@example(["a", "a", "A"])
@example(["nul", "com1", "lpt9"])
def test_names_of_pages_are_plain_and_differ(ids):
    names = page_names(ids)
    assert len({name.casefold() for name in names}) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,80}\.html", name) for name in names)
    assert not any(re.fullmatch(r"(con|prn|aux|nul|com\d|lpt\d)\.html", name) for name in names)


def test_plain_ids_keep_their_name():
    assert page_names(["dev-a001", "v1"]) == ["dev-a001.html", "v1.html"]


def test_page_that_cannot_be_finished_is_not_there(tmp_path):
    asked = []

    def gone(passage_id):
        asked.append(passage_id)
        if len(asked) > 15:
            raise RuntimeError
        return PASSAGE

    with pytest.raises(RuntimeError):
        write(tmp_path, [outcome("v1"), outcome("v2")], passage_text=gone)
    assert [path.name for path in (tmp_path / "vragen").iterdir()] == ["v1.html"]
    assert not (tmp_path / "rapport.html").exists()


def test_same_evaluation_gives_the_same_bytes(tmp_path):
    for name in ("a", "b"):
        write(tmp_path / name, mixed(), before=[outcome("goed-1")], history=PASTS)
    first, second = (sorted((tmp_path / name).rglob("*.html")) for name in ("a", "b"))
    assert [path.read_bytes() for path in first] == [path.read_bytes() for path in second]


def test_many_questions_make_no_heavy_page(tmp_path):
    few = write(tmp_path / "a", [outcome(f"v{number}") for number in range(20)])
    many = write(tmp_path / "b", [outcome(f"v{number}") for number in range(200)])
    per_question = (many.path.stat().st_size - few.path.stat().st_size) / 180
    assert per_question < 600
    assert sum(tag == "svg" for tag, _ in many.elements) == sum(tag == "svg" for tag, _ in few.elements)
