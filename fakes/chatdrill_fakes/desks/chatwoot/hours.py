"""When the inbox is open, and how long agents may answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from chatdrill.calendars import read_zone
from chatdrill.errors import SettingsError
from chatdrill_fakes.desks.chatwoot.state import Conversation, Inbox

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_EXAMPLE = "such as 'mon-fri 09:00-17:00, sat 10:00-14:00'"


def read_hours(text: str) -> list[dict[str, Any]]:
    """The seven rows of a week from ``mon-fri 09:00-17:00, sat 10:00-14:00``; days that are not named are closed.

    Raises ``SettingsError``.
    """
    rows = {day: _closed(day) for day in range(7)}
    for part in filter(None, (each.strip() for each in text.split(","))):
        days, _, shift = part.lower().partition(" ")
        opens, dash, closes = shift.strip().partition("-")
        if not dash:
            raise SettingsError(f"chatwoot: hours are written {_EXAMPLE}, not {part!r}")
        (hour, minute), (last_hour, last_minute) = _time(opens, part), _time(closes, part)
        if (last_hour, last_minute) <= (hour, minute):
            raise SettingsError(
                f"chatwoot: {part!r} ends before it begins; a Chatwoot day has one shift within the day"
            )
        for day in _days(days, part):
            rows[day] = _row(day, hour, minute, last_hour, last_minute)
    return [rows[day] for day in range(7)]


def default_hours() -> list[dict[str, Any]]:
    """What a new inbox has: Monday to Friday from 9 to 17. Source: Chatwoot v4.15.1, concerns/out_of_offisable.rb."""
    return read_hours("mon-fri 09:00-17:00")


def _row(day: int, hour: int, minute: int, last_hour: int, last_minute: int) -> dict[str, Any]:
    return {
        "day_of_week": day,
        "closed_all_day": False,
        "open_hour": hour,
        "open_minutes": minute,
        "close_hour": last_hour,
        "close_minutes": last_minute,
        "open_all_day": False,
    }


def _closed(day: int) -> dict[str, Any]:
    empty = dict.fromkeys(("open_hour", "open_minutes", "close_hour", "close_minutes"))
    return {"day_of_week": day, "closed_all_day": True, **empty, "open_all_day": False}


def _time(text: str, part: str) -> tuple[int, int]:
    hour, colon, minute = text.strip().partition(":")
    if not (colon and hour.isdecimal() and minute.isdecimal() and int(hour) <= 24 and int(minute) < 60):
        raise SettingsError(f"chatwoot: hours are written {_EXAMPLE}, not {part!r}")
    return int(hour), int(minute)


def _days(text: str, part: str) -> list[int]:
    first, dash, last = text.partition("-")
    last = last if dash else first
    if first not in _DAYS or last not in _DAYS:
        raise SettingsError(f"chatwoot: days are {', '.join(_DAYS)}, not {text!r} as in {part!r}")
    start, end = _DAYS.index(first), _DAYS.index(last)
    return [(start + step) % 7 for step in range((end - start) % 7 + 1)]


def zone(name: str) -> ZoneInfo:
    """The inbox's time zone; raises ``SettingsError`` with the nearest name."""
    return read_zone(name, "chatwoot: timezone")


def is_open(rows: Sequence[Mapping[str, Any]], zone_name: str, at: float) -> bool:
    """True within the working hours."""
    local = datetime.fromtimestamp(at, zone(zone_name))
    row = next((row for row in rows if row["day_of_week"] == (local.weekday() + 1) % 7), None)
    if row is None or row.get("closed_all_day"):
        return False
    if row.get("open_all_day"):
        return True
    minutes = local.hour * 60 + local.minute
    opens = int(row["open_hour"] or 0) * 60 + int(row["open_minutes"] or 0)
    closes = int(row["close_hour"] or 0) * 60 + int(row["close_minutes"] or 0)
    return opens <= minutes < closes


def is_out_of_office(inbox: Inbox, at: float) -> bool:
    """True if the inbox keeps hours and is closed."""
    return inbox.working_hours_enabled and not is_open(inbox.hours, inbox.timezone, at)


def can_reply(inbox: Inbox, talk: Conversation, now: float) -> bool:
    """True unless the inbox has a window for answers and the customer's last word is older."""
    if inbox.reply_window_h is None:
        return True
    last = next((each.at for each in reversed(talk.messages) if each.message_type == "incoming"), None)
    return last is not None and now - last < inbox.reply_window_h * 3600
