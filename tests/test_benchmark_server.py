"""What measures the server: that it counts what it should, against a real server."""

import asyncio
import json
from collections import Counter

from starlette.applications import Starlette
from starlette.responses import JSONResponse, StreamingResponse
from starlette.routing import Route

from benchmarks.http_client import Client
from benchmarks.load import Target, closed_loop, paced_loop
from benchmarks.server import OF_KIND, chosen_questions
from benchmarks.soak import growth_table
from benchmarks.written_questions import WrittenQuestion, WrittenSource
from tests.api_server import serving

ASKED: Counter[str] = Counter()


async def answer(request):
    question = (await request.json())["vraag"]
    ASKED[question] += 1
    return JSONResponse({}, 503 if question == "te druk" else 201, {"Set-Cookie": "sessie=abc; Path=/"})


async def pieces(_request):
    return StreamingResponse((one async for one in _letters()), media_type="text/plain")


async def _letters():
    for one in ("een", "twee", "drie"):
        yield one


def target_of(address):
    return Target("proef", int(address.rpartition(":")[2]), "/vraag", '{"vraag": %s}')


def application():
    ASKED.clear()
    return Starlette(routes=[Route("/vraag", answer, methods=["POST"]), Route("/stukken", pieces)])


def test_clients_that_wait_ask_each_question_as_often_as_told():
    with serving(application()) as address:
        found = closed_loop(target_of(address), ['a "b"', "te druk"], clients=3, count=10, seconds=60)
    assert ASKED == {'a "b"': 5, "te druk": 5}
    assert (len(found.milliseconds), found.errors) == (5, ["503"] * 5)
    assert found.rate > 0


def test_questions_come_at_their_rate_whatever_happens():
    with serving(application()) as address:
        found = paced_loop(target_of(address), ["een", "twee"], clients=3, rate=100, count=20)
    assert ASKED == {"een": 10, "twee": 10}
    assert len(found.milliseconds) == 20
    assert found.seconds >= 19 / 100


def test_a_server_that_is_not_there_is_counted():
    with serving(application()) as address:
        target = target_of(address)
    found = closed_loop(target, ["een"], clients=2, count=4, seconds=60)
    assert (found.milliseconds, len(found.errors)) == ([], 4)


def test_a_response_in_pieces_is_read_and_cookies_come_back():
    async def talk(port):
        client = Client(port)
        body = (await client.send("GET", "/stukken")).body
        await client.send("POST", "/vraag", json.dumps({"vraag": "x"}).encode())
        await client.close()
        return body, client.cookies

    with serving(application()) as address:
        assert asyncio.run(talk(target_of(address).port)) == (b"eentweedrie", {b"sessie": b"abc"})


def test_growth_is_that_of_the_time_after_the_start():
    samples = [(float(at), {7: 100 + max(0, 40 - at), 8: 50 + at / 3600 * 30}) for at in range(0, 110, 10)]
    lines = growth_table(samples)
    assert lines[3].startswith("| 7 | 140 MB | 100 MB | 100 MB | 140 MB | +0.0 MB")
    assert lines[4].endswith("| +30.0 MB |")
    assert "| all |" in lines[2]


def test_there_are_as_many_questions_of_each_kind_and_none_twice():
    kinds = ["feit"] * 100 + ["waarom"] * 100
    questions = [WrittenQuestion(f"{kind} {number}?", kind, "d", ()) for number, kind in enumerate(kinds)]
    asked, warm = chosen_questions([WrittenSource("d", "D", "own", "train", {}, questions)], 3)
    assert Counter(one.split()[0] for one in asked) == {"feit": OF_KIND, "waarom": OF_KIND}
    assert not set(asked) & set(warm)
    assert len(set(asked)) == len(asked)
