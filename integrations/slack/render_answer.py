"""An answer as a message: what the documents say with a number at every quote, and below it what each number is."""

from bisect import bisect_left
from collections.abc import Sequence

from assistant.messages import (
    generated_by_text,
    heading_text,
    level_text,
    message_text,
    partial_text,
    read_as_text,
)
from assistant.types import Answer, Language, Status
from integrations.slack import names
from integrations.slack.messages import said
from integrations.slack.render_parts import (
    Json,
    Links,
    Message,
    actions,
    button,
    context,
    fallback,
    line,
    link_button,
    paragraph,
    plain,
    question_blocks,
    rich,
    runs,
    section,
    size,
)
from integrations.slack.render_source import by_passage, near_blocks, source_blocks, source_line
from integrations.slack.render_statement import statement_block
from integrations.slack.text import MOST_BLOCKS, MOST_IN_ALL, MOST_TITLE, cut, one_line

MOST_MODAL_BLOCKS = 100
MOST_MODAL = 100_000  # characters; Slack refuses a view of more than 250 kB
MOST_SHOWN_QUESTION = 300
MOST_NEAR = 5
MOST_QUESTIONS = 5
MOST_ABOUT = 500


def answer_message(
    answer: Answer,
    *,
    links: Links,
    asked_ts: str = "",
    private: bool = False,
    shareable: bool = False,
    show_question: bool = False,
    note: str = "",
    above: Sequence[Json] = (),
) -> Message:
    """The message with an answer, whatever its status.

    `asked_ts` is the message that asked, which with the answer's id becomes its metadata. `private` says that only the
    asker sees it: then there is no metadata, for Slack keeps none with such a message. `shareable` offers to show it to
    the channel. `show_question` repeats the question, where nobody sees it otherwise. `above` are blocks above it all,
    `note` is a line above the rest.
    """
    metadata = {} if private else answer_metadata(asked_ts, answer.answer_id)
    top = [*above, *_top(answer, note=note, show_question=show_question)]
    tail = _tail(answer, links, private=private, shareable=shareable)
    blocks = _fitted(answer, links, top, tail) if answer.statements else _without(answer, top, tail)
    return Message(answer_text(answer, note), blocks, metadata)


def answer_metadata(asked_ts: str, answer_id: str) -> Json:
    """What is kept with a message of ours in Slack: which question it answers, and with which answer."""
    return {"event_type": names.ANSWER_EVENT, "event_payload": {"question": asked_ts, "answer": answer_id}}


def answer_text(answer: Answer, note: str = "") -> str:
    """An answer as plain text, escaped, for notifications and screen readers."""
    if not answer.statements:
        near = [explain for one in answer.suggestions for explain in [one.passage.document.title]]
        headed = [heading_text("nearest", answer.language), *near] if near else []
        return fallback(note, message_text(answer), *(one_line(one) for one in headed))
    numbered = [one.text + "".join(f" [{number}]" for number in one.citations) for one in answer.statements]
    sources = [source_line(one, answer.language) for one in answer.citations]
    return fallback(note, *numbered, *_about(answer), f"{heading_text('sources', answer.language)}:", *sources)


def closing_blocks(answer: Answer, *, links: Links) -> list[Json]:
    """What stands below statements that were streamed: how sure they are, their sources, and what can be done."""
    if not answer.statements:
        return _without(answer, [], _tail(answer, links))
    tail = _tail(answer, links)
    for quotes in (True, False):
        blocks = [*_small_print(answer), *_sources(answer, len(answer.statements), quotes=quotes), *tail]
        if _fits(blocks):
            return blocks
    return [*_small_print(answer), _rest(answer, 0, links), *tail]


def streamed_blocks(answer: Answer, links: Links, number: int) -> list[Json]:
    """The block of one statement, from 1, of an answer in the making."""
    return [_statement(answer, number - 1, links)]


def whole_view(answer: Answer, *, links: Links) -> Json:
    """The window with all of an answer, however long."""
    blocks = [_statement(answer, at, links) for at in range(len(answer.statements))] or _nothing_found(answer)
    tail = actions(_web(answer, links))
    for quotes in (True, False):
        full = [*blocks, *_small_print(answer), *_sources(answer, len(answer.statements), quotes=quotes), *tail]
        if len(full) <= MOST_MODAL_BLOCKS and size(full) <= MOST_MODAL:
            break
    while blocks and (len(full) > MOST_MODAL_BLOCKS or size(full) > MOST_MODAL):
        blocks.pop()
        full = [*blocks, *_small_print(answer), *_sources(answer, len(blocks), quotes=False), *tail]
    language = answer.language
    return {
        "type": "modal",
        "title": plain(said("whole_title", language), MOST_TITLE),
        "close": plain(said("close", language), MOST_TITLE),
        "blocks": full,
    }


def _fitted(answer: Answer, links: Links, top: Sequence[Json], tail: Sequence[Json]) -> list[Json]:
    """As many whole statements as fit in a message, with their sources and a way to the rest."""
    statements = [_statement(answer, at, links) for at in range(len(answer.statements))]

    def made(count: int, *, quotes: bool = True) -> list[Json]:
        rest = [] if count == len(statements) else [_rest(answer, count, links)]
        below = [*_small_print(answer), *_sources(answer, count, quotes=quotes)] if count else []
        return [*top, *statements[:count], *rest, *below, *tail]

    if _fits(blocks := made(len(statements))):
        return blocks
    # The more statements, the longer: the last number of them that fits is found by halving.
    count = bisect_left(range(1, len(statements)), True, key=lambda one: not _fits(made(one)))
    if count:
        return made(count)
    # Quotes are left out only where not even the first statement fits with them.
    return blocks if _fits(blocks := made(1, quotes=False)) else made(0)


def _fits(blocks: Sequence[Json]) -> bool:
    return len(blocks) <= MOST_BLOCKS and size(blocks) <= MOST_IN_ALL


def _top(answer: Answer, *, note: str, show_question: bool) -> list[Json]:
    lines = [note]
    if show_question:
        question = cut(one_line(answer.query.text), MOST_SHOWN_QUESTION)
        lines.append(said("you_asked", answer.language, question=question))
    if answer.standalone_query != answer.query.text and answer.reply is None:
        reading = cut(one_line(answer.standalone_query), MOST_SHOWN_QUESTION)
        lines.append(read_as_text(reading, answer.language))
    return [context(*lines)] if any(lines) else []


def _statement(answer: Answer, at: int, links: Links) -> Json:
    return statement_block(
        answer.statements[at],
        {one.number: one for one in answer.citations},
        answer_id=answer.answer_id,
        links=links,
        compares=len({one.document.doc_id for one in answer.citations}) > 1,
        block_id=f"antwoord-{at + 1}",
    )


def _about(answer: Answer) -> list[str]:
    """What is said about the statements: whether they are all, how sure they are, and what wrote them."""
    partial = partial_text(answer.language) if answer.status is Status.PARTIAL else ""
    made_by = generated_by_text(answer.generation, answer.language)
    return [
        one for one in (partial, level_text(answer.level, answer.language), cut(one_line(made_by), MOST_ABOUT)) if one
    ]


def _small_print(answer: Answer) -> list[Json]:
    return [context(*_about(answer))] if answer.statements else []


def _sources(answer: Answer, count: int, *, quotes: bool) -> list[Json]:
    """The sources of the first so many statements."""
    used = {number for one in answer.statements[:count] for number in one.citations}
    groups = by_passage([one for one in answer.citations if one.number in used])
    blocks: list[Json] = []
    for group in groups:
        blocks += source_blocks(group, answer.answer_id, answer.language, quotes=quotes)
    return [{"type": "divider"}, *blocks] if blocks else []


def _rest(answer: Answer, count: int, links: Links) -> Json:
    """That the answer goes on, and where."""
    language, left = answer.language, len(answer.statements) - count
    name = "whole_too_long" if count == 0 else "rest_one" if left == 1 else "rest_more"
    url = links.answer(answer.answer_id)
    onward = (
        link_button(said("read_on", language), url, f"{names.WEB}_rest")
        if url
        else button(said("show_all", language), names.WHOLE, answer.answer_id)
    )
    return section(plain(said(name, language, count=left)), onward)


def _without(answer: Answer, top: Sequence[Json], tail: Sequence[Json]) -> list[Json]:
    """A message without statements, with as many of the passages that come near as fit."""
    for most in range(MOST_NEAR, -1, -1):
        blocks = [*top, *_nothing_found(answer, most), *tail]
        if _fits(blocks):
            break
    return blocks


def _nothing_found(answer: Answer, most: int = MOST_NEAR) -> list[Json]:
    """What is said where there are no statements: why not, what came nearest, and what can be asked."""
    language = answer.language
    blocks = [paragraph(message_text(answer), **({} if answer.reply else {"bold": True}))]
    if answer.suggestions[:most]:
        blocks.append(_heading("nearest", language))
        for at, suggestion in enumerate(answer.suggestions[:most], 1):
            blocks += near_blocks(suggestion, at, answer.answer_id, language)
    if answer.questions:
        blocks += [_heading("questions", language), *question_blocks(answer.questions[:MOST_QUESTIONS], language)]
    return blocks


def _heading(name: str, language: Language) -> Json:
    return rich([line(runs(heading_text(name, language), bold=True))])


def _tail(answer: Answer, links: Links, *, private: bool = False, shareable: bool = False) -> list[Json]:
    """What can be done with an answer: say whether it helps, go on in the browser, ask a colleague, share it."""
    if answer.reply is not None:
        return []
    language = answer.language
    sides = {
        side: {
            "text": plain(said(name, language)),
            "accessibility_label": said(f"{name}_label", language),
            "value": f"{value}:{answer.answer_id}",
        }
        for side, name, value in (
            ("positive_button", "helpful", "up"),
            ("negative_button", "not_helpful", "down"),
        )
    }
    feedback = {"type": "feedback_buttons", "action_id": names.FEEDBACK, **sides}
    more = _web(answer, links)
    if links.colleagues:
        more.append(button(said("colleague", language), names.COLLEAGUE, answer.answer_id))
    if private and shareable and answer.statements:
        more.append(button(said("share", language), names.SHARE, answer.answer_id))
    return [{"type": "context_actions", "elements": [feedback]}, *actions(more)]


def _web(answer: Answer, links: Links) -> list[Json]:
    url = links.answer(answer.answer_id)
    return [link_button(said("web", answer.language), url)] if url else []
