"""Hours as people write them: ``09:00-13:00, 14:00-18:00`` on ``mon-fri``."""

from __future__ import annotations

import re
from collections.abc import Callable, Hashable, Iterable, Mapping
from typing import Any, TypeVar

from chatdrill.calendars.place import Place, nearest
from chatdrill.calendars.spans import DAY_S, Spans
from chatdrill.errors import did_you_mean

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
CLOSED = "closed"

_SHIFT = re.compile(r"(\d{1,2}):(\d\d)\s*[-–]\s*(\d{1,2}):(\d\d)")
_DAYS = ("daily", "mon-fri", *WEEKDAYS)

Key = TypeVar("Key", bound=Hashable)
Week = tuple[Spans, ...]


def read_week(table: Any, place: Place) -> Week:
    """The shifts of the seven weekdays, Monday first, from ``{"mon-fri": "09:00-18:00"}``."""
    if not isinstance(table, Mapping):
        raise place.error(f'expected a table such as {{ mon-fri = "09:00-18:00" }}, not {table!r}')
    week = by_narrowest(table, place, lambda key, spot: _weekdays(str(key), spot))
    return tuple(week.get(day, ()) for day in range(7))


def by_narrowest(
    table: Mapping[Any, Any], place: Place, days_of: Callable[[Any, Place], Iterable[Key]]
) -> dict[Key, Spans]:
    """The shifts of every day that a key names; a day named by several keys has those of the key with fewest days."""
    spots = [(key, text, place.at(key)) for key, text in table.items()]
    rows = [(key, frozenset(days_of(key, spot)), read_shifts(text, spot)) for key, text, spot in spots]
    found: dict[Key, tuple[int, Any, Spans]] = {}
    for key, days, shifts in sorted(rows, key=lambda row: -len(row[1])):
        for day in days:
            if day in found and found[day][0] == len(days):
                raise place.at(key).error(f"names a day that {found[day][1]!s} names too; which of them counts?")
            found[day] = (len(days), key, shifts)
    return {day: shifts for day, (_, _, shifts) in found.items()}


def _weekdays(text: str, place: Place) -> list[int]:
    return [day for part in text.split(",") for day in _range(part.strip().lower(), place)]


def _range(text: str, place: Place) -> list[int]:
    if text == "daily":
        return list(range(7))
    first, dash, last = (word.strip() for word in text.partition("-"))
    for word in (first, last) if dash else (first,):
        if word not in WEEKDAYS:
            raise place.error(f"unknown day {word!r}{did_you_mean(word, _DAYS)}")
    start, end = WEEKDAYS.index(first), WEEKDAYS.index(last if dash else first)
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]  # fri-mon goes over the week's end


def read_shifts(text: Any, place: Place) -> Spans:
    """Shifts in seconds after midnight; one that crosses midnight ends after 86,400."""
    if not isinstance(text, str):
        raise place.error(f"expected hours such as '09:00-18:00', not {text!r}{_meant(text)}")
    if text.strip().lower() == CLOSED:
        return ()
    return tuple(_shift(part.strip(), place) for part in text.split(","))


def _meant(value: Any) -> str:
    if isinstance(value, list | tuple) and value:
        return f"; several shifts are one text: {', '.join(map(str, value))!r}"
    return f"; did you mean {CLOSED!r}?" if value in (False, None, 0) else ""


def _shift(text: str, place: Place) -> tuple[int, int]:
    match = _SHIFT.fullmatch(text)
    if not match:
        raise place.error(
            f"expected hours such as '09:00-18:00' or {CLOSED!r}, not {text!r}{nearest(text, {CLOSED: CLOSED})}"
        )
    start, end = _seconds(match[1], match[2], place), _seconds(match[3], match[4], place)
    if start == DAY_S:
        raise place.error(f"nothing begins at 24:00, in {text!r}; the next day begins at 00:00")
    if start == end:
        raise place.error(f"{text!r} ends when it begins; a whole day is '00:00-24:00', a day off is {CLOSED!r}")
    return start, end if end > start else end + DAY_S


def _seconds(hours: str, minutes: str, place: Place) -> int:
    second = int(hours) * 3600 + int(minutes) * 60
    if int(minutes) > 59 or second > DAY_S:
        raise place.error(f"no clock shows {hours}:{minutes}; the last time of a day is 24:00")
    return second
