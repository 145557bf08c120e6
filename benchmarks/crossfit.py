"""Written questions as an unseen reader would meet them: the features of their candidates, for fitting on.

The encoder was trained on the written questions, and would look too sure on them. So the documents are dealt over
folds; for each fold the last stage of training is done again without its documents, and the questions about these are
put to libraries of several sizes, made with that encoder. Takes about two minutes a fold.
"""

import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache
from multiprocessing import get_context
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from assistant.features import Candidate, candidate_features
from assistant.passage_sentences import Sentence, read_sentences, sentence_vectors
from assistant.rerank import embedded_reranker
from assistant.retrieve import find_candidates, scored
from assistant.sentence_features import PASSAGES, sentence_features
from assistant.understand import Question, understand
from benchmarks.written_questions import WrittenQuestion, WrittenSource, publish_sources, written_sources
from ingest.encode import EMBEDDED, StaticEncoder
from ingest.library import Library
from ingest.model.corpus import Corpus, Text, read_corpus
from ingest.model.export import save_model
from ingest.model.train import Plan, Trainer
from ingest.model.train_loop import Floats
from ingest.thesaurus import load_thesaurus
from ingest.types import CanonicalText

FOLDS = 3
PUBLIC_SHARE = 6  # one in so many public questions, so that they weigh about as much as our own
FOREIGN_SHARE = 8  # one in so many questions is also put to a library without its document
HELD: Literal["valid"] = "valid"
ELSEWHERE = Path(__file__).parent / "elsewhere.txt"
ELSEWHERE_VALID = 4  # one in so many of these questions is kept for validation


@dataclass(frozen=True, slots=True)
class Asked:
    """A written question put to a library: a row of features for each candidate, and which of them answer it.

    `found` is a label for each candidate. `sentences` has a row of features for each sentence of the best passages;
    `quotable` says which of them may be quoted, `answers` which answer it. `size` is the number of passages in the
    library. `foreign`: the question is about a document that is not in it, so that nothing answers it.
    """

    written: WrittenQuestion
    collection: str
    size: int
    features: NDArray[np.float32]
    found: NDArray[np.bool_]
    sentences: NDArray[np.float32]
    quotable: NDArray[np.bool_]
    answers: NDArray[np.bool_]
    foreign: bool = False

    @property
    def answerable(self) -> bool:
        """Whether the library answers it."""
        return self.written.answerable and not self.foreign


def unseen(folder: Path, pairs: Floats, models: Path, *, split: Literal["train", "valid"], workers: int) -> list[Asked]:
    """The questions of a split: of "valid" with the embedded model, of "train" cross-fitted, from `pairs`, the vectors
    that the embedded model had before it saw questions. `models` is where the model of each fold is kept: one that is
    there already is used again.
    """
    sources = [source for source in written_sources(folder) if source.split == split]
    with ProcessPoolExecutor(workers, get_context("spawn")) as pool:
        jobs = []
        if split == "valid":
            jobs += [pool.submit(_ask, task) for task in _tasks(sources, EMBEDDED, elsewhere(split))]
        else:
            trainer: Trainer | None = None
            for fold in range(FOLDS):
                held = [source for at, source in enumerate(sources) if at % FOLDS == fold]
                if not (models / str(fold)).is_dir():
                    trainer = trainer or Trainer(read_corpus(folder), Plan(runs=1), seed=1)
                    whole = trainer.material
                    trainer.material = replace(whole, corpus=without(whole.corpus, held))
                    save_model(models / str(fold), trainer.on_questions(pairs), trainer.tokenizer)
                    trainer.material = whole
                jobs += [pool.submit(_ask, task) for task in _tasks(held, models / str(fold), elsewhere(split))]
        return [asked for job in jobs for asked in job.result()]


def elsewhere(split: Literal["train", "valid"]) -> list[WrittenQuestion]:
    """Questions that hardly any strategy document answers: about opening hours, eggs, and who won the cup in 1998."""
    texts = ELSEWHERE.read_text(encoding="utf-8").splitlines()
    return [
        WrittenQuestion(text, "elsewhere", "", ())
        for at, text in enumerate(texts)
        if (at % ELSEWHERE_VALID == 0) == (split == "valid")
    ]


def without(corpus: Corpus, held: Sequence[WrittenSource]) -> Corpus:
    """The corpus with the passages of these documents, and the questions about them, kept out of training."""
    passages = {pid for source in held for pid in source.passages}
    texts: tuple[Text, ...] = tuple(
        replace(text, split=HELD) if text.pid in passages else text for text in corpus.texts
    )
    questions = tuple(
        replace(question, split=HELD) if passages & set(question.pids) else question for question in corpus.questions
    )
    return replace(corpus, texts=texts, questions=questions)


@dataclass(frozen=True, slots=True)
class Task:
    """Questions, each with whether it is foreign, to be put to a library of these sources, made with this model."""

    asked: Sequence[tuple[WrittenQuestion, bool]]
    collection: str
    sources: Sequence[WrittenSource]
    model: Path


def _tasks(sources: Sequence[WrittenSource], model: Path, others: Sequence[WrittenQuestion] = ()) -> Iterator[Task]:
    """Every question of our own documents put to a small and a large library, some public ones to the large one, and
    some to a library without their document; the `others`, which nothing answers, to all of these.
    """
    out_of_place = [(question, True) for question in others]
    own = [source for source in sources if source.collection == "own"]
    public = [q for source in sources if source.collection == "public" for q in source.questions][::PUBLIC_SHARE]
    parts = own[::2], own[1::2]
    for part, other in (parts, parts[::-1]):
        here = [(question, False) for source in part for question in source.questions]
        foreign = [(question, True) for source in other for question in source.questions if question.answerable]
        yield Task([*here, *foreign[::FOREIGN_SHARE], *out_of_place], "own", part, model)
    everything = [question for source in own for question in source.questions]
    yield Task([*((question, False) for question in everything[::2]), *out_of_place], "own", sources, model)
    yield Task([(question, False) for question in public], "public", sources, model)


def _ask(task: Task) -> list[Asked]:
    thesaurus, encoder = load_thesaurus(), StaticEncoder(task.model)
    found = []
    with tempfile.TemporaryDirectory() as data:
        publish_sources(task.sources, Path(data), encoder)
        library = Library.open(Path(data), encoder)
        for written, foreign in task.asked:
            question = understand(written.text, library, encoder, thesaurus)
            candidates = find_candidates(question, library)
            features = candidate_features(question, candidates, library.word_vectors)
            answers = () if foreign else written.passage_ids
            labels = np.array([candidate.passage.passage_id in answers for candidate in candidates], dtype=bool)
            said = _sentences(question, candidates, features, library)
            vectors = sentence_vectors(said, library, {one.passage.passage_id: one.row for one in candidates})
            rows = sentence_features(question, said, library.word_vectors, vectors)
            quotable = np.array([one.quotable for one in said], dtype=bool)
            right = np.array([one.quotable and _answers(one, written, answers) for one in said], dtype=bool)
            size = library.manifest.passages
            found.append(Asked(written, task.collection, size, features, labels, rows, quotable, right, foreign))
        library.close()
    return found


def _sentences(
    question: Question, candidates: Sequence[Candidate], features: NDArray[np.float32], library: Library
) -> list[Sentence]:
    """The sentences of the passages that come out best."""
    scores = embedded_reranker().score(question, candidates, features)
    order = np.argsort(-scores, kind="stable")[:PASSAGES]
    hits = [scored(candidates[at], float(scores[at]), rank, "fused") for rank, at in enumerate(order, 1)]

    def canonical(doc_id: str) -> CanonicalText:
        text = library.canonical(doc_id)
        assert text is not None, "a passage names a document of its own library"  # noqa: S101
        return text

    return read_sentences(hits, cache(canonical))


def _answers(sentence: Sentence, written: WrittenQuestion, passage_ids: Sequence[str]) -> bool:
    return sentence.hit.passage.passage_id in passage_ids and any(
        sentence.text in answer or answer in sentence.text for answer in written.answer
    )
