"""A server on this machine that speaks the chat protocol of OpenAI, and is told for each request how to misbehave."""

import json
import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

PASSAGE = re.compile(r"--- passage (\d+) (\w+) ---\n(.*?)\n--- einde \1 \2 ---", re.DOTALL)
PIECE = 7  # characters of a chunk: so that lines, marks and quotes are cut anywhere


@dataclass(frozen=True, slots=True)
class Behaviour:
    """What a server does with one request.

    `text` is the reply. `status` other than 200 is an error instead. `broken_after` closes the connection after so many
    characters; `silent_after` says nothing more after so many, until the server is stopped. `raw` is sent as it is, in
    place of the events; `usage` whether tokens are counted; `finish` whether the end is announced.
    """

    text: str = ""
    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    broken_after: int | None = None
    silent_after: int | None = None
    raw: bytes | None = None
    usage: bool = True
    finish: bool = True


@dataclass
class Script:
    """How a server behaves, what it was asked, and whether it must stop waiting."""

    respond: Callable[["Asked"], Behaviour]
    asked: list["Asked"] = field(default_factory=list)
    stopped: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: its path, its headers and its JSON."""

    path: str
    headers: dict[str, str]
    body: dict[str, Any]

    @property
    def system(self) -> str:
        return str(self.body["messages"][0]["content"])

    @property
    def prompt(self) -> str:
        return str(self.body["messages"][-1]["content"])

    @property
    def passages(self) -> dict[int, str]:
        """The passages by number, as the prompt gives them."""
        return {int(number): text for number, _, text in PASSAGE.findall(self.prompt)}

    def number_of(self, quote: str) -> int:
        """The number of the passage that has this text; 1 where none has."""
        wanted = " ".join(quote.split())
        return next((n for n, text in self.passages.items() if wanted in " ".join(text.split())), 1)


@contextmanager
def serving(respond: Callable[[Asked], Behaviour] | Behaviour | str) -> Iterator[tuple[str, Script]]:
    """The address of a running server, and its script, which can be changed meanwhile."""
    if isinstance(respond, str):
        respond = Behaviour(respond)
    fixed = respond
    script = Script((lambda asked: fixed) if isinstance(fixed, Behaviour) else fixed)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"script": script}))
    server.daemon_threads = False  # closing waits for them, so that none outlives its test
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/v1", script
    finally:
        script.stopped.set()
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    script: Script

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def do_GET(self) -> None:
        self.script.asked.append(Asked(self.path, dict(self.headers), {}))
        behaviour = self.script.respond(self.script.asked[-1])
        if behaviour.status != 200:
            self._error(behaviour)
            return
        self._json({"object": "list", "data": [{"id": "proef", "object": "model"}]})

    def do_POST(self) -> None:
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        asked = Asked(self.path, dict(self.headers), body)
        self.script.asked.append(asked)
        behaviour = self.script.respond(asked)
        if behaviour.status != 200:
            self._error(behaviour)
        elif not body.get("stream"):
            message = {"role": "assistant", "content": behaviour.text}
            self._json(_chunk([{"index": 0, "message": message, "finish_reason": "stop"}], "chat.completion", None))
        else:
            with suppress(BrokenPipeError, ConnectionResetError):  # the other side has heard enough
                self._stream(behaviour, ollama=self.path == "/api/chat")
        self.close_connection = True

    def _error(self, behaviour: Behaviour) -> None:
        body = json.dumps({"error": {"message": "geheim van de server", "type": "proef"}}).encode()
        self.send_response(behaviour.status)
        for name, value in behaviour.headers:
            self.send_header(name, value)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _json(self, content: dict[str, Any]) -> None:
        body = json.dumps(content).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def _stream(self, behaviour: Behaviour, *, ollama: bool) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/x-ndjson" if ollama else "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        if behaviour.raw is not None:
            self.wfile.write(behaviour.raw)
            return
        sent = 0
        while sent < len(behaviour.text):
            for limit in (behaviour.broken_after, behaviour.silent_after):
                if limit is not None and sent >= limit:
                    if limit == behaviour.silent_after:
                        self.wfile.flush()
                        self.script.stopped.wait(30)
                    return
            piece = behaviour.text[sent : sent + PIECE]
            self.wfile.write(_ollama(piece) if ollama else _event(_delta(piece)))
            sent += len(piece)
        if behaviour.silent_after == 0:
            self.script.stopped.wait(30)
            return
        if behaviour.finish:
            if ollama:
                self.wfile.write(_ollama("", done=True))
                return
            self.wfile.write(_event(_delta("", finish="stop")))
            if behaviour.usage:
                usage = {"prompt_tokens": 321, "completion_tokens": 45, "total_tokens": 366}
                self.wfile.write(_event(_chunk([], "chat.completion.chunk", usage)))
            self.wfile.write(b"data: [DONE]\n\n")


def _delta(text: str, finish: str | None = None) -> dict[str, Any]:
    choice = {"index": 0, "delta": {"role": "assistant", "content": text}, "finish_reason": finish}
    return _chunk([choice], "chat.completion.chunk", None)


def _chunk(choices: list[dict[str, Any]], sort: str, usage: dict[str, int] | None) -> dict[str, Any]:
    return {"id": "1", "object": sort, "created": 0, "model": "proef", "choices": choices, "usage": usage}


def _event(content: dict[str, Any]) -> bytes:
    return b"data: " + json.dumps(content).encode() + b"\n\n"


def _ollama(text: str, *, done: bool = False) -> bytes:
    counts = {"prompt_eval_count": 321, "eval_count": 45} if done else {}
    message = {"role": "assistant", "content": text}
    return json.dumps({"model": "proef", "message": message, "done": done, **counts}).encode() + b"\n"
