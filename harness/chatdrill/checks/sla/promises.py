"""Reading an ``sla`` block: what was promised, and which clock each promise counts by.

    first_response = "5s"                                      # p50_, p90_, p95_, p99_ (any percentile) before a name
    time_to_human = { within = "2h", calendar = "shop" }       # this one in working time
    calendar = "shop"                                          # all of them in working time
    counts_from = "last"                                       # or "first": the message of the burst
    waiting_for_customer = "pauses"                            # or "counts": the clock of a resolution

In the trace a calendar stands with its hours (``resolved_sla``), so that the trace can be judged alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, NamedTuple

from chatdrill.calendars import Calendar
from chatdrill.checks.sla import inline
from chatdrill.checks.sla.moments import FIRST, HUMAN, NEXT, RESOLUTION, CountsFrom
from chatdrill.engine.durations import seconds
from chatdrill.errors import UsageError, did_you_mean

ACK = "webhook_ack"
MEASURES = (FIRST, NEXT, HUMAN, RESOLUTION, ACK)
CALENDAR, COUNTS_FROM, WAITING = "calendar", "counts_from", "waiting_for_customer"
CHOICES = {COUNTS_FROM: ("last", "first"), WAITING: ("pauses", "counts")}
OPTIONS = (CALENDAR, *CHOICES)
WITHIN = "within"

_PERCENTILE = re.compile(r"p(\d{1,2}(?:\.\d+)?)_(\w+)")

Promise = str | tuple[float, str]
"""A measure, or a percentile and a measure."""


class Sla(NamedTuple):
    """What an ``sla`` block promises, in seconds: the ``bounds`` of every single time and those of ``percentiles``.

    ``calendar`` is the block's own, ``calendars`` are those of single promises (``None``: by no calendar).
    """

    bounds: dict[str, float]
    percentiles: dict[tuple[float, str], float]
    counts_from: CountsFrom
    rests: bool
    calendar: inline.Given
    calendars: dict[Promise, inline.Given]

    def calendar_of(self, promise: Promise) -> Calendar | None:
        """The calendar by which a promise counts: its own, else its measure's, else the block's.

        Raises ``UsageError`` where the block has no more than the calendar's name.
        """
        measure = measure_of(promise)
        if measure == ACK:  # how fast a machine says that it has got something does not depend on the hour
            return None
        given = next((self.calendars[key] for key in (promise, measure) if key in self.calendars), self.calendar)
        return inline.calendar_of(given)

    @property
    def measures(self) -> set[str]:
        """The measures on which there is any bound."""
        return {*self.bounds, *(name for _, name in self.percentiles)}


def read_sla(block: Mapping[str, Any], where: str = "sla") -> Sla:
    """Read an ``sla`` block. Calendars may stand in it by name only.

    Raises ``UsageError`` for an unknown key, a value that is no duration and a calendar that cannot be.
    """
    sla = Sla({}, {}, "last", True, None, {})
    for key, value in block.items():
        promise = promise_of(key)
        if promise is not None:
            _take(sla, promise, value, f"{where}: {key}")
        elif key not in OPTIONS:
            known = [*MEASURES, *(f"p95_{name}" for name in MEASURES), *OPTIONS]
            raise UsageError(f"{where}: unknown key {key!r}{did_you_mean(key, known)}")
        elif key != CALENDAR and value not in CHOICES[key]:
            raise UsageError(f"{where}: {key} is {' or '.join(CHOICES[key])}, not {value!r}")
    return sla._replace(
        counts_from=block.get(COUNTS_FROM, "last"),
        rests=block.get(WAITING, "pauses") == "pauses",
        calendar=inline.read_given(block.get(CALENDAR), where),
    )


def promise_of(key: str) -> Promise | None:
    """What a key of the block promises: ``p95_first_response`` is ``(95.0, "first_response")``; ``None`` for others."""
    match = _PERCENTILE.fullmatch(key)
    if match and match[2] in MEASURES:
        return float(match[1]), match[2]
    return key if key in MEASURES else None


def measure_of(promise: Promise) -> str:
    """The measure that a promise is about."""
    return promise if isinstance(promise, str) else promise[1]


def _take(sla: Sla, promise: Promise, value: Any, where: str) -> None:
    within, own = (value, {}) if not isinstance(value, Mapping) else _table(promise, value, where)
    if CALENDAR in own:
        sla.calendars[promise] = inline.read_given(own[CALENDAR], where)
    try:
        bound = seconds(within)
    except ValueError as error:
        raise UsageError(f"{where}: {error}") from error
    if isinstance(promise, str):
        sla.bounds[promise] = bound
    else:
        sla.percentiles[promise] = bound


def _table(promise: Promise, table: Mapping[str, Any], where: str) -> tuple[Any, Mapping[str, Any]]:
    for key in table:
        if key not in (WITHIN, CALENDAR):
            raise UsageError(f"{where}: unknown key {key!r}{did_you_mean(str(key), (WITHIN, CALENDAR))}")
    if WITHIN not in table:
        raise UsageError(f'{where}: {WITHIN!r} is missing; write it like {{ within = "2h", calendar = "shop" }}')
    if CALENDAR in table and measure_of(promise) == ACK:
        raise UsageError(f"{where}: a webhook is acknowledged by a machine, at any hour; it takes no calendar")
    return table[WITHIN], table
