"""The page of an answer: what was said with its sources, what helps on, and what people think of it."""

import re
from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access import Open
from api.web.page_names import page_text
from api.web.passage_view import ELLIPSIS, WHOLE, excerpts
from assistant.types import Citation, Level
from ingest.publish import publish
from ingest.types import Document, Passage
from tests.api_server import HIDDEN_QUESTION, HIDDEN_WORD, client_of, open_parts, publish_corpus
from tests.web_pages import address, ask_page, attribute, get_page, page_of, send_form, squeezed, value

QUESTION = "Hoeveel woningen bouwt Veldrijk tot 2030?"
LIST_QUESTION = "Op welke drie plekken bouwt de gemeente?"
UNKNOWN = "Wat kost een zwemles in het zwembad van Ommen?"


@pytest.fixture(scope="module")
def data(tmp_path_factory, encoder):
    return publish_corpus(tmp_path_factory.mktemp("antwoorden"), encoder)


@pytest.fixture(scope="module")
def parts(data, encoder):
    with open_parts(data, encoder) as parts:
        yield parts


@pytest.fixture(scope="module")
def client(parts):
    with client_of(parts) as client:
        yield client


@pytest.fixture(scope="module")
def answered(client):
    return ask_page(client, QUESTION)


def test_every_marker_leads_to_its_quote_and_back(client):
    page = ask_page(client, LIST_QUESTION)
    markers = page.all(".va-marker")
    assert markers
    for marker in markers:
        quote = page.one(address(marker))
        assert quote.tag == "mark"
        assert attribute(marker, "id").startswith("verwijzing-")
    for back in page.all(".va-back"):
        assert page.one(address(back)).attributes["class"] == "va-marker"


def test_each_quote_of_a_source_has_its_own_way_into_the_document(client, parts, answered):
    stored = parts.store.answer(answered.response.url.path.rpartition("/")[2])
    whole = stored.answer.citations[0]
    middle = whole.quote.index(" ", len(whole.quote) // 2)
    first = replace(whole, quote=whole.quote[:middle], end=whole.start + middle)
    second = replace(whole, number=2, quote=whole.quote[middle + 1 :], start=whole.start + middle + 1)
    said = replace(stored.answer.statements[0], citations=(1, 2))
    answer = replace(stored.answer, answer_id="e" * 32, citations=(first, second), statements=(said,))
    parts.store.save(answer, stored.conversation_id, now=stored.asked_at)
    links = get_page(client, f"/antwoorden/{answer.answer_id}").links()
    for citation in answer.citations:
        reader = get_page(client, links[f"Lees [{citation.number}] in het document"].partition("#")[0])
        assert citation.quote in squeezed(reader.one("mark"))


def test_of_a_source_with_several_quotes_an_opinion_says_which(client, parts):
    page = ask_page(client, LIST_QUESTION)
    stored = parts.store.answer(page.response.url.path.rpartition("/")[2])
    whole = stored.answer.citations[0]
    both = tuple(replace(whole, number=number) for number in (1, 2))
    said = replace(stored.answer.statements[0], citations=(1, 2))
    answer = replace(stored.answer, answer_id="3" * 32, citations=both, statements=(said,))
    parts.store.save(answer, stored.conversation_id, now=stored.asked_at)
    path = f"/antwoorden/{answer.answer_id}"
    [form] = get_page(client, path).all(".va-feedback--source form")
    assert [squeezed(one) for one in form.css("select[name=bron] option")] == ["Citaat [1]", "Citaat [2]"]
    wrong = page_of(send_form(client, page, f"{path}/mening", nuttig="nee", bron="2"), 422)
    [link] = wrong.all("#fouten a")
    assert wrong.one(address(link)).tag == "select"
    assert value(wrong.one("select[name=bron] option[selected]")) == "2"
    told = send_form(client, page, f"{path}/mening", nuttig="nee", bron="2", reden="verouderd")
    assert "je reactie op bron 2 is bewaard" in get_page(client, told.headers["location"]).one("#mening-1").text()
    [kept] = parts.store.answer(answer.answer_id).feedback
    assert kept.citation_number == 2


def test_a_list_is_a_list(client):
    page = ask_page(client, LIST_QUESTION)
    items = page.texts(".va-statement__list li")
    assert len(items) == 3
    assert "Havenkade" in items[0]
    assert not any(item.startswith("–") for item in items)


def test_the_source_says_where_it_stands(answered):
    source = answered.one(".va-source")
    said = squeezed(source)
    assert "Woonvisie Veldrijk 2030" in said
    assert "Gemeente Veldrijk · visie · maart 2024" in said
    assert squeezed(source.css_first("mark")) == "Citaat 1: Tot 2030 bouwt Veldrijk 2.150 woningen."
    assert "Een derde daarvan is sociale huur." in said


def test_the_link_to_the_document_names_answer_and_citation(answered):
    link = next(href for text, href in answered.links().items() if text.startswith("Lees in het document"))
    parts = urlsplit(link)
    assert re.fullmatch(r"/documenten/[0-9a-f]+", parts.path)
    answer_id = answered.response.url.path.rpartition("/")[2]
    assert parse_qs(parts.query) == {"antwoord": [answer_id], "bron": ["1"]}
    assert parts.fragment == "citaat"


def test_how_sure_it_is_is_said_in_words(answered):
    assert answered.texts(".va-confidence")[0].startswith(("Zeker:", "Waarschijnlijk:", "Onzeker:"))
    assert answered.one(".va-confidence svg").attributes["aria-hidden"] == "true"


@pytest.mark.parametrize("level", list(Level))
def test_that_it_may_be_no_answer_is_said_before_it(client, parts, answered, level):
    stored = parts.store.answer(answered.response.url.path.rpartition("/")[2])
    answer = replace(stored.answer, answer_id=f"{list(Level).index(level)}" * 32, level=level)
    parts.store.save(answer, stored.conversation_id, now=stored.asked_at)
    page = get_page(client, f"/antwoorden/{answer.answer_id}")
    order = [attribute(one, "class") for one in page.all(".va-confidence, .va-answer__text")]
    assert ("va-confidence" in order[0]) == (level is Level.LOW)
    assert page.texts("#antwoord") == ["Misschien een antwoord" if level is Level.LOW else "Antwoord"]
    spoken = page.one("[data-spoken]").text()
    assert ("misschien staat het antwoord niet in de documenten" in spoken) == (level is Level.LOW)
    assert ("Dit kun je proberen" in page.text) == (level is Level.LOW)


def test_the_answer_can_be_taken_along(answered):
    links = answered.links()
    path = answered.response.url.path
    for name, suffix in (("Word", "docx"), ("ODT", "odt"), ("Markdown", "md")):
        assert links[f"Download als {name}"] == f"{path}/bestand.{suffix}"
    assert links["Vaste link naar dit antwoord"] == path
    copied = attribute(answered.one("[data-copy]"), "data-copy")
    assert "2.150 woningen" in copied
    assert str(answered.response.url) in copied
    for name in ("[data-copies]", "[data-prints]"):
        assert "hidden" in answered.one(name).attributes, "without a script it would do nothing"


def test_where_nothing_is_found_the_page_helps(client):
    page = ask_page(client, UNKNOWN)
    assert "Dit staat niet in de documenten." in page.text
    assert page.all("mark") == page.all(".va-confidence") == []
    assert "Dit kun je proberen" in page.text
    assert page.links()["Bekijk welke documenten er zijn"] == "/documenten"
    for one in page.all("button[name=vraag]"):
        assert ask_page(client, value(one)).all(".va-marker"), "what can be asked is answered"


def test_a_greeting_is_greeted_back(client):
    page = ask_page(client, "Hallo!")
    assert "Hallo! Stel je vraag" in page.text
    assert page.all("#mening") == page.all(".va-tips") == []


def test_an_english_answer_is_marked_as_such(client):
    page = ask_page(client, "How many homes will Veldrijk build until 2030?")
    text = page.one(".va-answer__text")
    assert text.attributes["lang"] == "en"
    assert [one.attributes["lang"] for one in text.css("span[lang]")] == ["nl"]
    assert page.one(".va-question").attributes["lang"] == "en"
    assert page.one("html").attributes["lang"] == "nl"


def test_an_answer_stays_small(client, answered):
    assert len(answered.response.content) < 20_000
    assert len(ask_page(client, UNKNOWN).response.content) < 20_000


def test_what_somebody_may_not_see_he_finds_no_answer_about(parts, encoder):
    with client_of(replace(parts, access=Open(frozenset({"directie"})))) as board:
        page = ask_page(board, HIDDEN_QUESTION)
        assert "8,6 miljoen euro" in page.text
        path = page.response.url.path
        fields = page.fields(".va-follow-up form")
    with client_of(parts) as client:
        gone = get_page(client, path, 404)
        assert HIDDEN_WORD not in gone.response.text
        thought = send_form(client, get_page(client, "/"), f"{path}/mening", nuttig="ja")
        assert page_of(thought, 404)
        mine = ask_page(client, QUESTION, gesprek=fields["gesprek"])
        assert HIDDEN_WORD not in mine.response.text, "nor in the conversation it was asked in"
        assert page.heading not in mine.response.text


def test_of_an_older_library_the_page_says_so_and_asks_again(tmp_path, encoder):
    data = publish_corpus(tmp_path, encoder)
    with open_parts(data, encoder) as parts, client_of(parts) as client:
        before = ask_page(client, QUESTION)
        assert "zijn veranderd sinds dit antwoord" not in before.text
        visie = tmp_path / "bronnen" / "woonvisie.md"
        visie.write_text(visie.read_text("utf-8").replace("2.150 woningen", "2.400 woningen"), encoding="utf-8")
        publish([tmp_path / "bronnen"], data, encoder)
        after = get_page(client, before.response.url.path)
        assert "De documenten zijn veranderd sinds dit antwoord" in after.text
        assert "het citaat staat er niet meer in" in after.text
        assert "2.150 woningen" in after.text, "it is shown as it was given"
        again = send_form(client, after, "/vraag", **after.fields(".utrecht-alert form"))
        assert "2.400 woningen" in get_page(client, again.headers["location"]).text


# What people think


def test_yes_is_kept_and_thanked_for(parts, client):
    page = ask_page(client, QUESTION)
    path = page.response.url.path
    response = send_form(client, page, f"{path}/mening", nuttig="ja")
    assert response.headers["location"] == f"{path}?dank=antwoord#mening"
    thanks = get_page(client, response.headers["location"])
    assert "Bedankt, je reactie is bewaard." in thanks.text
    [kept] = parts.store.answer(path.rpartition("/")[2]).feedback
    assert (kept.helpful, kept.citation_number) == (True, None)


def test_no_about_a_source_is_kept_with_its_reason(parts, client):
    page = ask_page(client, QUESTION)
    path = page.response.url.path
    fields = {"nuttig": "nee", "bron": "1", "reden": "verouderd", "toelichting": "Er is een\r\nnieuwe."}
    response = send_form(client, page, f"{path}/mening", **fields)
    assert response.headers["location"] == f"{path}?dank=bron-1#mening-1"
    assert "je reactie op bron 1 is bewaard" in get_page(client, response.headers["location"]).text
    [kept] = parts.store.answer(path.rpartition("/")[2]).feedback
    assert (kept.helpful, kept.reason, kept.comment, kept.citation_number) == (
        False,
        "verouderd",
        "Er is een\nnieuwe.",
        1,
    )


@pytest.mark.parametrize(
    ("fields", "place"),
    [
        ({"nuttig": "nee"}, "reden"),
        ({"nuttig": "nee", "reden": "verzonnen"}, "reden"),
        ({"nuttig": "nee", "reden": "anders", "toelichting": "a" * 2001}, "toelichting"),
        ({"nuttig": "nee", "bron": "1"}, "reden-1"),
        ({"nuttig": "nee", "bron": "1", "toelichting": "a\0b"}, "toelichting-1"),
    ],
)
def test_a_form_that_says_too_little_or_too_much_comes_back(parts, client, fields, place):
    page = ask_page(client, QUESTION)
    path = page.response.url.path
    wrong = page_of(send_form(client, page, f"{path}/mening", **fields), 422)
    assert wrong.title.startswith("Fout: ")
    assert f"#{place}" in [address(one) for one in wrong.all("#fouten a")]
    assert wrong.all(f"#{place}-fout")
    assert wrong.all("details[open]")
    assert parts.store.answer(path.rpartition("/")[2]).feedback == ()


def test_an_opinion_from_a_page_that_was_open_too_long_comes_back_with_what_was_typed(parts, client):
    page = ask_page(client, QUESTION)
    path = page.response.url.path
    typed = {"nuttig": "nee", "reden": "verouderd", "toelichting": "Er is een nieuwe visie."}
    response = client.post(f"{path}/mening", data={"csrf": "oud", **typed}, headers={"Accept": "text/html"})
    again = page_of(response, 403)
    assert "Deze pagina was verlopen" in again.text
    assert "Er is een nieuwe visie." in again.one("#toelichting").text()
    assert "checked" in again.one("#reden-verouderd").attributes
    yes = client.post(f"{path}/mening", data={"csrf": "oud", "nuttig": "ja"}, headers={"Accept": "text/html"})
    assert page_of(yes, 403).heading == "Deze pagina was verlopen"
    assert parts.store.answer(path.rpartition("/")[2]).feedback == ()


# Quotes in their context

TEXT = " ".join(f"Zin {at} van dit stuk gaat over iets." for at in range(80))
DOCUMENT = Document("d", "stuk.md", "Stuk", "text/markdown", "h")


def citation(number, start, end, passage):
    return Citation(number, passage, DOCUMENT, TEXT[start:end], start, end)


@given(st.lists(st.tuples(st.integers(0, 2000), st.integers(1, 300)), min_size=1, max_size=5), st.integers(0, 1500))
def test_every_quote_is_in_the_excerpts_whole_and_marked(spans, begin):
    passage = Passage("p", "d", 0, TEXT[begin : begin + 700], (), begin, begin + 700)
    cited = [citation(at, start, start + length, passage) for at, (start, length) in enumerate(spans, 1)]
    found = excerpts(cited)
    marked = [piece for excerpt in found for piece in excerpt if piece.numbers]
    assert {number for piece in marked for number in piece.numbers} == set(range(1, len(cited) + 1))
    shown = "".join(piece.text for piece in marked)
    assert sum(len(piece.text) for piece in marked) >= max(one.end - one.start for one in cited)
    for piece in marked:
        assert piece.text in TEXT
    assert all(any(one.quote[:5] in piece.text for piece in marked) or one.quote in shown for one in cited)


def test_a_long_passage_is_cut_around_its_quote_and_a_short_one_is_not():
    long = Passage("p", "d", 0, TEXT, (), 0, len(TEXT))
    start = TEXT.index("Zin 40")
    [pieces] = excerpts([citation(1, start, start + 30, long)])
    assert pieces[0].text.startswith(ELLIPSIS)
    assert pieces[-1].text.endswith(ELLIPSIS)
    assert sum(len(piece.text) for piece in pieces) < WHOLE
    short = Passage("p", "d", 0, TEXT[:400], (), 0, 400)
    [pieces] = excerpts([citation(1, 0, 30, short)])
    assert "".join(piece.text for piece in pieces) == TEXT[:400]


def test_the_page_is_named_as_it_is_printed():
    assert page_text(None, None) == ""
    assert page_text(3, None) == page_text(3, "3") == "bladzijde 3"
    assert page_text(3, "iii") == "bladzijde iii (pagina 3 van het bestand)"


# What means no good

# As the reader of Markdown takes it, these entities are the characters that they name.
HOSTILE = """# &lt;img src=x onerror=alert(1)&gt; &amp; "Besluit" 'javascript:alert(2)'

## &lt;script&gt;alert(3)&lt;/script&gt; Kosten

De &lt;script&gt;alert(4)&lt;/script&gt; brug kost 14 miljoen euro, zei "&gt;&lt;svg onload=alert(5)&gt; de wethouder.
"""


def test_what_stands_in_a_document_or_a_question_is_only_text(tmp_path, encoder):
    folder = tmp_path / "bronnen"
    folder.mkdir()
    (folder / "x.md").write_text(HOSTILE, encoding="utf-8")
    (folder / "bronnen.toml").write_text(
        '["x.md"]\ntitle = "</title><script>alert(6)</script>"\npublisher = "\\"><b onclick=alert(7)>"\n'
        'kind = "</option><script>alert(8)</script>"\nissued = "2024"\n',
        encoding="utf-8",
    )
    publish([folder], tmp_path / "data", encoder)
    question = "Hoeveel kost de brug volgens de wethouder? \"><script>alert(9)</script>' onfocus=alert(10) {{ 7 * 7 }}"
    with open_parts(tmp_path / "data", encoder) as parts, client_of(parts) as client:
        pages = [get_page(client, "/"), ask_page(client, question), ask_page(client, "Wat kost de brug?")]
        pages.append(page_of(send_form(client, pages[0], "/vraag", vraag=question, van="<b>"), 422))
        fields = {"csrf": pages[0].csrf(), "vraag": question}
        script = client.post("/vraag", data=fields, headers={"Accept": "text/event-stream"}).text
    for page in pages:
        assert all(address(one).startswith("/static/") or one.attributes.get("src") for one in page.all("script"))
        assert page.all("main script, main img, main svg[onload], main b") == []
        assert "<script>alert(9)</script>" in page.text or page is not pages[1]
        assert "{{ 7 * 7 }}" in page.text or page in (pages[0], pages[2])
    assert "14 miljoen euro" in pages[2].text
    assert "<script>alert(4)</script> brug" in pages[2].one("mark").text()
    assert "<script" not in script
