"""What operators do, in the window of theirs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    AgentAct,
    AgentTyped,
    DeskEvent,
    EntryDelivered,
    EntryFailed,
    Media,
    PresenceChanged,
    Text,
)
from chatdrill.model import desks as acts
from chatdrill_fakes.desks.chat2desk import hooks, moving
from chatdrill_fakes.desks.chat2desk.declared import LACKS
from chatdrill_fakes.desks.chat2desk.saying import Words, open_request, say
from chatdrill_fakes.desks.chat2desk.state import Chat2DeskState, Dialog

Events = list[DeskEvent]
DELIVERY_STATUSES = ("sent", "delivered", "read", "failed")


def act(state: Chat2DeskState, ticket: str, done: AgentAct, now: float) -> Sequence[DeskEvent]:
    """See ``Desk.act``."""
    if isinstance(done, acts.SetPresence):
        return _presence(state, done)
    dialog = state.tickets.get(ticket)
    if dialog is None:
        raise UsageError(f"chat2desk has no dialog {ticket!r}")
    if done.agent and done.agent not in state.seats:
        raise UsageError(f"chat2desk has no operator {done.agent!r}")
    handler = _ACTS.get(type(done))
    if handler is None:
        word = done.__struct_config__.tag
        raise Unsupported(f"an operator cannot {str(word).replace('_', ' ')} here: {LACKS[str(word)]}")
    return handler(state, dialog, done, now)


def _presence(state: Chat2DeskState, done: acts.SetPresence) -> Events:
    if done.agent not in state.seats:
        raise UsageError(f"chat2desk has no operator {done.agent!r}")
    state.seats[done.agent].presence = done.presence
    return [PresenceChanged(agent=done.agent, presence=done.presence)]


def _accept(state: Chat2DeskState, dialog: Dialog, done: acts.Accept, now: float) -> Events:
    if not dialog.is_open:
        raise UsageError(f"dialog {dialog.address} is closed: nothing to accept; an operator may take it over")
    if dialog.assignee not in (None, done.agent):
        raise UsageError(f"dialog {dialog.address} is {dialog.assignee}'s; they would have to transfer it")
    return moving.take(state, dialog, done.agent, now)


def _take_over(state: Chat2DeskState, dialog: Dialog, done: acts.TakeOver, now: float) -> Events:
    return moving.take(state, dialog, done.agent, now)


def _reply(state: Chat2DeskState, dialog: Dialog, done: acts.Reply, now: float) -> Events:
    """An answer takes a dialog that nobody has for certain."""
    words = _words(done)
    has_it = dialog.owner == "agent"
    events = [] if has_it else moving.take(state, dialog, done.agent, now)
    return events + say(state, dialog, "to_client", words, now, agent=done.agent)[1]


def _words(done: acts.Reply) -> Words:
    odd = [part for part in done.parts if not isinstance(part, Text | Media)]
    if odd:
        raise Unsupported(f"{LACKS['parts']}, no {type(odd[0]).__name__.lower()}")
    captions = [part.caption if isinstance(part, Media) else part for part in done.parts]
    text = "\n".join(words.text for words in captions if isinstance(words, Text) and words.text)
    return Words(text, tuple(part.file for part in done.parts if isinstance(part, Media)))


def _note(state: Chat2DeskState, dialog: Dialog, done: acts.Note, now: float) -> Events:
    begun = open_request(state, dialog, now) if dialog.request is None else []
    return begun + say(state, dialog, "comment", Words(done.text), now, agent=done.agent)[1]


def _typing(state: Chat2DeskState, dialog: Dialog, done: acts.AgentTyping, now: float) -> Events:  # noqa: ARG001
    return [AgentTyped(ticket=dialog.address, agent=done.agent)]


def _transfer(state: Chat2DeskState, dialog: Dialog, done: acts.Transfer, now: float) -> Events:
    if not dialog.is_open:
        raise UsageError(f"dialog {dialog.address} is closed: there is nothing to transfer")
    if done.to_agent is not None:
        if done.to_agent not in state.seats:
            raise UsageError(f"chat2desk has no operator {done.to_agent!r}")
        return moving.assign(state, dialog, done.to_agent, now)
    if done.to_team not in state.teams():
        raise UsageError(f"chat2desk has no group {done.to_team!r}; known: {', '.join(state.teams())}")
    return moving.send_to_team(state, dialog, done.to_team, now)


def _set_state(state: Chat2DeskState, dialog: Dialog, done: acts.SetState, now: float) -> Events:
    if done.state in LACKS:
        raise Unsupported(LACKS[done.state])
    if done.state in ("open", "new"):
        return moving.open_dialog(state, dialog, now) + moving.queue(state, dialog, now)
    return moving.close_request(state, dialog, now)


def _close(state: Chat2DeskState, dialog: Dialog, done: acts.Close, now: float) -> Events:  # noqa: ARG001
    return moving.close_request(state, dialog, now)


def _release(state: Chat2DeskState, dialog: Dialog, done: acts.Release, now: float) -> Events:  # noqa: ARG001
    return moving.close_dialog(state, dialog, now)


def _reopen(state: Chat2DeskState, dialog: Dialog, done: acts.Reopen, now: float) -> Events:
    if dialog.is_open:
        raise UsageError(f"dialog {dialog.address} is open")
    return moving.take(state, dialog, done.agent, now)


# ---------------------------------------------------------------------------------- what the desk does by itself


def _elapse(state: Chat2DeskState, dialog: Dialog, done: acts.Elapse, now: float) -> Events:
    handler = ELAPSES.get(done.what)
    if handler is None:
        raise Unsupported(f"chat2desk plans no {done.what!r}; known: {', '.join(ELAPSES)}")
    return handler(state, dialog, done.data, now)


def _route(state: Chat2DeskState, dialog: Dialog, data: dict[str, Any], now: float) -> Events:
    """``auto_assign``: routing gives the dialog to ``operator``."""
    agent = data.get("operator")
    if agent not in state.seats:
        raise UsageError(f"auto_assign needs data: {{operator: a known agent}}, not {agent!r}")
    return moving.assign(state, dialog, agent, now, automatic=True) if dialog.is_open else []


def _status(state: Chat2DeskState, dialog: Dialog, data: dict[str, Any], now: float) -> Events:
    """``outbox_status``: the channel says what became of a message (``message_id``, ``status``)."""
    message, status = state.messages.get(str(data.get("message_id"))), data.get("status", "delivered")
    if message is None or status not in DELIVERY_STATUSES:
        raise UsageError(f"outbox_status needs message_id and a status of {', '.join(DELIVERY_STATUSES)}")
    message.status = status
    told = {"message_id": int(message.id), "client_id": int(dialog.client.id), "status": status}
    hooks.tell(state, "outbox_status", {"data": told}, dialog.client, now)
    if status == "failed":
        return [EntryFailed(ticket=dialog.address, entry_id=message.id, reason="failed")]
    return [EntryDelivered(ticket=dialog.address, entry_id=message.id, status=status)]


def _blacklist(state: Chat2DeskState, dialog: Dialog, data: dict[str, Any], now: float) -> Events:  # noqa: ARG001
    """``blacklist``: a supervisor shuts the client out."""
    dialog.client.blacklisted = True
    hooks.tell_client(state, "client_added_to_blacklist", dialog.client, now)
    return []


ELAPSES: dict[str, Callable[[Chat2DeskState, Dialog, dict[str, Any], float], Events]] = {
    "auto_assign": _route,
    "outbox_status": _status,
    "blacklist": _blacklist,
}
_ACTS: dict[type, Callable[[Chat2DeskState, Dialog, Any, float], Events]] = {
    acts.Accept: _accept,
    acts.TakeOver: _take_over,
    acts.Reply: _reply,
    acts.Note: _note,
    acts.AgentTyping: _typing,
    acts.Transfer: _transfer,
    acts.SetState: _set_state,
    acts.Close: _close,
    acts.Release: _release,
    acts.Reopen: _reopen,
    acts.Elapse: _elapse,
}
