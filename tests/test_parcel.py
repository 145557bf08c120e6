import pickle
import threading
from dataclasses import FrozenInstanceError, dataclass, field

import pytest

from assistant.parcel import packed, unpacked
from assistant.types import Query, Reason, Statement
from tests.test_record import ANSWER


@dataclass(frozen=True, slots=True)
class Single:
    """One field."""

    of: str


@dataclass(frozen=True, slots=True)
class Counted:
    """A field that is worked out."""

    words: tuple[str, ...]
    count: int = field(init=False)

    def __post_init__(self):
        object.__setattr__(self, "count", len(self.words))


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Fields that have to be named."""

    one: int
    other: int


def test_an_answer_arrives_as_it_left():
    again = unpacked(packed(ANSWER))
    assert again == ANSWER
    assert type(again.status) is type(ANSWER.status)
    assert type(again.query.groups) is frozenset


@pytest.mark.parametrize(
    "message",
    [
        Single("een"),
        Counted(("een", "twee")),
        Named(one=1, other=2),
        ("item", Statement("Er komen woningen.", (1, 2))),
        [Query("Hoeveel?", groups=frozenset({"directie"})), Reason.PART],
        ("error", KeyError("sleutel").args),
        "stop",
        None,
    ],
)
def test_other_messages_arrive_too(message):
    again = unpacked(packed(message))
    assert again == message
    assert type(again) is type(message)


def test_what_was_one_thing_stays_one():
    shared = Single("een")
    first, second = unpacked(packed([(shared, 1), (shared, 2)]))
    assert first[0] is second[0]


def test_what_arrives_is_frozen():
    with pytest.raises(FrozenInstanceError):
        unpacked(packed(Query("Hoeveel?"))).text = "iets anders"


def test_what_cannot_go_is_refused():
    with pytest.raises((TypeError, pickle.PicklingError)):
        packed([threading.Lock()])
