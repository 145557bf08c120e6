"""Keys: how they are made, kept, known again, and no longer known."""

import json
import re
import stat
from datetime import UTC, date, datetime, timedelta
from multiprocessing import get_context

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.access import Scope
from api.errors import KeyNameTaken, KeysUnreadable, Unauthenticated, UnknownKey
from api.keys import KeyFile, hash_of, new_text, prefix_of

ASK: frozenset[Scope] = frozenset({"ask"})


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self):
        self.now = datetime(2026, 5, 4, 12, tzinfo=UTC)

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "sleutels" / "keys.json"


@pytest.fixture
def keys(path, clock):
    return KeyFile(path, clock=clock)


def why(keys, text):
    with pytest.raises(Unauthenticated) as refused:
        keys.of_text(text)
    return refused.value.why


def test_a_key_is_known_again_by_its_text_alone(keys):
    text, key = keys.add("griffie", scopes=ASK, groups=frozenset({"directie"}), rate="30/minute")
    assert keys.of_text(text) == key
    assert keys.of_prefix(key.prefix) == key
    assert (key.name, key.scopes, key.groups, key.rate) == ("griffie", ASK, frozenset({"directie"}), "30/minute")


def test_a_key_can_be_found_in_a_leak_and_holds_256_bits():
    texts = {new_text() for _ in range(200)}
    assert len(texts) == 200
    for text in texts:
        assert re.fullmatch(r"vng_[0-9A-Za-z]{8}_[0-9A-Za-z]{49}", text)
        assert len(text) == 62
    assert 62**43 > 2**256
    assert len({text[13:56] for text in texts}) == 200


@given(st.data())
def test_a_key_that_was_copied_wrongly_is_told_from_one_that_is_not_there(data):
    text = new_text()
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("0aZ9_ x"))
    wrong = text[:place] + other + text[place + 1 :]
    if wrong != text:
        assert prefix_of(wrong) is None
    assert prefix_of(text) == text[4:12]


@given(st.text())
def test_any_text_is_a_key_or_not(text):
    assert prefix_of(text) is None


@pytest.mark.parametrize("wrong", ["", "vng_", "x" * 10_000, "vng_kort_kort", "\ud800", "vng_é" + "a" * 57, "١" * 62])
def test_what_is_no_key_is_mistyped(keys, wrong):
    keys.add("griffie", scopes=ASK)
    assert why(keys, wrong) == "mistyped"


def test_each_reason_has_its_word(keys, clock):
    assert why(keys, new_text()) == "unknown"
    text, _ = keys.add("tijdelijk", scopes=ASK, expires=date(2026, 5, 6))
    clock.now += timedelta(days=1)
    assert keys.of_text(text).name == "tijdelijk"
    clock.now += timedelta(days=1)
    assert why(keys, text) == "expired"
    keys.revoke("tijdelijk")
    assert why(keys, text) == "revoked"


def test_the_prefix_alone_opens_nothing(keys):
    text, key = keys.add("griffie", scopes=ASK)
    other = new_text()
    # A text in good form, with the prefix of a key that is there and another secret.
    body = f"vng_{key.prefix}_{other[13:56]}"
    from api.keys import _check_sum

    assert why(keys, body + _check_sum(body)) == "unknown"
    assert keys.of_text(text) == key


def test_the_file_holds_no_key_and_is_for_its_owner_only(keys, path):
    text, key = keys.add("griffie", scopes=ASK)
    kept = path.read_text(encoding="utf-8")
    assert text not in kept
    assert text[13:56] not in kept
    assert hash_of(text) in kept
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    keys.revoke(key.prefix)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert sorted(one.name for one in path.parent.iterdir()) == ["keys.json", "keys.json.lock"]


def test_a_key_that_another_process_revokes_stops_at_once(keys, path, clock):
    text, _ = keys.add("griffie", scopes=ASK)
    assert keys.of_text(text)
    KeyFile(path, clock=clock).revoke("griffie")
    assert why(keys, text) == "revoked"
    path.unlink()
    assert why(keys, text) == "unknown"
    assert not keys.has_valid()


def test_a_name_is_given_once_until_it_is_revoked(keys):
    keys.add("griffie", scopes=ASK)
    with pytest.raises(KeyNameTaken):
        keys.add("griffie", scopes=ASK)
    first = keys.revoke("griffie")
    _, second = keys.add("griffie", scopes=ASK)
    assert keys.revoke("griffie").prefix == second.prefix != first.prefix
    with pytest.raises(UnknownKey):
        keys.revoke("griffie")
    with pytest.raises(UnknownKey):
        keys.revoke("bestaat-niet")


def test_revoking_twice_keeps_the_first_moment(keys, clock):
    _, key = keys.add("griffie", scopes=ASK)
    first = keys.revoke(key.prefix).revoked
    clock.now += timedelta(days=1)
    assert keys.revoke(key.prefix).revoked == first


def test_only_a_key_that_works_counts(keys, clock):
    assert not keys.has_valid()
    keys.add("kort", scopes=ASK, expires=date(2026, 5, 5))
    assert keys.has_valid()
    clock.now += timedelta(days=2)
    assert not keys.has_valid()


@pytest.mark.parametrize("wrong", ["", "{", "[]", '{"keys": [{}]}', '{"keys": [], "meer": 1}', "\x00"])
def test_a_damaged_file_lets_nobody_in_and_is_not_overwritten(keys, path, wrong):
    text, _ = keys.add("griffie", scopes=ASK)
    path.write_text(wrong, encoding="utf-8")
    for use in (keys.has_valid, lambda: keys.of_text(text), lambda: keys.add("x", scopes=ASK)):
        with pytest.raises(KeysUnreadable) as refused:
            use()
        assert refused.value.path == str(path)
    assert path.read_text(encoding="utf-8") == wrong


def test_an_unknown_scope_in_the_file_is_not_guessed_at(keys, path):
    keys.add("griffie", scopes=ASK)
    kept = json.loads(path.read_text(encoding="utf-8"))
    kept["keys"][0]["scopes"] = ["alles"]
    path.write_text(json.dumps(kept), encoding="utf-8")
    with pytest.raises(KeysUnreadable):
        keys.kept()


def _add(path, number):
    KeyFile(path).add(f"sleutel {number}", scopes=ASK)


def test_processes_that_add_at_once_lose_nothing(path):
    context = get_context("spawn")
    workers = [context.Process(target=_add, args=(path, number)) for number in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(120)
    assert [worker.exitcode for worker in workers] == [0, 0, 0]
    assert {key.name for key in KeyFile(path).kept()} == {f"sleutel {number}" for number in range(3)}
