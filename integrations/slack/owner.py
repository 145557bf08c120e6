"""Who works on a question: a process, known well enough to tell later whether it still runs."""

import os
import secrets
import socket
from pathlib import Path


def new_owner() -> str:
    """A name for this process, unlike that of any other, now or later, here or on another machine."""
    return "|".join((*_here(), str(os.getpid()), _started(os.getpid()), secrets.token_hex(4)))


def is_gone(owner: str) -> bool:
    """Whether the process of this name does not run any more; False also where that cannot be told from here."""
    host, room, number, started, *_ = [*owner.split("|"), "", "", "", ""]
    if (host, room) != _here() or not room or not started or not number.isdigit():
        return False
    return _started(int(number)) != started


def _here() -> tuple[str, str]:
    """The name of the machine, and of the room on it where processes are numbered: each container is one."""
    try:
        return socket.gethostname(), str(Path("/proc/self/ns/pid").readlink())
    except OSError:
        return socket.gethostname(), ""


def _started(process: int) -> str:
    """When a process began, in ticks since the machine did; "" where there is none."""
    try:
        said = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""
    fields = said.rpartition(")")[2].split()
    return "" if fields[0] in "ZX" else fields[19]  # a process that ended may still wait to be noticed
