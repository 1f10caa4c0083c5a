"""What a bot says about opening hours: whether it names a time, whether that is the right one, and whether it promises haste."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable
from zoneinfo import ZoneInfo

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
    r"\bpas\b|\bpersonne|\bnadie|\bnão\b|\bninguém|\bonce\b|\bas soon as|\bwhen\b|\bкогда|\bкак только|\bgdy\b|\bsobald|\bwenn\b",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"(?<=[.!?…])\s+|\n")


def promises_haste(text: str) -> bool:
    """True if a sentence says that somebody will answer at once, without a time, a day or a "not" in it."""
    return any(
        _HASTE.search(part) and not _NOT.search(part) and not _DAY.search(part) and not any(_clocks(part))
        for part in _SENTENCE.split(text)
    )


def tells_time(text: str) -> bool:
    """True if a text names a time of day."""
    return any(True for _ in _clocks(text))


def says_when(text: str, now: float, opens: float, zones: Iterable[str]) -> bool:
    """True if a text names the moment ``opens`` (Unix seconds): its time of day in one of the zones; or, if it names no time of
    day at all, a day or a number, such as *tomorrow* or *in 13 hours*. A text with several times need name it once."""
    clocks = list(_clocks(text))
    if not clocks:
        return bool(_DAY.search(text)) or any(
            abs(int(number) - (opens - now) / 3600) <= 1 for number in re.findall(r"\d+", text)
        )
    right = {_clock_of(opens, zone) for zone in zones}
    return any(clock in right for clock in clocks)


def _clock_of(at: float, zone: str) -> tuple[int, int]:
    shown = datetime.datetime.fromtimestamp(at, ZoneInfo(zone))
    return shown.hour, shown.minute


def _clocks(text: str) -> Iterable[tuple[int, int]]:
    """The times of day in a text; a bare number is one only behind a word such as *at*."""
    for found in _CLOCK.finditer(text):
        is_marked = found["minute"] is not None or found["half"] or found["word"]
        if not is_marked and not _BEFORE_A_CLOCK.search(text[: found.start()]):
            continue
        hour, minute = int(found["hour"]), int(found["minute"] or 0)
        if found["half"]:
            hour = hour % 12 + (12 if found["half"].lower().startswith("p") else 0)
        yield hour % 24, minute
