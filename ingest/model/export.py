"""The shipped form of the model: one directory that model2vec and sentence-transformers both open."""

import json
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import save_file
from tokenizers import Tokenizer


def save_model(folder: Path, vectors: NDArray[np.float32], tokenizer: Tokenizer) -> None:
    """Write the model: whole numbers of one byte, with a scale for each token.

    Each row of `vectors` is divided by its largest value, so that rounding costs a rare token no more than a common
    one; the scale goes into `weights`, which both loaders multiply back in.
    """
    folder.mkdir(parents=True, exist_ok=True)
    largest = np.abs(vectors).max(axis=1)
    scale = np.where(largest > 0, largest / 127, 1.0).astype(np.float32)
    rounded = np.rint(vectors / scale[:, None]).clip(-127, 127).astype(np.int8)
    save_file({"embeddings": rounded, "weights": scale}, folder / "model.safetensors")
    (folder / "model.safetensors").chmod(0o644)  # it is written for its owner alone, but shipped to everyone
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    _write(folder / "config.json", {
        "model_type": "model2vec",
        "architectures": ["StaticModel"],
        "tokenizer_name": "nl-static",
        "hidden_dim": int(vectors.shape[1]),
        "normalize": True,
        "max_length": None,
        "embedding_dtype": "int8",
    })  # fmt: skip
    _write(folder / "modules.json", [
        {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.StaticEmbedding"},
        {"idx": 1, "name": "1", "path": "1_Normalize", "type": "sentence_transformers.models.Normalize"},
    ])  # fmt: skip
    # Git keeps no empty directories, and sentence-transformers wants to see this one.
    (folder / "1_Normalize").mkdir(exist_ok=True)
    _write(folder / "1_Normalize" / "config.json", {})
    _write(folder / "config_sentence_transformers.json", {"model_type": "SentenceTransformer", "similarity_fn_name": "cosine"})  # fmt: skip # noqa: E501


def _write(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
