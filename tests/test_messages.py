from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest import errors
from ingest.errors import IngestError, ReadError
from ingest.messages import explain

NAME = "map/verslag raad.pdf"
LIBRARY_ERRORS: list[tuple[IngestError, str]] = [
    (errors.MetadataError("map/bronnen.toml", "syntax: Expected '=': 12"), "map/bronnen.toml"),
    (errors.NoLibrary("mijn/data"), "mijn/data"),
    (errors.CatalogueLost("mijn/data"), "mijn/data"),
    (errors.NothingPublished(()), "bestanden"),
    (errors.LibraryDamaged("v12", ("een", "twee")), "v12"),
    (errors.LibraryMismatch("encoder", "model-a", "model-b"), "zoekmodel"),
    (errors.PublisherBusy("pc-7:123", 300.0), "pc-7:123"),
    (errors.UnknownSource(NAME), NAME),
    (errors.EncoderError("model-a", "OSError: no such file"), "model-a"),
    (errors.ThesaurusError("eigen.txt", 7, "wonen"), "regel 7"),
    (errors.ThesaurusError("/thesaurus", 0, "there is no such directory"), "/thesaurus"),
]


def kinds_of(kind: type[IngestError]) -> Iterator[type[IngestError]]:
    """The concrete error classes of the tree: those that nothing is derived from."""
    below = kind.__subclasses__()
    if not below:
        yield kind
    for one in below:
        yield from kinds_of(one)


def read_errors(detail: str) -> list[tuple[IngestError, str]]:
    return [(kind(NAME, detail), NAME) for kind in ReadError.__subclasses__()]


def test_every_kind_of_error_is_tried_here():
    tried = {type(error) for error, _ in [*LIBRARY_ERRORS, *read_errors("")]}
    assert tried == set(kinds_of(IngestError))


@pytest.mark.parametrize(
    ("error", "name"), [*LIBRARY_ERRORS, *read_errors(""), *read_errors("12"), *read_errors("pdf")]
)
def test_a_message_names_what_it_is_about_and_ends_with_a_full_stop(error: IngestError, name: str):
    message = explain(error)
    assert name in message
    assert message.endswith(".")
    assert "\n" not in message
    assert "{" not in message
    assert len(message) < 300


def test_every_kind_of_error_has_a_message_of_its_own():
    messages = [explain(error) for error, _ in [*LIBRARY_ERRORS, *read_errors("")]]
    assert len(set(messages)) == len(messages)


@pytest.mark.parametrize(
    ("error", "part"),
    [
        (errors.WrongFormat("a.pdf", "docx"), "het is een Word-bestand (.docx)"),
        (errors.WrongFormat("a.pdf", "iets nieuws"), "het is iets anders"),
        (errors.UnsupportedFormat("a.doc", ".doc"), "sla het op als .docx"),
        (errors.UnsupportedFormat("a.jpg", ".jpg"), "een bestand als .jpg"),
        (errors.UnsupportedFormat("a", "image"), "een afbeelding"),
        (errors.NoTextLayer("a.pdf", "1"), "(1 bladzijde)"),
        (errors.NoTextLayer("a.pdf", "30"), "(30 bladzijden)"),
        (errors.FileTooLarge("a.pdf", "312 MB > 200 MB"), "312 MB, en het mag 200 MB zijn"),
        (errors.FileTooLarge("a.docx", "20000 > 10000 parts"), "te groot om te lezen."),
        (errors.FileUnreachable("a.pdf", "No such file or directory"), "bestaat niet"),
        (errors.FileUnreachable("a.pdf", "Permission denied"), "mag je niet lezen"),
        (errors.FileUnreachable("a.pdf", "the dog ate it"), "kan niet worden geopend"),
        (errors.ReadTimeout("a.pdf", "60"), "langer dan 60 seconden"),
        (errors.MetadataError("bronnen.toml", "syntax: Expected '=' after a key: 12"), "regel 12"),
        (errors.MetadataError("bronnen.toml", "unknown key: titel: a.pdf"), 'bij "a.pdf" het onbekende woord "titel"'),
        (errors.MetadataError("bronnen.toml", "wrong type: access: a.pdf"), '["directie"]'),
        (errors.MetadataError("bronnen.toml", "something else"), "kan niet worden gebruikt"),
        (errors.PublisherBusy("pc", 40.0), "al 40 seconden"),
        (errors.LibraryMismatch("analyser", "1", "2"), "een andere taalanalyse (1) dan nu is ingesteld (2)"),
    ],
)
def test_a_message_says_what_is_known(error: IngestError, part: str):
    assert part in explain(error)


def test_what_a_parser_said_is_not_shown():
    error = errors.DamagedFile("a.docx", "KeyError: 'no item named word/document.xml'")
    assert "KeyError" not in explain(error)


def test_an_error_without_a_sentence_of_its_own_gets_that_of_its_kind():
    assert explain(ReadError("a.pdf")) == "a.pdf kan niet worden gelezen. Kijk of het bestand zelf opent."
    assert explain(errors.LibraryError()).endswith(".")
    assert explain(IngestError()).endswith(".")


@given(st.sampled_from(ReadError.__subclasses__()), st.text(max_size=60), st.text(max_size=60))
def test_no_name_and_no_detail_can_break_the_line(kind: type[ReadError], name: str, detail: str):
    message = explain(kind(f"a{name}.pdf", detail))
    assert message.isprintable()
    assert message.endswith(".")
