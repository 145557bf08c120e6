"""A paper as an OpenDocument text: real headings, lists and footnotes, so that it can be worked on further.

It is written part by part, as the Word file is; the tests open what is written here with odfdo.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import UTC
from functools import cache
from pathlib import Path

from api.export.paper import Block, Inline, Mark, Paper, Run, clean, one_line
from api.export.xml import Xml, element, package, root, text

MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_PARTS = Path(__file__).parent / "parts" / "odt"
_NAMES = "urn:oasis:names:tc:opendocument:xmlns:"
_NAMESPACES = {
    "office": f"{_NAMES}office:1.0",
    "text": f"{_NAMES}text:1.0",
    "style": f"{_NAMES}style:1.0",
    "fo": f"{_NAMES}xsl-fo-compatible:1.0",
    "meta": f"{_NAMES}meta:1.0",
    "xlink": "http://www.w3.org/1999/xlink",
    "dc": "http://purl.org/dc/elements/1.1/",
}
_STYLES = {"text": "Text_20_body", "warning": "Waarschuwing", "message": "Melding", "fact": "Gegevens"}
_COUNTRIES = {"nl": "NL", "en": "GB"}
# White space that a reader of OpenDocument would leave out, or read as another.
_SPACES = re.compile("\n|\t|^ | $|(?<= ) +")
_RunStyle = tuple[str, bool]  # language and weight


def odt_file(paper: Paper) -> bytes:
    """The paper as the bytes of an .odt file; the same for the same paper."""
    files = {
        "mimetype": MEDIA_TYPE,
        "META-INF/manifest.xml": _fixed("manifest.xml"),
        "styles.xml": _fixed("styles.xml").replace("{footer}", text(paper.subtitle)),
        "meta.xml": _meta(paper),
        "content.xml": _content(paper),
    }
    return package(files, first="mimetype")


@cache
def _fixed(name: str) -> str:
    return (_PARTS / name).read_text(encoding="utf-8")


def _content(paper: Paper) -> str:
    written: list[Xml] = [
        element("text:p", *_inline(Run(paper.title, paper.title_language), paper), text__style_name="Title"),
        element("text:p", *_inline(Run(paper.subtitle), paper), text__style_name="Subtitle"),
    ]
    for section in paper.sections:
        heading = _text(section.heading)
        written.append(element("text:h", *heading, text__style_name="Heading_20_1", text__outline_level="1"))
        written += _written(section.blocks, paper)
    styles = [_run_style(language, strong) for language in _COUNTRIES for strong in (False, True)]
    return root(
        "office:document-content",
        _NAMESPACES,
        element("office:automatic-styles", *styles),
        element("office:body", element("office:text", *written)),
        office__version="1.3",
    )


def _run_style(language: str, strong: bool) -> Xml:
    weight = {"fo__font_weight": "bold"} if strong else {}
    properties = element("style:text-properties", fo__language=language, fo__country=_COUNTRIES[language], **weight)
    return element("style:style", properties, style__name=_style_name(language, strong), style__family="text")


def _style_name(language: str, strong: bool) -> str:
    return f"{language if language in _COUNTRIES else 'nl'}{'-vet' if strong else ''}"


def _written(blocks: Sequence[Block], paper: Paper) -> Iterator[Xml]:
    """The paragraphs, those of a list together in one."""
    items: list[Xml] = []
    for block in blocks:
        if block.kind == "item":
            line = element("text:p", *_inlines(block.inlines, paper), text__style_name="Lijst")
            items.append(element("text:list-item", line))
            continue
        if items:
            yield element("text:list", *items, text__style_name="Opsomming")
            items = []
        yield element("text:p", *_inlines(block.inlines, paper), text__style_name=_STYLES[block.kind])
    if items:
        yield element("text:list", *items, text__style_name="Opsomming")


def _inlines(inlines: Sequence[Inline], paper: Paper) -> Iterator[Xml]:
    after_mark = False
    for one in inlines:
        if after_mark and isinstance(one, Mark):
            # Or 1 and 2 would read as 12.
            yield element("text:span", text(","), text__style_name="Footnote_20_anchor")
        yield from _inline(one, paper)
        after_mark = isinstance(one, Mark)


def _inline(one: Inline, paper: Paper) -> Iterator[Xml]:
    if isinstance(one, Mark):
        yield _note(one.note, paper)
        return
    span = element("text:span", *_text(one.text), text__style_name=_style_name(one.language, one.strong))
    if one.link:
        yield element("text:a", span, xlink__type="simple", xlink__href=one_line(one.link))
    elif one.quote:
        yield element("text:span", span, text__style_name="Citaat")
    else:
        yield span


def _note(note: int, paper: Paper) -> Xml:
    line = [piece for run in paper.notes[note] for piece in _inline(run, paper)]
    return element(
        "text:note",
        element("text:note-citation", text(str(note + 1))),
        element("text:note-body", element("text:p", *line, text__style_name="Footnote")),
        text__id=f"noot{note + 1}",
        text__note_class="footnote",
    )


def _text(value: str) -> Iterator[Xml]:
    """The text in pieces; line ends, tabs and spaces that would get lost are elements of their own."""
    value = clean(value)
    start = 0
    for found in _SPACES.finditer(value):
        if found.start() > start:
            yield text(value[start : found.start()])
        if found[0] == "\n":
            yield element("text:line-break")
        elif found[0] == "\t":
            yield element("text:tab")
        else:
            yield element("text:s", text__c=str(len(found[0])))
        start = found.end()
    if start < len(value):
        yield text(value[start:])


def _meta(paper: Paper) -> str:
    moment = text(paper.asked.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    properties = element(
        "office:meta",
        element("meta:generator", text("VNG-assistent")),
        element("dc:title", text(paper.title)),
        element("dc:language", text(paper.language)),
        element("meta:initial-creator", text(paper.maker)),
        element("dc:creator", text(paper.maker)),
        element("meta:creation-date", moment),
        element("dc:date", moment),
    )
    return root("office:document-meta", _NAMESPACES, properties, office__version="1.3")
