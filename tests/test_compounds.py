from time import perf_counter

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from ingest.compounds import LINKS, LONGEST, NEVER_FIRST, NEVER_LAST, PARTS, SHORT_PARTS, SHORTEST_PART, split_compound
from ingest.dutch import STOP_WORDS, fold, words

KNOWN = PARTS.read_text(encoding="utf-8").split()
RANKS = {word: rank for rank, word in enumerate(KNOWN, 1)}
FIRST = [word for word in KNOWN if len(word) >= SHORTEST_PART and word not in NEVER_FIRST]
LAST = [word for word in KNOWN if len(word) >= SHORTEST_PART and word not in NEVER_LAST]


def halves(word: str) -> list[tuple[str, str]]:
    """The (head, tail) that can be read back from the parts of a compound."""
    parts = split_compound(word)
    return [(parts[0], tail) for tail in parts for link in LINKS if word == parts[0] + link + tail]


@pytest.mark.parametrize(
    ("word", "parts"),
    [
        ("woningbouwopgave", ("woningbouw", "woning", "bouw", "opgave")),
        ("arbeidsmarktregio", ("arbeidsmarkt", "arbeid", "markt", "regio")),
        ("schuldhulpverlening", ("schuld", "hulpverlening", "hulp", "verlening")),
        ("gemeenteraad", ("gemeente", "raad")),
        ("jeugdhulp", ("jeugd", "hulp")),
    ],
)
def test_a_compound_gives_its_halves_and_what_these_consist_of(word: str, parts: tuple[str, ...]):
    assert split_compound(word) == parts


@pytest.mark.parametrize("word", ["bestuursakkoord", "raadsleden", "verkeersveiligheid", "leerlingenvervoer"])
def test_a_linking_sound_belongs_to_no_part(word: str):
    head = split_compound(word)[0]
    assert head in RANKS
    assert word.startswith(head)


def test_three_letters_are_a_part_only_if_many_compounds_have_them():
    assert split_compound("omgevingswet") == ("omgeving", "wet")
    assert split_compound("raadslid") == ("raad", "lid")
    assert "nor" not in SHORT_PARTS
    assert split_compound("gemeentenor") == ()


@pytest.mark.parametrize(
    "word",
    [
        "burgemeester",
        "wethouder",
        "gemeenschap",
        "verantwoordelijkheid",
        "samenwerking",
        "toegankelijkheid",
        "overleggen",
    ],
)
def test_a_prefix_or_an_ending_is_no_part(word: str):
    assert split_compound(word) == ()


@pytest.mark.parametrize("word", ["", "raad", "jeugdig", "xqzwkvbrtpl", "2018-2022", "b&w", "covid19maatregel"])
def test_a_short_word_an_unknown_word_and_what_is_no_word_are_not_split(word: str):
    assert split_compound(word) == ()


def test_a_stretch_of_letters_that_is_no_word_costs_no_time():
    begin = perf_counter()
    assert split_compound("gemeenteraad" * 2_000) == ()
    assert perf_counter() - begin < 1


def test_the_known_words_are_folded_content_words_and_stand_there_once():
    assert len(KNOWN) > 5_000
    assert len(RANKS) == len(KNOWN)
    wrong = [word for word in KNOWN if fold(word) != word or not word.isalpha() or len(word) < 3 or word in STOP_WORDS]
    assert wrong == []
    assert PARTS.read_text(encoding="utf-8").splitlines() == KNOWN


@given(st.sampled_from(FIRST), st.sampled_from(LINKS), st.sampled_from(LAST))
def test_two_known_words_and_a_linking_sound_are_a_compound(head: str, link: str, tail: str):
    word = head + link + tail
    assume(8 <= len(word) <= LONGEST)
    found = halves(word)
    assert found
    # The cut that was chosen is no worse than the one that the word was made by.
    rarest = min(max(RANKS.get(half, len(KNOWN) + 1) for half in cut) for cut in found)
    assert rarest <= max(RANKS[head], RANKS[tail])


@given(st.text(max_size=80) | st.text("adeghilnorstvw", max_size=80))
def test_parts_stand_in_the_word_and_are_shorter(text: str):
    for word in words(text):
        parts = split_compound(word)
        assert len(set(parts)) == len(parts)
        assert all(part in word and 3 <= len(part) < len(word) for part in parts)
        if parts:
            assert halves(word)


@given(st.lists(st.sampled_from(FIRST), min_size=2, max_size=4).map("".join))
def test_the_parts_of_a_part_are_parts(word: str):
    parts = split_compound(word)
    assert all(set(split_compound(part)) <= set(parts) for part in parts)
