"""Works off the journal: workers that answer what was asked, everybody in turn, each question once.

A question that was asked is in the journal before anybody is told so. Whoever works on it holds it on lease. When a
process is killed, another one (or the same, started again) takes its questions over, and looks first whether the answer
is there already.
"""

import logging
import random
import threading
import time
from collections.abc import Callable

from integrations.slack.errors import (
    JournalUnavailable,
    RateLimited,
    RecordsUnavailable,
    SlackError,
    SlackUnavailable,
    TokenRefused,
)
from integrations.slack.journal import Journal
from integrations.slack.journal_rows import Claim
from integrations.slack.owner import is_gone, new_owner
from integrations.slack.types import Asked, Replied

Answer = Callable[[Asked], Replied | None]
"""Answers a question; None where there is nothing to say. Whatever it raises has the question asked again later."""

Check = Callable[[Asked], Replied | None]
"""Looks in Slack whether a question has its answer."""

Tell = Callable[[Asked], Replied | None]
"""Tells somebody that his question stays without an answer, once however often it is called."""

Undo = Callable[[Asked, Replied], None]
"""Takes back the reply to a question that was deleted."""

WORKERS = 4
LEASE = 60.0  # seconds
POLL = 1.0  # seconds between looks at what other processes left
TRIES_OF_OURS = 3  # when we fail ourselves
CRASHES = 10  # of whoever works on it, after which the question itself may be the cause
TRIES_OF_SLACK = 240  # when Slack fails, or the network: hours
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before a question is tried again
_TIDY, _PRUNE = 60.0, 3_600.0  # seconds between clean-ups
_log = logging.getLogger("vng_assistent.slack")


class Inbox:
    """The questions that were asked. Threads may share it; `start` it once the rest of the bot is there."""

    def __init__(
        self,
        journal: Journal,
        *,
        workers: int = WORKERS,
        lease: float = LEASE,
        poll: float = POLL,
        first_pause: float = FIRST_PAUSE,
        longest_pause: float = LONGEST_PAUSE,
        keep_days: float = 365,
    ) -> None:
        self._journal = journal
        self._owner = new_owner()
        self._lease = lease
        self._poll = poll
        self._first_pause, self._longest_pause = first_pause, longest_pause
        self._keep_days = keep_days
        self._changed = threading.Condition()
        self._stopping = False
        self._news = 0  # counts what came in, so that a worker that just looked misses nothing
        self._workers = [threading.Thread(target=self._work, name=f"slack-{n}", daemon=True) for n in range(workers)]
        self._keeper = threading.Thread(target=self._keep, name="slack-keeper", daemon=True)
        self._deeds: tuple[Answer, Check, Tell, Undo] | None = None
        self._claims: dict[tuple[str, str], Claim] = {}  # by what they are of; each only touched by its worker

    def start(self, answer: Answer, *, was_answered: Check, tell: Tell, undo: Undo) -> None:
        """Begins to answer, with what was left from before."""
        self._deeds = answer, was_answered, tell, undo
        self._journal.release(is_gone)
        for thread in (*self._workers, self._keeper):
            thread.start()

    def take(self, asked: Asked) -> bool:
        """Whether this is a new question, which is now written down and will be answered; to be called before Slack is
        told that it came in. Raises JournalUnavailable: then Slack must not be told.
        """
        return self._heard(self._journal.take(asked))

    def revise(self, asked: Asked) -> bool:
        """Whether the message of a question was changed into this one, which will be answered instead."""
        return self._heard(self._journal.revise(asked))

    def forget(self, asked: Asked) -> bool:
        """Whether something was said to a question whose message was deleted, which will be taken away."""
        return self._heard(self._journal.forget(asked))

    def note(self, asked: Asked, replied: Replied) -> None:
        """Writes down where the reply stands to a question that is being worked on, so that it is not given twice.

        Raises JournalUnavailable.
        """
        if claim := self._claims.get((asked.place.channel, asked.ts)):
            self._journal.note(claim, replied)

    def is_first(self, asked: Asked) -> bool:
        """Whether a question that is being worked on is tried for the first time, and stands as it was asked."""
        claim = self._claims.get((asked.place.channel, asked.ts))
        return claim is not None and claim.attempt == 1 and not claim.revision and claim.former is None

    def was_tried(self, asked: Asked) -> bool:
        """Whether a question that is being worked on was worked on before."""
        claim = self._claims.get((asked.place.channel, asked.ts))
        return claim is not None and claim.attempt > 1

    def close(self, grace: float = 20.0) -> bool:
        """Whether all that was under way was finished within so many seconds; what waits stays in the journal."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        until = time.monotonic() + grace
        for thread in (*self._workers, self._keeper):
            if thread.ident is not None:
                thread.join(max(0.0, until - time.monotonic()))
        return not any(thread.is_alive() for thread in self._workers)

    def _heard(self, new: bool) -> bool:
        if new:
            with self._changed:
                self._news += 1
                self._changed.notify()
        return new

    def _work(self) -> None:
        """What a worker does until the end."""
        while not self._stopping:
            news = self._news
            try:
                claim = self._journal.claim(self._owner, self._lease)
            except JournalUnavailable as error:
                _log.error("De vragen uit Slack zijn niet te lezen: %s", error.why)
                claim = None
            if claim is None:
                self._wait(news)
            else:
                key = claim.asked.place.channel, claim.asked.ts
                self._claims[key] = claim
                try:
                    self._settle(claim)
                finally:
                    self._claims.pop(key, None)

    def _wait(self, news: int) -> None:
        """Returns when there is news, and after a while anyhow: other processes leave questions too."""
        with self._changed:
            if not self._stopping and self._news == news:
                self._changed.wait(self._poll * random.uniform(0.8, 1.2))  # noqa: S311 - to keep workers apart

    def _settle(self, claim: Claim) -> None:
        """Deals with a question in some way; never raises."""
        try:
            try:
                self._deal_with(claim)
            except JournalUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the other questions go on
                self._later(claim, error)
        except JournalUnavailable as error:
            # The lease passes, and then somebody looks whether it was answered.
            _log.error("Wat er met een vraag uit Slack gebeurde, is niet opgeschreven: %s", error.why)

    def _deal_with(self, claim: Claim) -> None:
        assert self._deeds is not None, "it was started"  # noqa: S101
        answer, was_answered, tell, undo = self._deeds
        if claim.tries > CRASHES:
            self._leave(claim, "wie eraan werkt, wordt steeds afgebroken")
            return
        replied = claim.former
        if claim.task == "withdraw":
            if replied := replied or was_answered(claim.asked):
                undo(claim.asked, replied)
            replied = None
        elif claim.task == "tell":
            replied = tell(claim.asked)
        else:
            replied = self._found(claim, was_answered) or answer(claim.asked)
        if self._journal.finish(claim, replied) == "again":
            self._heard(True)

    def _found(self, claim: Claim, was_answered: Check) -> Replied | None:
        """The reply to a question that an earlier try has given without writing it down."""
        if claim.attempt == 1 or claim.former is not None:
            return None
        found = was_answered(claim.asked)
        if found and claim.revision:
            self._journal.note(claim, found)  # to be changed into the answer to what is asked now
            return None
        return found

    def _later(self, claim: Claim, error: Exception) -> None:
        """Leaves a question for later, or gives up on it."""
        why, blameless = _why(error)
        if claim.failures >= TRIES_OF_SLACK if blameless else claim.tries >= TRIES_OF_OURS:
            self._leave(claim, why)
            return
        _log.warning("Een vraag uit Slack wordt later opnieuw geprobeerd: %s.", why)
        pause = min(self._longest_pause, self._first_pause * 2.0 ** min(claim.attempt - 1, 20))
        least = error.seconds if isinstance(error, RateLimited) else 0.0
        waits = max(least, pause * random.uniform(0.5, 1.0))  # noqa: S311 - to spread them
        self._journal.postpone(claim, waits, blameless=blameless)

    def _leave(self, claim: Claim, why: str) -> None:
        """Gives up on a question: whoever asked it is told, unless that is what does not work."""
        _log.error("Een vraag uit Slack blijft zonder antwoord na %d keer proberen: %s.", claim.attempt, why)
        if claim.task == "answer":
            self._journal.give_up(claim)
            self._heard(True)
        else:
            self._journal.drop(claim)

    def _keep(self) -> None:
        """Renews the leases, takes over from processes that ended, and cleans up, until the workers have stopped."""
        tidied = pruned = time.monotonic()
        while any(worker.is_alive() for worker in self._workers):
            with self._changed:
                self._changed.wait_for(lambda: self._stopping, min(self._lease / 4, 5.0))
            if self._stopping:
                self._workers[0].join(0.2)
            try:
                self._journal.renew(self._owner, [one.row for one in tuple(self._claims.values())], self._lease)
                if self._journal.release(is_gone):
                    self._heard(True)
                now = time.monotonic()
                if now - tidied > _TIDY:
                    self._journal.tidy()
                    tidied = now
                if now - pruned > _PRUNE:
                    self._journal.prune(self._keep_days)
                    pruned = now
            except JournalUnavailable as error:
                _log.error("De vragen uit Slack zijn niet bij te werken: %s", error.why)


def _why(error: Exception) -> tuple[str, bool]:
    """What went wrong, without its words, which may repeat the question; and whether others are to blame for it."""
    if isinstance(error, RateLimited):
        return f"Slack vraagt {error.seconds:.0f} seconden te wachten", True
    if isinstance(error, SlackUnavailable):
        return f"Slack is niet bereikbaar ({error.why})", True
    if isinstance(error, TokenRefused):
        return f"Slack weigert de sleutel ({error.error})", True
    if isinstance(error, RecordsUnavailable):
        return "de database met antwoorden is niet te gebruiken", True
    return str(error) if isinstance(error, SlackError) else where(error), False


def where(error: BaseException) -> str:
    """The kind of an error and the place of our code where it came up."""
    trace = error.__traceback__
    place = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"{code.co_filename.rpartition('/')[2]}:{trace.tb_lineno}"
        trace = trace.tb_next
    return f"{type(error).__name__}, {place}"
