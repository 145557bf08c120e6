"""How a program that keeps running holds on to less memory than its C library would: that of GNU systems.

A version of a library is large pieces of memory, made in whichever thread came first and let go of in another. Left to
itself, glibc gives each thread an arena of its own, and after the first large piece that is let go of it puts the next
ones in those arenas, between small ones that stay: every new version then leaves free memory behind in another arena.
With few arenas, and each large piece apart, what is let go of goes back to the system.

Where the C library is another one, such as on macOS, Windows or Alpine, nothing is done here.
"""

import ctypes
import os
from collections.abc import Iterator
from contextlib import contextmanager

ARENAS = 2
APART = 4 * 2**20  # bytes from which a piece is apart; an answer is made of smaller ones
# Bytes that may be free at the end of an arena. Where that is not said, a fixed `APART` makes it 128 kB, and what each
# answer asks for and lets go of then costs calls of the system: a twelfth of the time of an answer.
SPARE = 16 * 2**20
# The numbers of malloc.h, and the variables with which whoever runs the program sets the same.
_SET = (
    (-8, "MALLOC_ARENA_MAX", ARENAS),
    (-3, "MALLOC_MMAP_THRESHOLD_", APART),
    (-1, "MALLOC_TRIM_THRESHOLD_", SPARE),
)
_PERTURB = -6


def hold_little() -> bool:
    """Whether this process will hold on to little memory from now on; False where that is not ours to say.

    To be called before there are threads. What the variables of glibc say in the environment stays as it is.
    """
    library = _glibc()
    if library is None:
        return False
    for number, variable, value in _SET:
        if variable not in os.environ:
            library.mallopt(number, value)
    return True


def give_back() -> None:
    """Gives memory that is free back to the system, also where pieces around it are in use."""
    library = _glibc()
    if library is not None:
        library.malloc_trim(ctypes.c_size_t(0))


@contextmanager
def zeroed() -> Iterator[None]:
    """A time in which what is allocated has zeros in it, and nothing of what stood there before.

    For a library that writes memory to a file which it never filled: text of a document that was removed since may have
    stood there.
    """
    library = _glibc()
    if library is None:
        yield
        return
    library.mallopt(_PERTURB, 255)  # the complement is what is allocated filled with
    try:
        yield
    finally:
        library.mallopt(_PERTURB, 0)


def _glibc() -> ctypes.CDLL | None:
    try:
        library = ctypes.CDLL(None)
        library.gnu_get_libc_version, library.mallopt, library.malloc_trim  # noqa: B018 - are they there?
    except (AttributeError, OSError, TypeError):
        return None
    return library
