"""Public holidays by country, from the library ``holidays`` (MIT): laws, decrees and days observed instead of others."""

from __future__ import annotations

import functools

import holidays
from holidays.registry import COUNTRIES

from chatdrill.calendars.dates import day_number
from chatdrill.calendars.place import nearest

_EXPECTED = "; expected a code such as 'PL' or 'US-CA'"


@functools.lru_cache(maxsize=1024)
def days_off(code: str, year: int) -> frozenset[int]:
    """The day numbers of the public holidays of a year, for a country ``PL`` or a part of one ``US-CA``."""
    country, _, part = code.partition("-")
    return frozenset(day_number(day) for day in holidays.country_holidays(country, subdiv=part or None, years=year))


def problem_of(code: str) -> str:
    """What is wrong with a code, in words, or nothing."""
    country, dash, part = code.partition("-")
    if country not in {name for names in COUNTRIES.values() for name in names[1:]}:
        return f"unknown country {country!r}{nearest(country, _meanings()) or _EXPECTED}"
    entity = holidays.country_holidays(country)
    parts = (*entity.subdivisions, *entity.subdivisions_aliases)
    if not dash or part in parts:
        return ""
    meant = nearest(part, {name.casefold(): f"{country}-{name}" for name in parts})
    known = f"; known: {', '.join(entity.subdivisions)}" if parts else "; it has no parts"
    return f"unknown part {part!r} of {country}{meant or known}"


def _meanings() -> dict[str, str]:
    """Codes by what people may write for them: ``poland``, ``pol`` and ``pl`` are ``PL``."""
    named = {module.replace("_", " "): names[1] for module, names in COUNTRIES.items()}
    return named | {name.casefold(): name for names in COUNTRIES.values() for name in names[1:]}
