import re
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.messages import explain_reason
from assistant.question_forms import Form, subject_question, turned_questions
from assistant.rerank import embedded_reranker
from assistant.retrieve import retrieve
from assistant.suggest import NEAREST, QUESTIONS, TRIED, answerable_questions, nearest, why_not
from assistant.types import Reason, ScoredPassage
from assistant.understand import understand
from ingest.dutch import content_words, stem, words
from ingest.encode import load_encoder
from ingest.library import Library
from ingest.publish import publish
from ingest.thesaurus import load_thesaurus
from ingest.types import Document, Passage
from tests.corpus import write_corpus

MORE = {
    "fietsplan.md": """# Fietsplan Oostmarke

## Snelfietsroutes

Oostmarke legt in 2021 drie snelfietsroutes aan. De route naar Elzen is de eerste. Een snelfietsroute is een breed
fietspad zonder kruisingen met auto's.

## Stallingen

Het stationsplein krijgt een grote stalling, omdat fietsers vaak geen plek vinden. Twintig buurten krijgen een
fietstrommel. Wethouder Mo Brandsma opent de stalling.

## Inhoud

Snelfietsroutes 3
Stallingen 7
""",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    folder = tmp_path_factory.mktemp("suggesties")
    write_corpus(folder / "bronnen")
    for name, text in MORE.items():
        (folder / "bronnen" / name).write_text(text, encoding="utf-8")
    publish([folder / "bronnen"], folder / "data", load_encoder(None))
    opened = Library.open(folder / "data", load_encoder(None))
    yield opened
    opened.close()


def ask(library, text):
    return understand(text, library, load_encoder(None), load_thesaurus())


def find(library, question):
    return retrieve(question, library, embedded_reranker(), limit=10).passages


def hit_of(library, words_of_it):
    """The passage of the library that has these words."""
    for doc_id, document in library.documents.items():
        for passage in library.passages_of(doc_id):
            if words_of_it in " ".join(passage.text.split()):
                return ScoredPassage(passage, document, 0.5, 1, "fused")
    raise AssertionError(words_of_it)


def made(text, section=(), title="Notitie", **options):
    document = Document("d9", "notitie.md", title, "text/markdown", "hash", **options)
    return ScoredPassage(Passage("p9", "d9", 0, text, section, 0, len(text)), document, 0.5, 1, "fused")


# Why a passage is no answer


@pytest.mark.parametrize(
    ("question", "passage", "reason", "detail"),
    [
        ("Hoeveel snelfietsroutes legt Oostmarke in 2026 aan?", "in 2021 drie", Reason.OTHER_YEAR, "2021"),
        ("Hoeveel woningen bouwt Brummen tot 2030?", "2.150 woningen", Reason.OTHER_NAME, "Brummen"),
        ("Wat vindt Pieter van den Berg van het warmtenet?", "De gezinscoaches beginnen", Reason.OTHER_NAME,
         "Pieter van den Berg"),
        ("Hoeveel fietsers vinden geen plek in de stalling op het stationsplein?", "grote stalling", None, ""),
        ("Hoeveel aansluitingen krijgt het gasnet?", "geen aansluiting", Reason.NO_AMOUNT, ""),
        ("Waarom beslist een dorpsraad over het budget?", "Over dat budget", Reason.NO_REASON, ""),
        ("Wanneer krijgt het stationsgebied een warmtenet?", "geen aansluiting", Reason.NO_TIME, ""),
        ("Welke architect tekende de woningen?", "2.150 woningen", None, "architect"),
        ("Wat kost een zwembadabonnement?", "2.150 woningen", Reason.SUBJECT, "zwembadabonnement"),
        ("Wat staat er in de raadsbrief over jeugdhulp in 2023?", "drie snelfietsroutes", Reason.OTHER_DOCUMENT, ""),
    ],
)  # fmt: skip
def test_the_reason_is_the_one_that_says_most(library, question, passage, reason, detail):
    found = why_not(ask(library, question), hit_of(library, passage))
    assert reason is None or found.reason is reason
    assert found.detail == detail


def test_that_nobody_is_named_is_said_where_there_is_no_name_at_all(library):
    question = ask(library, "Wie betaalt het zwembad?")
    assert why_not(question, made("De gemeente betaalt het zwembad.")).reason is Reason.NO_PERSON
    assert why_not(question, made("Volgens Hulst betaalt de gemeente het zwembad.")).reason is Reason.PART


@pytest.mark.parametrize(
    ("question", "passage"),
    [
        ("Hoeveel woningen bouwt Veldrijk tot 2030?", "2.150 woningen"),
        ("Wie noemt betaalbaarheid het belangrijkste doel?", "2.150 woningen"),
        ("Waarom is de woningbouwopgave groter?", "2.150 woningen"),
        ("Wanneer beginnen de gezinscoaches?", "gezinscoaches beginnen"),
        ("Hoeveel buurten krijgen een fietstrommel?", "Twintig buurten"),
        ("Hoeveel plekken zijn er?", "drie plekken"),
    ],
)
def test_what_a_passage_does_say_is_never_denied(library, question, passage):
    found = why_not(ask(library, question), hit_of(library, passage))
    assert found.reason in (Reason.PART, Reason.SUBJECT)


@pytest.mark.parametrize(
    ("question", "hit"),
    [
        # A year between two others is among them; a year of the title or the date counts too.
        ("Wat veranderde er in 2017 in Elzen?", made("Tussen 2015 en 2019 veranderde Elzen sterk.")),
        ("Wat veranderde er in 2017 in Elzen?", made("Elzen veranderde, anders dan in 2003.", title="Elzen in 2017")),
        ("Wat veranderde er in 2017 in Elzen?", made("Elzen veranderde, anders dan in 2003.", issued="2017-04-01")),
        # A name may be spelled in another way, be part of another, or stand above the text.
        ("Wat zegt Hulst over de Drentse plannen?", made("In Drenthe liggen plannen, zegt Karin Hulst.")),
        ("Wat zegt Karin Hulst over Elzen?", made("De wethouder noemt Elzen een dorp.", ("Interview met Hulst",))),
        ("Wat zegt de gemeente over Elzen?", made("Elzen is een dorp bij Veldrijk.", publisher="Gemeente Elzen")),
        # A number in words, a name by one word, a time without a year.
        ("Hoeveel wijken telt Elzen?", made("Elzen telt vijfentwintig wijken.")),
        ("Wie leidt de raad van Elzen?", made("De raad van Elzen leidt burgemeester Slingerland.")),
        ("Wanneer opent het zwembad in Elzen?", made("Het zwembad in Elzen opent komende zomer.")),
        ("Waarom sluit het zwembad in Elzen?", made("Het zwembad in Elzen sluit om geld te besparen.")),
    ],
)
def test_nothing_false_is_said_of_a_passage(library, question, hit):
    found = why_not(ask(library, question), hit)
    assert found.reason in (Reason.PART, Reason.SUBJECT)
    said = " ".join((hit.passage.text, *hit.passage.section, hit.document.title, hit.document.issued or ""))
    assert not {stem(word) for word in words(found.detail)} & {stem(word) for word in words(said)}


WORDS = st.sampled_from(
    "Hoeveel Waarom Wie Wanneer Welke woningen bouwt Veldrijk Brummen Hulst Slingerland in 2019 2024 2030 12 1,9 "
    'miljoen warmtenet zwembad jeugdhulp the how many houses gezinscoaches raad het de " ? [1] <b> \x00 😀'.split(" ")
)


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, min_size=1, max_size=10))
def test_what_is_said_to_be_missing_is_missing(library, asked):
    question = ask(library, " ".join(asked))
    hits = find(library, question)
    for found in (why_not(question, hit) for hit in hits):
        passage, document = found.passage.passage, found.passage.document
        said = {stem(word) for word in words(" ".join((passage.text, *passage.section, document.title)))}
        own = {stem(word) for word in content_words(found.detail)}
        if found.reason is Reason.OTHER_YEAR:
            assert own <= said
            assert not {word for word in question.names if re.fullmatch(r"20\d\d", word)} & said
        else:
            assert not own & said
        assert explain_reason(found)
    assert nearest(question, hits) == nearest(question, hits)


# What came near


def test_the_nearest_are_of_different_sections_and_share_something(library):
    question = ask(library, "Wat kost de stalling op het stationsplein?")
    hits = find(library, question)
    found = nearest(question, [*hits, *hits])
    assert 1 <= len(found) <= NEAREST
    assert found[0].passage.document.source == "fietsplan.md"
    sections = [(one.passage.passage.doc_id, one.passage.passage.section) for one in found]
    assert len(set(sections)) == len(sections)
    assert nearest(question, hits, limit=1) == found[:1]


def test_what_has_nothing_of_the_question_is_not_shown(library):
    question = ask(library, "Wat is het recept voor appeltaart?")
    assert nearest(question, find(library, question)) == ()
    assert nearest(question, ()) == ()


def test_a_table_of_contents_is_not_shown(library):
    question = ask(library, "Wat kosten de snelfietsroutes?")
    contents = made("Snelfietsroutes 3\nStallingen 7")
    assert nearest(question, [contents]) != ()
    furniture = replace(contents, passage=replace(contents.passage, role="contents"))
    assert nearest(question, [furniture]) == ()


# Questions out of a text


def questions(text, *section):
    return [one.text for one in turned_questions(Passage("p", "d", 0, text, section, 0, len(text)))]


@pytest.mark.parametrize(
    ("sentence", "question"),
    [
        ("In 2026 volgt een evaluatie door de hogeschool.", "Wanneer volgt een evaluatie door de hogeschool?"),
        ("Vanaf 1 mei 2024 betaalt de gemeente de huur.", "Vanaf wanneer betaalt de gemeente de huur?"),
        ("De gezinscoach begint op 1 september 2025.", "Wanneer begint de gezinscoach?"),
        ("Twintig buurten krijgen een fietstrommel.", "Hoeveel buurten krijgen een fietstrommel?"),
        ("80 procent van de bewoners is tevreden.", "Hoeveel procent van de bewoners is tevreden?"),
        ("Het dorp telt 1.200 inwoners.", "Hoeveel inwoners telt het dorp?"),
        ("De huur is hoog, omdat er weinig woningen zijn.", "Waarom is de huur hoog?"),
        ("Omdat er weinig woningen zijn, stijgt de huur snel.", "Waarom stijgt de huur snel?"),
        ("Daardoor ontstond een tekort op de jeugdhulp.", "Waardoor ontstond een tekort op de jeugdhulp?"),
        ("Een dorpsraad is een groep bewoners die over het dorp beslist.", "Wat is een dorpsraad?"),
        ("Het doel van de wet is dat iedereen meedoet.", "Wat is het doel van de wet?"),
        ("De gemeente bouwt op drie plekken:", "Op welke drie plekken bouwt de gemeente?"),
        ("Er zijn twee redenen voor het tekort:", "Welke twee redenen zijn er voor het tekort?"),
    ],
)
def test_a_sentence_is_turned_into_the_question_that_it_answers(sentence, question):
    assert questions(sentence) == [question]


@pytest.mark.parametrize(
    "sentence",
    [
        "Dit doel is een goed begin.",
        "Hij telt 1.200 inwoners.",
        "Daarom is het zo gegaan.",
        "In 2026 en 2027 volgt een evaluatie.",
        "2024 was een goed jaar voor de gemeente.",
        "Het is een mooie dag.",
        "In 2026 zei hij: ‘Er volgt een evaluatie.’",
        "De gemeente, die groeit, bouwt 40 woningen.",
        "In 2026 volgt, als het meezit, een evaluatie.",
        "Wat zou er gebeuren als niemand meedoet?",
        "De uitdaging is om samen te werken.",
        "Een voorwaarde is een goede samenwerking.",
        "Zonder punt volgt in 2026 een evaluatie",
        "",
    ],
)
def test_what_would_give_a_bad_question_gives_none(sentence):
    assert questions(sentence) == []


@pytest.mark.parametrize(
    ("heading", "question"),
    [
        ("Wie betaalt de gezinscoach?", "Wie betaalt de gezinscoach?"),
        ("3.2 Vijf onderdelen van het plan", "Wat zijn de vijf onderdelen van het plan?"),
        ("De inclusieve samenleving", "Wat staat er over de inclusieve samenleving?"),
        ("4. Solidariteit in de vereniging", "Wat staat er over solidariteit in de vereniging?"),
        ("Duurzaamheid", "Wat staat er over duurzaamheid?"),
    ],
)
def test_a_heading_gives_the_question_that_its_section_answers(heading, question):
    assert questions("Tekst zonder meer.", "Boven", heading) == [question]


@pytest.mark.parametrize(
    "heading",
    [
        "Inleiding", "Hoofdstuk 3", "Definieer samen de opgave", "Wat nu?", "INTEGRALE OPGAVE",
        "Krapte zet plan onder druk", "En wij?", "12", "", "Een handreiking", "Waarom doen we dit?",
    ],
)  # fmt: skip
def test_a_heading_that_says_too_little_gives_none(heading):
    assert questions("Tekst zonder meer.", heading) == []


def test_a_question_in_an_interview_is_one_and_a_rhetorical_one_is_not():
    assert questions("Wie beslist over het budget?\n\nDe dorpsraad beslist.") == ["Wie beslist over het budget?"]
    assert questions("Wie beslist over het budget? Niemand weet het.") == []
    assert questions("Wie beslist over het budget?\nWat kost een dorpsraad dan?") == []


def test_a_noun_is_asked_after_as_the_text_spells_it():
    assert subject_question("De aanleg van warmtenetten gaat snel.", stem("warmtenet")) == (
        "Wat staat er over warmtenetten?"
    )
    assert (
        subject_question("Bewoners betalen het warmtenet.", stem("warmtenetten")) == "Wat staat er over het warmtenet?"
    )
    assert subject_question("Groei, schaalvergroting en krimp.", stem("schaalvergroting")) == (
        "Wat staat er over schaalvergroting?"
    )
    assert subject_question("De regionale samenwerking.", stem("regionale")) == ""
    assert subject_question("Om samen te werken.", stem("werken")) == ""


@settings(max_examples=150)
@given(
    st.lists(
        st.sampled_from(
            "In 2026 De Het Een gemeente raad bouwt is zijn drie 40 woningen omdat daarom Daarom , . : ? van voor de "
            "het een dit hij Vijf plannen ‘ ’ ( ) \n\n € 😀 \x00 Er telt Omdat op 1 mei".split(" ")
        ),
        max_size=25,
    ),
    st.text(max_size=20),
)
def test_whatever_the_text_a_question_is_one_line_that_stands_alone(pieces, heading):
    for text in questions(" ".join(pieces), heading):
        assert re.fullmatch(r"[A-Z].*[^ ]\?", text)
        assert 3 <= len(text.split()) <= 18
        assert not {"dit", "hij", "daarom"} & set(text.lower().rstrip("?").split())


# Questions that can be answered


def test_questions_near_the_subject_are_kept_when_they_are_answered(library):
    question = ask(library, "Wat kost een snelfietsroute in Oostmarke?")
    tried = []

    def answers(text, hit):
        tried.append((text, hit.document.source))
        return "legt" not in text

    found = answerable_questions(question, find(library, question), answers)
    assert 1 <= len(found) <= QUESTIONS
    assert "Wat is een snelfietsroute?" in found
    assert set(found) <= {text for text, _ in tried}
    assert tried[0][1] == "fietsplan.md"
    assert len(tried) <= TRIED


def test_what_is_not_answered_is_not_suggested(library):
    question = ask(library, "Wat kost een snelfietsroute in Oostmarke?")
    hits = find(library, question)
    assert answerable_questions(question, hits, lambda text, hit: False) == ()
    assert answerable_questions(question, (), lambda text, hit: True) == ()
    assert len(answerable_questions(question, hits, lambda text, hit: True, limit=1)) == 1


def test_a_name_that_a_passage_has_is_asked_after(library):
    question = ask(library, "Wanneer is Karin Hulst geboren?")
    found = answerable_questions(question, find(library, question), lambda text, hit: True)
    assert "Wat staat er over Karin Hulst?" in found


def test_an_english_question_gets_questions_in_dutch(library):
    question = ask(library, "What is the cost of the youth care in Belgium?")
    found = answerable_questions(question, find(library, question), lambda text, hit: True)
    assert "Wat staat er over jeugdhulp?" in found


def test_the_question_itself_is_not_suggested(library):
    question = ask(library, "Wat is een snelfietsroute?")
    assert question.text not in answerable_questions(question, find(library, question), lambda text, hit: True)


def test_far_from_every_subject_nothing_is_suggested(library):
    question = ask(library, "Wat is het recept voor appeltaart?")
    assert answerable_questions(question, find(library, question), lambda text, hit: True) == ()


def test_what_the_text_asks_itself_comes_first_and_a_heading_last():
    assert min(Form) is Form.ASKED
    assert max(Form) is Form.SUBJECT
