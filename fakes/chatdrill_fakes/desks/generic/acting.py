"""What agents do: each act moves the ticket as the file says, and tells the hooks that are on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    Accept,
    Accepted,
    AgentAct,
    AgentTyped,
    AgentTyping,
    Close,
    Decline,
    Declined,
    DeleteReply,
    DeskEvent,
    EditReply,
    Elapse,
    Entry,
    Media,
    Note,
    PresenceChanged,
    Rate,
    Rated,
    Release,
    Reopen,
    Reply,
    SetPresence,
    SetState,
    TakeOver,
    Text,
    Transfer,
    part_text,
)
from chatdrill_fakes.desks.generic.doing import Work, is_over
from chatdrill_fakes.desks.generic.spec import Spec
from chatdrill_fakes.desks.generic.state import GenericState, GenericTicket

_STATES = {"snoozed": "snooze", "pending": "snooze", "solved": "solve", "closed": "close", "open": "accept"}
_BY_MOVE = {
    "accept": "accept",
    "decline": "decline",
    "release": "release",
    "close": "close",
    "reopen": "reopen",
    "transfer": "transfer",
}
_BY_HOOK = {"edit_reply": "edited", "delete_reply": "deleted", "agent_typing": "typing"}


def acts_of(spec: Spec) -> tuple[frozenset[str], dict[str, str]]:
    """What agents can do at a declared desk, and for the rest why not."""
    can = {"reply", "note", "set_presence", "take_over", "set_state"}
    lacks = {"elapse": "a declared desk plans nothing by itself"}
    for act, move in _BY_MOVE.items():
        _sort(act, move in spec.moves, f"{spec.file} declares no status for moves.{move}", can, lacks)
    for act, on in _BY_HOOK.items():
        known = any(hooked.on == on for hooked in spec.hooks)
        _sort(act, known, f"{spec.file} declares no hook on {on!r}, so the bot would never hear of it", can, lacks)
    _sort("rate", spec.survey == "page", f"{spec.file} declares no survey: page", can, lacks)
    return frozenset(can), lacks


def _sort(act: str, can_it: bool, why: str, can: set[str], lacks: dict[str, str]) -> None:
    if can_it:
        can.add(act)
    else:
        lacks[act] = why


def act(state: GenericState, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
    """See ``Desk.act``."""
    tag = str(type(act).__struct_config__.tag)
    can, lacks = acts_of(state.spec)
    if tag not in can:
        raise Unsupported(f"generic: {lacks[tag]}")
    if act.agent not in state.seats and not isinstance(act, Rate | Elapse):
        raise UsageError(f"generic has no agent {act.agent!r}")
    if isinstance(act, SetPresence):
        state.seats[act.agent].presence = act.presence
        return [PresenceChanged(agent=act.agent, presence=act.presence)]
    found = state.tickets.get(ticket)
    if found is None:
        raise UsageError(f"generic has no ticket {ticket!r}")
    work = Work(state, now, act.agent or None)
    _ACTS[type(act)](work, found, act)
    return work.events


def _take(work: Work, ticket: GenericTicket, move: str, agent: str) -> None:
    work.move(ticket, move)
    if ticket.assignee != agent:
        work.assign(ticket, agent)
        work.tell("assigned", ticket)
    work.events.append(Accepted(ticket=ticket.address, agent=agent))
    work.tell("accepted", ticket)


def _must_be_on(ticket: GenericTicket) -> None:
    if is_over(ticket):
        raise UsageError(f"generic: ticket {ticket.address} is {ticket.status}")


def _accept(work: Work, ticket: GenericTicket, act: Accept) -> None:
    owner = work.state.owner_of(ticket)
    own = owner == "agent" and ticket.assignee in (None, act.agent)
    if owner != "queue" and not own:
        raise UsageError(f"generic: there is nothing to accept in ticket {ticket.address}: it is {ticket.status}")
    _take(work, ticket, "accept", act.agent)


def _take_over(work: Work, ticket: GenericTicket, act: TakeOver) -> None:
    _must_be_on(ticket)
    _take(work, ticket, "take_over" if "take_over" in work.state.spec.moves else "accept", act.agent)


def _decline(work: Work, ticket: GenericTicket, act: Decline) -> None:
    if work.state.owner_of(ticket) != "queue" and ticket.assignee != act.agent:
        raise UsageError(f"generic: ticket {ticket.address} was not offered to {act.agent}")
    work.events.append(Declined(ticket=ticket.address, agent=act.agent))
    work.move(ticket, "decline")
    work.tell("declined", ticket)


def _transfer(work: Work, ticket: GenericTicket, act: Transfer) -> None:
    _must_be_on(ticket)
    if act.to_agent is not None:
        if act.to_agent not in work.state.seats:
            raise UsageError(f"generic has no agent {act.to_agent!r}")
        work.move(ticket, "accept")
        work.assign(ticket, act.to_agent)
        work.tell("assigned", ticket, agent=act.to_agent)
        return
    ticket.team = act.to_team
    work.move(ticket, "transfer")
    work.tell("assigned", ticket)


def _set_state(work: Work, ticket: GenericTicket, act: SetState) -> None:
    move = _STATES.get(act.state)
    if move is None:
        raise Unsupported(f"generic: no agent makes a ticket {act.state!r}; say release to give it back to the bot")
    if move == "close":
        work.close(ticket)
    else:
        work.move(ticket, move)


def _close(work: Work, ticket: GenericTicket, act: Close) -> None:  # noqa: ARG001
    _must_be_on(ticket)
    work.close(ticket)


def _release(work: Work, ticket: GenericTicket, act: Release) -> None:  # noqa: ARG001
    _must_be_on(ticket)
    work.move(ticket, "release")
    work.tell("released", ticket)


def _reopen(work: Work, ticket: GenericTicket, act: Reopen) -> None:  # noqa: ARG001
    if not is_over(ticket):
        raise UsageError(f"generic: ticket {ticket.address} is {ticket.status}, not over")
    work.reopen(ticket)


# ---------------------------------------------------------------------------------------------------- speaking


def _entry(work: Work, text: str, *, public: bool = True, **more: Any) -> Entry:
    seat = work.state.seats[work.agent or ""]
    id = work.state.new_id("message")[1]
    return Entry(id=id, author="agent", at=work.now, text=text, public=public, said_by=seat.agent.name, **more)


def _reply(work: Work, ticket: GenericTicket, act: Reply) -> None:
    _must_be_on(ticket)
    for part in act.parts:
        if not isinstance(part, Text | Media):
            raise Unsupported(f"an agent of a declared desk writes text and attaches files, no {type(part).__name__}")
    if "reply" in work.state.spec.moves and work.state.owner_of(ticket) != "agent":
        work.move(ticket, "reply")
        work.assign(ticket, act.agent)
    text = "\n".join(filter(None, map(part_text, act.parts)))
    files = tuple(part.file for part in act.parts if isinstance(part, Media))
    work.add(ticket, _entry(work, text, files=files, reply_to=act.reply_to))


def _note(work: Work, ticket: GenericTicket, act: Note) -> None:
    work.add(ticket, _entry(work, act.text, public=False))


def _own(ticket: GenericTicket, id: str) -> Entry:
    entry = ticket.entry(id)
    if entry is None or entry.author != "agent":
        raise UsageError(f"generic: no agent has written a message {id!r} in ticket {ticket.address}")
    return entry


def _edit(work: Work, ticket: GenericTicket, act: EditReply) -> None:
    work.rewrite(ticket, _own(ticket, act.entry_id), act.text, deleted=False)


def _delete(work: Work, ticket: GenericTicket, act: DeleteReply) -> None:
    work.rewrite(ticket, _own(ticket, act.entry_id), "", deleted=True)


def _typing(work: Work, ticket: GenericTicket, act: AgentTyping) -> None:
    work.events.append(AgentTyped(ticket=ticket.address, agent=act.agent))
    work.tell("typing", ticket)


def _rate(work: Work, ticket: GenericTicket, act: Rate) -> None:
    if not is_over(ticket):
        raise UsageError(f"generic: ticket {ticket.address} is {ticket.status}; its survey comes when it is over")
    told = Rated(
        ticket=ticket.address, score=act.score, word=str(act.score), agent=_wrote(work, ticket), comment=act.comment
    )
    work.events.append(told)


def _wrote(work: Work, ticket: GenericTicket) -> str | None:
    names = {seat.agent.name: key for key, seat in work.state.seats.items()}
    wrote = [entry.said_by or "" for entry in reversed(ticket.entries) if entry.author == "agent"]
    return next((names[name] for name in wrote if name in names), None)


_ACTS: dict[type, Callable[[Work, GenericTicket, Any], None]] = {
    Accept: _accept,
    TakeOver: _take_over,
    Decline: _decline,
    Transfer: _transfer,
    SetState: _set_state,
    Close: _close,
    Release: _release,
    Reopen: _reopen,
    Reply: _reply,
    Note: _note,
    EditReply: _edit,
    DeleteReply: _delete,
    AgentTyping: _typing,
    Rate: _rate,
}
