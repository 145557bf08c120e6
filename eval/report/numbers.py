"""Numbers as a Dutch reader writes them: a decimal comma, and the unit of the measure.

Tables have three decimals, so that a small change can be seen; where one number stands alone, a percentage reads best.
"""

from datetime import datetime

from eval.measures.measure import Unit

UNITS: dict[Unit, str] = {"words": "woorden", "ms": "ms", "tokens": "tokens"}
THIN = "\u00a0"  # a number and its unit stay on one line
MINUS = "\u2212"
NOTHING = "–"  # where there is no number
MONTHS = "januari februari maart april mei juni juli augustus september oktober november december".split()


def value_text(value: float, unit: Unit) -> str:
    """The value: shares and scores in three decimals, other units in one at most; "0,712", "36 woorden", "14,5 ms"."""
    if unit in ("share", "score"):
        return _comma(f"{value:.3f}")
    number = _comma(f"{value:.1f}".removesuffix(".0"))
    return f"{number}{THIN}{UNITS[unit]}" if unit in UNITS else number


def interval_text(low: float | None, high: float | None, unit: Unit) -> str:
    """The bounds without their unit: "0,651–0,770"; "" where they are not known."""
    if low is None or high is None:
        return ""
    return "–".join(value_text(bound, unit).partition(THIN)[0] for bound in (low, high))


def short_text(value: float, unit: Unit) -> str:
    """The value at a glance: a share as "71 %", other units as in `value_text`.

    What is not all or nothing is never rounded to it: 0,9996 is "99,9 %".
    """
    if unit != "share":
        return value_text(value, unit)
    percent = value * 100
    if 0 < percent < 100 and round(percent) in (0, 100):
        return _comma(f"{min(max(percent, 0.1), 99.9):.1f}") + f"{THIN}%"
    return _comma(f"{percent:.0f}") + f"{THIN}%"


def decimals_text(value: float) -> str:
    """The value with as many decimals as it takes to tell it from one that is very near."""
    return _comma(f"{value:.10f}".rstrip("0").rstrip("."))


def p_text(p: float) -> str:
    """A p-value: "0,034", or "< 0,001"."""
    return f"<{THIN}0,001" if p < 0.001 else _comma(f"{p:.3f}")


def date_text(created: str) -> str:
    """A moment in ISO 8601 as "22 november 2026, 09:30 UTC"; as it stands where it is none."""
    try:
        moment = datetime.fromisoformat(created)
    except ValueError:
        return created
    zone = moment.tzname()
    day = f"{moment.day} {MONTHS[moment.month - 1]} {moment.year}, {moment:%H:%M}"
    return f"{day} {zone}" if zone else day


def _comma(number: str) -> str:
    plain = number.removeprefix("-") if float(number) == 0 else number  # no minus before a zero
    return plain.replace("-", MINUS).replace(".", ",")
