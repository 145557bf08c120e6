from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.model.written import (
    DATA,
    KINDS,
    WrittenDocument,
    WrittenError,
    counts,
    main,
    parse_written,
    read_written,
)
from ingest.sentences import sentences

FILES = sorted(path for path in DATA.glob("*.md") if path.name != "BRIEF.md")
TEXT = """\
# De vlotbrug van Zandermeer
genre: column
split: train

## Een brug die drijft
De vlotbrug ligt er sinds 1987. Hij kostte 3,5 miljoen gulden. ‘Dat was veel geld’, zegt Dirk Haan.

- fact: Sinds wanneer ligt de vlotbrug er? => De vlotbrug ligt er
- paraphrase: Vond men het destijds duur? => Dat was veel geld
- unanswerable: Wie ontwierp de brug?

## Wie hem onderhoudt
Twee schippers houden hem schoon. De vlotbrug krijgt elk jaar verf.

- list: Wie zorgt er voor? => Twee schippers houden...
- multi: Sinds wanneer ligt hij er, en wie houdt hem schoon? => De vlotbrug ligt er sinds || Twee schippers
- english: What does it get each year? => De vlotbrug
"""


def parse(folder: Path, text: str) -> WrittenDocument:
    path = folder / "vlotbrug.md"
    path.write_text(text, encoding="utf-8")
    return parse_written(path)


def wrong(folder: Path, text: str) -> list[str]:
    with pytest.raises(WrittenError) as raised:
        parse(folder, text)
    return str(raised.value).splitlines()


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_document_is_right_and_every_answer_is_one_of_its_sentences(path: Path):
    document = parse_written(path)
    texts = {passage.pid: passage.text for passage in document.passages}
    said = {pid: {text[start:end] for start, end in sentences(text)} for pid, text in texts.items()}
    assert document.genre
    assert len(texts) == len(document.passages)
    for question in document.questions:
        assert question.kind in KINDS
        assert question.asked_at in texts
        assert bool(question.answer) == bool(question.pids) == (question.kind != "unanswerable")
        for sentence in question.answer:
            assert any(sentence in said[pid] for pid in question.pids), f"{question.text}: {sentence}"


def test_the_shipped_documents_have_all_kinds_of_questions_to_train_and_to_validate_on():
    documents = read_written()
    assert {path.stem for path in FILES} <= {document.name for document in documents}
    assert len({question.text for document in documents for question in document.questions}) >= 5_000
    for split in ("train", "valid"):
        asked = {question.kind for document in documents if document.split == split for question in document.questions}
        assert asked == set(KINDS)


def test_a_document_has_its_passages_and_questions(tmp_path: Path):
    document = parse(tmp_path, TEXT)
    assert (document.name, document.title) == ("vlotbrug", "De vlotbrug van Zandermeer")
    assert (document.genre, document.split) == ("column", "train")
    assert [(passage.pid, passage.heading) for passage in document.passages] == [
        ("vlotbrug#1", "Een brug die drijft"),
        ("vlotbrug#2", "Wie hem onderhoudt"),
    ]
    assert [(question.kind, question.asked_at, question.pids) for question in document.questions] == [
        ("fact", "vlotbrug#1", ("vlotbrug#1",)),
        ("paraphrase", "vlotbrug#1", ("vlotbrug#1",)),
        ("unanswerable", "vlotbrug#1", ()),
        ("list", "vlotbrug#2", ("vlotbrug#2",)),
        ("multi", "vlotbrug#2", ("vlotbrug#1", "vlotbrug#2")),
        ("english", "vlotbrug#2", ("vlotbrug#2",)),
    ]


def test_an_answer_is_the_whole_sentence_that_has_its_first_words(tmp_path: Path):
    answers = {question.kind: question.answer for question in parse(tmp_path, TEXT).questions}
    assert answers == {
        "fact": ("De vlotbrug ligt er sinds 1987.",),
        "paraphrase": ("‘Dat was veel geld’, zegt Dirk Haan.",),  # the words stand after a quotation mark
        "unanswerable": (),
        "list": ("Twee schippers houden hem schoon.",),  # an ellipsis is no part of the words
        "multi": ("De vlotbrug ligt er sinds 1987.", "Twee schippers houden hem schoon."),
        "english": ("De vlotbrug krijgt elk jaar verf.",),  # of its own passage before that of another
    }


@pytest.mark.parametrize(
    ("right", "broken", "at", "problem"),
    [
        ("=> De vlotbrug ligt er\n", "=> De pont ligt er\n", 8, "no sentence has: De pont ligt er"),
        ("=> Dat was veel geld", "", 9, "paraphrase without an answer: Vond men het destijds duur?"),
        ("=> Dat was veel geld", "=> …", 9, "paraphrase without an answer: Vond men het destijds duur?"),
        ("ontwierp de brug?", "ontwierp de brug? => Hij", 10, "unanswerable with an answer: Wie ontwierp de brug?"),
        ("- list:", "- lijst:", 15, "not a question: - lijst: Wie zorgt er voor? => Twee schippers houden..."),
        ("- list:", "- list", 15, "not a question: - list Wie zorgt er voor? => Twee schippers houden..."),
        ("|| Twee schippers", "|| Drie schippers", 16, "no sentence has: Drie schippers"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(tmp_path: Path, right: str, broken: str, at: int, problem: str):
    assert TEXT.count(right) == 1
    assert wrong(tmp_path, TEXT.replace(right, broken)) == [f"vlotbrug.md:{at}: {problem}"]


def test_everything_that_is_wrong_is_said_at_once(tmp_path: Path):
    said = wrong(tmp_path, TEXT.replace("- list:", "- lijst:").replace("1987", "1988").replace("=> Dat", "=> Dit"))
    assert [line.split(": ")[0] for line in said] == ["vlotbrug.md:9", "vlotbrug.md:15"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        TEXT.replace("# De vlotbrug van", "De vlotbrug van"),
        TEXT.replace("split: train", "split: test"),
        TEXT.replace("split: train\n", ""),
        "# Titel\nsplit: valid\n\n## Kop zonder tekst\n",
    ],
)
def test_a_title_a_split_and_passages_are_needed(tmp_path: Path, text: str):
    assert wrong(tmp_path, text)[-1].startswith("vlotbrug.md:1: a title")


def test_a_question_before_any_passage_is_no_question(tmp_path: Path):
    assert wrong(tmp_path, TEXT.replace("split: train\n", "split: train\n- fact: Waar? => Daar\n")) == [
        "vlotbrug.md:4: not a question: - fact: Waar? => Daar"
    ]


def test_a_folder_is_read_in_order_of_name_without_its_brief(tmp_path: Path):
    for name in ("b.md", "a.md"):
        (tmp_path / name).write_text(TEXT, encoding="utf-8")
    (tmp_path / "BRIEF.md").write_text("# Geen document", encoding="utf-8")
    assert [document.name for document in read_written(tmp_path)] == ["a", "b"]


def test_the_counts_are_of_all_documents(tmp_path: Path):
    document = parse(tmp_path, TEXT)
    documents, kinds = counts([document, document])
    assert documents.startswith("2 documents, 4 passages of ")
    assert "fact 2" in kinds
    assert kinds.endswith("; 12 questions")
    assert list(counts([]))[1].endswith("0 questions")


def test_the_command_says_what_is_wrong_and_counts_the_rest(tmp_path: Path, capsys: pytest.CaptureFixture[str]):
    good, bad = tmp_path / "goed.md", tmp_path / "fout.md"
    good.write_text(TEXT, encoding="utf-8")
    bad.write_text(TEXT.replace("- list:", "- lijst:"), encoding="utf-8")
    assert main([str(good)]) == 0
    assert capsys.readouterr().out.startswith("1 documents, 2 passages")
    assert main([str(good), str(bad)]) == 1
    out = capsys.readouterr().out
    assert "fout.md:15: not a question" in out
    assert "6 questions" in out


LINE = st.sampled_from(
    ["# Titel", "split: valid", "## Kop", "Zin een. Zin twee.", "- fact: Wat? => Zin", "- list: Wat?"]
)


@given(st.lists(LINE | st.text("#-:=>| .azAZ", max_size=25) | st.text(max_size=25), max_size=12))
def test_any_file_is_right_or_what_is_wrong_has_a_line(tmp_path_factory: pytest.TempPathFactory, lines: list[str]):
    folder = tmp_path_factory.getbasetemp()
    text = "\n".join(lines)
    try:
        document = parse(folder, text)
    except WrittenError as error:
        last = max(1, len((folder / "vlotbrug.md").read_text(encoding="utf-8").splitlines()))
        for line in str(error).splitlines():
            name, at, _ = line.split(":", 2)
            assert name == "vlotbrug.md"
            assert 1 <= int(at) <= last
    else:
        texts = {passage.pid: passage.text for passage in document.passages}
        assert texts
        for question in document.questions:
            assert all(any(sentence in texts[pid] for pid in question.pids) for sentence in question.answer)
