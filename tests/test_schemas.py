"""The JSON of the contract: the names that other tools depend on, and what must never be in it."""

import json
import re
from dataclasses import replace

import pytest

from api.schemas import (
    DocumentsSchema,
    PassagesSchema,
    VerifySchema,
    answer_schema,
    document_schema,
    passage_schema,
    publish_schema,
)
from assistant.types import (
    Answer,
    Citation,
    Generation,
    Level,
    Query,
    Reason,
    Reply,
    ScoredPassage,
    Statement,
    Status,
    Suggestion,
)
from ingest.errors import EmptyFile
from ingest.publish import PublishReport
from ingest.types import Document, FileReport, Manifest, Passage

TEXT = "Veldrijk bouwt 2.150 woningen, ook in Elzen."
DOCUMENT = Document(
    "d1", "wonen/visie.pdf", "Woonvisie", "application/pdf", "geheime-hash", "Gemeente Veldrijk", "K. Hulst", "visie",
    "2024-03", pages=40, page_labels=("i", "ii"), access=frozenset({"geheime-groep"}),
)  # fmt: skip
PASSAGE = Passage("p1", "d1", 0, TEXT, ("Deel 1", "Opgave"), 100, 100 + len(TEXT), 4, 5)
HIT = ScoredPassage(PASSAGE, DOCUMENT, 0.123456789, 1, "fused")
CITATION = Citation(1, PASSAGE, DOCUMENT, TEXT[:30], 100, 130, 4, "ii")
ANSWER = Answer(
    "a1", Query("En waar?", groups=frozenset({"geheime-groep"})), "Hoeveel woningen – En waar?", Status.ANSWERED,
    (Statement("“Veldrijk bouwt.”", (1, 2)), Statement("“Ook in Elzen.”", (1,))),
    (CITATION, replace(CITATION, number=2, page=None, page_label=None)), (HIT,),
    (Suggestion(HIT, Reason.OTHER_YEAR, "2019"),), 0.98765, Level.MEDIUM, Generation("extractive", checks=("quote",)),
    "v1", 12.3456, questions=("Wat is een woonvisie?",),
)  # fmt: skip
MANIFEST = Manifest("v1", "2025-01-01", "model 64d", 64, "1", "1", "1", 3, 9, "hash")

PASSAGE_KEYS = {
    "passageId", "docId", "source", "title", "section", "firstPage", "lastPage", "text", "score", "rank"
}  # fmt: skip
CITATION_KEYS = {
    "number", "passageId", "docId", "source", "title", "publisher", "issued", "section", "page", "pageLabel", "quote",
    "start", "end", "url",
}  # fmt: skip
ANSWER_KEYS = {
    "answerId",
    "conversationId",
    "question",
    "standaloneQuestion",
    "status",
    "text",
    "statements",
    "citations",
    "passages",
    "suggestions",
    "questions",
    "confidence",
    "level",
    "levelText",
    "language",
    "message",
    "reply",
    "generator",
    "generation",
    "libraryVersion",
    "tookMs",
}
SUGGESTION_KEYS = PASSAGE_KEYS | {"reason", "reasonText", "detail"}
GENERATION_KEYS = {
    "model", "promptVersion", "checks", "dropped", "fellBack", "promptTokens", "completionTokens"
}  # fmt: skip
DOCUMENT_KEYS = {"docId", "source", "title", "publisher", "kind", "issued", "pages", "passages"}


def wire(schema):
    """What another program reads."""
    return json.loads(schema.json_text())


def test_an_answer_has_the_names_of_the_contract():
    answer = wire(answer_schema(ANSWER, conversation_id="c1"))
    assert set(answer) == ANSWER_KEYS
    assert set(answer["statements"][0]) == {"text", "citations"}
    assert set(answer["citations"][0]) == CITATION_KEYS
    assert set(answer["passages"][0]) == PASSAGE_KEYS
    assert set(answer["suggestions"][0]) == SUGGESTION_KEYS
    assert set(answer["generation"]) == GENERATION_KEYS


def test_an_answer_says_what_was_asked_and_found():
    answer = wire(answer_schema(ANSWER, conversation_id="c1"))
    assert (answer["answerId"], answer["conversationId"]) == ("a1", "c1")
    assert (answer["question"], answer["standaloneQuestion"]) == ("En waar?", "Hoeveel woningen – En waar?")
    assert answer["text"] == "“Veldrijk bouwt.” [1] [2] “Ook in Elzen.” [1]"
    assert [statement["citations"] for statement in answer["statements"]] == [[1, 2], [1]]
    assert (answer["generator"], answer["libraryVersion"]) == ("extractive", "v1")
    assert (answer["confidence"], answer["tookMs"]) == (0.9877, 12.3)
    assert wire(answer_schema(ANSWER))["conversationId"] is None
    assert (answer["questions"], answer["language"], answer["reply"]) == (["Wat is een woonvisie?"], "nl", None)
    assert answer["generation"]["checks"] == ["quote"]


@pytest.mark.parametrize(("language", "word"), [("nl", "Waarschijnlijk"), ("en", "Likely")])
def test_what_a_front_end_says_comes_with_the_answer(language, word):
    answer = wire(answer_schema(replace(ANSWER, language=language)))
    assert (answer["level"], answer["message"]) == ("medium", "")
    assert answer["levelText"].startswith(word)
    [suggestion] = answer["suggestions"]
    assert (suggestion["reason"], suggestion["detail"]) == ("other_year", "2019")
    assert "2019" in suggestion["reasonText"]


@pytest.mark.parametrize("reply", Reply)
@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_fixed_reply_is_the_message(reply, language):
    nothing = replace(ANSWER, status=Status.NOT_FOUND, statements=(), citations=(), language=language)
    said = wire(answer_schema(replace(nothing, reply=reply)))
    assert said["reply"] == reply.value
    assert said["message"] not in ("", wire(answer_schema(nothing))["message"])
    assert said["levelText"] == ""


def test_a_citation_says_where_its_quote_stands():
    first, second = wire(answer_schema(ANSWER))["citations"]
    assert first == {
        "number": 1, "passageId": "p1", "docId": "d1", "source": "wonen/visie.pdf", "title": "Woonvisie",
        "publisher": "Gemeente Veldrijk", "issued": "2024-03", "section": ["Deel 1", "Opgave"], "page": 4,
        "pageLabel": "ii", "quote": TEXT[:30], "start": 100, "end": 130, "url": None,
    }  # fmt: skip
    assert (second["number"], second["page"], second["pageLabel"]) == (2, None, None)


@pytest.mark.parametrize("status", Status)
def test_every_status_goes_over_the_wire_by_its_own_name(status):
    assert wire(answer_schema(replace(ANSWER, status=status)))["status"] == status.value
    assert status.value in {"answered", "partial", "not_found"}


def test_nothing_found_is_an_answer_without_text():
    empty = replace(ANSWER, status=Status.NOT_FOUND, statements=(), citations=(), passages=())
    answer = wire(answer_schema(empty))
    assert (answer["text"], answer["statements"], answer["citations"], answer["passages"]) == ("", [], [], [])
    assert answer["message"] == "Dit staat niet in de documenten."
    assert answer["levelText"] == ""  # which speaks of an answer
    assert [one["passageId"] for one in answer["suggestions"]] == ["p1"]


def test_a_passage():
    [passage] = wire(PassagesSchema(passages=[passage_schema(HIT)]))["passages"]
    assert passage == {
        "passageId": "p1", "docId": "d1", "source": "wonen/visie.pdf", "title": "Woonvisie",
        "section": ["Deel 1", "Opgave"], "firstPage": 4, "lastPage": 5, "text": TEXT, "score": 0.123457, "rank": 1,
    }  # fmt: skip
    bare = replace(HIT, passage=replace(PASSAGE, first_page=None, last_page=None, section=()))
    assert (wire(passage_schema(bare))["firstPage"], wire(passage_schema(bare))["section"]) == (None, [])


def test_a_document():
    [document] = wire(DocumentsSchema(documents=[document_schema(DOCUMENT, 12)]))["documents"]
    assert document == {
        "docId": "d1", "source": "wonen/visie.pdf", "title": "Woonvisie", "publisher": "Gemeente Veldrijk",
        "kind": "visie", "issued": "2024-03", "pages": 40, "passages": 12,
    }  # fmt: skip
    bare = wire(document_schema(Document("d", "a.md", "A", "text/markdown", "hash"), 0))
    assert set(bare) == DOCUMENT_KEYS
    assert [key for key in DOCUMENT_KEYS if bare[key] is None] != []


def test_groups_and_hashes_stay_inside():
    for schema in (answer_schema(ANSWER), passage_schema(HIT), document_schema(DOCUMENT, 1)):
        assert "geheime" not in schema.json_text()


def test_a_publish_says_in_dutch_what_was_wrong():
    report = PublishReport(
        MANIFEST,
        (FileReport("a.md", "added", 4), FileReport("b.md", "failed", error=EmptyFile("b.md")),
         FileReport("c.md", "failed", error=ValueError("intern detail"))),
        published=True,
    )  # fmt: skip
    published = wire(publish_schema(report))
    assert {key: published[key] for key in published if key != "files"} == {
        "libraryVersion": "v1", "published": True, "documents": 3, "passages": 9,
    }  # fmt: skip
    assert published["files"][0] == {"source": "a.md", "outcome": "added", "passages": 4, "message": None}
    assert published["files"][1]["message"].startswith("b.md is leeg")
    assert "intern detail" not in json.dumps(published)


def test_a_check_of_the_library():
    assert wire(VerifySchema(library_version="v1", problems=["de woordindex ontbreekt"])) == {
        "libraryVersion": "v1", "problems": ["de woordindex ontbreekt"],
    }  # fmt: skip


def test_every_name_is_in_camel_case():
    text = answer_schema(ANSWER).json_text() + document_schema(DOCUMENT, 1).json_text()
    for name in re.findall(r'"(\w+)":', text):
        assert re.fullmatch(r"[a-z]+(?:[A-Z][a-z]+)*", name), name


@pytest.mark.parametrize("text", ["‘€ 100’ – één 😀", "\x1b[31mrood\x07", "</script>", '"\\\n'])
def test_any_text_goes_over_the_wire_unharmed(text):
    schema = passage_schema(replace(HIT, passage=replace(PASSAGE, text=text)))
    assert wire(schema)["text"] == text
    assert "\x1b" not in schema.json_text()


def test_what_went_over_the_wire_can_be_read_back():
    schema = answer_schema(ANSWER, conversation_id="c1")
    assert type(schema).model_validate_json(schema.json_text()) == schema
