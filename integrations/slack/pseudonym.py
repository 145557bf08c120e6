"""Names for Slack's ids in whatever is kept: without the secret beside the data nobody can tell whose they are."""

import hashlib
import hmac
import os
import secrets
from contextlib import suppress
from pathlib import Path

_BYTES = 32
_PRIVATE = 0o600


class Pseudonyms:
    """Gives each id a name of its own, always the same one with the same secret."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def __call__(self, *ids: str) -> str:
        """The name of an id, or of several together: 32 hexadecimal digits."""
        said = "\0".join(ids).encode("utf-8", "surrogatepass")
        return hmac.new(self._secret, said, hashlib.sha256).hexdigest()[:_BYTES]


def read_pseudonyms(path: Path) -> Pseudonyms:
    """The names by the secret in this file, which is made where there is none. Raises OSError.

    Without the file nobody finds back what was kept; with another one everybody is somebody new.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    secret = _read(path)
    if secret is None:
        made = path.with_name(f"{path.name}.{os.getpid()}-{secrets.token_hex(4)}")
        try:
            with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _PRIVATE), "w") as file:
                file.write(secrets.token_hex(_BYTES))
                file.flush()
                os.fsync(file.fileno())
            with suppress(FileExistsError):  # when another process was first
                os.link(made, path)
        finally:
            made.unlink(missing_ok=True)
        secret = _read(path)
    if secret is None:
        raise OSError(0, "no secret in it", str(path))
    return Pseudonyms(secret)


def _read(path: Path) -> bytes | None:
    """The secret in a file; None where there is no file, or nothing in it that is one."""
    try:
        text = path.read_text(encoding="ascii", errors="replace").strip()
    except FileNotFoundError:
        return None
    return text.encode() if len(text) == 2 * _BYTES else None
