"""Choosing sentences with the networks of the project, and the answers that come of it, from question to citation."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.choose import choose
from assistant.passage_sentences import read_sentences
from assistant.sentence_features import NAMES, sentence_features
from assistant.types import Query, Status
from ingest.encode import VectorCache
from ingest.library import LiveLibrary
from ingest.publish import publish
from ingest.types import Block
from tests.corpus import write_corpus
from tests.test_features import question
from tests.test_sentence_features import HEADING, library, paragraph

WATER = """# Nota Water: een plan voor de vaart

## Sturing

De gemeente Elzen kent vier manieren om het water te beheren:

a. De strenge dijkgraaf

Hier stelt de gemeente regels op en ziet zij erop toe dat eigenaren hun sloten schoonhouden.

b. De snelle aannemer

Hier voert de gemeente het werk zelf uit, met eigen mensen en eigen machines.

c. De goede buur

Hier maakt de gemeente afspraken met boeren, bedrijven en het waterschap.

d. De luisterende gids

Hier nemen bewoners het voortouw en helpt de gemeente waar dat nodig is.

## Kosten

Het baggeren van de vaart werd in 2018 twee keer uitgesteld. Deze vertraging kwam doordat de sliblaag zwaar vervuild
bleek. De aannemer moest daarom eerst een nieuwe vergunning aanvragen.

De nota telt 41 bruggen in de gemeente Elzen.

> Samen baggeren is goedkoper dan alleen baggeren, zegt de dijkgraaf.

## Samenwerken

Samen baggeren is goedkoper dan alleen baggeren, zegt de dijkgraaf. Wij willen nu met alle buurgemeenten een
gezamenlijke baggerploeg oprichten.
"""
REPORT = """# Verslag van de wateravond

## Opening

De gemeente Elzen heeft inmiddels 44 bruggen laten keuren, en twee daarvan gaan dicht.

## Wensen

Bewoners vroegen om drie dingen:

- een veerpont bij de molen
- zwemwater zonder blauwalg
- bankjes langs het jaagpad

De veerpont bij de molen gaat 85.000 euro kosten. Over de bankjes beslist de dorpsraad in september.
"""
METADATA = """
["water.md"]
issued = "2019-06"
kind = "nota"

["verslag.md"]
issued = "2022-05"
kind = "verslag"
"""
TEXT = (
    "Elzen telt 900 inwoners en groeit nog. De brug over de vaart is gebouwd in 1932. Hoeveel schepen komen er langs? "
    "De raad vergadert elke maand in het dorpshuis. Bij de brug staat een oude molen."
)


def chosen(asked, encoder, *documents):
    texts, hits = library(*documents)
    said = read_sentences(hits, texts.__getitem__)
    analysed = replace(question(asked), vector=encoder.encode_queries([asked])[0])
    vectors = encoder.encode_passages([one.text for one in said])
    return choose(said, sentence_features(analysed, said, words_of(encoder), vectors))


def words_of(encoder):
    """The vectors of words, as a library gives them."""
    return VectorCache(encoder).vectors


@pytest.mark.parametrize(
    ("asked", "answer"),
    [
        ("Hoeveel inwoners telt Elzen?", "900 inwoners"),
        ("Wanneer is de brug over de vaart gebouwd?", "1932"),
        ("Waar vergadert de raad?", "dorpshuis"),
        ("Wat staat er bij de brug?", "molen"),
    ],
)
def test_the_sentence_that_plainly_answers_comes_first(encoder, asked, answer):
    assert answer in chosen(asked, encoder, [HEADING, paragraph(TEXT)])[0].sentence.text


def test_only_what_can_be_quoted_is_chosen(encoder):
    found = chosen("Hoeveel schepen komen er langs?", encoder, [HEADING, paragraph(TEXT), paragraph("Schepen")])
    assert len(found) == 4
    assert all(one.sentence.quotable for one in found)
    assert chosen("Hoeveel?", encoder, [HEADING, paragraph("Hoeveel?")]) == []
    assert choose([], np.zeros((0, len(NAMES)), np.float32)) == []


def test_equally_good_sentences_stay_in_order():
    texts, hits = library([HEADING, paragraph(TEXT)])
    said = read_sentences(hits, texts.__getitem__)
    found = choose(said, np.zeros((len(said), len(NAMES)), np.float32))
    assert [one.sentence for one in found] == [one for one in said if one.quotable]
    assert len({one.score for one in found}) == 1


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 8), st.integers(0, 1000), st.floats(0.1, 1e4))
def test_scores_are_shares_of_one_whatever_the_features(count, seed, spread):
    blocks = [Block("paragraph", f"De raad vergadert in zaal {number} van het huis.") for number in range(count)]
    texts, hits = library(blocks)
    said = read_sentences(hits, texts.__getitem__)
    features = np.random.default_rng(seed).normal(0, spread, (len(said), len(NAMES))).astype(np.float32)
    found = choose(said, features)
    scores = [one.score for one in found]
    assert sum(scores) == pytest.approx(1)
    assert scores == sorted(scores, reverse=True)
    outputs = [one.output for one in found]
    assert outputs == pytest.approx(sorted(outputs, reverse=True))
    for one in found:
        np.testing.assert_array_equal(one.features, features[said.index(one.sentence)])
    assert [one.sentence for one in choose(said, features)] == [one.sentence for one in found]


# From question to answer


@pytest.fixture(scope="module")
def ask(tmp_path_factory, encoder):
    folder = tmp_path_factory.mktemp("antwoorden")
    corpus = write_corpus(folder / "bronnen")
    (corpus / "water.md").write_text(WATER, encoding="utf-8")
    (corpus / "verslag.md").write_text(REPORT, encoding="utf-8")
    with (corpus / "bronnen.toml").open("a", encoding="utf-8") as known:
        known.write(METADATA)
    publish([corpus], folder / "data", encoder)
    library = LiveLibrary(folder / "data", encoder)
    assistant = Assistant(library, encoder)
    yield lambda text: assistant.ask(Query(text))
    library.close()


def statements(answer):
    assert answer.status is Status.ANSWERED
    for citation in answer.citations:
        assert citation.quote
    return [statement.text for statement in answer.statements]


def test_a_fact_is_one_sentence_by_itself(ask):
    assert statements(ask("Hoeveel woningen bouwt Veldrijk tot 2030?")) == ["“Tot 2030 bouwt Veldrijk 2.150 woningen.”"]


def test_items_with_text_below_them_are_a_list_each_with_its_own_citation(ask):
    answer = ask("Welke vier manieren om het water te beheren kent Elzen?")
    assert statements(answer)[0] == (
        "“De gemeente Elzen kent vier manieren om het water te beheren:”\n– “a. De strenge dijkgraaf”\n"
        "– “b. De snelle aannemer”\n– “c. De goede buur”\n– “d. De luisterende gids”"
    )
    assert answer.statements[0].citations == (1, 2, 3, 4, 5)


def test_a_list_is_given_whole_whether_or_not_it_is_counted(ask):
    whole = (
        "“Bewoners vroegen om drie dingen:\n– een veerpont bij de molen\n– zwemwater zonder blauwalg\n"
        "– bankjes langs het jaagpad”"
    )
    for text in ("Waar vroegen bewoners om?", "Welke drie dingen vroegen bewoners?"):
        assert statements(ask(text))[0] == whole


def test_a_reason_comes_with_what_it_is_the_reason_of(ask):
    first = statements(ask("Waarom werd het baggeren van de vaart uitgesteld?"))[0]
    assert first == (
        "“Het baggeren van de vaart werd in 2018 twee keer uitgesteld. Deze vertraging kwam doordat de sliblaag zwaar "
        "vervuild bleek.”"
    )


def test_what_the_question_names_is_not_explained_again(ask):
    first = statements(ask("Waardoor kwam de vertraging bij het baggeren?"))[0]
    assert first.startswith("“Deze vertraging kwam doordat")


def test_documents_that_give_other_numbers_are_both_named_with_their_date(ask):
    found = statements(ask("Hoeveel bruggen zijn er in Elzen?"))
    assert sorted(text.partition("“")[0] for text in found) == [
        "Nota Water (juni 2019): ",
        "Verslag van de wateravond (mei 2022): ",
    ]
    assert {number for text in found for number in ("41", "44") if number in text} == {"41", "44"}


def test_a_document_that_is_pointed_at_is_the_one_that_answers(ask):
    answer = ask("Hoeveel bruggen heeft Elzen volgens het verslag?")
    assert "44 bruggen" in statements(answer)[0]
    assert {citation.document.source for citation in answer.citations} == {"verslag.md"}


def test_each_part_of_a_question_is_answered(ask):
    found = statements(ask("Hoeveel kost de veerpont bij de molen, en wie beslist over de bankjes?"))
    assert found == [
        "“De veerpont bij de molen gaat 85.000 euro kosten.”",
        "“Over de bankjes beslist de dorpsraad in september.”",
    ]


def test_wij_and_nu_are_framed_and_a_pull_quote_is_not_said_twice(ask):
    found = statements(ask("Wat willen de gemeenten samen oprichten?"))
    assert found[0].startswith("Nota Water (juni 2019): “Wij willen nu met alle buurgemeenten")
    assert sum("goedkoper dan alleen" in text for text in found) <= 1


def test_an_english_question_gets_an_english_frame_around_dutch(ask):
    answer = ask("How much will the ferry near the mill cost?")
    assert statements(answer)[0] == (
        "According to Verslag van de wateravond (May 2022, in Dutch): "
        "“De veerpont bij de molen gaat 85.000 euro kosten.”"
    )
    assert answer.language == "en"


@pytest.mark.parametrize("text", ["Hoeveel bruggen zijn er in Elzen?", "Waar vroegen bewoners om?"])
def test_the_same_question_gives_the_same_answer(ask, text):
    first, second = ask(text), ask(text)
    assert (first.statements, first.citations) == (second.statements, second.citations)
