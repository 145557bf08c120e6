"""The theme of a municipality: its colours and letters in a css file, read and checked before anything is served."""

import re
from pathlib import Path

from assistant.errors import SettingsError

LARGEST = 32 * 1024  # bytes
LEAST_CONTRAST = 4.5  # WCAG 2.2, 1.4.3
_BLOCK = re.compile(r"\s*:root\s*\{([^{}]*)\}\s*")
_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_COLOUR = re.compile(r"#(?:[0-9a-f]{3}|[0-9a-f]{6})", re.IGNORECASE)
_LENGTH = re.compile(r"\d+(?:\.\d+)?(?:px|rem|em)|0")
_FONTS = re.compile(r"[\w\s,\"'-]+")
_DARK = "donker-"
# What a theme may say, with ours on a light screen and on a dark one; docs/handleiding/huisstijl.md says what for.
COLOURS: dict[str, tuple[str, str]] = {
    "achtergrond": ("#ffffff", "#11161c"),
    "vlak": ("#f2f5f8", "#1b222b"),
    "tekst": ("#1a2330", "#e9eef3"),
    "tekst-zacht": ("#4b5766", "#b4c0cc"),
    "kop": ("#0f2f57", "#d6e6fa"),
    "lijn": ("#ccd4dd", "#364250"),
    "rand": ("#66727f", "#8997a6"),
    "balk": ("#123a6b", "#0c2747"),
    "op-balk": ("#ffffff", "#ffffff"),
    "accent": ("#14508f", "#9cc5f7"),
    "accent-aan": ("#0f3c6e", "#c4dcfa"),
    "op-accent": ("#ffffff", "#0b1a2c"),
    "link": ("#14508f", "#9cc5f7"),
    "link-aan": ("#0b2c52", "#cfe2fb"),
    "bezocht": ("#5b2d82", "#cfb6f2"),
    "markering": ("#fff0b3", "#574600"),
    "op-markering": ("#1a2330", "#fff7db"),
}
_OTHER = {"letter": _FONTS, "letter-koppen": _FONTS, "hoeken": _LENGTH}
# Which stands on which, and how much they have to differ: text 4.5, the edge of a control 3.
PAIRS: tuple[tuple[str, str, float], ...] = (
    *((text, under, LEAST_CONTRAST) for text in ("tekst", "tekst-zacht", "kop") for under in ("achtergrond", "vlak")),
    *((text, under, LEAST_CONTRAST) for text in ("link", "link-aan", "bezocht") for under in ("achtergrond", "vlak")),
    ("op-balk", "balk", LEAST_CONTRAST),
    ("op-accent", "accent", LEAST_CONTRAST),
    ("op-accent", "accent-aan", LEAST_CONTRAST),
    ("op-markering", "markering", LEAST_CONTRAST),
    ("rand", "achtergrond", 3.0),
)


def read_theme(path: Path) -> str:
    """The css of the theme in this file. Raises SettingsError with what is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError:
        raise SettingsError((f"VNG_THEME={path}: dit bestand is er niet, of is niet te lezen.",)) from None
    if len(content) > LARGEST:
        raise SettingsError((f"VNG_THEME={path}: dit bestand is te groot. Meer dan {LARGEST // 1024} kB kan niet.",))
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise SettingsError((f"VNG_THEME={path}: dit is geen tekst in UTF-8.",)) from None
    said, problems = _declared(text)
    problems = problems or _too_faint(said)
    if problems:
        raise SettingsError(tuple(f"VNG_THEME={path}: {problem}" for problem in problems))
    return ":root {\n" + "".join(f"  --thema-{name}: {value};\n" for name, value in said.items()) + "}\n"


def contrast(one: str, other: str) -> float:
    """How much two colours ("#fff") differ in lightness, from 1 to 21, as WCAG 2.2 counts it."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _declared(text: str) -> tuple[dict[str, str], list[str]]:
    """What the theme says, by name without "--thema-", and what in it cannot be used."""
    found = _BLOCK.fullmatch(_COMMENT.sub(" ", text))
    if not found:
        return {}, ["schrijf de regels in één blok, dat begint met :root { en eindigt met }."]
    said: dict[str, str] = {}
    problems = []
    for line in filter(None, map(str.strip, found[1].split(";"))):
        name, _, value = (part.strip() for part in line.partition(":"))
        form = _form_of(name)
        if form is None:
            problems.append(f"{name[:60]} kan niet worden ingesteld; zie docs/handleiding/huisstijl.md.")
        elif not form.fullmatch(value):
            problems.append(f"{name}: {value[:60]} kan niet. {_WANTED[form]}")
        else:
            said[name.removeprefix("--thema-")] = value
    return said, problems


def _form_of(name: str) -> re.Pattern[str] | None:
    """How the value of this custom property is written; None for one that themes do not have."""
    if not name.startswith("--thema-"):
        return None
    bare = name.removeprefix("--thema-")
    return _COLOUR if bare.removeprefix(_DARK) in COLOURS else _OTHER.get(bare)


_WANTED = {
    _COLOUR: "Schrijf een kleur als #14508f.",
    _LENGTH: "Schrijf een maat als 4px of 0.25rem.",
    _FONTS: "Noem namen van lettertypen, met komma's ertussen.",
}


def _too_faint(said: dict[str, str]) -> list[str]:
    """Which colours of the theme cannot be told from what they stand on; only of what the theme itself says."""
    problems = []
    for screen, prefix in enumerate(("", _DARK)):
        for text, under, least in PAIRS:
            if prefix + text not in said and prefix + under not in said:
                continue
            front, back = (said.get(prefix + name, COLOURS[name][screen]) for name in (text, under))
            if (differ := contrast(front, back)) < least:
                problems.append(
                    f"--thema-{prefix}{text} ({front}) is niet goed te zien op --thema-{prefix}{under} ({back}). "
                    f"Het contrast is {_figure(differ)} en moet minstens {_figure(least)} zijn."
                )
    return problems


def _figure(number: float) -> str:
    return f"{number:.1f}".replace(".", ",")


def _luminance(colour: str) -> float:
    digits = colour.removeprefix("#")
    if len(digits) == 3:
        digits = "".join(digit * 2 for digit in digits)
    parts = (int(digits[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
