"""The files and the record of an answer over HTTP: what they are called, and who gets them."""

import io
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import docx
import pytest

from api.access import Caller, Open
from api.storage.store import MAX_FEEDBACK
from api.storage.types import Feedback
from ingest.encode import load_encoder
from tests.api_server import HIDDEN_QUESTION, HIDDEN_WORD, client_of, open_parts, publish_corpus

QUESTION = "Hoeveel woningen bouwt Veldrijk tot 2030?"
MEDIA_TYPES = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "odt": "application/vnd.oasis.opendocument.text",
    "md": "text/markdown; charset=utf-8",
}


@dataclass(frozen=True)
class Asker:
    """Access for callers that may only ask."""

    def caller(self, _request):
        return Caller(scopes=frozenset(("ask",)))


@pytest.fixture(scope="module")
def parts(tmp_path_factory):
    """What all of the servers work with."""
    encoder = load_encoder(None)
    with open_parts(publish_corpus(tmp_path_factory.mktemp("bestand"), encoder), encoder) as parts:
        yield parts


@pytest.fixture(scope="module")
def store(parts):
    return parts.store


@pytest.fixture(scope="module")
def clients(parts):
    """Clients of servers on one library: of whoever runs it, of the directie, and of one who may only ask."""
    with ExitStack() as stack:
        yield {
            name: stack.enter_context(client_of(replace(parts, access=access)))
            for name, access in (
                ("open", Open()),
                ("directie", Open(frozenset(("directie",)))),
                ("asker", Asker()),
            )
        }


@pytest.fixture(scope="module")
def answer(clients):
    return clients["open"].post("/v1/answers", json={"question": QUESTION}).json()


@pytest.fixture(scope="module")
def hidden(clients):
    answer = clients["directie"].post("/v1/answers", json={"question": HIDDEN_QUESTION}).json()
    assert HIDDEN_WORD in answer["text"]
    return answer


def addresses(answer):
    """Every address at which something of an answer is to be had."""
    place = f"/v1/answers/{answer['answerId']}"
    return [
        *(f"{place}/export?format={kind}" for kind in MEDIA_TYPES),
        *(f"/antwoorden/{answer['answerId']}/bestand.{kind}" for kind in MEDIA_TYPES),
        f"{place}/record",
    ]


@pytest.mark.parametrize("kind", MEDIA_TYPES)
def test_a_file_comes_under_its_name(clients, answer, kind):
    by_api = clients["open"].get(f"/v1/answers/{answer['answerId']}/export", params={"format": kind})
    by_page = clients["open"].get(f"/antwoorden/{answer['answerId']}/bestand.{kind}")
    name = f"antwoord-hoeveel-woningen-bouwt-veldrijk-tot-2030.{kind}"
    for response in (by_api, by_page):
        assert response.status_code == 200
        assert response.headers["content-type"] == MEDIA_TYPES[kind]
        assert response.headers["content-disposition"] == (f"attachment; filename=\"{name}\"; filename*=UTF-8''{name}")
        assert response.headers["x-content-type-options"] == "nosniff"
    assert by_api.content == by_page.content


def test_the_file_is_a_word_file_and_holds_the_answer(clients, answer):
    response = clients["open"].get(f"/v1/answers/{answer['answerId']}/export")
    opened = docx.Document(io.BytesIO(response.content))
    assert opened.paragraphs[0].text == QUESTION
    assert any(answer["statements"][0]["text"] == one.text for one in opened.paragraphs)
    outside = {one.target_ref for one in opened.part.rels.values() if one.is_external}
    assert f"{clients['open'].base_url}/antwoorden/{answer['answerId']}" in outside


def test_a_format_that_is_not_there_is_refused(clients, answer):
    response = clients["open"].get(f"/v1/answers/{answer['answerId']}/export", params={"format": "pdf"})
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert clients["open"].get(f"/antwoorden/{answer['answerId']}/bestand.pdf").status_code == 404


def test_who_may_not_see_a_document_does_not_know_of_its_answer(clients, hidden):
    for address in addresses(hidden):
        assert clients["directie"].get(address).status_code == 200
        refused = clients["open"].get(address)
        unknown = clients["open"].get(address.replace(hidden["answerId"], "0" * 32))
        assert refused.status_code == unknown.status_code == 404
        assert HIDDEN_WORD not in refused.text
        assert "content-disposition" not in refused.headers


def test_the_record_is_for_who_administers(clients, answer):
    address = f"/v1/answers/{answer['answerId']}/record"
    record = clients["open"].get(address)
    assert record.headers["content-type"] == "application/json"
    assert record.json()["question"] == QUESTION
    assert record.json()["answer"]["answer"]["passages"]
    refused = clients["asker"].get(address)
    assert refused.status_code == 403
    assert refused.json()["type"].endswith(":forbidden")
    assert clients["asker"].get(f"/v1/answers/{answer['answerId']}/export").status_code == 200


def test_feedback_that_is_one_too_many_is_told_so(clients, store):
    answer = clients["open"].post("/v1/answers", json={"question": QUESTION}).json()
    body = {"answerId": answer["answerId"], "helpful": True}
    for _ in range(MAX_FEEDBACK - 1):
        store.add_feedback(Feedback(answer["answerId"], True), datetime.now(UTC))
    assert clients["open"].post("/v1/feedback", json=body).status_code == 204
    refused = clients["open"].post("/v1/feedback", json=body)
    assert refused.status_code == 409
    assert refused.json()["type"].endswith(":feedback-full")
    assert f"{MAX_FEEDBACK} meningen" in refused.json()["detail"]
