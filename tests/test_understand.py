"""What a question asks: other forms of its words, its language, its names, and the documents it points at."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.understand import (
    ABBREVIATION_WEIGHT,
    MOST_FORMS,
    SYNONYM_WEIGHT,
    TRANSLATION_WEIGHT,
    is_english,
    pointed_at,
    understand,
)
from ingest.dutch import content_words, stem
from ingest.library import Library
from ingest.publish import publish
from ingest.thesaurus import Entry, Group, Thesaurus, dutch_key, load_thesaurus
from ingest.titles import Titles
from ingest.types import Document
from tests.corpus import write_corpus

REGION = """# Nota Zuiderwoude en omstreken

Het Regionaal Overleg Wonen (ROW) komt vier keer per jaar bijeen. Elke gemeente betaalt 0,4 miljoen euro mee.
"""
NOTHING = Thesaurus(())


@pytest.fixture(scope="module")
def library(tmp_path_factory, encoder):
    folder = tmp_path_factory.mktemp("begrijpen")
    corpus = write_corpus(folder / "bronnen")
    (corpus / "regio.md").write_text(REGION, encoding="utf-8")
    with (corpus / "bronnen.toml").open("a", encoding="utf-8") as known:
        known.write('\n["regio.md"]\nissued = "2017-02"\n')
    publish([corpus], folder / "data", encoder)
    opened = Library.open(folder / "data", encoder)
    yield opened
    opened.close()


def group(dutch, english=""):
    """A group as a line of the thesaurus has it."""
    sides = [tuple(Entry(text) for text in side.split(", ") if text) for side in (dutch, english)]
    return Group(*sides)


def asked(library, text, thesaurus=NOTHING):
    return understand(text, library, library.encoder, thesaurus)


def forms(question, word):
    """Stems -> weight, of the other forms of one word of a question."""
    [found] = [found for found in question.words if found.text == word]
    return {form.stems: form.weight for form in found.forms}


# Words and their other forms


def test_a_question_is_searched_for_by_its_content_words_once_each(library):
    question = asked(library, "Wat doet het wijkteam, en waarom het wijkteam?")
    assert [word.text for word in question.words] == ["doet", "wijkteam"]
    assert question.text == "Wat doet het wijkteam, en waarom het wijkteam?"
    assert question.intent == "why"


def test_a_word_has_the_other_words_of_its_group(library):
    thesaurus = Thesaurus([group("belbus, buurtbus, busje op afroep")])
    question = asked(library, "Wanneer rijdt de buurtbus?", thesaurus)
    assert forms(question, "buurtbus") == dict.fromkeys(
        [dutch_key("belbus"), dutch_key("busje afroep")], SYNONYM_WEIGHT
    )
    assert forms(question, "rijdt") == {}


def test_an_inflected_word_has_them_too_and_never_itself(library):
    thesaurus = Thesaurus([group("wijkteam, wijkteams, buurtteam")])
    assert forms(asked(library, "Zijn er wijkteams?", thesaurus), "wijkteams") == {
        dutch_key("buurtteam"): SYNONYM_WEIGHT
    }


def test_each_word_of_a_phrase_has_the_forms_of_the_phrase(library):
    thesaurus = Thesaurus([group("hulp aan huis, thuiszorg")])
    question = asked(library, "Wie betaalt de hulp aan huis?", thesaurus)
    assert forms(question, "hulp") == forms(question, "huis") == {dutch_key("thuiszorg"): SYNONYM_WEIGHT}


def test_a_word_of_many_groups_keeps_only_some_forms(library):
    thesaurus = Thesaurus([group(f"bus, woord{chr(97 + at)}, begrip{chr(97 + at)}") for at in range(MOST_FORMS)])
    assert len(forms(asked(library, "bus", thesaurus), "bus")) == MOST_FORMS


def test_the_shipped_thesaurus_links_everyday_words_to_those_of_the_text(library):
    question = asked(library, "Wat wil de burgervader?", load_thesaurus())
    assert forms(question, "burgervader")[dutch_key("burgemeester")] == SYNONYM_WEIGHT


def test_an_abbreviation_that_a_document_explains_stands_for_its_words_and_they_for_it(library):
    whole = dutch_key("regionaal overleg wonen")
    assert forms(asked(library, "Hoe vaak vergadert het ROW?"), "row") == {whole: ABBREVIATION_WEIGHT}
    question = asked(library, "Hoe vaak is er regionaal overleg wonen?")
    assert [forms(question, word) for word in ("regionaal", "overleg", "wonen")] == [
        {("row",): ABBREVIATION_WEIGHT}
    ] * 3


def test_the_documents_weigh_more_than_the_thesaurus(library):
    thesaurus = Thesaurus([group("ROW, regionaal overleg wonen, rij")])
    found = forms(asked(library, "Wat is het ROW?", thesaurus), "row")
    assert found == {dutch_key("regionaal overleg wonen"): ABBREVIATION_WEIGHT, dutch_key("rij"): SYNONYM_WEIGHT}


# Languages


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("What does the municipality spend on youth care?", True),
        ("Who is the mayor of Veldrijk?", True),
        ("Wat geeft de gemeente uit aan jeugdhulp?", False),
        ("Wat is de customer journey van the cloud?", False),
        ("jeugdhulp", False),
        ("", False),
    ],
)
def test_the_commonest_words_tell_the_language(text, english):
    assert is_english(text) is english


def test_an_english_question_is_searched_for_in_dutch(library):
    thesaurus = Thesaurus([group("jeugdhulp, jeugdzorg", "youth care"), group("raad, gemeenteraad", "council")])
    question = asked(library, "What did the councils decide about youth care?", thesaurus)
    assert question.english
    care = dict.fromkeys([("jeugdhulp",), ("jeugdzorg",)], TRANSLATION_WEIGHT)
    assert forms(question, "youth") == forms(question, "care") == care
    assert forms(question, "councils").keys() == {dutch_key("raad"), dutch_key("gemeenteraad")}


def test_an_english_question_gets_no_synonyms_and_no_lookalikes(library):
    thesaurus = Thesaurus([group("brief, schrijven", "letter")])
    question = asked(library, "What is the brief about?", thesaurus)
    assert forms(question, "brief") == {}
    assert not any(word.fuzzy for word in question.words)


def test_an_abbreviation_works_in_english_too(library):
    assert forms(asked(library, "How often does the ROW meet?"), "row")


def test_only_words_of_letters_may_be_taken_for_others(library):
    assert {word.text: word.fuzzy for word in asked(library, "Is de begrotign van 2024 af?").words} == {
        "begrotign": True,
        "2024": False,
        "af": True,
    }


# What the library has


def test_a_word_that_no_passage_has_is_the_most_telling_and_not_known(library):
    question = asked(library, "Krijgt Veldrijk een zweefmolen?")
    assert {stem("veldrijk")} == question.known & {stem("veldrijk"), stem("zweefmolen")}
    assert question.idf[stem("zweefmolen")] > question.idf[stem("veldrijk")] > 0


def test_names_and_numbers_that_the_library_lacks_are_absent(library):
    question = asked(library, "Bouwt Veldrijk in 2031 2.150 woningen in Zandbergen, mevrouw Hulst?")
    assert question.names == {"veldrijk", "2031", "2150", "zandbergen", "hulst"}
    assert question.absent == {"2031", "zandbergen"}


def test_the_year_of_a_document_is_not_absent(library):
    assert "2017" not in REGION
    assert asked(library, "Wie betaalt er mee volgens de nota uit 2017?").absent == frozenset()
    assert asked(library, "Wie betaalt er mee volgens de nota uit 2016?").absent == {"2016"}


def test_a_name_in_a_title_is_not_absent(library):
    question = asked(library, "Wat regelt Zuiderwoude?")
    assert question.names == {"zuiderwoude"}
    assert question.absent == frozenset()


def test_the_question_has_the_vector_of_a_question(library):
    text = "Wie beslist over het dorpsbudget?"
    np.testing.assert_array_equal(asked(library, text).vector, library.encoder.encode_queries([text])[0])


# The documents that a question points at


def document(doc_id, title, kind=None):
    return Document(doc_id, f"{doc_id}.md", title, "text/markdown", "hash", kind=kind)


DOCUMENTS = {
    found.doc_id: found
    for found in (
        document("wonen", "Woonvisie Veldrijk 2030", "visie"),
        document("jeugd", "Raadsbrief jeugdhulp", "raadsbrief"),
        document("interview", "Gesprek met burgemeester Aart Slingerland", "interview"),
        document("essay", "De straat als huiskamer", "essay"),
        document("afval", "Afval scheiden in hoogbouw", "essay"),
    )
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Wat zegt de woonvisie van Veldrijk over parkeren?", ["wonen"]),
        ("Wat staat er in de raadsbrief?", ["jeugd"]),
        ("Hoe denkt Slingerland volgens het interview over inspraak?", ["interview"]),
        ("Wat moet er gebeuren volgens Aart Slingerland?", ["interview"]),
        ("What should be done according to Slingerland?", ["interview"]),
        ("Welke essays gaan over hoogbouw en afval?", ["afval"]),
        ("Wat zegt het essay over afval in hoogbouw?", ["essay", "afval"]),
        ("Wat kost jeugdhulp?", []),
        ("Hoeveel mensen wonen er in de straat?", []),
        ("Is er televisie in het dorpshuis?", []),
        ("", []),
    ],
)
def test_a_question_points_at_documents_by_title_by_kind_or_by_who_says_it(text, expected):
    assert pointed_at(text, Titles(DOCUMENTS), DOCUMENTS) == set(expected)


def test_what_points_at_most_documents_points_at_none():
    alike = {f"n{at}": document(f"n{at}", f"Notulen raad maand {at}", "notulen") for at in range(4)}
    assert pointed_at("Wat staat er in de notulen?", Titles(alike), alike) == set()
    assert pointed_at("Wat staat er in de notulen?", Titles(alike | DOCUMENTS), alike | DOCUMENTS) == set(alike)
    assert pointed_at("Wat staat er in de notulen?", Titles({"n1": alike["n1"]}), {"n1": alike["n1"]}) == {"n1"}
    assert pointed_at("Wat staat er in de notulen?", Titles({}), {}) == set()


def test_a_kind_is_a_word_whatever_characters_it_has():
    odd = {"a": document("a", "Titel", "c++ (nota)"), "b": document("b", "Titel", "beleid")}
    assert pointed_at("Wat is het beleid?", Titles(odd), odd) == {"b"}


def test_the_question_names_documents_of_the_library(library):
    question = asked(library, "Wat staat er in de raadsbrief over het tekort?")
    assert [library.documents[doc_id].source for doc_id in question.documents] == ["brieven/jeugdhulp.md"]


# Questions in several parts


def parts_of(library, text):
    return [part.text for part in asked(library, text).parts]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        (
            "Hoeveel woningen bouwt Veldrijk en wie betaalt de gezinscoaches?",
            ["Hoeveel woningen bouwt Veldrijk", "wie betaalt de gezinscoaches?"],
        ),
        (
            "Wat kost de jeugdhulp; en in welk jaar volgt de evaluatie?",
            ["Wat kost de jeugdhulp", "in welk jaar volgt de evaluatie?"],
        ),
        (
            "What does youth care cost, and when does the evaluation start?",
            ["What does youth care cost", "when does the evaluation start?"],
        ),
        ("Wat kost de jeugdhulp?", []),
        ("Wat kosten jeugdhulp en wijkteams?", []),
        ("Wat kost de jeugdhulp en waarom?", []),
        ("Wie en wat beslist er in de raad?", []),
    ],
)
def test_a_second_question_word_after_en_begins_a_second_question(library, text, parts):
    assert parts_of(library, text) == parts


def test_a_part_that_stands_by_itself_has_its_own_words_only(library):
    first, second = asked(library, "Hoeveel woningen bouwt Veldrijk en wie betaalt de gezinscoaches?").parts
    assert {word.text for word in first.words} == {"woningen", "bouwt", "veldrijk"}
    assert {word.text for word in second.words} == {"betaalt", "gezinscoaches"}
    assert (first.intent, second.intent) == ("amount", "person")
    assert second.names == frozenset()
    np.testing.assert_array_equal(second.vector, library.encoder.encode_queries(["wie betaalt de gezinscoaches?"])[0])


@pytest.mark.parametrize(
    "leaning",
    [
        "wat zegt wethouder Hulst daarover?",
        "waarom vindt Hulst dat belangrijk?",
        "wie betaalt deze woningen samen?",
        "wat is zijn belangrijkste reden?",
        "wat vinden bewoners ervan volgens Hulst?",
    ],
)
def test_a_part_that_points_back_takes_the_first_part_along(library, leaning):
    first, second = asked(library, f"Hoeveel huizen bouwt Veldrijk tot 2030, en {leaning}").parts
    assert {"huizen", "veldrijk", "2030"} <= {word.text for word in second.words}
    assert second.names >= {"veldrijk", "2030"}
    assert second.text == leaning
    assert second.intent == asked(library, leaning).intent
    assert {word.text for word in first.words} == {"huizen", "bouwt", "veldrijk", "2030"}


def test_the_whole_question_keeps_all_of_its_words(library):
    question = asked(library, "Hoeveel woningen bouwt Veldrijk en wat zegt Hulst daarover?")
    assert {"woningen", "bouwt", "veldrijk", "hulst"} <= {word.text for word in question.words}
    assert [part.parts for part in question.parts] == [(), ()]


# Any text

SAID = (
    "wat volgens the jeugdhulp ROW Veldrijk 2.150 2e vierde 14-03-2024 B&W regionaal overleg wonen youth care mayor "
    "'s-Gravenhage visie according to Karin (nota) ??? … é"
).split()
TEXT = st.one_of(st.text(max_size=120), st.lists(st.sampled_from(SAID), max_size=12).map(" ".join))


@settings(max_examples=150, deadline=None)
@given(TEXT)
def test_any_text_can_be_understood(library, text):
    question = asked(library, text, load_thesaurus())
    content = content_words(text)
    assert [word.text for word in question.words] == list(dict.fromkeys(content))
    for word in question.words:
        assert {word.stem, *word.parts} <= question.idf.keys()
        assert len(word.forms) <= MOST_FORMS
        assert all(form.stems and 0 < form.weight < 1 for form in word.forms)
        assert len({form.stems for form in word.forms}) == len(word.forms)
    assert question.known <= question.idf.keys()
    assert all(idf >= 0 for idf in question.idf.values())
    assert question.absent <= question.names
    assert question.documents <= library.documents.keys()
    length = float(np.linalg.norm(question.vector))
    assert length == 0 or length == pytest.approx(1, abs=1e-4)


@pytest.mark.parametrize("text", ["de \ud83d gemeente", "\x00", "raad " * 3000, "a" * 5000, "9" * 5000])
def test_odd_and_endless_text_is_understood_too(library, text):
    question = asked(library, text, load_thesaurus())
    assert len(question.words) <= 1
