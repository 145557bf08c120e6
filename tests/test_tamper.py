"""A generator that lies: what it says is false, the verifier shows none of it, and without a verifier all is shown."""

import pytest

from assistant.assistant import Assistant
from assistant.types import Query, Statement
from assistant.verify import Verified, cite
from eval.examine import Subject, examine
from eval.measures import BY_NAME, estimate
from eval.tamper import MOST, Tampering
from eval.topics import Evidence, Topic
from ingest.encode import load_encoder
from ingest.library import LiveLibrary
from ingest.publish import publish
from tests.corpus import write_corpus

QUESTIONS = [
    "Hoeveel woningen bouwt Veldrijk tot 2030?",
    "Hoeveel inwoners telt Veldrijk?",
    "Waarom is de woningbouwopgave groter dan vroeger?",
    "Wanneer beginnen de gezinscoaches?",
    "Hoe groot was het tekort op de jeugdhulp?",
    "Wie beslist over het dorpsbudget?",
    "Op welke drie plekken bouwt de gemeente?",
]
SHOWN = BY_NAME["tampered_shown"]


CAUSES = ("omdat", "waardoor", "dus")


def topic(question):
    return Topic("v1", question, "fact", True, (Evidence("woonvisie.md", "Veldrijk"),), False, (("Veldrijk",),))


class Recorded(Tampering):
    """The same liar, with what it said about what."""

    def __init__(self):
        self.said = []

    def drafts(self, evidence):
        for draft in super().drafts(evidence):
            quotes = [evidence.canonical(doc_id).text[start:end] for doc_id, start, end in draft.quotes]
            self.said.append((draft, quotes, evidence.passages))
            yield draft


class Gullible:
    """A verifier that believes everything."""

    def __init__(self, passages, canonical):
        self._passages = {hit.passage.doc_id: hit for hit in passages}
        self._canonical = canonical
        self.dropped = 0

    def check(self, draft):
        doc_id, start, end = draft.quotes[0]
        hit = self._passages[doc_id]
        return Verified(
            Statement(draft.text, (1,)), (cite(1, hit.passage, hit.document, self._canonical(doc_id), start, end),)
        )


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("bron")
    publish([write_corpus(folder / "bronnen")], folder / "data", load_encoder(None))
    opened = LiveLibrary(folder / "data", load_encoder(None))
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def honest(library):
    return Assistant(library, load_encoder(None))


@pytest.fixture
def liar():
    return Recorded()


@pytest.fixture
def subject(library, honest, liar):
    return Subject(library, honest, Assistant(library, load_encoder(None), generator=liar))


def plain(text):
    return " ".join(text.split()).strip(" .“”").lower()


@pytest.mark.parametrize("question", QUESTIONS)
def test_nothing_false_is_shown(subject, liar, question):
    made = examine(topic(question), subject)
    assert made.given is not None
    assert made.given.statements
    assert made.tampered is not None
    assert made.tampered.shown == ()
    assert made.tampered.proposed == len(liar.said) > 0
    assert SHOWN.of(made) == 0


@pytest.mark.parametrize("question", QUESTIONS)
def test_what_is_proposed_is_false_or_wrongly_quoted(subject, liar, question):
    examine(topic(question), subject)
    assert len(liar.said) <= MOST
    for draft, quotes, _ in liar.said:
        assert not any(plain(draft.text) in plain(quote) for quote in quotes), draft


def test_lies_are_of_many_sorts(subject, liar):
    for question in QUESTIONS:
        examine(topic(question), subject)
    texts = [draft.text for draft, _, _ in liar.said]
    assert len(set(texts)) > 0.8 * len(texts)
    endings = [draft.quotes[0][2] - len(quotes[0]) - draft.quotes[0][1] for draft, quotes, _ in liar.said]
    assert any(endings), "a quote beyond the end of its document"
    assert any(any(negation in text for negation in ("niet", "geen")) for text in texts)
    joined = [(draft.text, quotes) for draft, quotes, _ in liar.said if len(quotes) == 2]
    assert joined, "two true sentences, with a cause that nobody gave"
    assert all(any(f", {cause} " in text for cause in CAUSES) for text, _ in joined)


def test_a_quote_of_another_document_is_wrong_only_if_it_says_something_else(tmp_path):
    """The same text in two files is as true of one as of the other."""
    corpus = write_corpus(tmp_path / "bronnen")
    (corpus / "woonvisie-kopie.md").write_text((corpus / "woonvisie.md").read_text(encoding="utf-8"), encoding="utf-8")
    publish([corpus], tmp_path / "data", load_encoder(None))
    opened = LiveLibrary(tmp_path / "data", load_encoder(None))
    liar = Recorded()
    liars = Assistant(opened, load_encoder(None), generator=liar)
    shown = [one.text for question in QUESTIONS for one in _told(liars.ask(Query(question)))]
    opened.close()
    assert shown == []
    sources = {hit.document.source for _, _, passages in liar.said for hit in passages}
    assert {"woonvisie.md", "woonvisie-kopie.md"} <= sources


def _told(answer):
    return answer.statements if answer.generator == Tampering.name else ()


def test_the_same_question_gets_the_same_lies(library):
    told = []
    for _ in range(2):
        liar = Recorded()
        Assistant(library, load_encoder(None), generator=liar).ask(Query(QUESTIONS[0]))
        told.append([draft for draft, _, _ in liar.said])
    assert told[0] == told[1] != []


def test_a_verifier_that_believes_everything_is_found_out(subject, liar, monkeypatch):
    monkeypatch.setattr("assistant.assistant.Verifier", Gullible)
    made = [examine(topic(question), subject) for question in QUESTIONS]
    found = estimate(SHOWN, [SHOWN.of(one) for one in made])
    assert found is not None
    assert found.value > 0.95
    shown = [text for one in made if one.tampered for text in one.tampered.shown]
    assert shown == [draft.text for draft, _, _ in liar.said]
    exact = estimate(BY_NAME["quotes_exact"], [BY_NAME["quotes_exact"].of(one) for one in made])
    assert exact is not None
    assert exact.value == 1, "what the honest one says is still true"


def test_a_verifier_that_only_looks_for_the_quotes_is_found_out(subject, monkeypatch):
    monkeypatch.setattr("assistant.verify.supports", lambda quotes, text, about: True)
    found = estimate(SHOWN, [SHOWN.of(examine(topic(question), subject)) for question in QUESTIONS])
    assert found is not None
    assert 0.6 < found.value < 1


def test_what_is_not_answered_is_not_lied_about(subject, liar):
    made = examine(topic("Hoeveel woningen bouwt Veldrijk in 2041?"), subject)
    assert made.given is not None
    assert made.given.refused
    assert (made.tampered, liar.said) == (None, [])
