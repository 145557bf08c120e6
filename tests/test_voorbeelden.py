"""The sample documents say what their texts say, are of a useful size, and copy nothing."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import docx
import odfdo
import pypdfium2
import pytest

ROOT = Path(__file__).parent.parent
SAMPLES = ROOT / "voorbeelden"
TEXTS = SAMPLES / "bronteksten"
DOCUMENTS = SAMPLES / "documenten"
SOURCES = ROOT.parent / "shared" / "bronnen"
RUN = 10

BUILT = sorted(path.with_suffix("").name for path in TEXTS.glob("*.md"))
FILES = sorted(path for path in DOCUMENTS.iterdir() if path.name != "bronnen.toml")


def words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower())


def built(stem: str) -> Path:
    [path] = [path for path in FILES if path.stem == stem]
    return path


class Article(HTMLParser):
    """The text inside <article>, and nothing of the page around it."""

    def __init__(self) -> None:
        super().__init__()
        self.inside = False
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = self.inside or tag == "article"

    def handle_endtag(self, tag: str) -> None:
        self.inside = self.inside and tag != "article"

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.text.append(data)


def docx_text(path: Path) -> Iterator[str]:
    for block in docx.Document(str(path)).iter_inner_content():
        if isinstance(block, docx.table.Table):
            for row in block.rows:
                yield from (cell.text for cell in row.cells)
        else:
            yield block.text


def pdf_text(path: Path) -> str:
    """The text of the pages without the running title and the footer."""
    with pypdfium2.PdfDocument(path) as pdf:
        title = pdf.get_metadata_dict()["Title"]
        texts = [page.get_textpage().get_text_bounded() for page in pdf]
    body = [re.sub(r"VNG-assistent, november 2026\s+Pagina \d+", "", text) for text in texts]
    return "\n".join(text.replace(title, "", 1) if index else text for index, text in enumerate(body))


def visible_text(path: Path) -> str:
    """What a reader of the file gets to read."""
    match path.suffix:
        case ".docx":
            return "\n".join(docx_text(path))
        case ".odt":
            paragraphs = odfdo.Document(path).body.get_elements("//text:p|//text:h")
            return "\n".join(str(paragraph.text_recursive) for paragraph in paragraphs)
        case ".html":
            article = Article()
            article.feed(path.read_text(encoding="utf-8"))
            return " ".join(article.text)
        case ".pdf":
            return pdf_text(path)
        case _:
            return path.read_text(encoding="utf-8")


def plain(markdown: str) -> str:
    """The text without its Markdown: heading and list marks, emphasis, and the rules of tables."""
    return re.sub(r"^\d+\. |[*#>|]|^[|\s-]+$", " ", markdown, flags=re.MULTILINE)


@pytest.mark.parametrize("stem", BUILT)
def test_a_built_file_says_what_its_text_says(stem: str) -> None:
    path = built(stem)
    found = visible_text(path)
    if path.suffix == ".pdf":  # a PDF draws the numbers and bullets of its lists as text
        found = re.sub(r"^\s*(?:\d{1,2}\.|•)\s+", "", found, flags=re.MULTILINE)
    assert words(found) == words(plain((TEXTS / f"{stem}.md").read_text(encoding="utf-8")))


def make(*options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "voorbeelden.maak_voorbeelden", *options]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


def test_making_them_again_gives_the_same_bytes(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    for directory in (first, second):
        assert make("--output", str(directory)).returncode == 0
    assert sorted(path.stem for path in first.iterdir()) == BUILT
    assert {path.name: path.read_bytes() for path in first.iterdir()} == {
        path.name: path.read_bytes() for path in second.iterdir()
    }


def test_check_accepts_the_committed_files() -> None:
    checked = make("--check")
    assert (checked.returncode, checked.stderr) == (0, "")


def test_check_names_a_missing_and_a_changed_file(tmp_path: Path) -> None:
    for path in FILES:
        (tmp_path / path.name).write_bytes(path.read_bytes())
    page, publication = (next(path for path in tmp_path.iterdir() if path.suffix == s) for s in (".html", ".pdf"))
    page.write_text(page.read_text(encoding="utf-8").replace("344", "345"), encoding="utf-8")
    publication.unlink()
    checked = make("--check", "--output", str(tmp_path))
    assert checked.returncode == 1
    assert {line.rpartition(" ")[2] for line in checked.stderr.splitlines()} == {page.name, publication.name}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_a_document_is_worth_asking_about(path: Path) -> None:
    assert 600 <= len(words(visible_text(path))) <= 1500
    assert path.stat().st_size < 200_000


def test_there_is_one_document_of_each_format() -> None:
    assert sorted(path.suffix for path in FILES) == [".docx", ".html", ".md", ".odt", ".pdf"]


def test_metadata_names_exactly_the_files() -> None:
    metadata = tomllib.loads((DOCUMENTS / "bronnen.toml").read_text(encoding="utf-8"))
    assert sorted(metadata) == [path.name for path in FILES]
    for path in FILES:
        assert metadata[path.name]["title"] in " ".join(visible_text(path).split())
        assert metadata[path.name]["kind"] == "samenvatting"


def test_the_questions_name_documents_that_exist() -> None:
    questions = (SAMPLES / "vragen.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`([\w.-]+)`", questions))
    assert named == {path.name for path in FILES}
    assert len(re.findall(r"^\d+\. ", questions, flags=re.MULTILINE)) == 12


def test_no_sentence_is_copied_from_a_source() -> None:
    if not SOURCES.is_dir():
        pytest.skip(f"the sources are not here: {SOURCES}")
    runs = set()
    for source in SOURCES.glob("*.txt"):
        found = words(source.read_text(encoding="utf-8"))
        runs |= {tuple(found[start : start + RUN]) for start in range(len(found) - RUN + 1)}
    assert runs
    texts = {path.name: visible_text(path) for path in FILES}
    texts |= {path.name: path.read_text(encoding="utf-8") for path in (*TEXTS.glob("*.md"), SAMPLES / "vragen.md")}
    copied = [
        (name, " ".join(ours[start : start + RUN]))
        for name, text in texts.items()
        for ours in [words(text)]
        for start in range(len(ours) - RUN + 1)
        if tuple(ours[start : start + RUN]) in runs
    ]
    assert copied == []
