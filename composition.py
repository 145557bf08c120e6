"""The parts of the product, put together as the settings say."""

import atexit
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext, suppress
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.errors import SettingsError
from assistant.settings import Settings, load_settings
from ingest.memory import hold_little
from integrations.terminal_errors import explain_error, explain_server

# Before numpy is imported, which looks at it once. Answers are made of many small products, on which threads that wait
# for each other cost more than they bring; a server answers several questions at a time anyway.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

if TYPE_CHECKING:
    from api.access import Access
    from api.deps import Parts
    from api.keys import KeyFile
    from api.look import Look
    from api.storage.store import AnswerStore
    from assistant.answering import Answering
    from assistant.assistant import Assistant
    from assistant.converse import Rewriter
    from assistant.generator import Generator
    from assistant.llm.language_model import LanguageModel
    from assistant.rerank import Reranker
    from eval.examine import Subject
    from ingest.encode import Encoder
    from ingest.library import LiveLibrary
    from ingest.publish import Limits
    from ingest.thesaurus import Thesaurus


def settings_of(data: Path | None) -> Settings:
    """The settings in force, with this data directory if there is one. Raises SettingsError."""
    settings = load_settings()
    return settings if data is None else settings.model_copy(update={"data": data})


def explained(error: Exception) -> str:
    """The Dutch lines for an error of ours, whichever part it comes from."""
    from api.errors import ApiError  # noqa: PLC0415
    from eval.errors import EvalError  # noqa: PLC0415

    if isinstance(error, ApiError):
        from api.messages import explain as explain_api  # noqa: PLC0415

        return explain_api(error)
    if isinstance(error, EvalError):
        from eval.messages import explain as explain_evaluation  # noqa: PLC0415

        return explain_evaluation(error)
    return explain_error(error)


def encoder_of(settings: Settings) -> "Encoder":
    """The model that searches by meaning."""
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


def limits_of(settings: Settings) -> "Limits":
    """What reading a file may cost, and whether a copy of it is kept."""
    from ingest.publish import Limits  # noqa: PLC0415

    return Limits(
        settings.max_file_mb * 2**20,
        settings.read_seconds,
        settings.read_memory_mb,
        settings.workers,
        settings.keep_originals,
    )


def assistant_of(settings: Settings) -> "Assistant":
    """The assistant, with the library that is published."""
    from ingest.library import LiveLibrary  # noqa: PLC0415

    encoder = encoder_of(settings)
    return _assistant_with(settings, LiveLibrary(settings.data, encoder), encoder, _generator_of(settings))


def store_of(settings: Settings) -> "AnswerStore":
    """The database of answers, made where there is none."""
    from api.storage.engine import sqlite_url  # noqa: PLC0415
    from api.storage.store import open_store  # noqa: PLC0415

    settings.data.mkdir(parents=True, exist_ok=True)
    return open_store(settings.database_address or sqlite_url(settings.data / "answers.sqlite"), mask=settings.mask)


def keys_of(settings: Settings) -> "KeyFile":
    """The file with keys, which need not be there."""
    from api.keys import KeyFile  # noqa: PLC0415

    return KeyFile(settings.api_keys_file or settings.data / "keys.json")


def access_of(settings: Settings, host: str, *, login: bool = False) -> "Access":
    """How callers of a server on this host are known: by keys, unless nobody but this computer can reach it.

    `login` asks for keys there too; so do settings that say that others reach it by another name or another server.
    Raises SettingsError, KeysUnreadable, and BindRefused without a key that works where one is needed.
    """
    from api.access import Keyed, Open  # noqa: PLC0415
    from api.errors import BindRefused  # noqa: PLC0415
    from api.server import is_loopback  # noqa: PLC0415

    if problems := server_problems(settings):
        raise SettingsError(problems)
    if is_loopback(host) and not (login or settings.hosts or settings.proxies):
        return Open(settings.groups)
    keys = keys_of(settings)
    if not keys.has_valid():
        raise BindRefused(None if is_loopback(host) else host)
    return Keyed(keys)


def server_problems(settings: Settings) -> tuple[str, ...]:
    """What is wrong with the settings of the server, a Dutch line each."""
    from api.errors import BadRate  # noqa: PLC0415
    from api.limits import checked_rate  # noqa: PLC0415
    from api.messages import explain as explain_api  # noqa: PLC0415
    from api.proxies import networks_of  # noqa: PLC0415

    problems = []
    try:
        checked_rate(settings.rate)
    except BadRate as error:
        problems.append(f"VNG_RATE: {explain_api(error)}")
    try:
        networks_of(settings.proxies)
    except ValueError:
        problems.append("VNG_PROXIES: noem adressen zoals 10.0.0.5 of netwerken zoals 10.0.0.0/24, en geen namen.")
    if any(not re.fullmatch(r"[a-z0-9.:-]+", one.lower()) or "://" in one for one in settings.hosts):
        problems.append("VNG_HOSTS: noem alleen namen, zoals assistent.veldrijk.nl, zonder https:// ervoor.")
    return tuple(problems)


@contextmanager
def parts_of(settings: Settings, access: "Access | None" = None, *, read_ahead: bool = True) -> "Iterator[Parts]":
    """What the HTTP interface works with, for as long as it is served; without `access` it is open, as for one person.

    `read_ahead`: whether passages are read into memory before they are asked for. Raises SettingsError.
    """
    from api.access import Keyed, Open  # noqa: PLC0415
    from api.deps import Parts  # noqa: PLC0415
    from api.limits import Limits  # noqa: PLC0415
    from api.page_images import PageImages  # noqa: PLC0415
    from api.retention import Retention  # noqa: PLC0415
    from api.session import Sessions, read_secret  # noqa: PLC0415
    from api.uploads import Uploads  # noqa: PLC0415
    from ingest.library import LiveLibrary  # noqa: PLC0415

    look = look_of(settings, login=isinstance(access, Keyed))
    hold_little()
    encoder = encoder_of(settings)
    library, pages = LiveLibrary(settings.data, encoder), PageImages()
    try:
        with (
            _answering(settings, library, encoder, read_ahead=read_ahead) as answering,
            store_of(settings) as store,
            Retention(store, settings.retention_days),
            Uploads(settings.data, encoder, limits_of(settings)).working() as uploads,
        ):
            yield Parts(
                answering,
                library,
                store,
                access=access or Open(settings.groups),
                sessions=Sessions(read_secret(settings.data / "session-secret")),
                limits=Limits(settings.rate),
                look=look,
                pages=pages,
                uploads=uploads,
            )
    finally:
        pages.close()
        library.close()


@contextmanager
def answering_of(settings: Settings) -> "Iterator[tuple[Answering, LiveLibrary]]":
    """What answers for a front end that stays, and the library that it answers from."""
    from ingest.library import LiveLibrary  # noqa: PLC0415

    hold_little()
    encoder = encoder_of(settings)
    library = LiveLibrary(settings.data, encoder)
    try:
        with _answering(settings, library, encoder) as answering:
            yield answering, library
    finally:
        library.close()


@contextmanager
def _answering(
    settings: Settings, library: "LiveLibrary", encoder: "Encoder", *, read_ahead: bool = True
) -> "Iterator[Answering]":
    """What answers for a server: the assistant in this process, or in as many others as the settings say."""
    if not settings.processes:
        from assistant.ahead import ReadAhead  # noqa: PLC0415

        with ReadAhead(library) if read_ahead else nullcontext():
            yield _assistant_with(settings, library, encoder, _generator_of(settings))
        return
    from assistant.pool import AssistantPool  # noqa: PLC0415

    with AssistantPool(partial(_warm_assistant, settings, read_ahead=read_ahead), settings.processes) as pool:
        yield pool


def _warm_assistant(settings: Settings, *, read_ahead: bool) -> "Assistant":
    """The assistant with its library open, where there is one, so that the first question need not wait for it."""
    from ingest.errors import LibraryError  # noqa: PLC0415
    from ingest.library import LiveLibrary  # noqa: PLC0415

    hold_little()
    encoder = encoder_of(settings)
    library = LiveLibrary(settings.data, encoder)
    with suppress(LibraryError), library.lease():
        pass
    if read_ahead:
        from assistant.ahead import ReadAhead  # noqa: PLC0415

        reader = ReadAhead(library)
        reader.start()
        atexit.register(reader.stop)  # the process itself has no end to tell of
    return _assistant_with(settings, library, encoder, _generator_of(settings))


def look_of(settings: Settings, *, login: bool) -> "Look":
    """Whose the pages are and what they say of how they are run; `login`: whether people say who they are.

    Raises SettingsError for a theme that cannot be used.
    """
    from urllib.parse import urlsplit  # noqa: PLC0415

    from api.look import Look  # noqa: PLC0415
    from api.web.theme import read_theme  # noqa: PLC0415

    return Look(
        organisation=settings.organisation,
        theme=read_theme(settings.theme) if settings.theme else "",
        contact=settings.contact,
        login=login,
        retention_days=settings.retention_days,
        masked=settings.mask,
        language_model=(urlsplit(settings.llm_url).hostname or "") if settings.llm else "",
    )


def _assistant_with(
    settings: Settings, library: "LiveLibrary", encoder: "Encoder", generator: "Generator | None"
) -> "Assistant":
    from assistant.assistant import Assistant  # noqa: PLC0415

    return Assistant(
        library,
        encoder,
        reranker=reranker_of(settings),
        thesaurus=thesaurus_of(settings),
        generator=generator,
        rewriter=_rewriter_of(settings),
    )


def subject_of(settings: Settings, judged: bool) -> "Subject":
    """What is evaluated, opened in whatever process calls this."""
    from eval.examine import Subject  # noqa: PLC0415
    from eval.llm_judge import Judge  # noqa: PLC0415
    from eval.tamper import Tampering  # noqa: PLC0415
    from ingest.library import LiveLibrary  # noqa: PLC0415

    encoder = encoder_of(settings)
    library = LiveLibrary(settings.data, encoder)
    model = _language_model_of(settings)
    return Subject(
        library,
        _assistant_with(settings, library, encoder, _generator_of(settings)),
        _assistant_with(settings, library, encoder, Tampering()),
        Judge(model) if judged and model else None,
    )


def _language_model_of(settings: Settings) -> "LanguageModel | None":
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


def _generator_of(settings: Settings) -> "Generator | None":
    model = _language_model_of(settings)
    if model is None:
        return None
    from assistant.generate import Generative  # noqa: PLC0415

    return Generative(model, settings.llm_context_words)


def _rewriter_of(settings: Settings) -> "Rewriter | None":
    model = _language_model_of(settings)
    if model is None:
        return None
    from assistant.llm.rewrite import ModelRewriter  # noqa: PLC0415

    return ModelRewriter(model)


def language_model_problem(settings: Settings) -> str | None:
    """What is wrong with the server of the language model; None when it answers, or when there is none to ask."""
    if not settings.llm:
        return None
    from assistant.llm.language_model import server_answers  # noqa: PLC0415

    problem = server_answers(settings.llm, url=settings.llm_url, key=settings.llm_secret)
    return explain_server(problem, settings.llm_url) if problem else None


def reranker_of(settings: Settings) -> "Reranker | None":
    """The model that orders what was found; None for the embedded one."""
    if not settings.reranker:
        return None
    from assistant.cross_encoder import CrossEncoderReranker  # noqa: PLC0415

    return CrossEncoderReranker(settings.reranker, allow_download=settings.allow_download)


def thesaurus_of(settings: Settings) -> "Thesaurus":
    """The thesaurus, with a municipality's own files."""
    from ingest.thesaurus import load_thesaurus  # noqa: PLC0415

    return load_thesaurus(settings.thesaurus)
