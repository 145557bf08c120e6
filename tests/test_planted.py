"""The gates of our own evaluation catch what a change can break; see tests/planted.py."""

import os
import subprocess
import sys

import pytest

from tests.test_command import FAILED, OK, ROOT

TOPICS, GATES, BASELINE = "eval/topics/voorbeelden.jsonl", "eval/gates.toml", "eval/baselines/voorbeelden.json"


def planted(regression, *arguments, data):
    """What the command does with this regression in it."""
    return subprocess.run(
        [sys.executable, "-m", "tests.planted", regression, *arguments, "--data", str(data)],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=os.environ | {"VNG_WORKERS": "1", "COLUMNS": "120"},
        check=False,
    )


def evaluated(regression, data):
    return planted(regression, "evaluate", TOPICS, "--gates", GATES, "--baseline", BASELINE, data=data)


def ingested(regression, data):
    made = planted(regression, "ingest", "voorbeelden/documenten", data=data)
    assert made.returncode == OK, made.stderr


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("voorbeelden")
    ingested("nothing", folder)
    return folder


def test_without_a_regression_all_gates_are_passed(data):
    result = evaluated("nothing", data)
    assert result.returncode == OK, result.stdout + result.stderr
    assert "✗" not in result.stdout


def test_stemming_that_is_off_is_caught(data, tmp_path):
    ingested("stemming_off", tmp_path)
    result = evaluated("stemming_off", tmp_path)
    assert result.returncode == FAILED
    assert "✗ Feiten in het antwoord" in result.stdout


def test_a_verifier_that_is_off_is_caught(data):
    result = evaluated("verifier_off", data)
    assert result.returncode == FAILED
    assert "✗ Onware uitspraken doorgelaten" in result.stdout


def test_quotes_in_the_wrong_place_are_caught(data):
    result = evaluated("quotes_off", data)
    assert result.returncode == FAILED
    assert "✗ Uitspraken die de citaten dragen" in result.stdout


def test_a_document_that_is_gone_is_caught(tmp_path):
    ingested("nothing", tmp_path)
    gone = planted("nothing", "remove", "samenvatting-samen-samen-samen.html", data=tmp_path)
    assert gone.returncode == OK, gone.stderr
    result = evaluated("nothing", tmp_path)
    assert result.returncode == FAILED
    assert "✗ Gevonden bij de eerste 5" in result.stdout
    assert "aantoonbaar slechter" in result.stdout
