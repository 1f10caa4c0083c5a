"""What was promised: ``80% within 20s``, the way call centres write it, or ``p90 < 2m``, the way gates do.

The share is one of all customers who asked for a human: one who gives up is a miss, however soon. Leaving them out would
praise a floor that is so short of agents that those who wait long go away before they count.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from chatdrill.engine.durations import say_seconds, seconds
from chatdrill.errors import UsageError, did_you_mean

_MEASURE = "time_to_human"
_SHAPES = (
    re.compile(r"(?P<share>\d+(?:\.\d+)?) ?% (?:within|in) (?P<bar>.+)"),
    re.compile(r"p(?P<share>\d+(?:\.\d+)?) ?<=? ?(?P<bar>.+)"),
)
_EXAMPLES = "'80% within 20s' or 'p90 < 2m'"


@dataclass(frozen=True)
class TimeToHuman:
    """At least this share of the customers (0 to 1) reaches a human within ``bar_s`` seconds."""

    share: float
    bar_s: float

    def plain(self) -> str:
        return f"{self.share * 100:g}% within {say_seconds(self.bar_s)}"


def read_target(text: str) -> TimeToHuman:
    """Read a promise about the time to a human, with or without ``time_to_human`` before it. Raises ``UsageError``."""
    words = text.strip().lower()
    measure, _, rest = words.partition(" ")
    if re.fullmatch(r"[a-z_]{3,}", measure):
        if measure != _MEASURE:
            raise UsageError(f"staffing is for the time to a human, not {measure!r}{did_you_mean(measure, [_MEASURE])}")
        words = rest.strip()
    match = next((found for shape in _SHAPES if (found := shape.fullmatch(words))), None)
    if match is None:
        raise UsageError(f"not a promise about the time to a human: {text!r}; write it like {_EXAMPLES}")
    return TimeToHuman(_share(match["share"], text), _bar_s(match["bar"], text))


def _share(percent: str, text: str) -> float:
    if not 0 < float(percent) < 100:
        raise UsageError(f"{text!r}: the share must lie between 0 and 100 %, not {percent} %; nobody can promise all")
    return float(percent) / 100


def _bar_s(bar: str, text: str) -> float:
    try:
        return seconds(bar)
    except ValueError as error:
        raise UsageError(f"{text!r}: {error}") from None
