"""A paper as a Word file (Office Open XML): real headings, lists and footnotes, so that it can be worked on further.

It is written part by part. python-docx knows no footnotes and starts from a template with English names and another's
properties; the tests open what is written here with it.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC
from functools import cache
from pathlib import Path

from api.export.paper import Block, Inline, Mark, Paper, Run, clean, one_line
from api.export.xml import Xml, element, package, root, text

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_PARTS = Path(__file__).parent / "parts" / "word"
_FIXED = {
    "[Content_Types].xml": "content_types.xml",
    "_rels/.rels": "rels.xml",
    "docProps/app.xml": "app.xml",
    "word/styles.xml": "styles.xml",
    "word/numbering.xml": "numbering.xml",
    "word/settings.xml": "settings.xml",
}
_MAIN = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_NAMESPACES = {"w": _MAIN, "r": _RELATED}
_STYLES = {"text": "Normal", "item": "ListBullet", "warning": "Waarschuwing", "message": "Melding", "fact": "Gegevens"}
_BREAKS = re.compile("[\n\t]")
_LANGUAGES = {"nl": "nl-NL", "en": "en-GB"}
_FIRST_NOTE = 1  # below it are the two lines between text and notes


def word_file(paper: Paper) -> bytes:
    """The paper as the bytes of a .docx file; the same for the same paper."""
    links = sorted({one.link for block in _blocks(paper) for one in block.inlines if isinstance(one, Run) and one.link})
    ids = {link: f"link{at}" for at, link in enumerate(links, 1)}
    files = {name: _fixed(source) for name, source in _FIXED.items()}
    files["docProps/core.xml"] = _properties(paper)
    files["word/_rels/document.xml.rels"] = _relationships(ids)
    files["word/document.xml"] = _document(paper, ids)
    files["word/footnotes.xml"] = _footnotes(paper.notes)
    files["word/footer1.xml"] = _footer(paper)
    return package(files)


def _blocks(paper: Paper) -> Iterator[Block]:
    for section in paper.sections:
        yield from section.blocks


@cache
def _fixed(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


def _document(paper: Paper, links: dict[str, str]) -> str:
    paragraphs = [
        _paragraph("Title", (Run(paper.title, paper.title_language),), links),
        _paragraph("Subtitle", (Run(paper.subtitle),), links),
    ]
    for section in paper.sections:
        paragraphs.append(_paragraph("Heading1", (Run(section.heading),), links))
        paragraphs += [_paragraph(_STYLES[block.kind], block.inlines, links) for block in section.blocks]
    page = element(
        "w:sectPr",
        element("w:footerReference", w__type="default", r__id="footer"),
        element("w:pgSz", w__w="11906", w__h="16838"),
        element(
            "w:pgMar", w__top="1418", w__right="1418", w__bottom="1418", w__left="1418", w__header="709",
            w__footer="709", w__gutter="0",
        ),
    )  # fmt: skip
    return root("w:document", _NAMESPACES, element("w:body", *paragraphs, page))


def _paragraph(style: str, inlines: Sequence[Inline], links: dict[str, str]) -> Xml:
    pieces = [element("w:pPr", element("w:pStyle", w__val=style))]
    after_mark = False
    for one in inlines:
        if isinstance(one, Mark):
            if after_mark:
                pieces.append(_reference(element("w:t", text(","))))  # or 1 and 2 would read as 12
            pieces.append(_reference(element("w:footnoteReference", w__id=str(_FIRST_NOTE + one.note))))
        elif one.link:
            pieces.append(element("w:hyperlink", _run(one), r__id=links[one.link], w__history="1"))
        else:
            pieces.append(_run(one))
        after_mark = isinstance(one, Mark)
    return element("w:p", *pieces)


def _reference(inner: Xml) -> Xml:
    return element("w:r", element("w:rPr", element("w:rStyle", w__val="FootnoteReference")), inner)


def _run(run: Run) -> Xml:
    style = "Hyperlink" if run.link else "Citaat" if run.quote else ""
    marked = [element("w:rStyle", w__val=style)] if style else []
    if run.strong:
        marked += [element("w:b"), element("w:bCs")]
    marked.append(element("w:lang", w__val=_LANGUAGES.get(run.language, "nl-NL")))
    return element("w:r", element("w:rPr", *marked), *_text(run.text))


def _text(value: str) -> Iterator[Xml]:
    """The text in elements; in Word a line end and a tab are elements of their own."""
    value = clean(value)
    start = 0
    for found in _BREAKS.finditer(value):
        yield from _piece(value[start : found.start()])
        yield element("w:br" if found[0] == "\n" else "w:tab")
        start = found.end()
    yield from _piece(value[start:])


def _piece(value: str) -> Iterator[Xml]:
    if value:
        yield element("w:t", text(value), xml__space="preserve")


def _footnotes(notes: Sequence[Sequence[Run]]) -> str:
    made = [_line("separator", -1), _line("continuationSeparator", 0)]
    for at, note in enumerate(notes, _FIRST_NOTE):
        space = element("w:r", element("w:t", text(" "), xml__space="preserve"))
        pieces = [
            element("w:pPr", element("w:pStyle", w__val="FootnoteText")),
            _reference(element("w:footnoteRef")),
            space,
            *map(_run, note),
        ]
        made.append(element("w:footnote", element("w:p", *pieces), w__id=str(at)))
    return root("w:footnotes", _NAMESPACES, *made)


def _line(kind: str, number: int) -> Xml:
    """The line that stands between the text and the notes below it."""
    spacing = element("w:spacing", w__after="0", w__line="240", w__lineRule="auto")
    line = element("w:p", element("w:pPr", spacing), element("w:r", element(f"w:{kind}")))
    return element("w:footnote", line, w__type=kind, w__id=str(number))


def _footer(paper: Paper) -> str:
    """The line below every page; the only fields in the file are its page numbers."""
    pieces = [
        element("w:pPr", element("w:pStyle", w__val="Footer")),
        _run(Run(paper.subtitle)),
        element("w:r", element("w:tab")),
        _run(Run("Pagina ")),
        element("w:fldSimple", _run(Run("1")), w__instr=" PAGE "),
        _run(Run(" van ")),
        element("w:fldSimple", _run(Run("1")), w__instr=" NUMPAGES "),
    ]
    return root("w:ftr", _NAMESPACES, element("w:p", *pieces))


def _relationships(links: dict[str, str]) -> str:
    parts = {"styles": "styles", "numbering": "numbering", "settings": "settings", "footnotes": "footnotes"}
    made = [
        element("Relationship", Id=name, Type=f"{_RELATED}/{kind}", Target=f"{kind}.xml")
        for name, kind in parts.items()
    ]
    made.append(element("Relationship", Id="footer", Type=f"{_RELATED}/footer", Target="footer1.xml"))
    made += [
        element("Relationship", Id=name, Type=f"{_RELATED}/hyperlink", Target=one_line(link), TargetMode="External")
        for link, name in links.items()
    ]
    return root("Relationships", {}, *made, xmlns="http://schemas.openxmlformats.org/package/2006/relationships")


def _properties(paper: Paper) -> str:
    moment = text(paper.asked.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    namespaces = {
        "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
        "dc": "http://purl.org/dc/elements/1.1/",
        "dcterms": "http://purl.org/dc/terms/",
        "xsi": "http://www.w3.org/2001/XMLSchema-instance",
    }
    return root(
        "cp:coreProperties",
        namespaces,
        element("dc:title", text(paper.title)),
        element("dc:creator", text(paper.maker)),
        element("cp:lastModifiedBy", text(paper.maker)),
        element("dcterms:created", moment, xsi__type="dcterms:W3CDTF"),
        element("dcterms:modified", moment, xsi__type="dcterms:W3CDTF"),
        element("dc:language", text(paper.language)),
    )
