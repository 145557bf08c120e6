"""Personal data in a text, replaced by what it is: [BSN], [e-mail], [telefoon], [IBAN], [adres], [naam].

For questions and remarks that leave the place where they were typed. What has a form of its own is found by it, and by
its check digits where it has these. A name is only found after what introduces one.
"""

import re
from collections.abc import Iterator

from ingest.dutch import STOP_WORDS

_Span = tuple[int, int, str]

_GAP = "[ \u00a0]"
_CAPITAL = "[A-ZÀ-ÖØ-Þ]"

_EMAIL = re.compile(r"(?<![\w.+'’-])[.+'’-]*+(\w[\w.+'’-]*+@(?:[\w-]+\.)+[^\W\d_]{2,})")

_IBAN_START = re.compile(rf"(?<![^\W_])[A-Za-z]{{2}}{_GAP}?[0-9]{{2}}")
_IBAN_PART = re.compile("[ \u00a0.-]?([A-Za-z0-9]{1,31})(?![^\\W_])")
_IBAN_LENGTHS = range(15, 35)

# A number of ten digits that begins with 0 and is no decimal, or one that begins with a plus or with 31.
_PHONE_START = re.compile(r"(?:(?<!\w)|(?<=tel)|(?<=nr))(?<![0-9][.,])(?:\+|\(?0(?=[0-9])|\(\+|31(?=[ \u00a0-]|[1-9]))")
_PHONE_PART = re.compile("[ \u00a0()./‐‑–—-]{0,3}([0-9]{1,16})")
_PHONE_DIGITS = range(8, 16)
_DECIMALS = re.compile(r",[0-9]{1,2}(?![0-9])")

# In one piece, or in the groups in which people write it.
_GROUPS = ("9", "333", "423", "324", "2223", "234", "8", "233", "323", "44")
_BSN = re.compile(
    r"(?:(?<!\w)|(?<=bsn)|(?<=BSN))(?:"
    + "|".join("[ \u00a0.-]".join(f"[0-9]{{{size}}}" for size in groups) for groups in _GROUPS)
    + r")(?!\w)"
)
_BSN_BEFORE = re.compile(r"(?:\bbsn|burgerservicenummer|sofi-?nummer)(?:-?nummer)?(?: is)?\W{0,3}$", re.IGNORECASE)
_AMOUNT_BEFORE = re.compile(r"(?:[€$£]|\beuro?|\beur|(?<![0-9])[0-9]{1,3}[ \u00a0])\s?$|[0-9][.,-]$", re.IGNORECASE)
_AMOUNT_AFTER = re.compile(
    r"[.,-][0-9]|[ \u00a0][0-9]{3}(?![0-9])|,-|\s?(?:[€%]|euro?\b|eur\b|miljoen|miljard|million|billion|inwoner)",
    re.IGNORECASE,
)
_OTHER_NUMBER = re.compile(r"(?:\bkvk|\bisbn|\bartikel|\bzaak|\bdossier)[\w-]*\W{0,3}$", re.IGNORECASE)
_MONTH_DAY = "(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])"
_DAY_MONTH = "(?:0[1-9]|[12][0-9]|3[01])(?:0[1-9]|1[0-2])"
_DATES = re.compile(f"(?:19|20)[0-9]{{2}}(?:{_MONTH_DAY}|(?:19|20)[0-9]{{2}})|{_DAY_MONTH}(?:19|20)[0-9]{{2}}")

# "2019 EN 2020" in a text of capitals is no postcode, and "1500kg" is none either.
_POSTCODE = re.compile(
    rf"(?<![\w.,])(?!(?:19|20)[0-9]{{2}}{_GAP}(?:EN|OF|IN|OP|TE|OM|TM|EU|NA))"
    rf"[1-9][0-9]{{3}}(?:{_GAP}?[A-Z]{{2}}|(?!kg|km|mm|cm|ha|st|en|kb|mb|gb|tb|kw|mw|gw|nm|th|nd|rd)[a-z]{{2}})(?!\w)"
)
_HOUSE = rf"[0-9]{{1,5}}(?:[ -]?(?:bis|hs|{_CAPITAL})(?!\w)|-?[a-z](?!\w)|-[0-9]{{1,4}})?"
_STREET = (
    rf"{_CAPITAL}[\w’'.-]{{1,40}}(?: (?:van|de|den|der|het|ten|ter|op|aan|['’]t|{_CAPITAL}[\w’'.-]{{0,40}})){{0,5}}"
)
_LONGEST_STREET = 90  # characters, with the number
_ROADS = ("straat", "laan", "weg", "plein", "singel", "kade", "gracht", "park", "hof", "dreef", "dijk", "steeg", "pad")
_HOUSE_BEFORE = re.compile(rf"(?<!\w)(?:{_STREET}|(?:huis)?(?:nummer|nr\.?)) {_HOUSE},?\s?(?:postcode:? ?)?$")
_HOUSE_AFTER = re.compile(
    rf"(?:,? ?(?:(?:huis)?(?:nummer|nr\.?|no\.?):? ?)?"
    rf"|(?:,? {_CAPITAL}[\w’'.-]{{1,40}}){{0,3}},? {_CAPITAL}[\w’'.-]{{0,40}}(?:{'|'.join(_ROADS)}) )"
    rf"{_HOUSE}(?!\w|[.,][0-9])"
)

_SPOKEN = re.compile(
    rf"""(?<![\w’'-])(?:
        (?:[Mm]evrouw|[Mm]ejuffrouw|[Jj]uffrouw|[Mm]eneer|[Mm]ijnheer|[Hh]eer|(?<=[Dd]e\ )heren|[Mm]ister|[Ff]amilie
          |MEVROUW|MENEER|HEER){_GAP}
        |(?:[Mm]evr|[Mm]w|[Mm]ej|[Dd]hr|[Mm]rs?|Ms|DHR|MEVR)(?:\.{_GAP}?|{_GAP})
        |(?:ms|[Dd]rs?|[Ii]r|[Ii]ng|[Pp]rof|[Dd]s|[Ff]am|[Hh]r)\.{_GAP}?
    )""",
    re.VERBOSE,
)
# No more than a few of them, so that a row of titles is not gone through again from each.
_DEGREES = re.compile(rf"(?:(?:mr|drs?|ir|ing|prof|ds|bc)\.{_GAP}?|(?:professor|dokter){_GAP}){{1,4}}", re.IGNORECASE)
_TITLES_OF_ROADS = {"mr", "dr", "drs", "ir", "ing", "prof", "ds"}  # "Mr. Troelstraweg"
_OWN_NAME = re.compile(
    r"\b(?:(?:mijn|m['’]n) (?:volledige |eigen )?(?:voor|achter)?naam is|ik heet"
    r"|my (?:full |first |last )?name(?: is|['’]s)):? ",
    re.IGNORECASE,
)
_INITIALS = re.compile(rf"(?:(?:Chr|Joh|Th|Ch|Ph|Fr|St|IJ|{_CAPITAL})\.{_GAP}?-?)+")
_PARTICLE = re.compile(
    rf"(?:(?:(?:in|op|aan|bij|onder|over|uit|voor|tot)(?= (?:den|der|ten|ter|['’]t) )|In|Op|Aan|Uit|Voor|Onder|Over"
    rf"|van|vd|v\.?d\.|de|den|der|het|ten|ter|te|von|zu|zum|zur|du|des|da|dos|di|del|della|la|le|el|al|bin|ibn|ben|['’][ts]"
    rf"|Van|De|Den|Der|Het|Ten|Ter|Te|Von|Du|Da|Dos|Di|Del|La|Le|El|Al|Bin|Ibn|Ben){_GAP}|['’]s-|[dDlL]['’])"
)
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*+")
_AND = re.compile(r"(?:,| en| and| &) ")
_LONGEST_NAME = 4  # words, without initials and what stands between
_LONGEST_ACRONYM = 4  # letters
# What begins a sentence or follows a name with a capital, and is no name by itself: "van der Meer" is one.
_COMMON_WORDS = STOP_WORDS | frozenset(
    """
    the what who where when why how which are was does did can could will would has have or for from with
    heeft krijgt kreeg woont werkt zegt vraagt geldt bestaat
    """.split()
)
_ROLES = frozenset(
    """
    mevrouw meneer mijnheer heer dhr mw mevr mr mrs ms dr drs ir ing prof ds familie gemeente gemeenten provincie
    ministerie rijk raad college kamer wet vng wethouder burgemeester voorzitter minister staatssecretaris president
    griffier secretaris commissaris directeur notaris raadslid
    """.split()
)


def mask(text: str) -> str:
    """The text with personal data replaced by a word in brackets; without such data the very same text.

    [BSN], [IBAN]: only with valid check digits. [e-mail], [telefoon]: also those of an organisation. [adres]: a Dutch
    postcode with a house number. [naam]: the name after mevrouw, de heer, mr. and the like, after a degree such as dr.,
    and after "mijn naam is". Any other name stays, such as that of an alderman without such a word before it, and so
    does a name without capitals. Masking what was masked changes nothing.
    """
    while spans := _spans(text):  # what stood between two finds may be whole once these are gone
        pieces: list[str] = []
        done = 0
        for start, end, word in spans:
            pieces += (text[done:start], f"[{word}]")
            done = end
        text = "".join(pieces) + text[done:]
    return text


def holds_personal_data(text: str) -> bool:
    """Whether there is anything in a text that `mask` replaces."""
    return bool(_spans(text))


def _spans(text: str) -> list[_Span]:
    """The stretches to replace, in order: where two overlap the first of them, and of these the longest."""
    found = [*_emails(text), *_ibans(text), *_bsns(text), *_phones(text), *_addresses(text), *_names(text)]
    kept: list[_Span] = []
    for span in sorted(found, key=lambda span: (span[0], -span[1])):
        if not kept or span[0] >= kept[-1][1]:
            kept.append(span)
    return kept


def _emails(text: str) -> Iterator[_Span]:
    for found in _EMAIL.finditer(text):
        yield *found.span(1), "e-mail"


def _ibans(text: str) -> Iterator[_Span]:
    from stdnum import iban  # noqa: PLC0415 - reads its tables of countries

    for start in _IBAN_START.finditer(text):
        ends = _ends(_IBAN_PART, text, start.end(), 4, _IBAN_LENGTHS)
        for end in ends:
            written = re.sub(r"[\W_]", "", text[start.start() : end])
            if iban.is_valid(written, check_country=False):  # a bank that is not known is no reason to show it
                yield start.start(), end, "IBAN"
                break


def _phones(text: str) -> Iterator[_Span]:
    """The telephone numbers, each tried at every length: the library's own matcher misses one before other digits."""
    for start in _PHONE_START.finditer(text):
        first = start.end() - 1 if start[0][-1] == "0" else start.start() if start[0] == "31" else start.end()
        for end in _ends(_PHONE_PART, text, first, 0, _PHONE_DIGITS):
            written = text[start.start() : end]
            if not _DECIMALS.match(text, end) and _is_phone(written):
                # A bracket that does not close within the number is not its own: "(06-12345678)".
                yield end - len(written.lstrip("(") if ")" not in written else written), end, "telefoon"
                break


def _ends(part: re.Pattern[str], text: str, at: int, length: int, lengths: range) -> list[int]:
    """Where a number that goes on in parts can end, the longest first, when it has one of these lengths."""
    ends: list[int] = []
    while (found := part.match(text, at)) and (length := length + len(found[1])) < lengths.stop:
        at = found.end()
        if length >= lengths.start:
            ends.append(at)
    return ends[::-1]


def _is_phone(written: str) -> bool:
    import phonenumbers  # noqa: PLC0415 - loads the rules of all countries

    digits = re.sub(r"[^0-9]", "", written)
    # Without 0 or plus before it, only the number of a Dutch mobile is told from an amount.
    if digits.startswith("31") and "+" not in written and not (digits.startswith("316") and len(digits) == 11):
        return False
    try:
        number = phonenumbers.parse(f"+{digits}" if digits.startswith("31") else written, "NL")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number)


def _bsns(text: str) -> Iterator[_Span]:
    from stdnum.nl import bsn  # noqa: PLC0415 - beside its sister, which is slow to load

    for found in _BSN.finditer(text):
        start, end = found.span()
        digits = re.sub(r"[^0-9]", "", found[0])
        before, after = text[max(0, start - 30) : start], text[end : end + 12]
        if bsn.is_valid(digits) and (_BSN_BEFORE.search(before) or not _is_other(digits, before, after)):
            yield start, end, "BSN"


def _is_other(digits: str, before: str, after: str) -> bool:
    """Whether digits are a date, two years, an amount, a part of a longer number, or a number that is named."""
    if _DATES.fullmatch(digits) or _OTHER_NUMBER.search(before):
        return True
    return bool(_AMOUNT_BEFORE.search(before) or _AMOUNT_AFTER.match(after))


def _addresses(text: str) -> Iterator[_Span]:
    for found in _POSTCODE.finditer(text):
        start, end = found.span()
        if before := _HOUSE_BEFORE.search(text, max(0, start - _LONGEST_STREET), start):
            yield before.start(), end, "adres"
        elif after := _HOUSE_AFTER.match(text, end):
            yield start, after.end(), "adres"


def _names(text: str) -> Iterator[_Span]:
    for found in _OWN_NAME.finditer(text):
        if end := _name_end(text, found.end()):
            yield found.end(), end, "naam"
    for found in _SPOKEN.finditer(text):
        yield from _named(text, found)


def _named(text: str, title: re.Match[str]) -> Iterator[_Span]:
    """The name after mevrouw, de heer, …; after "de heren" all names of the list."""
    start, called = title.end(), title[0].strip(" \u00a0.")
    end = _name_end(text, start, 1 if called.isupper() else _LONGEST_NAME)
    if called.lower() in _TITLES_OF_ROADS and text.endswith(_ROADS, start, end):
        return
    while end:
        yield start, end, "naam"
        next_one = _AND.match(text, end) if called == "heren" else None
        start = next_one.end() if next_one else end
        end = _name_end(text, start) if next_one else 0


def _name_end(text: str, at: int, most: int = _LONGEST_NAME) -> int:
    """Where the name that begins here ends; 0 where there is no name."""
    end = count = 0
    if degrees := _DEGREES.match(text, at):
        at = degrees.end()
    while count < most:
        if initials := _INITIALS.match(text, at):
            at = initials.end()
            end = at - len(initials[0]) + len(initials[0].rstrip(" \u00a0.-"))
        between = at
        while particle := _PARTICLE.match(text, between):
            between = particle.end()
        word = _WORD.match(text, between)
        if not word or not _can_be_name(word[0], first=count == 0, led=between > at):
            break
        count += 1
        end = word.end()
        if text[end : end + 1] not in (" ", "\u00a0"):
            break
        at = end + 1
    return end


def _can_be_name(word: str, *, first: bool, led: bool) -> bool:
    """Whether a word is written as a name is: with a capital, and after the first word not as "VNG" is.

    `led` tells that "van", "de" or the like stands before it.
    """
    if not word[0].isupper() or word.lower() in _ROLES or (word.lower() in _COMMON_WORDS and not led):
        return False
    return first or len(word) == 1 or len(word) > _LONGEST_ACRONYM or not word.isupper()
