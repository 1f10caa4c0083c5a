"""How a dialog moves: before the operators, to one of them, and back. Calls and operators share these steps."""

from __future__ import annotations

from datetime import UTC, datetime

from chatdrill.model import (
    Accepted,
    Assigned,
    DeskEvent,
    StateChanged,
    SurveyAsked,
    TicketClosed,
    TicketReopened,
)
from chatdrill_fakes.desks.chat2desk import hooks
from chatdrill_fakes.desks.chat2desk.saying import Words, open_request, say
from chatdrill_fakes.desks.chat2desk.state import Chat2DeskState, Dialog


def open_dialog(state: Chat2DeskState, dialog: Dialog, now: float) -> list[DeskEvent]:
    """Put the dialog before the operators; nothing where it lies there already."""
    if dialog.is_open:
        return []
    events = open_request(state, dialog, now)
    dialog.is_open, dialog.surveyed, dialog.state, dialog.changed_at = True, False, "open", now
    if dialog.ended:
        events.append(TicketReopened(ticket=dialog.address))
    return [*events, StateChanged(ticket=dialog.address, state="open", word="open")]


def queue(state: Chat2DeskState, dialog: Dialog, now: float) -> list[DeskEvent]:
    """What the desk does by itself with a dialog that nobody has: the answer of a closed office, routing."""
    if dialog.owner != "queue" or dialog.assignee is not None:
        return []
    events = tell_away(state, dialog, now)
    agent = _least_busy(state, dialog.team) if state.on("auto_assign") else None
    return events if agent is None else events + assign(state, dialog, agent, now, automatic=True)


def _least_busy(state: Chat2DeskState, team: str | None) -> str | None:
    free = [
        key
        for key, seat in state.seats.items()
        if seat.presence == "online" and team in (None, seat.agent.team) and state.load_of(key) < state.capacity_of(key)
    ]
    return min(free, key=state.load_of, default=None)


def assign(
    state: Chat2DeskState, dialog: Dialog, agent: str | None, now: float, *, automatic: bool = False
) -> list[DeskEvent]:
    """Give an open dialog to an operator, or to nobody. ``dialog_transferred`` looks the same whoever did it."""
    if dialog.assignee == agent and (dialog.confirmed or automatic or agent is None):
        return []
    was_theirs = dialog.assignee == agent
    dialog.assignee, dialog.confirmed, dialog.changed_at = agent, agent is not None and not automatic, now
    if was_theirs:
        return []
    hooks.tell_dialog(state, "dialog_transferred", dialog, now, agent)
    return [Assigned(ticket=dialog.address, agent=agent, team=dialog.team, automatic=automatic)]


def send_to_team(state: Chat2DeskState, dialog: Dialog, team: str, now: float) -> list[DeskEvent]:
    """Put an open dialog into the queue of a group."""
    dialog.team, dialog.assignee, dialog.confirmed, dialog.changed_at = team, None, False, now
    hooks.tell_dialog(state, "dialog_transferred", dialog, now, None)
    return [Assigned(ticket=dialog.address, team=team), *queue(state, dialog, now)]


def take(state: Chat2DeskState, dialog: Dialog, agent: str, now: float) -> list[DeskEvent]:
    """An operator has the dialog for certain now."""
    events = open_dialog(state, dialog, now) + assign(state, dialog, agent, now)
    dialog.confirmed = True
    return [*events, Accepted(ticket=dialog.address, agent=agent)]


def close_dialog(state: Chat2DeskState, dialog: Dialog, now: float) -> list[DeskEvent]:
    """Take the dialog away from the operators; the request stays as it is."""
    if not dialog.is_open:
        return []
    agent = dialog.assignee
    dialog.is_open, dialog.assignee, dialog.confirmed, dialog.team = False, None, False, None
    dialog.ended, dialog.ended_at, dialog.changed_at, dialog.state = True, now, now, "solved"
    hooks.tell_dialog(state, "close_dialog", dialog, now, agent)
    ticket = dialog.address
    return [StateChanged(ticket=ticket, state="solved", word="closed"), TicketClosed(ticket=ticket)]


def close_request(state: Chat2DeskState, dialog: Dialog, now: float) -> list[DeskEvent]:
    """End the case, and the operators' part with it; the survey follows if people had a part in it."""
    agent = dialog.assignee
    if dialog.request is not None and dialog.request.open:
        hooks.tell_request(state, "close_request", dialog, now, agent)
        dialog.request.open = False
    if dialog.is_open:
        return close_dialog(state, dialog, now) + _survey(state, dialog, agent, now)
    dialog.state = "solved"
    return [StateChanged(ticket=dialog.address, state="solved", word="close_request")]


def _survey(state: Chat2DeskState, dialog: Dialog, agent: str | None, now: float) -> list[DeskEvent]:
    if not state.settings["survey"]:
        return []
    dialog.surveyed, dialog.rates = True, agent
    _, events = say(state, dialog, "autoreply", Words(state.settings["survey"]), now)
    return [SurveyAsked(ticket=dialog.address), *events]


def tell_away(state: Chat2DeskState, dialog: Dialog, now: float) -> list[DeskEvent]:
    """The answer of a closed office, once in a request."""
    text, request = state.settings["away_message"], dialog.request
    if not text or request is None or request.away_told or works(state, now):
        return []
    request.away_told = True
    return say(state, dialog, "autoreply", Words(text), now)[1]


def works(state: Chat2DeskState, now: float) -> bool:
    """True inside the office hours (UTC, every day)."""
    first, _, last = state.settings["office_hours"].partition("-")
    if not last:
        return True
    hour = datetime.fromtimestamp(now, UTC).hour
    return int(first) <= hour < int(last)
