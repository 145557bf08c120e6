"""What was evaluated, and whether an interrupted run of it may go on."""

import subprocess
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from eval.stamp import fingerprint, stamp
from eval.topics import Evidence, Topic
from ingest.types import Manifest

MANIFEST = Manifest("20261122-1", "2026-11-22", "nl-static", 256, "a1", "s1", "r1", 3, 40, "c0ffee")
TOPIC = Topic(
    "v1", "Wie beslist?", "fact", True, (Evidence("interview.md", "een dorpsraad"),), False, (("dorpsraad",),)
)


def made(*topics, manifest=MANIFEST, settings=None, source="vragen.jsonl"):
    return stamp(topics or (TOPIC,), source, manifest, settings or {"encoder": "nl-static"})


def git(folder, *arguments):
    who = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "commit.gpgsign=false")
    made = subprocess.run(["git", *who, *arguments], cwd=folder, check=True, capture_output=True, text=True)
    return made.stdout.strip()


@pytest.fixture
def repository(tmp_path, monkeypatch):
    git(tmp_path, "init", "--quiet")
    (tmp_path / "plan.md").write_text("Plan.", encoding="utf-8")
    git(tmp_path, "add", ".")
    git(tmp_path, "commit", "--quiet", "-m", "Plan")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_a_stamp_names_what_was_evaluated():
    found = made()
    assert (found.topics, found.settings) == ("vragen.jsonl", {"encoder": "nl-static"})
    assert (found.library["libraryVersion"], found.library["passages"]) == ("20261122-1", 40)
    assert found.version
    age = datetime.now(UTC) - datetime.fromisoformat(found.created)
    assert timedelta(0) <= age < timedelta(hours=1)


def test_in_a_repository_it_names_the_commit_and_whether_files_differ(repository):
    assert (made().commit, made().changed) == (git(repository, "rev-parse", "HEAD"), False)
    (repository / "nieuw.md").write_text("Niet van het geheel.", encoding="utf-8")
    assert not made().changed
    (repository / "plan.md").write_text("Ander plan.", encoding="utf-8")
    assert made().changed


def test_outside_a_repository_there_is_no_commit(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    assert (made().commit, made().changed) == (None, False)


def test_without_git_there_is_no_commit(repository, monkeypatch):
    monkeypatch.setenv("PATH", str(repository))
    assert (made().commit, made().changed) == (None, False)


def test_a_run_of_the_same_at_another_time_may_go_on():
    first = made()
    assert fingerprint(first, "nee") == fingerprint(first.model_copy(update={"created": "2020-01-01"}), "nee")


@pytest.mark.parametrize(
    "other",
    [
        made(replace(TOPIC, question="Wie beslist er?")),
        made(replace(TOPIC, facts=(("raad",),))),
        made(TOPIC, replace(TOPIC, topic_id="v2")),
        made(manifest=replace(MANIFEST, library_version="20261122-2")),
        made(manifest=replace(MANIFEST, corpus_hash="decaf")),
        made(settings={"encoder": "e5"}),
        made(source="andere.jsonl"),
        made().model_copy(update={"commit": "0" * 40}),
    ],
)
def test_a_run_of_something_else_starts_anew(other):
    assert fingerprint(other) != fingerprint(made())


def test_with_a_judge_it_is_another_run():
    assert fingerprint(made(), "True") != fingerprint(made(), "False")
