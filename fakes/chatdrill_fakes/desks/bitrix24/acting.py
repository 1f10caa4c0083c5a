"""What agents do in the portal's chat window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    Accept,
    AgentAct,
    AgentTyped,
    AgentTyping,
    Close,
    Decline,
    DeleteReply,
    DeskEvent,
    EditReply,
    Elapse,
    Entry,
    Media,
    Note,
    PresenceChanged,
    Reopen,
    Reply,
    SetPresence,
    TakeOver,
    Text,
    Transfer,
)
from chatdrill_fakes.desks.bitrix24 import chatting, lines, sessions
from chatdrill_fakes.desks.bitrix24.calls import Scene
from chatdrill_fakes.desks.bitrix24.declared import CAPABILITIES
from chatdrill_fakes.desks.bitrix24.elapsing import elapse
from chatdrill_fakes.desks.bitrix24.state import Bitrix24State, Dialog


def act(state: Bitrix24State, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
    """See ``Desk.act``."""
    scene = Scene(state, now)
    name = str(act.__struct_config__.tag)
    if name not in CAPABILITIES.acts:
        raise Unsupported(f"bitrix24: agents cannot {name}: {CAPABILITIES.lacks[name]}")
    if isinstance(act, SetPresence):
        _presence(scene, act)
        return scene.events
    dialog = state.tickets.get(ticket)
    if dialog is None:
        raise UsageError(f"bitrix24: there is no chat {ticket!r}")
    if isinstance(act, Elapse):
        elapse(scene, dialog, act)
        return scene.events
    if act.agent not in state.seats:
        raise UsageError(f"bitrix24: {act.agent!r} has no account")
    scene.user = state.seats[act.agent].id
    _ACTS[type(act)](scene, dialog, act)
    return scene.events


def _presence(scene: Scene, act: SetPresence) -> None:
    seat = scene.state.seats.get(act.agent)
    if seat is None:
        raise UsageError(f"bitrix24: {act.agent!r} has no account")
    seat.presence = act.presence
    scene.events.append(PresenceChanged(agent=act.agent, presence=act.presence))
    sessions.offer_waiting(scene)


def _open(dialog: Dialog, doing: str) -> None:
    if dialog.is_over:
        raise UsageError(f"bitrix24: nothing to {doing}: the session of chat {dialog.address} is closed")


def _accept(scene: Scene, dialog: Dialog, act: Accept) -> None:
    _open(dialog, "accept")
    if dialog.bot is not None:
        raise UsageError(f"bitrix24: nothing to accept: a bot has chat {dialog.address}; take it over")
    if dialog.assignee is not None:
        raise UsageError(f"bitrix24: nothing to accept: {dialog.assignee!r} has chat {dialog.address} already")
    sessions.accept(scene, dialog, act.agent)


def _decline(scene: Scene, dialog: Dialog, act: Decline) -> None:
    _open(dialog, "decline")
    if dialog.bot is not None or (dialog.assignee or dialog.offered or act.agent) != act.agent:
        raise UsageError(f"bitrix24: chat {dialog.address} was not offered to {act.agent!r}")
    sessions.skip(scene, dialog, act.agent)


def _take_over(scene: Scene, dialog: Dialog, act: TakeOver) -> None:
    if dialog.is_over:
        sessions.start(scene, dialog)
    if dialog.assignee != act.agent:
        sessions.accept(scene, dialog, act.agent)


def _reply(scene: Scene, dialog: Dialog, act: Reply) -> None:
    for part in act.parts:
        if not isinstance(part, Text | Media):
            raise Unsupported(f"bitrix24: {part.__struct_config__.tag}: {CAPABILITIES.lacks['parts']}")
    if act.reply_to is not None and chatting.entry_of(dialog, act.reply_to) is None:
        raise UsageError(f"bitrix24: chat {dialog.address} has no message {act.reply_to!r} to quote")
    _come_in(scene, dialog, act.agent)
    for part in act.parts:
        if isinstance(part, Text):
            _write(scene, dialog, act, part.text)
        elif isinstance(part, Media):
            _write(scene, dialog, act, part.caption.text if part.caption else "", files=(part.file,))


def _come_in(scene: Scene, dialog: Dialog, agent: str) -> None:
    """Who writes into a dialog that waits, or that a bot has, takes it; beside a colleague one only joins."""
    if dialog.is_over:
        sessions.start(scene, dialog)
    if dialog.assignee is None:
        sessions.accept(scene, dialog, agent)
    dialog.joined.add(agent)


def _write(scene: Scene, dialog: Dialog, act: Reply, text: str, **about: Any) -> None:
    seat = scene.state.seats[act.agent]
    chatting.add(
        scene,
        dialog,
        "agent",
        text,
        sender=int(seat.id),
        is_outward=True,
        reply_to=act.reply_to,
        said_by=seat.agent.name,
        **about,
    )


def _own(scene: Scene, dialog: Dialog, agent: str, entry_id: str) -> Entry:
    entry = chatting.entry_of(dialog, entry_id)
    if entry is None or entry.author != "agent" or dialog.senders[entry.id] != int(scene.state.seats[agent].id):
        raise UsageError(f"bitrix24: {entry_id!r} is no message of {agent!r} in chat {dialog.address}")
    return entry


def _edit(scene: Scene, dialog: Dialog, act: EditReply) -> None:
    chatting.change(scene, dialog, _own(scene, dialog, act.agent, act.entry_id), act.text)


def _delete(scene: Scene, dialog: Dialog, act: DeleteReply) -> None:
    chatting.remove(scene, dialog, _own(scene, dialog, act.agent, act.entry_id))


def _note(scene: Scene, dialog: Dialog, act: Note) -> None:
    """Words in the silent mode: they go to no customer and to no application."""
    seat = scene.state.seats[act.agent]
    about: dict[str, Any] = {"sender": int(seat.id), "is_public": False, "said_by": seat.agent.name}
    chatting.add(scene, dialog, "agent", act.text, **about)


def _typing(scene: Scene, dialog: Dialog, act: AgentTyping) -> None:
    scene.events.append(AgentTyped(ticket=dialog.address, agent=act.agent))


def _transfer(scene: Scene, dialog: Dialog, act: Transfer) -> None:
    _open(dialog, "transfer")
    if act.to_agent is not None:
        if act.to_agent not in scene.state.seats:
            raise UsageError(f"bitrix24: {act.to_agent!r} has no account")
        sessions.to_agent(scene, dialog, act.to_agent)
        return
    line = lines.line_of_team(scene.state, act.to_team or "")
    if line is None:
        raise UsageError(f"bitrix24: no open line is called {act.to_team!r}")
    sessions.to_line(scene, dialog, line)


def _close(scene: Scene, dialog: Dialog, act: Close) -> None:  # noqa: ARG001
    _open(dialog, "close")
    sessions.finish(scene, dialog)


def _reopen(scene: Scene, dialog: Dialog, act: Reopen) -> None:
    """A session of the operator's own begins in the same chat."""
    if not dialog.is_over:
        raise UsageError(f"bitrix24: chat {dialog.address} has an open session")
    sessions.start(scene, dialog)
    sessions.accept(scene, dialog, act.agent)


_ACTS: dict[type, Callable[[Scene, Dialog, Any], None]] = {
    Accept: _accept,
    Decline: _decline,
    TakeOver: _take_over,
    Reply: _reply,
    EditReply: _edit,
    DeleteReply: _delete,
    Note: _note,
    AgentTyping: _typing,
    Transfer: _transfer,
    Close: _close,
    Reopen: _reopen,
}
