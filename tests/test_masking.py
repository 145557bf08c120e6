import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.masking import holds_personal_data, mask


def bsn(seed: int) -> str:
    """A number of nine digits for which the eleven-test holds."""
    digits = [int(digit) for digit in f"{seed:08d}"]
    last = sum((9 - at) * digit for at, digit in enumerate(digits)) % 11
    return "" if last > 9 else "".join(map(str, [*digits, last]))


def iban(seed: int) -> str:
    """A Dutch account number with valid check digits."""
    account = f"ABNA{seed:010d}"
    number = int("".join(str(int(sign, 36)) for sign in f"{account}NL00"))
    return f"NL{98 - number % 97:02d}{account}"


BSN = "111222333"
IBAN = "NL91ABNA0417164300"


@pytest.mark.parametrize(
    "written",
    [BSN, "111.222.333", "111 222 333", "1112.22.333", "1112 22 333", "111-222-333", "111\u00a0222\u00a0333",
     "012345672", "12345672", "12.345.672", "123 45 672"],
)  # fmt: skip
def test_a_citizen_number_is_masked(written):
    assert mask(f"Mijn nummer ({written}) klopt niet.") == "Mijn nummer ([BSN]) klopt niet."
    assert mask(f"In 2019 had ik {written}.") == "In 2019 had ik [BSN]."


@given(st.integers(10_000_000, 99_999_999).map(bsn).filter(bool))
def test_any_citizen_number_is_masked(number):
    assert mask(f"bsn {number}") == "bsn [BSN]"
    assert mask(f"BSN{number}") == "BSN[BSN]"


@given(st.integers(10_000_000, 99_999_999).map(bsn).filter(bool), st.integers(1, 9))
def test_a_number_that_fails_the_eleven_test_stays(number, step):
    wrong = number[:-1] + str((int(number[-1]) + step) % 10)
    assert mask(f"Nummer {wrong} bestaat niet.") == f"Nummer {wrong} bestaat niet."


def test_a_date_is_only_a_citizen_number_when_it_is_called_one():
    days = (f"{year}0315" for year in range(1990, 2030))
    passing = next(day for day in days if bsn(int(day[:-1])) == f"0{day}")
    assert mask(f"Versie {passing} van de nota") == f"Versie {passing} van de nota"
    assert mask(f"burgerservicenummer: {passing}") == "burgerservicenummer: [BSN]"


@pytest.mark.parametrize(
    "written",
    ["06-12345678", "06 12345678", "0612345678", "06 12 34 56 78", "06.12.34.56.78", "06 – 12 34 56 78",
     "+31 6 1234 5678", "+31612345678", "+31 (0)6 12345678", "0031 6 12345678", "31612345678", "31 6 12345678",
     "(0573) 45 67 89", "0573-456789", "020 123 45 67", "088-1234567", "0900 202 1505", "+32 475 12 34 56"],
)  # fmt: skip
def test_a_telephone_number_is_masked(written):
    assert mask(f"Bel {written}, of kom langs.") == "Bel [telefoon], of kom langs."
    assert mask(f"Het is {written} 12 keer gebeld.") == "Het is [telefoon] 12 keer gebeld."


def test_a_short_service_number_is_masked():
    assert mask("Bel 0900-1234 of 0800 1351.") == "Bel [telefoon] of [telefoon]."


def test_each_of_several_telephone_numbers_is_masked():
    assert mask("06-12345678/0573-456789 (06-87654321)") == "[telefoon]/[telefoon] ([telefoon])"


@pytest.mark.parametrize(
    "written", [IBAN, IBAN.lower(), "NL91 ABNA 0417 1643 00", "nl91 abna 0417 1643 00", "NL91.ABNA.0417.1643.00",
                "NL 91 ABNA 0417164300", "BE68 5390 0754 7034", "DE89370400440532013000"],
)  # fmt: skip
def test_an_account_number_is_masked(written):
    assert mask(f"Stort het op {written} en 5 dagen later") == "Stort het op [IBAN] en 5 dagen later"


@given(st.integers(0, 10**10 - 1).map(iban), st.integers(1, 9))
def test_an_account_number_needs_its_check_digits(number, step):
    assert mask(f"IBAN: {number}") == "IBAN: [IBAN]"
    wrong = number[:-1] + str((int(number[-1]) + step) % 10)
    assert "[IBAN]" not in mask(f"IBAN: {wrong}")


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Mail j.de-vries+werk@sub.veldrijk.nl.", "Mail [e-mail]."),
        ("(mailto:o’neill@veldrijk.nl)", "(mailto:[e-mail])"),
        ("'jan@veldrijk.nl' en JAN@VELDRIJK.NL", "'[e-mail]' en [e-mail]"),
        ("per @ 5 euro, a@b, @veldrijk.nl", "per @ 5 euro, a@b, @veldrijk.nl"),
    ],
)
def test_a_mail_address_is_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Ik woon op 1234 AB 12.", "Ik woon op [adres]."),
        ("Ik woon op 1234ab, 12a in Veldrijk", "Ik woon op [adres] in Veldrijk"),
        ("1234 AB nr. 12 B en 1234 AB huisnummer 7", "[adres] en [adres]"),
        ("Ons huis: Jan van Galenstraat 12-3, 1234 AB Veldrijk", "Ons huis: [adres] Veldrijk"),
        ("huisnummer 12, postcode 1234 AB", "[adres]"),
        ("1234 AB Veldrijk, Dorpsstraat 12", "[adres]"),
        ("In postcodegebied 1234 AB wonen 12 mensen.", "In postcodegebied 1234 AB wonen 12 mensen."),
    ],
)
def test_an_address_is_masked(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "name",
    ["Jansen", "De Vries", "de Vries", "van den Berg-de Wit", "J.P. van den Berg-de Wit", "A. Jansen", "Th. J. Bakker",
     "Jan de Vries", "van der Meer", "van 't Hof", "d'Hondt", "O'Brien", "Ö. Çelik", "IJsbrand", "drs. J. in 't Veld",
     "El Amrani", "Anna Maria Bakker", "J. Jansen-Bakker", "JANSEN"],
)  # fmt: skip
@pytest.mark.parametrize(
    "title",
    ["mevrouw", "Mevrouw", "mw.", "mevr.", "de heer", "De heer", "dhr.", "meneer", "mr.", "Mrs.", "Ms", "familie"],
)
def test_a_name_after_a_title_is_masked(title, name):
    assert mask(f"Gisteren heeft {title} {name} gebeld.") == f"Gisteren heeft {title} [naam] gebeld."
    assert mask(f"Dat zei {title} {name}. De raad niet.") == f"Dat zei {title} [naam]. De raad niet."


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("De heren Jansen, De Wit en Bakker kwamen.", "De heren [naam], [naam] en [naam] kwamen."),
        ("de heer en mevrouw De Wit", "de heer en mevrouw [naam]"),
        ("mevrouw Jansen van de gemeente Veldrijk", "mevrouw [naam] van de gemeente Veldrijk"),
        ("mevrouw Jansen van de VNG in Veldrijk", "mevrouw [naam] van de VNG in Veldrijk"),
        ("MEVROUW JANSEN HEEFT EEN VRAAG", "MEVROUW [naam] HEEFT EEN VRAAG"),
        ("Wie is mevrouw J. Wat doet zij?", "Wie is mevrouw [naam]. Wat doet zij?"),
        ("Mijn naam is Jan de Wit en ik woon hier.", "Mijn naam is [naam] en ik woon hier."),
        ("Ik heet Fatima. My name is John Smith.", "Ik heet [naam]. My name is [naam]."),
        ("Dr. P. Bakker van de Dr. Bakkerstraat", "Dr. [naam] van de Dr. Bakkerstraat"),
        ("Mr Smith's permit", "Mr [naam] permit"),
    ],
)
def test_a_name_ends_where_it_ends(text, masked):
    assert mask(text) == masked


@pytest.mark.parametrize(
    "text",
    ["", " ", "de heer zij met u", "Dames en heren, Welkom in Veldrijk.", "Ik sprak mevrouw. De gemeente weet het.",
     "Wie is die mw. De gemeente zwijgt.", "Is mevrouw de Voorzitter er?", "De gemeente 's-Heer Arendskerke",
     "Wat zegt wethouder De Vries over het klimaat?", "Mijn naam is verkeerd gespeld.", "Ik heet u welkom.",
     "Een budget van 1.234.567,89 of € 111.222.333 of 111.222.333 euro of 111 222 333 inwoners", "111.222.333,50",
     "12.111.222.333", "artikel 2.12.3 lid 4, KvK 12345672", "2019 2020, 2023-2027, 31-12-2024, 01.02.2024 om 10.30",
     "tussen 2019 en 2020", "TUSSEN 2019 EN 2020", "1500kg 12", "0.5 of 0.201234567 of 31.612.345.678",
     "14 0573 of 112",
     "010-2024", "[naam] en [BSN] van mevrouw [naam]", "De Omgevingswet\n\n\tgeldt sinds 1\u00a0januari 2024 \r\n"],
)  # fmt: skip
def test_a_text_without_personal_data_is_unchanged(text):
    assert mask(text) == text
    assert not holds_personal_data(text)


def test_several_sorts_in_one_text():
    text = f"Mijn naam is Jan Jansen ({BSN}), mail jan@veldrijk.nl of bel 06-12345678; {IBAN}, Kerkweg 1, 1234 AB."
    assert mask(text) == "Mijn naam is [naam] ([BSN]), mail [e-mail] of bel [telefoon]; [IBAN], [adres]."
    assert holds_personal_data(text)


PIECES = [
    *(BSN, "111.222.333", IBAN, "NL91 ABNA 0417 1643 00", "NL91", "06-12345678", "0573", "(0", "+31 6", "1", "0"),
    *("mevrouw ", "De heer ", "de heren ", "mr.", "dr. ", "Mijn naam is ", "Jansen", "van ", "De ", "J.", " en ", ", "),
    *("1234 AB", " 12", " 1 ", "€", "Kerkstraat ", "x@y.nl", "@", ".", "-", "’", "'", "\u00a0", "\n", " "),
    *("[naam]", "[BSN]", "["),
]  # fmt: skip
texts = st.text(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


@settings(max_examples=400, deadline=None)
@given(texts)
def test_masking_twice_changes_nothing_more(text):
    once = mask(text)
    assert mask(once) == once
    assert not holds_personal_data(once)
    assert holds_personal_data(text) == (once != text)


@settings(max_examples=200, deadline=None)
@given(texts)
def test_only_what_is_masked_is_changed(text):
    kept = re.split(r"\[(?:BSN|e-mail|telefoon|IBAN|adres|naam)\]", mask(text))
    pattern = "(?s:.*)".join(re.escape(piece) for piece in kept)
    assert re.fullmatch(pattern, text)


@pytest.mark.parametrize(
    "piece",
    ["a", "0", "A", "1 ", "0 1", "(0", "NL91 ", "a@", "a.", ".'", "mr. ", "mr.A.", "van ", "Mevrouw ", "1234 AB ",
     "Kerkstraat 1 ", "Ik heet ", "06-1234567 ", "111.222."],
)  # fmt: skip
def test_a_long_text_without_end_is_done(piece):
    """With a pattern that tries all ways to cut these up, the shortest of them would never end."""
    once = mask(f"mevrouw {piece * 3_000}")
    assert mask(once) == once
