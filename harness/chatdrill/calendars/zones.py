"""Time zones by name, and how far their clocks are from UTC."""

from __future__ import annotations

import bisect
import functools
import re
import zoneinfo
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from chatdrill.calendars.place import nearest, spelled
from chatdrill.calendars.spans import DAY_S
from chatdrill.errors import SettingsError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# These are what the machine at hand makes of them, so that a trace would read differently elsewhere.
_THIS_MACHINE = {"localtime", "posixrules", "factory"}
# In the database of 2026 no zone has changed its offset twice in less than three days and 23 hours.
_BLOCK_DAYS = 3
_OFFSET = re.compile(r"(?:utc|gmt|z)?\s*[+-]\s*\d{1,2}(?::?\d\d)?", re.IGNORECASE)

Segments = tuple[tuple[int, int, int], ...]


def read_zone(text: str, where: str) -> ZoneInfo:
    """The zone of a name of the IANA database (``Europe/Warsaw``, ``UTC``).

    ``where`` begins the message. Raises ``SettingsError`` with the nearest name.
    """
    if not isinstance(text, str):
        raise SettingsError(f"{where}: a time zone is a name such as 'Europe/Warsaw', not {text!r}")
    if text.casefold() not in _THIS_MACHINE:
        try:
            return ZoneInfo(text)
        except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):  # OSError: a folder, such as Europe
            pass
    raise SettingsError(f"{where}: unknown time zone {text!r}{_advice(text)}")


def _advice(text: str) -> str:
    if text.casefold() in _THIS_MACHINE:
        return "; it would be another one on another machine, name a place such as 'Europe/Warsaw'"
    if _OFFSET.fullmatch(text.strip()):
        return "; name a place such as 'Europe/Warsaw', an offset knows no summer time"
    names = zoneinfo.available_timezones()
    if not names:
        return "; this machine has no time zones at all: pip install tzdata"
    cities = {name.rpartition("/")[2].casefold(): name for name in sorted(names, key=_rank)}
    return nearest(text.strip().replace(" ", "_"), cities | spelled(names)) or "; expected one such as 'Europe/Warsaw'"


def _rank(name: str) -> tuple[bool, str]:
    """Old names such as ``Poland`` or ``US/Central`` come first, so that a continent's overwrite them."""
    return name.split("/")[0] in {"Africa", "America", "Asia", "Australia", "Europe", "Pacific"}, name


def segments(zone: ZoneInfo, day: int) -> Segments:
    """The UTC day with number ``day`` as ``(from_s, to_s, offset_s)``: seconds of the day, the offset constant in each."""
    steady = _steady(zone, day // _BLOCK_DAYS)
    return _changing(zone, day) if steady is None else ((0, DAY_S, steady),)


@functools.lru_cache(maxsize=1 << 16)
def _steady(zone: ZoneInfo, block: int) -> int | None:
    """The offset during a block of days, if it is the same at both ends and thus all the time."""
    start, end = (_offset_s(zone, edge * _BLOCK_DAYS * DAY_S) for edge in (block, block + 1))
    return start if start == end else None


@functools.lru_cache(maxsize=1 << 12)
def _changing(zone: ZoneInfo, day: int) -> Segments:
    start = day * DAY_S
    before, after = _offset_s(zone, start), _offset_s(zone, start + DAY_S)
    if before == after:
        return ((0, DAY_S, before),)
    change = bisect.bisect_left(range(1, DAY_S + 1), True, key=lambda s: _offset_s(zone, start + s) != before) + 1
    return (0, change, before), (change, DAY_S, after)


def _offset_s(zone: ZoneInfo, at: int) -> int:
    """Seconds that the zone's clocks are ahead of UTC at a Unix time."""
    ahead = (_EPOCH + timedelta(seconds=at)).astimezone(zone).utcoffset()
    return int(ahead.total_seconds()) if ahead else 0
