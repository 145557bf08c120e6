"""Uploads that are broken off, wait, or meet a full disk; the names they get; and what is kept of them."""

import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from api.upload_names import LONGEST_BYTES, LONGEST_NAME, safe_name, source_of
from api.upload_records import KEPT, Records, UploadedFile, UploadRecord
from ingest.discover import UPLOADED, discover
from ingest.encode import load_encoder
from ingest.lock import publisher_lock
from ingest.metadata import load_metadata, write_metadata
from ingest.publish import publish, published, rebuild
from ingest.types import Metadata
from tests.api_server import publish_corpus
from tests.upload_samples import LIMITS, outcome_of, outcomes, send, sent, text_of, titles, upload_server

GROUPS = st.text("abcdefghijklmnopqrstuvwxyz-_+/ .é\0", min_size=1, max_size=12)


@pytest.fixture(scope="module")
def library(tmp_path_factory):
    return publish_corpus(tmp_path_factory.mktemp("wachtrij"), load_encoder(None))


@given(st.text(max_size=400))
def test_a_safe_name_is_safe(given):
    name = safe_name(given)
    assert len(name) <= LONGEST_NAME
    assert len(name.encode()) <= LONGEST_BYTES
    assert not set(name) & set('/\\\0<>:"|?*\n\r\t')
    assert name == "" or name.isprintable()
    assert not name.startswith((".", "~", " "))
    assert not name.endswith((".", " "))
    assert safe_name(name) == name, "it is safe, so it stays"
    if name:
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / name).write_bytes(b"")
            assert os.listdir(folder) == [name]  # noqa: PTH208 - names as the disk has them


@given(st.frozensets(GROUPS, max_size=3), st.frozensets(GROUPS, max_size=3))
def test_a_source_is_shared_by_those_who_see_the_same_only(one, other):
    mine, theirs = source_of("nota.md", one, one, "ik"), source_of("nota.md", other, other, "jij")
    assert (mine == theirs) == (one == other)
    assert mine.startswith(UPLOADED)
    assert mine.endswith("/nota.md")
    assert "\0" not in mine


def test_who_does_not_see_what_he_uploads_replaces_only_his_own():
    mine = source_of("nota.md", {"directie"}, {"griffie"}, "ik")
    assert mine != source_of("nota.md", {"directie"}, {"directie"}, "jij")
    assert mine != source_of("nota.md", {"directie"}, set(), "jij")
    assert mine == source_of("nota.md", {"directie"}, set(), "ik")


def test_no_folder_gives_the_source_of_an_uploaded_document(tmp_path):
    (tmp_path / "upload").mkdir()
    (tmp_path / "upload" / "nota.md").write_text("# Nota", encoding="utf-8")
    [found] = discover([tmp_path], {})
    assert found.source == f"{tmp_path.name}/upload/nota.md"


TEXTS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=30).filter(
    lambda text: text.strip() == text
)


@settings(max_examples=60)
@given(TEXTS.filter(lambda name: "/" not in name and "\\" not in name), TEXTS, st.frozensets(TEXTS, max_size=3))
def test_what_is_said_of_a_file_is_read_back(name, title, access):
    metadata = Metadata(title=title, kind="brief", issued="2026-02", access=access)
    with tempfile.TemporaryDirectory() as folder:
        write_metadata(Path(folder), name, metadata)
        assert list(load_metadata(Path(folder)).values()) == [metadata]


def test_uploads_that_waited_go_on_at_the_next_start(library):
    encoder = load_encoder(None)
    with upload_server(library, encoder, working=False) as client:
        first = send(client, ("wachter.md", text_of("Wachter")))
        second = send(client, ("tweede.md", text_of("Tweede")), access="griffie")
        assert first.json()["status"] == second.json()["status"] == "queued"
    with upload_server(library, encoder) as client:
        assert outcomes(outcome_of(client, first)) == {"wachter.md": "added"}
        assert outcomes(outcome_of(client, second)) == {"tweede.md": "added"}
        assert {"Wachter", "Tweede"} <= titles(client)
        assert "Tweede" not in titles(client, "directie")
    assert not list((library / "uploads" / "incoming").iterdir())


KILLED = """
import os, sys
from pathlib import Path
from api import upload_work
from api.uploads import Uploads
from ingest.encode import load_encoder
from ingest.publish import Limits

def killed(stage, done, total):
    if stage == sys.argv[2]:
        os.kill(os.getpid(), 9)

publish = upload_work.publish_files
def until(*arguments, progress, **options):
    result = publish(*arguments, progress=killed, **options)
    os.kill(os.getpid(), 9)  # published, and nobody wrote that down

upload_work.publish_files = until
if __name__ == "__main__":
    with Uploads(Path(sys.argv[1]), load_encoder(None), Limits(seconds=60, workers=1)).working():
        import time
        time.sleep(60)
"""


@pytest.mark.parametrize("stage", ["read", "verify", "after"])
def test_a_kill_at_any_moment_loses_nothing(library, tmp_path, stage):
    encoder = load_encoder(None)
    with upload_server(library, encoder) as client:
        sent(client, ("vast.md", text_of("Vast")))
    with upload_server(library, encoder, working=False) as client:
        response = send(
            client,
            ("vast.md", text_of("Vast", f"Nu anders, {stage}.")),
            (f"{stage}.md", text_of(stage)),
            ("leeg.md", b""),
        )
    script = tmp_path / "gedood.py"
    script.write_text(KILLED, encoding="utf-8")
    ended = subprocess.run(
        [sys.executable, script, library, stage], env={**os.environ, "PYTHONPATH": str(Path.cwd())}, timeout=60
    )
    assert ended.returncode == -signal.SIGKILL
    with upload_server(library, encoder) as client:
        upload = outcome_of(client, response)
        assert outcomes(upload) == {"vast.md": "changed", f"{stage}.md": "added", "leeg.md": "failed"}
        assert len(list((library / "uploads" / "files").rglob("vast.md"))) == 1


def test_what_breaks_off_every_time_is_given_up(library):
    encoder = load_encoder(None)
    with upload_server(library, encoder, working=False) as client:
        response = send(client, ("fataal.md", text_of("Fataal")))
    records = Records(library / "uploads")
    record = records.get(response.json()["uploadId"])
    assert record
    record.attempts = 3
    records.save(record)
    with upload_server(library, encoder) as client:
        upload = outcome_of(client, response)
        assert upload["status"] == "failed"
        assert "afgebroken" in upload["message"]
        assert outcomes(sent(client, ("daarna.md", text_of("Daarna")))) == {"daarna.md": "added"}


def test_it_waits_for_another_publisher(library):
    with upload_server(library, load_encoder(None), remove_seconds=0.1) as client:
        with publisher_lock(library / "library"):
            response = send(client, ("geduld.md", text_of("Geduld")))
            while client.get(response.headers["location"]).json()["stage"] != "waiting":
                time.sleep(0.02)
            document = client.get("/v1/documents").json()["documents"][0]
            place = f"/v1/documents/{document['docId']}"
            waiting = client.delete(place)
            assert (waiting.status_code, waiting.headers["location"]) == (202, place)
            assert client.delete(place).status_code == 202, "asking twice does no harm"
            assert client.get(place).status_code == 200
            path = f"/beheer/documenten/{document['docId']}/verwijderen"
            token = re.search(r'name="csrf" value="([^"]+)"', client.get(path).text)
            later = client.post(path, data={"csrf": token[1] if token else ""})
            assert "Daarna wordt je document verwijderd" in client.get(later.headers["location"]).text
        assert outcomes(outcome_of(client, response)) == {"geduld.md": "added"}
        for _ in range(600):
            if not list((library / "uploads" / "removing").iterdir()):
                break
            time.sleep(0.05)
        assert client.get(place).status_code == 404, "it went when there was room for it"


def test_what_takes_the_place_of_a_document_that_was_to_go_stays(library):
    encoder = load_encoder(None)
    with upload_server(library, encoder) as client:
        [file] = sent(client, ("wissel.md", text_of("Wissel")))["files"]
        before = published(library)[file["source"]].origin
        sent(client, ("wissel.md", text_of("Wissel", "Dit is een nieuwer stuk.")))
        Records(library / "uploads").note_removal(file["source"], before)
    with upload_server(library, encoder) as client:
        sent(client, ("ander.md", text_of("Ander stuk")))
        assert client.get(f"/v1/documents/{file['docId']}").status_code == 200
        assert not list((library / "uploads" / "removing").iterdir())


def test_the_first_document_of_all_can_be_uploaded(tmp_path, encoder):
    with upload_server(tmp_path / "data", encoder) as client:
        upload = sent(client, ("kapot.pdf", b"%PDF-1.4 kapot"))
        assert upload["status"] == "failed"
        assert "beschadigd" in upload["files"][0]["message"]
        assert outcomes(sent(client, ("eerste.md", text_of("Eerste")))) == {"eerste.md": "added"}
        assert titles(client) == {"Eerste"}


def test_a_full_disk_is_told(library):
    from dataclasses import replace

    from api.uploads import Uploads
    from tests.api_server import client_of, open_parts

    encoder = load_encoder(None)
    with open_parts(library, encoder) as parts:
        uploads = Uploads(library, encoder, LIMITS, reserve=2**60)
        with client_of(replace(parts, uploads=uploads)) as client:
            response = client.post("/v1/documents", files=[("files", ("a.md", b"a"))])
    assert response.status_code == 507
    assert response.json()["type"].endswith("storage-full")


def test_ingesting_the_folder_above_leaves_uploads_as_they_are(library):
    """Neither what waits nor what is published changes, and nothing that is closed opens."""
    encoder = load_encoder(None)
    with upload_server(library, encoder, working=False) as client:
        response = send(client, ("dicht.md", text_of("Dicht plan")), access="griffie")
    before = set(published(library))
    publish([library.parent], library, encoder)
    assert {source for source in published(library) if "dicht" in source} == set()
    assert before <= set(published(library))
    with upload_server(library, encoder) as client:
        assert outcomes(outcome_of(client, response)) == {"dicht.md": "added"}
        assert "Dicht plan" not in titles(client, "directie")


def test_a_lost_library_is_made_again_from_the_uploads(tmp_path, encoder):
    data = tmp_path / "data"
    with upload_server(data, encoder) as client:
        sent(client, ("besloten.md", text_of("Besloten")), access="griffie", publisher="Veldrijk")
    for path in sorted((data / "library").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    publish([data / "uploads" / "files"], data, encoder)
    with upload_server(data, encoder) as client:
        assert titles(client) == {"Besloten"}
        assert titles(client, "directie") == set()


def test_a_rebuild_keeps_what_was_uploaded(library):
    encoder = load_encoder(None)
    with upload_server(library, encoder) as client:
        sent(client, ("blijft.md", text_of("Blijft")), access="griffie")
        rebuild(library, encoder)
        assert "Blijft" in titles(client)
        assert "Blijft" not in titles(client, "directie")


def _record(number, *, days=0, status="done"):
    created = (datetime.now(UTC) - timedelta(days=days, seconds=number)).isoformat()
    files = [UploadedFile(1, "a.md", "upload/a.md", 1)]
    return UploadRecord(f"{number:032x}", "ik", "Ik", created, (), files, status=status)


def test_old_uploads_are_forgotten_and_what_came_in_half_is_removed(tmp_path):
    records = Records(tmp_path)
    records.prepare()
    for number in range(KEPT + 2):
        records.save(_record(number))
    records.save(_record(900, days=40))
    records.save(_record(901, days=40, status="queued"))
    (tmp_path / "records" / f"{902:032x}.json").write_text("{", encoding="utf-8")
    for name in ("oud", "nieuw"):
        (records.incoming / name).mkdir()
    long_ago = time.time() - 24 * 3600
    os.utime(records.incoming / "oud", (long_ago, long_ago))
    records.tidy()
    assert len(records.all()) == KEPT + 1
    assert records.get(f"{901:032x}")
    assert [folder.name for folder in records.incoming.iterdir()] == ["nieuw"]


def test_removals_that_were_cut_off_are_finished(library):
    encoder = load_encoder(None)
    with upload_server(library, encoder) as client:
        [file] = sent(client, ("weg.md", text_of("Weg")))["files"]
    records = Records(library / "uploads")
    origin = published(library)[file["source"]].origin
    records.note_removal(file["source"], origin)
    from ingest.publish import remove

    remove(file["source"], library, encoder)
    assert Path(origin).exists(), "cut off just here"
    with upload_server(library, encoder) as client:
        sent(client, ("later.md", text_of("Later")))  # the worker has been by
        assert not Path(origin).exists()
        assert "weg.md" not in client.get("/v1/uploads").text
        assert not list((library / "uploads" / "removing").iterdir())
