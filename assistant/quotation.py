"""What is quoted for a sentence: the sentence with what it needs to be understood, or the list that it leads into."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.lists import MARKER, ListFound, count_in, leads_into_list, list_at, table_at, told_list_at
from assistant.passage_sentences import Sentence
from assistant.sentence_match import CAUSE
from assistant.understand import Question
from ingest.dutch import content_words, stem
from ingest.sentences import sentences
from ingest.types import BlockSpan, CanonicalText

JOINED_WORDS = 70  # words of a quote that takes the sentence before along
FOLLOWED_WORDS = 60  # words of a quote that takes the sentence after along
BACK = 2  # sentences at most that are taken along before
LABEL_WORDS = 12
SHORT = ("amount", "time", "person")  # what such a question asks for is one thing
ITEMS_WORDS = 90  # words of a list that is quoted whole because one of its items cannot be understood alone
RUNNING = ("paragraph", "list_item")  # blocks that go on in the next of their kind; a pull quote does not
# "Wat houdt ... in", "hoe gaat ...": the next sentence may say more of what is asked. "In welke plaats": it does not.
TOLD = re.compile(r"^\W*(?:\w+ )?(?:hoe|wat|how|what)\b", re.IGNORECASE)

# "Dit", "Hij", "Daarom": what it refers to stands before. After a capital only, for it begins the sentence.
REFERS = re.compile(
    r"[‘'“\"]?(?:(?:Juist|Ook|En|Maar|Want|Dus|Vooral|Precies|Mede) )?"
    r"(?:(Dit|Dat|Deze|Die|Dergelijke|Zulke|Zo'n|dit|dat|deze|die)(?: (\w+))?|Zij|Ze|Hij|Hem|Haar|Hun|"
    r"Het (?:is|zijn|was|waren|gaat|betreft|vraagt|betekent|leidt|biedt|maakt|geeft|helpt)|"
    r"[Dd]aar(?:om|door|mee|bij|van|voor|naast|op|in|toe|tegen|entegen|over|uit|aan|na|onder|achter|tussen)|"
    r"[Hh]ier(?:om|door|mee|bij|van|voor|in|op|toe|naast|over|uit|aan|na|onder)|Zo|Dan|Want|Immers|Bovendien|Ook|Toch|Echter|Maar|Dus|Bijvoorbeeld|"
    r"This|These|Those|They|It|He|She|That)\b"
)
# "Het jaarbericht is daarom geen standpunt": the reason stands before, wherever in the sentence this word does.
THEREFORE = re.compile(r"\b(?:[dD]aar(?:om|door)|[hH]ier(?:om|door)|dus|zodoende|vandaar|therefore|thus|hence)\b")
# What begins so goes on where the sentence before stopped.
GOES_ON = re.compile(
    r"(?:(Dit|Dat|Deze|Die)\b|[Dd]aar\w+\b|[Hh]ier\w*\b|Zo\b|Dan\b|Want\b|Immers\b|"
    r"Bijvoorbeeld\b|Namelijk\b)"
)
LABEL = re.compile(r"[A-Z][\w’' -]{2,30}:\s\S")
# "Omdat …", "Ja, …": what begins so is half of what was asked and said.
REPLIES = re.compile(r"[‘'“\"]?(?:Omdat|Doordat|Ja|Nee|Jazeker|Nou|Because|Yes|No|Daar)\b")
OPEN_END = re.compile(r"[,–-]$")


@dataclass(frozen=True, slots=True)
class Quotation:
    """A quote as it is shown, and the [start, end) of its document that it consists of, in order."""

    sentence: Sentence
    spans: tuple[tuple[int, int], ...]
    text: str
    is_list: bool = False

    @property
    def doc_id(self) -> str:
        """The document that is quoted."""
        return self.sentence.doc_id

    def within(self, other: "Quotation") -> bool:
        """Whether all of it is part of another quotation, or the other way round."""
        return self.doc_id == other.doc_id and (_inside(self.spans, other.spans) or _inside(other.spans, self.spans))

    def joined(self, other: "Quotation", canonical: CanonicalText) -> "Quotation | None":
        """One quotation of this and another, where they overlap in their document; None where they do not."""
        if self.doc_id != other.doc_id or self.is_list or other.is_list:
            return None
        (start, end), (first, last) = self.spans[0], other.spans[0]
        if start >= last or first >= end:
            return None
        whole = min(start, first), max(end, last)
        return Quotation(other.sentence, (whole,), shown(canonical, *whole))


def quotation(sentence: Sentence, question: Question, canonical: CanonicalText) -> Quotation:
    """What to quote for a sentence that answers a question."""
    listed = _list(sentence, question, canonical) or _list_of_fragments(sentence, question, canonical)
    if listed:
        return _of_list(sentence, listed, canonical)
    start, end = _record(sentence, canonical) or _widened(sentence, question, canonical)
    if canonical.text[start:end].endswith(":") and (
        led := list_at(canonical, _block_at(canonical, end - 1), start, end)
    ):
        return _of_list(sentence, led, canonical)
    return Quotation(sentence, ((start, end),), shown(canonical, start, end))


def shown(canonical: CanonicalText, start: int, end: int) -> str:
    """A quote in quotation marks, white space made even; items of a list and rows of a table on lines of their own."""
    pieces: list[str] = []
    for block in canonical.blocks:
        if block.start < end and block.end > start:
            piece = canonical.text[max(start, block.start) : min(end, block.end)]
            rows = piece.split("\n") if block.kind == "table" else [piece]
            for row in (" ".join(row.split()) for row in rows):
                pieces.append(f"\n– {row}" if block.kind in ("list_item", "table") and pieces else row)
    return "“" + re.sub(r" ?\n", "\n", " ".join(pieces)) + "”"


def _inside(spans: Sequence[tuple[int, int]], others: Sequence[tuple[int, int]]) -> bool:
    return all(any(first <= start and end <= last for first, last in others) for start, end in spans)


def _list(sentence: Sentence, question: Question, canonical: CanonicalText) -> ListFound | None:
    block = canonical.blocks[sentence.block]
    if block.kind == "table":
        return table_at(canonical, sentence.block, sentence.start, whole=question.intent == "list")
    item = block.kind == "list_item"
    wanted = question.intent == "list" and (item or leads_into_list(canonical.blocks, sentence.block))
    if wanted or (sentence.text.endswith(":") and not item):
        return list_at(canonical, sentence.block, sentence.start, sentence.end)
    if question.intent != "list":
        return None
    asked = {word.stem for word in question.words}
    return told_list_at(canonical, sentence.block, sentence.start, sentence.end, asked, count_in(question.text))


def _list_of_fragments(sentence: Sentence, question: Question, canonical: CanonicalText) -> ListFound | None:
    """The list of an item that is no sentence ("een scherp doel;"), where it is led into and not too long; none where
    just a number, a date or a name is asked for.
    """
    block = canonical.blocks[sentence.block]
    if (
        question.intent in SHORT
        or block.kind != "list_item"
        or not _is_fragment(canonical.text[block.start : block.end])
    ):
        return None
    found = list_at(canonical, sentence.block, sentence.start, sentence.end)
    if found is None or found.lead is None:
        return None
    length = sum(len(canonical.text[start:end].split()) for start, end in (found.lead, *found.items))
    return found if length <= ITEMS_WORDS else None


def _is_fragment(item: str) -> bool:
    said = item[found.end() :] if (found := MARKER.match(item)) else item
    return said[:1].islower() or item.rstrip().endswith((";", ","))


def _of_list(sentence: Sentence, listed: ListFound, canonical: CanonicalText) -> Quotation:
    """A list with its lead-in: one quote where the items follow each other, else a quote an item."""
    spans = ([listed.lead] if listed.lead else []) + list(listed.items)
    pieces = [" ".join(canonical.text[start:end].split()) for start, end in spans]
    whole = canonical.text[spans[0][0] : spans[-1][1]]
    if "".join(whole.split()) == "".join("".join(pieces).split()):
        return Quotation(sentence, ((spans[0][0], spans[-1][1]),), shown(canonical, spans[0][0], spans[-1][1]), True)
    lead = f"“{pieces.pop(0)}”" if listed.lead else ""
    items = "".join(f"\n– “{piece}”" for piece in pieces)
    return Quotation(sentence, tuple(spans), f"{lead}{items}".strip(), is_list=True)


def _widened(sentence: Sentence, question: Question, canonical: CanonicalText) -> tuple[int, int]:
    """The sentence with the ones before that it refers to, and, for a question that asks for more than a word or a
    number, the one after that goes on about it.
    """
    start, end = sentence.start, sentence.end
    if asked := _asked_above(sentence, question, canonical):
        start = asked
    for _ in range(BACK if not asked else 0):
        before = _before(sentence, start, canonical)
        text = canonical.text[start:end]
        reason_before = question.intent == "why" and start == sentence.start and THEREFORE.search(text)
        if before is None or not (reason_before or _refers(text, question)):
            break
        if len(canonical.text[before[0] : end].split()) > JOINED_WORDS:
            break
        start = before[0]
    told = question.intent == "why" or (question.intent is None and TOLD.search(question.text))
    if OPEN_END.search(canonical.text[start:end]) or told:
        after = _after(sentence, end, canonical)
        if after and len(canonical.text[start : after[1]].split()) <= FOLLOWED_WORDS:
            goes_on = (
                GOES_ON.match(canonical.text[slice(*after)])
                or OPEN_END.search(canonical.text[start:end])
                or (question.intent == "why" and not CAUSE.search(canonical.text[start:end].lower()))
            )
            end = after[1] if goes_on else end
    return start, end


def _asked_above(sentence: Sentence, question: Question, canonical: CanonicalText) -> int | None:
    """Where the question begins that a reply stands right below, for a reply that can't be understood without it."""
    number = _block_at(canonical, sentence.start)
    above = canonical.blocks[number - 1] if number else None
    if above is None or sentence.start != canonical.blocks[number].start:
        return None
    if above.kind != "heading" and above.start < sentence.hit.passage.start:
        return None
    text = canonical.text[sentence.start : sentence.end]
    asks = canonical.text[above.start : above.end].rstrip().endswith("?")
    return above.start if asks and (REPLIES.match(text) or _refers(text, question)) else None


def _refers(text: str, question: Question) -> bool:
    """Whether a text begins with a word that refers to what stands before, and is not explained by the question."""
    found = REFERS.match(text)
    if not found:
        return False
    # "Deze transformatie" is clear where the question names it.
    named = {stem(word) for word in content_words(found[2])} if found[2] else set()
    return not named or not named <= {word.stem for word in question.words}


def _before(sentence: Sentence, start: int, canonical: CanonicalText) -> tuple[int, int] | None:
    """The sentence before this place, in the same passage and not beyond a heading."""
    number = _block_at(canonical, start)
    block = canonical.blocks[number]
    found = sentences(canonical.text[block.start : start])
    if not found and number > 0 and block.kind == canonical.blocks[number - 1].kind and block.kind in RUNNING:
        block = canonical.blocks[number - 1]
        found = sentences(canonical.text[block.start : block.end])
    if not found or block.start + found[-1][0] < sentence.hit.passage.start:
        return None
    return block.start + found[-1][0], block.start + found[-1][1]


def _after(sentence: Sentence, end: int, canonical: CanonicalText) -> tuple[int, int] | None:
    """The sentence after this place, in the same passage and not beyond a heading."""
    number = _block_at(canonical, end - 1)
    block = canonical.blocks[number]
    begin = end
    found = sentences(canonical.text[end : block.end])
    following = canonical.blocks[number + 1] if number + 1 < len(canonical.blocks) else None
    if not found and following and following.kind == block.kind and block.kind in RUNNING:
        block = canonical.blocks[number + 1]
        begin = block.start
        found = sentences(canonical.text[block.start : block.end])
    if not found or begin + found[0][1] > sentence.hit.passage.end:
        return None
    return begin + found[0][0], begin + found[0][1]


def _record(sentence: Sentence, canonical: CanonicalText) -> tuple[int, int] | None:
    """The record that a labelled line ("Datum: 3 mei") is part of, from the heading above it; None for other text."""
    if not LABEL.match(sentence.text) or sentence.text.endswith((".", "!")):
        return None
    number = sentence.block
    first = number
    while first > 0 and _label_like(canonical, canonical.blocks[first - 1]):
        first -= 1
    if first > 0 and canonical.blocks[first - 1].kind == "heading":
        first -= 1
    return canonical.blocks[first].start, sentence.end


def _label_like(canonical: CanonicalText, block: BlockSpan) -> bool:
    text = canonical.text[block.start : block.end]
    return (
        block.kind == "paragraph"
        and not text.endswith(".")
        and all(len(line.split()) <= LABEL_WORDS for line in text.splitlines())
    )


def _block_at(canonical: CanonicalText, offset: int) -> int:
    return next(number for number, block in enumerate(canonical.blocks) if block.end > offset)
