"""Which of the media types that we have a caller likes best, by its Accept header (RFC 9110, 12.5.1)."""

import re
from collections.abc import Sequence

_QUALITY = re.compile(r"q=(0(?:\.[0-9]{0,3})?|1(?:\.0{0,3})?)", re.IGNORECASE)


def preferred(accept: str, offered: Sequence[str]) -> str:
    """The offered media type that the header likes best; the first of them where it likes none, or all the same."""
    weights = [_weight(one, accept) for one in offered]
    best = max(weights, default=0.0)
    return offered[weights.index(best)] if best else offered[0]


def _weight(media_type: str, accept: str) -> float:
    """How much the header likes a media type: what is said of it by the narrowest range that holds it."""
    narrowest, weight = -1, 0.0
    for item in accept.lower().split(","):
        media_range, *parameters = (part.strip() for part in item.split(";"))
        narrow = _narrow(media_range, media_type)
        if narrow > narrowest:
            found = next(filter(None, map(_QUALITY.fullmatch, parameters)), None)
            narrowest, weight = narrow, float(found[1]) if found else 1.0
    return weight


def _narrow(media_range: str, media_type: str) -> int:
    """2 where the range is this type, 1 for its family, 0 for everything, -1 where the type is outside of it."""
    family = media_type.partition("/")[0]
    return {media_type: 2, f"{family}/*": 1, "*/*": 0}.get(media_range, -1)
