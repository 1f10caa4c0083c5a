"""What agents do, and what the bot is told of it."""

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
    DeskEvent,
    Elapse,
    Entry,
    Note,
    PresenceChanged,
    Release,
    Reopen,
    Reply,
    SetPresence,
    SetState,
    TakeOver,
    TicketReopened,
    TicketState,
    Transfer,
)
from chatdrill_fakes.desks.amocrm import hooks, landing, records, shapes, work
from chatdrill_fakes.desks.amocrm.crm import notes
from chatdrill_fakes.desks.amocrm.declared import CAPABILITIES
from chatdrill_fakes.desks.amocrm.replying import reply
from chatdrill_fakes.desks.amocrm.scene import Scene
from chatdrill_fakes.desks.amocrm.state import FINAL, LOST, UNSORTED, WAITING, WON, WORKING, AmoState

TYPING_S = 5.0
_STAGES: dict[TicketState, int] = {"open": WORKING, "pending": WAITING, "solved": WON, "closed": LOST}


def act(state: AmoState, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
    """Let an agent do something. Raises ``Unsupported`` for what cannot be at amoCRM, ``UsageError`` for what cannot be now."""
    if act.agent and act.agent not in state.seats:
        raise UsageError(f"amocrm: {act.agent} has no account here")
    if isinstance(act, SetPresence):
        state.seats[act.agent].presence = act.presence
        return (PresenceChanged(agent=act.agent, presence=act.presence),)
    handler = _ACTS.get(type(act))
    if handler is None:
        raise _unsupported(str(type(act).__struct_config__.tag))
    known = state.tickets.get(ticket)
    if known is None:
        raise UsageError(f"amocrm: there is no ticket {ticket!r}")
    scene = Scene(state, known, now, state.user_id(act.agent) if act.agent else work.ROBOT)
    handler(scene, act)
    return scene.events


def _unsupported(name: str) -> Unsupported:
    return Unsupported(f"amocrm: {CAPABILITIES.lacks.get(name, f'agents cannot {name}')}")


# -------------------------------------------------------------------------------------------- taking and giving


def _accept(scene: Scene, act: Accept) -> None:
    ticket = scene.ticket
    if ticket.incoming is not None:
        work.accept(scene, scene.state.incoming[ticket.incoming], scene.by)
    elif ticket.waiting:
        _take(scene, act.agent)
    else:
        raise UsageError(f"amocrm: nobody has asked for a person in {ticket.address}")


def _decline(scene: Scene, act: Decline) -> None:
    ticket = scene.ticket
    if ticket.incoming is not None:
        work.decline(scene, scene.state.incoming[ticket.incoming], act.agent)
    elif ticket.waiting:
        scene.tell(Declined(ticket=ticket.address, agent=act.agent))
    else:
        raise UsageError(f"amocrm: there is nothing to decline in {ticket.address}")


def _take_over(scene: Scene, act: TakeOver) -> None:
    if scene.ticket.incoming is not None:
        _accept(scene, Accept(agent=act.agent))
        return
    if not scene.lead_is_open:
        _make_lead(scene)
    _take(scene, act.agent)


def _make_lead(scene: Scene) -> None:
    """An agent makes a lead out of a chat that nobody works on."""
    state, ticket = scene.state, scene.ticket
    contacts = [] if ticket.contact is None else [int(ticket.contact)]
    given = {"name": "Lead from a chat", "responsible_user_id": scene.by}
    lead = records.new_lead(state, given, by=scene.by, now=scene.now, status=WORKING, contacts=contacts)
    ticket.lead = lead["id"]
    scene.hook("add_lead", "leads", "add", shapes.lead(state, lead))


def _take(scene: Scene, agent: str) -> None:
    scene.tell(Accepted(ticket=scene.ticket.address, agent=agent))
    work.make_responsible(scene, scene.by)
    work.join_talk(scene)
    lead = scene.state.lead_of(scene.ticket)
    if lead is not None and lead["status_id"] != UNSORTED:
        scene.stage(lead["status_id"])


def _transfer(scene: Scene, act: Transfer) -> None:
    if act.to_agent is None:
        raise _unsupported("transfer.team")
    if act.to_agent not in scene.state.seats:
        raise UsageError(f"amocrm: {act.to_agent} has no account here")
    if scene.ticket.assignee is None or not scene.lead_is_open:
        raise UsageError(f"amocrm: {scene.ticket.address} is nobody's; it has to be accepted before it is passed on")
    work.make_responsible(scene, scene.state.user_id(act.to_agent))


def _release(scene: Scene, act: Release) -> None:
    if scene.ticket.assignee is None:
        raise UsageError(f"amocrm: {act.agent} has nothing to give back in {scene.ticket.address}")
    work.make_responsible(scene, scene.state.bot_user)


# ------------------------------------------------------------------------------------------------------ status


def _set_state(scene: Scene, act: SetState) -> None:
    if act.state not in _STAGES:
        raise _unsupported(f"set_state.{act.state}")
    if scene.state.lead_of(scene.ticket) is None or scene.ticket.incoming is not None:
        raise UsageError(f"amocrm: {scene.ticket.address} has no lead in the pipeline; it has to be accepted first")
    work.move(scene, _STAGES[act.state])


def _close(scene: Scene, act: Close) -> None:  # noqa: ARG001
    if scene.ticket.chat is None and scene.lead_is_open:
        work.lose(scene)
    elif not work.close_talk(scene, force=False):
        raise UsageError(f"amocrm: {scene.ticket.address} has no open talk that could be closed")


def _reopen(scene: Scene, act: Reopen) -> None:
    lead, talk = scene.state.lead_of(scene.ticket), scene.ticket.talk
    is_over = lead is not None and lead["status_id"] in FINAL
    if not is_over and (talk is None or talk.in_work):
        raise UsageError(f"amocrm: {scene.ticket.address} is open")
    if talk is None or talk.in_work:
        scene.tell(TicketReopened(ticket=scene.ticket.address))
    if is_over:
        work.move(scene, WORKING)
    work.join_talk(scene)
    if lead is None or lead["is_deleted"]:
        _make_lead(scene)
    _take(scene, act.agent)


# ----------------------------------------------------------------------------------------------------- speaking


def _note(scene: Scene, act: Note) -> None:
    given = {"note_type": "common", "params": {"text": act.text}}
    note = notes.add_to_ticket(scene.state, scene.ticket, given, by=scene.by, now=scene.now)
    name = scene.state.seats[act.agent].agent.name
    scene.entry(
        Entry(
            id=str(note["id"]), author="agent", at=scene.now, text=act.text, public=False, kind="common", said_by=name
        )
    )
    group = note["entity_type"]
    scene.hook(f"note_{group.removesuffix('s')}", group, "note", shapes.note(scene.state, note, name))


def _typing(scene: Scene, act: AgentTyping) -> None:
    state, ticket = scene.state, scene.ticket
    scene.tell(AgentTyped(ticket=ticket.address, agent=act.agent))
    conversation = state.conversation_of(ticket)
    recently = ticket.typed_at is not None and scene.now - ticket.typed_at < TYPING_S
    if conversation is None or recently or not state.on("typing_hooks"):
        return
    ticket.typed_at = scene.now
    about: dict[str, Any] = {
        "user": {"id": state.amojo_ids[act.agent]},
        "conversation": {"id": conversation.id},
        "expired_at": int(scene.now + TYPING_S),
    }
    if conversation.client_id is not None:
        about["conversation"]["client_id"] = conversation.client_id
    id = f"typing:{conversation.id}:{state.next_id()}"
    hooks.tell_channel(state, "typing", id, {"action": {"typing": about}}, to=ticket.address, now=scene.now)


# --------------------------------------------------------------------------------------------------- by itself


def _elapse(scene: Scene, act: Elapse) -> None:
    handler = _ELAPSED.get(act.what)
    if handler is None:
        raise Unsupported(f"amocrm: nothing is planned by the name {act.what!r}; known: {', '.join(_ELAPSED)}")
    handler(scene, act)


def _message_is_due(scene: Scene, act: Elapse) -> None:
    arrival = scene.state.pending.pop(str(act.data.get("id")), None)
    if arrival is not None:
        scene.events.extend(landing.land(scene.state, scene.ticket, arrival, scene.now))


def _missed(scene: Scene, act: Elapse) -> None:  # noqa: ARG001
    talk = scene.ticket.talk
    if talk is not None and talk.in_work and not talk.is_read and talk.missed_at is None:
        talk.missed_at = scene.now
        work.touch_talk(scene)


def _nps_is_over(scene: Scene, act: Elapse) -> None:  # noqa: ARG001
    if scene.ticket.talk is not None and scene.ticket.talk.closing:
        work.finish_talk(scene)


_ELAPSED: dict[str, Callable[[Scene, Elapse], None]] = {
    "message": _message_is_due,
    "missed": _missed,
    "nps": _nps_is_over,
}
_ACTS: dict[type, Callable[[Scene, Any], None]] = {
    Accept: _accept,
    Decline: _decline,
    TakeOver: _take_over,
    Reply: reply,
    Note: _note,
    AgentTyping: _typing,
    Transfer: _transfer,
    SetState: _set_state,
    Close: _close,
    Release: _release,
    Reopen: _reopen,
    Elapse: _elapse,
}
