"""Figures as an engineer reads them in a verdict: what was seen is rounded, what was promised is not."""

from __future__ import annotations

import math

from chatdrill.engine.durations import say_seconds, seconds

_WORDS_FROM_S = 120.0
_DIGITS = (3, 4, 6, 9, 12)
_EXACT = _DIGITS[-1]


def bound(value_s: float) -> str:
    """A bar in seconds, exactly: ``250 ms``, ``5 s``, ``2m 30s``."""
    if value_s >= _WORDS_FROM_S and math.isclose(seconds(say_seconds(value_s)), value_s):
        return say_seconds(value_s)
    return _seconds(value_s, _EXACT)


def took(value_s: float, bar_s: float | None = None) -> str:
    """A time that was measured, with as many digits as it takes to tell it from the bar: that 5 s are more than 5 s
    convinces nobody."""
    in_words = [say_seconds(value_s)] if value_s >= _WORDS_FROM_S else []
    shapes = in_words + [_seconds(value_s, digits) for digits in _DIGITS]
    return _apart(shapes, None if bar_s is None or bar_s == value_s else bound(bar_s))


def _seconds(value_s: float, digits: int) -> str:
    return f"{_rounded(value_s * 1000, digits)} ms" if 0 < value_s < 1 else f"{_rounded(value_s, digits)} s"


def share_bound(share: float) -> str:
    """A bar in percent, exactly: ``99.95 %``."""
    return f"{_rounded(share * 100, _EXACT)} %"


def percent(share: float, bar: float | None = None) -> str:
    """A share that was measured: ``1.7 %``; near to 100 % the digits count from there: ``99.97 %``."""
    return _apart(
        [_percent(share, digits) for digits in _DIGITS], None if bar is None or bar == share else share_bound(bar)
    )


def _percent(share: float, digits: int) -> str:
    rest = _rounded((1 - share) * 100, digits)
    if not 0.5 < share < 1 or float(rest) == 0:
        return f"{_rounded(share * 100, digits)} %"
    return f"{100 - float(rest):.{len(rest.partition('.')[2])}f} %"


def times(value: float) -> str:
    """``1.8 times``."""
    return f"{_rounded(value, 2)} times"


def plural(count: int, word: str) -> str:
    """``1 sample``, ``12,403 samples``."""
    return f"{count:,} {word}{'s' * (count != 1)}"


def _apart(shapes: list[str], bar: str | None) -> str:
    return next((shape for shape in shapes if shape != bar), shapes[-1])


def _rounded(value: float, digits: int) -> str:
    """A number with so many significant digits at least, without an exponent and without zeros at its end."""
    if not value:
        return "0"
    places = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
