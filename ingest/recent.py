"""What was read of a library, kept in memory for the next question, up to a bound."""

import threading
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

Key = TypeVar("Key")
Value = TypeVar("Value")


class Recent(Generic[Key, Value]):
    """Values by key, of which those that were read longest ago make place for new ones.

    What is there is looked up without a lock, so that threads do not wait for each other. Nothing is kept of a library
    that was closed.
    """

    def __init__(self, most: int, *, size: Callable[[Value], int] = lambda _: 1) -> None:
        """`most` is how much is kept in all, by the `size` of the values; without that, how many."""
        self._most = most
        self._size = size
        self._values: dict[Key, Value] = {}
        self._used = 0
        self._changing = threading.Lock()

    def get(self, key: Key, read: Callable[[Key], Value | None]) -> Value | None:
        """The value of a key, read where it is not there; None where nothing is read."""
        value = self._values.get(key)
        if value is None and (value := read(key)) is not None:
            self._keep(key, value)
        return value

    def get_all(self, keys: Iterable[Key], read: Callable[[Sequence[Key]], dict[Key, Value]]) -> dict[Key, Value]:
        """Key -> value, those that are not there read together; without the keys for which nothing is read."""
        wanted = list(keys)
        found = {key: value for key in wanted if (value := self._values.get(key)) is not None}
        if lacking := [key for key in wanted if key not in found]:
            read_now = read(lacking)
            for key, value in read_now.items():
                self._keep(key, value)
            found |= read_now
        return found

    def close(self) -> None:
        """Let go of everything, and keep nothing from now on."""
        with self._changing:
            self._most = 0
            self._values.clear()

    def _keep(self, key: Key, value: Value) -> None:
        with self._changing:
            if key not in self._values and self._size(value) <= self._most:
                self._values[key] = value
                self._used += self._size(value)
                while self._used > self._most:
                    oldest = next(iter(self._values))
                    self._used -= self._size(self._values.pop(oldest))
