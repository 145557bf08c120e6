"""Fit the choice of sentences: `python -m benchmarks.fit_sentences TRAINING_FOLDER` prints the `WEIGHTS` for
assistant/extract.py.

Of each written question the sentence that answers it is known. A logistic regression learns to tell it from the other
sentences of the passages that were found. Only questions of the `valid` split count, for the encoder has been trained
on the others. Reports how often the first sentence is the right one, under 5-fold cross-validation over questions, next
to the weights in force.
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import KFold

from assistant.extract import PASSAGES, WEIGHTS, find_candidates, sentence_signals
from assistant.rerank import embedded_reranker
from assistant.retrieve import retrieve
from assistant.sentence_match import question_words
from assistant.understand import understand
from benchmarks.written_questions import WrittenQuestion, publish_sources, written_sources
from ingest.encode import Encoder, load_encoder
from ingest.library import Library
from ingest.thesaurus import load_thesaurus
from ingest.types import CanonicalText

NAMES = tuple(WEIGHTS)
Sample = tuple[NDArray[np.float64], NDArray[np.bool_], str]
# Half of the written questions avoid the words of the text on purpose; few of those that people ask do.
KIND_WEIGHTS = {"paraphrase": 0.3, "english": 0.3}


def main(folder: Path) -> None:
    """Print the fit on the questions of this folder."""
    encoder = load_encoder(None)
    sources = [source for source in written_sources(folder) if source.split == "valid" and source.collection == "own"]
    asked = [question for source in sources for question in source.questions if question.answer]
    with tempfile.TemporaryDirectory() as data:
        publish_sources(sources, Path(data), encoder)
        library = Library.open(Path(data), encoder)
        samples = [sample for question in asked if (sample := _sample(question, library, encoder))]
        library.close()
    in_force = np.array(list(WEIGHTS.values()))
    right = []
    for train, test in KFold(5, shuffle=True, random_state=0).split(samples):
        weights = _fit([samples[at] for at in train])
        right += [_first_is_right(samples[at], weights) for at in test]
    now = np.mean([_first_is_right(sample, in_force) for sample in samples])
    print(f"{len(samples)} of {len(asked)} questions have their sentence among the candidates; first is right:")
    print(f"  weights in force {now:.3f}, fitted (5-fold) {np.mean(right):.3f}")
    print("WEIGHTS =", dict(zip(NAMES, _fit(samples).round(2).tolist(), strict=True)))


def _sample(written: WrittenQuestion, library: Library, encoder: Encoder) -> Sample | None:
    """The signals of each candidate sentence and whether it answers; None when the one that does was not found."""
    question = understand(written.text, library, encoder, load_thesaurus())
    passages = retrieve(question, library, embedded_reranker(), limit=PASSAGES).passages
    weighed = question_words(written.text, question.idf)

    def canonical(doc_id: str) -> CanonicalText:
        text = library.canonical(doc_id)
        assert text is not None, "a passage names a document of its own library"  # noqa: S101
        return text

    candidates = find_candidates(passages, canonical)
    answers = [any(c.text in answer or answer in c.text for answer in written.answer) for c in candidates]
    if not any(answers):
        return None
    signals = sentence_signals(question.vector, weighed, candidates, encoder)
    return np.array([[row[name] for name in NAMES] for row in signals]), np.array(answers), written.kind


def _fit(samples: list[Sample]) -> NDArray[np.float64]:
    features = np.concatenate([features for features, _, _ in samples])
    answers = np.concatenate([answers for _, answers, _ in samples])
    kinds = np.concatenate([np.full(len(answers), KIND_WEIGHTS.get(kind, 1.0)) for _, answers, kind in samples])
    model = LogisticRegression(class_weight="balanced", max_iter=1000).fit(features, answers, sample_weight=kinds)
    weights: NDArray[np.float64] = model.coef_[0]
    return weights


def _first_is_right(sample: Sample, weights: NDArray[np.float64]) -> bool:
    features, answers, _ = sample
    return bool(answers[np.argmax(features @ weights)])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
