"""Working time: when a desk is open, and how long it was open between two moments. Pure; docs/reference/calendars.md."""

from __future__ import annotations

from chatdrill.calendars.calendar import Calendar
from chatdrill.calendars.reading import read_calendar, read_calendars
from chatdrill.calendars.zones import read_zone

__all__ = ["Calendar", "read_calendar", "read_calendars", "read_zone"]
