"""How often somebody may ask."""

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access import Caller
from api.errors import BadRate, TooManyRequests
from api.limits import MOST_PLACES, READING, Limits, checked_rate, place_of

GRIFFIE, WEBSITE = Caller("griffie", bucket="aaaaaaaa"), Caller("website", bucket="bbbbbbbb")


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = 1_000_000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


def allowed(count, most=100_000):
    """How often `count` succeeds before it is too much, and for how long to wait then; 0 where it never is."""
    for done in range(most):
        try:
            count()
        except TooManyRequests as error:
            return done, error.seconds
    return most, 0


def test_questions_are_counted_by_key(clock):
    limits = Limits("3/minute", clock=clock)
    assert allowed(lambda: limits.asks(GRIFFIE)) == (3, 60)
    assert allowed(lambda: limits.asks(WEBSITE)) == (3, 60)


def test_the_window_moves_along(clock):
    limits = Limits("2/minute", clock=clock)
    limits.asks(GRIFFIE)
    clock.now += 40
    limits.asks(GRIFFIE)
    assert allowed(lambda: limits.asks(GRIFFIE)) == (0, 20)
    clock.now += 20
    assert allowed(lambda: limits.asks(GRIFFIE)) == (1, 40)


def test_after_the_time_that_was_told_it_goes(clock):
    limits = Limits("5/hour", clock=clock)
    _, wait = allowed(lambda: limits.asks(GRIFFIE))
    clock.now += wait
    limits.asks(GRIFFIE)


def test_a_key_may_have_its_own_rate(clock):
    limits = Limits("3/minute", clock=clock)
    assert allowed(lambda: limits.asks(Caller(bucket="cccccccc", rate="7/hour"))) == (7, 3600)


def test_reading_has_more_room_and_its_own_count(clock):
    limits = Limits("3/minute", clock=clock)
    assert allowed(lambda: limits.asks(GRIFFIE))[0] == 3
    assert allowed(lambda: limits.comes(GRIFFIE)) == (3 * READING, 60)


def test_the_one_person_there_is_has_no_limit():
    limits = Limits("1/day")
    assert allowed(lambda: limits.asks(Caller()), 50)[1] == 0
    assert allowed(lambda: limits.comes(Caller()), 50)[1] == 0


def test_wrong_keys_are_counted_by_address(clock):
    limits = Limits(clock=clock)
    assert allowed(lambda: limits.fails("192.0.2.1", wrong=True)) == (20, 60)
    assert allowed(lambda: limits.fails("192.0.2.2", wrong=True)) == (20, 60)
    assert allowed(lambda: limits.fails("192.0.2.1", wrong=False)) == (200, 60)


def test_a_whole_network_of_ipv6_is_one_place():
    assert place_of("2001:db8:1:2::1") == place_of("2001:db8:1:2:ffff::9") == "2001:db8:1:2::/64"
    assert place_of("2001:db8:1:3::1") != place_of("2001:db8:1:2::1")
    assert place_of("::ffff:192.0.2.1") == place_of("192.0.2.1") == "192.0.2.1"
    assert place_of("fe80::1%eth0") == "fe80::/64"


@given(st.text())
def test_whatever_stands_for_an_address_has_a_short_place(text):
    assert len(place_of(text)) <= 50


def test_what_is_remembered_is_bounded(clock):
    limits = Limits("2/minute", clock=clock)
    limits.asks(GRIFFIE)
    limits.asks(GRIFFIE)
    for number in range(MOST_PLACES + 500):
        limits.fails(f"10.0.{number // 256}.{number % 256}", wrong=True)
    windows = limits._addresses.storage
    assert allowed(lambda: limits.asks(GRIFFIE))[0] == 0  # many addresses do not push out a key
    assert windows.reset() == MOST_PLACES


def test_threads_together_get_no_more_than_one_would(clock):
    limits = Limits("500/minute", clock=clock)
    counts = []
    workers = [threading.Thread(target=lambda: counts.append(allowed(lambda: limits.asks(GRIFFIE))[0])) for _ in "1234"]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sum(counts) == 500


@pytest.mark.parametrize("rate", ["1/second", "60/minute", "9999/hour", "10/day"])
def test_a_rate_that_says_something(rate):
    assert checked_rate(rate) == rate
    Limits(rate)


@pytest.mark.parametrize(
    "rate",
    [
        "",
        "60",
        "0/minute",
        "-1/minute",
        "60/minuut",
        "10000/minute",
        "60 /minute",
        "1/minute;1/hour",
        "1/month",
        "١/day",
    ],
)
def test_a_rate_that_says_nothing(rate):
    with pytest.raises(BadRate) as refused:
        Limits(rate)
    assert refused.value.rate == rate
