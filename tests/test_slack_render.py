"""What the bot shows is what Slack takes, whatever stands in a document or a question; a quote stays to the letter."""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.assistant import Assistant
from assistant.record import CitationCheck, Outcome
from assistant.types import Answer, Citation, Generation, Language, Query, Reply, Statement, Status, Suggestion
from ingest.encode import Encoder
from ingest.library import LiveLibrary
from ingest.publish import publish
from integrations.slack import names
from integrations.slack.render_answer import answer_message, closing_blocks, whole_view
from integrations.slack.render_errors import problem_message
from integrations.slack.render_feedback import colleague_message, reason_context, reason_view, shared_message
from integrations.slack.render_home import Recent, home_view, joined_message, suggested_prompts, usage_message
from integrations.slack.render_parts import Json, Links, Message
from integrations.slack.render_settings import document_options, settings_view
from integrations.slack.render_source import gone_view, near_view, passage_view
from integrations.slack.render_statement import statement_markdown
from integrations.slack.text import shown
from integrations.slack.types import ChannelSettings
from tests.slack_answers import ANSWER_ID, answer_of, document, kinds_of, markup_of, passage, quotes_of, texts_of
from tests.slack_local.blocks import complaints, view_complaints

ROOT = Path(__file__).parent.parent
TOPICS = [json.loads(line) for line in (ROOT / "eval/topics/voorbeelden.jsonl").read_text("utf-8").splitlines()]
LINKS = Links("https://vragen.veldrijk.example/", "S0123ABC")
BARE = Links()

RELAXED = settings(max_examples=30, deadline=None)
BASE = [
    *("<@U0123ABCD>", "<!channel>", "<!here|here>", "<!subteam^S0123|@hulp>", "<#C0123|wonen>", "@channel @here"),
    *("<https://kwaad.example|klik hier>", "https://kwaad.example/a?b=c&d=e", "[klik](https://kwaad.example)"),
    *("www.kwaad.nl", "*vet*", "_schuin_", "~weg~", "`code`", "```\nblok\n```", "**vet**", "# Kop", "> citaat"),
    *("- punt\n- punt", "1. een", ":smile:", ":+1:", ":skin-tone-2:", "🏘️👩‍👩‍👧", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "&lt;!channel&gt;"),
    *("&amp;amp;", "R&D <5 >3", "a|b|c", "שלום עולם", "\u202eevil\u202c", "\u2066x\u2069", "a\u200bb\u2060c\ufeffd"),
    *("e\u0301\u0327" * 40, "\x00\x07\x1b[31m", "\ud800", "\r\n\t\v\f", " ", "\u2028\u2029", "“aan” ‘halen’ „tekens”"),
    *("– punt\n– punt", "{question} {0} %s", "\\*\\_\\", "''\"\"", "1 mei", "~~x~~", "#wonen"),
]
LONG = [
    "x" * 20_000,
    "woord " * 4_000,
    "😀" * 3_000,
    "<!channel>" * 900,
    "\n" * 5_000 + "einde",
    "🏳️‍🌈" * 700,
    "*" * 9_000,
]
AROUND = (
    *("{}", "“{}”", "Voor {} na.", "\n{}\n", "<{}>", "*{}*", "{} {} {}", "`{}`", "– {}\n– {}", "&{};", "[{}]({})"),
    *("> {}", "_{}_", "~{}~", "{}:{}:"),
)
ADVERSARIAL = {around: [around.replace("{}", text) for text in BASE] for around in AROUND}
ADVERSARIAL["lang"] = LONG


def test_there_are_enough_adversarial_texts() -> None:
    assert len({text for texts in ADVERSARIAL.values() for text in texts}) >= 500


def everything(answer: Answer, text: str, links: Links) -> Iterator[Message | Json | list[Json]]:
    """All messages, views and blocks that may be made of an answer and of some text."""
    yield answer_message(answer, links=links, asked_ts="1.2", show_question=True, note="Let op.")
    yield answer_message(answer, links=links, private=True, shareable=True)
    yield shared_message(answer, user="U0123", links=links, asked_ts="1.2")
    yield closing_blocks(answer, links=links)
    yield whole_view(answer, links=links)
    for citation in answer.citations:
        check = CitationCheck(citation.number, Outcome.CHANGED, revised=True)
        yield passage_view(answer, citation.number, links=links, before=text, after=text)
        yield passage_view(answer, citation.number, links=links, check=check)
    for at in range(1, len(answer.suggestions) + 1):
        yield near_view(answer, at, links=links, before=text, after=text)
    yield reason_view(answer.answer_id, context=text)
    yield colleague_message(text, links=links, hidden=True)
    yield problem_message("busy", question=text)


def around_documents(text: str) -> Iterator[Message | Json | list[Json]]:
    """The views that show names of documents and earlier questions."""
    source = document(text)
    for links in (LINKS, BARE):
        recent = (Recent(text, "https://veldrijk.slack.com/archives/C1/p1"), Recent(text))
        yield home_view(
            [source] * 12, links=links, examples=[text] * 6, recent=recent, search=text, language_model=text
        )
        yield home_view([source] * 12, links=links, page=2, retention_days=30)
    yield settings_view("C0123", ChannelSettings("all", ("d1",)), [source])
    yield settings_view("C0123", ChannelSettings(), [replace(source, doc_id=str(at)) for at in range(150)])


def wrong(made: Message | Json | list[Json]) -> list[str]:
    """What Slack would refuse, and what would take effect that should not."""
    if isinstance(made, Message):
        blocks, found = made.blocks, complaints(made.blocks)
        found += [] if 0 < len(made.text) <= 40_000 else [f"text: {len(made.text)} characters"]
        markup = [made.text, *markup_of(blocks)]
    elif isinstance(made, list):
        blocks, found, markup = made, complaints(made), markup_of(made)
    else:
        blocks, found, markup = made["blocks"], view_complaints(made), markup_of(made)
    found += [f"markup: {one[:80]!r}" for one in markup if "<" in one or re.search(r":[\w+'-]+:", one) or "://" in one]
    found += [f"{one} in blocks" for one in kinds_of(blocks) & {"broadcast", "channel", "emoji", "markdown"}]
    json.dumps(blocks, ensure_ascii=False).encode()
    return found


@pytest.mark.parametrize("around", ADVERSARIAL)
def test_slack_takes_all_that_is_made_of_adversarial_texts(around: str) -> None:
    for text in ADVERSARIAL[around]:
        for links in (LINKS, BARE)[: 2 if around in ("{}", "lang") else 1]:
            found = answer_of(text, text[:300], "Gewoon.", title=text, section=text, question=text)
            nothing = answer_of(title=text, section=text, question=text)
            made = [*everything(found, text, links), *everything(nothing, text, links)]
            assert {text[:80]: line for one in made for line in wrong(one)} == {}
        assert [line for one in around_documents(text) for line in wrong(one)] == []
        assert complaints([{"type": "actions", "elements": _select(document_options([document(text)]))}]) == []
        assert all(len(one["title"]) <= 75 for one in suggested_prompts([text]))


def _select(options: list[Json]) -> list[Json]:
    return [{"type": "static_select", "action_id": "a", "options": options}]


@given(st.text(st.characters(), min_size=1, max_size=300), st.integers(1, 60))
@RELAXED
def test_slack_takes_all_that_is_made_of_any_text(text: str, count: int) -> None:
    answer = answer_of(*[f"{text} {at}" for at in range(count)], title=text, section=text, question=text)
    assert [line for one in everything(answer, text, LINKS) for line in wrong(one)] == []
    assert wrong(home_view([document(text)], links=BARE, examples=[text], search=text)) == []


@RELAXED
@given(st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=500))
def test_the_characters_of_a_quote_stand_unchanged_in_its_block(text: str) -> None:
    quote = shown(text)  # without marks that turn the direction, which nobody is to see the effect of
    message = answer_message(answer_of(quote), links=BARE)
    assert quotes_of(message.blocks) == [quote]
    window = passage_view(answer_of(quote), 1, links=BARE)
    assert quote in [one["text"] for block in window["blocks"] for one in _bold(block)]


def _bold(part: object) -> list[Json]:
    if isinstance(part, list):
        return [found for one in part for found in _bold(one)]
    if not isinstance(part, dict):
        return []
    if part.get("style") == {"bold": True}:
        return [part]
    return [found for one in part.values() for found in _bold(one)]


@given(st.text(st.characters(), min_size=1, max_size=300) | st.sampled_from([*BASE, *LONG]))
@RELAXED
def test_streamed_text_has_no_markup_but_ours(text: str) -> None:
    answer = answer_of(text)
    written = statement_markdown(answer.statements[0], answer.citations).replace("**\\[1\\]**", "")
    bare = re.sub(r"\\.", "", re.sub(r"(?m)^- ", "", written))
    assert not re.search(r"[\\`*_\[\]~<>]|://|:[\w+'-]+:|@\w|www\.", bare)
    assert not re.search(r"(?m)^\s*(?:[#>=+|-]|\d+[.)])", re.sub(r"(?m)^- (?=.)", "“", written))
    assert not re.search(r"&(?!(?:amp|lt|gt);)", written)


def test_ordinary_text_is_streamed_as_it_is() -> None:
    written = statement_markdown(*_said("In 2019 telde Nederland 355 gemeenten (10% minder): 'Samen' - en goed."))
    assert written == "“In 2019 telde Nederland 355 gemeenten (10% minder): 'Samen' - en goed.” **\\[1\\]**\n\n"
    assert statement_markdown(*_said("<!channel> *vet*")) == "“&lt;!channel&gt; \\*vet\\*” **\\[1\\]**\n\n"


def _said(quote: str) -> tuple[Statement, tuple[Citation, ...]]:
    answer = answer_of(quote)
    return answer.statements[0], answer.citations


# On a library, as people use it.


@pytest.fixture(scope="module")
def answers(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Answer]]:
    """The answers to all questions of our own set."""
    data = tmp_path_factory.mktemp("slack")
    publish([ROOT / "voorbeelden/documenten"], data, encoder)
    library = LiveLibrary(data, encoder)
    assistant = Assistant(library, encoder)
    said = ["Hallo!", "Bedankt", "Wie ben jij?", "Schrijf een gedicht", "Wat vind jij van de burgemeester?"]
    yield [assistant.ask(Query(text)) for text in [*(topic["question"] for topic in TOPICS), *said]]
    library.close()


def test_slack_takes_every_answer(answers: list[Answer]) -> None:
    assert {one.status for one in answers} >= {Status.ANSWERED, Status.NOT_FOUND}
    for links in (LINKS, BARE):
        found = {
            a.query.text: line for a in answers for one in everything(a, a.query.text, links) for line in wrong(one)
        }
        assert found == {}


def test_every_number_of_an_answer_is_shown_with_its_quote(answers: list[Answer]) -> None:
    for answer in answers:
        blocks = answer_message(answer, links=BARE).blocks
        quotes = quotes_of(blocks)
        assert [one.quote for one in answer.citations if one.quote not in quotes] == []
        heads = " ".join(markup_of(blocks))
        assert [one.number for one in answer.citations if f"[{one.number}]" not in heads] == []
        said = "".join(texts_of([block for block in blocks if str(block.get("block_id")).startswith("antwoord-")]))
        for statement in answer.statements:
            assert all(f"[{number}]" in said for number in statement.citations)


def test_a_list_is_a_list_and_a_comparison_names_its_sides(answers: list[Answer]) -> None:
    listed = [one for one in answers if any("\n– " in statement.text for statement in one.statements)]
    assert listed
    assert all("rich_text_list" in kinds_of(answer_message(one, links=BARE).blocks) for one in listed)
    several = [one for one in answers if len({cited.document.doc_id for cited in one.citations}) > 1]
    framed = [one for one in several if re.match(r"[^“]+: “", one.statements[0].text)]
    assert framed
    assert all(_bold(answer_message(one, links=LINKS).blocks) for one in framed)


# What a reader sees, one by one.


def test_an_answer_with_all_that_can_be_done_with_it() -> None:
    message = answer_message(answer_of("Er komen 40 woningen."), links=LINKS, asked_ts="17.5")
    assert message.metadata == {
        "event_type": "vng_answer",
        "event_payload": {"question": "17.5", "answer": ANSWER_ID},
    }
    assert message.text.startswith("“Er komen 40 woningen.” [1]\nZeker: het antwoord staat zo in de bron.")
    assert (
        "[1] Woonplan Veldrijk · Gemeente Veldrijk, maart 2024 · Wonen · p. iv (pagina 4 van het bestand)"
        in message.text
    )
    kinds = [block["type"] for block in message.blocks]
    assert kinds == ["rich_text", "context", "divider", "section", "rich_text", "context_actions", "actions"]
    labels = [one["text"]["text"] for one in message.blocks[-1]["elements"]]
    assert labels == ["Verder in de web-app", "Vraag een collega"]
    assert message.blocks[-1]["elements"][0]["url"] == f"https://vragen.veldrijk.example/antwoorden/{ANSWER_ID}"
    assert names.chosen(message.blocks[3]["accessory"]["value"]) == names.Chosen(ANSWER_ID, "citation", 1)
    feedback = message.blocks[-2]["elements"][0]
    assert names.opinion(feedback["negative_button"]["value"]) == (False, ANSWER_ID)


def test_without_web_pages_or_colleagues_nothing_leads_there() -> None:
    message = answer_message(answer_of("Kort."), links=BARE)
    assert message.blocks[-1]["type"] == "context_actions"
    assert "link" not in kinds_of(message.blocks)


def test_only_a_private_answer_can_be_shared_and_has_no_metadata() -> None:
    message = answer_message(answer_of("Kort."), links=BARE, private=True, shareable=True)
    assert message.metadata == {}
    assert [one["action_id"] for one in message.blocks[-1]["elements"]] == [names.SHARE]
    shared = shared_message(answer_of("Kort."), user="U0123", links=BARE)
    assert shared.blocks[0]["elements"][0]["elements"][0] == {"type": "user", "user_id": "U0123"}
    assert "Je vroeg: “Wat staat er?”" in json.dumps(shared.blocks, ensure_ascii=False)


@pytest.mark.parametrize(("links", "action"), [(BARE, names.WHOLE), (LINKS, f"{names.WEB}_rest")])
def test_a_long_answer_ends_with_a_whole_statement_and_a_way_to_the_rest(links: Links, action: str) -> None:
    answer = answer_of(*(f"Zin {at} {'over de woningbouw ' * 20}einde." for at in range(20)))
    blocks = answer_message(answer, links=links).blocks
    shown_statements = [block for block in blocks if str(block.get("block_id")).startswith("antwoord-")]
    assert 3 <= len(shown_statements) < 20
    assert all("einde." in "".join(texts_of(block)) for block in shown_statements)
    rest = next(block for block in blocks if block.get("accessory", {}).get("action_id") == action)
    assert (
        rest["text"]["text"]
        == f"Dit antwoord gaat verder: {20 - len(shown_statements)} onderdelen passen niet in dit bericht."
    )
    assert len(quotes_of(blocks)) == len(shown_statements)
    whole = whole_view(answer, links=links)
    assert len([block for block in whole["blocks"] if str(block.get("block_id")).startswith("antwoord-")]) == 20


def test_a_statement_that_fits_nowhere_is_not_broken() -> None:
    blocks = answer_message(answer_of("woord " * 3_000), links=BARE).blocks
    assert blocks[0]["text"]["text"].startswith("Dit antwoord is te lang voor een bericht in Slack.")
    assert texts_of(blocks) == []


def test_quotes_of_one_passage_stand_together() -> None:
    one = passage("Er komen 40 woningen. Ze zijn van hout.")
    source = document()
    cited = (
        Citation(1, one, source, "Er komen 40 woningen.", 0, 21, 4),
        Citation(2, one, source, "Ze zijn van hout.", 22, 39, 5),
    )
    answer = replace(answer_of("x"), citations=cited, statements=(Statement("Veel.", (1, 2)),))
    blocks = answer_message(answer, links=BARE).blocks
    assert [text.splitlines()[0] for text in markup_of(blocks)] == ["*[1] [2]* Woonplan Veldrijk"]
    assert "p. 4, p. 5" in markup_of(blocks)[0]
    assert quotes_of(blocks) == ["Er komen 40 woningen.", "Ze zijn van hout."]
    assert texts_of(blocks)[:3] == ["Veel.", " [1]", " [2]"]


def test_what_was_not_found_is_said_with_what_is_near_and_what_can_be_asked() -> None:
    answer = answer_of(question="Wat kost het zwembad?")
    blocks = answer_message(answer, links=BARE).blocks
    assert texts_of(blocks)[:2] == ["Dit staat niet in de documenten.", "Het dichtst in de buurt:"]
    assert "“Wat kost het zwembad?” komt er niet in voor." in texts_of(blocks)[3]
    questions = next(block for block in blocks if block["type"] == "actions")
    assert [one["value"] for one in questions["elements"]] == ["Wat kost het zwembad?", "Woonplan Veldrijk"]
    near = next(block["accessory"]["value"] for block in blocks if "accessory" in block)
    assert names.chosen(near) == names.Chosen(ANSWER_ID, "suggestion", 1)


def test_a_fixed_reply_is_only_that() -> None:
    blocks = answer_message(replace(answer_of(), reply=Reply.THANKS, suggestions=(), questions=()), links=LINKS).blocks
    assert [block["type"] for block in blocks] == ["rich_text"]


def test_what_a_reader_must_know_of_an_answer() -> None:
    generation = Generation("model", model="Eén <!channel> model", dropped=2)
    answer = replace(
        answer_of("Kort.", status=Status.PARTIAL), generation=generation, standalone_query="Wat staat er over hout?"
    )
    said = [
        block["elements"][0]["text"]
        for block in answer_message(answer, links=BARE).blocks
        if block["type"] == "context"
    ]
    assert said[0] == "Ik heb je vraag gelezen als: “Wat staat er over hout?”"
    assert said[1].splitlines()[0].startswith("Dit is een deel van het antwoord.")
    assert "taalmodel Eén <!channel> model" in said[1]
    assert "<" not in answer_message(answer, links=BARE).text
    fell_back = replace(answer, generation=Generation("extractive", fell_back="timeout"), language="en")
    assert "The language model did not answer in time." in json.dumps(answer_message(fell_back, links=BARE).blocks)


def test_a_changed_or_vanished_source_is_said() -> None:
    answer = answer_of("Er komen 40 woningen.")
    gone = passage_view(answer, 1, links=BARE, before="Eerst.", check=CitationCheck(1, Outcome.GONE))
    assert "Deze bron is er niet meer." in gone["blocks"][1]["elements"][0]["text"]
    assert "Eerst." not in json.dumps(gone)
    assert view_complaints(gone_view()) == []
    with pytest.raises(KeyError):
        passage_view(answer, 2, links=BARE)
    for at in (0, 3):
        with pytest.raises(IndexError):
            near_view(answer_of(), at, links=BARE)


def test_the_reader_is_opened_at_the_quote() -> None:
    window = passage_view(answer_of("Er komen 40 woningen."), 1, links=LINKS, before="Eerst.", after="Dan.")
    url = f"https://vragen.veldrijk.example/documenten/d1?antwoord={ANSWER_ID}&bron=1#citaat"
    assert window["blocks"][-1]["elements"][0]["url"] == url
    assert "Eerst." in json.dumps(window)
    assert "Dan." in json.dumps(window)


def test_the_one_mention_is_of_the_group_of_colleagues() -> None:
    message = colleague_message("Wat <!channel> nu?", links=LINKS)
    assert message.blocks[0]["elements"][0]["elements"][0] == {"type": "usergroup", "usergroup_id": "S0123ABC"}
    assert "usergroup" not in kinds_of(colleague_message("Wat nu?", links=Links(colleagues="<!here>")).blocks)


def test_what_is_sent_in_is_understood() -> None:
    assert reason_context(reason_view("a1", context="C1:1.2")["private_metadata"]) == ("a1", "C1:1.2")
    for text in ("", "[]", "{", "[" * 100_000):
        assert reason_context(text) == ("", "")
    for value in ("", "a", "a:citation", "a:citation:x", "a:other:1", ":citation:1", "a:citation:٣"):
        assert names.chosen(value) is None
    assert names.opinion("sideways:a") is None
    assert names.home_aim(names.home_value(3, "a:b")) == (3, "a:b")
    assert names.home_aim("x") == (1, "")


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_fixed_messages(language: Language) -> None:
    made = [joined_message("C1", language=language), joined_message("C1", external=True), usage_message()]
    assert [line for one in made for line in wrong(one)] == []


def test_the_home_tab_turns_its_pages_and_searches() -> None:
    sources = [replace(document(f"Woonplan {at}"), doc_id=str(at)) for at in range(25)]
    said = json.dumps(home_view(sources, links=BARE, page=9), ensure_ascii=False)
    assert "25 documenten · Bladzijde 3 van 3" in said
    assert "Woonplan 24" in said
    found = json.dumps(home_view(sources, links=BARE, search="woonplan 7"), ensure_ascii=False)
    assert "2 van de 25 documenten" in found
    assert "Geen document met" in json.dumps(home_view(sources, links=BARE, search="zwembad"))
    assert "nog geen documenten" in json.dumps(home_view([], links=BARE))


def test_suggestions_beyond_what_is_shown_do_not_break_a_message() -> None:
    answer = answer_of()
    many: tuple[Suggestion, ...] = answer.suggestions * 30
    assert wrong(answer_message(replace(answer, suggestions=many, questions=("Wat?",) * 30), links=LINKS)) == []
