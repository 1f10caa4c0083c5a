"""Calendars inside an ``sla`` block: a name while people write it, the hours themselves once a trace has it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

import msgspec

from chatdrill.calendars import Calendar, read_calendar
from chatdrill.errors import SettingsError, UsageError, did_you_mean

Given = str | bytes | None
"""A calendar as a block has it: by name, as the JSON of its data, or none."""

_OFF = ("off", False)
_NAME = "name"
_UNNAMED = "inline"
_JOINS = ("any_of", "all_of")
_KEPT_MAX = 256


def read_given(value: Any, where: str) -> Given:
    """What stands under ``calendar`` in the block ``where``. Raises ``UsageError`` for what is no calendar."""
    if value is None or value in _OFF:
        return None
    if isinstance(value, str) and value.strip():
        return value
    if not isinstance(value, Mapping):
        raise UsageError(f"{where}: calendar: expected a name, the hours themselves or 'off', not {value!r}")
    text = msgspec.json.encode(value)
    if not any(isinstance(value.get(key), list | tuple) for key in _JOINS):  # names, which only the settings know
        _read(text, where)
    return text


def calendar_of(given: Given, where: str = "sla") -> Calendar | None:
    """The calendar. Raises ``UsageError`` where there is only its name."""
    if isinstance(given, str):
        raise UsageError(f"{where}: calendar {given!r} is only a name here; to judge a trace, its hours are needed")
    return None if given is None else _read(given, where)


@lru_cache(maxsize=_KEPT_MAX)
def _read(text: bytes, where: str) -> Calendar:
    """Read once: every case of a run carries the same few, and a calendar remembers the days it has worked out."""
    return _made(msgspec.json.decode(text), where, {})


def _made(block: Mapping[str, Any], where: str, others: Mapping[str, Calendar]) -> Calendar:
    own = {key: value for key, value in block.items() if key != _NAME}
    return read_calendar(str(block.get(_NAME, _UNNAMED)), own, where, others=others)


def resolved(value: Any, calendars: Mapping[str, Calendar], where: str) -> Any:
    """The calendar ``value`` as plain data that needs nothing else. Raises ``SettingsError`` for an unknown name."""
    given = read_given(value, where)
    if given is None:
        return value
    calendar = _known(given, calendars, where) if isinstance(given, str) else _made(value, where, calendars)
    return {_NAME: calendar.name, **calendar.block}


def _known(name: str, calendars: Mapping[str, Calendar], where: str) -> Calendar:
    if name not in calendars:
        known = did_you_mean(name, calendars) or f"; write its hours under [calendars.{name}] in the settings"
        raise SettingsError(f"{where}: no calendar is called {name!r}{known}")
    return calendars[name]
