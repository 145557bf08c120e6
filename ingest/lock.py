"""One publisher at a time: a lock on the library that names its owner."""

import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from ingest.errors import PublisherBusy


@contextmanager
def publisher_lock(root: Path) -> Iterator[None]:
    """Hold the lock on a library for the `with` block. Raises PublisherBusy, with owner and age, when it is taken.

    The operating system lets go of it when the process ends, however it ends, so no lock is ever left behind.
    """
    root.mkdir(parents=True, exist_ok=True)
    owner = root / "publisher.txt"
    lock = FileLock(root / "publisher.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise PublisherBusy(*_read_owner(owner)) from None
    try:
        owner.write_text(f"{os.getpid()} {socket.gethostname()} {time.time():.0f}\n", encoding="utf-8")
        yield
    finally:
        owner.unlink(missing_ok=True)
        lock.release()


def _read_owner(path: Path) -> tuple[str, float]:
    try:
        process, host, since = path.read_text(encoding="utf-8").split()
        return f"proces {process} op {host}", max(0.0, time.time() - float(since))
    except (OSError, ValueError):
        return "een ander proces", 0.0
