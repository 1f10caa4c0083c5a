"""Open lines: their settings, and whether somebody is there at a given time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo
from typing import Any
from zoneinfo import ZoneInfo

from chatdrill_fakes.desks.bitrix24 import values
from chatdrill_fakes.desks.bitrix24.state import Bitrix24State, Dialog, Line

_DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DEFAULTS: dict[str, Any] = {
    "ACTIVE": "Y",
    "LANGUAGE_ID": "en",
    "QUEUE_TYPE": "evenly",
    "QUEUE_TIME": 60,
    "CHECK_AVAILABLE": "N",
    "MAX_CHAT": 0,
    "TYPE_MAX_CHAT": "answered_new",
    "NO_ANSWER_TIME": 60,
    "NO_ANSWER_RULE": "none",
    "NO_ANSWER_TEXT": "",
    "WELCOME_MESSAGE": "N",
    "WELCOME_MESSAGE_TEXT": "",
    "SEND_WELCOME_EACH_SESSION": "N",
    "WELCOME_BOT_ENABLE": "N",
    "WELCOME_BOT_ID": 0,
    "WELCOME_BOT_JOIN": "always",
    "WELCOME_BOT_TIME": 0,
    "WELCOME_BOT_LEFT": "queue",
    "WORKTIME_ENABLE": "N",
    "WORKTIME_FROM": "9",
    "WORKTIME_TO": "18.30",
    "WORKTIME_TIMEZONE": "UTC",
    "WORKTIME_DAYOFF": [],
    "WORKTIME_HOLIDAYS": "",
    "WORKTIME_DAYOFF_RULE": "text",
    "WORKTIME_DAYOFF_TEXT": "We are away now and will answer when we are back.",
    "CRM": "Y",
    "CRM_CREATE": "none",
    "CRM_FORWARD": "Y",
    "CRM_TRANSFER_CHANGE": "Y",
    "CLOSE_RULE": "none",
    "CLOSE_TEXT": "",
    "FULL_CLOSE_TIME": 10,
    "AUTO_CLOSE_RULE": "none",
    "AUTO_CLOSE_TEXT": "",
    "AUTO_CLOSE_TIME": 0,
    "VOTE_MESSAGE": "N",
    "VOTE_TIME_LIMIT": 0,
    "VOTE_BEFORE_FINISH": "Y",
    "VOTE_CLOSING_DELAY": "N",
    "VOTE_MESSAGE_2_TEXT": "Please rate our service: send 1 if you are content, 0 if not.",
    "VOTE_MESSAGE_2_LIKE": "Thank you for your rating!",
    "VOTE_MESSAGE_2_DISLIKE": "We are sorry that we could not help you.",
    "OPERATOR_DATA": "profile",
}


def add_line(state: Bitrix24State, id: int, name: str) -> Line:
    """A new open line with the portal's settings."""
    line = Line(id, {**DEFAULTS, "LINE_NAME": name, "WORKTIME_DAYOFF": []})
    state.lines[id] = line
    return line


def new_id(state: Bitrix24State, team: str) -> int:
    """The id of a new line for a team; where several workers hold the portal, all of them draw the same."""
    chance = state.chance.common(f"line of {team}")
    return state.next("line") if chance is state.chance else int(chance.digits(6))


def line_of_team(state: Bitrix24State, team: str) -> Line | None:
    """The line whose queue a team is."""
    return next((line for line in state.lines.values() if line.name == team), None)


def is_open(line: Line, at: float) -> bool:
    """True within the line's working time; always, where it keeps none."""
    if not line.on("WORKTIME_ENABLE"):
        return True
    here = datetime.fromtimestamp(at, UTC).astimezone(_zone(values.text(line.config.get("WORKTIME_TIMEZONE"))))
    off = [values.text(day) for day in values.rows(line.config.get("WORKTIME_DAYOFF"))]
    holidays = values.text(line.config.get("WORKTIME_HOLIDAYS")).replace(" ", "").split(",")
    if _DAYS[here.weekday()] in off or f"{here:%d.%m}" in holidays:
        return False
    begin, end = (_of_day(line.config.get(f"WORKTIME_{edge}")) for edge in ("FROM", "TO"))
    return begin <= timedelta(hours=here.hour, minutes=here.minute, seconds=here.second) <= end


def _zone(name: str) -> tzinfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        return UTC  # a name that nobody knows keeps no line shut


def _of_day(value: Any) -> timedelta:
    """``9``, ``9.30`` and ``09:30``: the portal writes and takes several."""
    hours, _, minutes = values.text(value).replace(":", ".").partition(".")
    return timedelta(hours=values.number(hours), minutes=values.number(minutes))


def load(state: Bitrix24State, agent: str, line: Line) -> int:
    """How many dialogs count for ``MAX_CHAT``."""
    kind = line.config.get("TYPE_MAX_CHAT")

    def counts(dialog: Dialog) -> bool:
        if kind == "closed":
            return any(session.operator == agent and session.closed_at is None for session in dialog.sessions)
        return not dialog.is_over and (dialog.assignee == agent or (kind == "answered_new" and dialog.offered == agent))

    return sum(map(counts, state.dialogs()))


def free_agents(state: Bitrix24State, line: Line) -> list[str]:
    """The agents of a line's queue who could be asked, in the order in which they would be."""
    most = values.number(line.config.get("MAX_CHAT"))
    order = line.queue
    if line.config.get("QUEUE_TYPE") != "strictly" and order:
        turn = line.turn % len(order)
        order = [*order[turn:], *order[:turn]]
    return [
        agent
        for agent in order
        if (not line.on("CHECK_AVAILABLE") or state.seats[agent].presence == "online")
        and (most <= 0 or load(state, agent, line) < most)
    ]
