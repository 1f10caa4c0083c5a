"""Reading a plan of arrivals: one line, so that it fits a flag and a key of the settings."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterator
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from chatdrill.engine.durations import say_seconds, seconds
from chatdrill.errors import UsageError, did_you_mean
from chatdrill_load.arrivals.curve import Curve, Spike, Straight, constant, counted, ramp, spikes, steps
from chatdrill_load.arrivals.day import DAY_S, LOW_SHARE, days
from chatdrill_load.arrivals.plan import Arrivals
from chatdrill_load.arrivals.recorded import read_recorded

EXAMPLES = {
    "constant": "50/s",
    "ramp": "0/s to 200/s over 5m",
    "steps": "10/s, +10/s every 1m up to 100/s",
    "spike": "10/s, 500/s for 10s at 2m",
    "daily": "daily peak 20/s low 1/s from 09:00",
    "recorded": "recorded arrivals.csv column created x2",
    "poisson": "poisson 50/s",
}
"""One plan of each kind."""

_LEADING = ("daily", "recorded")
_BARE = {
    "constant": "constant",
    "soak": "constant",
    "ramp": "ramp",
    "steps": "steps",
    "step": "steps",
    "spike": "spike",
}
_BIN_S, _BINS_MIN = 60.0, 20  # the rate of a recording: by the minute, or finer where it is shorter than 20 minutes
_MOST_PER_S = 1e6  # more than any machine sends; who means more has mistyped a unit

_PER_S = {
    name: length_s
    for names, length_s in (
        (("s", "sec", "second"), 1.0),
        (("m", "min", "minute"), 60.0),
        (("h", "hour"), 3600.0),
        (("d", "day"), DAY_S),
    )
    for name in names
}

_RATE = re.compile(r"(\d+(?:\.\d+)?) ?/ ?([^\W\d]+)")
_RAMP = re.compile(r"(.+?) to (.+?) over (.+)")
_STEPS = re.compile(r"(.+?) ?, ?\+ ?(.+?) every (.+?)(?: up to (.+))?")
_SPIKE = re.compile(r"(.+?) for (.+?) at (.+)")
_DAILY = re.compile(r"daily peak (.+?)(?: low (.+?))?(?: from (\d{1,2}):(\d\d))?")
_RECORDED = re.compile(r"recorded (?:\"([^\"]+)\"|(.+?))(?: column (?:\"([^\"]+)\"|(\S+)))?(?: x ?(\d+(?:\.\d+)?))?")


class _Read(NamedTuple):
    words: str
    curve: Curve
    recorded: array[float] | None = None
    has_spikes: bool = False


class _Rate(NamedTuple):
    per_s: float
    said: str


def read_arrivals(text: str, *, base: Path | None = None) -> Arrivals:
    """Read a plan; a recorded one reads its file, below ``base`` if that is given.

    Raises ``UsageError`` that says what is wrong and how the nearest plan is written.
    """
    line = " ".join(text.split())
    first, _, rest = line.partition(" ")
    is_poisson = first == "poisson"
    plan = rest if is_poisson else line
    read = _kind_of(plan)(plan, base or Path())
    return Arrivals(line, read.words, read.curve, is_poisson, None if is_poisson else read.recorded, read.has_spikes)


def _kind_of(plan: str) -> Callable[[str, Path], _Read]:
    first = plan.partition(" ")[0]
    if not plan:
        raise UsageError(f"a plan of arrivals says how many customers come, like {EXAMPLES['constant']}")
    if first in _LEADING:
        return _daily if first == "daily" else _recorded
    if first[0].isalpha():
        raise UsageError(_stray(first))
    if "," in plan:
        return _steps if "+" in plan or "every" in plan else _spike
    return _ramp if " " in plan and not _RATE.fullmatch(plan) else _constant


def _stray(word: str) -> str:
    """What is wrong with a plan that begins with this word."""
    if word in _BARE:
        return f"a plan of arrivals does without the word {word!r}; write it like {EXAMPLES[_BARE[word]]}"
    if word == "poisson":
        return f"'poisson' stands once, before the plan: {EXAMPLES['poisson']}"
    near = did_you_mean(word, ("poisson", *_LEADING))
    hint = "; write it like " + "; or ".join(EXAMPLES.values())
    return f"no plan of arrivals begins with {word!r}{near if near.endswith('?') else hint}"


def _wrong(kind: str, plan: str) -> UsageError:
    return UsageError(f"not a plan of arrivals: {plan!r}; the nearest is written like {EXAMPLES[kind]}")


# ------------------------------------------------------------------------------------------------------ the kinds


def _constant(plan: str, _: Path) -> _Read:
    rate = _somebody(_rate(plan), plan)
    return _Read(rate.said, Curve(constant(rate.per_s)))


def _ramp(plan: str, _: Path) -> _Read:
    found = _RAMP.fullmatch(plan)
    if found is None:
        raise _wrong("ramp", plan)
    begin, end = _rate(found[1]), _rate(found[2])
    _somebody(max(begin, end), plan)
    over_s = _length(found[3], plan)
    words = f"from {begin.said} to {end.said} over {say_seconds(over_s)}, then {end.said}"
    return _Read(words, Curve(ramp(begin.per_s, end.per_s, over_s)))


def _steps(plan: str, _: Path) -> _Read:
    found = _STEPS.fullmatch(plan)
    if found is None:
        raise _wrong("steps", plan)
    begin, by = _rate(found[1]), _somebody(_rate(found[2]), plan)
    every_s = _length(found[3], plan)
    words = f"{begin.said}, and {by.said} more every {say_seconds(every_s)}"
    if found[4] is None:
        return _Read(words, Curve(steps(begin.per_s, by.per_s, every_s)))
    most = _rate(found[4])
    if most.per_s < begin.per_s:
        raise UsageError(f"{plan!r} begins above what it goes up to")
    return _Read(f"{words}, up to {most.said}", Curve(steps(begin.per_s, by.per_s, every_s, most.per_s)))


def _spike(plan: str, _: Path) -> _Read:
    first, *others = (part.strip() for part in plan.split(","))
    rate = _rate(first)
    found = sorted((_one_spike(part, plan) for part in others), key=lambda one: one[0])
    those = [spike for spike, _ in found]
    for one, after in pairwise(those):
        if one.at_s + one.for_s > after.at_s:
            raise UsageError(f"{plan!r}: the spike at {say_seconds(after.at_s)} begins before the one before it ends")
    _somebody(_Rate(max(rate.per_s, *(spike.rate for spike in those)), ""), plan)
    words = f"{rate.said}, with {' and '.join(words for _, words in found)}"
    return _Read(words, Curve(spikes(rate.per_s, those)), has_spikes=True)


def _one_spike(part: str, plan: str) -> tuple[Spike, str]:
    found = _SPIKE.fullmatch(part)
    if found is None:
        raise _wrong("spike", plan)
    rate, for_s, at_s = _rate(found[1]), _length(found[2], plan), _seconds(found[3], plan)
    return Spike(at_s, rate.per_s, for_s), f"{rate.said} for {say_seconds(for_s)} at {say_seconds(at_s)}"


def _daily(plan: str, _: Path) -> _Read:
    found = _DAILY.fullmatch(plan)
    if found is None:
        raise _wrong("daily", plan)
    peak = _somebody(_rate(found[1]), plan)
    low = _Rate(peak.per_s * LOW_SHARE, f"{LOW_SHARE:.0%} of it") if found[2] is None else _rate(found[2])
    if low.per_s > peak.per_s:
        raise UsageError(f"{plan!r}: the low is higher than the peak")
    hour, minute = int(found[3] or 0), int(found[4] or 0)
    if hour > 23 or minute > 59:
        raise UsageError(f"{plan!r}: there is no {found[3]}:{found[4]}; hours go from 00:00 to 23:59")
    words = f"business days with {peak.said} at the peak and {low.said} at the low, from {hour:02}:{minute:02} on"
    return _Read(words, Curve(days(peak.per_s, low.per_s, hour * 3600.0 + minute * 60.0)))


def _recorded(plan: str, base: Path) -> _Read:
    found = _RECORDED.fullmatch(plan)
    if found is None:
        raise _wrong("recorded", plan)
    name, column, speed = found[1] or found[2], found[3] or found[4], float(found[5] or 1)
    if not speed:
        raise UsageError(f"{plan!r}: x0 would take for ever")
    times_s = array("d", (moment_s / speed for moment_s in read_recorded(base / name, column)))
    words = f"{len(times_s):,} arrivals in {say_seconds(times_s[-1])} as recorded in {name}"
    return _Read(words + (f", {speed:g} times as fast" if speed != 1 else ""), Curve(_bins(times_s, speed)), times_s)


def _bins(times_s: array[float], speed: float) -> Iterator[Straight]:
    return counted(times_s, min(_BIN_S / speed, times_s[-1] / _BINS_MIN) or 1.0)


# ------------------------------------------------------------------------------------------------- rates and times


def _rate(text: str) -> _Rate:
    found = _RATE.fullmatch(text.strip())
    if found is None:
        hint = f"a rate needs its unit: {text}/s, {text}/min or {text}/h" if _is_number(text) else "write it like 50/s"
        raise UsageError(f"not a rate: {text!r}; {hint}")
    unit = found[2].lower()
    length_s = _PER_S.get(unit) or _PER_S.get(unit.removesuffix("s"))
    if length_s is None:
        raise UsageError(f"not a rate: {text!r}: unknown unit {unit!r}{did_you_mean(unit, _PER_S)}")
    per_s = float(found[1]) / length_s
    if per_s > _MOST_PER_S:
        raise UsageError(f"a rate cannot be higher than {_MOST_PER_S:,.0f}/s: {text}")
    return _Rate(per_s, f"{found[1]}/{unit}")


def _is_number(text: str) -> bool:
    return text.replace(".", "", 1).isdigit()


def _somebody(rate: _Rate, plan: str) -> _Rate:
    if not rate.per_s:
        raise UsageError(f"{plan!r}: a rate of 0 that never grows: nobody would come")
    return rate


def _length(text: str, plan: str) -> float:
    found = _seconds(text, plan)
    if not found:
        raise UsageError(f"{plan!r}: {text} is no length of time to do anything in")
    return found


def _seconds(text: str, plan: str) -> float:
    try:
        return seconds(text)
    except ValueError as error:
        raise UsageError(f"{plan!r}: {error}") from error
