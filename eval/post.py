"""Put a report in Markdown below a merge or pull request, as one comment that each next run writes over.

    python3 eval/post.py rapport.md

It needs nothing but Python, so that a job that holds a token runs none of the program that is evaluated. Where it is,
it reads from the environment, as GitHub Actions and GitLab CI set it:

    GitHub   GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, and PR_NUMBER or the file GITHUB_EVENT_PATH
    GitLab   CI_API_V4_URL, CI_PROJECT_ID, CI_MERGE_REQUEST_IID, VNG_GITLAB_TOKEN (CI_JOB_TOKEN cannot write comments)

The first line of the file is an HTML comment, by which an earlier comment of the same sender is known. Exit codes: 0
done, or there is no merge request; 1 failed; 2 wrong use.
"""

import json
import os
import re
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import quote, urlsplit

OK, FAILED, WRONG_USE = 0, 1, 2
MARKER = re.compile(r"<!-- [\w-]+ -->")
QUICK_ACTION = re.compile(r"(?m)^([ \t]*)/(?=[a-z])")  # what GitLab would carry out, such as /close
LONGEST_GITHUB, LONGEST_GITLAB = 65_000, 900_000  # characters of a comment, a little below what the servers take
LOCAL = ("localhost", "127.0.0.1", "::1")
TRIES = 5
LONGEST_WAIT = 120.0  # seconds; a server that asks for more is not waited for
TIMEOUT = 30.0
PAGE = 100
MOST_PAGES = 100
LARGEST_REPLY = 50_000_000

Sleep = Callable[[float], object]


@dataclass(frozen=True, slots=True)
class Thread:
    """The comments of one merge request on GitLab, or else on GitHub.

    `comments` is the address of the list, `comment` that of one, before its number; `user` is where the server says
    whose token this is.
    """

    comments: str
    comment: str
    user: str
    headers: Mapping[str, str]
    gitlab: bool


class PostError(Exception):
    """A report that cannot be posted; its text is what a person reads."""


class ServerError(PostError):
    """What a server refused. `status` is 0 without an answer; `wait` the seconds to wait, None not to try again."""

    def __init__(self, said: str, status: int, wait: float | None) -> None:
        super().__init__(said)
        self.status = status
        self.wait = wait


class SameServer(urllib.request.HTTPRedirectHandler):
    """Follows an answer that points elsewhere only for reading, and on the same server: the token goes nowhere else."""

    def redirect_request(
        self, req: urllib.request.Request, fp: Any, code: int, msg: str, headers: Any, newurl: str
    ) -> urllib.request.Request | None:
        """The next request. Raises ServerError where there may be none."""
        here, there = urlsplit(req.full_url), urlsplit(newurl)
        if req.get_method() != "GET" or (here.scheme, here.netloc) != (there.scheme, there.netloc):
            raise ServerError(f"De server {here.hostname} verwijst door. Dat wordt niet gevolgd.", code, None)
        return super().redirect_request(req, fp, code, msg, headers, newurl)


def main(arguments: Sequence[str], environment: Mapping[str, str], sleep: Sleep = time.sleep) -> int:
    """The exit code; what a person reads is printed."""
    if len(arguments) != 1:
        _say("Gebruik: python3 eval/post.py rapport.md", error=True)
        return WRONG_USE
    try:
        body = report(Path(arguments[0]))
        thread = thread_of(environment)
        if thread is None:
            _say("Dit is geen merge request of pull request: er is geen reactie geplaatst.")
            return OK
        _say(post(thread, body, sleep))
    except PostError as error:
        _say(_without_tokens(str(error), environment), error=True)
        return FAILED
    return OK


def report(path: Path) -> str:
    """The text of the file. Raises PostError when it cannot be read, or does not begin with a marker."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        raise PostError(f"Het rapport {path} is niet te lezen.") from None
    if not MARKER.fullmatch(first_line(text)):
        raise PostError(
            f"Het rapport {path} begint niet met een herkenningsteken, zoals <!-- vng-assistent-evaluatie -->. Zonder "
            "dat teken is een eerdere reactie niet terug te vinden."
        )
    return text


def first_line(text: str) -> str:
    """The first line of a text, without spaces around it."""
    return text.partition("\n")[0].strip()


def thread_of(environment: Mapping[str, str]) -> Thread | None:
    """The comments of the merge request that this runs for; None where it runs for none. Raises PostError."""
    if environment.get("CI_MERGE_REQUEST_IID"):
        return _gitlab(environment)
    number = _pull_request(environment)
    return _github(environment, number) if number else None


def post(thread: Thread, body: str, sleep: Sleep) -> str:
    """Write the comment and give back a sentence on what was done. Raises PostError.

    A try that failed is done anew from the start: when a comment was made and only the answer got lost, the next try
    finds it.
    """
    for left in reversed(range(TRIES)):
        try:
            return _post_once(thread, body)
        except ServerError as error:
            if error.wait is None or not left:
                raise
            if error.wait > LONGEST_WAIT:
                raise PostError(f"{error} De server wil pas over {error.wait:.0f} seconden weer een verzoek.") from None
            sleep(error.wait or 2.0 ** (TRIES - left))
    raise AssertionError("the last try raises")


def fitted(body: str, longest: int) -> str:
    """The body, cut off at the end of a line when it is longer than a comment may be."""
    if len(body) <= longest:
        return body
    closing = "\n\n_Het rapport is te lang voor een reactie. De rest staat in de bestanden van deze run._\n"
    kept = body[: longest - len(closing) - 200]
    kept = kept.rpartition("\n")[0] or kept
    fence = "\n```" if len(re.findall(r"(?m)^```", kept)) % 2 else ""
    folded = "\n</details>" * min(10, max(0, kept.count("<details") - kept.count("</details>")))
    return f"{kept}{fence}{folded}{closing}"


def _post_once(thread: Thread, body: str) -> str:
    longest = LONGEST_GITLAB if thread.gitlab else LONGEST_GITHUB
    text = fitted(QUICK_ACTION.sub(r"\1\\/", body) if thread.gitlab else body, longest)
    earlier = _earlier(thread, first_line(body))
    if earlier is None:
        _ask(thread, "POST", thread.comments, {"body": text})
        return "De evaluatie staat nu als reactie bij het verzoek."
    _ask(thread, "PUT" if thread.gitlab else "PATCH", f"{thread.comment}/{earlier}", {"body": text})
    return "De reactie met de evaluatie is bijgewerkt."


def _earlier(thread: Thread, marker: str) -> int | None:
    """The number of our own comment with this marker. One of somebody else is left alone, whatever it begins with."""
    alike = [one for one in _comments(thread) if first_line(str(one.get("body") or "")) == marker]
    sender = _sender(thread) if alike else None
    for comment in alike:
        found = comment.get("author" if thread.gitlab else "user")
        author = found if isinstance(found, dict) else {}
        if author.get("id") == sender if sender else author.get("type") == "Bot":
            return int(comment["id"])
    return None


def _comments(thread: Thread) -> Iterator[dict[str, Any]]:
    for page in range(1, MOST_PAGES + 1):
        found = _ask(thread, "GET", f"{thread.comments}?per_page={PAGE}&page={page}")
        if not isinstance(found, list) or not all(_has_id(one) for one in found):
            raise PostError("De server geeft iets anders dan een lijst met reacties.")
        if not found:
            return
        yield from found
    raise PostError(f"Bij dit verzoek staan meer dan {MOST_PAGES * PAGE} reacties.")


def _sender(thread: Thread) -> int | None:
    """Whose token this is. None for the token of a GitHub workflow, which may not ask: it writes as a bot."""
    try:
        found = _ask(thread, "GET", thread.user)
    except ServerError as error:
        if thread.gitlab or error.status != 403 or error.wait is not None:
            raise
        return None
    if not _has_id(found):
        raise PostError("De server zegt niet van wie het token is.")
    return int(found["id"])


def _has_id(found: object) -> bool:
    return isinstance(found, dict) and isinstance(found.get("id"), int)


def _ask(thread: Thread, method: str, address: str, content: dict[str, str] | None = None) -> Any:
    """What the server answers, from JSON. Raises ServerError."""
    host = urlsplit(address).hostname
    request = urllib.request.Request(  # noqa: S310 - the scheme was looked at in _server
        address,
        data=json.dumps(content).encode() if content else None,
        headers={**thread.headers, "Content-Type": "application/json", "User-Agent": "vng-assistent"},
        method=method,
    )
    try:
        with _opener(host).open(request, timeout=TIMEOUT) as reply:
            return json.loads(reply.read(LARGEST_REPLY))
    except HTTPError as error:
        with error:
            raise _refusal(host, error) from None
    except (URLError, HTTPException, OSError) as error:
        reason = getattr(error, "reason", None) or error
        raise ServerError(f"De server {host} is niet bereikbaar ({_plain(reason)}).", 0, 0.0) from None
    except (ValueError, RecursionError):
        raise ServerError(f"De server {host} geeft geen leesbaar antwoord.", 0, 0.0) from None


def _opener(host: str | None) -> urllib.request.OpenerDirector:
    # A proxy would carry the token, unencrypted, off this machine.
    proxy = [urllib.request.ProxyHandler({})] if host in LOCAL else []
    return urllib.request.build_opener(SameServer, *proxy)


def _refusal(host: str | None, error: HTTPError) -> ServerError:
    """The error in words; with a time to wait where trying again may help."""
    try:
        found = json.loads(error.read(100_000))
        said = _plain(found.get("message") or found.get("error") or "")
    except (AttributeError, ValueError, OSError, HTTPException, RecursionError):
        said = ""
    limited = error.code == 429 or (error.code == 403 and _is_limited(error.headers))
    wait = _wait(error.headers) if limited or error.code >= 500 else None
    meaning = {
        401: "het token klopt niet, of is verlopen",
        403: "het token mag hier geen reacties plaatsen",
        404: "het verzoek is niet te vinden, of het token mag het niet zien",
    }.get(error.code, "er gaat iets mis")
    reason = "er waren te veel verzoeken" if limited else meaning
    about = f" Melding: {said}" if said else ""
    return ServerError(f"De server {host} weigert ({error.code}): {reason}.{about}", error.code, wait)


def _is_limited(headers: Message) -> bool:
    return "Retry-After" in headers or headers.get("X-RateLimit-Remaining") == "0"


def _wait(headers: Message) -> float:
    """How many seconds the server asks to wait, 0 where it says nothing; as a number, a date, or when a limit ends."""
    asked, ends = headers.get("Retry-After", ""), headers.get("X-RateLimit-Reset", "")
    try:
        if asked:
            moment = None if asked.strip().isdigit() else parsedate_to_datetime(asked)
            return max(0.0, (moment - datetime.now(UTC)).total_seconds()) if moment else float(asked)
        return max(0.0, float(ends) - time.time()) if headers.get("X-RateLimit-Remaining") == "0" else 0.0
    except (ValueError, TypeError, OverflowError):
        return 0.0


def _github(environment: Mapping[str, str], number: str) -> Thread:
    repository = environment.get("GITHUB_REPOSITORY", "")
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", repository):
        raise PostError("GITHUB_REPOSITORY ontbreekt, of is niet van de vorm eigenaar/naam.")
    server = _server("GITHUB_API_URL", environment.get("GITHUB_API_URL") or "https://api.github.com")
    issues = f"{server}/repos/{repository}/issues"
    return Thread(
        comments=f"{issues}/{number}/comments",
        comment=f"{issues}/comments",
        user=f"{server}/user",
        headers={
            "Authorization": f"Bearer {_token('GITHUB_TOKEN', environment)}",
            "Accept": "application/vnd.github+json",
        },
        gitlab=False,
    )


def _gitlab(environment: Mapping[str, str]) -> Thread:
    project = quote(environment.get("CI_PROJECT_ID", ""), safe="")
    number = environment["CI_MERGE_REQUEST_IID"]
    if not project or not re.fullmatch(r"[0-9]+", number):
        raise PostError("CI_PROJECT_ID of CI_MERGE_REQUEST_IID ontbreekt of klopt niet.")
    server = _server("CI_API_V4_URL", environment.get("CI_API_V4_URL", ""))
    notes = f"{server}/projects/{project}/merge_requests/{number}/notes"
    return Thread(
        comments=notes,
        comment=notes,
        user=f"{server}/user",
        headers={"PRIVATE-TOKEN": _token("VNG_GITLAB_TOKEN", environment)},
        gitlab=True,
    )


def _pull_request(environment: Mapping[str, str]) -> str | None:
    """The number of the pull request on GitHub; None when this runs for something else. Raises PostError."""
    number: object = environment.get("PR_NUMBER")
    path = environment.get("GITHUB_EVENT_PATH")
    if not number and path:
        try:
            event = json.loads(Path(path).read_text(encoding="utf-8"))
        except (OSError, ValueError, RecursionError):
            raise PostError("Het bestand van GITHUB_EVENT_PATH is niet te lezen.") from None
        about = event.get("pull_request") if isinstance(event, dict) else None
        number = about.get("number") if isinstance(about, dict) else None
    if not number:
        return None
    if not re.fullmatch(r"[0-9]+", str(number)):
        raise PostError("Het nummer van het pull request (PR_NUMBER) is geen getal.")
    return str(number)


def _server(name: str, address: str) -> str:
    """The address without a closing slash. Raises PostError where a token would go over it in the open."""
    try:
        parts = urlsplit(address)
        safe = parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOCAL)
        good = safe and parts.hostname and not (parts.username or parts.password or parts.query or parts.fragment)
    except ValueError:
        good = False
    if not good or not address.isprintable() or " " in address:
        raise PostError(f"{name} moet een adres zijn dat met https:// begint, zonder naam of wachtwoord erin.")
    return address.rstrip("/")


def _token(name: str, environment: Mapping[str, str]) -> str:
    token = environment.get(name, "").strip()
    if not token:
        raise PostError(f"{name} ontbreekt. Zonder token is er geen reactie te plaatsen.")
    if not re.fullmatch(r"[!-~]+", token):
        raise PostError(f"In {name} staan tekens die er niet in horen.")
    return token


def _without_tokens(text: str, environment: Mapping[str, str]) -> str:
    tokens = (environment.get(name, "").strip() for name in ("GITHUB_TOKEN", "VNG_GITLAB_TOKEN"))
    for token in filter(None, tokens):
        text = text.replace(token, "***")
    return text


def _plain(text: object) -> str:
    """A text of a server on one line, and not too long."""
    return " ".join("".join(c if c.isprintable() else " " for c in str(text)).split())[:200]


def _say(text: str, *, error: bool = False) -> None:
    print(text, file=sys.stderr if error else sys.stdout)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:], os.environ))
