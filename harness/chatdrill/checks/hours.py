"""The working hours that a conversation is about, as far as its trace has them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from chatdrill.calendars import Calendar, read_calendar
from chatdrill.checks.sla import MEASURES, Sla, read_sla
from chatdrill.errors import UsageError
from chatdrill.trace import CaseBegan, Record, RunBegan


def calendars(records: Iterable[Record]) -> dict[str, Calendar]:
    """The calendar of each case: the one by which its response times count, else the only one that the settings have."""
    found: dict[str, Calendar] = {}
    only: Calendar | None = None
    for record in records:
        if isinstance(record, RunBegan):
            only = _only(record.settings.get("calendars"))
        elif isinstance(record, CaseBegan) and (calendar := _counting(record.sla) or only) is not None:
            found[record.case or ""] = calendar
    return found


def _only(blocks: Any) -> Calendar | None:
    if not isinstance(blocks, Mapping) or len(blocks) != 1:
        return None
    ((name, block),) = blocks.items()
    try:
        return read_calendar(str(name), block, "the trace")
    except UsageError:  # a trace from elsewhere: its hours are not drawn
        return None


def _counting(block: Mapping[str, Any]) -> Calendar | None:
    try:
        sla = read_sla(block)
        return next(filter(None, (sla.calendar_of(promise) for promise in _promises(sla))), None)
    except UsageError:
        return None


def _promises(sla: Sla) -> Iterable[Any]:
    return (*sla.bounds, *sla.percentiles, *MEASURES)
