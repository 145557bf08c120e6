import contextlib
import hashlib
import io
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import odfdo
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest import errors
from ingest.errors import ReadError
from ingest.messages import explain
from ingest.read import MAX_BYTES, SUPPORTED, archive, read
from ingest.read.properties import sensible_author, sensible_title
from ingest.types import Metadata

TEXT = "De gemeente onderhoudt de wegen. Dat gebeurt elk jaar in het voorjaar.\n"
HTML = f"<!doctype html><html><head><title>Wegen</title></head><body><h1>Wegen</h1><p>{TEXT}</p></body></html>"


def word() -> bytes:
    document = docx.Document()
    document.add_heading("Wegen", level=1)
    document.add_paragraph(TEXT.strip())
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def open_document() -> bytes:
    document = odfdo.Document("text")
    document.body.clear()
    document.body.append(odfdo.Paragraph(TEXT.strip()))
    buffer = io.BytesIO()
    document.save(buffer)
    return buffer.getvalue()


def pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer)
    for line, text in enumerate(TEXT.strip().split(". ")):
        canvas.drawString(72, 700 - 20 * line, text)
    canvas.save()
    return buffer.getvalue()


def locked_pdf() -> bytes:
    from reportlab.pdfgen.canvas import Canvas

    buffer = io.BytesIO()
    canvas = Canvas(buffer, encrypt="geheim")
    canvas.drawString(72, 700, "Geheime tekst.")
    canvas.save()
    return buffer.getvalue()


def locked_word() -> bytes:
    return archive.OLE_MAGIC + bytes(1016) + "EncryptedPackage".encode("utf-16-le") + bytes(4096)


def old_word() -> bytes:
    return archive.OLE_MAGIC + bytes(504) + b"\xec\xa5\xc1\x00" + bytes(4096)


def zipped(members: dict[str, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as file:
        for name, data in members.items():
            file.writestr(name, data)
    return buffer.getvalue()


def bomb() -> bytes:
    return zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b" " * 20 * 1024 * 1024})


def zip_password(data: bytes) -> bytes:
    """The same zip with every member marked as locked with a password."""
    marked = bytearray(data)
    for magic, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = marked.find(magic)
        while at >= 0:
            marked[at + offset] |= 1
            at = marked.find(magic, at + 1)
    return bytes(marked)


def noise() -> bytes:
    return random.Random(7).randbytes(5000)  # noqa: S311 - any bytes will do


GOOD = {
    "a.txt": TEXT.encode(),
    "a.md": f"# Wegen\n\n{TEXT}".encode(),
    "a.html": HTML.encode(),
    "a.docx": word(),
    "a.odt": open_document(),
    "a.pdf": pdf(),
}
MEDIA_TYPES = {
    ".txt": "text/plain",
    ".md": "text/markdown",
    ".html": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".pdf": "application/pdf",
}


def read_bytes(data: bytes, name: str, folder: Path, **more: object) -> tuple[object, str]:
    """The document and the text of a file with this name and content."""
    (folder / name).write_bytes(data)
    document, blocks = read(folder / name, source=name, **more)  # type: ignore[arg-type]
    return document, "\n".join(block.text for block in blocks)


@pytest.mark.parametrize("name", GOOD)
def test_each_format_is_read(name: str, tmp_path: Path):
    path = tmp_path / name
    path.write_bytes(GOOD[name])
    document, blocks = read(path, source=f"map/{name}")
    text = " ".join(block.text for block in blocks)
    assert "De gemeente onderhoudt de wegen" in text
    assert "elk jaar in het voorjaar" in text
    assert document.source == f"map/{name}"
    assert document.doc_id == hashlib.sha256(f"map/{name}".encode()).hexdigest()[:16]
    assert document.content_hash == hashlib.sha256(GOOD[name]).hexdigest()
    assert document.media_type == MEDIA_TYPES[path.suffix]
    assert document.language == "nl"
    assert document.access == frozenset()
    assert document.pages == (1 if name == "a.pdf" else None)
    assert {block.page for block in blocks} == {1 if name == "a.pdf" else None}


@pytest.mark.parametrize("name", GOOD)
def test_the_case_of_an_extension_does_not_matter_nor_does_leaving_it_out(name: str, tmp_path: Path):
    for other in (name.upper(), "zonder", "Verslag 2.0", "brief v1.2 concept"):
        _, text = read_bytes(GOOD[name], other, tmp_path)
        assert "elk jaar in het voorjaar" in text


def test_the_supported_extensions_are_those_that_are_read():
    assert {Path(name).suffix for name in GOOD} <= SUPPORTED
    assert {".docm", ".htm", ".xhtml", ".markdown"} <= SUPPORTED
    assert not {".doc", ".rtf", ".pptx", ".xlsx", ".csv"} & SUPPORTED


def test_metadata_wins_over_what_the_file_says(tmp_path: Path):
    metadata = Metadata("Wegenplan", "Gemeente", "A. de Vries", "nota", "2023-05", "fy", frozenset({"raad"}))
    document, _ = read_bytes(GOOD["a.html"], "a.html", tmp_path, metadata=metadata)
    for name in Metadata.__dataclass_fields__:
        assert getattr(document, name) == getattr(metadata, name)


@pytest.mark.parametrize(
    ("name", "text", "title"),
    [
        ("x.html", HTML, "Wegen"),
        ("x.md", "# Plan voor de wegen\n\nTekst van het plan.", "Plan voor de wegen"),
        ("2023-05-12_verslag-raad.md", "# Inleiding\n\nTekst van het verslag.", "2023-05-12 verslag raad"),
        ("jaar_plan  wegen.txt", TEXT, "Jaar plan wegen"),
    ],
)
def test_the_title_comes_from_the_file_its_heading_or_its_name(name: str, text: str, title: str, tmp_path: Path):
    document, _ = read_bytes(text.encode(), name, tmp_path)
    assert document.title == title  # type: ignore[attr-defined]


BAD: list[tuple[str, Callable[[], bytes], type[ReadError], str]] = [
    ("leeg.txt", lambda: b"", errors.EmptyFile, "is leeg"),
    ("leeg.pdf", lambda: b"", errors.EmptyFile, "is leeg"),
    ("leeg.docx", lambda: b"", errors.EmptyFile, "is leeg"),
    ("wit.txt", lambda: b" \n\t\n ", errors.EmptyFile, "is leeg"),
    ("wit.html", lambda: b"<html><body><script>x()</script></body></html>", errors.EmptyFile, "is leeg"),
    ("wachtwoord.docx", locked_word, errors.EncryptedFile, "wachtwoord"),
    ("wachtwoord-zip.docx", lambda: zip_password(word()), errors.EncryptedFile, "wachtwoord"),
    ("wachtwoord.pdf", locked_pdf, errors.EncryptedFile, "wachtwoord"),
    ("half.docx", lambda: word()[:-2000], errors.DamagedFile, "is beschadigd"),
    ("half.odt", lambda: open_document()[:3000], errors.DamagedFile, "is beschadigd"),
    ("ruis.pdf", noise, errors.DamagedFile, "is beschadigd"),
    ("ruis.docx", noise, errors.DamagedFile, "is beschadigd"),
    ("zonder-tekst.docx", lambda: zipped({"[Content_Types].xml": b"<Types", "word/document.xml": b"<"}),
     errors.DamagedFile, "is beschadigd"),
    ("ruis.txt", noise, errors.WrongFormat, "geen tekst"),
    ("ruis.html", noise, errors.WrongFormat, "geen tekst"),
    ("word.pdf", word, errors.WrongFormat, "een Word-bestand (.docx)"),
    ("word.odt", word, errors.WrongFormat, "een Word-bestand (.docx)"),
    ("word.txt", word, errors.WrongFormat, "een Word-bestand (.docx)"),
    ("zip.pdf", lambda: zipped({"a.txt": b"a"}), errors.WrongFormat, "een zip-bestand"),
    ("pagina.docx", HTML.encode, errors.WrongFormat, "een webpagina (.html)"),
    ("pagina.txt", HTML.encode, errors.WrongFormat, "een webpagina (.html)"),
    ("tekst.pdf", TEXT.encode, errors.WrongFormat, "gewone tekst"),
    ("oud.docx", old_word, errors.WrongFormat, "een oud Word-bestand (.doc)"),
    ("plaatje.pdf", lambda: b"\x89PNG\r\n\x1a\n" + noise(), errors.WrongFormat, "een afbeelding"),
    ("rtf.docx", lambda: rb"{\rtf1 tekst}", errors.WrongFormat, "een RTF-bestand"),
    ("oud.doc", old_word, errors.UnsupportedFormat, "sla het op als .docx"),
    ("blad.xlsx", lambda: zipped({"xl/a.xml": b""}), errors.UnsupportedFormat, "sla het op als PDF"),
    ("plaatje", lambda: b"\x89PNG\r\n\x1a\n" + noise(), errors.UnsupportedFormat, "een afbeelding"),
    ("gegevens.csv", TEXT.encode, errors.UnsupportedFormat, "een bestand als .csv"),
    ("bom.docx", bomb, errors.FileTooLarge, "te groot"),
]  # fmt: skip


@pytest.mark.parametrize(("name", "content", "kind", "words"), BAD, ids=[case[0] for case in BAD])
def test_a_bad_file_says_what_is_wrong_with_it(
    name: str, content: Callable[[], bytes], kind: type[ReadError], words: str, tmp_path: Path
):
    check_refused(tmp_path / name, content(), kind, words)


def check_refused(
    path: Path, data: bytes | None, kind: type[ReadError], words: str, max_bytes: int = MAX_BYTES
) -> None:
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ReadError) as caught:
        read(path, source=path.name, max_bytes=max_bytes)
    assert type(caught.value) is kind
    assert caught.value.source == path.name
    sentence = explain(caught.value)
    assert path.name in sentence
    assert words in sentence


def test_a_file_over_the_limit_is_not_opened(tmp_path: Path):
    check_refused(tmp_path / "groot.txt", b"a" * 3_000_000, errors.FileTooLarge, "3 MB", max_bytes=1024 * 1024)


@pytest.mark.parametrize(
    ("limit", "value"), [("MAX_MEMBERS", 5), ("MAX_UNPACKED", 1000), ("MAX_XML", 1000)]
)  # fmt: skip
def test_an_archive_over_a_limit_is_not_unpacked(
    limit: str, value: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(archive, limit, value)
    check_refused(tmp_path / "veel.docx", word(), errors.FileTooLarge, "te groot")


def test_a_file_that_is_gone(tmp_path: Path):
    check_refused(tmp_path / "weg.pdf", None, errors.FileUnreachable, "bestaat niet")


def test_a_folder_with_the_name_of_a_file(tmp_path: Path):
    (tmp_path / "map.pdf").mkdir()
    check_refused(tmp_path / "map.pdf", None, errors.FileUnreachable, "is een map")


def test_a_link_to_nothing(tmp_path: Path):
    (tmp_path / "link.pdf").symlink_to(tmp_path / "weg.pdf")
    check_refused(tmp_path / "link.pdf", None, errors.FileUnreachable, "bestaat niet")


def test_a_link_to_itself(tmp_path: Path):
    (tmp_path / "rond.pdf").symlink_to(tmp_path / "rond.pdf")
    check_refused(tmp_path / "rond.pdf", None, errors.FileUnreachable, "naar zichzelf")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this platform has no named pipes")
def test_a_pipe_does_not_keep_the_reader_waiting(tmp_path: Path):
    os.mkfifo(tmp_path / "pijp.txt")
    check_refused(tmp_path / "pijp.txt", None, errors.FileUnreachable, "kan niet worden geopend")


def test_a_file_without_permission(tmp_path: Path):
    path = tmp_path / "dicht.txt"
    path.write_text(TEXT)
    path.chmod(0)
    nobody = 65534
    as_nobody = os.geteuid() == 0  # whoever may read everything, reads it as one who may not
    if as_nobody:
        for folder in (tmp_path, *tmp_path.parents[:2]):
            folder.chmod(0o755)
        os.seteuid(nobody)
    try:
        check_refused(path, None, errors.FileUnreachable, "mag je niet lezen")
    finally:
        if as_nobody:
            os.seteuid(0)


def test_a_link_to_a_file_is_that_file(tmp_path: Path):
    (tmp_path / "echt.txt").write_text(TEXT)
    (tmp_path / "link.txt").symlink_to(tmp_path / "echt.txt")
    assert read(tmp_path / "link.txt", source="link.txt")[1]


MADE_UP = ["", " ", "12", "Titel", "Inleiding", "Document1", "Naamloos 2", "nota.indd", "PowerPoint-presentatie"]


@pytest.mark.parametrize("title", [*MADE_UP, "Microsoft Word - nota.doc"])
def test_titles_that_programs_make_up_are_not_believed(title: str):
    assert sensible_title(title) is None


@pytest.mark.parametrize("author", ["", "python-docx", "Microsoft Office User", "Gebruiker", "admin", "user1"])
def test_authors_that_programs_make_up_are_not_believed(author: str):
    assert sensible_author(author) is None


def test_titles_and_authors_of_people_are_believed():
    assert sensible_title("Brief aan de raad") == "Brief aan de raad"
    assert sensible_title("Rapport wonen 2023") == "Rapport wonen 2023"
    assert sensible_author("Fatima de Vries") == "Fatima de Vries"


damage = st.tuples(st.sampled_from(sorted(GOOD)), st.floats(0, 1), st.floats(0, 1), st.binary(max_size=20))


@settings(max_examples=100, deadline=None)
@given(damage)
def test_damage_anywhere_is_a_read_error_or_no_problem(
    tmp_path_factory: pytest.TempPathFactory, how: tuple[str, float, float, bytes]
):
    name, start, end, junk = how
    data = GOOD[name]
    cut = sorted((int(start * len(data)), int(end * len(data))))
    folder = tmp_path_factory.mktemp("schade")
    (folder / name).write_bytes(data[: cut[0]] + junk + data[cut[1] :])
    with contextlib.suppress(ReadError):  # most damage is refused, some does no harm
        read(folder / name, source=name)
    shutil.rmtree(folder)
