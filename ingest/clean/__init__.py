"""Undo what extraction did to a document: the same steps for every format, each a general rule.

The order matters. Characters come first, so that every later step compares real words. Furniture goes before
broken paragraphs are joined, because it stands between their halves. Headings are mended before that too: a
heading tells a box from the running text it interrupts.
"""

from collections.abc import Sequence
from dataclasses import replace

from ingest.clean.characters import Vocabulary, tidy
from ingest.clean.contents import find_contents
from ingest.clean.flow import goes_on, rejoin
from ingest.clean.furniture import drop_furniture
from ingest.clean.headings import mend_headings
from ingest.clean.speech import bylines, captions, pull_quotes, statements
from ingest.types import Block

READER_VERSION = "2"


def clean(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Give the blocks as the document was meant: no furniture, no cut words, no broken headings or paragraphs.

    Text is moved only where a quote, box, note or caption interrupted a sentence: it then follows that sentence.
    No words change but those that the extraction cut or misspelled with ligatures and odd characters.
    """
    vocabulary = Vocabulary([block.text for block in blocks])
    tidied = [block for block in (tidy(block, vocabulary) for block in blocks) if block.text]
    kept = drop_furniture(tidied, find_contents(tidied).where)
    mended = mend_headings(kept, find_contents(kept))
    spoken = pull_quotes(statements(bylines(captions(_items_after_colon(mended)))))
    joined = rejoin(spoken)
    # A word cut in two by a page break is whole only now.
    return tuple(tidy(block, vocabulary) if "-\n" in block.text else block for block in joined)


def _items_after_colon(blocks: Sequence[Block]) -> list[Block]:
    """Paragraphs in lower case after a colon are the items of a list whose bullets were pictures."""
    done: list[Block] = []
    listing = False
    for at, block in enumerate(blocks):
        lower = block.kind == "paragraph" and goes_on(block.text) and block.text[0] != "("
        if not lower:
            listing = False
        elif not listing and done and done[-1].text.endswith(":"):
            following = blocks[at + 1] if at + 1 < len(blocks) else None
            listing = following is not None and following.kind == "paragraph" and goes_on(following.text)
        done.append(replace(block, kind="list_item", level=1) if listing else block)
    return done
