"""Text on its way to Slack and back."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.slack.messages import names as sentence_names
from integrations.slack.messages import said
from integrations.slack.text import asked_text, cut, escaped, length, one_line, pieces, shown

RELAXED = settings(deadline=None)  # by the clock, tests fail on a busy machine
ANY = st.text(st.characters(), max_size=400)
NASTY = st.text(st.sampled_from("<>&*_~`@#!|:^- \n\u200b\u202e\ud800\x00a1😀U"), max_size=200)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("R&D < 5 > 3", "R&amp;D &lt; 5 &gt; 3"),
        ("<@U0123> en <!channel>", "&lt;\u2060@\u2060U0123&gt; en &lt;!channel&gt;"),
        ("gewone tekst, 12:30 uur", "gewone tekst, 12:30 uur"),
    ],
)
def test_escaped(text: str, expected: str) -> None:
    assert escaped(text) == expected


@pytest.mark.parametrize(
    "text", ["*vet*", "_schuin_", "~weg~", "`code`", "```blok```", ":smile:", "> citaat", "- punt"]
)
def test_markup_is_taken_apart_and_can_still_be_read(text: str) -> None:
    assert escaped(text) != text
    assert escaped(text).replace("\u2060", "").replace("&gt;", ">") == text or text == "- punt"


@RELAXED
@given(ANY | NASTY)
def test_nothing_is_mentioned_linked_or_formatted(text: str) -> None:
    said = escaped(text)
    assert not re.search(r"[<>]", said)
    assert not re.search(r"&(?!(?:amp|lt|gt);)", said)
    assert not re.search(r"(?<!\u2060)[*_~`]|[*_~`](?!\u2060)", said)
    assert not re.search(r":[\w+'-]+:", said)
    assert not re.search(r"(?m)^\s*&gt;", said)
    assert "://" not in said
    said.encode()


@RELAXED
@given(ANY | NASTY)
def test_what_is_shown_is_as_long_and_can_be_sent(text: str) -> None:
    assert len(shown(text)) == len(text)
    shown(text).encode()
    assert "\n" not in one_line(text)


@RELAXED
@given(ANY | NASTY, st.integers(2, 100))
def test_a_cut_text_fits_and_begins_alike(text: str, most: int) -> None:
    found = cut(text, most)
    assert length(found) <= most
    assert found == text or (found.endswith("…") and text.startswith(found[:-1]))


def test_text_is_cut_at_a_word() -> None:
    assert cut("De gemeente Veldrijk bouwt woningen", 22) == "De gemeente Veldrijk…"
    assert cut("Veldrijkerstadhuisplein", 10) == "Veldrijke…"
    assert cut("😀😀😀😀", 5) == "😀😀…"


@RELAXED
@given(ANY, st.integers(2, 50))
def test_the_pieces_of_a_text_are_the_text(text: str, most: int) -> None:
    found = list(pieces(text, most))
    assert "".join(found) == text
    assert all(0 < length(one) <= most for one in found)


@pytest.mark.parametrize(
    ("raw", "asked"),
    [
        ("<@U0BOT> Wat is een warmtenet?", "Wat is een warmtenet?"),
        ("<@U0BOT|assistent>: wat is een warmtenet?", "wat is een warmtenet?"),
        ("Hoi <@U0BOT>, wat is <#C1|wonen>?", "Hoi, wat is wonen?"),
        ("Wat zegt <https://veldrijk.example/plan|het plan>?", "Wat zegt het plan?"),
        ("Wat zegt <https://veldrijk.example/plan>?", "Wat zegt https://veldrijk.example/plan?"),
        ("Mail <mailto:a@b.example|a@b.example> &amp; bel <tel:0612|0612>", "Mail a@b.example & bel 0612"),
        ("Is 5 &lt; 6 :thinking_face: :wave::skin-tone-2: ?", "Is 5 < 6?"),
        ("Begint het om 12:30:45?", "Begint het om 12:30:45?"),
        ("*Wat* is een _warmtenet_ en `wat` ~niet~?", "Wat is een warmtenet en wat niet?"),
        ("&gt; citaat\nWat is dit?", "citaat Wat is dit?"),
        ("Wie <!subteam^S1|@hulp> <!here> weet het op <!date^1^{date}|1 mei>?", "Wie weet het op 1 mei?"),
        ("2 * 3 * 4 en snake_case_naam", "2 * 3 * 4 en snake_case_naam"),
        ("&amp;lt;@U1&amp;gt;", "&lt;@U1&gt;"),
        ("&lt;@U1&gt;", "<@U1>"),
        ("<@U0BOT>", ""),
        ("een\u00a0 vraag\n\n met   ruimte", "een vraag met ruimte"),
    ],
)
def test_what_somebody_asks(raw: str, asked: str) -> None:
    assert asked_text(raw, "U0BOT") == asked


@RELAXED
@given(ANY | NASTY)
def test_any_message_gives_one_line(text: str) -> None:
    asked = asked_text(text, "U0BOT")
    assert asked == " ".join(asked.split())
    asked.encode()


@pytest.mark.parametrize("name", sentence_names())
def test_every_sentence_is_there_in_both_languages(name: str) -> None:
    values = ("question", "number", "count", "page", "label", "command", "all", "search", "pages", "limit", "until")
    given_values = dict.fromkeys((*values, "days", "model"), "7")
    dutch, english = said(name, "nl", **given_values), said(name, "en", **given_values)
    assert dutch
    assert english
    assert "{" not in dutch + english


def test_what_is_in_a_value_is_left_as_it_is() -> None:
    assert said("you_asked", question="{number} \\1 <@U1>") == "Je vroeg: “{number} \\1 <@U1>”"
