"""Making an ``sla`` block whole before it goes into a trace."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chatdrill.calendars import Calendar
from chatdrill.checks.sla.inline import resolved
from chatdrill.checks.sla.promises import CALENDAR, read_sla


def resolved_sla(block: Mapping[str, Any], calendars: Mapping[str, Calendar], where: str = "sla") -> dict[str, Any]:
    """The block with every calendar as plain data instead of a name, so that a trace can be judged alone.

    ``calendars`` are those of the settings. Raises ``SettingsError`` for a calendar that nobody knows, with the nearest
    known name, and ``UsageError`` for whatever ``read_sla`` refuses.
    """
    read_sla(block, where)
    return {key: _resolved(key, value, calendars, where) for key, value in block.items()}


def _resolved(key: str, value: Any, calendars: Mapping[str, Calendar], where: str) -> Any:
    if key == CALENDAR:
        return resolved(value, calendars, where)
    if isinstance(value, Mapping) and CALENDAR in value:
        return {**value, CALENDAR: resolved(value[CALENDAR], calendars, f"{where}: {key}")}
    return value
