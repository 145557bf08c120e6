"""What the support check lets through, and what it stops."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.llm.language import is_in
from assistant.llm.locate import locate
from assistant.support.check import supports
from assistant.support.frame import is_frame, without_attribution, without_quotes
from assistant.support.spelled import spelled
from assistant.support.word_forms import forms, has_word
from ingest.types import BlockSpan, CanonicalText

ABOUT = ("Woonvisie Veldrijk 2030", "Gemeente Veldrijk", "2024-03", "2024", "maart 2024", "March 2024")
HOMES = "Tot 2030 bouwt Veldrijk 2.150 woningen."
RULES = "De gemeente mag oude huizen niet slopen zonder besluit van de raad."
MONEY = "De uitgaven aan jeugdhulp stegen in 2023 naar 12,4 miljoen euro."
MEETING = "De raad stelde de visie op 14 maart 2024 vast, met steun van de meeste fracties."


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("125.000 inwoners", "125,000 inwoners"),
        ("125.000 inwoners", "125 duizend inwoners"),
        ("12,4 miljoen euro", "€ 12.400.000 "),
        ("twaalf dorpen", "12 dorpen"),
        ("zevenenvijftig procent", "57%"),
        ("de vierde keer", "de 4e keer"),
        ("één school", "1 school"),
        ("05-11-2018", "5 november 2018"),
        ("2018-11-05", "5 november 2018"),
        ("tweehonderd banen", "200 banen"),
        ("vijfentwintigduizend", "25.000"),
        ("6 May 2025", "6 mei 2025"),
        ("2,50", "2.5"),
    ],
)
def test_numbers_and_dates_have_one_spelling(one, other):
    assert spelled(one).split() == spelled(other).split()


@given(st.integers(0, 10**9))
def test_separators_of_thousands_make_no_difference(number):
    assert spelled(f"{number:,}") == spelled(f"{number:,}".replace(",", ".")) == spelled(str(number)) == str(number)


@given(st.text(max_size=60))
def test_spelling_never_fails(text):
    assert isinstance(spelled(text), str)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("gebouwd", "bouwt"),
        ("koos", "gekozen"),
        ("samenwerking", "samenwerken"),
        ("remde", "geremd"),
        ("raad", "raden"),
    ],
)
def test_forms_of_a_word_are_known(one, other):
    assert forms(one) & forms(other)


@pytest.mark.parametrize(("one", "other"), [("woning", "wonen"), ("gemeente", "meent"), ("stijgt", "daalt")])
def test_other_words_are_other_words(one, other):
    assert not forms(one) & forms(other)


def test_a_compound_is_in_a_sentence_with_its_parts_and_not_the_other_way_round():
    assert has_word("woningbouw", forms("woning") | forms("bouw"), {"woning", "bouw"})
    assert not has_word("gemeente", forms("gemeentefonds"), {"gemeentefonds"})
    assert has_word("vastgesteld", forms("stelde"), {"stelde", "vast"})


@pytest.mark.parametrize(
    ("quote", "statement"),
    [
        (HOMES, HOMES),
        (HOMES, "Veldrijk bouwt tot 2030 2150 woningen."),
        (HOMES, "Volgens de Woonvisie Veldrijk 2030 bouwt Veldrijk tot 2030 2.150 woningen."),
        (HOMES, f"Woonvisie Veldrijk 2030 (maart 2024): “{HOMES}”"),
        (HOMES, f"According to Woonvisie Veldrijk 2030 (March 2024, in Dutch): “{HOMES}”"),
        (RULES, "Zonder besluit van de raad mag de gemeente oude huizen niet slopen."),
        (MONEY, "In 2023 stegen de uitgaven aan jeugdhulp naar 12,4 miljoen euro."),
        (MONEY, "De uitgaven aan jeugdhulp stegen in 2023 naar € 12,4 mln."),
        (MEETING.partition(",")[0] + ".", "De visie is op 14 maart 2024 door de raad vastgesteld."),
        ("Drie dorpen doen mee:\nElzen\nHoek\nDam", "“Drie dorpen doen mee:\n– Elzen\n– Hoek\n– Dam”"),
        ("De wethouder zei: “Wij “gaan” door.”", "Woonvisie Veldrijk 2030: “De wethouder zei: “Wij “gaan” door.””"),
    ],
)
def test_what_the_quote_says_is_kept(quote, statement):
    assert supports([quote], statement, ABOUT)


@pytest.mark.parametrize(
    ("quote", "statement"),
    [
        (HOMES, "Veldrijk bouwt tot 2030 2.510 woningen."),
        (HOMES, "Veldrijk bouwt tot 2150 2.030 woningen."),
        (HOMES, "Veldrijk bouwt vanaf 2030 2.150 woningen."),
        (HOMES, "Veldrijk bouwt tot 2030 ongeveer 2.150 woningen."),
        (HOMES, "Veldrijk bouwt tot 2030 alle 2.150 woningen."),
        (HOMES, "Veldrijk moet tot 2030 2.150 woningen bouwen."),
        (HOMES, "Elzen bouwt tot 2030 2.150 woningen."),
        (HOMES, "Gemeente Elzen bouwt woningen."),
        (HOMES, "Veldrijk bouwt tot 2024 2.150 woningen."),  # a year of the document, not of the quote
        (HOMES, "Veldrijk sloopt tot 2030 2.150 woningen."),
        (HOMES, "Nee: “Tot 2030 bouwt Veldrijk 2.150 woningen.”"),
        (HOMES, "Het is niet waar: “Tot 2030 bouwt Veldrijk 2.150 woningen.”"),
        (HOMES, "Veldrijk refuses to build: “Tot 2030 bouwt Veldrijk 2.150 woningen.”"),
        (HOMES, "Het document noemt het."),
        (HOMES, "Woningen."),
        (HOMES, ""),
        (HOMES, "\x00"),
        (RULES, "De gemeente mag oude huizen slopen zonder besluit van de raad."),
        (RULES, "De gemeente mag oude huizen niet slopen."),
        (RULES, "De raad mag oude huizen niet slopen zonder besluit van de gemeente."),
        (RULES, "De gemeente kan oude huizen niet slopen zonder besluit van de raad."),
        (MONEY, "De uitgaven aan jeugdhulp daalden in 2023 naar 12,4 miljoen euro."),
        (MONEY, "De uitgaven aan jeugdhulp stegen in 2023 met 12,4 miljoen euro."),
        (MONEY, "De uitgaven aan jeugdhulp stegen in 2023 naar 12,4 miljard euro."),
        (MONEY, "De uitgaven stegen in 2023 naar 12,4 miljoen euro door jeugdhulp."),
        (MEETING, "De raad stelde de visie op 14 maart 2024 vast, met steun van alle fracties."),
        (MEETING, "De raad stelde de visie op 14 mei 2024 vast."),
        (MEETING, "De fracties stelden de visie op 14 maart 2024 vast met steun van de raad."),
        ("De wethouder vindt dat het plan te duur is.", "Het plan is te duur."),
        ("De wethouder overweegt een zwembad te bouwen.", "De wethouder bouwt een zwembad."),
        ("Als er geld is, bouwt Elzen een zwembad.", "Elzen bouwt een zwembad."),
        ("De druk op de markt nam toe.", "De druk op de markt nam af."),
        ("De gemeente krijgt geld van het Rijk.", "De gemeente geeft geld van het Rijk."),
        ("Elzen is groter dan Hoek.", "Hoek is groter dan Elzen."),
        ("Anna was voorzitter en Bert was secretaris.", "Bert was voorzitter."),
        ("Anna was voorzitter en Bert was secretaris.", "Anna was secretaris."),
        ("Anna Smit en Bert Kok praten met de raad.", "Anna Kok praat met de raad."),
        ("In 2019 waren er 12 dorpen.\nIn 1950 waren er 40 dorpen.", "In 1950 waren er 12 dorpen."),
        ("Hoe houdt de raad grip op de regio?", "De raad houdt grip op de regio."),
        ("Milo Kok was burgemeester van Elzen.", "Milo Kok is burgemeester van Elzen."),
        ("Veldrijk wil groei en geen krimp.", "Veldrijk wil krimp en geen groei."),
        ("De uitgaven stijgen.", "De belasting is hoog omdat de uitgaven stijgen."),
    ],
)
def test_what_the_quote_does_not_say_is_stopped(quote, statement):
    assert not supports([quote], statement, ABOUT)


def test_two_quotes_do_not_make_a_cause():
    quotes = ["De raad is tegen het plan.", "De kosten van het zwembad stijgen."]
    assert not supports(quotes, "De raad is tegen het plan, omdat de kosten van het zwembad stijgen.")
    assert supports(quotes, "De raad is tegen het plan. De kosten van het zwembad stijgen.")


SENTENCE = st.lists(
    st.sampled_from(
        "de het een raad gemeente plan dorpen niet geen stijgt daalt 12 2030 bouwt wil moet Veldrijk Elzen en van met"
        " naar alle sommige omdat".split()
    ),
    min_size=1,
    max_size=14,
).map(lambda words: " ".join(words).capitalize() + ".")


@given(SENTENCE)
def test_whatever_is_quoted_whole_is_supported(text):
    assert supports([text], text)
    assert supports([text], f"“{text}”")


@given(SENTENCE, st.sampled_from(["Ameland", "43", "zwembad", "failliet", "1999"]), st.integers(0, 14))
def test_a_word_that_is_not_in_the_quote_is_never_supported(text, word, at):
    words = text.rstrip(".").split()
    words.insert(min(at, len(words)), word)
    assert not supports([text], " ".join(words) + ".")


@given(st.text(max_size=80), st.text(max_size=80))
def test_no_text_breaks_the_check(quote, statement):
    assert supports([quote], statement) in {True, False}


def test_a_few_words_of_a_sentence_are_no_quote():
    rest, repeated = without_quotes("De raad mag “oude huizen” wel slopen", [RULES])
    assert repeated == 0
    assert "oude huizen" in rest


def test_a_frame_only_reports():
    assert is_frame("Volgens de Woonvisie Veldrijk (2024):", ABOUT, 1)
    assert is_frame("Het document noemt er 3:", ABOUT, 3)
    assert not is_frame("Het document noemt er 4:", ABOUT, 3)
    assert not is_frame("Alleen volgens de Woonvisie:", ABOUT, 1)


def test_attribution_is_set_aside_and_nothing_else():
    text = without_attribution("Volgens de Woonvisie Veldrijk (2024) bouwt Elzen", ABOUT)
    assert text.split() == ["bouwt", "Elzen"]
    assert without_attribution("Volgens minister Bakker bouwt Elzen", ABOUT) == "Volgens minister Bakker bouwt Elzen"


@pytest.mark.parametrize(
    ("text", "language", "fits"),
    [
        ("De raad bouwt een huis voor de buurt", "nl", True),
        ("Veldrijk bouwt woningen", "nl", True),
        ("According to the policy", "en", True),
        ("According to the policy", "nl", False),
        ("De raad bouwt een huis", "en", False),
        ("La commune est dans le plan", "nl", False),
        ("Die Gemeinde ist für das Haus", "nl", False),
        ("Gemeinde und Haus", "en", False),
        ("Муниципалитет строит дома", "nl", False),
        ("", "nl", True),
    ],
)
def test_the_language_of_a_text(text, language, fits):
    assert is_in(text, language) is fits


LINES = "De samen-\nwerking begint.  De ﬁets “staat”\nin de raadzaal. Zij is niet veilig voor iedereen. De raad stemt."
CANONICAL = CanonicalText(LINES, (BlockSpan("paragraph", 0, 0, len(LINES)),))


@pytest.mark.parametrize(
    ("quote", "found"),
    [
        ("De samenwerking begint.", "De samen-\nwerking begint."),
        ('de fiets "staat" in de raadzaal', "De ﬁets “staat”\nin de raadzaal."),
        ("veilig voor iedereen", "Zij is niet veilig voor iedereen."),  # whole sentences: "niet" comes along
        ("De raad stemt", "De raad stemt."),
    ],
)
def test_a_quote_is_found_where_only_its_layout_differs(quote, found):
    span = locate(quote, CANONICAL, 0, len(LINES))
    assert span is not None
    assert found.split()[-1] in LINES[slice(*span)]
    assert LINES[slice(*span)].rsplit(maxsplit=1)[-1] == found.split()[-1]


@pytest.mark.parametrize(
    "quote", ["de samenwerking begon", "De raad stemde", "raad", "", "…", "de raadz", "Zij is veilig voor iedereen."]
)
def test_other_words_are_not_found(quote):
    assert locate(quote, CANONICAL, 0, len(LINES)) is None


def test_a_quote_outside_the_passage_is_not_found():
    assert locate("De raad stemt", CANONICAL, 0, 40) is None


@given(st.text(max_size=60), st.integers(0, 120), st.integers(0, 120))
def test_wherever_a_quote_is_found_it_stands(quote, start, end):
    span = locate(quote, CANONICAL, start, end)
    assert span is None or 0 <= span[0] < span[1] <= len(LINES)


ABOUT_BROERS = ("Interview met gemeentesecretaris Anna Broers (Elzen)", "Terugblik 2020-2024", "november 2026", "2026")
SAID_BROERS = "Het gaat volgens Broers goed met de nieuwe werkwijze."


@pytest.mark.parametrize(
    "statement",
    [
        "Het gaat volgens Elzen goed met de nieuwe werkwijze",  # another source, known from the heading
        "Interview met gemeentesecretaris Anna Broers (Elzen) (november 2020): “{}”",  # a date put together
        "Interview met gemeentesecretaris Elzen (Anna Broers): “{}”",  # roles exchanged
    ],
)
def test_words_about_the_document_put_together_otherwise_say_something_else(statement):
    assert not supports([SAID_BROERS], statement.format(SAID_BROERS), ABOUT_BROERS)
    good = "Interview met gemeentesecretaris Anna Broers (Elzen) (november 2026): “{}”"
    assert supports([SAID_BROERS], good.format(SAID_BROERS), ABOUT_BROERS)
    assert supports([SAID_BROERS], SAID_BROERS, ABOUT_BROERS)


def test_with_each_other_is_not_with_somebody():
    assert not supports(["Elzen verbindt de wijken met scholen."], "Elzen verbindt de wijken met elkaar")
    assert supports(["Elzen verbindt de wijken met elkaar."], "Elzen verbindt de wijken met elkaar")


def test_that_one_quote_follows_from_another_is_not_supported_by_either():
    quotes = ["Elzen bouwt een brug over de rivier.", "Want de scholen gaan in mei weer open."]
    for link in ("omdat", "want", "dus want", "waardoor"):
        assert not supports(quotes, f"Elzen bouwt een brug over de rivier, {link} de scholen gaan in mei weer open")
        assert not supports(quotes, f"“{quotes[0]}”, {link} de scholen gaan in mei weer open")
    assert supports(
        ["Elzen bouwt een brug, want de scholen gaan weer open."], "Elzen bouwt een brug, want de scholen gaan open"
    )
