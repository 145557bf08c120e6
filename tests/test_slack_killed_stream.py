"""The real bot with a language model, killed while it streams an answer: the next start makes it one whole answer."""

import pytest

from tests.api_server import publish_corpus
from tests.openai_server import Behaviour
from tests.openai_server import serving as model_server
from tests.slack_bot import question_of
from tests.slack_local.server import local_slack
from tests.slack_local.world import BOT_USER
from tests.slack_process import running_bot, start_bot, wait_for_bot
from tests.slack_samples import ANNA, RAAD

QUESTION = "Hoeveel woningen bouwt Veldrijk tot 2030?"
HOMES = "Tot 2030 bouwt Veldrijk 2.150 woningen."
PLACES = ((RAAD, f"<@{BOT_USER}> "), ("D0ANNA", ""))
RENT = "Een derde daarvan is sociale huur."


@pytest.fixture(scope="module")
def data(tmp_path_factory, encoder):
    return publish_corpus(tmp_path_factory.mktemp("bot"), encoder)


def test_a_kill_in_mid_stream_leaves_exactly_one_whole_answer(data):
    def written(asked):
        lines = [f"- {one} [{asked.number_of(one)}] «{one}»" for one in (HOMES, RENT)]
        # At first it says one statement of each answer, and then nothing more: there it is killed.
        silent = len(lines[0]) + 3 if len(script.asked) <= len(PLACES) else None
        return Behaviour("\n".join(lines), silent_after=silent)

    with local_slack() as slack, model_server(written) as (url, script):
        slack.world.channel(RAAD, slack.world.user(ANNA))
        slack.world.channel("D0ANNA", ANNA, kind="im")
        model = {"VNG_LLM": "openai", "VNG_LLM_URL": url, "VNG_LLM_MODEL": "proefmodel", "VNG_LLM_KEY": "geheim"}
        first = start_bot(slack, data, **model)
        try:
            wait_for_bot(slack, first, data)
            asked = [(place, slack.say(place, ANNA, f"{begin}{QUESTION}")) for place, begin in PLACES]
            slack.world.wait(lambda: all(slack.world.by_bot(*one) for one in asked), 60)
        finally:
            first.kill()
            first.wait()
            script.stopped.set()
        halves = [half for one in asked for half in slack.world.by_bot(*one)]
        assert [(question_of(one), "sociale huur" in one["text"]) for one in halves] == [("", False)] * len(asked)
        script.stopped.clear()
        with running_bot(slack, data, **model):
            slack.world.wait(lambda: all(any(map(question_of, slack.world.by_bot(*one))) for one in asked), 60)
        wholes = [whole for one in asked for whole in slack.world.by_bot(*one)]
        assert [one["ts"] for one in wholes] == [one["ts"] for one in halves]
        assert [question_of(one) for one in wholes] == [ts for _, ts in asked]
        assert all("2.150 woningen" in one["text"] and "sociale huur" in one["text"] for one in wholes)
        assert "open" not in slack.world.streams.values()
        assert slack.world.complaints == []
