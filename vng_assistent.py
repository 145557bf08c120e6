"""The command `vng-assistent`: reads the settings, puts the parts together, and starts a front end.

Results go to stdout, messages in Dutch to stderr. Exit codes: 0 ok, 1 something failed, 2 wrong use, 3 nothing found.
"""

import io
import json
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from api.errors import ApiError
from assistant.errors import AssistantError, BadQuery, SettingsError
from assistant.settings import Settings
from commands.answers import forget, record
from commands.keys import app as keys
from commands.server import serve
from commands.slack import slack
from composition import (
    assistant_of,
    encoder_of,
    explained,
    language_model_problem,
    limits_of,
    reranker_of,
    server_problems,
    settings_of,
    store_of,
    subject_of,
    thesaurus_of,
)
from eval.errors import EvalError, HarvestError
from ingest.errors import IngestError, NoLibrary, NothingPublished
from integrations.terminal_errors import explain_error, explain_system, explain_usage
from integrations.terminal_help import Command, Group
from slack_parts import slack_problems

if TYPE_CHECKING:
    from ingest.publish import PublishReport

OK, FAILED, WRONG_USE, NOTHING_FOUND = 0, 1, 2, 3
INTERRUPTED = 130  # what typer makes of an interruption

app = typer.Typer(
    cls=Group,
    help="Antwoorden met bronvermelding uit de documenten van je gemeente.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
# Where the output is no terminal, lines are left whole for the program that reads them.
out = Console(soft_wrap=not sys.stdout.isatty())
err = Console(stderr=True, soft_wrap=not sys.stderr.isatty())

DataOption = Annotated[Path | None, typer.Option("--data", help="Map van de bibliotheek.", show_default=False)]
JsonOption = Annotated[bool, typer.Option("--json", help="Geef het resultaat als JSON.")]
QuestionArgument = Annotated[str, typer.Argument(metavar="VRAAG", help="De vraag, tussen aanhalingstekens.")]
TopKOption = Annotated[int, typer.Option("--top-k", min=1, max=100, help="Hoeveel passages je wilt zien.")]


@app.command(cls=Command)
def ingest(
    paths: Annotated[list[Path], typer.Argument(metavar="MAP_OF_BESTAND...", help="Mappen of bestanden.")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> int:
    """Lees documenten in de bibliotheek in, of werk ze bij."""
    from ingest.publish import publish  # noqa: PLC0415 - a command pays only for what it needs

    settings = settings_of(data)
    encoder = encoder_of(settings)
    return _change(
        lambda bar: publish(paths, settings.data, encoder, limits=limits_of(settings), progress=bar), as_json
    )


@app.command(cls=Command)
def documents(data: DataOption = None, as_json: JsonOption = False) -> int:
    """Laat zien welke documenten er in de bibliotheek staan."""
    from api.schemas import DocumentsSchema, document_schema  # noqa: PLC0415
    from ingest.library import Library  # noqa: PLC0415
    from integrations.terminal import show_documents  # noqa: PLC0415

    settings = settings_of(data)
    library = Library.open(settings.data, encoder_of(settings))
    if as_json:
        rows = [document_schema(d, library.passage_counts.get(i, 0)) for i, d in library.documents.items()]
        print(DocumentsSchema(documents=rows).json_text())  # noqa: T201
    else:
        show_documents(out, library.documents, library.passage_counts)
    library.close()
    return OK


@app.command(cls=Command)
def remove(
    source: Annotated[str, typer.Argument(metavar="BESTAND", help="Naam zoals 'documents' die laat zien.")],
    data: DataOption = None,
    as_json: JsonOption = False,
) -> int:
    """Haal een document uit de bibliotheek, zonder sporen achter te laten."""
    from ingest.publish import remove as remove_document  # noqa: PLC0415

    settings = settings_of(data)
    encoder = encoder_of(settings)
    return _change(lambda bar: remove_document(source, settings.data, encoder, progress=bar), as_json)


@app.command(cls=Command)
def rebuild(data: DataOption = None, as_json: JsonOption = False) -> int:
    """Bouw de bibliotheek opnieuw op, bijvoorbeeld na een nieuwe versie van het programma."""
    from ingest.publish import rebuild as rebuild_library  # noqa: PLC0415

    settings = settings_of(data)
    encoder = encoder_of(settings)
    return _change(
        lambda bar: rebuild_library(settings.data, encoder, limits=limits_of(settings), progress=bar), as_json
    )


@app.command(cls=Command)
def verify(data: DataOption = None, as_json: JsonOption = False) -> int:
    """Controleer of de bibliotheek heel is."""
    from api.schemas import VerifySchema  # noqa: PLC0415
    from ingest.library import library_root, published_version  # noqa: PLC0415
    from ingest.verify import check_library  # noqa: PLC0415
    from integrations.terminal import one_line  # noqa: PLC0415

    settings = settings_of(data)
    version = published_version(settings.data)
    problems = check_library(library_root(settings.data) / version, encoder_of(settings))
    if as_json:
        print(VerifySchema(library_version=version, problems=problems).json_text())  # noqa: T201
    elif problems:
        err.print(
            "De bibliotheek is niet heel:", *(f"– {one_line(problem)}" for problem in problems), sep="\n", markup=False
        )
        err.print("Maak haar opnieuw met: vng-assistent rebuild")
    else:
        out.print(f"De bibliotheek is heel (versie {version}).", highlight=False)
    return FAILED if problems else OK


@app.command(cls=Command)
def search(
    question: QuestionArgument, data: DataOption = None, top_k: TopKOption = 10, as_json: JsonOption = False
) -> int:
    """Zoek de passages die bij een vraag horen."""
    from api.schemas import PassagesSchema, passage_schema  # noqa: PLC0415
    from assistant.types import Query  # noqa: PLC0415
    from integrations.terminal import show_passages  # noqa: PLC0415

    settings = settings_of(data)
    passages = assistant_of(settings).search(Query(_clean(question), top_k=top_k, groups=settings.groups))
    if as_json:
        print(PassagesSchema(passages=[passage_schema(hit) for hit in passages]).json_text())  # noqa: T201
    elif passages:
        show_passages(out, passages)
    else:
        err.print("Niets gevonden.")
    return OK if passages else NOTHING_FOUND


@app.command(cls=Command)
def ask(question: QuestionArgument, data: DataOption = None, as_json: JsonOption = False) -> int:
    """Stel een vraag en krijg een antwoord met bronnen."""
    from api.schemas import answer_schema  # noqa: PLC0415
    from assistant.types import Query, Status  # noqa: PLC0415
    from integrations.terminal import show_answer  # noqa: PLC0415

    settings = settings_of(data)
    answer = assistant_of(settings).ask(Query(_clean(question), groups=settings.groups))
    if as_json:
        print(answer_schema(answer).json_text())  # noqa: T201
    else:
        show_answer(out, answer)
    return NOTHING_FOUND if answer.status is Status.NOT_FOUND else OK


@app.command(cls=Command)
def chat(data: DataOption = None) -> int:
    """Voer een gesprek: stel vragen na elkaar, ook vervolgvragen."""
    from integrations.terminal import show_answer  # noqa: PLC0415
    from integrations.terminal_chat import hold_conversation, read_questions, typed_questions  # noqa: PLC0415

    assistant = assistant_of(settings_of(data))
    lines = typed_questions(out) if sys.stdin.isatty() else read_questions(sys.stdin, out)
    questions = (_clean(line) for line in lines)
    answered = hold_conversation(questions, assistant.ask, lambda answer: show_answer(out, answer), explain_error, err)
    return OK if answered else NOTHING_FOUND


@app.command(cls=Command)
def evaluate(
    topics: Annotated[Path, typer.Argument(metavar="VRAGEN", help="Bestand met vragen: .jsonl, .csv of .xlsx.")],
    *,
    data: DataOption = None,
    check: Annotated[bool, typer.Option("--check", help="Controleer alleen of de vragen kloppen.")] = False,
    gates: Annotated[Path | None, typer.Option("--gates", help="Bestand met eisen (TOML).")] = None,
    baseline: Annotated[Path | None, typer.Option("--baseline", help="Eerdere evaluatie, ter vergelijking.")] = None,
    report: Annotated[Path | None, typer.Option("--report", help="Map waarin de rapporten komen.")] = None,
    history: Annotated[Path | None, typer.Option("--history", help="Bestand dat elke evaluatie onthoudt.")] = None,
    judge: Annotated[bool, typer.Option("--judge", help="Vraag ook het taalmodel wat het ervan vindt.")] = False,
    save_as: Annotated[Path | None, typer.Option("--save-as", help="Bewaar de vragen als dit bestand.")] = None,
    as_json: JsonOption = False,
) -> int:
    """Meet hoe goed de antwoorden zijn, met vragen waarvan het antwoord bekend is."""
    from eval.evaluate import Files, evaluate_files  # noqa: PLC0415
    from eval.records import evaluation_text  # noqa: PLC0415
    from eval.report.terminal import show_evaluation  # noqa: PLC0415
    from eval.spreadsheet import read_any, write_any  # noqa: PLC0415
    from ingest.library import Library  # noqa: PLC0415
    from integrations.terminal import progress_bar  # noqa: PLC0415

    settings = settings_of(data)
    if save_as:
        write_any(save_as, read_any(topics))
        return OK
    if check:
        return _check_topics(topics, settings)
    if judge and not settings.llm:
        raise SettingsError(("VNG_LLM: --judge heeft een taalmodel nodig. Stel er een in, of laat --judge weg.",))
    library = Library.open(settings.data, encoder_of(settings))
    try:
        with progress_bar(err) as bar:
            verdict = evaluate_files(
                Files(topics, gates, baseline, report, history),
                library,
                partial(subject_of, settings, judge),
                data=settings.data,
                settings=settings.shown(),
                workers=settings.workers,
                judged=judge,
                progress=partial(bar, "evaluate"),
            )
    finally:
        library.close()
    show_evaluation(err if as_json else out, verdict.evaluation, verdict.comparison, verdict.checked)
    if as_json:
        print(evaluation_text(verdict.evaluation), end="")  # noqa: T201
    return OK if verdict.passed else FAILED


@app.command(cls=Command)
def harvest(
    answers: Annotated[Path | None, typer.Argument(metavar="[ANTWOORDEN]", help="Anders uit de database.")] = None,
    *,
    save_as: Annotated[Path, typer.Option("--save-as", help="Waar de vragen komen om aan te vullen (.jsonl).")],
    topics: Annotated[
        Path | None, typer.Option("--topics", help="Vragen die er al zijn; die komen er niet bij.")
    ] = None,
    data: DataOption = None,
) -> int:
    """Maak vragen om mee te meten uit wat mensen vroegen en niet vonden, zonder persoonsgegevens."""
    from eval.harvest import candidates, candidates_text, exchanges_of, read_exchanges  # noqa: PLC0415
    from eval.messages import explain  # noqa: PLC0415
    from eval.spreadsheet import read_any  # noqa: PLC0415

    if answers:
        reading = read_exchanges(answers)
    else:
        with store_of(settings_of(data)) as store:
            reading = exchanges_of(map(json.dumps, store.exchanges()), "de database")
    found = candidates(reading.exchanges, read_any(topics) if topics else ())
    save_as.write_text(candidates_text(found), encoding="utf-8")
    said = "1 vraag" if len(found) == 1 else f"{len(found)} vragen"
    out.print(f"{said} om aan te vullen in {save_as}.", markup=False, highlight=False)
    if reading.problems:
        error = HarvestError(answers.name if answers else "de database", reading.problems)
        err.print(explain(error), markup=False, highlight=False, soft_wrap=True)
    return FAILED if reading.problems else OK


app.command(cls=Command)(serve)
app.command(cls=Command)(slack)
app.command(cls=Command)(forget)
app.command(cls=Command)(record)
app.add_typer(keys, name="keys")


@app.command(cls=Command)
def doctor(data: DataOption = None) -> int:
    """Laat de instellingen zien en wat er niet goed aan is."""
    from integrations.terminal import show_doctor  # noqa: PLC0415

    settings = settings_of(data)
    problems: list[str] = []
    version = "nog geen bibliotheek"
    try:
        from ingest.library import Library  # noqa: PLC0415

        library = Library.open(settings.data, encoder_of(settings))
        version = f"{library.manifest.library_version}, {library.manifest.documents} documenten"
        library.close()
    except NoLibrary:
        pass
    except (IngestError, SettingsError) as error:
        problems.append(explain_error(error))
    for check in (thesaurus_of, reranker_of):
        try:
            check(settings)
        except IngestError as error:
            problems.append(explain_error(error))
    problems += server_problems(settings) + slack_problems(settings)
    if problem := language_model_problem(settings):
        problems.append(problem)
    elif settings.llm:
        out.print(f"Het taalmodel {settings.llm_model} op {settings.llm_url} antwoordt.", markup=False, highlight=False)
    show_doctor(out, settings, version, problems)
    return FAILED if problems else OK


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command and leave with its exit code; every error becomes one clear line in Dutch."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that lacks a character still shows the rest
    usage_error: Any = typer.BadParameter.__mro__[1]
    try:
        code = app(arguments, standalone_mode=False) or OK
        if code == INTERRUPTED:
            raise KeyboardInterrupt  # which typer has caught
        sys.exit(code)
    except usage_error as error:
        err.print(explain_usage(error), "Hulp: vng-assistent --help", sep="\n", markup=False, highlight=False)
        sys.exit(WRONG_USE)
    except BadQuery as error:
        err.print(explain_error(error), markup=False, highlight=False)
        sys.exit(WRONG_USE)
    except (ApiError, EvalError, AssistantError, IngestError) as error:
        err.print(explained(error), markup=False, highlight=False, soft_wrap=True)
        sys.exit(FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read the output has seen enough
        sys.exit(OK)
    except OSError as error:
        err.print(explain_system(error), markup=False, highlight=False, soft_wrap=True)
        sys.exit(FAILED)
    except (KeyboardInterrupt, typer.Abort):
        err.print("Gestopt. Wat klaar was, is er nog; met hetzelfde commando ga je verder.")
        sys.exit(FAILED)


def _clean(question: str) -> str:
    """The question with bytes that are no text shown as such: a shell passes on whatever was typed."""
    return os.fsencode(question).decode("utf-8", "replace")


def _check_topics(path: Path, settings: Settings) -> int:
    """Tell what is wrong with questions, held against the library where there is one."""
    from eval.evaluate import check_topics  # noqa: PLC0415
    from eval.messages import problem_text  # noqa: PLC0415
    from eval.report.terminal import show_check  # noqa: PLC0415
    from ingest.library import Library  # noqa: PLC0415

    try:
        library = Library.open(settings.data, encoder_of(settings))
    except NoLibrary:
        library = None
    problems, hints = check_topics(path, library)
    show_check(
        out, err, [problem_text(one) for one in (*problems, *hints)], sound=not problems, held=library is not None
    )
    return FAILED if problems else OK


def _change(work: Callable[[Any], "PublishReport"], as_json: bool) -> int:
    """Run a change of the library with a progress bar, and report on it."""
    from api.schemas import publish_schema  # noqa: PLC0415
    from integrations.terminal import progress_bar, show_files, show_report  # noqa: PLC0415

    try:
        with progress_bar(err) as bar:
            report = work(bar)
    except NothingPublished as error:
        show_files(err, error.files)
        raise
    if as_json:
        print(publish_schema(report).json_text())  # noqa: T201
    else:
        show_report(out, report)
    return FAILED if any(file.outcome == "failed" for file in report.files) else OK


if __name__ == "__main__":
    main()
