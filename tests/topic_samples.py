"""Questions for tests, and strategies that make valid ones."""

from hypothesis import strategies as st

from eval.topics import KINDS, LONGEST_ID, Evidence, Topic, document_name
from eval.words import normalise

QUOTE = "De gemeente haalt het oud papier op donderdag op."


def an_answer(topic_id="v1", *, question="Wanneer komt het oud papier?", kind="fact", evidence=None, facts=None):
    """A question with an answer; `evidence` are (source, quote) pairs."""
    pieces = tuple(Evidence(*pair) for pair in evidence or [("afvalplan.md", QUOTE)])
    return Topic(topic_id, question, kind, True, pieces, False, facts or (("donderdag", "elke donderdag"),))


def no_answer(topic_id="v9"):
    """A question without an answer."""
    return Topic(topic_id, "Wie wint de loterij?", "unanswerable", False, (), False)


# Characters that mean something in one of the formats, and ordinary ones.
CHARACTERS = st.sampled_from("ab1é€ \t\n\r|\\;,\"'=+-@＝_x{}<>/\u00a0\u2028\x85") | st.characters(
    exclude_categories=["Cs"]
)


def texts(characters=CHARACTERS):
    """Text with at least one word."""
    around = st.text(characters, max_size=8)
    return st.builds("{}w{}".format, around, around).filter(normalise)


IDS = st.builds("v{}1".format, st.text("aB1é -._", max_size=LONGEST_ID - 2))


@st.composite
def topics_like(draw, text=None):
    """A valid question."""
    words = text if text is not None else texts()
    kind = draw(st.sampled_from(KINDS))
    pieces = st.builds(Evidence, words.filter(document_name), words)
    answerable = kind != "unanswerable"
    return Topic(
        draw(IDS),
        draw(words),
        kind,
        answerable,
        tuple(draw(st.lists(pieces, min_size=1, max_size=2, unique_by=_known_as))) if answerable else (),
        draw(st.booleans()),
        tuple(draw(st.lists(st.lists(words, min_size=1, max_size=2).map(tuple), min_size=1, max_size=2)))
        if answerable
        else (),
    )


def lists_of_topics(text=None):
    """Valid questions with an id each."""
    return st.lists(topics_like(text), min_size=1, max_size=3, unique_by=lambda topic: topic.topic_id.casefold())


def _known_as(found):
    return found.document, normalise(found.quote)


TOPICS = lists_of_topics()
