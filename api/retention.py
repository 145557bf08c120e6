"""Answers that go by themselves: what is older than so many days is forgotten, at the start and every hour."""

import logging
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Self

from api.errors import StoreError
from api.storage.store import AnswerStore

HOUR = 3600.0
_log = logging.getLogger("vng_assistent.api")


def _now() -> datetime:
    return datetime.now(UTC)


class Retention:
    """Forgets answers after so many days, in a thread of its own, for as long as the `with` block lasts.

    Without days nothing is ever forgotten, and there is no thread. `clock` gives the moment it is, `every` is how many
    seconds lie between two rounds.
    """

    def __init__(
        self, store: AnswerStore, days: int | None, *, clock: Callable[[], datetime] = _now, every: float = HOUR
    ) -> None:
        self._store = store
        self._days = days
        self._clock = clock
        self._every = every
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        if self._days is not None:
            self._thread = threading.Thread(target=self._run, name="retention", daemon=True)
            self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stopping.set()
        if self._thread:
            self._thread.join()

    def sweep(self) -> int:
        """How many answers were older than they may become, and are forgotten now. Raises StoreError."""
        if self._days is None:
            return 0
        forgotten = self._store.forget(before=self._clock() - timedelta(days=self._days))
        if forgotten:
            _log.info("forgot %d answers older than %d days", forgotten, self._days)
        return forgotten

    def _run(self) -> None:
        while True:
            try:
                self.sweep()
            except StoreError as error:
                # The next round does it; what the database said is no business of the logs.
                _log.warning("answers could not be forgotten: %s", type(error).__qualname__)
            if self._stopping.wait(self._every):
                return
