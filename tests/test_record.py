import json
import re
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.errors import AssistantError, RecordError
from assistant.messages import explain_record, recheck_text
from assistant.record import FORMAT, VERSION, CitationCheck, Outcome, Recheck, find_quote, from_json, recheck, to_json
from assistant.types import (
    Answer,
    Citation,
    Filters,
    Generation,
    Level,
    Query,
    Reason,
    Reply,
    RetrieverRank,
    ScoredPassage,
    Statement,
    Status,
    Suggestion,
    Turn,
)
from assistant.verify import cite
from ingest.library import Library
from ingest.publish import publish, remove
from ingest.types import Document, Passage
from tests.corpus import DOCUMENTS, write_corpus

# Any answer at all

TEXT = st.text(max_size=12)
NUMBER = st.floats(allow_nan=False, allow_infinity=False)
COUNT = st.integers(0, 10**6)
NAMES = st.frozensets(TEXT, max_size=3)


def several(one, most=3):
    return st.lists(one, max_size=most).map(tuple)


documents = st.builds(
    Document, TEXT, TEXT, TEXT, TEXT, TEXT, st.none() | TEXT, st.none() | TEXT, st.none() | TEXT, st.none() | TEXT,
    TEXT, st.none() | COUNT, several(TEXT), NAMES,
)  # fmt: skip
passages = st.builds(
    Passage, TEXT, TEXT, COUNT, TEXT, several(TEXT), COUNT, COUNT, st.none() | COUNT, st.none() | COUNT,
    st.sampled_from(["body", "contents", "references", "imprint"]),
)  # fmt: skip
hits = st.builds(
    ScoredPassage, passages, documents, NUMBER, COUNT, TEXT, several(st.builds(RetrieverRank, TEXT, COUNT, NUMBER))
)
filters = st.builds(Filters, several(TEXT), several(TEXT), st.none() | TEXT, st.none() | TEXT)
queries = st.builds(Query, TEXT, COUNT, filters, several(st.builds(Turn, TEXT, TEXT)), NAMES)
generations = st.builds(
    Generation, TEXT, st.none() | TEXT, st.none() | TEXT, several(TEXT), COUNT, st.none() | TEXT, COUNT, COUNT
)


@st.composite
def citations(draw):
    quotes = draw(st.lists(st.text(min_size=1, max_size=12), max_size=4))
    starts = [draw(COUNT) for _ in quotes]
    return tuple(
        Citation(number, draw(passages), draw(documents), quote, start, start + len(quote), draw(st.none() | COUNT),
                 draw(st.none() | TEXT))
        for number, (quote, start) in enumerate(zip(quotes, starts, strict=True), 1)
    )  # fmt: skip


@st.composite
def answers(draw):
    cited = draw(citations())
    numbers = st.lists(st.sampled_from([one.number for one in cited]), min_size=1, max_size=3).map(tuple)
    statements = draw(several(st.builds(Statement, TEXT, numbers))) if cited else ()
    return Answer(
        draw(TEXT), draw(queries), draw(TEXT), draw(st.sampled_from(Status)), statements, cited, draw(several(hits, 2)),
        draw(several(st.builds(Suggestion, hits, st.sampled_from(Reason), TEXT), 2)), draw(NUMBER),
        draw(st.sampled_from(Level)), draw(generations), draw(TEXT), draw(NUMBER), draw(st.sampled_from(["nl", "en"])),
        draw(several(TEXT)), draw(st.none() | st.sampled_from(Reply)),
    )  # fmt: skip


@settings(max_examples=80, deadline=None)
@given(answers())
def test_what_was_stored_is_what_is_read(answer):
    text = to_json(answer)
    assert from_json(text) == answer
    assert to_json(from_json(text)) == text


# What is no stored answer

QUOTE = "Veldrijk bouwt 2.150 woningen."
DOCUMENT = Document("d", "visie.md", "Visie", "text/markdown", "hash", access=frozenset({"b", "a"}))
PASSAGE = Passage("p", "d", 0, QUOTE, ("Opgave",), 0, len(QUOTE))
CITATION = Citation(1, PASSAGE, DOCUMENT, QUOTE, 0, len(QUOTE))
HIT = ScoredPassage(PASSAGE, DOCUMENT, 0.5, 1, "fused")
ANSWER = Answer(
    "a1", Query("Hoeveel?"), "Hoeveel?", Status.ANSWERED, (Statement(f"“{QUOTE}”", (1,)),), (CITATION,), (HIT,), (),
    0.9, Level.HIGH, Generation("extractive"), "v1", 12.5,
)  # fmt: skip


def problem(text):
    with pytest.raises(RecordError) as caught:
        from_json(text)
    assert isinstance(caught.value, AssistantError)
    return caught.value.problem


def altered(path, value):
    """The record of ANSWER with another value at this place."""
    record = json.loads(to_json(ANSWER))
    inside = record
    *above, last = path
    for key in above:
        inside = inside[key]
    inside[last] = value
    return json.dumps(record)


@pytest.mark.parametrize("text", ["", "geen json", "{", '{"a": 1', "[" * 100_000, "9" * 10_000])
def test_text_that_is_no_json_is_refused(text):
    assert problem(text) == "syntax"


@pytest.mark.parametrize("text", ["1", "null", "[]", "{}", '"tekst"', '{"answer": {}}', '{"format": "anders"}'])
def test_json_of_another_sort_is_refused(text):
    assert problem(text) == "foreign"


@pytest.mark.parametrize("version", [VERSION + 1, 0, "1", None, True, 1.0])
def test_an_unknown_version_is_refused_and_named(version):
    assert problem(altered(["version"], version)) == "version"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (["answer", "status"], "misschien"),
        (["answer", "language"], "fr"),
        (["answer", "confidence"], "hoog"),
        (["answer", "confidence"], True),
        (["answer", "citations", 0, "start"], 0.0),
        (["answer", "citations", 0, "page"], "4"),
        (["answer", "citations", 0, "document", "access"], "groep"),
        (["answer", "statements"], None),
        (["answer", "onbekend"], 1),
        (["onbekend"], 1),
        (["answer", "query", "filters"], []),
        (["answer", "passages", 0, "passage", "role"], "hoofdstuk"),
        (["answer", "reply"], "hallo"),
        (["answer", "statements", 0, "citations"], []),
        (["answer", "statements", 0, "citations"], [2]),
        (["answer", "citations", 0, "quote"], "Veldrijk bouwt 3.000 huizen."),
        (["answer", "citations", 0, "quote"], ""),
        (["answer", "citations", 0, "end"], 5),
    ],
)
def test_an_answer_that_was_altered_is_refused(path, value):
    assert problem(altered(path, value)) == "content"


def test_a_field_that_is_missing_is_named():
    record = json.loads(to_json(ANSWER))
    del record["answer"]["took_ms"]
    with pytest.raises(RecordError) as caught:
        from_json(json.dumps(record))
    assert caught.value.place == "answer.took_ms"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e999"])
def test_what_is_no_number_is_refused(number):
    assert problem(to_json(ANSWER).replace('"confidence": 0.9', f'"confidence": {number}')) == "content"
    with pytest.raises(ValueError, match="JSON"):
        to_json(replace(ANSWER, confidence=float("nan")))


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damaged_text_is_refused_or_still_an_answer(data):
    text = to_json(ANSWER)
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start, min(len(text), start + 20)))
    damaged = text[:start] + data.draw(st.text(max_size=3)) + text[end:]
    try:
        answer = from_json(damaged)
    except RecordError:
        pass
    else:
        assert {number for one in answer.statements for number in one.citations} <= {1}


def test_groups_stand_in_the_same_order_every_time():
    assert to_json(ANSWER) == to_json(
        replace(ANSWER, citations=(replace(CITATION, document=replace(DOCUMENT, access=frozenset(["a", "b"]))),))
    )
    assert json.loads(to_json(ANSWER))["format"] == FORMAT


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("kind", ["syntax", "foreign", "version", "content"])
def test_every_refusal_is_explained(kind, language):
    said = explain_record(RecordError(kind, "answer.citations\n[0]"), language)
    assert said.endswith(".")
    assert "{" not in said
    assert "\n" not in said


# The library as it is now


@pytest.fixture
def place(tmp_path, encoder):
    """A folder of documents, and a data directory with its library."""
    folder, data = write_corpus(tmp_path / "bronnen"), tmp_path / "data"
    publish([folder], data, encoder)
    return folder, data


SAID = "Veldrijk telt 38.400 inwoners en groeit."
NAME = "woonvisie.md"


def answer_from(data, encoder):
    """An answer of one statement, with its citation in the library that is published now."""
    library = Library.open(data, encoder)
    [doc_id] = [one for one, document in library.documents.items() if document.source == NAME]
    canonical = library.canonical(doc_id)
    assert canonical is not None
    start = canonical.text.index(SAID)
    [passage] = [one for one in library.passages_of(doc_id) if one.start <= start < one.end]
    document = library.documents[doc_id]
    citation = cite(1, passage, document, canonical, start, start + len(SAID))
    version = library.manifest.library_version
    library.close()
    hit = ScoredPassage(passage, document, 0.5, 1, "fused")
    return replace(
        ANSWER, statements=(Statement(f"“{SAID}”", (1,)),), citations=(citation,), passages=(hit,),
        library_version=version,
    )  # fmt: skip


def check(answer, data, encoder, **options):
    library = Library.open(data, encoder)
    found = recheck(answer, library, **options)
    for one in found.citations:
        if one.stands:
            canonical = library.canonical(answer.citations[one.number - 1].document.doc_id)
            assert canonical is not None
            quote = answer.citations[one.number - 1].quote
            assert canonical.text[one.start : one.end].split() == quote.split()
    library.close()
    return found


def rewrite(place, encoder, name, text):
    folder, data = place
    (folder / name).write_text(text, encoding="utf-8")
    publish([folder], data, encoder)


def outcomes(found):
    return {one.outcome for one in found.citations}


def test_in_the_same_library_everything_stands(place, encoder):
    answer = from_json(to_json(answer_from(place[1], encoder)))
    found = check(answer, place[1], encoder)
    assert found == Recheck(
        answer.answer_id,
        answer.library_version,
        tuple(
            CitationCheck(one.number, Outcome.UNCHANGED, False, one.start, one.end, one.page, one.page_label)
            for one in answer.citations
        ),
        (True,) * len(answer.statements),
    )
    assert found.holds


def test_another_document_that_changes_changes_nothing(place, encoder):
    answer = answer_from(place[1], encoder)
    rewrite(place, encoder, "interview.md", "# Interview\n\nSlingerland zegt nu iets anders over de inspraak.\n")
    found = check(answer, place[1], encoder)
    assert outcomes(found) == {Outcome.UNCHANGED}
    assert found.library_version != answer.library_version


def test_a_quote_that_moves_is_found(place, encoder):
    answer = answer_from(place[1], encoder)
    rewrite(place, encoder, NAME, DOCUMENTS[NAME].replace("## Inleiding", "## Vooraf\n\nIets nieuws.\n\n## Inleiding"))
    found = check(answer, place[1], encoder)
    assert outcomes(found) == {Outcome.MOVED}
    assert found.holds
    assert all(one.revised and one.start > answer.citations[one.number - 1].start for one in found.citations)
    assert "gewijzigd" in recheck_text(found.citations[0])


def test_what_is_added_below_a_quote_leaves_it_in_place(place, encoder):
    answer = answer_from(place[1], encoder)
    rewrite(place, encoder, NAME, DOCUMENTS[NAME] + "\n## Slot\n\nDit is er nieuw bij gekomen.\n")
    found = check(answer, place[1], encoder)
    assert outcomes(found) == {Outcome.UNCHANGED}
    assert found.citations[0].revised


@pytest.mark.parametrize(("old", "new"), [("38.400", "39.100"), ("38.400", "138.400"), ("38.400", "3.38.400")])
def test_a_quote_of_which_a_number_changed_no_longer_stands(place, encoder, old, new):
    answer = answer_from(place[1], encoder)
    rewrite(place, encoder, NAME, DOCUMENTS[NAME].replace(old, new))
    found = check(answer, place[1], encoder)
    assert Outcome.CHANGED in outcomes(found)
    assert not found.holds
    assert found.statements[0] is False
    assert recheck_text(found.citations[0]).startswith("Deze bron is gewijzigd sinds dit antwoord")


def test_a_source_that_was_removed_is_gone(place, encoder):
    answer = answer_from(place[1], encoder)
    remove(NAME, place[1], encoder)
    found = check(answer, place[1], encoder)
    assert outcomes(found) == {Outcome.GONE}
    assert found.statements == (False,) * len(answer.statements)
    assert found.citations[0] == CitationCheck(1, Outcome.GONE)


def test_a_source_that_someone_may_not_see_is_gone_for_him(place, encoder):
    answer = answer_from(place[1], encoder)
    (place[0] / "bronnen.toml").write_text(f'["{NAME}"]\naccess = ["directie"]\n', encoding="utf-8")
    publish([place[0]], place[1], encoder)
    assert outcomes(check(answer, place[1], encoder)) == {Outcome.GONE}
    assert outcomes(check(answer, place[1], encoder, groups=frozenset({"griffie"}))) == {Outcome.GONE}
    seen = check(answer, place[1], encoder, groups=frozenset({"directie"}))
    assert outcomes(seen) == {Outcome.UNCHANGED}
    assert seen.holds


def test_a_statement_stands_with_all_its_citations(place, encoder):
    one = answer_from(place[1], encoder)
    first = one.citations[0]
    lost = replace(first, number=len(one.citations) + 1, quote=first.quote[:-1] + "!", start=first.start)
    both = replace(
        one,
        statements=(one.statements[0], Statement("beide", (1, lost.number)), Statement("een", (lost.number,))),
        citations=(*one.citations, lost),
    )
    assert check(both, place[1], encoder).statements == (True, False, False)


# Where a quote stands


@pytest.mark.parametrize(
    ("text", "quote", "found"),
    [
        ("Een tekort van 5 miljoen.", "5 miljoen", 1),
        ("Een tekort van 12,5 miljoen.", "5 miljoen", 0),
        ("Een tekort van 1.500 euro.", "500 euro", 0),
        ("Een tekort van 15 euro.", "15", 1),
        ("Een tekort van 15.000 euro.", "15", 0),
        ("de raad en de raad", "de raad", 2),
        ("de raadsbrief", "de raad", 0),
        ("de raad-plus", "de raad", 0),
        ("de\n  raad", "de raad", 1),
        ("(a) [b]*", "[b]*", 1),
        ("tekst", " ", 0),
        ("De Raad", "de raad", 0),
    ],
)
def test_a_quote_stands_as_whole_words(text, quote, found):
    assert len(find_quote(text, quote)) == found


@given(st.text(max_size=40), st.text(max_size=10), st.text(max_size=40))
def test_whatever_is_quoted_is_found_where_it_stands(before, quote, after):
    text = f"{before} {quote} {after}"
    for start, end in find_quote(text, quote):
        assert text[start:end].split() == quote.split()
    if quote.split():
        assert find_quote(text, quote)
    assert all(re.search(r"\S", text[start:end]) for start, end in find_quote(text, quote))


@pytest.mark.parametrize("outcome", Outcome)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_outcome_is_said(outcome, language):
    said = {recheck_text(CitationCheck(1, outcome, revised), language) for revised in (False, True)}
    assert all(one.endswith(".") for one in said)
    assert len(said) == 1 + (outcome in (Outcome.UNCHANGED, Outcome.MOVED))
