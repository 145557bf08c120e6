"""What the web pages weigh, and how long somebody waits for an answer on one."""

import re
import time
from collections.abc import Sequence
from urllib.parse import urlencode

from benchmarks.http_client import Client
from benchmarks.measure import percentiles

_FORM = ("Content-Type: application/x-www-form-urlencoded", "Accept: text/html")
_LINKED = re.compile(r'(?:href|src)="(/static/[^"]+)"')
_IMPORTED = re.compile(r'(?:\bimport\b|\bfrom\b)\s*\(?"\./([^"]+)"')
_CSRF = re.compile(r'name="csrf" value="([^"]+)"')
LIMIT_KB, LIMIT_MS = 150, 300


async def ask_form(client: Client) -> str:
    """The value that a form brings back, from the page with the form."""
    found = _CSRF.search((await client.send("GET", "/", b"", ("Accept: text/html",))).body.decode())
    return found[1] if found else ""


async def ask_on_page(client: Client, question: str, csrf: str) -> tuple[str, bytes]:
    """The address and the page of the answer to a question that was asked with the form."""
    body = urlencode({"vraag": question, "csrf": csrf}).encode()
    reply = await client.send("POST", "/vraag", body, _FORM)
    if reply.status != 303:
        raise ValueError(f"POST /vraag: {reply.status}")
    address = reply.headers[b"location"].decode()
    page = await client.send("GET", address, b"", ("Accept: text/html",))
    if page.status != 200:
        raise ValueError(f"{address}: {page.status}")
    return address, page.body


async def pages_table(port: int, asked: Sequence[str], warm: Sequence[str]) -> str:
    """Two tables in Markdown: what each page weighs, and the time from a question to the page of its answer."""
    client = Client(port)
    csrf = await ask_form(client)
    for question in warm:
        await ask_on_page(client, question, csrf)
    times, pages = [], []
    for question in asked:
        started = time.perf_counter()
        pages.append(await ask_on_page(client, question, csrf))
        times.append((time.perf_counter() - started) * 1000)
    heaviest = max(pages, key=lambda one: len(one[1]))
    lines = ["| page | html | css and scripts | together |", "|---|---:|---:|---:|"]
    reader = re.findall(r'href="(/documenten/[^"#]+)', heaviest[1].decode())
    for address in ("/", heaviest[0], "/documenten", *reader[:1], "/over", "/toegankelijkheid", "/beheer/documenten"):
        html, linked = await _weight(client, address.replace("&amp;", "&"))
        shown = re.sub(r"[0-9a-f]{32}|/documenten/[^?]+", lambda found: found[0][:16] + "…", address)
        over = " **too heavy**" if html + linked > LIMIT_KB * 1000 else ""
        lines.append(
            f"| {shown} | {html / 1000:.1f} kB | {linked / 1000:.1f} kB | {(html + linked) / 1000:.1f} kB{over} |"
        )
    found = percentiles(times)
    lines += ["", f"From the question to the page of its answer ({len(asked)} questions, one at a time, no scripts): "]
    lines[-1] += ", ".join(f"{name} {value:.0f} ms" for name, value in found.items())
    lines[-1] += f"; {sum(one > LIMIT_MS for one in times)} over {LIMIT_MS} ms."
    await client.close()
    return "\n".join(lines)


async def _weight(client: Client, address: str) -> tuple[int, int]:
    """The bytes of a page, and of all styles and scripts that it loads; images of pages left out."""
    page = await client.send("GET", address, b"", ("Accept: text/html",))
    pending = list(dict.fromkeys(_LINKED.findall(page.body.decode())))
    seen: dict[str, int] = {}
    while pending:
        path = pending.pop().replace("&amp;", "&")
        if path in seen:
            continue
        reply = await client.send("GET", path)
        seen[path] = len(reply.body)
        if path.partition("?")[0].endswith(".js"):
            folder = path.rpartition("/")[0]
            pending += (f"{folder}/{one}" for one in _IMPORTED.findall(reply.body.decode()))
    return len(page.body), sum(seen.values())
