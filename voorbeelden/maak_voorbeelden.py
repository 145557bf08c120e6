"""Makes the sample documents: each text in `bronteksten/` becomes a file in `documenten/`.

    python -m voorbeelden.maak_voorbeelden [--check] [--output DIR]

A text is plain Markdown: headings (# the title, ## a section, ### a part of it), paragraphs, lists of one level,
tables, and a quotation for what stands out on the page. The same text gives the same bytes, as long as the
libraries stay the same. `--check` writes nothing, and fails when a committed file holds another text than its source.
"""

import argparse
import io
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

from pypdfium2 import PdfDocument

from voorbeelden.write.html import make_html
from voorbeelden.write.odt import make_odt
from voorbeelden.write.pdf import make_pdf
from voorbeelden.write.word import make_docx

HERE = Path(__file__).parent
TEXTS = HERE / "bronteksten"
DOCUMENTS = HERE / "documenten"

WRITERS: dict[str, Callable[[str], bytes]] = {
    "samenvatting-gemeenten-2024.pdf": make_pdf,
    "samenvatting-integrale-opgave.odt": make_odt,
    "samenvatting-samen-samen-samen.html": make_html,
    "samenvatting-werkende-samenwerking.docx": make_docx,
}


def build() -> dict[str, bytes]:
    """The bytes of every sample document, by file name."""
    return {
        name: write((TEXTS / name).with_suffix(".md").read_text(encoding="utf-8")) for name, write in WRITERS.items()
    }


def differing(directory: Path) -> list[str]:
    """The names of the files in `directory` that are missing, or hold another text than `bronteksten/` gives."""
    return [name for name, made in build().items() if not _holds(directory / name, made)]


def _holds(path: Path, made: bytes) -> bool:
    """Whether the file says what `made` says; another version of a library may change the bytes around the text."""
    if not path.is_file():
        return False
    found = path.read_bytes()
    return found == made or _content(found, path.suffix) == _content(made, path.suffix)


def _content(data: bytes, suffix: str) -> bytes | str:
    """The part of a file that holds its text."""
    if suffix == ".pdf":
        with PdfDocument(data) as pdf:
            return "\f".join(page.get_textpage().get_text_bounded() for page in pdf)
    member = {".docx": "word/document.xml", ".odt": "content.xml"}.get(suffix)
    if member is None:
        return data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return archive.read(member)


def main() -> int:
    """The exit code: 1 when `--check` found a difference."""
    options = argparse.ArgumentParser(description="Make the sample documents from their texts.")
    options.add_argument("--check", action="store_true", help="compare only; exit 1 on a difference")
    options.add_argument("--output", type=Path, default=DOCUMENTS, metavar="DIR", help="where the files are")
    given = options.parse_args()
    if given.check:
        different = differing(given.output)
        for name in different:
            sys.stderr.write(f"differs from its text: {name}\n")
        return 1 if different else 0
    given.output.mkdir(parents=True, exist_ok=True)
    for name, data in build().items():
        (given.output / name).write_bytes(data)
        sys.stderr.write(f"{name}: {len(data) / 1000:.0f} kB\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
