"""What the shop decided about time: when people are there, and after how long the bot does what by itself."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from .hours import Hours, read_holidays, read_hours
from .words import TASKS

T = TypeVar("T")

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 86_400


@dataclass(frozen=True, slots=True)
class Policy:
    """Seconds of real time; 0 switches the habit off."""

    desk: Hours  # when a person answers
    awake: Hours  # when the bot may speak unasked
    draft_s: Mapping[str, float]  # by form: how long an unfinished one is kept while the customer is silent
    remind_s: float  # after an unanswered question of the bot
    resolve_s: float  # after its last answer
    rating_s: float  # how long a rating is taken
    reopen_s: float  # how long a resolved conversation is the same one
    wait_s: float  # after which who waits for a person hears that nobody has come yet
    staffed: bool  # there is a helpdesk behind the bot
    window_s: float  # how long after the customer's last word Meta lets a bot write freely


DEFAULTS: dict[str, str] = {
    "SHOEBOT_ZONE": "Europe/Warsaw",
    "SHOEBOT_DESK_HOURS": "mon-fri 09:00-18:00, sat 10:00-14:00",
    "SHOEBOT_AWAKE_HOURS": "mon-sat 09:00-19:00",
    # Poland's; Easter Monday and Corpus Christi move.
    "SHOEBOT_HOLIDAYS": "01-01 01-06 05-01 05-03 08-15 11-01 11-11 12-24 12-25 12-26 "
    "2026-04-06 2026-06-04 2027-03-29 2027-05-27",
    "SHOEBOT_DRAFT_MINUTES": "status=60 fitting=30 return=4320",
    "SHOEBOT_REMIND_HOURS": "48",
    "SHOEBOT_RESOLVE_HOURS": "24",
    "SHOEBOT_RATING_HOURS": "72",
    "SHOEBOT_REOPEN_DAYS": "7",
    "SHOEBOT_WINDOW_HOURS": "24",
    "SHOEBOT_WAIT_SECONDS": "120",
}


def read_policy(env: Mapping[str, str]) -> Policy:
    """Raises `ValueError` that names the variable."""
    zone = _read(env, "SHOEBOT_ZONE", _zone)
    holidays = _read(env, "SHOEBOT_HOLIDAYS", read_holidays)
    return Policy(
        desk=_read(env, "SHOEBOT_DESK_HOURS", lambda words: read_hours(words, zone, holidays)),
        awake=_read(env, "SHOEBOT_AWAKE_HOURS", lambda words: read_hours(words, zone, holidays)),
        draft_s=_read(env, "SHOEBOT_DRAFT_MINUTES", _drafts),
        remind_s=_read(env, "SHOEBOT_REMIND_HOURS", _count) * HOUR_S,
        resolve_s=_read(env, "SHOEBOT_RESOLVE_HOURS", _count) * HOUR_S,
        rating_s=_read(env, "SHOEBOT_RATING_HOURS", _count) * HOUR_S,
        reopen_s=_read(env, "SHOEBOT_REOPEN_DAYS", _count) * DAY_S,
        wait_s=_read(env, "SHOEBOT_WAIT_SECONDS", _count),
        staffed=bool(env.get("SHOEBOT_DESK")),
        window_s=_read(env, "SHOEBOT_WINDOW_HOURS", _count) * HOUR_S,
    )


def _read(env: Mapping[str, str], key: str, read: Callable[[str], T]) -> T:
    try:
        return read(env[key])
    except ValueError as error:
        raise ValueError(f"{key}: {error}") from error


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError) as error:
        raise ValueError(f"no time zone is called {name!r}") from error


def _count(words: str) -> float:
    count = float(words)
    if not 0 <= count < math.inf:
        raise ValueError(f"time does not run backwards, nor for ever: {words}")
    return count


def _drafts(words: str) -> Mapping[str, float]:
    drafts = dict(_pair(pair) for pair in words.split())
    if unknown := set(drafts) - set(TASKS):
        raise ValueError(f"no form is called {min(unknown)!r}; known are {', '.join(TASKS)}")
    return drafts


def _pair(words: str) -> tuple[str, float]:
    form, _, minutes = words.partition("=")
    return form, _count(minutes) * MINUTE_S
