"""Encoders: texts as vectors. The embedded Dutch model by default, or any other that a setting names.

Nothing here opens a network connection, unless `allow_download` says that a model may be fetched by its name.
"""

import hashlib
import importlib
import re
import threading
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl

import numpy as np
from numpy.typing import NDArray

from ingest.errors import EncoderError

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]

EMBEDDED = Path(__file__).parent / "model" / "nl-static"
LLAMA_INDEX = "llama-index:"
_WEIGHTS, _TOKENIZER = "model.safetensors", "tokenizer.json"
_SAMPLE = 1 << 20
MOST_WORDS = 50_000  # words whose vectors are kept, or what one call more makes of it: 50 MB
MOST_TEXTS = 32_768  # texts of which it is kept where the vectors of their words are
_NO_ROWS = np.zeros(0, dtype=np.intp)
_E5 = re.compile(r"(?<![a-z0-9])e5(?![a-z0-9])")
_HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")
_MODEL_FILES = (".json", ".txt", ".model", ".safetensors", ".bin")
_DOWNLOADED = ["*.json", "*.txt", "*.model", "*.safetensors"]


class Encoder(Protocol):
    """Texts to vectors of length one, so that the inner product is the cosine; a text without words gives zeros."""

    @property
    def name(self) -> str:
        """What stands in the manifest: changes whenever the vectors do, as far as can be known."""
        ...

    @property
    def dimensions(self) -> int:
        """The number of dimensions of a vector."""
        ...

    @property
    def additive(self) -> bool:
        """Whether `encode_parts` can be used: the vector of a text is the sum of those of its parts."""
        ...

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """A row for each question: (number of texts, dimensions)."""
        ...

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """A row for each passage: (number of texts, dimensions)."""
        ...

    def encode_parts(self, texts: Sequence[str]) -> Vectors:
        """A row for each text, not brought to length one: the sum of rows has the direction of the texts together."""
        ...


def load_encoder(
    spec: str | None,
    *,
    allow_download: bool = False,
    query_prefix: str | None = None,
    passage_prefix: str | None = None,
) -> Encoder:
    """The encoder that `spec` names; raises EncoderError where it cannot be used.

    None or "" is the embedded model. `llama-index:package.module:ClassName?key=value` is a llama-index embedding
    with those arguments. Anything else is a directory with a sentence-transformers model, or the name of one on
    the Hugging Face hub, which must be on this machine already unless `allow_download` is set. The prefixes, which
    some models want before a question or a passage, replace those that the model itself names.
    """
    if not spec:
        return StaticEncoder(EMBEDDED)
    if spec.startswith(LLAMA_INDEX):
        return LlamaIndexEncoder(_make_llama_index(spec), prefixes=(query_prefix or "", passage_prefix or ""))
    return TransformerEncoder(
        spec, allow_download=allow_download, query_prefix=query_prefix, passage_prefix=passage_prefix
    )


class StaticEncoder:
    """The embedded model: a text is the mean of the vectors of its tokens; only the direction of it is kept.

    The directory is a model2vec and a sentence-transformers model; a test holds the three to the same vectors. The
    few lines of arithmetic stand here because importing and filling model2vec takes longer than answering.
    """

    additive = True

    def __init__(self, folder: Path) -> None:
        from safetensors import SafetensorError  # noqa: PLC0415 - only this encoder needs it
        from safetensors.numpy import load_file  # noqa: PLC0415
        from tokenizers import Tokenizer  # noqa: PLC0415

        for path in (folder / _WEIGHTS, folder / _TOKENIZER):
            if not path.is_file():
                raise EncoderError(str(folder), f"{path.name} is missing")
        try:
            tensors = load_file(folder / _WEIGHTS)
            self._vectors, self._scale = tensors["embeddings"], tensors["weights"]
            self._tokenizer = Tokenizer.from_file(str(folder / _TOKENIZER))
        except (SafetensorError, KeyError, OSError) as error:
            raise EncoderError(str(folder), f"damaged: {error}") from error
        except Exception as error:  # tokenizers raises bare Exception for a file it cannot read
            if type(error) is not Exception:
                raise
            raise EncoderError(str(folder), f"damaged: {error}") from error
        if len(self._vectors) != len(self._scale) or len(self._vectors) != self._tokenizer.get_vocab_size():
            raise EncoderError(str(folder), "the vectors and the vocabulary differ in size")
        self.dimensions = int(self._vectors.shape[1])
        self.name = _manifest_name(folder.name, self.dimensions, [folder / _WEIGHTS, folder / _TOKENIZER])

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """A row for each question."""
        return self.encode_passages(texts)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """A row for each passage."""
        return _rows(texts, self.dimensions, self._encode)

    def encode_parts(self, texts: Sequence[str]) -> Vectors:
        """A row for each text: the sum of the vectors of its tokens."""
        return self._encode(list(texts))

    def _encode(self, texts: list[str]) -> Vectors:
        sums = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in enumerate(texts):
            # One by one: tokenizing in a batch starts threads, after which the tokenizer warns at every fork.
            tokens = self._tokenizer.encode(text, add_special_tokens=False).ids
            sums[row] = self._scale[tokens] @ self._vectors[tokens].astype(np.float32)
        return sums


class VectorCache:
    """The vectors of short texts, such as words, with an additive encoder, kept for the next question."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._filling = threading.Lock()
        self._empty()

    def _empty(self) -> None:
        self._rows: dict[str, int] = {}
        self._numbers: dict[tuple[str, ...], NDArray[np.intp]] = {}
        self._vectors = np.zeros((0, self._encoder.dimensions), dtype=np.float32)

    def vectors(self, texts: Sequence[tuple[str, ...]]) -> tuple[Vectors, NDArray[np.intp]]:
        """A unit vector for each word that any of these texts has, (number of different words, dimensions); and for
        each word of the texts, one after the other, which of these it is.
        """
        with self._filling:
            if len(self._rows) > MOST_WORDS or len(self._numbers) > MOST_TEXTS:
                self._empty()
            rows = [self._rows_of(words) for words in texts]
            said = np.concatenate([*rows, _NO_ROWS])
            # As np.unique with its inverse, without sorting: these are few, out of not many more.
            place = np.zeros(len(self._rows), dtype=np.intp)
            place[said] = 1
            different = np.flatnonzero(place)
            place[different] = np.arange(len(different))
            return self._vectors[different], place[said]

    def _rows_of(self, words: tuple[str, ...]) -> NDArray[np.intp]:
        rows = self._numbers.get(words)
        if rows is None:
            rows = np.array(self._added(words), dtype=np.intp)
            self._numbers[words] = rows  # the words of a text are asked for again and again
        return rows

    def _added(self, words: tuple[str, ...]) -> list[int]:
        new = [word for word in dict.fromkeys(words) if word not in self._rows]
        if new:
            used = len(self._rows)
            if used + len(new) > len(self._vectors):  # room grows by doubling, so that words are seldom copied
                room = np.zeros((max(1024, 2 * (used + len(new))), self._encoder.dimensions), dtype=np.float32)
                room[:used] = self._vectors[:used]
                self._vectors = room
            self._vectors[used : used + len(new)] = _unit(self._encoder.encode_parts(new))
            self._rows |= {word: used + at for at, word in enumerate(new)}
        return [self._rows[word] for word in words]


class TransformerEncoder:
    """Any sentence-transformers model: a directory, or a name on the hub."""

    additive = False

    def __init__(
        self,
        spec: str,
        *,
        allow_download: bool = False,
        query_prefix: str | None = None,
        passage_prefix: str | None = None,
    ) -> None:
        folder = find_model(spec, allow_download=allow_download)
        label = folder.resolve().name if Path(spec).expanduser().is_dir() else spec
        self._model = _open_transformer(folder, spec)
        self._lock = threading.Lock()  # its tokenizer refuses two threads at once
        own_query = _prefix(self._model, ("query",), label, "query: ")
        own_passage = _prefix(self._model, ("document", "passage", "corpus"), label, "passage: ")
        self._query = own_query if query_prefix is None else query_prefix
        self._passage = own_passage if passage_prefix is None else passage_prefix
        self.dimensions = int(self._model.get_embedding_dimension() or 0)
        files = sorted(path for path in folder.rglob("*") if path.suffix in _MODEL_FILES)
        self.name = _manifest_name(label, self.dimensions, files, self._query, self._passage)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """A row for each question."""
        return _rows(texts, self.dimensions, lambda full: self._encode([self._query + text for text in full]))

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """A row for each passage."""
        return _rows(texts, self.dimensions, lambda full: self._encode([self._passage + text for text in full]))

    def encode_parts(self, texts: Sequence[str]) -> Vectors:
        """Raises EncoderError: what this model makes of a text is no sum."""
        raise EncoderError(self.name, "its vectors do not add up")

    def _encode(self, texts: list[str]) -> Vectors:
        with self._lock:
            # prompt="" keeps the model from putting its default prompt before the prefix that is there already.
            return np.asarray(self._model.encode(texts, prompt="", show_progress_bar=False), dtype=np.float32)


class LlamaIndexEncoder:
    """Any llama-index embedding; what it needs of network or hardware is its own business."""

    additive = False

    def __init__(self, embedding: "BaseEmbedding", *, prefixes: tuple[str, str] = ("", "")) -> None:
        self._embedding = embedding
        self._query, self._passage = prefixes
        kind = type(embedding)
        label = f"{LLAMA_INDEX}{kind.__module__}:{kind.__qualname__}"
        try:
            # A word rather than nothing: services refuse empty text.
            self.dimensions = len(embedding.get_text_embedding("gemeente"))
        except Exception as error:  # every vendor raises its own
            raise EncoderError(label, f"{type(error).__name__}: {error}") from error
        self.name = _manifest_name(label, self.dimensions, [], embedding.model_name, self._query, self._passage)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """A row for each question."""
        one = self._embedding.get_query_embedding
        return self._encode(texts, lambda full: [one(self._query + text) for text in full])

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """A row for each passage."""
        many = self._embedding.get_text_embedding_batch
        return self._encode(texts, lambda full: many([self._passage + text for text in full]))

    def encode_parts(self, texts: Sequence[str]) -> Vectors:
        """Raises EncoderError: what this model makes of a text is no sum."""
        raise EncoderError(self.name, "its vectors do not add up")

    def _encode(self, texts: Sequence[str], work: Callable[[list[str]], list[list[float]]]) -> Vectors:
        def finite(full: list[str]) -> Vectors:
            vectors = np.array(work(full), dtype=np.float32)
            if not np.isfinite(vectors).all():
                raise ValueError("a vector holds values that are not numbers")
            return vectors

        try:
            return _rows(texts, self.dimensions, finite)
        except Exception as error:  # every vendor raises its own
            raise EncoderError(self.name, f"{type(error).__name__}: {error}") from error


def _rows(texts: Sequence[str], dimensions: int, encode: Callable[[list[str]], Vectors]) -> Vectors:
    """A unit vector for each text; zeros for one without text, which the model then does not get to see."""
    vectors = np.zeros((len(texts), dimensions), dtype=np.float32)
    filled = [row for row, text in enumerate(texts) if text.strip()]
    if filled:
        # Half a surrogate pair, which JSON can carry, is no text to any tokenizer.
        vectors[filled] = encode([texts[row].encode("utf-8", "replace").decode() for row in filled])
    return _unit(vectors)


def _unit(vectors: Vectors) -> Vectors:
    """The rows at length one; a row of zeros stays zero."""
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(np.divide(vectors, lengths, out=np.zeros_like(vectors), where=lengths > 0), dtype=np.float32)


def _manifest_name(label: str, dimensions: int, files: Iterable[Path], *settings: str) -> str:
    """The label with the dimensions and a fingerprint of the files and settings that decide the vectors."""
    digest = hashlib.sha256("\0".join(settings).encode())
    for path in files:
        digest.update(f"\0{path.name}\0{path.stat().st_size}\0".encode())
        digest.update(_sample(path))
    return f"{label} {dimensions}d {digest.hexdigest()[:12]}"


def _sample(path: Path) -> bytes:
    """The bytes of a file; of one over 64 MB, which would take seconds, its start, middle and end."""
    size = path.stat().st_size
    if size <= 64 * _SAMPLE:
        return path.read_bytes()
    parts = []
    with path.open("rb") as file:
        for place in (0, size // 2, size - _SAMPLE):
            file.seek(place)
            parts.append(file.read(_SAMPLE))
    return b"".join(parts)


def find_model(spec: str, *, allow_download: bool) -> Path:
    """The directory of a model: `spec` itself, or where the hub's cache keeps it. Raises EncoderError without one."""
    folder = Path(spec).expanduser()
    if folder.is_dir():
        return folder
    if not _HUB_NAME.fullmatch(spec):
        raise EncoderError(spec, "there is no such directory")
    from huggingface_hub import snapshot_download  # noqa: PLC0415 - only for a name on the hub
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError  # noqa: PLC0415

    try:
        return Path(snapshot_download(spec, local_files_only=True))
    except LocalEntryNotFoundError as error:
        if not allow_download:
            raise EncoderError(spec, "not on this machine, and downloading is not allowed") from error
    try:
        return Path(snapshot_download(spec, allow_patterns=_DOWNLOADED))
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise EncoderError(spec, f"could not be downloaded: {error}") from error


def _open_transformer(folder: Path, spec: str) -> "SentenceTransformer":
    """The model in a directory, opened without a look at the hub."""
    if not any((folder / name).is_file() for name in ("modules.json", "config.json")):
        raise EncoderError(spec, "the directory holds no model: modules.json and config.json are missing")
    try:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - takes seconds, and torch
        from transformers.utils import logging  # noqa: PLC0415
    except ImportError as error:
        raise EncoderError(spec, f"sentence-transformers cannot be used: {error}") from error
    bar = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        return SentenceTransformer(str(folder), local_files_only=True)
    except Exception as error:  # a broken model fails in as many ways as it has parts
        raise EncoderError(spec, f"cannot be opened: {error}") from error
    finally:
        if bar:
            logging.enable_progress_bar()  # type: ignore[no-untyped-call]


def _prefix(model: "SentenceTransformer", names: tuple[str, ...], label: str, e5: str) -> str:
    """What the model wants before a text: a prompt of its own configuration, or E5's, which old E5 models leave out."""
    prompts = model.prompts or {}
    for name in names:
        if prompts.get(name):
            return str(prompts[name])
    return e5 if _E5.search(label.lower()) else ""


def _make_llama_index(spec: str) -> "BaseEmbedding":
    """The llama-index embedding that `llama-index:package.module:ClassName?key=value` describes."""
    from llama_index.core.base.embeddings.base import BaseEmbedding  # noqa: PLC0415 - takes a second

    path, _, query = spec.removeprefix(LLAMA_INDEX).partition("?")
    module, _, name = path.partition(":")
    if not module or not name:
        raise EncoderError(spec, f"expected {LLAMA_INDEX}package.module:ClassName?key=value")
    try:
        kind: Any = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise EncoderError(spec, str(error)) from error
    if not (isinstance(kind, type) and issubclass(kind, BaseEmbedding)):
        raise EncoderError(spec, f"{name} is not a llama-index embedding")
    make: Callable[..., BaseEmbedding] = kind
    try:
        embedding: BaseEmbedding = make(**dict(parse_qsl(query, keep_blank_values=True)))
    except Exception as error:  # every vendor raises its own
        raise EncoderError(spec, f"{type(error).__name__}: {error}") from error
    return embedding
