"""Fit the judge: `python -m benchmarks.fit_judge TRAINING_FOLDER` prints the `FIT` to put into assistant/judge.py.

Each written question is put to two libraries: the one with its passage, and another in which nothing answers it. It
counts as answered when a passage that answers it was found.
Only questions of the `valid` split count: the encoder has been trained on the others, and would look too sure of them.
Reports the shares refused under 5-fold cross-validation; apart from that, of the questions that were written to be
near misses (about something that a passage speaks of, but asking what it does not say).
"""

import sys
import tempfile
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from assistant.judge import SIGNALS, signals
from assistant.retrieve import retrieve, understand
from assistant.sentence_match import question_words
from benchmarks.written_questions import WrittenQuestion, publish_passages, written_questions
from ingest.dutch import STOP_WORDS, stem, words
from ingest.encode import Encoder, load_encoder
from ingest.library import Library

COLLECTIONS = ("own", "public")
PUBLIC_SHARE = 3  # one in so many public questions, so that both collections weigh about the same
FOUND = 5  # passages among which the one with the answer must be, to count as found
REFUSED = 0.1  # of the questions whose answer was found; the threshold is set by it


def main(folder: Path) -> None:
    """Print the fit on the questions of this folder."""
    encoder = load_encoder(None)
    valid = [question for question in written_questions(folder) if question.split == "valid"]
    asked = [q for q in valid if q.collection == "own"] + [q for q in valid if q.collection == "public"][::PUBLIC_SHARE]
    rows, labels, near_misses = [], [], []
    for collection in COLLECTIONS:
        with tempfile.TemporaryDirectory() as data:
            publish_passages(folder, collection, Path(data), encoder)
            library = Library.open(Path(data), encoder)
            for question in asked:
                found, is_answered = _features(question, library, encoder)
                rows.append(found)
                labels.append(is_answered)
            near_misses += [not question.answerable and question.collection == collection for question in asked]
            library.close()
    features, answered, near = np.array(rows), np.array(labels), np.array(near_misses)
    model = LogisticRegression(class_weight="balanced", max_iter=1000)
    fitted = ~near
    predicted = np.zeros(len(features))
    predicted[fitted] = cross_val_predict(model, features[fitted], answered[fitted], cv=5, method="predict_proba")[:, 1]
    model.fit(features[fitted], answered[fitted])
    predicted[near] = model.predict_proba(features[near])[:, 1]
    print(f"{answered.sum()} answered, {(fitted & ~answered).sum()} not answered, {near.sum()} near misses; refused:")
    print("threshold  answered  not answered  near misses")
    for share in (0.02, 0.05, REFUSED, 0.2):
        at = float(np.quantile(predicted[answered], share))
        others = (np.mean(predicted[chosen] < at) for chosen in (fitted & ~answered, near))
        print(f"{at:9.3f}  {share:8.2f}  {next(others):12.2f}  {next(others):11.2f}")
    weights = {name: round(float(weight), 3) for name, weight in zip(SIGNALS, model.coef_[0], strict=True)}
    threshold = float(np.quantile(predicted[answered], REFUSED))
    print(f"FIT = Fit({weights}, {model.intercept_[0]:.3f}, {threshold:.3f})")


def _features(written: WrittenQuestion, library: Library, encoder: Encoder) -> tuple[list[float], bool]:
    """The judge's signals, and whether a passage that answers the question was found."""
    question = understand(written.text, encoder)
    passages = retrieve(question, library, limit=10)
    content = [word for word in words(written.text) if word not in STOP_WORDS]
    weighed = question_words(written.text, library.idf({stem(word) for word in content}))
    found = signals(question, weighed, passages, encoder)
    first = {hit.passage.passage_id for hit in passages[:FOUND]}
    return [found[name] for name in SIGNALS], written.answerable and not first.isdisjoint(written.passage_ids)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
