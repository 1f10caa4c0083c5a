"""The people behind the bot: are they there, and if not, when?"""

from __future__ import annotations

import datetime as dt

from ..hours import WEEKDAYS
from ..turn import Turn

NOTES_MAX, NOTE_MAX = 5, 300
_A_WEEK = 7


def is_open(turn: Turn) -> bool:
    opens = turn.policy.desk.next_open(turn.now)
    return opens is None or opens <= turn.now


def announce_hours(turn: Turn) -> None:
    """While the desk is closed: who asks for a person hears when there will be one, once until it opens."""
    opens = turn.policy.desk.next_open(turn.now)
    if opens is None or opens <= turn.now:
        return
    state = turn.state
    state.waiting, state.note = True, []
    if turn.policy.staffed or state.closed_until != opens:
        state.closed_until = opens
        turn.say("closed", when=when(turn, opens))


def when(turn: Turn, at: float) -> str:
    """ "tomorrow at 9:00", "on Monday at 9:00", "on 07.01 at 9:00": as near as the day is."""
    desk = turn.policy.desk
    day = desk.day(at)
    ahead = (day - desk.day(turn.now)).days
    return turn.words(f"when.{_name(day, ahead)}", time=desk.clock(at), date=f"{day.day:02}.{day.month:02}")


def _name(day: dt.date, ahead: int) -> str:
    if ahead < _A_WEEK:
        return {0: "today", 1: "tomorrow"}.get(ahead, WEEKDAYS[day.weekday()])
    return "date"


def take_note(turn: Turn) -> None:
    """What a customer writes before somebody comes is not lost."""
    state, words = turn.state, " ".join(turn.heard.text.split())
    if state.waiting and words and len(state.note) < NOTES_MAX:
        state.note.append(words[:NOTE_MAX])


def announce(turn: Turn) -> None:
    """The desk has opened; who asked for a person meanwhile gets one now."""
    state = turn.state
    if turn.policy.staffed:
        state.with_person = True
    if state.with_person and state.note:
        turn.say("opened.note", note=" / ".join(state.note))
    elif state.with_person:
        turn.say("opened")


def still_waits(turn: Turn) -> None:
    """Nobody has come yet."""
    turn.state.wait_told = True
    turn.say("person.wait")
    turn.offer("bot:back")


def come_back(turn: Turn) -> None:
    """The agent has closed the conversation: the bot is in charge again, and asks how that was."""
    state = turn.state
    state.with_person, state.accepted = False, False
    state.rated_ticket, state.ticket = state.ticket, ""
    state.resolved_at = turn.now
    turn.say("person.closed")
