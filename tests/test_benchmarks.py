"""The benchmarks measure what they say: the same documents from the same seed, and ratios the right way round."""

import sys
from pathlib import Path

import pytest

from benchmarks.corpus import PASSAGES_A_FILE, archive, paragraphs_of, questions, varied_copies
from benchmarks.measure import ChildFailed, percentiles, run
from benchmarks.report import Compared, Measured, Section, number, page

TEXT = """# Groenbeleid

De gemeente plant ieder jaar nieuwe bomen langs de drukke wegen in het centrum.

Bewoners kunnen zelf een voorstel doen voor een boom in hun eigen straat of buurt.

## Onderhoud

Het snoeien van de bomen gebeurt in het najaar door medewerkers van de gemeente.
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "documenten"
    made.mkdir()
    (made / "groen.md").write_text(TEXT, encoding="utf-8")
    return made


def contents(folder: Path) -> list[bytes]:
    return [path.read_bytes() for path in sorted(folder.iterdir())]


def test_copies_differ_from_each_other_and_follow_the_seed(folder: Path, tmp_path: Path) -> None:
    documents = [folder / "groen.md"]
    varied_copies(documents, tmp_path / "een", text_bytes=5_000, seed=1)
    varied_copies(documents, tmp_path / "twee", text_bytes=5_000, seed=1)
    varied_copies(documents, tmp_path / "drie", text_bytes=5_000, seed=2)
    assert contents(tmp_path / "een") == contents(tmp_path / "twee") != contents(tmp_path / "drie")
    assert len(set(contents(tmp_path / "een"))) == len(contents(tmp_path / "een"))
    assert sum(map(len, contents(tmp_path / "een"))) >= 5_000


@pytest.mark.parametrize("suffix", [".pdf", ".docx"])
def test_copies_keep_their_format_and_their_words(folder: Path, tmp_path: Path, suffix: str) -> None:
    varied_copies([folder / "groen.md"], tmp_path / "kopie", text_bytes=1, seed=1)
    markdown = next((tmp_path / "kopie").iterdir())
    target = tmp_path / f"groen{suffix}"
    from benchmarks.corpus import _WRITERS

    _WRITERS[suffix](target, paragraphs_of(markdown))
    varied_copies([target], tmp_path / "tweede", text_bytes=1, seed=1)
    copies = list((tmp_path / "tweede").iterdir())
    assert [path.suffix for path in copies] == [suffix]
    assert "gemeente" in " ".join(paragraphs_of(copies[0]))


def test_an_archive_follows_the_seed_and_has_the_size_asked_for(folder: Path, tmp_path: Path) -> None:
    for name, seed in (("een", 1), ("twee", 1), ("drie", 2)):
        archive(tmp_path / name, [folder / "groen.md"], passages=PASSAGES_A_FILE + 1, seed=seed)
    assert contents(tmp_path / "een") == contents(tmp_path / "twee") != contents(tmp_path / "drie")
    sections = [content.count(b"## ") for content in contents(tmp_path / "een")]
    assert sections == [PASSAGES_A_FILE, 1]


def test_questions_follow_the_seed(folder: Path) -> None:
    asked = questions(folder, count=20, seed=1)
    assert asked == questions(folder, count=20, seed=1)
    assert len(asked) == 20
    assert all(question.endswith("?") for question in asked)


def test_a_ratio_above_one_means_that_ours_is_better() -> None:
    assert Compared("time", "s", ours=2.0, theirs=10.0).ratio == 5
    assert Compared("speed", "MB/s", ours=10.0, theirs=2.0, better="more").ratio == 5


def test_the_page_shows_both_kinds_of_table() -> None:
    shown = page(
        [
            Section("Next to a peer", "About.", [Compared("ingest", "s", 2.0, 10.0)]),
            Section("Alone", "About.", [Measured("ask, p95", "ms", 30.0, 5.0), Measured("open", "s", 0.2)]),
        ]
    )
    assert "| ingest | s | 2.00 | 10.0 | 5.0× |" in shown
    assert "| ask, p95 | ms | 30.0 | 5.00 | 6.0× |" in shown
    assert "| open | s | 0.20 | | |" in shown


def test_numbers_keep_three_digits() -> None:
    assert [number(value) for value in (12345.6, 12.34, 1.234, 0.0123)] == ["12,346", "12.3", "1.23", "0.012"]


def test_percentiles_of_a_row() -> None:
    assert percentiles(list(range(101))) == {"p50": 50, "p95": 95, "p99": 99}


def test_a_run_sees_time_memory_and_output() -> None:
    work = "import json, time; held = bytearray(60_000_000); time.sleep(0.3); print(json.dumps({'held': len(held)}))"
    done = run([sys.executable, "-c", work])
    assert done.output == {"held": 60_000_000}
    assert done.seconds >= 0.3
    assert done.peak_mb > 60


def test_a_failing_program_is_not_a_measurement() -> None:
    with pytest.raises(ChildFailed, match="stuk"):
        run([sys.executable, "-c", "raise SystemExit('stuk')"])
