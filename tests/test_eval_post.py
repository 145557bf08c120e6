"""Posting a report: against a server on this machine that speaks as much of GitHub and GitLab as is needed."""

import json
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.post import LONGEST_GITHUB, QUICK_ACTION, fitted, main

ROOT = Path(__file__).parent.parent
TOKEN = "geheim-token-123"  # noqa: S105 - of no server
MARKER = "<!-- vng-assistent-evaluatie -->"
REPORT = f"{MARKER}\n## Evaluatie\n\nAlles is geslaagd.\n"
ME, SOMEBODY = 7, 8

Reply = tuple[int, dict[str, str], Any]


@dataclass
class Server:
    """What the server holds, what it was asked, and what it does before it answers as it should.

    `early` are replies that it gives first, each to the next request of that method; `lost` makes it carry out the next
    writing and then say that it failed. `knows_sender`: whether it tells whose token this is.
    """

    gitlab: bool
    address: str = ""
    comments: list[dict[str, Any]] = field(default_factory=list)
    asked: list[tuple[str, str]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    early: dict[str, list[Reply]] = field(default_factory=dict)
    lost: bool = False
    knows_sender: bool = True

    def add(self, body: str, author: int = ME, sort: str = "User") -> None:
        name = "author" if self.gitlab else "user"
        self.comments.append({"id": 100 + len(self.comments), "body": body, name: {"id": author, "type": sort}})

    def reply(self, method: str, target: str, content: dict[str, str]) -> Reply:
        if waiting := self.early.get(method):
            return waiting.pop(0)
        path, query = urlsplit(target).path, parse_qs(urlsplit(target).query)
        if path == "/api/user":
            return (200, {}, {"id": ME}) if self.knows_sender else (403, {}, {"message": "not accessible"})
        listed = (
            "/api/projects/42/merge_requests/5/notes" if self.gitlab else "/api/repos/gemeente/plan/issues/5/comments"
        )
        one = listed if self.gitlab else "/api/repos/gemeente/plan/issues/comments"
        if path == listed and method == "GET":
            start = (int(query["page"][0]) - 1) * int(query["per_page"][0])
            return 200, {}, self.comments[start : start + int(query["per_page"][0])]
        if path == listed and method == "POST":
            self.add(content["body"])
        elif method == ("PUT" if self.gitlab else "PATCH") and path.startswith(f"{one}/"):
            next(c for c in self.comments if c["id"] == int(path.rpartition("/")[2]))["body"] = content["body"]
        else:
            return 404, {}, {"message": "Not Found"}
        if self.lost:
            self.lost = False
            return 502, {}, {}
        return 201, {}, {"id": 1}

    @property
    def environment(self) -> dict[str, str]:
        if self.gitlab:
            return {
                "CI_API_V4_URL": self.address,
                "CI_PROJECT_ID": "42",
                "CI_MERGE_REQUEST_IID": "5",
                "VNG_GITLAB_TOKEN": TOKEN,
            }
        repository = {"GITHUB_REPOSITORY": "gemeente/plan", "GITHUB_TOKEN": TOKEN}
        return {"GITHUB_API_URL": self.address, "PR_NUMBER": "5", **repository}

    def bodies(self) -> list[str]:
        return [comment["body"] for comment in self.comments]


class Handler(BaseHTTPRequestHandler):
    server_state: Server

    def log_message(self, *args: Any) -> None:
        """Say nothing."""

    def _answer(self) -> None:
        state = self.server_state
        content = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        state.asked.append((self.command, self.path))
        state.headers.append(dict(self.headers))
        status, headers, found = state.reply(self.command, self.path, content)
        body = found if isinstance(found, bytes) else json.dumps(found).encode()
        self.send_response(status)
        for name, value in {"Content-Length": str(len(body)), **headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_POST = do_PUT = do_PATCH = _answer  # noqa: N815 - names of the library


@contextmanager
def serving(*, gitlab: bool) -> Iterator[Server]:
    state = Server(gitlab)
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Bound", (Handler,), {"server_state": state}))
    server.daemon_threads = False
    state.address = f"http://127.0.0.1:{server.server_address[1]}/api"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield state
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture(params=["github", "gitlab"])
def server(request: pytest.FixtureRequest) -> Iterator[Server]:
    with serving(gitlab=request.param == "gitlab") as state:
        yield state


@pytest.fixture
def posted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., tuple[int, str, list[float]]]:
    """Posts a report: the exit code, what is said, and how long was waited."""

    def run(environment: dict[str, str], text: str = REPORT) -> tuple[int, str, list[float]]:
        path = tmp_path / "rapport.md"
        path.write_text(text, encoding="utf-8")
        waited: list[float] = []
        status = main([str(path)], environment, waited.append)
        said = capsys.readouterr()
        assert (said.err == "") == (status == 0)
        assert TOKEN not in said.out + said.err
        return status, said.out + said.err, waited

    return run


def test_the_first_run_makes_a_comment_and_the_next_writes_over_it(server: Server, posted) -> None:
    server.add("Mooi plan!", SOMEBODY)
    assert posted(server.environment)[:2] == (0, "De evaluatie staat nu als reactie bij het verzoek.\n")
    better = REPORT.replace("geslaagd", "beter")
    assert posted(server.environment, better)[:2] == (0, "De reactie met de evaluatie is bijgewerkt.\n")
    assert server.bodies() == ["Mooi plan!", better]
    name, value = ("PRIVATE-TOKEN", TOKEN) if server.gitlab else ("Authorization", f"Bearer {TOKEN}")
    assert all({k.lower(): v for k, v in sent.items()}[name.lower()] == value for sent in server.headers)


def test_the_earlier_comment_is_found_on_any_page(server: Server, posted) -> None:
    for number in range(230):
        server.add(f"reactie {number}", SOMEBODY)
    server.add(f"{MARKER}\r\noud", ME)
    assert posted(server.environment)[0] == 0
    assert server.bodies()[-1] == REPORT
    assert len(server.comments) == 231


def test_a_comment_of_somebody_else_is_left_alone(server: Server, posted) -> None:
    server.add(REPORT.replace("geslaagd", "vals"), SOMEBODY)
    server.add(f"Kijk:\n{MARKER}", ME)
    server.add("<!-- een-ander-teken -->\nx", ME)
    assert posted(server.environment)[0] == 0
    assert server.bodies()[-1] == REPORT
    assert len(server.comments) == 4


def test_the_token_of_a_workflow_knows_its_comment_as_one_of_a_bot(posted) -> None:
    with serving(gitlab=False) as server:
        server.knows_sender = False
        server.add(f"{MARKER}\nvals", SOMEBODY)
        server.add(f"{MARKER}\noud", 41898282, "Bot")
        assert posted(server.environment)[0] == 0
        assert server.bodies() == [f"{MARKER}\nvals", REPORT]


def test_a_gitlab_that_does_not_say_whose_token_it_is_gets_no_second_comment(posted) -> None:
    with serving(gitlab=True) as server:
        server.knows_sender = False
        server.add(f"{MARKER}\noud", ME)
        status, said, _ = posted(server.environment)
        assert status == 1
        assert "het token mag hier geen reacties plaatsen" in said
        assert len(server.comments) == 1


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_a_busy_server_is_asked_again(server: Server, posted, status: int) -> None:
    server.early = {"GET": [(status, {"Retry-After": "3"}, {}), (status, {}, b"<html>")]}
    code, _, waited = posted(server.environment)
    assert (code, waited) == (0, [3.0, 4.0])
    assert server.bodies() == [REPORT]


def test_a_limit_of_github_is_waited_for(posted) -> None:
    with serving(gitlab=False) as server:
        ends = str(int((datetime.now(UTC) + timedelta(seconds=50)).timestamp()))
        date = format_datetime(datetime.now(UTC) + timedelta(seconds=50), usegmt=True)
        limit = (403, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": ends}, {"message": "limit"})
        server.early = {
            "GET": [limit],
            "POST": [(403, {"Retry-After": date}, {}), (403, {"Retry-After": "straks"}, {})],
        }
        code, _, waited = posted(server.environment)
        assert code == 0
        assert [round(seconds, -2) or seconds for seconds in waited[2:]] == [8.0]
        assert all(30 < seconds <= 50 for seconds in waited[:2])


def test_a_server_that_stays_broken_is_given_up(server: Server, posted) -> None:
    server.early = {"POST": [(503, {}, {"message": "onderhoud\n::error::x"})] * 9}
    status, said, waited = posted(server.environment)
    assert (status, len(waited)) == (1, 4)
    assert "(503)" in said
    assert "onderhoud ::error::x" in said
    assert server.comments == []


def test_a_long_wait_is_not_waited_for(server: Server, posted) -> None:
    server.early = {"POST": [(429, {"Retry-After": "3600"}, {})]}
    status, said, waited = posted(server.environment)
    assert (status, waited) == (1, [])
    assert "3600 seconden" in said


def test_a_comment_whose_answer_got_lost_is_not_made_twice(server: Server, posted) -> None:
    server.lost = True
    assert posted(server.environment)[0] == 0
    assert server.bodies() == [REPORT]


@pytest.mark.parametrize(("status", "meant"), [(401, "verlopen"), (403, "mag hier geen"), (404, "niet te vinden")])
def test_a_refusal_is_told_and_not_tried_again(server: Server, posted, status: int, meant: str) -> None:
    server.early = {"POST": [(status, {}, {"message": f"echo {TOKEN}"})]}
    code, said, waited = posted(server.environment)
    assert (code, waited) == (1, [])
    assert meant in said
    assert "echo ***" in said


@pytest.mark.parametrize("found", [{"message": "?"}, [1], [{"body": MARKER}], None, "x"])
def test_another_answer_than_comments_is_told(server: Server, posted, found: Any) -> None:
    server.early = {"GET": [(200, {}, found)]}
    status, said, _ = posted(server.environment)
    assert status == 1
    assert "iets anders dan een lijst" in said


@pytest.mark.parametrize(("method", "status"), [("GET", 302), ("GET", 307), ("POST", 301), ("POST", 307)])
def test_the_token_goes_to_no_other_server(server: Server, posted, method: str, status: int) -> None:
    with serving(gitlab=server.gitlab) as other:
        server.early = {method: [(status, {"Location": other.address + "/user"}, {})]}
        code, said, _ = posted(server.environment)
        assert code == 1
        assert "verwijst door" in said
        assert other.asked == []


def test_reading_follows_an_answer_to_the_same_server(server: Server, posted) -> None:
    listed = "projects/42/merge_requests/5/notes" if server.gitlab else "repos/gemeente/plan/issues/5/comments"
    server.early = {"GET": [(302, {"Location": f"{server.address}/{listed}?per_page=100&page=1"}, {})]}
    assert posted(server.environment)[0] == 0
    assert server.bodies() == [REPORT]


def test_a_server_that_is_not_there_is_told(posted) -> None:
    with serving(gitlab=True) as gone:
        environment = gone.environment
    status, said, waited = posted(environment)
    assert (status, len(waited)) == (1, 4)
    assert "niet bereikbaar" in said


@pytest.mark.parametrize(
    "address",
    [
        "http://gitlab.example.org/api",
        "ftp://localhost/api",
        "https://naam:woord@localhost/api",
        "https://",
        "",
        "https://[",
    ],
)
def test_only_an_encrypted_address_is_used(posted, address: str) -> None:
    status, said, _ = posted({**Server(gitlab=True).environment, "CI_API_V4_URL": address})
    assert status == 1
    assert "CI_API_V4_URL moet een adres zijn" in said


@pytest.mark.parametrize(
    ("changed", "meant"),
    [
        ({"GITHUB_REPOSITORY": "../../x"}, "GITHUB_REPOSITORY"),
        ({"GITHUB_TOKEN": ""}, "GITHUB_TOKEN ontbreekt"),
        ({"GITHUB_TOKEN": f"{TOKEN}\r\nX: y"}, "tekens die er niet in horen"),
        ({"PR_NUMBER": "5/../6"}, "is geen getal"),
        ({"CI_MERGE_REQUEST_IID": "x"}, "CI_MERGE_REQUEST_IID"),
        ({"PR_NUMBER": "", "GITHUB_EVENT_PATH": "bestaat-niet.json"}, "GITHUB_EVENT_PATH"),
    ],
)
def test_wrong_surroundings_are_told(posted, changed: dict[str, str], meant: str) -> None:
    environment = {**Server(gitlab=False, address="http://localhost:1").environment, **changed}
    status, said, _ = posted(environment)
    assert status == 1
    assert meant in said


def test_the_number_comes_from_the_event(tmp_path: Path, posted) -> None:
    event = tmp_path / "event.json"
    with serving(gitlab=False) as server:
        environment = {**server.environment, "GITHUB_EVENT_PATH": str(event)}
        del environment["PR_NUMBER"]
        event.write_text(json.dumps({"pull_request": {"number": 5}}), encoding="utf-8")
        assert posted(environment)[0] == 0
        assert server.bodies() == [REPORT]


@pytest.mark.parametrize("event", [{"ref": "refs/heads/main"}, {"pull_request": None}, []])
def test_outside_a_merge_request_nothing_is_posted(tmp_path: Path, posted, event: Any) -> None:
    path = tmp_path / "event.json"
    path.write_text(json.dumps(event), encoding="utf-8")
    for environment in ({}, {"GITHUB_EVENT_PATH": str(path), "GITHUB_REPOSITORY": "a/b"}):
        status, said, _ = posted(environment)
        assert (status, said) == (0, "Dit is geen merge request of pull request: er is geen reactie geplaatst.\n")


@pytest.mark.parametrize("text", ["", "## Evaluatie\n", f"\n{MARKER}\n", f"{MARKER} x\n", "<!-- a b -->\n"])
def test_a_report_without_a_marker_is_refused(posted, text: str) -> None:
    status, said, _ = posted(Server(gitlab=True, address="http://localhost:1").environment, text)
    assert status == 1
    assert "herkenningsteken" in said


def test_a_report_carries_nothing_out_on_gitlab(posted) -> None:
    with serving(gitlab=True) as server:
        assert posted(server.environment, f"{MARKER}\n/approve\n  /close\n3/4 en a /b\n")[0] == 0
        assert server.bodies() == [f"{MARKER}\n\\/approve\n  \\/close\n3/4 en a /b\n"]


@given(st.lists(st.sampled_from(["/merge", " ", "\n", "\t", "\\", "x", "//label"]), max_size=30).map("".join))
def test_no_line_begins_with_an_action(text: str) -> None:
    assert not any(line.lstrip(" \t").startswith("/m") for line in QUICK_ACTION.sub(r"\1\\/", text).split("\n"))


@given(st.integers(0, 400), st.integers(500, 900))
def test_a_long_report_is_cut_at_the_end_of_a_line(paragraphs: int, longest: int) -> None:
    parts = [MARKER, *(f"<details><summary>{n}</summary>\n\n```\n{n}\n```\n\n</details>" for n in range(paragraphs))]
    body = "\n\n".join(parts)
    cut = fitted(body, longest)
    assert len(cut) <= max(longest, len(body) if len(body) <= longest else 0)
    assert cut.startswith(MARKER)
    assert cut.count("<details") == cut.count("</details>")
    assert cut.count("```") % 2 == 0
    assert (cut == body) == (len(body) <= longest)


def test_a_comment_is_no_longer_than_github_takes(posted) -> None:
    with serving(gitlab=False) as server:
        assert posted(server.environment, REPORT + "Een vraag met een lang antwoord.\n\n" * 9_000)[0] == 0
        assert len(server.bodies()[0]) <= LONGEST_GITHUB
        assert "te lang voor een reactie" in server.bodies()[0]


def test_it_runs_by_itself(tmp_path: Path) -> None:
    """As a job runs it: in another folder, with no package but Python's own."""
    (tmp_path / "rapport.md").write_text(REPORT, encoding="utf-8")
    with serving(gitlab=False) as server:
        command = [sys.executable, "-S", "-W", "error", str(ROOT / "eval" / "post.py"), "rapport.md"]
        done = subprocess.run(
            command, cwd=tmp_path, env=server.environment, capture_output=True, text=True, check=False
        )
        assert (done.returncode, done.stderr) == (0, "")
        assert server.bodies() == [REPORT]
        usage = subprocess.run(command[:-1], cwd=tmp_path, env={}, capture_output=True, text=True, check=False)
        assert usage.returncode == 2
        assert usage.stderr.startswith("Gebruik:")
