"""Days and hours as customers write them. Pure: there is no "now", a date stays the date that was written."""

from __future__ import annotations

from . import words
from .catalog import SLOTS

NO_DATE = "invalid"
_DAYS_IN = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def day_of(folded: str) -> str:
    """A weekday ("sat"), "today", "tomorrow", a date ("12.12"), `NO_DATE` for the 45th of May, or "" """
    if match := words.ISO_DATE.search(folded):
        return _date(int(match[2]), int(match[1]))
    if match := words.DAY_MONTH.search(folded):
        return _date(int(match[1]), int(match[2]))
    for pattern in (words.DATE_IN_WORDS, words.DATE_IN_WORDS_US):
        for match in pattern.finditer(folded):
            if month := _month(match["month"]):
                return _date(int(match["day"]), month)
    return next((name for name, pattern in words.DAYS.items() if pattern.search(folded)), "")


def _month(word: str) -> int:
    for number, stems in enumerate(words.MONTH_STEMS, 1):
        if word.startswith(stems):
            return number
    return 0


def _date(day: int, month: int) -> str:
    if not (1 <= month <= 12 and 1 <= day <= _DAYS_IN[month - 1]):
        return NO_DATE
    return f"{day:02}.{month:02}"


def slot_of(folded: str) -> str:
    """ "15:00" for "at 3 pm"; also an hour at which there is no slot, so that the customer can be told."""
    if not (match := words.CLOCK.search(folded)):
        return ""
    return _clock(int(match[1]), match[2] or "00", match[3] or "")


def bare_hour(folded: str) -> str:
    """ "15:00" for "at 15" or "в 3": only where an hour was asked for."""
    if not (match := words.BARE_HOUR.match(folded.strip())):
        return ""
    hour = int(match[1])
    return _clock(hour, "00", "pm" if hour < 7 else "")


def _clock(hour: int, minutes: str, half: str) -> str:
    if half == "pm" and hour < 12:
        hour += 12
    return f"{hour:02}:{minutes}"


def offered(slot: str) -> bool:
    return slot in SLOTS
