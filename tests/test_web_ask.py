"""The page on which a question is asked: what it offers, what it keeps when something is wrong, what a script gets."""

import json
import re

import pytest

from api.web.asking import MOST_LISTED, AskForm, filters_of, form_of, narrowed_text, problems, titled
from assistant.assistant import MAX_QUESTION
from assistant.types import Filters
from ingest.publish import publish
from tests.api_server import HIDDEN_WORD, client_of, open_parts, publish_corpus
from tests.web_pages import address, ask_page, attribute, get_page, page_of, send_form, value

QUESTION = "Hoeveel woningen bouwt Veldrijk tot 2030?"
STREAM = {"Accept": "text/event-stream"}


@pytest.fixture(scope="module")
def data(tmp_path_factory, encoder):
    return publish_corpus(tmp_path_factory.mktemp("vragen"), encoder)


@pytest.fixture(scope="module")
def parts(data, encoder):
    with open_parts(data, encoder) as parts:
        yield parts


@pytest.fixture(scope="module")
def client(parts):
    with client_of(parts) as client:
        yield client


@pytest.fixture(scope="module")
def sight(data, encoder):
    from api.sight import sight_of

    with open_parts(data, encoder) as parts, parts.library.lease() as library:
        yield sight_of(library, frozenset())


def events_of(text):
    return [
        (name, json.loads(said)) for name, said in re.findall(r"^event: (.*)\ndata: (.*)$", text, flags=re.MULTILINE)
    ]


def test_the_form_says_what_it_wants_and_what_there_is(client):
    page = get_page(client, "/")
    assert page.heading == "Stel een vraag aan de documenten"
    assert page.one("textarea[name=vraag]").attributes["aria-describedby"] == "vraag-hint"
    assert "2.000 tekens" in page.text
    assert "3 documenten" in page.text
    assert page.links()["Bekijk welke documenten er zijn"] == "/documenten"
    assert len(page.all("input[name=document]")) == 3
    assert [value(one) for one in page.all("select[name=soort] option")] == ["", "raadsbrief", "visie"]


def test_what_a_caller_may_not_see_is_not_offered(client):
    page = get_page(client, "/")
    client.get("/voorbeelden")
    shown = page.response.text + get_page(client, "/").response.text
    assert HIDDEN_WORD not in shown
    assert "geheim" not in shown


def test_a_question_leads_to_its_answer_which_stays_there(client):
    response = send_form(client, get_page(client, "/"), "/vraag", vraag=QUESTION)
    assert response.status_code == 303
    assert re.fullmatch(r"/antwoorden/[0-9a-f]{32}", response.headers["location"])
    page = get_page(client, response.headers["location"])
    assert page.heading == QUESTION
    assert page.title.startswith(QUESTION)
    assert "2.150 woningen" in page.text


def test_a_link_elsewhere_fills_in_the_form(client):
    chosen = value(get_page(client, "/").all("input[name=document]")[0])
    page = get_page(client, f"/?vraag=Wat%20nu%3F&document={chosen}&van=2020")
    assert page.fields("form.va-form") | {"csrf": ""} == {
        "csrf": "",
        "vraag": "Wat nu?",
        "document": [chosen],
        "soort": "",
        "van": "2020",
        "tot": "",
    }
    assert "open" in page.one("details").attributes


@pytest.mark.parametrize(
    ("question", "said"),
    [
        ("", "Vul een vraag in."),
        ("  \n ", "Vul een vraag in."),
        ("a" * (MAX_QUESTION + 1), "Je vraag is 1 teken te lang. Gebruik hoogstens 2.000 tekens."),
        ("Wat\0nu?", "Gebruik gewone tekst, zonder vreemde tekens."),
    ],
)
def test_a_question_that_cannot_be_asked_comes_back_with_what_is_wrong(client, question, said):
    before = get_page(client, "/")
    chosen = value(before.all("input[name=document]")[1])
    fields = {"vraag": question, "document": chosen, "soort": "visie", "van": "2020"}
    page = page_of(send_form(client, before, "/vraag", **fields), 422)
    assert page.title.startswith("Fout: ")
    area = page.one("textarea[name=vraag]")
    assert area.attributes["aria-invalid"] == "true"
    assert "vraag-fout" in attribute(area, "aria-describedby").split()
    assert page.texts("#vraag-fout") == [f"Fout: {said}"]
    assert page.links()[said] == "#vraag"
    kept = page.fields("form.va-form")
    assert kept["document"] == [chosen]
    assert (kept["soort"], kept["van"]) == ("visie", "2020")
    assert kept["vraag"] == question.strip().replace("\0", "\ufffd")


def test_filters_that_cannot_be_used_are_explained_at_their_fields(client):
    fields = {"vraag": QUESTION, "van": "2o24", "tot": "laatst", "document": "0000000000000000"}
    page = page_of(send_form(client, get_page(client, "/"), "/vraag", **fields), 422)
    assert [address(one) for one in page.all("#fouten a")] == ["#document", "#van", "#tot"]
    assert "open" in page.one("details").attributes
    swapped = send_form(client, page, "/vraag", vraag=QUESTION, van="2025", tot="2019")
    assert page_of(swapped, 422).texts("#tot-fout") == ["Fout: Dit jaar ligt voor 2025. Wissel de jaren om."]


def test_only_the_chosen_documents_are_asked(client):
    page = ask_page(client, QUESTION, soort="raadsbrief")
    assert "2.150" not in page.text
    assert "Gezocht in: soort: raadsbrief." in page.text
    assert page.fields(".va-follow-up form")["soort"] == "raadsbrief"
    found = ask_page(client, QUESTION, van="2024", tot="2024")
    assert "2.150 woningen" in found.text
    assert "van 2024 tot en met 2024" in found.text


def test_a_follow_up_question_knows_the_conversation(client):
    first = ask_page(client, "Hoeveel woningen bouwt Veldrijk tot 2030?")
    fields = first.fields(".va-follow-up form")
    response = send_form(client, first, "/vraag", vraag="En waar?", gesprek=fields["gesprek"])
    second = get_page(client, response.headers["location"])
    assert second.fields(".va-follow-up form")["gesprek"] == fields["gesprek"]
    assert second.links()[first.heading] == first.response.url.path
    assert "Ik heb je vraag gelezen als" in second.text
    assert "Eerder in dit gesprek" not in get_page(client, first.response.url.path).text


def test_an_empty_follow_up_question_stays_in_its_conversation(client):
    first = ask_page(client, QUESTION)
    gesprek = first.fields(".va-follow-up form")["gesprek"]
    page = page_of(send_form(client, first, "/vraag", vraag="", gesprek=gesprek), 422)
    assert page.heading == "Stel een vervolgvraag"
    assert page.fields("form.va-form")["gesprek"] == gesprek


def test_a_conversation_that_is_none_begins_a_new_one(client):
    page = ask_page(client, QUESTION, gesprek="../../etc/passwd")
    assert re.fullmatch("[0-9a-f]{32}", str(page.fields(".va-follow-up form")["gesprek"]))


def test_a_script_gets_the_answer_as_pieces_of_the_same_page(client):
    fields = {"csrf": get_page(client, "/").csrf(), "vraag": QUESTION}
    response = client.post("/vraag", data=fields, headers=STREAM)
    assert response.headers["content-type"].startswith("text/event-stream")
    *statements, (last, answer) = events_of(response.text)
    assert {name for name, _ in statements} == {"statement"}
    assert "2.150 woningen" in statements[0][1]["html"]
    assert last == "answer"
    page = get_page(client, answer["url"])
    assert answer["title"].strip() == page.title
    assert re.sub(r"\s+", " ", answer["html"]).strip() in re.sub(r"\s+", " ", client.get(answer["url"]).text)
    assert "va-question" in answer["html"]


def test_a_script_gets_the_form_when_something_is_wrong(client):
    fields = {"csrf": get_page(client, "/").csrf(), "vraag": "a" * 3000}
    page = page_of(client.post("/vraag", data=fields, headers=STREAM), 422)
    assert page.all("#vraag-fout")


@pytest.mark.parametrize("headers", [{}, {"Sec-Fetch-Site": "cross-site"}])
def test_a_form_of_another_site_asks_nothing_and_is_told_so(client, headers):
    page = page_of(client.post("/vraag", data={"vraag": QUESTION}, headers={"Accept": "text/html", **headers}), 403)
    assert page.heading == "Dit formulier komt van een andere website"
    assert "verlopen" not in page.text


@pytest.mark.parametrize("accept", ["text/html", STREAM["Accept"]])
def test_a_form_that_was_open_too_long_comes_back_with_what_was_typed(client, parts, accept):
    conversation = ("a" if accept == STREAM["Accept"] else "b") * 32
    fields = {"csrf": "verlopen", "vraag": QUESTION, "van": "2019", "gesprek": conversation}
    page = page_of(client.post("/vraag", data=fields, headers={"Accept": accept}), 403)
    assert "Deze pagina was verlopen" in page.texts("#vraag-fout")[0]
    filled = page.fields("form.va-form")
    assert str(filled["vraag"]).strip() == QUESTION
    assert (filled["van"], filled["gesprek"]) == ("2019", conversation)
    assert parts.store.conversation(conversation) == (), "nothing was asked"
    assert client.post("/vraag", data=filled, headers={"Accept": "text/html"}).status_code == 303


def test_the_address_that_a_form_goes_to_leads_back(client):
    assert client.get("/vraag").headers["location"] == "/"


def test_the_first_page_is_small(client):
    assert len(get_page(client, "/").response.content) < 15_000


def test_of_many_documents_the_title_is_typed(tmp_path, encoder):
    folder = tmp_path / "bronnen"
    folder.mkdir()
    for at in range(MOST_LISTED + 1):
        name = "Nota vissen" if at == 7 else f"Besluit {at}"
        (folder / f"stuk-{at}.md").write_text(f"# {name}\n\nIn de vijver zwemmen {at + 40} vissen.\n", encoding="utf-8")
    publish([folder], tmp_path / "data", encoder)
    with open_parts(tmp_path / "data", encoder) as parts, client_of(parts) as client:
        page = get_page(client, "/")
        assert page.all("input[name=document]") == []
        assert "Er zijn 31 documenten." in page.text
        wrong = send_form(client, page, "/vraag", vraag="Hoeveel vissen zwemmen er?", titel="olifant")
        assert "Geen document heeft deze woorden" in page_of(wrong, 422).texts("#titel-fout")[0]
        found = ask_page(client, "Hoeveel vissen zwemmen in de vijver?", titel="nota VISSEN")
        assert "Gezocht in: Nota vissen." in found.text
        assert "47 vissen" in found.text
        assert found.texts(".va-source__title") == ["[1] Nota vissen"]


def test_title_and_ticked_documents_narrow_each_other(sight):
    woonvisie, brief = (titled(words, sight)[0] for words in ("woonvisie", "jeugdhulp"))
    form = AskForm(question="Wat?", doc_ids=(brief,), title="woonvisie")
    assert "titel" in problems(form, sight), "no filter at all would ask everything"
    assert filters_of(AskForm(doc_ids=(woonvisie, brief), title="VELDRIJK woon"), sight).doc_ids == (woonvisie,)


def test_a_form_of_filters_asks_the_same(sight):
    filters = Filters((titled("woonvisie", sight)[0],), ("visie",), "2020", "2024")
    assert filters_of(form_of(filters), sight) == filters
    assert form_of(filters).narrowed
    assert not form_of(Filters()).narrowed
    assert narrowed_text(filters, sight.documents) == "Woonvisie Veldrijk 2030, soort: visie, van 2020 tot en met 2024"
    assert narrowed_text(Filters(), sight.documents) == ""
