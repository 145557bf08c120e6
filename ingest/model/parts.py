"""Makes ingest/compound_parts.txt: `python -m ingest.model.parts --training FOLDER`.

The words that compounds are made of, commonest first: every word that occurs often enough in the training texts and
stands in a compound there.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from ingest import compounds
from ingest.dutch import STOP_WORDS, words
from ingest.model.corpus import Corpus, read_corpus

OFTEN = 15  # times
OWN_WEIGHT = 5  # what was written for this project is little, and nearer to what is read
WORD_PAIRS = ("synoniem", "gloss", "thesaurus")


def count_text_words(corpus: Corpus) -> Counter[str]:
    """How often each word occurs in the training texts; each passage counts once."""
    counts: Counter[str] = Counter()
    seen: set[int] = set()
    for pair in corpus.pairs:
        if pair.kind not in WORD_PAIRS:
            counts.update(words(pair.a))
            if pair.passage not in seen:
                counts.update(words(pair.b))
                seen.add(pair.passage)
    ours = [text.text for text in corpus.texts]
    ours += [entry.text for group in corpus.groups for entry in group.dutch]
    for line in ours:
        for word in words(line):
            counts[word] += OWN_WEIGHT
    return counts


def main(arguments: Sequence[str] | None = None) -> None:
    """Write the list; twice, as only a list of all words tells which of them are parts."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--training", type=Path, required=True, help="folder with the training data")
    options = parser.parse_args(arguments)
    counts = count_text_words(read_corpus(options.training))
    often = [
        word
        for word, count in counts.most_common()
        if count >= OFTEN and word.isalpha() and len(word) >= 3 and word not in STOP_WORDS
    ]
    _write(often)
    used = {part for word in counts for part in compounds.split_compound(word)}
    _write([word for word in often if word in used])


def _write(parts: Sequence[str]) -> None:
    compounds.PARTS.write_text("\n".join(parts) + "\n", encoding="utf-8")
    for kept in (compounds._known, compounds._heads, compounds._tails, compounds.split_compound):
        kept.cache_clear()


if __name__ == "__main__":
    main()
