import asyncio

import pytest

from api.metrics import Metrics
from api.middleware import Envelope

TYPE = b"content-type"


def dressed(headers, *, scheme="http", request_headers=()):
    """The headers of a response with these, as they leave the envelope."""

    async def app(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    said = []

    async def send(message):
        said.append(message)

    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/", "scheme": scheme, "headers": list(request_headers)}
    asyncio.run(Envelope(app, metrics=Metrics(), version="1.2.3")(scope, receive, send))
    return said[0]["headers"]


@pytest.mark.parametrize(
    ("media_type", "policy"), [(b"text/html; charset=utf-8", b"same-origin"), (b"application/json", b"no-referrer")]
)
def test_every_header_is_there_once(media_type, policy):
    found = dressed([(TYPE, media_type)])
    names = [name for name, _ in found]
    assert len(names) == len(set(names))
    assert dict(found)[b"referrer-policy"] == policy
    assert dict(found)[b"api-version"] == b"1.2.3"
    assert dict(found)[b"cache-control"] == b"no-store"
    assert b"strict-transport-security" not in names


def test_what_a_response_says_itself_stays():
    found = dressed(
        [(TYPE, b"text/css"), (b"cache-control", b"max-age=60"), (b"set-cookie", b"a=1"), (b"set-cookie", b"b=2")]
    )
    assert [value for name, value in found if name == b"cache-control"] == [b"max-age=60"]
    assert [value for name, value in found if name == b"set-cookie"] == [b"a=1", b"b=2"]


def test_the_id_of_the_request_and_the_word_on_tls_are_always_ours():
    theirs = [(b"x-request-id", b"van-binnen"), (b"strict-transport-security", b"max-age=1")]
    found = dressed(theirs, scheme="https", request_headers=[(b"x-request-id", b"van-buiten")])
    assert [value for name, value in found if name == b"x-request-id"] == [b"van-buiten"]
    assert [value for name, value in found if name == b"strict-transport-security"] == [b"max-age=31536000"]


def test_a_response_without_headers_gets_ours_too():
    assert dict(dressed([]))[b"x-content-type-options"] == b"nosniff"
