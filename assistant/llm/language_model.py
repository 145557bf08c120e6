"""A language model as a stream of text, over any llama-index LLM; what its client raises stops here."""

import time
from collections.abc import Callable, Generator, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from assistant.errors import GeneratorError

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

TOKENS_A_WORD = 2.5  # of Dutch, at most, in the tokenizers of current models
PROMPT_TOKENS = 1_200  # what the prompt takes besides the passages
MAX_CHARACTERS = 100_000  # of a reply, whatever a server says
CHECK_SECONDS = 5.0


@dataclass(frozen=True, slots=True)
class Chunk:
    """A piece of a reply; the counts of tokens are those so far, 0 where the server does not tell."""

    text: str
    prompt_tokens: int = 0
    completion_tokens: int = 0


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """A language model and the time it gets for a whole reply. Safe for use from several threads.

    `connect` opens a client for one reply. Closing it closes the connection, which else stays taken when a reply is not
    read to its end.
    """

    name: str
    connect: Callable[[], AbstractContextManager["LLM"]]
    seconds: float

    def stream(self, system: str, question: str) -> Generator[Chunk, None, None]:
        """The reply, as it comes in. Raises GeneratorError.

        It is read in a thread of its own, so that no client that waits longer than it should can hold up an answer.
        """
        received: SimpleQueue[Chunk | GeneratorError | None] = SimpleQueue()
        stopped = Event()
        until = time.monotonic() + self.seconds
        Thread(target=_read, args=(self.connect, (system, question), received, stopped), daemon=True).start()
        try:
            while True:
                try:
                    item = received.get(timeout=max(0.0, until - time.monotonic()))
                except Empty:
                    raise GeneratorError("timeout") from None
                if item is None:
                    return
                if isinstance(item, GeneratorError):
                    raise item
                yield item
        finally:
            stopped.set()


def open_model(
    kind: str, *, url: str, model: str, key: str | None, seconds: float, tokens: int, context_words: int
) -> LanguageModel:
    """The model of a server: `kind` is "openai" for the protocol of OpenAI, or "ollama". Opens no connection yet."""
    window = tokens + PROMPT_TOKENS + int(context_words * TOKENS_A_WORD)

    @contextmanager
    def ollama() -> Iterator["LLM"]:
        from llama_index.llms.ollama import Ollama  # noqa: PLC0415
        from ollama import Client  # noqa: PLC0415

        headers = {"Authorization": f"Bearer {key}"} if key else {}
        client = Client(host=url, timeout=seconds, headers=headers, follow_redirects=False)
        try:
            yield Ollama(
                model=model,
                base_url=url,
                client=client,
                temperature=0.0,
                context_window=window,
                request_timeout=seconds,
                additional_kwargs={"num_predict": tokens},
            )
        finally:
            client.close()  # type: ignore[no-untyped-call]

    @contextmanager
    def openai() -> Iterator["LLM"]:
        import httpx  # noqa: PLC0415
        from llama_index.llms.openai_like import OpenAILike  # noqa: PLC0415

        # A redirect would lead to a host that nobody named.
        with httpx.Client(timeout=seconds, follow_redirects=False) as client:
            yield OpenAILike(
                model=model,
                api_base=url,
                api_key=key or "none",  # else the client looks for one that was set for something else
                is_chat_model=True,
                context_window=window,
                max_tokens=tokens,
                temperature=0.0,
                max_retries=0,
                timeout=seconds,
                additional_kwargs={"stream_options": {"include_usage": True}},
                http_client=client,
            )

    return LanguageModel(model, ollama if kind == "ollama" else openai, seconds)


def server_answers(kind: str, *, url: str, key: str | None) -> str | None:
    """None when the server of a model lists its models, else in one word why not (see GeneratorError)."""
    import httpx  # noqa: PLC0415

    path = "/api/tags" if kind == "ollama" else "/models"
    headers = {"Authorization": f"Bearer {key}"} if key else {}
    try:
        response = httpx.get(url.rstrip("/") + path, headers=headers, timeout=CHECK_SECONDS, follow_redirects=False)
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        return problem_of(error)
    # Not every server lists its models; that it answers is enough. One that sends on to another is not followed.
    return None if response.status_code < 300 or response.status_code == 404 else _of_status(response.status_code)


def is_url(text: str) -> bool:
    """Whether this is an http address of a server, without a name or password in it."""
    try:
        parts = urlsplit(text)
        return parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.username is None
    except ValueError:
        return False


def problem_of(error: BaseException) -> str:
    """In one word what went wrong at a client: the `problem` of a GeneratorError."""
    import httpx  # noqa: PLC0415

    cause: BaseException | None = error
    while cause is not None:
        status = getattr(cause, "status_code", None)
        if isinstance(status, int) and status >= 300:
            return _of_status(status)
        if isinstance(cause, httpx.TimeoutException | TimeoutError):
            return "timeout"
        if isinstance(cause, httpx.RemoteProtocolError | httpx.ReadError | httpx.StreamError):
            return "broken"
        if isinstance(cause, httpx.TransportError | httpx.InvalidURL | ConnectionError):
            return "unreachable"
        if isinstance(cause, ValueError):
            return "broken"
        cause = cause.__cause__
    return "server"


def _of_status(status: int) -> str:
    return "rate_limit" if status == 429 else "server" if status >= 500 else "refused"


def _read(
    connect: Callable[[], AbstractContextManager["LLM"]],
    said: tuple[str, str],
    received: "SimpleQueue[Chunk | GeneratorError | None]",
    stopped: Event,
) -> None:
    from llama_index.core.llms import ChatMessage, MessageRole  # noqa: PLC0415

    system, question = said
    messages = [
        ChatMessage(role=MessageRole.SYSTEM, content=system),
        ChatMessage(role=MessageRole.USER, content=question),
    ]
    ended: bool | None = None
    length = 0
    try:
        with connect() as llm:
            for reply in llm.stream_chat(messages):
                text = reply.delta or ""
                length += len(text)
                if stopped.is_set() or length > MAX_CHARACTERS:
                    return
                ended = _ended(reply.raw, ended)
                received.put(Chunk(text, *_usage(reply.raw)))
        if ended is False:  # the connection was closed before the model was done
            received.put(GeneratorError("broken"))
    except Exception as error:  # noqa: BLE001 - whatever a client raises is one of our problems from here on
        received.put(GeneratorError(problem_of(error)))
    finally:
        received.put(None)


def _ended(raw: Any, before: bool | None) -> bool | None:
    """Whether the server said that the model is done; None where it never says such a thing."""
    if before:
        return True
    if choices := getattr(raw, "choices", None):
        return choices[0].finish_reason is not None
    if isinstance(raw, dict) and "done" in raw:
        return bool(raw["done"])
    return before


def _usage(raw: Any) -> tuple[int, int]:
    usage = raw.get("usage") if isinstance(raw, dict) else getattr(raw, "usage", None)
    if usage is None:
        return 0, 0
    of = usage.get if isinstance(usage, dict) else lambda name: getattr(usage, name, 0)
    return int(of("prompt_tokens") or 0), int(of("completion_tokens") or 0)
