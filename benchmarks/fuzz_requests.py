"""Requests that nobody means well, from a seed: half of what is in them is real, the rest is what breaks programs."""

import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote as quoted
from urllib.parse import urlencode

MARK = "<fuzz-mark>"  # which stands on a page only where it was not escaped
QUESTIONS = (
    "Hoeveel woningen bouwt Veldrijk tot 2030?",
    "Waarom kiest de gemeente voor een warmtenet?",
    "What does the municipality do about traffic?",
    "en wat kost dat",
    "hoi",
)
NASTY = (
    "",
    " ",
    "\0",
    "a\0b",
    "\r\nX-Fuzz: 1",
    f'">{MARK}',
    f"{MARK}<script>alert(1)</script>",
    "javascript:alert(1)",
    "{{7*7}}${7*7}<%= 7*7 %>",
    "' OR 1=1 --",
    "../../../../etc/passwd",
    "..\\..\\windows",
    "//elders.example/",
    "/\\elders.example",
    "https://elders.example/",
    "%00%ff%2e%2e%2f",
    "9" * 400,
    "-1",
    "1e309",
    "NaN",
    "٣",
    "²",
    "\u202e\u200b\ufeff\u0301",
    "e" + "\u0301" * 500,
    "İıſßŒ",
    "\U0001f600" * 50,
    "\ud800",
    "a" * 5_001,
    "(" * 3_000,
    "a" * 30 + "!",
    '"' * 400,
    "(a+)+$",
    "NEAR/1 AND OR NOT *",
    "title:[a TO z]^9~ /.*/",
)
FIELDS = "vraag gesprek document titel soort van tot zoek pagina deel treffer lijst passage antwoord bron".split()
FIELDS += "jaar volgorde dank terug nuttig reden toelichting breedte q topK docId width quote start format".split()
SCALARS: tuple[object, ...] = (None, True, False, 0, -1, 1.5, 10**40, 1e300, "", [], {}, [None], {"a": {"b": []}})


@dataclass(frozen=True, slots=True)
class Sent:
    """A request; `kind` is what it is counted under."""

    kind: str
    method: str
    path: str
    body: bytes = b""
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Real:
    """What there is on the server: ids, and the cookie of a session with the value for its forms."""

    documents: tuple[str, ...]
    passages: tuple[str, ...]
    answers: tuple[str, ...]
    conversations: tuple[str, ...]
    cookie: str
    csrf: str


class Fuzz:
    """Makes requests, always the same ones from the same seed and the same library."""

    def __init__(self, seed: int, real: Real) -> None:
        self._random = random.Random(seed)
        self._real = real
        self._makers: list[tuple[Callable[[], Sent], int]] = [
            (self._page, 34),
            (self._api, 30),
            (self._form, 12),
            (self._json, 14),
            (self._upload, 3),
            (self._anywhere, 7),
        ]

    def requests(self, count: int) -> Iterator[Sent]:
        """So many requests."""
        makers, weights = zip(*self._makers, strict=True)
        for _ in range(count):
            yield self._random.choices(makers, weights)[0]()

    def _page(self) -> Sent:
        doc, answer = _in_path(self._id(self._real.documents)), _in_path(self._id(self._real.answers))
        number = _in_path(self._text())
        path = self._random.choice(
            (
                *("/", "/vraag", "/voorbeelden", "/documenten", "/over", "/privacy", "/toegankelijkheid", "/inloggen"),
                *(
                    "/beheer",
                    "/beheer/documenten",
                    "/beheer/documenten/uploads",
                    f"/beheer/documenten/{doc}/verwijderen",
                ),
                *(f"/documenten/{doc}", f"/documenten/{doc}", f"/documenten/{doc}", f"/documenten/{doc}/origineel"),
                *(
                    f"/documenten/{doc}/pagina/{self._random.randint(-1, 4)}.webp",
                    f"/documenten/{doc}/pagina/{number}.webp",
                ),
                *(
                    f"/antwoorden/{answer}",
                    f"/antwoorden/{answer}/bestand.{self._random.choice(('docx', 'odt', 'md', 'exe'))}",
                ),
                f"/static/{number}",
            )
        )
        return Sent("page", self._method("GET"), self._query(path), headers=self._headers("text/html"))

    def _api(self) -> Sent:
        doc, answer = _in_path(self._id(self._real.documents)), _in_path(self._id(self._real.answers))
        passage, number = _in_path(self._id(self._real.passages)), _in_path(self._text())
        path = self._random.choice(
            (
                *("/v1/documents", "/v1/passages", "/v1/passages", "/v1/uploads", "/v1/openapi.json", "/metrics"),
                *("/health/live", "/health/ready", f"/v1/uploads/{number}", f"/v1/passages/{passage}"),
                *(f"/v1/documents/{doc}", f"/v1/documents/{doc}/text", f"/v1/documents/{doc}/original"),
                *(
                    f"/v1/documents/{doc}/pages/{number}",
                    f"/v1/documents/{doc}/pages/1",
                    f"/v1/documents/{doc}/pages/1/boxes",
                ),
                *(f"/v1/answers/{answer}", f"/v1/answers/{answer}/export", f"/v1/answers/{answer}/record"),
            )
        )
        return Sent("api", self._method("GET"), self._query(path), headers=self._headers("application/json"))

    def _form(self) -> Sent:
        fields = {name: self._text() for name in self._random.sample(FIELDS, self._random.randint(0, 6))}
        answer = _in_path(self._id(self._real.answers))
        path = self._random.choice(("/vraag", "/vraag", f"/antwoorden/{answer}/mening", "/inloggen", "/uitloggen"))
        if self._random.random() < 0.5:
            fields["vraag"] = self._random.choice(QUESTIONS)
            fields["gesprek"] = self._id(self._real.conversations)
        fields["csrf"] = self._real.csrf if self._random.random() < 0.8 else self._text()
        body = urlencode(fields, errors="surrogatepass").encode()
        accept = self._random.choice(("text/html", "text/event-stream", "*/*"))
        kind = "application/x-www-form-urlencoded" if self._random.random() < 0.9 else "multipart/form-data; boundary=x"
        return Sent("form", "POST", path, body, {**self._headers(accept), "Content-Type": kind})

    def _json(self) -> Sent:
        question: dict[str, object] = {"question": self._random.choice(QUESTIONS)}
        opinion: dict[str, object] = {"answerId": self._id(self._real.answers), "helpful": self._random.random() < 0.5}
        path, body = self._random.choice((("/v1/answers", question), ("/v1/feedback", opinion)))
        for name in ("topK", "filters", "conversationId", "question", "comment", "citationNumber", self._text()):
            if self._random.random() < 0.15:
                body[name] = self._value(2)
        text = json.dumps(body).encode()
        if self._random.random() < 0.1:
            text = bytes(self._random.randbytes(self._random.randint(0, 200)))
        accept = self._random.choice(("application/json", "text/event-stream", self._line()))
        kind = "application/json" if self._random.random() < 0.9 else self._line()
        return Sent("json", self._method("POST"), path, text, {**self._headers(accept), "Content-Type": kind})

    def _upload(self) -> Sent:
        """A form with files that cannot be used: what becomes of one that can is for the tests of reading files."""
        part = self._random.choice(
            (
                b'--x\r\nContent-Disposition: form-data; name="files"; filename="../../a\0.exe"\r\n\r\nMZ\r\n--x--\r\n',
                b'--x\r\nContent-Disposition: form-data; name="kind"\r\n\r\n' + b"a" * 5_000 + b"\r\n--x--\r\n",
                b'--x\r\nContent-Disposition: form-data; name="\xff\xfe"\r\n\r\n\xff\r\n--x--\r\n',
                b"--x\r\n\r\n\r\n" * 200,
                b"--x--\r\n",
                b"",
                self._random.randbytes(300),
            )
        )
        path = self._random.choice(("/v1/documents", "/beheer/documenten"))
        return Sent(
            "upload", "POST", path, part, {**self._headers("*/*"), "Content-Type": "multipart/form-data; boundary=x"}
        )

    def _anywhere(self) -> Sent:
        path = "/" + "/".join(_in_path(self._text(), "%") for _ in range(self._random.randint(0, 4)))
        return Sent("elsewhere", self._method("GET"), self._query(path[:6_000]), headers=self._headers("text/html"))

    def _query(self, path: str) -> str:
        if self._random.random() < 0.3:
            return path
        pairs = [(name, self._text()) for name in self._random.choices(FIELDS, k=self._random.randint(1, 5))]
        if self._random.random() < 0.3:
            pairs += [("antwoord", self._id(self._real.answers)), ("bron", str(self._random.randint(-1, 5)))]
            pairs += [("passage", self._id(self._real.passages)), ("pagina", str(self._random.randint(-1, 9)))]
        return f"{path}?{urlencode(pairs, errors='surrogatepass')}"

    def _headers(self, accept: str) -> dict[str, str]:
        headers = {"Accept": accept}
        if self._random.random() < 0.8:
            headers["Cookie"] = self._real.cookie
        if self._random.random() < 0.2:
            name = self._random.choice(
                (
                    "Cookie",
                    "Authorization",
                    "X-Request-Id",
                    "Origin",
                    "If-None-Match",
                    "Accept-Encoding",
                    "Range",
                    "Host",
                )
            )
            headers[name] = self._line()
        return headers

    def _method(self, usual: str) -> str:
        others = ("HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "GET", "POST")
        return usual if self._random.random() < 0.9 else self._random.choice(others)

    def _id(self, real: tuple[str, ...]) -> str:
        return self._random.choice(real) if real and self._random.random() < 0.7 else self._text()

    def _text(self) -> str:
        chance = self._random.random()
        if chance < 0.55:
            return self._random.choice(NASTY)
        if chance < 0.75:
            return str(self._random.choice((0, 1, 2, 3, 10, 2024, 2**31, 2**63, 10**20)))
        if chance < 0.9:
            return self._random.choice(
                ("woningen", "warmtenet", '"sociale huur"', "raadsbrief", "Veldrijk", "nieuwste")
            )
        return "".join(chr(self._random.randrange(0x3000)) for _ in range(self._random.randint(1, 40)))

    def _line(self) -> str:
        """Text that can stand in a header."""
        text = self._text().encode("utf-8", "replace").decode("latin-1")
        return "".join(one for one in text if one.isprintable() and one not in "\r\n")[:2_000]

    def _value(self, depth: int) -> object:
        if depth and self._random.random() < 0.6:
            names = ("docIds", "kinds", "issuedFrom", "issuedTo", self._text())
            return {name: self._value(depth - 1) for name in self._random.sample(names, 2)}
        return self._random.choice(
            (self._random.choice(SCALARS), self._text(), [self._text()], self._random.randint(1, 20))
        )


def _in_path(text: str, safe: str = "") -> str:
    """The text as a piece of an address, half characters and all."""
    return quoted(text, safe=safe, errors="surrogatepass")
