"""The five real source documents, when they lie beside the checkout: nothing is lost, and every quote is true."""

import json
import re
import unicodedata
from pathlib import Path

import pytest

from assistant.assistant import Assistant
from assistant.types import Query, Status
from ingest.encode import load_encoder
from ingest.library import Library, LiveLibrary
from ingest.publish import publish

SHARED = Path(__file__).parent.parent.parent / "shared"
SOURCES, TOPICS = SHARED / "bronnen", SHARED / "eval" / "dev.jsonl"

pytestmark = pytest.mark.skipif(
    not (SOURCES.is_dir() and TOPICS.is_file()), reason="needs ../shared/bronnen and ../shared/eval"
)


def squeezed(text):
    """Letters and figures only: what extraction did with white space, hyphens and markup does not count."""
    plain = unicodedata.normalize("NFKD", text.replace("\u00ad", ""))
    plain = re.sub(r"</?\w+>", "", "".join(c for c in plain if not unicodedata.combining(c)).lower())
    return re.sub(r"[\W_]+", "", plain)


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("echt")
    report = publish([SOURCES], folder, load_encoder(None))
    assert {file.outcome for file in report.files} == {"added"}
    return folder


@pytest.fixture(scope="module")
def library(data):
    opened = Library.open(data, load_encoder(None))
    yield opened
    opened.close()


def test_passages_are_of_a_size_to_read_and_stand_in_their_document(library):
    for document in library.documents.values():
        canonical = library.canonical(document.doc_id)
        passages = library.passages_of(document.doc_id)
        assert canonical is not None
        assert passages
        assert all(canonical.text[p.start : p.end] == p.text for p in passages)
        assert all(len(p.text.split()) <= 450 for p in passages)


def test_no_text_is_lost(library):
    for document in library.documents.values():
        raw = (SOURCES / document.source).read_text(encoding="utf-8")
        canonical = library.canonical(document.doc_id)
        assert canonical is not None
        kept = set(re.findall(r"\w{5,}", canonical.text.lower()))
        given = re.findall(r"\w{5,}", re.sub(r"https?://\S+|<[^>]+>", " ", raw).lower())
        lost = [word for word in given if word not in kept]
        assert len(lost) < 0.03 * len(given), sorted(set(lost))[:40]


def test_every_quote_stands_in_its_source(data):
    encoder = load_encoder(None)
    live = LiveLibrary(data, encoder)
    assistant = Assistant(live, encoder)
    texts = {path.name: squeezed(path.read_text(encoding="utf-8")) for path in SOURCES.glob("*.txt")}
    topics = [json.loads(line) for line in TOPICS.read_text(encoding="utf-8").splitlines() if line.strip()]
    answered = 0
    for topic in topics:
        answer = assistant.ask(Query(topic["question"]))
        answered += answer.status is Status.ANSWERED
        assert all(statement.citations for statement in answer.statements)
        for citation in answer.citations:
            assert squeezed(citation.quote) in texts[citation.document.source], citation.quote
    live.close()
    assert answered > len(topics) / 2
