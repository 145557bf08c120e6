"""The parts of the product, put together as the settings say."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from assistant.settings import Settings
from integrations.terminal_errors import explain_error, explain_server

if TYPE_CHECKING:
    from api.deps import Parts
    from api.storage.store import AnswerStore
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
    """What reading a file may cost."""
    from ingest.publish import Limits  # noqa: PLC0415

    return Limits(settings.max_file_mb * 2**20, settings.read_seconds, settings.read_memory_mb, settings.workers)


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


@contextmanager
def parts_of(settings: Settings) -> "Iterator[Parts]":
    """What the HTTP interface works with, for as long as it is served."""
    from api.deps import Parts  # noqa: PLC0415
    from ingest.library import LiveLibrary  # noqa: PLC0415

    encoder = encoder_of(settings)
    library = LiveLibrary(settings.data, encoder)
    try:
        with store_of(settings) as store:
            yield Parts(_assistant_with(settings, library, encoder, _generator_of(settings)), library, store)
    finally:
        library.close()


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
