"""The embedded model as it is shipped, and the steps that make it on a small corpus of our own."""

import gzip
import json
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import Tokenizer

from ingest.encode import EMBEDDED, StaticEncoder
from ingest.model.corpus import Corpus, Question, Text, read_corpus
from ingest.model.export import save_model
from ingest.model.substitutes import Substitutes, WordGroup, phrases, word_groups
from ingest.model.train import Plan, Trainer, count_words, question_pairs
from ingest.model.train_loop import Recipe
from ingest.model.validate import score_questions
from ingest.model.vocabulary import Ragged, WordTable, fold_words

TRAINING = Path(__file__).parents[2] / "shared" / "training"

PASSAGES = {
    "1-1-1": ("Kerngids – Afval", "De reinigingsdienst haalt op dinsdag het restafval op en op vrijdag het papier."),
    "1-1-2": ("Kerngids – Zwembad", "Het zwembad De Waterlelie sluit in de winter vier weken voor groot onderhoud."),
    "1-1-3": ("Kerngids – Schulden", "Wie zijn rekeningen niet kan betalen, krijgt binnen drie dagen schuldhulp."),
    "1-2-1": ("Raadsbrief – Fietspad", "Langs de Molenweg legt de aannemer een breed fietspad van rood asfalt."),
    "1-2-2": ("Raadsbrief – Bibliotheek", "De bibliotheek leent behalve boeken ook gereedschap en bakvormen uit."),
    "1-3-1": ("Essay – Bomen", "In elke straat van Elzendal staat over tien jaar een boom die schaduw geeft."),
    "1-3-2": ("Essay – Stemmen", "Bij de verkiezing van de dorpsraad stemt ook wie zestien jaar oud is."),
}
THESAURUS = """zwembad = swimming pool
verkiezing, stemming, naar de stembus = election
bank?, kredietverlener = bank
"""
QUESTIONS = {
    "1-1-1": "Wanneer komt de vuilniswagen langs voor het afval?",
    "1-1-2": "Kan ik in december zwemmen of is het zwembad dicht?",
    "1-1-3": "Who helps residents with debts?",
    "1-2-1": "Waar komt het nieuwe fietspad te liggen?",
    "1-2-2": "Wat kun je lenen in de bieb?",
    "1-3-1": "Hoe houdt Elzendal het koel in de straat?",
    "1-3-2": "Vanaf welke leeftijd mag je stemmen?",
}
SMALL = Plan(tokens=300, dimensions=12, epochs=2, batch=8, block=4, question_epochs=12, question_batch=4)


@pytest.fixture(scope="module")
def training(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("training")
    pairs = [
        {"a": heading, "b": text, "kind": "kop-alinea", "source": "eigen", "doc": number // 3, "alinea": number}
        for number, (heading, text) in enumerate(PASSAGES.values())
    ]
    pairs.append({"a": "afval", "b": "vuilnis", "kind": "synoniem", "source": "eigen", "doc": 9, "alinea": 9})
    public = {
        "kind": "fact",
        "split": "train",
        "heading": "Wegen – Strooien",
        "passage": "Bij gladheid strooit de ploeg eerst de busbanen.",
    }
    questions = [
        {
            **public,
            "question": "Welke weg krijgt als eerste zout?",
            "pid": "p#1",
            "answerable": True,
            "source": "eigen",
        },
        {**public, "question": "Wat kost een strooiwagen?", "pid": "p#1", "answerable": False, "source": "eigen"},
    ]
    own = [
        {
            "question": question, "kind": "paraphrase", "answerable": True, "pids": [pid], "answer": [PASSAGES[pid][1]],
            "history": [], "standalone": "", "split": "valid" if pid.startswith("1-3") else "train", "doc": pid[:3],
        }
        for pid, question in QUESTIONS.items()
    ]  # fmt: skip
    passages = [
        {"pid": pid, "doc": pid[:3], "title": heading.partition(" – ")[0], "genre": "gids",
         "heading": heading.partition(" – ")[2], "text": text}
        for pid, (heading, text) in PASSAGES.items()
    ]  # fmt: skip
    for name, rows in (("pairs", pairs), ("questions", questions), ("own", own), ("own_passages", passages)):
        _write(folder / f"{name}.jsonl.gz", rows)
    return folder


@pytest.fixture(scope="module")
def corpus(training: Path, tmp_path_factory: pytest.TempPathFactory) -> Corpus:
    own = tmp_path_factory.mktemp("eigen")
    (own / "woorden.txt").write_text(THESAURUS, encoding="utf-8")
    return read_corpus(training, own, own)


@pytest.fixture(scope="module")
def groups(corpus: Corpus) -> tuple[WordGroup, ...]:
    return word_groups(corpus.groups)


@pytest.fixture(scope="module")
def shipped() -> StaticEncoder:
    return StaticEncoder(EMBEDDED)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return Tokenizer.from_file(str(EMBEDDED / "tokenizer.json"))


@pytest.fixture(scope="module")
def table(tokenizer: Tokenizer, groups: tuple[WordGroup, ...]) -> WordTable:
    words = {word for _, text in PASSAGES.values() for word in fold_words(text)}
    return WordTable(sorted(words | set(phrases(groups))), tokenizer)


@pytest.fixture(scope="module")
def substitutes(table: WordTable, groups: tuple[WordGroup, ...]) -> Substitutes:
    return Substitutes(groups, table)


def _write(path: Path, rows: Iterable[Mapping[str, object]]) -> None:
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def test_model2vec_and_sentence_transformers_give_the_vectors_that_we_give(shipped: StaticEncoder):
    from model2vec import StaticModel
    from sentence_transformers import SentenceTransformer

    texts = [*QUESTIONS.values(), "", "漢字 …", "Coördinatie én reünie: 2.500 m²", "lang verhaal " * 2000]
    ours = shipped.encode_passages(texts)
    # From one directory: what runs here is what another tool gets when it opens the model.
    np.testing.assert_allclose(StaticModel.from_pretrained(EMBEDDED).encode(texts), ours, atol=1e-4)
    loaded = SentenceTransformer(str(EMBEDDED), local_files_only=True)
    np.testing.assert_allclose(loaded.encode(texts, show_progress_bar=False), ours, atol=1e-4)


def test_the_shipped_model_is_small():
    files = [path for path in EMBEDDED.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < 10_000_000


@pytest.mark.parametrize("pid", QUESTIONS)
def test_the_shipped_model_puts_the_passage_near_the_top(shipped: StaticEncoder, pid: str):
    scores = (
        shipped.encode_passages([text for _, text in PASSAGES.values()]) @ shipped.encode_queries([QUESTIONS[pid]])[0]
    )
    rank = int((scores > scores[list(PASSAGES).index(pid)]).sum())
    assert rank <= 2


def test_the_shipped_model_finds_held_out_passages(shipped: StaticEncoder):
    if not TRAINING.is_dir():
        pytest.skip(f"the training data is not in {TRAINING}")
    corpus = read_corpus(TRAINING)
    held = [question for question in corpus.questions if question.ours and question.split == "valid"]
    scores = score_questions(shipped.encode_passages, held, corpus.texts)
    mrr = {kind: row[3] for kind, row in scores.items()}
    assert mrr["all"] > 0.18
    assert mrr["english"] > 0.1
    assert mrr["fact"] > 0.45


@settings(deadline=None)
@given(text=st.text(alphabet=st.characters(max_codepoint=0x24F), max_size=60))
def test_words_are_what_the_tokenizer_sees(tokenizer: Tokenizer, text: str):
    whole = tokenizer.encode(text, add_special_tokens=False).ids
    parts = [token for word in fold_words(text) for token in tokenizer.encode(word, add_special_tokens=False).ids]
    assert whole == parts


@settings(deadline=None)
@given(rows=st.lists(st.lists(st.integers(0, 99), max_size=5), min_size=1, max_size=8), data=st.data())
def test_ragged_gives_back_the_rows_that_went_in(rows: list[list[int]], data: st.DataObject):
    wanted = data.draw(st.lists(st.integers(0, len(rows) - 1), max_size=10))
    flat, lengths = Ragged.of(rows).take(np.array(wanted, dtype=np.int64))
    assert flat.tolist() == [value for row in wanted for value in rows[row]]
    assert lengths.tolist() == [len(rows[row]) for row in wanted]


def test_a_table_turns_words_into_the_tokens_of_the_text(table: WordTable, tokenizer: Tokenizer):
    texts = [text for _, text in PASSAGES.values()]
    stored = table.store(["", *texts])
    tokens, lengths = table.to_tokens(*stored.take(np.arange(len(texts) + 1)))
    expected = [tokenizer.encode(text, add_special_tokens=False).ids for text in ["", *texts]]
    assert tokens.tolist() == [token for row in expected for token in row]
    assert lengths.tolist() == [len(row) for row in expected]


def test_words_are_replaced_by_words_of_their_line_only(
    table: WordTable, substitutes: Substitutes, groups: tuple[WordGroup, ...]
):
    names = {number: word for word, number in table.ids.items()}
    votes = {entry for group in groups if "verkiezing" in group.dutch for entry in phrases([group])}
    words = table.store(["zwembad asfalt verkiezing"]).flat
    seen = set()
    for seed in range(40):
        pool, unknown, vote = (names[i] for i in substitutes.replace(words, 0.9, np.random.default_rng(seed)))
        assert unknown == "asfalt"
        assert vote in votes
        seen.add(pool)
    assert seen == {"zwembad", "swimming pool"}


def test_nothing_is_replaced_without_a_chance(table: WordTable, substitutes: Substitutes):
    words = table.store(text for _, text in PASSAGES.values()).flat
    same = substitutes.replace(words, 0.0, np.random.default_rng(0))
    np.testing.assert_array_equal(same, words)


def test_held_out_questions_and_texts_are_not_learnt_from(corpus: Corpus):
    counts = count_words(corpus, [])
    assert counts["vuilniswagen"] == 3
    assert "koel" not in counts
    pairs, pool = question_pairs(corpus, own_weight=2)
    held = {row for row, text in enumerate(corpus.texts) if text.split == "valid"}
    assert len(held) == 2
    assert held.isdisjoint(pool.tolist())
    assert held.isdisjoint(pairs[:, 1].tolist())
    assert not any(pair.passage < 0 and "Essay" in pair.a for pair in corpus.pairs)


def test_questions_that_the_texts_do_not_answer_are_left_out(corpus: Corpus):
    assert [question.text for question in corpus.questions if not question.ours] == [
        "Welke weg krijgt als eerste zout?"
    ]


def test_measures_follow_the_rank():
    texts = [Text(str(i), "", str(i), True, "valid") for i in range(20)]
    questions = [
        Question("0", "fact", ("0",), (), True, "valid"),
        Question("0", "multi", ("3", "12"), (), True, "valid"),
    ]

    def encode(lines: object) -> np.ndarray:
        angles = [int(str(line).strip()) / 20 for line in lines]  # type: ignore[attr-defined]
        return np.array([[np.cos(angle), np.sin(angle)] for angle in angles], dtype=np.float32)

    scores = score_questions(encode, questions, texts)
    assert scores["fact"] == [1, 1, 1, 1, 1]
    assert scores["multi"] == [0, 0.5, 0.5, 0.25, 1]
    assert scores["all"] == [0.5, 0.75, 0.75, 0.625, 2]


@pytest.mark.parametrize("step", ["initial", "trained"])
def test_a_small_run_is_the_same_every_time(corpus: Corpus, step: str):
    def run() -> np.ndarray:
        trainer = Trainer(corpus, SMALL, seed=3)
        start = trainer.initial()
        return start if step == "initial" else trainer.on_questions(trainer.on_pairs(start))

    first = run()
    assert np.isfinite(first).all()
    np.testing.assert_array_equal(first, run())


def test_a_small_run_learns_its_questions_and_can_be_opened(corpus: Corpus, tmp_path: Path):
    plan = replace(SMALL, dimensions=24, question_epochs=40, questions=Recipe(rate=0.05, drop_shared=0.0))
    trainer = Trainer(corpus, plan, seed=1)
    learnt = [question for question in corpus.questions if question.split == "train"]
    known = [text for text in corpus.texts if text.split == "train"]
    measured = []
    vectors = trainer.initial()
    for name in ("before", "after"):
        save_model(tmp_path / name, vectors, trainer.tokenizer)
        encoder = StaticEncoder(tmp_path / name)
        measured.append(score_questions(encoder.encode_passages, learnt, known)["all"][3])
        vectors = trainer.on_questions(vectors)
    assert measured[1] > measured[0]
    assert measured[1] == 1
    assert "| paraphrase | 2 |" in trainer.validation(vectors)
