"""The publisher's lock, held and fought over by real processes."""

import os
import signal
import subprocess
import sys
import textwrap
import threading
import time
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.errors import PublisherBusy
from ingest.lock import publisher_lock

ROOT = Path(__file__).parent.parent
OWNER = "publisher.txt"
HOLDER = """
    import sys
    from pathlib import Path
    from ingest.lock import publisher_lock

    with publisher_lock(Path(sys.argv[1])):
        print("held", flush=True)
        sys.stdin.read()
"""


@contextmanager
def holder(root):
    """Another process that holds the lock until it is killed, or its input ends."""
    process = subprocess.Popen(
        [sys.executable, "-c", textwrap.dedent(HOLDER), root],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    with process:
        try:
            assert process.stdout
            assert process.stdout.readline() == "held\n"
            yield process
        finally:
            process.kill()


@pytest.fixture
def root(tmp_path):
    return tmp_path / "data" / "library"


def refused(root):
    with pytest.raises(PublisherBusy) as caught, publisher_lock(root):
        pass
    return caught.value


def test_another_process_is_refused_with_owner_and_age(root):
    started = time.time()
    with holder(root) as other:
        time.sleep(1.1)
        busy = refused(root)
        assert f"proces {other.pid} op " in busy.owner
        assert 0 < busy.seconds <= time.time() - started + 1
        assert (root / OWNER).exists(), "whoever is refused leaves the owner's name"
        assert str(other.pid) in refused(root).owner


def test_the_lock_is_free_when_its_owner_is_done(root):
    with holder(root) as other:
        other.communicate(timeout=20)
    assert other.returncode == 0
    assert not (root / OWNER).exists()
    with publisher_lock(root):
        pass


def test_the_lock_of_a_killed_process_is_free(root):
    with holder(root) as other:
        os.kill(other.pid, signal.SIGKILL)
        other.wait(timeout=20)
        assert str(other.pid) in (root / OWNER).read_text(encoding="utf-8"), "it had no time to clean up"
        with publisher_lock(root):
            assert (root / OWNER).read_text(encoding="utf-8").split()[0] == str(os.getpid())
    assert not (root / OWNER).exists()


@pytest.mark.parametrize(
    "content", [b"", b"12345 oud 1000000000\n", b"\xff\xfe", b"een twee drie vier", b"1 pc gisteren"]
)
def test_what_an_old_publisher_wrote_does_no_harm(root, content):
    root.mkdir(parents=True)
    (root / OWNER).write_bytes(content)
    with publisher_lock(root):
        assert str(os.getpid()) in refused(root).owner


@pytest.mark.parametrize("content", [None, b"", b"\xff", b"een twee", b"1 pc gisteren"])
def test_an_owner_that_cannot_be_read_is_another_process(root, content):
    with publisher_lock(root):
        (root / OWNER).unlink()
        if content is not None:
            (root / OWNER).write_bytes(content)
        busy = refused(root)
        assert busy.owner == "een ander proces"
        assert busy.seconds == 0.0


def test_a_clock_that_was_set_back_gives_no_negative_age(root):
    with publisher_lock(root):
        (root / OWNER).write_text(f"1 pc {time.time() + 3600:.0f}\n", encoding="utf-8")
        assert refused(root).seconds == 0.0


def test_the_lock_is_free_after_an_error(root):
    with pytest.raises(ZeroDivisionError), publisher_lock(root):
        raise ZeroDivisionError
    with publisher_lock(root):
        pass


def test_another_thread_is_refused_too(root):
    caught = []

    def fight():
        try:
            with publisher_lock(root):
                caught.append("held")
        except PublisherBusy as busy:
            caught.append(busy.owner)

    with publisher_lock(root):
        thread = threading.Thread(target=fight)
        thread.start()
        thread.join()
    assert len(caught) == 1
    assert str(os.getpid()) in caught[0]


def test_two_libraries_have_locks_of_their_own(tmp_path):
    with publisher_lock(tmp_path / "een"), publisher_lock(tmp_path / "twee"):
        pass
