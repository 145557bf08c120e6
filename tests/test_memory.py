"""The memory of a server that goes on: what it lets go of, and what the C library then does with it."""

import ctypes
import gc
import json
import os
import subprocess
import sys
import threading
import weakref
from pathlib import Path

import pytest

import composition
from assistant.settings import Settings
from ingest.library import Library, LiveLibrary
from ingest.memory import ARENAS, give_back, hold_little, zeroed
from ingest.publish import publish
from ingest.thesaurus import dutch_key
from tests.api_server import client_of, open_parts, publish_corpus

THREADS = 6
VERSIONS = 4
GNU = sys.platform == "linux" and hasattr(ctypes.CDLL(None), "gnu_get_libc_version")
VARIABLES = ("MALLOC_ARENA_MAX", "MALLOC_MMAP_THRESHOLD_", "MALLOC_TRIM_THRESHOLD_")
# Threads that are there together and ask for memory, and large pieces of which the first is let go of.
PROGRAM = f"""
import ctypes, json, re, sys, tempfile, threading
from ingest.memory import hold_little

if sys.argv[1] == "little":
    assert hold_little()
together = threading.Barrier({THREADS})

def work():
    kept = [bytearray(2_000) for _ in range(100)]
    together.wait()

threads = [threading.Thread(target=work) for _ in range({THREADS})]
for one in threads: one.start()
for one in threads: one.join()
large = bytearray(8_000_000)
del large
large = bytearray(8_000_000)

libc = ctypes.CDLL(None)
libc.fopen.restype = ctypes.c_void_p
with tempfile.NamedTemporaryFile() as told:
    stream = ctypes.c_void_p(libc.fopen(told.name.encode(), b"w"))
    libc.malloc_info(0, stream)
    libc.fclose(stream)
    text = told.read().decode()
apart = sum(int(size) for size in re.findall('<total type="mmap" count="[0-9]+" size="([0-9]+)"', text))
print(json.dumps([text.count("<heap nr="), apart >= 8_000_000]))
"""


def arenas_of(how: str, **environment: str) -> tuple[int, bool]:
    """How many arenas such a program has, and whether its large piece stands apart."""
    inherited = {name: value for name, value in os.environ.items() if name not in VARIABLES}
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, how],
        env={**inherited, "PYTHONPATH": str(Path.cwd()), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    arenas, apart = json.loads(done.stdout)
    return arenas, apart


@pytest.mark.skipif(not GNU, reason="the C library is not that of GNU")
def test_threads_share_arenas_and_large_pieces_stay_apart():
    arenas, apart = arenas_of("much")
    assert (arenas > ARENAS, apart) == (True, False), "left to itself"
    arenas, apart = arenas_of("little")
    assert (arenas <= ARENAS, apart) == (True, True)


@pytest.mark.skipif(not GNU, reason="the C library is not that of GNU")
def test_what_the_environment_says_stays():
    assert arenas_of("little", MALLOC_ARENA_MAX="4")[0] == 4
    assert arenas_of("little", MALLOC_MMAP_THRESHOLD_="30000000")[1] is False


class Elsewhere:
    """The C library of a system that is not GNU: it has none of these functions."""

    def __init__(self, name):
        assert name is None


def refuse(_name):
    """What Windows says, where a library must have a name."""
    raise TypeError


@pytest.mark.parametrize("library", [Elsewhere, refuse])
def test_another_c_library_is_left_alone(monkeypatch, library):
    monkeypatch.setattr(ctypes, "CDLL", library)
    assert hold_little() is False
    give_back()


@pytest.mark.parametrize("front", ["server", "bot", "answering process"])
def test_each_process_that_stays_holds_little(tmp_path, monkeypatch, front):
    held: list[bool] = []
    before = threading.active_count()
    monkeypatch.setattr(composition, "hold_little", lambda: held.append(threading.active_count() == before))
    settings = Settings(data=tmp_path, processes=0)  # type: ignore[call-arg]  # the rest has defaults
    if front == "server":
        with composition.parts_of(settings, read_ahead=False):
            pass
    elif front == "bot":
        with composition.answering_of(settings):
            pass
    else:
        composition._warm_assistant(settings, read_ahead=False)
    assert held == [True], "once, before there are threads"


def test_a_closed_library_lets_go_of_its_vectors_even_if_somebody_still_has_it(tmp_path, encoder):
    library = Library.open(publish_corpus(tmp_path, encoder), encoder)
    library.warm()
    [vector] = library.vectors(library.rows[:1]).values()
    matrix = weakref.ref(vector.base)
    del vector
    assert matrix() is not None
    library.close()
    assert matrix() is None


def test_old_versions_are_gone_when_nobody_asks_them_anything(tmp_path, encoder):
    data = publish_corpus(tmp_path, encoder)
    news = tmp_path / "nieuws"
    news.mkdir()
    with open_parts(data, encoder) as parts, client_of(parts) as client:
        for number in range(VERSIONS):
            (news / "nieuws.md").write_text(f"# Nieuws\n\nDit is bericht {number} van de gemeente.\n", "utf-8")
            publish([news], data, encoder)
            visit(client)
        wait_for_examples()
        gc.collect()
        assert len(libraries_of(data)) == 1
    assert VERSIONS > 1, "else nothing is old"


def visit(client) -> None:
    """Ask, look, search and leave halfway."""
    question = {"question": "Hoeveel woningen bouwt Veldrijk tot 2030?"}
    answer = client.post("/v1/answers", json=question)
    document = client.get("/v1/documents").json()["documents"][0]["docId"]
    identifier = answer.json()["answerId"]
    for path in (
        "/",
        "/documenten",
        f"/documenten/{document}?zoek=gemeente",
        f"/antwoorden/{identifier}/bestand.md",
        "/v1/passages?q=gezinscoach",
    ):
        assert client.get(path, headers={"Accept": "text/html"}).is_success, path
    assert client.get("/documenten/bestaat-niet").status_code == 404
    headers = {"Accept": "text/event-stream"}
    with client.stream("POST", "/v1/answers", json=question, headers=headers) as stream:
        next(stream.iter_bytes())


def wait_for_examples() -> None:
    """Returns when nothing is made beside the requests any more."""
    for thread in threading.enumerate():
        if "_make" in thread.name:
            thread.join()


def libraries_of(data: Path) -> list[str]:
    """The versions of this library of which there is an object."""
    return [one.folder.name for one in gc.get_objects() if type(one) is Library and data in one.folder.parents]


def test_a_lease_that_ends_in_an_error_is_given_back(tmp_path, encoder):
    data = publish_corpus(tmp_path, encoder)
    live = LiveLibrary(data, encoder)
    with pytest.raises(NotADirectoryError):
        fail(live)
    live.close()
    gc.collect()
    assert libraries_of(data) == []


def fail(live) -> None:
    """Goes wrong while the library is in use."""
    with live.lease() as library:
        raise NotADirectoryError(library.folder)


def test_what_a_thesaurus_looked_up_is_kept_up_to_a_bound():
    assert dutch_key.cache_info().maxsize


def test_what_is_allocated_holds_nothing_of_what_stood_there():
    library = ctypes.CDLL(None)
    if not hasattr(library, "gnu_get_libc_version"):
        pytest.skip("another C library, which is left alone")
    library.malloc.restype = ctypes.c_void_p
    size, text = 50_000, b"dorpsraad "

    def filled_and_freed():
        place = ctypes.c_void_p(library.malloc(size))
        ctypes.memmove(place, text * (size // len(text)), size)
        library.free(place)

    with zeroed():
        for _ in range(20):
            filled_and_freed()
            place = ctypes.c_void_p(library.malloc(size))
            assert ctypes.string_at(place, size).strip(b"\0") == b""
            library.free(place)
