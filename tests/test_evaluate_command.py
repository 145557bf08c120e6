"""`vng-assistent evaluate` and `harvest` as a person or a pipeline uses them: real processes on a real library."""

import json
import os
import signal
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from datetime import UTC, datetime

import pytest

from assistant.settings import load_settings
from assistant.types import Query
from composition import parts_of
from eval.topics import read_topics
from tests.corpus import write_corpus
from tests.test_command import FAILED, OK, ROOT, WRONG_USE, run

QUESTIONS = [
    ("v1", "Hoeveel inwoners telt Veldrijk?", "fact", "woonvisie.md", "Veldrijk telt 38.400 inwoners", [["38.400"]]),
    ("v2", "Wie is wethouder?", "fact", "woonvisie.md", "Wethouder Karin Hulst noemt betaalbaarheid", [["Hulst"]]),
    ("v3", "Waarom is de woningbouwopgave groter?", "why", "woonvisie.md", "omdat huishoudens steeds kleiner worden",
     [["kleiner"]]),
    ("v4", "Wanneer beginnen de gezinscoaches?", "fact", "brieven/jeugdhulp.md",
     "De gezinscoaches beginnen op 1 september 2025.", [["1 september 2025"]]),
    ("v5", "Wat kost een parkeervergunning in Veldrijk?", "unanswerable", None, None, []),
]  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("evaluatie")
    corpus = write_corpus(folder / "bronnen")
    assert run("ingest", corpus, data=folder / "data").returncode == OK
    return folder / "data"


def row(topic_id, question, kind, source, quote, facts):
    evidence = [{"doc": source, "quote": quote}] if source else []
    return {
        "id": topic_id, "question": question, "kind": kind, "answerable": bool(source), "evidence": evidence,
        "all_evidence": False, "facts": facts,
    }  # fmt: skip


def write(path, rows):
    path.write_text("".join(json.dumps(one, ensure_ascii=False) + "\n" for one in rows), encoding="utf-8")
    return path


@pytest.fixture
def topics(tmp_path):
    return write(tmp_path / "vragen.jsonl", [row(*one) for one in QUESTIONS])


@pytest.fixture
def gates(tmp_path):
    path = tmp_path / "eisen.toml"
    path.write_text('[at_least]\nfacts = 0.5\n[baseline]\nnot_worse = ["facts"]\n', encoding="utf-8")
    return path


def test_an_evaluation_tells_what_it_measured_and_writes_its_reports(topics, gates, data, tmp_path):
    report = tmp_path / "rapport"
    result = run("evaluate", topics, "--gates", gates, "--report", report, data=data)
    assert result.returncode == OK, result.stdout + result.stderr
    assert "Geslaagd" in result.stdout
    assert "Feiten in het antwoord" in result.stdout
    assert sorted(path.name for path in report.iterdir()) == [
        "evaluatie.json", "junit.xml", "rapport.html", "rapport.md", "vragen",
    ]  # fmt: skip
    assert len(list((report / "vragen").iterdir())) == len(QUESTIONS)
    assert ET.parse(report / "junit.xml").getroot().tag == "testsuites"  # noqa: S314 - our own
    assert "Geslaagd" in (report / "rapport.md").read_text(encoding="utf-8")


def test_the_same_evaluation_twice_gives_the_same_numbers_and_is_its_own_baseline(topics, gates, data, tmp_path):
    first = run("evaluate", topics, "--json", data=data)
    assert first.returncode == OK
    baseline = tmp_path / "eerder.json"
    baseline.write_text(first.stdout, encoding="utf-8")
    second = run("evaluate", topics, "--json", "--gates", gates, "--baseline", baseline, data=data)
    assert second.returncode == OK, second.stderr
    assert "Geslaagd" in second.stderr

    def stable(text):
        found = json.loads(text)
        for outcome in found["outcomes"]:
            del outcome["askMs"], outcome["searchMs"]
        measures = {name: value for name, value in found["summary"]["all"].items() if "latency" not in name}
        return found["outcomes"], measures

    assert stable(first.stdout) == stable(second.stdout)


def test_a_gate_that_is_not_met_fails_and_is_named(topics, data, tmp_path):
    gates = tmp_path / "streng.toml"
    gates.write_text("[at_most]\nwords = 1\n", encoding="utf-8")
    result = run("evaluate", topics, "--gates", gates, data=data)
    assert result.returncode == FAILED
    assert "Niet geslaagd" in result.stdout
    assert "Woorden per antwoord: hoogstens 1" in result.stdout


def test_what_is_wrong_with_questions_is_told_by_line(data, tmp_path):
    wrong = [row(*QUESTIONS[0]), row(*QUESTIONS[0]), row(*QUESTIONS[1]) | {"id": "x", "facts": []}]
    result = run("evaluate", write(tmp_path / "fout.jsonl", wrong), "--check", data=data)
    assert result.returncode == FAILED
    assert "regel 2" in result.stderr
    assert "regel 3" in result.stderr
    assert "Traceback" not in result.stderr


def test_a_check_holds_the_evidence_against_the_library(topics, data, tmp_path):
    good = run("evaluate", topics, "--check", data=data)
    assert (good.returncode, good.stdout.strip()) == (OK, "De vragen kloppen.")
    moved = [row("a", "Wie?", "fact", "woonvise.md", "Veldrijk telt 38.400 inwoners", [["x"]])]
    result = run("evaluate", write(tmp_path / "weg.jsonl", moved), "--check", data=data)
    assert result.returncode == FAILED
    assert "woonvisie.md" in result.stderr


def test_a_check_without_a_library_looks_at_the_form_only(topics, tmp_path):
    result = run("evaluate", topics, "--check", data=tmp_path / "leeg")
    assert result.returncode == OK
    assert "nog geen bibliotheek" in result.stderr


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_questions_go_to_a_spreadsheet_and_back(topics, data, tmp_path, suffix):
    sheet, back = tmp_path / f"vragen{suffix}", tmp_path / "terug.jsonl"
    assert run("evaluate", topics, "--save-as", sheet).returncode == OK
    assert run("evaluate", sheet, "--save-as", back).returncode == OK
    assert read_topics(back) == read_topics(topics)
    assert run("evaluate", sheet, "--check", data=data).returncode == OK


def test_other_input_that_cannot_be_used_is_told_before_anything_is_asked(topics, data, tmp_path):
    nonsense = tmp_path / "nonsens"
    nonsense.write_text("{", encoding="utf-8")
    for option in ("--gates", "--baseline"):
        result = run("evaluate", topics, option, nonsense, data=data)
        assert result.returncode == FAILED
        assert "nonsens" in result.stderr
        assert "Traceback" not in result.stderr
    missing = run("evaluate", tmp_path / "weg.jsonl", data=data)
    assert missing.returncode == FAILED
    assert "bestaat niet" in missing.stderr
    assert run("evaluate", data=data).returncode == WRONG_USE
    judged = run("evaluate", topics, "--judge", data=data)
    assert judged.returncode == FAILED
    assert "taalmodel" in judged.stderr


def test_history_grows_by_a_line_a_run(topics, data, tmp_path):
    history = tmp_path / "geschiedenis.jsonl"
    for _ in range(2):
        assert run("evaluate", topics, "--history", history, data=data, cwd=tmp_path).returncode == OK
    assert len(history.read_text(encoding="utf-8").splitlines()) == 2


def test_an_evaluation_that_was_stopped_goes_on_where_it_was(data, tmp_path):
    many = [row(*one) | {"id": f"{at}-{one[0]}"} for at in range(40) for one in QUESTIONS]
    path = write(tmp_path / "veel.jsonl", many)
    command = [sys.executable, "-m", "vng_assistent", "evaluate", str(path), "--data", str(data), "--json"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "VNG_WORKERS": "1"}
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=pipe, stderr=pipe, text=True)
    journal = data / "evaluatie"
    while process.poll() is None and not _lines(journal) > 10:
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    process.communicate()
    assert process.returncode == FAILED
    done = _lines(journal)
    assert 10 < done < len(many)
    again = run("evaluate", path, "--json", data=data, VNG_WORKERS="1")
    assert again.returncode == OK, again.stderr
    assert [one["asked"]["topicId"] for one in json.loads(again.stdout)["outcomes"]] == [one["id"] for one in many]
    assert _lines(journal) == 0


def _lines(folder):
    """The lines in the journals of a folder."""
    return sum(path.read_text(encoding="utf-8").count("\n") for path in folder.glob("*.jsonl"))


def test_questions_are_harvested_without_personal_data(data, tmp_path):
    asked = "Wat kost een parkeervergunning voor mevrouw Jansen, jansen@voorbeeld.nl?"
    answer = run("ask", asked, "--json", data=data)
    stored, candidates = tmp_path / "antwoorden.jsonl", tmp_path / "kandidaten.jsonl"
    lines = [json.dumps({"answer": json.loads(answer.stdout), "feedback": [{"helpful": False}]}), "{stuk"]
    stored.write_text("\n".join(lines), encoding="utf-8")
    result = run("harvest", stored, "--save-as", candidates)
    assert result.returncode == FAILED, "a line that cannot be read is told"
    assert "regel 2" in result.stderr
    assert "1 vraag om aan te vullen" in result.stdout
    text = candidates.read_text(encoding="utf-8")
    assert "parkeervergunning" in text
    assert "Jansen" not in text
    assert "voorbeeld.nl" not in text
    assert run("evaluate", candidates, "--check", data=data).returncode == FAILED


def test_questions_are_harvested_from_the_database(data, tmp_path):
    settings = load_settings().model_copy(update={"data": data})
    with parts_of(settings) as parts:
        answer = parts.assistant.ask(Query("Wat kost een parkeervergunning voor mevrouw Jansen?"))
        parts.store.save(answer, "a" * 32, now=datetime.now(UTC))
    candidates = tmp_path / "kandidaten.jsonl"
    result = run("harvest", "--save-as", candidates, data=data)
    assert result.returncode == OK, result.stderr
    assert "parkeervergunning" in candidates.read_text(encoding="utf-8")
    assert "Jansen" not in candidates.read_text(encoding="utf-8")


def test_a_server_that_others_can_reach_is_refused(data):
    result = run("serve", "--host", "0.0.0.0", data=data)  # noqa: S104 - this is what is refused
    assert result.returncode == FAILED
    assert "gebruik --host 127.0.0.1" in result.stderr
