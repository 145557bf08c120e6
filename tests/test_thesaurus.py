from collections import defaultdict
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.dutch import content_words, stem
from ingest.errors import ThesaurusError
from ingest.thesaurus import (
    FOLDER,
    LONGEST,
    Entry,
    Group,
    Thesaurus,
    dutch_key,
    english_key,
    load_thesaurus,
    read_file,
    read_groups,
)

FILES = sorted(FOLDER.glob("*.txt"))
OWN = """\
# Woorden van ons dorp
buurtbus, belbus, busje op afroep = community bus, dial-a-ride

dorpshuis, ons huis?, plek om samen te komen = village hall
  # ingesprongen uitleg
krediet, lening, bank?
"""
ENTRY = st.lists(st.sampled_from("huis wijk de plan raad van zorg bus 4 vierde feest".split()), min_size=1, max_size=5)
ENTRIES = st.lists(st.builds(Entry, ENTRY.map(" ".join), st.booleans()), min_size=1, max_size=4).map(tuple)
GROUPS = st.lists(st.builds(Group, ENTRIES, ENTRIES | st.just(())), max_size=5)


def lines_of(path: Path) -> list[tuple[str, str]]:
    """(file and line number, line) for each group of a file."""
    lines = enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
    return [(f"{path.name}:{at}", line.strip()) for at, line in lines if line.strip() and not line.startswith("#")]


def write(folder: Path, text: str, name: str = "eigen.txt") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def line(group: Group) -> str:
    dutch, english = (
        ", ".join(entry.text + "?" * entry.ambiguous for entry in side) for side in (group.dutch, group.english)
    )
    return f"{dutch} = {english}" if english else dutch


def synonyms(thesaurus: Thesaurus, text: str) -> list[tuple[int, int, tuple[str, ...]]]:
    return thesaurus.synonyms(content_words(text))


@pytest.fixture
def thesaurus(tmp_path: Path) -> Thesaurus:
    return Thesaurus(read_file(write(tmp_path, OWN)))


@pytest.fixture(scope="module")
def shipped() -> Thesaurus:
    """The thesaurus of this project, with its indexes made: that takes longer than one example of a property may."""
    thesaurus = load_thesaurus()
    thesaurus.synonyms(["huis"])
    thesaurus.translations(["house"])
    return thesaurus


# The files that are shipped


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_a_shipped_file_has_groups_in_dutch_and_english(path: Path):
    groups = read_file(path)
    assert len(groups) == len(lines_of(path)) > 20
    assert all(group.english for group in groups)
    entries = [entry.text for group in groups for entry in (*group.dutch, *group.english)]
    assert [text for text in entries if set(text) & set("?=#;|\t") or "  " in text] == []


def test_the_shipped_thesaurus_has_enough_groups():
    assert len(read_groups()) >= 2_500


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_shipped_group_can_be_found_from_dutch(path: Path):
    """But those of function words only, which no question is searched with: they teach the model their English."""
    lost = []
    for (where, text), group in zip(lines_of(path), read_file(path), strict=True):
        keys = [(len(dutch_key(entry.text)), entry.ambiguous) for entry in group.dutch]
        if any(length for length, _ in keys) and not any(0 < n <= LONGEST and not ambiguous for n, ambiguous in keys):
            lost.append(f"{where}: {text}")
    assert lost == []


def test_no_shipped_line_stands_there_twice():
    found = defaultdict(list)
    for path in FILES:
        for where, text in lines_of(path):
            found[text].append(where)
    assert {text: where for text, where in found.items() if len(where) > 1} == {}


def test_no_single_letter_brings_a_shipped_group_into_play():
    lone = [
        entry.text
        for group in read_groups()
        for entry in group.dutch
        if not entry.ambiguous and len(dutch_key(entry.text)) == 1 and len(dutch_key(entry.text)[0]) == 1
    ]
    assert [text for text in lone if not dutch_key(text)[0].isdigit()] == []


def test_no_shipped_group_has_a_word_twice():
    twice = [
        line(group)
        for group in read_groups()
        for side in (group.dutch, group.english)
        if len({entry.text for entry in side}) < len(side)
    ]
    assert twice == []


def test_the_shipped_thesaurus_knows_the_words_of_municipalities():
    thesaurus = load_thesaurus()
    assert "raad" in synonyms(thesaurus, "gemeenteraad")[0][2]
    translated = {text for _, _, texts in thesaurus.translations(content_words("the mayor")) for text in texts}
    assert "burgemeester" in translated


# A file


def test_a_file_gives_its_groups_in_order(tmp_path: Path):
    groups = read_file(write(tmp_path, OWN))
    assert [group.dutch[0].text for group in groups] == ["buurtbus", "dorpshuis", "krediet"]
    assert groups[0].english == (Entry("community bus"), Entry("dial-a-ride"))
    assert groups[1].dutch[1] == Entry("ons huis", ambiguous=True)
    assert groups[2].english == ()


def test_a_question_mark_belongs_to_no_word(tmp_path: Path):
    groups = read_file(write(tmp_path, "bank ?, krediet?? , ?, = ,\n"))
    assert groups == (Group((Entry("bank", True), Entry("krediet", True))),)


def test_a_file_saved_by_windows_is_read(tmp_path: Path):
    path = tmp_path / "eigen.txt"
    path.write_bytes(b"\xef\xbb\xbf# Woorden\r\nbelbus, buurtbus\r\n")
    assert read_file(path) == (Group((Entry("belbus"), Entry("buurtbus"))),)


@pytest.mark.parametrize("wrong", ["dorpshuis", "= village hall", "dorpshuis =", ",,", "?, ?", "="])
def test_a_line_that_is_no_group_is_named(tmp_path: Path, wrong: str):
    path = write(tmp_path, f"# uitleg\nkrediet, lening\n\n {wrong} \nbelbus, buurtbus\n", "dorp.txt")
    with pytest.raises(ThesaurusError) as raised:
        read_file(path)
    assert (raised.value.name, raised.value.line, raised.value.detail) == ("dorp.txt", 4, wrong)


def test_a_file_that_is_no_text_or_not_there_is_named(tmp_path: Path):
    path = tmp_path / "latin.txt"
    path.write_bytes("coöperatie, vereniging".encode("latin-1"))
    for bad in (path, tmp_path / "weg.txt"):
        with pytest.raises(ThesaurusError) as raised:
            read_file(bad)
        assert (raised.value.name, raised.value.line) == (bad.name, 0)
        assert raised.value.detail


@given(st.text() | st.text("ab ,=?#\n"))
def test_any_file_is_read_or_its_line_is_named(text: str):
    with TemporaryDirectory() as folder:
        path = write(Path(folder), text)
        lines = path.read_text(encoding="utf-8").splitlines()
        try:
            groups, error = read_file(path), None
        except ThesaurusError as raised:
            groups, error = (), raised
    assert error is None or (error.name == "eigen.txt" and error.detail == lines[error.line - 1].strip())
    assert all(group.dutch and len(group.dutch) + len(group.english) >= 2 for group in groups)
    assert all(entry.text == entry.text.strip() != "" for group in groups for entry in group.dutch)


@given(GROUPS)
def test_what_is_written_is_read_back(groups: list[Group]):
    groups = [group for group in groups if len(group.dutch) + len(group.english) > 1]
    with TemporaryDirectory() as folder:
        assert list(read_file(write(Path(folder), "\n".join(map(line, groups))))) == groups


# A folder


def test_a_folder_is_read_in_order_of_name_and_other_files_are_left_alone(tmp_path: Path):
    write(tmp_path, "zwembad, badhuis", "b.txt")
    write(tmp_path, "belbus, buurtbus", "a.txt")
    write(tmp_path, "geen groep", "README.md")
    assert [group.dutch[0].text for group in read_groups(tmp_path)] == ["belbus", "zwembad"]


def test_a_municipality_adds_groups_of_its_own(tmp_path: Path):
    write(tmp_path, "wiebelhuis, het nieuwe zwembad = wobble house")
    own = load_thesaurus(tmp_path)
    assert synonyms(load_thesaurus(), "wiebelhuis") == []
    assert synonyms(own, "wiebelhuis") == [(0, 1, ("het nieuwe zwembad",))]
    assert own.translations(content_words("the wobble house")) == [(0, 2, ("wiebelhuis", "het nieuwe zwembad"))]
    assert synonyms(own, "gemeenteraad") == synonyms(load_thesaurus(), "gemeenteraad")


def test_an_error_in_a_folder_of_a_municipality_names_the_file(tmp_path: Path):
    write(tmp_path, "belbus, buurtbus\nwiebelhuis\n", "dorp.txt")
    with pytest.raises(ThesaurusError, match=r"dorp\.txt") as raised:
        load_thesaurus(tmp_path)
    assert raised.value.line == 2


# Looking up


def test_a_word_brings_the_others_of_its_group(thesaurus: Thesaurus):
    assert synonyms(thesaurus, "Rijdt de belbus?") == [(1, 2, ("buurtbus", "busje op afroep"))]


def test_an_inflected_word_and_a_phrase_are_found(thesaurus: Thesaurus):
    assert synonyms(thesaurus, "leningen") == [(0, 1, ("krediet", "bank"))]
    assert synonyms(thesaurus, "waar zijn er plekken om samen te komen") == [(0, 2, ("dorpshuis", "ons huis"))]


def test_an_ambiguous_word_is_brought_but_brings_nothing(thesaurus: Thesaurus):
    assert synonyms(thesaurus, "bank") == []
    assert "bank" in synonyms(thesaurus, "krediet")[0][2]


def test_a_longer_phrase_hides_the_words_in_it_and_no_others():
    groups = (
        Group((Entry("huis"), Entry("woning"))),
        Group((Entry("huis van de wijk"), Entry("buurtcentrum"))),
        Group((Entry("wijk feest"), Entry("barbecue"))),
    )
    assert synonyms(Thesaurus(groups), "het feest in het huis van de wijk") == [(1, 3, ("buurtcentrum",))]
    assert synonyms(Thesaurus(groups), "huis wijk feest") == [(0, 2, ("buurtcentrum",)), (1, 3, ("barbecue",))]


def test_a_word_of_two_groups_brings_both_once():
    groups = (Group((Entry("raad"), Entry("advies"))), Group((Entry("raad"), Entry("gemeenteraad"), Entry("advies"))))
    assert synonyms(Thesaurus(groups), "raad") == [(0, 1, ("advies", "gemeenteraad"))]


def test_an_english_word_brings_the_dutch_of_its_group(thesaurus: Thesaurus):
    assert thesaurus.translations(content_words("two village halls")) == [
        (1, 3, ("dorpshuis", "ons huis", "plek om samen te komen"))
    ]
    assert thesaurus.translations(content_words("dorpshuis")) == []
    assert synonyms(thesaurus, "village hall") == []


def test_nothing_is_found_of_nothing():
    assert Thesaurus(()).synonyms(["huis"]) == []
    assert load_thesaurus().synonyms([]) == []
    assert load_thesaurus().translations([]) == []


def test_a_key_is_of_content_words():
    assert dutch_key("De leningen van het huis") == (stem("leningen"), stem("huis"))
    assert english_key("the halls of the village") == english_key("hall village")
    assert dutch_key("van de") == ()


def answers(entry: Entry, key: tuple[str, ...]) -> bool:
    """Whether an entry brings its group into play for this key: one word of a phrase is not the phrase."""
    return not entry.ambiguous and dutch_key(entry.text) == key and (len(key) > 1 or " " not in entry.text.strip())


@given(GROUPS, ENTRY)
def test_each_stretch_is_of_a_group_and_brings_no_form_of_itself(groups: list[Group], said: list[str]):
    words = content_words(" ".join(said))
    found = Thesaurus(groups).synonyms(words)
    for begin, end, texts in found:
        key = tuple(stem(word) for word in words[begin:end])
        assert 0 < end - begin <= LONGEST
        of = [group for group in groups if any(answers(entry, key) for entry in group.dutch)]
        assert of
        wanted = dict.fromkeys(entry.text for group in of for entry in group.dutch if dutch_key(entry.text) != key)
        assert texts == tuple(wanted)
    spans = [(begin, end) for begin, end, _ in found]
    assert not any(a != b and a[0] <= b[0] and b[1] <= a[1] for a in spans for b in spans)


@given(GROUPS, st.data())
def test_whatever_is_in_a_group_and_unambiguous_finds_it(groups: list[Group], data: st.DataObject):
    entries = [entry for group in groups for entry in group.dutch if not entry.ambiguous]
    # A phrase that is one word beside its stop words is more than that word, and does not answer to it.
    lengths = [(entry, len(dutch_key(entry.text))) for entry in entries]
    entries = [e for e, found in lengths if 1 < found <= LONGEST or found == len(e.text.split()) == 1]
    if entries:
        text = data.draw(st.sampled_from(entries)).text
        (found,) = [part for part in synonyms(Thesaurus(groups), text) if part[:2] == (0, len(content_words(text)))]
        assert text not in found[2]


@given(texts=st.lists(st.text(max_size=20)))
def test_any_words_can_be_looked_up(shipped: Thesaurus, texts: list[str]):
    words = content_words(" ".join(texts))
    assert all(0 <= begin < end <= len(words) for begin, end, _ in shipped.synonyms(words))
    assert all(0 <= begin < end <= len(words) for begin, end, _ in shipped.translations(words))
