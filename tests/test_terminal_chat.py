"""A conversation in the terminal: by itself, and as a real process that reads its questions from a file."""

import io
import subprocess
import sys

import pytest
from rich.console import Console

from assistant.assistant import Assistant
from assistant.types import Answer
from ingest.encode import load_encoder
from ingest.library import LiveLibrary
from ingest.publish import publish
from integrations.terminal_chat import hold_conversation, read_questions
from integrations.terminal_errors import explain_error
from tests.corpus import write_corpus
from tests.test_command import ROOT


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    folder = tmp_path_factory.mktemp("gesprek")
    publish([write_corpus(folder / "bronnen")], folder / "data", load_encoder(None))
    return folder / "data"


def talk(data, *questions):
    library = LiveLibrary(data, load_encoder(None))
    printed = io.StringIO()
    console = Console(file=printed, width=100)
    answers: list[Answer] = []
    count = hold_conversation(
        questions, Assistant(library, load_encoder(None)).ask, answers.append, explain_error, console
    )
    library.close()
    return count, answers, printed.getvalue()


def test_each_question_is_answered_with_the_ones_before_it_in_mind(data):
    count, answers, _ = talk(data, "Hoeveel woningen bouwt Veldrijk tot 2030?", "En hoeveel inwoners telt het?")
    assert count == 2
    assert "2.150" in answers[0].text
    assert "Veldrijk" in answers[1].standalone_query
    assert "38.400" in answers[1].text


def test_a_fixed_reply_does_not_break_the_thread(data):
    _, answers, _ = talk(data, "Wanneer beginnen de gezinscoaches?", "Dank je wel!", "En wanneer is de evaluatie?")
    assert answers[1].reply is not None
    assert "2026" in answers[2].text


def test_an_empty_line_stops(data):
    assert talk(data, "Hoeveel inwoners telt Veldrijk?", "", "En nu?")[0] == 1


def test_a_question_that_cannot_be_asked_is_explained_and_forgotten(data):
    count, answers, printed = talk(data, "x" * 5000, "Hoeveel inwoners telt Veldrijk?")
    assert count == 1
    assert "te lang" in printed
    assert answers[0].query.history == ()


def test_what_is_read_is_shown_before_its_answer():
    printed = io.StringIO()
    console = Console(file=printed, width=80)
    assert list(read_questions(["Eén?\n", "\x1b[31mTwee?\n", "\n"], console)) == ["Eén?", "\x1b[31mTwee?", ""]
    assert "› Eén?" in printed.getvalue()
    assert "\x1b" not in printed.getvalue()


def test_the_command_reads_its_questions_from_a_file(data):
    result = subprocess.run(
        [sys.executable, "-m", "vng_assistent", "chat", "--data", str(data)],
        input="Hoeveel inwoners telt Veldrijk?\nWaarom?\n",
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert result.returncode == 0, result.stderr
    assert "› Hoeveel inwoners telt Veldrijk?" in result.stdout
    assert "38.400" in result.stdout
