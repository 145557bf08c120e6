"""Answers, passages, documents and reports as a person reads them in a terminal, in Dutch.

What stands in documents and their names is shown as it is: never as markup, and without what a terminal obeys.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console, Group
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text

from assistant.dates import written_date
from assistant.messages import (
    explain_reason,
    generated_by_text,
    heading_text,
    level_text,
    message_text,
    partial_text,
    read_as_text,
)
from assistant.settings import Settings
from assistant.types import Answer, Citation, Language, Level, ScoredPassage, Status
from ingest.errors import IngestError
from ingest.messages import explain
from ingest.publish import PublishReport
from ingest.types import Document, FileReport, Passage

STAGES = {
    "read": "Bestanden lezen",
    "encode": "Betekenis vastleggen",
    "lexical": "Woorden indexeren",
    "dense": "Betekenis indexeren",
    "verify": "Controleren",
    "evaluate": "Vragen stellen",
}
OUTCOMES = {
    "added": "toegevoegd",
    "changed": "gewijzigd",
    "unchanged": "ongewijzigd",
    "removed": "verwijderd",
    "missing": "bestand is weg",
    "skipped": "overgeslagen",
    "failed": "niet gelezen",
}
LEVEL_STYLES = {Level.HIGH: "green", Level.MEDIUM: "yellow", Level.LOW: "red"}
SHOWN_WORDS = 45  # of a passage in a list of search results
# Control characters but the line end, half surrogate pairs, and marks that turn the direction of what follows.
UNSHOWN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]")


def show_answer(console: Console, answer: Answer) -> None:
    """Print an answer with its sources, or what there is to say where the documents do not hold it."""
    if answer.standalone_query != answer.query.text and answer.reply is None:
        said = read_as_text(one_line(answer.standalone_query), answer.language)
        console.print(Text(said, style="dim"), highlight=False)
        console.print()
    if answer.statements:
        _show_statements(console, answer)
    else:
        console.print(Text(shown(message_text(answer)), style="bold"), highlight=False)
    _show_nearest(console, answer)
    _show_questions(console, answer)


def show_passages(console: Console, passages: list[ScoredPassage]) -> None:
    """Print search results, best first."""
    for hit in passages:
        console.print(Text.assemble((f"{hit.rank}. ", "bold cyan"), _passage_line(hit)), highlight=False)
        words = hit.passage.text.split()
        text = " ".join(words[:SHOWN_WORDS]) + (" …" if len(words) > SHOWN_WORDS else "")
        console.print(Padding(Text(one_line(text)), (0, 0, 1, 3)), highlight=False)


def show_documents(console: Console, documents: Mapping[str, Document], passages: Mapping[str, int]) -> None:
    """Print the documents of a library, each with its title and what is known of it."""
    for doc_id, document in documents.items():
        facts = [
            document.publisher,
            written_date(document.issued) if document.issued else None,
            _plural(document.pages, "pagina", "pagina's") if document.pages else None,
            _plural(passages.get(doc_id, 0), "passage", "passages"),
        ]
        console.print(Text(one_line(document.source), style="bold"), highlight=False)
        console.print(Padding(Text(one_line(document.title), style="italic"), (0, 0, 0, 2)), highlight=False)
        said = one_line(" · ".join(fact for fact in facts if fact))
        console.print(Padding(Text(said), (0, 0, 0, 2)), highlight=False)
    console.print(f"{_plural(len(documents), 'document', 'documenten')} in de bibliotheek.", highlight=False)


def show_report(console: Console, report: PublishReport) -> None:
    """Print what a publish did: a line for each file with news, and a sum."""
    show_files(console, report.files)
    counts = {outcome: sum(file.outcome == outcome for file in report.files) for outcome in OUTCOMES}
    said = ", ".join(f"{count} {OUTCOMES[outcome]}" for outcome, count in counts.items() if count)
    manifest = report.manifest
    nothing = "Opnieuw opgebouwd" if report.published else "Niets te doen"
    console.print(
        f"{said or nothing}. De bibliotheek heeft nu {_plural(manifest.documents, 'document', 'documenten')} "
        f"en {_plural(manifest.passages, 'passage', 'passages')}.",
        highlight=False,
    )
    if counts["missing"]:
        console.print(
            "Een document waarvan het bestand weg is, blijft in de bibliotheek. "
            "Weghalen kan met: vng-assistent remove BESTAND",
            highlight=False,
        )


def show_files(console: Console, files: Sequence[FileReport]) -> None:
    """Print a line for each file with news."""
    for file in files:
        if file.outcome != "unchanged":
            console.print(_file_line(file), highlight=False, soft_wrap=True)


@contextmanager
def progress_bar(console: Console) -> Iterator["ProgressBar"]:
    """A Progress for `publish` that draws a bar a stage; nothing is drawn where the output is no terminal."""
    with Progress(
        TextColumn("{task.description:<22}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=console,
        transient=True,
        disable=not console.is_terminal,
    ) as bars:
        yield ProgressBar(bars)


class ProgressBar:
    """Passes on how far a publish is to bars on the screen."""

    def __init__(self, bars: Progress) -> None:
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Move the bar of this stage."""
        if stage not in self._tasks:
            self._tasks[stage] = self._bars.add_task(STAGES[stage], total=total)
        self._bars.update(self._tasks[stage], completed=done, total=total)


def shown(text: str) -> str:
    """The text with "�" for every character that a terminal would obey instead of show."""
    return UNSHOWN.sub(lambda found: " " if found[0].isspace() else "�", text)


def one_line(text: str) -> str:
    """The text as `shown`, without line ends: a title cannot pass for a line of ours."""
    return " ".join(shown(text).split())


def section_text(passage: Passage, document: Document) -> str:
    """The nearest headings above a passage; the document's own title is not one of them."""
    return " › ".join([heading for heading in passage.section if heading != document.title][-2:])


def page_text(page: int | None, label: str | None) -> str:
    """Where a quote stands: "p. 12", with the page of the file when another number is printed on it."""
    if page is None:
        return ""
    return f"p. {page}" if label in (None, "", str(page)) else f"p. {label} (pagina {page} van het bestand)"


def _show_statements(console: Console, answer: Answer) -> None:
    for statement in answer.statements:
        markers = "".join(f" [{number}]" for number in statement.citations)
        console.print(Text.assemble(shown(statement.text), (markers, "bold cyan")), highlight=False)
        console.print()
    for line in _notes(answer):
        console.print(line, highlight=False)
    console.print()
    console.print(Text(heading_text("sources", answer.language), style="bold"))
    for citation in answer.citations:
        console.print(
            Text.assemble((f"[{citation.number}] ", "bold cyan"), _source_line(citation, answer.language)),
            highlight=False,
        )


def _notes(answer: Answer) -> Iterator[Text]:
    """What is said about the statements: whether they are all, how sure they are, and what wrote them."""
    if answer.status is Status.PARTIAL:
        yield Text(partial_text(answer.language))
    yield Text(level_text(answer.level, answer.language), style=LEVEL_STYLES[answer.level])
    if made := generated_by_text(answer.generation, answer.language):
        yield Text(one_line(made), style="dim")


def _show_nearest(console: Console, answer: Answer) -> None:
    if not answer.suggestions:
        return
    console.print(f"\n{heading_text('nearest', answer.language)}", highlight=False)
    for suggestion in answer.suggestions:
        console.print(Padding(Text.assemble("– ", _passage_line(suggestion.passage)), (0, 0, 0, 2)), highlight=False)
        reason = one_line(explain_reason(suggestion, answer.language))
        console.print(Padding(Text(reason), (0, 0, 0, 4)), highlight=False)


def _show_questions(console: Console, answer: Answer) -> None:
    if not answer.questions:
        return
    console.print(f"\n{heading_text('questions', answer.language)}", highlight=False)
    for question in answer.questions:
        console.print(Padding(Text(f"– {one_line(question)}"), (0, 0, 0, 2)), highlight=False)


def _source_line(citation: Citation, language: Language) -> Text:
    document = citation.document
    facts = [document.publisher, written_date(document.issued, language) if document.issued else None]
    parts = [
        ", ".join(fact for fact in facts if fact),
        section_text(citation.passage, document),
        page_text(citation.page, citation.page_label),
    ]
    said = "".join(f" · {one_line(part)}" for part in parts if part)
    return Text.assemble((one_line(document.title), "italic"), said)


def _passage_line(hit: ScoredPassage) -> Text:
    section = section_text(hit.passage, hit.document)
    where = page_text(hit.passage.first_page, None)
    said = "".join(f" · {one_line(part)}" for part in (section, where) if part)
    return Text.assemble((one_line(hit.document.title), "italic"), said)


def _file_line(file: FileReport) -> Group | Text:
    good = file.outcome in ("added", "changed", "removed")
    mark = ("✓ ", "green") if good else ("– ", "yellow") if file.outcome != "failed" else ("✗ ", "red")
    if isinstance(file.error, IngestError):
        return Text.assemble(mark, one_line(explain(file.error)))
    extra = f" ({_plural(file.passages, 'passage', 'passages')})" if file.passages else ""
    return Text.assemble(mark, one_line(file.source), f": {OUTCOMES[file.outcome]}{extra}")


def _plural(count: int, one: str, more: str) -> str:
    return f"{count} {one if count == 1 else more}"


def show_doctor(console: Console, settings: Settings, library: str, problems: Sequence[str]) -> None:
    """Print the settings in force, the state of the library, and what is wrong."""
    table = Table("Instelling", "Waarde", "Betekenis", box=None, header_style="bold")
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        in_force = "(leeg)" if value in (None, "") else one_line(str(value))
        table.add_row(f"VNG_{name.upper()}", Text(in_force), Text(field.description or ""))
    console.print(table)
    console.print(Text(f"\nBibliotheek: {one_line(library)}"), highlight=False)
    for problem in problems:
        console.print(Text(f"✗ {shown(problem)}", style="red"))
    if not problems:
        console.print("Alles in orde.")
