"""What is kept of what was read: the same values, no more than the bound, from several threads."""

from concurrent.futures import ThreadPoolExecutor

from hypothesis import given
from hypothesis import strategies as st

from ingest.recent import Recent


def counting(read):
    """Reads the square of each key, and notes which keys were read."""

    def squares(keys):
        read.extend(keys)
        return {key: key * key for key in keys if key >= 0}

    return squares


def test_what_was_read_is_not_read_again():
    read: list[int] = []
    kept: Recent[int, int] = Recent(10)
    assert kept.get_all([1, 2], counting(read)) == {1: 1, 2: 4}
    assert kept.get_all([2, 3], counting(read)) == {2: 4, 3: 9}
    assert kept.get(3, lambda key: -key) == 9
    assert read == [1, 2, 3]


def test_what_is_not_there_is_asked_for_again():
    read: list[int] = []
    kept: Recent[int, int] = Recent(10)
    assert kept.get_all([-1], counting(read)) == kept.get_all([-1], counting(read)) == {}
    assert read == [-1, -1]


def test_what_was_read_longest_ago_makes_place():
    read: list[str] = []
    kept: Recent[str, str] = Recent(6, size=len)

    def itself(key):
        read.append(key)
        return key

    for key in ("aaa", "bbb", "aaa", "cc", "aaa"):
        assert kept.get(key, itself) == key
    assert read == ["aaa", "bbb", "cc", "aaa"]


def test_what_is_larger_than_all_that_is_kept_is_given_and_not_kept():
    kept: Recent[str, str] = Recent(2, size=len)
    assert kept.get("abc", str.upper) == "ABC"
    assert kept.get("abc", str.title) == "Abc"


def test_nothing_is_kept_once_it_is_closed():
    kept: Recent[str, str] = Recent(10)
    kept.get("a", str.upper)
    kept.close()
    assert kept.get("a", str.title) == "A"
    assert kept.get("a", lambda key: key * 2) == "aa"


@given(st.integers(1, 4), st.lists(st.lists(st.integers(0, 8), max_size=5), max_size=20))
def test_however_little_is_kept_the_values_are_right(most, batches):
    kept: Recent[int, int] = Recent(most)
    for keys in batches:
        assert kept.get_all(keys, counting([])) == {key: key * key for key in keys}


def test_threads_get_what_they_ask_for():
    kept: Recent[int, int] = Recent(5)
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda at: kept.get_all(range(at, at + 4), counting([])), list(range(20)) * 20))
    assert found == [{key: key * key for key in range(at, at + 4)} for at in list(range(20)) * 20]
