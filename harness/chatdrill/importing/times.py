"""Moments as exports write them, as Unix seconds."""

from __future__ import annotations

import datetime as dt

from chatdrill.errors import ExportError

_MS_FROM = 10**11
"""A number above it counts milliseconds: as seconds it would be after the year 5000."""


def unix(value: float | str | None) -> float:
    """Unix seconds of a number (seconds or milliseconds) or an ISO time, in UTC unless it says otherwise. Raises ``ExportError``."""
    try:
        if value is None:
            raise ValueError
        if isinstance(value, str) and not value.replace(".", "", 1).isdecimal():
            made = dt.datetime.fromisoformat(value.replace("Z", "+00:00").replace(" UTC", "+00:00"))
            return (made if made.tzinfo else made.replace(tzinfo=dt.UTC)).timestamp()
        number = float(value)
    except (ValueError, OverflowError) as error:
        raise ExportError(f"{value!r} is no time") from error
    return number / 1000 if number > _MS_FROM else number
