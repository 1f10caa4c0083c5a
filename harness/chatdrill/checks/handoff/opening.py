"""What a bot says about opening hours: whether it names a time, whether that is the right one, and whether it promises haste."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from zoneinfo import ZoneInfo, available_timezones

_CLOCK = re.compile(
    r"(?<![\d.,:])(?P<hour>[01]?\d|2[0-4])(?:(?P<sep>[:.h])(?P<minute>[0-5]\d))?(?![\d:])\s*"
    r"(?P<half>[ap]\.?\s?m\b\.?)?(?P<word>uhr\b|o['’]clock\b|час|godz|h\b)?",
    re.IGNORECASE,
)
_BEFORE_A_CLOCK = re.compile(
    r"(?:\bat|\bfrom|\bum|\bab|\bв|\bс|\bo|\bod|\bgodz(?:\.|iny|inie)?|\bà|\ba las|\bàs)\s*$", re.IGNORECASE
)
_DAY = re.compile(
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day|\btomorrow|\bmorning|понедельник|вторник|сред[уы]|четверг|пятниц|суббот|"
    r"воскресень|завтра|утром|poniedział|wtor(?:ek|k)|środ|czwart|piąt|sobot|niedziel|jutro|rano|montag|dienstag|mittwoch|"
    r"donnerstag|freitag|samstag|sonntag|\bmorgen|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche|demain|lunes|martes|"
    r"miércoles|jueves|viernes|sábado|domingo|mañana|segunda|terça|quarta|quinta|sexta|amanhã",
    re.IGNORECASE,
)
_HASTE = re.compile(
    r"\bright away|\bimmediately|\bshortly|\bany (?:moment|minute|second)|\bin (?:a|one) (?:moment|minute|second)|\binstantly|"
    r"\bin (?:a )?few (?:minutes|seconds|moments)|\bin a couple of (?:minutes|seconds)|connecting you now|\bсразу (?:вам )?ответ|сейчас (?:вам )?ответ|"
    r"немедленно|через (?:минуту|пару минут|несколько минут)|сию минуту|za (?:chwilę|minutę|kilka minut)|natychmiast|"
    r"\bzaraz (?:odp|po)|\bgleich\b|\bsofort|in kürze|in wenigen minuten|tout de suite|dans un instant|immédiatement|"
    r"en seguida|enseguida|inmediatamente|em instantes|imediatamente",
    re.IGNORECASE,
)
_NOT = re.compile(
    r"\bnot?\b|n['’]t\b|\bcannot|\bnobody|\bunable|\bclosed|\bне\b|\bнет\b|\bникто|\bnie\b|\bnikt|\bnicht|\bkein|\bniemand|"
    r"\bpas\b|\bpersonne|\bnadie|\bnão\b|\bninguém|\bonce\b|\bas soon as|\bwhen\b|\bкогда|\bкак только|\bgdy\b|\bsobald|\bwenn\b|\bafter\b|\bopen|\bпосле\b|\bпо\b|\bnach\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n")


def promises_haste(text: str) -> bool:
    """True if a sentence says that somebody will answer at once, without a time, a day or a "not" in it."""
    return any(
        _HASTE.search(part) and not _NOT.search(part) and not _DAY.search(part) and not any(_clocks(part))
        for part in _SENTENCE.split(text)
    )


def names_a_time(text: str) -> bool:
    """True if a text names a time of day or a day."""
    return any(_clocks(text)) or _DAY.search(text) is not None


def tells_time(text: str, now: float, zones: Iterable[str]) -> bool:
    """True if a text names a time of day that is not the present one."""
    return bool(_other_clocks(text, now, zones))


def says_when(text: str, now: float, opens: float, zones: Iterable[str]) -> bool:
    """True if a text names the moment ``opens`` (Unix seconds): its time of day in one of the zones; or, if it names no time of
    day at all, a day or a number of hours, such as *tomorrow* or *in 13 hours*. Of several times one must be right. Where the
    text names a zone (*9:00 Warsaw time*, *8:00 UTC*), that is the one."""
    clocks = _other_clocks(text, now, zones)
    if clocks:
        return bool(clocks & {_clock_of(opens, zone) for zone in _named(text, opens, zones) or zones})
    hours = (int(number) for number in re.findall(r"(?<!\d)\d{1,3}(?!\d)", text))
    return _DAY.search(text) is not None or any(abs(number - (opens - now) / 3600) <= 1 for number in hours)


_OF_A_PLACE = re.compile(r"\b([A-Z]\w+(?:[ _][A-Z]\w+)?) [Tt]ime\b")


def _named(text: str, at: float, zones: Iterable[str]) -> set[str]:
    """The zones that a text names: of those that are expected, by place or by the letters of the season; others by place."""
    expected = {
        zone for zone in zones for name in _names_of(zone, at) if re.search(rf"\b{re.escape(name)}(?![\w+-])", text)
    }
    places = _places()
    return expected | {places[name] for name in map(_place, _OF_A_PLACE.findall(text)) if name in places}


def _names_of(zone: str, at: float) -> set[str]:
    season = datetime.datetime.fromtimestamp(at, ZoneInfo(zone)).tzname() or ""
    names = {zone, zone.rpartition("/")[2].replace("_", " "), *(("GMT",) if zone == "UTC" else ())}
    return names | ({season} if season.isalpha() else set())


@lru_cache(maxsize=1)
def _places() -> dict[str, str]:
    return {_place(zone.rpartition("/")[2]): zone for zone in sorted(available_timezones()) if "/" in zone}


def _place(name: str) -> str:
    return name.replace("_", " ").casefold()


_NOW_MINUTES = 5
"""A time of day so near to the present one says when something was noted, not when somebody comes."""


def _other_clocks(text: str, now: float, zones: Iterable[str]) -> set[tuple[int, int]]:
    present = {_clock_of(now + 60 * minute, zone) for zone in zones for minute in range(-_NOW_MINUTES, 2)}
    return set(_clocks(text)) - present


def _clock_of(at: float, zone: str) -> tuple[int, int]:
    shown = datetime.datetime.fromtimestamp(at, ZoneInfo(zone))
    return shown.hour, shown.minute


_RANGE = re.compile(r"(?<![\d.:+-])([01]?\d|2[0-4])\s?[-–—]\s?([01]?\d|2[0-4])(?![\d.:-])")


def _clocks(text: str) -> Iterator[tuple[int, int]]:
    """The times of day in a text; a bare number is one only behind a word such as *at*, or in a range."""
    for found in _RANGE.finditer(text):
        yield from ((int(hour) % 24, 0) for hour in found.groups())
    for found in _CLOCK.finditer(text):
        if not (found["half"] or found["word"] or _BEFORE_A_CLOCK.search(text[: found.start()])):
            minute = found["minute"]
            if minute is None or (found["sep"] == "." and int(minute) % 15):  # 07.01 is a date
                continue
        hour, minutes = int(found["hour"]), int(found["minute"] or 0)
        if found["half"]:
            hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
        yield hour % 24, minutes
