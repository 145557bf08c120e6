"""A generated answer that is read while it is made: each statement as soon as it has been checked.

A stream may not start, and may end before the answer does: Slack lets one expire. What was said stays, and the whole
answer is put in its place at the end. Whoever streams is told the ts of the message before anything else happens to it.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field

from assistant.types import Answer, Citation
from assistant.verify import Verified
from integrations.slack.errors import Gone, Refused, SlackError, StreamExpired
from integrations.slack.gateway import Gateway
from integrations.slack.render_answer import answer_message, answer_metadata, closing_blocks
from integrations.slack.render_parts import Links, Message
from integrations.slack.render_statement import statement_markdown
from integrations.slack.text import MOST_IN_ALL
from integrations.slack.types import Asked

_ROOM = MOST_IN_ALL - 2_000  # characters of a stream; the rest of a longer answer comes with its end
_log = logging.getLogger("vng_assistent.slack")


@dataclass(slots=True)
class AnswerStream:
    """An answer on its way into a thread. `started` is told the ts of its message as soon as that is there."""

    gateway: Gateway
    asked: Asked
    started: Callable[[str], None]
    ts: str = ""
    said: int = 0  # characters
    whole: bool = True  # whether all statements are in the stream
    open: bool = False
    citations: dict[int, Citation] = field(default_factory=dict)

    def add(self, verified: Verified) -> None:
        """Says one more statement. Where that cannot be streamed it waits for the end."""
        self.citations |= {one.number: one for one in verified.citations}
        text = statement_markdown(verified.statement, self.citations)
        if not self.whole or self.said + len(text) > _ROOM:
            self.whole = False
            return
        try:
            if self.ts:
                self.gateway.append_stream(self.asked.place.channel, self.ts, text)
            else:
                self._start(text)
            self.said += len(text)
        except SlackError as error:
            # The answer goes on, and is shown whole at its end: here, or when it is tried again.
            _log.info("a stream broke off: %s", type(error).__name__)
            self.whole = False
            self.open = self.open and not isinstance(error, StreamExpired | Gone)

    def finish(self, answer: Answer, links: Links) -> str:
        """The ts of the message with the whole answer: the stream's, closed; or another where none could be.

        Raises SlackUnavailable and RateLimited, after which it can be tried again with the ts that was told.
        """
        place, metadata = self.asked.place, answer_metadata(self.asked.ts, answer.answer_id)
        if self.open and self.whole and answer.statements:
            try:
                end = sent(Message("", closing_blocks(answer, links=links), metadata))
                self.gateway.stop_stream(place.channel, self.ts, end)
            except Refused as error:
                _log.info("a stream did not end: %s", error.error)
            else:
                return self.ts
        message = sent(answer_message(answer, links=links, asked_ts=self.asked.ts))
        if self.ts:
            self._close()
            try:
                self.gateway.update(place.channel, self.ts, message)
            except Gone:
                self.ts = ""
            else:
                return self.ts
        self.ts = self.gateway.post(place.channel, message, place.thread)
        self.started(self.ts)
        return self.ts

    def _start(self, text: str) -> None:
        place = self.asked.place
        self.ts = self.gateway.start_stream(
            place.channel, place.thread, user=self.asked.user, team=place.team, text=text
        )
        self.open = True
        self.started(self.ts)

    def _close(self) -> None:
        """Ends the stream, so that its message can be changed."""
        if not self.open:
            return
        try:
            self.gateway.stop_stream(self.asked.place.channel, self.ts)
        except Refused as error:
            _log.info("a stream was over: %s", error.error)
        self.open = False


def sent(message: Message) -> dict[str, object]:
    """The message as Gateway takes it."""
    found: dict[str, object] = {"text": message.text, "blocks": message.blocks}
    return {**found, "metadata": message.metadata} if message.metadata else found
