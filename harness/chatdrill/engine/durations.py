"""Lengths of time and sizes as people write them: ``5s``, ``2 days``, ``1h30m``, ``250ms``, ``<2MB``."""

from __future__ import annotations

import re
from decimal import Decimal

_UNITS_S: dict[str, float] = {
    "ms": 0.001,
    "s": 1,
    "sec": 1,
    "second": 1,
    "m": 60,
    "min": 60,
    "minute": 60,
    "h": 3600,
    "hour": 3600,
    "d": 86400,
    "day": 86400,
    "w": 604800,
    "week": 604800,
}
_MOST_S = 100 * 365.25 * 86400  # calendars and clocks end, and whoever means more has mistyped a unit
_NUMBER = r"\d+(?:\.\d+)?"
_UNIT = r"(?:ms|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?|w|weeks?)"

DURATION_PATTERN = rf"^(?:{_NUMBER}|(?:{_NUMBER} ?{_UNIT}(?: (?!$)|$|(?=\d)))+)$"
"""What a duration looks like, in the regular expressions that JSON Schema and Python share."""

_PARTS = re.compile(rf"({_NUMBER}) ?({_UNIT})(?![a-z])")
_DURATION = re.compile(DURATION_PATTERN)
_LENGTH = rf"{_NUMBER} ?{_UNIT}(?: ?{_NUMBER} ?{_UNIT})*"
_PLUS_MINUS = r" ?(?:±|\+/?-) ?"

SPAN_PATTERN = rf"^{_LENGTH}{_PLUS_MINUS}{_LENGTH}$"
"""What a duration give or take another looks like: ``24h ± 10m``."""


def seconds(value: str | float) -> float:
    """Read a duration; a bare number counts seconds. Raises ``ValueError`` that says how to write one."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        if value < 0:
            raise ValueError(f"a duration cannot be negative: {value}")
        return _within_a_life(float(value), value)
    text = str(value).strip()
    if not _DURATION.match(text):
        raise ValueError(f"not a duration: {text!r}; write it like 5s, 250ms, 1h30m or 2 days")
    if text[-1].isdigit():
        return _within_a_life(float(text), text)
    return _within_a_life(sum(float(number) * _unit_s(unit) for number, unit in _PARTS.findall(text)), text)


def _within_a_life(value_s: float, written: object) -> float:
    if not value_s <= _MOST_S:
        raise ValueError(f"a duration cannot be longer than a hundred years: {written}")
    return value_s


def span(value: str) -> tuple[float, float]:
    """Read ``24h ± 10m`` (or ``+-``, ``+/-``) as its least and greatest number of seconds. Raises ``ValueError``."""
    text = str(value).strip()
    if not re.match(SPAN_PATTERN, text):
        raise ValueError(why_no_span(text))
    middle_s, slack_s = map(seconds, re.split(_PLUS_MINUS, text))
    if slack_s > middle_s:
        raise ValueError(f"{text!r} begins before the customer's last word: the second time is longer than the first")
    return middle_s - slack_s, middle_s + slack_s


def why_no_span(text: str) -> str:
    """What keeps a text from being a span."""
    if _DURATION.match(text):
        return f"{text!r} needs the time that it may be off: {text} ± 10m; for no bound at the end write not before: {text}"
    return f"not a span of time: {text!r}; write it like 24h ± 10m or 2 days +- 1h"


def _unit_s(unit: str) -> float:
    known = _UNITS_S.get(unit)
    return _UNITS_S[unit.removesuffix("s")] if known is None else known


def say_seconds(value_s: float) -> str:
    """A duration for people, rounded to its two largest units: ``90`` is ``1m 30s``, ``0.25`` is ``250ms``."""
    if value_s < 1:
        return f"{value_s * 1000:.0f}ms" if value_s else "0s"
    if value_s < 60:
        return f"{value_s:.3g}s"
    parts = _parts(round(value_s))
    if len(parts) > 2:
        grain_s = parts[1][2]
        parts = _parts(round(value_s / grain_s) * grain_s)
    return " ".join(f"{count}{unit}" for count, unit, _ in parts)


def write_seconds(value_s: float) -> str:
    """A duration exactly, as a person writes it: ``2d``, ``1h30m``, ``2.5s``, ``250ms``. Raises ``ValueError`` for one that
    cannot be."""
    seconds(value_s)
    whole = "".join(f"{count}{unit}" for count, unit, _ in _parts(int(value_s))) or "0s"
    in_seconds, in_thousandths = f"{value_s:.10f}".rstrip("0") + "s", f"{value_s * 1000:.6g}ms"
    candidates = (whole, in_thousandths, in_seconds) if value_s < 1 else (whole, in_seconds)
    exact = (text for text in candidates if _DURATION.match(text) and seconds(text) == value_s)
    return next(exact, f"{Decimal(repr(float(value_s))):f}s")


def _parts(rest: int) -> list[tuple[int, str, int]]:
    """Days, hours, minutes and seconds, as far as there are any: how many, the unit, and its length in seconds."""
    found: list[tuple[int, str, int]] = []
    for unit, size in (("d", 86400), ("h", 3600), ("m", 60), ("s", 1)):
        count, rest = divmod(rest, size)
        if count:
            found.append((count, unit, size))
    return found


# ---------------------------------------------------------------------------------------------------- sizes

_SIZES: dict[str, int] = {"": 1, "B": 1, "kB": 1000, "MB": 1000**2, "GB": 1000**3, "KiB": 1024, "MiB": 1024**2}
_SIZE = rf"{_NUMBER} ?(?:{'|'.join(filter(None, _SIZES))})?"

SIZE_PATTERN = rf"^(?:[<>] ?{_SIZE}|{_SIZE}(?: ?\.\. ?{_SIZE})?)$"
"""What a size looks like: ``<2MB``, ``>10kB``, ``10kB..2MB``, ``48213``."""

_SIZE_PARTS = re.compile(rf"({_NUMBER}) ?([A-Za-z]*)")


def size_range(value: str | int) -> tuple[int | None, int | None]:
    """Read a size as its least and greatest number of bytes, both included; ``None`` where there is no bound."""
    text = str(value).strip()
    if not re.match(SIZE_PATTERN, text):
        raise ValueError(f"not a size: {text!r}; write it like <2MB, >10kB or 10kB..2MB")
    sizes = [round(float(number) * _SIZES[unit]) for number, unit in _SIZE_PARTS.findall(text)]
    if text[0] == "<":
        return None, sizes[0] - 1
    if text[0] == ">":
        return sizes[0] + 1, None
    return sizes[0], sizes[-1]
