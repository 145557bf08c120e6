"""A cross-encoder as reranker: a model that reads question and passage together, named by VNG_RERANKER."""

import json
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from assistant.features import Candidate
from assistant.rerank import embedded_reranker
from assistant.understand import Question
from ingest.encode import find_model
from ingest.errors import EncoderError

READ = 20  # candidates that it reads, the best by the fitted reranker: reading takes tens of milliseconds each


class CrossEncoderReranker:
    """Any sentence-transformers cross-encoder with one output; those it does not read come after those it does."""

    def __init__(self, spec: str, *, allow_download: bool = False) -> None:
        folder = find_model(spec, allow_download=allow_download)
        _check(folder, spec)
        try:
            from sentence_transformers import CrossEncoder  # noqa: PLC0415 - takes seconds, and torch

            self._model = CrossEncoder(str(folder), local_files_only=True)
        except Exception as error:  # a broken model fails in as many ways as it has parts
            raise EncoderError(spec, f"cannot be opened as a cross-encoder: {error}") from error
        if self._model.num_labels != 1:
            raise EncoderError(spec, f"has {self._model.num_labels} outputs instead of one")
        self.name = folder.resolve().name if Path(spec).is_dir() else spec
        self._lock = threading.Lock()  # its tokenizer refuses two threads at once

    def score(
        self, question: Question, candidates: Sequence[Candidate], features: NDArray[np.float32]
    ) -> NDArray[np.float64]:
        """The logistic of its output for the candidates it reads; the others keep their order, behind all of these."""
        first = embedded_reranker().score(question, candidates, features)
        read = np.argsort(-first, kind="stable")[:READ]
        pairs = [
            (question.text, "\n".join((*c.passage.section[-2:], c.passage.text)))
            for c in map(candidates.__getitem__, read)
        ]
        if not pairs:
            return first
        with self._lock:
            output = np.asarray(
                self._model.predict(pairs, activation_fn=_identity, show_progress_bar=False), dtype=np.float64
            )
        scores = first * 1e-3
        scores[read] = 1e-3 + (1 - 1e-3) / (1 + np.exp(-np.clip(output, -50, 50)))
        return scores


def _check(folder: Path, spec: str) -> None:
    """Raises EncoderError for a model of another sort, which would silently be given weights by chance."""
    try:
        kinds = json.loads((folder / "config.json").read_text(encoding="utf-8")).get("architectures") or []
    except (OSError, ValueError) as error:
        raise EncoderError(spec, f"cannot be opened as a cross-encoder: {error}") from error
    if not any(str(kind).endswith("ForSequenceClassification") for kind in kinds):
        raise EncoderError(spec, "cannot be opened as a cross-encoder: it is a model of another sort")


def _identity(output: object) -> object:
    return output
