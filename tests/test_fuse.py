from hypothesis import given
from hypothesis import strategies as st

from assistant.fuse import Signals, fuse

share = st.floats(0, 1)
cosine = st.floats(-1, 1)


@given(share, share, cosine, cosine)
def test_more_of_anything_never_lowers_the_score(low, high, passage, window):
    low, high = sorted((low, high))
    assert fuse(Signals(low, passage, window)) <= fuse(Signals(high, passage, window))
    a, b = sorted((passage, window))
    assert fuse(Signals(low, a, window)) <= fuse(Signals(low, b, window))
    assert fuse(Signals(low, passage, a)) <= fuse(Signals(low, passage, b))


def test_a_passage_without_words_in_common_can_win_on_meaning():
    near, far = Signals(0.0, 0.7, 0.8), Signals(0.15, 0.1, 0.1)
    assert fuse(near) > fuse(far)


def test_without_a_window_the_passage_stands_in():
    assert fuse(Signals(0.3, 0.5)) == fuse(Signals(0.3, 0.5, 0.5))
