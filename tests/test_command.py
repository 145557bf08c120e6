"""The command as a person or a script uses it: a real process, its output, its messages and its exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.corpus import write_corpus

ROOT = Path(__file__).parent.parent
OK, FAILED, WRONG_USE, NOTHING_FOUND = 0, 1, 2, 3


def run(*arguments, data=None, **environment):
    extra = ["--data", str(data)] if data else []
    return subprocess.run(
        [sys.executable, "-m", "vng_assistent", *map(str, arguments), *extra],
        capture_output=True,
        text=True,
        cwd=environment.pop("cwd", ROOT),
        env={**os.environ, "PYTHONPATH": str(ROOT), "COLUMNS": "100", **environment},
    )


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    return write_corpus(tmp_path_factory.mktemp("opdracht") / "bronnen")


@pytest.fixture(scope="module")
def data(corpus, tmp_path_factory):
    folder = tmp_path_factory.mktemp("data")
    made = run("ingest", corpus, data=folder)
    assert made.returncode == OK, made.stderr
    return folder


def test_ingest_reports_each_file_and_the_sum(corpus, tmp_path):
    (tmp_path / "leeg.md").write_text("", encoding="utf-8")
    result = run("ingest", corpus, tmp_path / "leeg.md", data=tmp_path / "data")
    assert result.returncode == FAILED
    assert "woonvisie.md: toegevoegd" in result.stdout
    assert "leeg.md is leeg" in result.stdout
    assert "3 toegevoegd, 1 niet gelezen. De bibliotheek heeft nu 3 documenten" in result.stdout


def test_ingest_gives_json(corpus, data):
    result = run("ingest", corpus, "--json", data=data)
    report = json.loads(result.stdout)
    assert report["published"] is False
    assert {file["outcome"] for file in report["files"]} == {"unchanged"}
    assert report["documents"] == 3


def test_ask_gives_the_answer_with_its_source(data):
    result = run("ask", "Hoeveel inwoners telt Veldrijk?", data=data)
    assert result.returncode == OK
    assert "38.400 inwoners" in result.stdout
    assert "[1] Woonvisie Veldrijk 2030 · Gemeente Veldrijk, maart 2024" in result.stdout
    assert result.stderr == ""


def test_ask_gives_the_json_of_the_contract(data):
    answer = json.loads(run("ask", "Hoeveel inwoners telt Veldrijk?", "--json", data=data).stdout)
    assert set(answer) == {
        "answerId", "conversationId", "question", "standaloneQuestion", "status", "text", "statements", "citations",
        "passages", "suggestions", "questions", "confidence", "level", "levelText", "language", "message", "reply",
        "generator", "generation", "libraryVersion", "tookMs",
    }  # fmt: skip
    assert set(answer["citations"][0]) == {
        "number", "passageId", "docId", "source", "title", "publisher", "issued", "section", "page", "pageLabel",
        "quote", "start", "end", "url",
    }  # fmt: skip
    assert answer["status"] == "answered"
    assert answer["text"].endswith("[1]")
    assert 0 <= answer["confidence"] <= 1


def test_what_is_not_there_is_not_found_with_exit_code_3(data):
    result = run("ask", "Hoe laat gaat het museum in Parijs open?", data=data)
    assert result.returncode == NOTHING_FOUND
    assert "Dit staat niet in de documenten." in result.stdout


def test_search_gives_passages_best_first(data):
    found = json.loads(run("search", "warmtenet stationsgebied", "--top-k", "2", "--json", data=data).stdout)[
        "passages"
    ]
    assert len(found) == 2
    assert set(found[0]) == {
        "passageId", "docId", "source", "title", "section", "firstPage", "lastPage", "text", "score", "rank"
    }  # fmt: skip
    assert "warmtenet" in found[0]["text"]
    assert found[0]["score"] >= found[1]["score"]
    assert "1. Woonvisie Veldrijk 2030" in run("search", "warmtenet", data=data).stdout


def test_documents_lists_what_is_there(data):
    listed = json.loads(run("documents", "--json", data=data).stdout)["documents"]
    assert [document["source"] for document in listed] == ["brieven/jeugdhulp.md", "interview.md", "woonvisie.md"]
    shown = run("documents", data=data).stdout
    assert "Gemeente Veldrijk · 6 mei 2025" in shown
    assert "3 documenten in de bibliotheek." in shown


def test_remove_rebuild_and_verify(corpus, tmp_path):
    data = tmp_path / "data"
    run("ingest", corpus, data=data)
    assert run("remove", "interview.md", data=data).returncode == OK
    again = run("remove", "interview.md", data=data)
    assert again.returncode == FAILED
    assert "Er is geen document interview.md." in again.stderr
    assert run("verify", data=data).returncode == OK
    version = (data / "library" / "current").read_text(encoding="utf-8").strip()
    (data / "library" / version / "catalogue.sqlite").unlink()
    damaged = run("verify", data=data)
    assert damaged.returncode == FAILED
    assert "vng-assistent rebuild" in damaged.stderr


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["ask"], "VRAAG"),
        (["ask", ""], "geen vraag"),
        (["ask", "x" * 3000], "te lang"),
        (["search", "x", "--top-k", "0"], "top-k"),
        (["zoek", "x"], "bestaat niet"),
        (["ask", "x", "--nee"], "--nee"),
        (["ingest"], "MAP_OF_BESTAND"),
    ],
)
def test_wrong_use_is_explained_in_dutch(data, arguments, message):
    result = run(*arguments, data=data)
    assert result.returncode == WRONG_USE
    assert message in result.stderr
    assert "Traceback" not in result.stderr
    assert result.stdout == ""


@pytest.mark.parametrize("command", [["ask", "Wat nu?"], ["search", "wat"], ["documents"], ["verify"], ["rebuild"]])
def test_without_a_library_every_command_says_how_to_make_one(tmp_path, command):
    result = run(*command, data=tmp_path)
    assert result.returncode == FAILED
    assert "vng-assistent ingest" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_folder_that_does_not_exist(tmp_path):
    result = run("ingest", tmp_path / "nergens", data=tmp_path / "data")
    assert result.returncode == FAILED
    assert "bestaat niet" in result.stderr


def test_settings_come_from_the_environment_and_are_checked(data, tmp_path):
    assert run("documents", VNG_DATA=str(data), cwd=tmp_path).returncode == OK
    wrong = run("documents", VNG_READ_SECONDS="snel")
    assert wrong.returncode == FAILED
    assert "VNG_READ_SECONDS" in wrong.stderr
    missing = run("ask", "Wat?", data=data, VNG_ENCODER="/geen/model")
    assert missing.returncode == FAILED
    assert "VNG_ENCODER" in missing.stderr


def test_doctor_shows_the_settings_in_force(data):
    result = run("doctor", data=data, VNG_WORKERS="3")
    assert result.returncode == OK
    assert "VNG_WORKERS" in result.stdout
    assert "3 documenten" in result.stdout
    assert run("doctor", data=data, VNG_ENCODER="/geen/model").returncode == FAILED
    for setting in ("VNG_RERANKER", "VNG_THESAURUS"):
        wrong = run("doctor", data=data, **{setting: "/geen/map"})
        assert wrong.returncode == FAILED
        assert "/geen/map" in wrong.stdout


def test_help_is_in_dutch():
    shown = run("--help").stdout
    assert "Stel een vraag en krijg een antwoord met bronnen." in shown
    assert "Laat deze hulp zien." in shown
    assert "Options" not in shown.replace("[OPTIONS]", "")


def test_asking_starts_without_heavy_libraries(data):
    script = (
        "import sys, vng_assistent\n"
        "try:\n    vng_assistent.main(['ask', 'Hoeveel inwoners telt Veldrijk?', '--data', sys.argv[1]])\n"
        "except SystemExit:\n    pass\n"
        "heavy = {'torch', 'transformers', 'sentence_transformers', 'llama_index', 'pdfplumber', 'sklearn', 'scipy'}\n"
        "print(sorted(heavy & set(sys.modules)), file=sys.stderr)\n"
    )
    result = subprocess.run(
        [sys.executable, "-c", script, str(data)], capture_output=True, text=True, cwd=ROOT, env={**os.environ}
    )
    assert result.stderr.strip() == "[]"
