"""Dates as people write them: ``2026-12-24``, ``2026-12-24..2026-12-26``; and days off, a country's among them."""

from __future__ import annotations

import datetime
import importlib
import re
from collections.abc import Iterable
from typing import Any

from chatdrill.calendars.place import Place

_EPOCH = datetime.date(1970, 1, 1).toordinal()
_ISO = re.compile(r"\d{4}-\d\d-\d\d")
_RANGE_MAX = 3 * 366
_EXPECTED = "expected a date such as '2026-12-24' or '2026-12-24..2026-12-26'"


def day_number(date: datetime.date) -> int:
    """Days since 1970-01-01."""
    return date.toordinal() - _EPOCH


def date_of(number: int) -> datetime.date:
    """The date of a day number."""
    return datetime.date.fromordinal(number + _EPOCH)


def read_dates(text: Any, place: Place) -> range:
    """The day numbers of a date or of a range of dates, its last included."""
    first, dots, last = (word.strip() for word in plain(text).partition(".."))
    start = _date(first, place)
    end = _date(last, place) if dots else start
    if end < start:
        raise place.error(f"ends before it starts; did you mean '{last}..{first}'?")
    if (end - start).days >= _RANGE_MAX:
        raise place.error(f"covers {(end - start).days + 1} days, more than three years; is a year mistyped?")
    return range(day_number(start), day_number(end) + 1)


def _date(text: str, place: Place) -> datetime.date:
    if not _ISO.fullmatch(text):
        raise place.error(f"{_EXPECTED}, not {text!r}")
    try:
        return datetime.date.fromisoformat(text)
    except ValueError as error:
        raise place.error(f"there is no {text}: {error}") from error


def plain(value: Any) -> str:
    """A date of TOML or YAML as text, and text as it is."""
    return value.isoformat() if isinstance(value, datetime.date) else str(value)


def read_days_off(value: Any, place: Place) -> tuple[frozenset[int], tuple[str, ...]]:
    """The day numbers and the countries of ``holidays``, which is one entry or a list of them."""
    days: set[int] = set()
    countries: list[str] = []
    for entry in value if isinstance(value, list | tuple) else [value]:
        if not isinstance(entry, str | datetime.date):
            meant = "; is it Norway? then quote it: 'NO'" if entry is False else ""
            raise place.error(f"expected a country such as 'PL' or 'US-CA', or a date, not {entry!r}{meant}")
        if plain(entry)[:1].isdigit():
            days.update(read_dates(entry, place))
        else:
            countries.append(_country(plain(entry), place))
    return frozenset(days), tuple(countries)


def _country(code: str, place: Place) -> str:
    problem = _national().problem_of(code)
    if problem:
        raise place.error(problem)
    return code


def is_public_holiday(countries: Iterable[str], number: int) -> bool:
    """Whether a day is a public holiday in one of these countries."""
    year = date_of(number).year
    return any(number in _national().days_off(code, year) for code in countries)


def _national() -> Any:
    """The library of holidays takes a tenth of a second to import, so it waits for the first calendar that needs it."""
    return importlib.import_module("chatdrill.calendars.national")
