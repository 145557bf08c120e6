"""API keys: how they are made, kept in a file, and known again.

A key is shown once, as vng_PREFIX_SECRET. The prefix finds it in the file; the secret is 256 random bits and a check
sum, so that a key that was copied wrongly is told from one that is not there. Its beginning and its form let programs
that look for leaked secrets find it.

The file holds the SHA-256 of a key. A slow hash, as passwords need, would add nothing: nobody goes through 2**256
secrets however fast the hash is; and it would cost its time on every request.
"""

import hashlib
import hmac
import json
import os
import re
import secrets
import tempfile
import zlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path

from filelock import FileLock
from pydantic import BaseModel, ConfigDict, TypeAdapter, ValidationError

from api.access import Scope
from api.errors import KeyNameTaken, KeysUnreadable, Unauthenticated, UnknownKey

BRAND = "vng"
PREFIX_LENGTH = 8
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_SECRET_BITS = 256
_SECRET_LENGTH, _SUM_LENGTH = 43, 6  # characters of the alphabet for 256 and for 32 bits
_FORM = re.compile(rf"{BRAND}_([0-9A-Za-z]{{{PREFIX_LENGTH}}})_([0-9A-Za-z]{{{_SECRET_LENGTH}}})([0-9A-Za-z]{{6}})")
_LONGEST_KEY = 200
_NOBODY = hashlib.sha256(b"").hexdigest()  # of no key: it is compared with where there is nothing to compare with


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept: everything but the key itself.

    `expires` is the first day on which it no longer works. `rate` is its own limit, "" for the one that all have.
    """

    prefix: str
    hash: str
    name: str
    scopes: frozenset[Scope]
    groups: frozenset[str]
    created: datetime
    expires: date | None = None
    rate: str = ""
    revoked: datetime | None = None

    def problem(self, now: datetime) -> str | None:
        """Why it no longer works, "revoked" or "expired"; None for a key that does."""
        if self.revoked is not None:
            return "revoked"
        return "expired" if self.expires is not None and now.date() >= self.expires else None


class _Stored(BaseModel):
    """A key as the file has it."""

    model_config = ConfigDict(extra="forbid")
    prefix: str
    hash: str
    name: str
    scopes: list[Scope]
    groups: list[str]
    created: datetime
    expires: date | None = None
    rate: str = ""
    revoked: datetime | None = None


class _File(BaseModel):
    """The whole file."""

    model_config = ConfigDict(extra="forbid")
    keys: list[_Stored]


_FILE = TypeAdapter(_File)
_Stamp = tuple[int, int, int]


class KeyFile:
    """The keys in a file, which is read again whenever it changed: a key that is revoked stops at once."""

    def __init__(self, path: Path, *, clock: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self._path = path
        self._clock = clock
        self._read: tuple[_Stamp, dict[str, Key]] | None = None

    def kept(self) -> tuple[Key, ...]:
        """All keys, also those that no longer work; none where there is no file. Raises KeysUnreadable."""
        return tuple(self._by_prefix().values())

    def has_valid(self) -> bool:
        """Whether there is a key that works. Raises KeysUnreadable."""
        now = self._clock()
        return any(key.problem(now) is None for key in self.kept())

    def of_text(self, text: str) -> Key:
        """The key that this text is, if it works. Raises Unauthenticated, and KeysUnreadable."""
        prefix = prefix_of(text)
        if prefix is None:
            raise Unauthenticated("mistyped")
        key = self._by_prefix().get(prefix)
        if not hmac.compare_digest(key.hash if key else _NOBODY, hash_of(text)) or key is None:
            raise Unauthenticated("unknown")
        return self._working(key)

    def of_prefix(self, prefix: str) -> Key:
        """The key with this prefix, if it works: of somebody who showed it before. Raises as `of_text` does."""
        key = self._by_prefix().get(prefix)
        if key is None:
            raise Unauthenticated("unknown")
        return self._working(key)

    def add(
        self,
        name: str,
        *,
        scopes: frozenset[Scope],
        groups: frozenset[str] = frozenset(),
        expires: date | None = None,
        rate: str = "",
    ) -> tuple[str, Key]:
        """A new key, as the text that is shown once and as what is kept. Raises KeyNameTaken and KeysUnreadable."""
        with self._lock():
            kept = self._by_prefix()
            if any(key.name == name and key.revoked is None for key in kept.values()):
                raise KeyNameTaken(name)
            text = new_text()
            while (prefix := prefix_of(text) or "") in kept:
                text = new_text()
            key = Key(prefix, hash_of(text), name, scopes, groups, self._clock(), expires, rate)
            self._write((*kept.values(), key))
        return text, key

    def revoke(self, name: str) -> Key:
        """The key with this prefix or name, from now on without use. Raises UnknownKey and KeysUnreadable."""
        with self._lock():
            kept = self._by_prefix()
            found = kept.get(name) or next(
                (key for key in kept.values() if key.name == name and key.revoked is None), None
            )
            if found is None:
                raise UnknownKey(name)
            if found.revoked is None:
                found = replace(found, revoked=self._clock())
                self._write(tuple(found if key.prefix == found.prefix else key for key in kept.values()))
        return found

    def _working(self, key: Key) -> Key:
        if problem := key.problem(self._clock()):
            raise Unauthenticated(problem)
        return key

    def _lock(self) -> FileLock:
        self._path.parent.mkdir(parents=True, exist_ok=True)
        return FileLock(self._path.with_name(f"{self._path.name}.lock"), timeout=10)

    def _by_prefix(self) -> dict[str, Key]:
        """The keys by their prefixes, from the file where it changed since it was last read."""
        stamp: _Stamp | None
        try:
            found = self._path.stat()
            stamp = (found.st_ino, found.st_mtime_ns, found.st_size)
            if self._read and self._read[0] == stamp:
                return self._read[1]
            keys = [_key(one) for one in _FILE.validate_json(self._path.read_bytes()).keys]
        except FileNotFoundError:
            return {}
        except (OSError, ValidationError) as error:
            raise KeysUnreadable(str(self._path)) from error
        by_prefix = {key.prefix: key for key in keys}
        self._read = (stamp, by_prefix)
        return by_prefix

    def _write(self, keys: tuple[Key, ...]) -> None:
        """Replaces the file at once by one with these keys, that only its owner may read."""
        text = json.dumps({"keys": [_stored(key) for key in keys]}, ensure_ascii=False, indent=2) + "\n"
        handle, name = tempfile.mkstemp(dir=self._path.parent, prefix=f".{self._path.name}.")  # with mode 0600
        try:
            with os.fdopen(handle, "w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).replace(self._path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def new_text() -> str:
    """A new key, as whoever uses it writes it."""
    prefix = "".join(secrets.choice(_ALPHABET) for _ in range(PREFIX_LENGTH))
    body = f"{BRAND}_{prefix}_{_digits(secrets.randbits(_SECRET_BITS), _SECRET_LENGTH)}"
    return body + _check_sum(body)


def prefix_of(text: str) -> str | None:
    """The prefix of a key; None for a text that is no key, or one that was copied wrongly."""
    form = _FORM.fullmatch(text) if len(text) <= _LONGEST_KEY else None
    if form is None or not hmac.compare_digest(_check_sum(text[:-_SUM_LENGTH]), form[3]):
        return None
    return form[1]


def hash_of(text: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _check_sum(body: str) -> str:
    return _digits(zlib.crc32(body.encode("ascii")), _SUM_LENGTH)


def _digits(number: int, length: int) -> str:
    """The number in so many characters of the alphabet."""
    digits = []
    for _ in range(length):
        number, digit = divmod(number, len(_ALPHABET))
        digits.append(_ALPHABET[digit])
    return "".join(reversed(digits))


def _key(stored: _Stored) -> Key:
    return Key(
        stored.prefix,
        stored.hash,
        stored.name,
        frozenset(stored.scopes),
        frozenset(stored.groups),
        stored.created,
        stored.expires,
        stored.rate,
        stored.revoked,
    )


def _stored(key: Key) -> dict[str, object]:
    stored = _Stored(
        prefix=key.prefix,
        hash=key.hash,
        name=key.name,
        scopes=sorted(key.scopes),
        groups=sorted(key.groups),
        created=key.created,
        expires=key.expires,
        rate=key.rate,
        revoked=key.revoked,
    )
    return stored.model_dump(mode="json")
