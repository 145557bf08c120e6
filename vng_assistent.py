"""The command `vng-assistent`: reads the settings, puts the parts together, and starts a front end.

Results go to stdout, messages in Dutch to stderr. Exit codes: 0 ok, 1 something failed, 2 wrong use, 3 nothing found.
"""

import io
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
import typer.core
import typer.rich_utils
from rich.console import Console

from assistant.errors import AssistantError, BadQuery, SettingsError
from assistant.settings import Settings, load_settings
from ingest.errors import IngestError, NoLibrary, NothingPublished
from integrations.terminal_errors import explain_error, explain_system, explain_usage

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.converse import Rewriter
    from assistant.generator import Generator
    from assistant.llm.language_model import LanguageModel
    from assistant.rerank import Reranker
    from ingest.encode import Encoder
    from ingest.publish import Limits, PublishReport
    from ingest.thesaurus import Thesaurus

OK, FAILED, WRONG_USE, NOTHING_FOUND = 0, 1, 2, 3

typer.rich_utils.OPTIONS_PANEL_TITLE = "Opties"
typer.rich_utils.ARGUMENTS_PANEL_TITLE = "Wat je opgeeft"
typer.rich_utils.COMMANDS_PANEL_TITLE = "Commando's"


class DutchHelp:
    """A command whose own --help option speaks Dutch too."""

    def get_help_option(self, ctx: Any) -> Any:
        """The --help option."""
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = "Laat deze hulp zien."
        return option


class Group(DutchHelp, typer.core.TyperGroup):
    """The command itself."""


class Command(DutchHelp, typer.core.TyperCommand):
    """One of its commands."""


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

    settings = _settings(data)
    encoder = _encoder(settings)
    return _change(lambda bar: publish(paths, settings.data, encoder, limits=_limits(settings), progress=bar), as_json)


@app.command(cls=Command)
def documents(data: DataOption = None, as_json: JsonOption = False) -> int:
    """Laat zien welke documenten er in de bibliotheek staan."""
    from api.schemas import DocumentsSchema, document_schema  # noqa: PLC0415
    from ingest.library import Library  # noqa: PLC0415
    from integrations.terminal import show_documents  # noqa: PLC0415

    settings = _settings(data)
    library = Library.open(settings.data, _encoder(settings))
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

    settings = _settings(data)
    encoder = _encoder(settings)
    return _change(lambda bar: remove_document(source, settings.data, encoder, progress=bar), as_json)


@app.command(cls=Command)
def rebuild(data: DataOption = None, as_json: JsonOption = False) -> int:
    """Bouw de bibliotheek opnieuw op, bijvoorbeeld na een nieuwe versie van het programma."""
    from ingest.publish import rebuild as rebuild_library  # noqa: PLC0415

    settings = _settings(data)
    encoder = _encoder(settings)
    return _change(lambda bar: rebuild_library(settings.data, encoder, limits=_limits(settings), progress=bar), as_json)


@app.command(cls=Command)
def verify(data: DataOption = None, as_json: JsonOption = False) -> int:
    """Controleer of de bibliotheek heel is."""
    from api.schemas import VerifySchema  # noqa: PLC0415
    from ingest.library import library_root, published_version  # noqa: PLC0415
    from ingest.verify import check_library  # noqa: PLC0415
    from integrations.terminal import one_line  # noqa: PLC0415

    settings = _settings(data)
    version = published_version(settings.data)
    problems = check_library(library_root(settings.data) / version, _encoder(settings))
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

    passages = _assistant(_settings(data)).search(Query(_clean(question), top_k=top_k))
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

    answer = _assistant(_settings(data)).ask(Query(_clean(question)))
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

    assistant = _assistant(_settings(data))
    lines = typed_questions(out) if sys.stdin.isatty() else read_questions(sys.stdin, out)
    questions = (_clean(line) for line in lines)
    answered = hold_conversation(questions, assistant.ask, lambda answer: show_answer(out, answer), explain_error, err)
    return OK if answered else NOTHING_FOUND


@app.command(cls=Command)
def doctor(data: DataOption = None) -> int:
    """Laat de instellingen zien en wat er niet goed aan is."""
    from integrations.terminal import show_doctor  # noqa: PLC0415

    settings = _settings(data)
    problems: list[str] = []
    version = "nog geen bibliotheek"
    try:
        from ingest.library import Library  # noqa: PLC0415

        library = Library.open(settings.data, _encoder(settings))
        version = f"{library.manifest.library_version}, {library.manifest.documents} documenten"
        library.close()
    except NoLibrary:
        pass
    except (IngestError, SettingsError) as error:
        problems.append(explain_error(error))
    for check in (_thesaurus, _reranker):
        try:
            check(settings)
        except IngestError as error:
            problems.append(explain_error(error))
    if problem := _language_model_problem(settings):
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
        sys.exit(app(arguments, standalone_mode=False) or OK)
    except usage_error as error:
        err.print(explain_usage(error), "Hulp: vng-assistent --help", sep="\n", markup=False, highlight=False)
        sys.exit(WRONG_USE)
    except BadQuery as error:
        err.print(explain_error(error), markup=False, highlight=False)
        sys.exit(WRONG_USE)
    except (AssistantError, IngestError) as error:
        err.print(explain_error(error), markup=False, highlight=False, soft_wrap=True)
        sys.exit(FAILED)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # whoever read the output has seen enough
        sys.exit(OK)
    except OSError as error:
        err.print(explain_system(error), markup=False, highlight=False, soft_wrap=True)
        sys.exit(FAILED)
    except (KeyboardInterrupt, typer.Abort):
        err.print("Gestopt. Wat al gepubliceerd was, is er nog.")
        sys.exit(FAILED)


def _clean(question: str) -> str:
    """The question with bytes that are no text shown as such: a shell passes on whatever was typed."""
    return os.fsencode(question).decode("utf-8", "replace")


def _settings(data: Path | None) -> Settings:
    settings = load_settings()
    return settings if data is None else settings.model_copy(update={"data": data})


def _encoder(settings: Settings) -> "Encoder":
    # Before the hub's library is imported, which looks at it once.
    if not settings.allow_download:
        os.environ["HF_HUB_OFFLINE"] = "1"
    from ingest.encode import load_encoder  # noqa: PLC0415

    return load_encoder(
        settings.encoder,
        allow_download=settings.allow_download,
        query_prefix=settings.encoder_query_prefix,
        passage_prefix=settings.encoder_passage_prefix,
    )


def _limits(settings: Settings) -> "Limits":
    from ingest.publish import Limits  # noqa: PLC0415

    return Limits(settings.max_file_mb * 2**20, settings.read_seconds, settings.read_memory_mb, settings.workers)


def _assistant(settings: Settings) -> "Assistant":
    from assistant.assistant import Assistant  # noqa: PLC0415
    from ingest.library import LiveLibrary  # noqa: PLC0415

    encoder = _encoder(settings)
    model = _language_model(settings)
    return Assistant(
        LiveLibrary(settings.data, encoder),
        encoder,
        reranker=_reranker(settings),
        thesaurus=_thesaurus(settings),
        generator=_generator(model, settings) if model else None,
        rewriter=_rewriter(model) if model else None,
    )


def _language_model(settings: Settings) -> "LanguageModel | None":
    if not settings.llm:
        return None
    from assistant.llm.language_model import open_model  # noqa: PLC0415

    return open_model(
        settings.llm,
        url=settings.llm_url,
        model=settings.llm_model,
        key=settings.llm_secret,
        seconds=settings.llm_seconds,
        tokens=settings.llm_tokens,
        context_words=settings.llm_context_words,
    )


def _generator(model: "LanguageModel", settings: Settings) -> "Generator":
    from assistant.generate import Generative  # noqa: PLC0415

    return Generative(model, settings.llm_context_words)


def _rewriter(model: "LanguageModel") -> "Rewriter":
    from assistant.llm.rewrite import ModelRewriter  # noqa: PLC0415

    return ModelRewriter(model)


def _language_model_problem(settings: Settings) -> str | None:
    """What is wrong with the server of the language model; None when it answers, or when there is none to ask."""
    if not settings.llm:
        return None
    from assistant.llm.language_model import server_answers  # noqa: PLC0415

    problem = server_answers(settings.llm, url=settings.llm_url, key=settings.llm_secret)
    reason = {
        None: None,
        "timeout": "antwoordt niet op tijd",
        "rate_limit": "krijgt te veel vragen",
        "unreachable": "is niet te bereiken",
        "refused": "weigert de sleutel (VNG_LLM_KEY)",
    }.get(problem, "geeft een fout")
    if reason is None:
        return None
    return f"De server van het taalmodel ({settings.llm_url}) {reason}. Antwoorden worden zonder taalmodel gemaakt."


def _reranker(settings: Settings) -> "Reranker | None":
    if not settings.reranker:
        return None
    from assistant.cross_encoder import CrossEncoderReranker  # noqa: PLC0415

    return CrossEncoderReranker(settings.reranker, allow_download=settings.allow_download)


def _thesaurus(settings: Settings) -> "Thesaurus":
    from ingest.thesaurus import load_thesaurus  # noqa: PLC0415

    return load_thesaurus(settings.thesaurus)


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
