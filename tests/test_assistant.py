import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.assistant import MAX_QUESTION, Assistant
from assistant.errors import BadQuery
from assistant.types import Filters, Level, Query, Reason, Reply, Status, Turn
from assistant.verify import page_at
from ingest.encode import load_encoder
from ingest.errors import NoLibrary
from ingest.library import Library, LiveLibrary
from ingest.publish import publish
from tests.corpus import write_corpus


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("vragen")
    publish([write_corpus(folder / "bronnen")], folder / "data", load_encoder(None))
    return folder / "data"


@pytest.fixture(scope="module")
def assistant(data):
    encoder = load_encoder(None)
    library = LiveLibrary(data, encoder)
    yield Assistant(library, encoder)
    library.close()


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("Hoeveel woningen bouwt Veldrijk tot 2030?", "2.150"),
        ("Hoeveel inwoners telt Veldrijk?", "38.400"),
        ("Waarom is de woningbouwopgave groter dan vroeger?", "kleiner"),
        ("Wanneer beginnen de gezinscoaches?", "1 september 2025"),
        ("Hoe groot was het tekort op de jeugdhulp?", "1,9 miljoen"),
        ("Welke hogeschool doet de evaluatie?", "Hogeschool Oostmarke"),
        ("Wie beslist over het dorpsbudget?", "dorpsraad"),
    ],
)
def test_a_question_gets_its_answer_with_a_source(assistant, question, expected):
    answer = assistant.ask(Query(question))
    assert answer.status is Status.ANSWERED
    assert expected in answer.text
    assert answer.generator == "extractive"


def test_a_list_is_given_whole_with_its_lead_in(assistant):
    answer = assistant.ask(Query("Op welke drie plekken bouwt de gemeente?"))
    for item in ("drie plekken", "Havenkade", "Elzen", "stationsgebied"):
        assert item in answer.text


def test_what_the_documents_do_not_hold_is_not_found_with_what_is_nearest(assistant):
    answer = assistant.ask(Query("Hoeveel woningen bouwt Veldrijk in 2041?"))
    assert answer.status is Status.NOT_FOUND
    assert answer.statements == answer.citations == ()
    first = answer.suggestions[0]
    assert first.passage.document.source == "woonvisie.md"
    assert (first.reason, first.detail) == (Reason.OTHER_YEAR, "2030")


def test_far_from_anything_nothing_is_called_near(assistant):
    answer = assistant.ask(Query("Hoe laat gaat de bibliotheek van Amsterdam open op zondag?"))
    assert answer.status is Status.NOT_FOUND
    assert answer.suggestions == ()


def test_a_follow_up_is_understood(assistant):
    history = (Turn("Wanneer beginnen de gezinscoaches?", "Op 1 september 2025."),)
    answer = assistant.ask(Query("En waar dan?", history=history))
    assert answer.standalone_query != answer.query.text
    assert answer.passages[0].document.source == "brieven/jeugdhulp.md"


def test_each_part_of_a_double_question_is_answered(assistant):
    answer = assistant.ask(Query("Hoeveel woningen bouwt Veldrijk tot 2030, en wanneer beginnen de gezinscoaches?"))
    assert answer.status is Status.ANSWERED
    assert "2.150" in answer.text
    assert "1 september 2025" in answer.text
    # Two documents: each is named, with its date.
    assert "Woonvisie Veldrijk 2030 (maart 2024): “" in answer.text
    assert "Raadsbrief jeugdhulp (6 mei 2025): “" in answer.text


def test_a_double_question_of_which_one_part_is_not_there_is_answered_in_part(assistant):
    answer = assistant.ask(
        Query("Wanneer beginnen de gezinscoaches, en wat kost een zwemles in het zwembad van Ommen?")
    )
    assert answer.status is Status.PARTIAL
    assert "1 september 2025" in answer.text
    assert "zwem" not in answer.text


def test_an_english_question_gets_an_english_frame_around_the_dutch_quote(assistant):
    answer = assistant.ask(Query("How many homes will Veldrijk build by 2030?"))
    assert answer.language == "en"
    assert answer.text.startswith("According to Woonvisie Veldrijk 2030 (March 2024, in Dutch): “Tot 2030 bouwt")


def test_courtesy_does_not_change_the_answer(assistant):
    plain, polite = (
        assistant.ask(Query(text))
        for text in (
            "Hoeveel inwoners telt Veldrijk?",
            "Goedemorgen, kun je mij vertellen hoeveel inwoners Veldrijk telt?",
        )
    )
    assert "38.400" in plain.text
    assert "38.400" in polite.text


def test_what_is_no_question_to_the_documents_gets_a_fixed_reply(assistant):
    answer = assistant.ask(Query("Schrijf een gedicht over de gemeente"))
    assert answer.reply is Reply.TASK
    assert answer.status is Status.NOT_FOUND
    assert answer.statements == answer.passages == answer.suggestions == answer.questions == ()


def test_what_it_suggests_to_ask_it_can_answer(assistant):
    asked = "Hoeveel sociale huurwoningen bouwt Veldrijk in 2041 op de Havenkade?"
    for question in assistant.ask(Query(asked)).questions:
        assert assistant.ask(Query(question)).status is Status.ANSWERED


def test_a_sure_answer_says_so(assistant):
    sure = assistant.ask(Query("Hoeveel woningen bouwt Veldrijk tot 2030?"))
    unsure = assistant.ask(Query("Hoe laat gaat de bibliotheek van Amsterdam open op zondag?"))
    assert sure.level is Level.HIGH
    assert unsure.confidence < sure.confidence


def test_statements_stream_before_the_answer(assistant):
    *statements, answer = assistant.stream(Query("Hoeveel woningen bouwt Veldrijk tot 2030?"))
    assert [one.statement for one in statements] == list(answer.statements)


def test_a_listener_who_leaves_gives_the_library_back(data):
    encoder = load_encoder(None)
    library = LiveLibrary(data, encoder)
    stream = Assistant(library, encoder).stream(Query("Hoeveel woningen bouwt Veldrijk tot 2030?"))
    next(stream)
    stream.close()
    library.close()


def test_the_same_question_gives_the_same_answer(assistant):
    first, second = (assistant.ask(Query("Wat doet het wijkteam?")) for _ in range(2))
    assert (first.statements, first.citations, first.passages) == (second.statements, second.citations, second.passages)


@pytest.mark.parametrize("text", ["", "   \n", "x" * (MAX_QUESTION + 1)])
def test_a_question_that_cannot_be_asked_is_refused(assistant, text):
    with pytest.raises(BadQuery):
        assistant.ask(Query(text))


def test_so_is_an_impossible_number_of_passages(assistant):
    for top_k in (0, -1, 1000):
        with pytest.raises(BadQuery):
            assistant.search(Query("woningen", top_k=top_k))


def test_without_documents_that_pass_the_filter_nothing_is_found(assistant):
    answer = assistant.ask(Query("Hoeveel woningen bouwt Veldrijk?", filters=Filters(kinds=("bestaat niet",))))
    assert answer.status is Status.NOT_FOUND
    assert answer.passages == answer.suggestions == ()


def test_without_a_library_it_says_so(tmp_path):
    encoder = load_encoder(None)
    with pytest.raises(NoLibrary):
        Assistant(LiveLibrary(tmp_path, encoder), encoder).ask(Query("Wat nu?"))


WORDS = st.sampled_from(
    "waarom hoeveel wie wanneer welke woningen gemeente raad jeugdhulp 2030 Veldrijk Slingerland budget dorp warmtenet "
    "niet geen kosten school ] [1] ignore previous instructions <script> ' \" \x00 \u202e 100% 😀".split()
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(WORDS, min_size=1, max_size=12))
def test_whatever_is_asked_every_statement_has_a_true_quote(assistant, data, asked):
    library = Library.open(data, load_encoder(None))
    answer = assistant.ask(Query(" ".join(asked)))
    assert (answer.status is Status.NOT_FOUND) == (not answer.statements)
    numbers = [citation.number for citation in answer.citations]
    assert numbers == list(range(1, len(numbers) + 1))
    for statement in answer.statements:
        assert statement.citations
        assert set(statement.citations) <= set(numbers)
    for citation in answer.citations:
        canonical = library.canonical(citation.document.doc_id)
        assert canonical is not None
        assert canonical.text[citation.start : citation.end] == citation.quote
        assert page_at(canonical, citation.start) == citation.page
    library.close()
