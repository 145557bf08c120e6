"""Texts as numbers: the tokenizer of the model, and texts stored as ragged arrays of words and tokens."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, trainers

Ints = NDArray[np.int64]
_WORD = re.compile(r"[^\W_]+")


def fold_words(text: str) -> list[str]:
    """The words of a text without case and accents: what the tokenizer sees before it splits words into tokens."""
    folded = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _WORD.findall(folded.lower())


def train_tokenizer(counts: Counter[str], size: int) -> Tokenizer:
    """A byte-pair tokenizer of `size` tokens, learnt from words with their counts.

    Case, accents and punctuation are gone before it looks. There is no marker for the start of a word, so a part
    of a compound is the same token as the word itself; no unknown token, so characters never seen are left out.
    """
    tokenizer = Tokenizer(models.BPE())
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.NFKD(), normalizers.StripAccents(), normalizers.Lowercase()]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Split(Regex(r"[^\p{L}\p{N}]+"), "removed")
    trainer = trainers.BpeTrainer(vocab_size=size, show_progress=False, limit_alphabet=200, min_frequency=3)
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    # The trainer takes text only, so a word is repeated; beyond 2,000 times it is one token in any case.
    tokenizer.train_from_iterator((" ".join([word] * min(count, 2000)) for word, count in ordered), trainer)
    return tokenizer


@dataclass(frozen=True, slots=True)
class Ragged:
    """Rows of unequal length in one flat array: row `i` is `flat[starts[i] : starts[i + 1]]`."""

    flat: Ints
    starts: Ints

    @staticmethod
    def of(rows: Iterable[Sequence[int]]) -> "Ragged":
        """The rows, stored flat."""
        flat: list[int] = []
        starts = [0]
        for row in rows:
            flat.extend(row)
            starts.append(len(flat))
        return Ragged(np.array(flat, dtype=np.int64), np.array(starts, dtype=np.int64))

    def take(self, rows: Ints) -> tuple[Ints, Ints]:
        """The values of these rows one after the other, and the length of each row."""
        lengths = self.starts[rows + 1] - self.starts[rows]
        ends = np.cumsum(lengths)
        positions = np.arange(ends[-1] if len(ends) else 0) + np.repeat(self.starts[rows] - (ends - lengths), lengths)
        return self.flat[positions], lengths


class WordTable:
    """Every word that occurs, numbered: its tokens, and a crude stem by which inflected forms are held equal."""

    def __init__(self, words: Sequence[str], tokenizer: Tokenizer, stem_length: int = 6) -> None:
        self.ids = {word: number for number, word in enumerate(words)}
        self.tokens = Ragged.of(encoding.ids for encoding in tokenizer.encode_batch(list(words)))
        stems: dict[str, int] = {}
        self.stems = np.array([stems.setdefault(word[:stem_length], len(stems)) for word in words], dtype=np.int64)

    def store(self, texts: Iterable[str]) -> Ragged:
        """The texts as rows of word numbers; words that are not in the table are left out."""
        ids = self.ids
        return Ragged.of([ids[word] for word in fold_words(text) if word in ids] for text in texts)

    def to_tokens(self, words: Ints, lengths: Ints) -> tuple[Ints, Ints]:
        """The tokens of rows of words, and the number of tokens in each row."""
        tokens, per_word = self.tokens.take(words)
        sums = np.concatenate([[0], np.cumsum(per_word)])
        ends = np.cumsum(lengths)
        return tokens, sums[ends] - sums[ends - lengths]
