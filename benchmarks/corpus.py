"""Documents to measure with, made from a seed: copies with other words and order, or a whole made-up archive."""

import random
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

import numpy as np

from ingest.read import SUPPORTED, read

WORDS_A_PASSAGE = 120
PASSAGES_A_FILE = 200
VOCABULARY = 60_000
ZIPF = 1.05
TOPIC_WORDS = 12  # words of its own that a made-up passage is about
TOPIC_SHARE = 0.3
COMMON = 200  # words so common that no section is about them
NEAR = 5  # words from which a question takes three
SWAPPED = 0.05  # share of the words that a copy has otherwise
_WORD = re.compile(r"[^\W\d_]+")


def paragraphs_of(path: Path) -> list[str]:
    """The paragraphs of a document, headings marked as in Markdown."""
    _, blocks = read(path, source=path.name)
    return [f"{'#' * max(1, block.level)} {block.text}" if block.kind == "heading" else block.text for block in blocks]


def sources(folder: Path) -> list[Path]:
    """The documents in a folder that both sides can read: the peer has no reader for OpenDocument."""
    return sorted(path for path in folder.rglob("*") if path.suffix.lower() in SUPPORTED - {".odt"})


def varied_copies(documents: Sequence[Path], target: Path, *, text_bytes: int, seed: int) -> int:
    """Fill `target` with copies of these documents until they hold this much text; -> the number of files.

    Each copy has its paragraphs in another order and some of its words replaced, so that nothing can be reused. PDF
    and Word stay PDF and Word; everything else becomes Markdown.
    """
    target.mkdir(parents=True)
    chance = random.Random(seed)
    originals = [(path, paragraphs_of(path)) for path in documents]
    words = [word for _, paragraphs in originals for paragraph in paragraphs for word in _WORD.findall(paragraph)]
    made = written = 0
    while written < text_bytes:
        for path, paragraphs in originals:
            copy = [_swap(paragraph, words, chance) for paragraph in paragraphs]
            chance.shuffle(copy)
            suffix = path.suffix.lower() if path.suffix.lower() in _WRITERS else ".md"
            _WRITERS[suffix](target / f"{made:04}-{path.stem}{suffix}", copy)
            made += 1
            written += sum(len(paragraph.encode()) for paragraph in copy)
    return made


def _swap(paragraph: str, words: Sequence[str], chance: random.Random) -> str:
    def other(match: re.Match[str]) -> str:
        return chance.choice(words) if chance.random() < SWAPPED else match[0]

    return _WORD.sub(other, paragraph)


def _write_markdown(path: Path, paragraphs: Sequence[str]) -> None:
    path.write_text("\n\n".join(paragraphs) + "\n", encoding="utf-8")


def _write_pdf(path: Path, paragraphs: Sequence[str]) -> None:
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    styles = getSampleStyleSheet()
    flow = [
        Paragraph(escape(text.lstrip("# ")), styles["Heading2" if text[0] == "#" else "Normal"]) for text in paragraphs
    ]
    SimpleDocTemplate(str(path)).build(flow)


def _write_word(path: Path, paragraphs: Sequence[str]) -> None:
    from docx import Document

    document = Document()
    for text in paragraphs:
        document.add_paragraph(text.lstrip("# "), style="Heading 2" if text[0] == "#" else None)
    document.save(str(path))


_WRITERS = {".md": _write_markdown, ".pdf": _write_pdf, ".docx": _write_word}


def questions(folder: Path, *, count: int, seed: int) -> list[str]:
    """Questions about a folder's Markdown and text, from a seed: a few words that stand near each other in it."""
    chance = random.Random(seed)
    paths = sorted(path for path in folder.rglob("*") if path.suffix in {".md", ".txt"}) or sources(folder)
    texts = [paragraphs_of(path) for path in chance.sample(paths, min(len(paths), 40))]
    candidates = [
        words
        for paragraphs in texts
        for text in paragraphs
        if len(words := [word for word in _WORD.findall(text) if len(word) > 3]) >= NEAR
    ]
    asked = []
    for _ in range(count):
        near = chance.choice(candidates)
        at = chance.randrange(len(near) - NEAR + 1)
        first, second, third = (word.lower() for word in chance.sample(near[at : at + NEAR], 3))
        asked.append(f"Hoe zit het met {first} en {second} bij {third}?")
    return asked


def archive(target: Path, vocabulary_from: Sequence[Path], *, passages: int, seed: int) -> None:
    """Fill `target` with Markdown files of made-up Dutch: sections of about 120 words, as common as in real text.

    The words are those of the given documents and compounds of them; how often they occur follows Zipf's law. Each
    section has words of its own that it returns to, so that it can be found.
    """
    target.mkdir(parents=True)
    chance = np.random.default_rng(seed)
    vocabulary = np.array(_vocabulary(vocabulary_from, chance))
    weights = 1 / np.arange(1, len(vocabulary) + 1) ** ZIPF
    cumulative = np.cumsum(weights / weights.sum())
    for at in range(0, passages, PASSAGES_A_FILE):
        sections = [_section(vocabulary, cumulative, chance) for _ in range(min(PASSAGES_A_FILE, passages - at))]
        (target / f"{at // PASSAGES_A_FILE:05}.md").write_text("".join(sections), encoding="utf-8")


def _vocabulary(documents: Sequence[Path], chance: np.random.Generator) -> list[str]:
    """Words, the commonest first: those of the documents, then compounds of them."""
    text = " ".join(paragraph for path in documents for paragraph in paragraphs_of(path))
    known = [word for word, _ in Counter(word.lower() for word in _WORD.findall(text)).most_common()]
    parts = [word for word in known if 4 <= len(word) <= 12]
    made: dict[str, None] = dict.fromkeys(known)
    size = min(VOCABULARY, len(parts) ** 2 // 2)  # a small text has only so many compounds in it
    while len(made) < size:
        first, second = chance.integers(len(parts), size=2)
        made[f"{parts[first]}{'s' if chance.random() < 0.3 else ''}{parts[second]}"] = None
    return list(made)


def _section(vocabulary: np.ndarray, cumulative: np.ndarray, chance: np.random.Generator) -> str:
    drawn = np.searchsorted(cumulative, chance.random(WORDS_A_PASSAGE))
    topic = chance.integers(min(COMMON, len(vocabulary) // 2), len(vocabulary), size=TOPIC_WORDS)
    about = chance.random(WORDS_A_PASSAGE) < TOPIC_SHARE
    drawn[about] = chance.choice(topic, size=int(about.sum()))
    words = vocabulary[drawn].tolist()
    heading = " ".join(vocabulary[topic[:3]].tolist()).capitalize()
    return f"## {heading}\n\n{' '.join(_sentences(words, chance))}\n\n"


def _sentences(words: Sequence[str], chance: np.random.Generator) -> Iterator[str]:
    at = 0
    while at < len(words):
        length = int(chance.integers(8, 23))
        yield " ".join(words[at : at + length]).capitalize() + "."
        at += length
