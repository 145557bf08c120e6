import pytest

from ingest.dutch import stem
from ingest.lexical import Form, LexicalIndex, QueryWord, plain_words, query_word, write_lexical
from ingest.types import Document, Passage

WEIGHTS = {"grams": 1.0, "stems": 0.5, "heading": 0.3}
TEXTS = {
    1: "De woningbouwopgave vraagt om meer huizen in het dorp.",
    2: "Het college kiest voor jeugdhulp dicht bij huis.",
    3: "De gemeenteraad vergadert op donderdag over de begroting.",
}


def entries(texts):
    for row, text in texts.items():
        document = Document(f"d{row}", f"{row}.md", "Titel", "text/markdown", "hash")
        yield row, Passage(f"p{row}", f"d{row}", 0, text, ("Kop",), 0, len(text)), document


@pytest.fixture
def index(tmp_path):
    write_lexical(tmp_path / "lexical", entries(TEXTS))
    return LexicalIndex(tmp_path / "lexical")


def search(index, question, **kwargs):
    return [hit.row for hit in index.search(plain_words(question), limit=10, weights=WEIGHTS, **kwargs)]


def test_the_passage_with_the_words_comes_first(index):
    assert search(index, "Wanneer vergadert de gemeenteraad?")[0] == 3


def test_a_part_of_a_compound_finds_the_compound(index):
    assert search(index, "opgave woningbouw")[0] == 1


def test_a_typing_error_does_not_hide_a_word(index):
    assert search(index, "jeugthulp")[0] == 2


def test_coverage_is_a_share_of_the_question(index):
    hits = index.search(plain_words("jeugdhulp dicht bij huis"), limit=10, weights=WEIGHTS)
    assert 0 < hits[0].coverage <= 1
    assert hits == sorted(hits, key=lambda hit: -hit.coverage)


def test_only_the_named_documents(index):
    assert search(index, "college gemeenteraad huizen", doc_ids=["d2"]) == [2]
    assert search(index, "college", doc_ids=[]) == []
    assert search(index, "college gemeenteraad huizen", doc_ids=["d2"], also=[1, 3]) == [2]


def test_rows_that_are_asked_for_too_score_as_they_do_among_all(index):
    words = plain_words("college gemeenteraad huizen jeugdhulp")
    among_all = index.search(words, limit=10, weights=WEIGHTS)
    rows = [hit.row for hit in among_all]
    assert len(rows) > 2
    for limit in range(len(rows) + 1):
        for some in (rows, rows[1:], rows[::-1][:1], []):
            expected = [hit for rank, hit in enumerate(among_all) if rank < limit or hit.row in some]
            assert index.search(words, limit=limit, weights=WEIGHTS, also=[*some, 999]) == expected


def test_what_was_taken_out_makes_no_share_of_more_than_all_and_hides_no_row(tmp_path):
    path, body = tmp_path / "lexical", {"grams": 1.0, "stems": 0.5}
    texts = {row: "De brug ligt in het dorp." if row < 80 else "Zeehaven." for row in range(100)}
    write_lexical(path, entries(texts))
    for begin in range(0, 80, 16):
        write_lexical(path, (), removed=range(begin, begin + 16))
    index, words = LexicalIndex(path), plain_words("zeehaven")
    assert len(index) == 20
    assert {hit.row for hit in index.search(words, limit=0, weights=body, also=range(70, 100))} == {*range(80, 100)}
    assert all(hit.coverage <= 1 for hit in index.search(words, limit=100, weights=body))


def test_a_row_without_any_of_the_words_is_no_hit(index):
    assert search(index, "jeugdhulp", also=[1, 2, 3]) == [2]


def test_a_question_without_known_terms_finds_nothing(index):
    assert search(index, "") == []
    assert search(index, "de het een") == []
    assert search(index, "xyzzyq") == []


def test_rows_are_taken_out_and_added(tmp_path):
    path = tmp_path / "lexical"
    write_lexical(path, entries(TEXTS))
    write_lexical(path, entries({4: "Een nieuw zwembad in de wijk."}), removed=[1])
    index = LexicalIndex(path)
    assert len(index) == 3
    assert search(index, "woningbouwopgave huizen") != [1]
    assert search(index, "zwembad")[0] == 4


def test_an_unknown_term_has_the_highest_idf(index):
    assert index.idf("stems", "bestaatniet") > index.idf("stems", "jeugdhulp") > 0


ONLY_STEMS = {"stems": 1.0}


def rows(index, *words):
    return [hit.row for hit in index.search(words, limit=10, weights=ONLY_STEMS)]


def test_a_compound_finds_its_parts_and_is_found_by_them(tmp_path):
    texts = {1: "De bouw van een woning kost geld.", 2: "De woningbouw staat stil.", 3: "De raad vergadert."}
    write_lexical(tmp_path / "lexical", entries(texts))
    index = LexicalIndex(tmp_path / "lexical")
    assert rows(index, query_word("woningbouw")) == [2, 1]
    assert set(rows(index, query_word("woning"))) == {1, 2}


def test_another_form_counts_for_less_than_the_word_itself(index):
    own = query_word("jeugdhulp")
    by_form = query_word("kinderhulp", [Form((stem("jeugdhulp"),), 0.4)])
    [plainly], [otherwise] = (index.search([word], limit=1, weights=ONLY_STEMS) for word in (own, by_form))
    assert plainly.row == otherwise.row == 2
    assert 0 < otherwise.coverage < plainly.coverage


def test_a_phrase_counts_only_as_a_whole(index):
    assert rows(index, QueryWord("avond", "avond", forms=(Form(("raad", "donderdag"), 0.4),))) == []
    assert rows(index, QueryWord("avond", "avond", forms=(Form(("vergadert", "donderdag"), 0.4),))) == [3]


def test_a_word_counts_once_whatever_forms_of_it_there_are(index):
    forms = [Form((stem("dorp"),), 1.0), Form((stem("huizen"),), 1.0)]
    [hit] = index.search([query_word("dorpshuizen", forms)], limit=1, weights=ONLY_STEMS)
    assert hit.coverage <= 1


def test_only_a_word_that_nothing_has_is_taken_for_one_that_looks_like_it(index):
    assert rows(index, query_word("begrotign", fuzzy=True)) == [3]
    assert rows(index, query_word("begrotign")) == []
    assert rows(index, query_word("raat", fuzzy=True)) == []
