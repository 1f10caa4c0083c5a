"""Who has control of a conversation: the switchboard's state machine.

``pass`` makes the target active, ``offer`` makes it pending, ``accept`` lets the pending one take it, ``release`` leaves nobody.
The next message of the user then goes to the default. Source: Zendesk, Switchboard guide (2025).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.model import HandoffFailed, TicketClosed
from chatdrill_fakes.desks.zendesk import hooks, talking, transfers
from chatdrill_fakes.desks.zendesk.scene import Scene
from chatdrill_fakes.desks.zendesk.state import AGENT_WORKSPACE, Station, Talk, ZendeskState

Metadata = Mapping[str, Any]


def target(state: ZendeskState, talk: Talk, name: str) -> Station | None:
    """A switchboard integration by id, then name, then type; ``next`` is the one behind the active one."""
    active = state.stations.get(talk.active or "")
    if name == "next":
        return state.stations.get(active.next_id or "") if active is not None else None
    if name in state.stations:
        return state.stations[name]
    everyone = tuple(state.stations.values())
    named = (each for each in everyone if each.name == name)
    return next(named, None) or next((each for each in everyone if each.integration_type == name), None)


def has_agents(state: ZendeskState, talk: Talk) -> bool:
    """True while the agent workspace has control."""
    station = state.stations.get(talk.active or "")
    return station is not None and station.integration_type == AGENT_WORKSPACE


def default(state: ZendeskState) -> Station | None:
    """Who gets a conversation that nobody has."""
    board = state.switchboard
    return state.stations.get(board.default_id or "") if board is not None and board.enabled else None


def settle(state: ZendeskState, talk: Talk) -> None:
    """A message came while nobody had control: the default gets it."""
    station = default(state)
    if talk.active is None and station is not None:
        talk.active = station.id


# --------------------------------------------------------------------------------------------------- the actions


def pass_control(scene: Scene, name: str, metadata: Metadata, *, reason: str | None = None) -> str | None:
    """Give control to a target; returns what is wrong with it. The agent workspace makes a ticket of the conversation."""
    talk = _talk(scene)
    station = target(scene.state, talk, name)
    if station is None:
        return _failed(scene, "passControl", metadata, "switchboard_invalid_target", "Switchboard invalid target")
    had_agents, before = has_agents(scene.state, talk), talk.active
    talk.active, talk.pending = station.id, None
    if station.integration_type == AGENT_WORKSPACE:
        transfers.open_ticket(scene, metadata)
    _tell(scene, "passControl", metadata, (before, station.id), reason)
    if had_agents and station.integration_type != AGENT_WORKSPACE:
        scene.events.append(TicketClosed(ticket=scene.address))
    return None


def offer_control(scene: Scene, name: str, metadata: Metadata) -> str | None:
    """Offer control; an older offer is void."""
    talk = _talk(scene)
    station = target(scene.state, talk, name)
    if station is None:
        return _failed(scene, "offerControl", metadata, "switchboard_invalid_target", "Switchboard invalid target")
    if station.id == talk.active:
        text = "Cannot offer control to the active switchboard integration."
        return _failed(scene, "offerControl", metadata, "switchboard_invalid_target", text)
    talk.pending = station.id
    _tell(scene, "offerControl", metadata, (talk.active, station.id))
    if station.integration_type == AGENT_WORKSPACE:  # it takes whatever it is offered
        accept_control(scene, {})
        transfers.open_ticket(scene, metadata)
    return None


def accept_control(scene: Scene, metadata: Metadata) -> str | None:
    """The pending one takes control."""
    talk = _talk(scene)
    if talk.pending is None:
        text = "There is no pendingSwitchboardIntegration"
        return _failed(scene, "acceptControl", metadata, "switchboard_invalid_action", text)
    had_agents, before = has_agents(scene.state, talk), talk.active
    talk.active, talk.pending = talk.pending, None
    _tell(scene, "acceptControl", metadata, (before, talk.active))
    if had_agents and not has_agents(scene.state, talk):
        scene.events.append(TicketClosed(ticket=scene.address))
    return None


def release_control(scene: Scene, metadata: Metadata, *, reason: str | None = None) -> None:
    """Nobody has control."""
    talk = _talk(scene)
    had_agents, involved = has_agents(scene.state, talk), (talk.active, talk.pending, _id(default(scene.state)))
    talk.active = talk.pending = None
    _tell(scene, "releaseControl", metadata, involved, reason)
    if had_agents:
        scene.events.append(TicketClosed(ticket=scene.address))


def hand_back(scene: Scene, reason: str) -> None:
    """The agent workspace gives control back, with a line in the conversation that says why."""
    talk = _talk(scene)
    if not has_agents(scene.state, talk):
        return
    talking.say_activity(scene, "ticket:closed" if reason == "ticketClosed" else "ticket:transfer:email")
    if reason == "transferToEmail" and scene.ticket.record is not None:
        scene.ticket.record.moved = True
    release_control(scene, {}, reason=reason)


# -------------------------------------------------------------------------------------------------------- telling


def _tell(
    scene: Scene, action: str, metadata: Metadata, involved: tuple[str | None, ...], reason: str | None = None
) -> None:
    talk = _talk(scene)
    payload: dict[str, Any] = {"conversation": talking.truncated(scene.state, talk)}
    if metadata:
        payload["metadata"] = dict(metadata)
    if reason is not None:
        payload["reason"] = reason
    receiver = scene.state.stations.get(talk.pending or talk.active or "")
    if action in ("passControl", "offerControl", "acceptControl") and receiver is not None and receiver.history:
        recent = talk.messages[-receiver.history :]
        history = [talking.hooked(scene.state, message, full=False) for message in recent]
        payload["messageHistory"] = history
    hooks.tell_sunco(scene.state, scene.ticket, f"switchboard:{action}", _same(payload), scene.now, involved=involved)


def _failed(scene: Scene, action: str, metadata: Metadata, code: str, message: str) -> str:
    talk = _talk(scene)
    error = {"code": code, "message": message}
    payload: dict[str, Any] = {"conversation": talking.truncated(scene.state, talk), "error": error}
    if metadata:
        payload["metadata"] = dict(metadata)
    hooks.tell_sunco(scene.state, scene.ticket, f"switchboard:{action}:failure", _same(payload), scene.now)
    if action != "acceptControl":
        scene.events.append(HandoffFailed(ticket=scene.address, reason=f"{code}: {message}"))
    return f"{code}: {message}"


def _same(payload: dict[str, Any]) -> Callable[[bool], dict[str, Any]]:
    return lambda full: payload  # noqa: ARG005  switchboard events have no user


def _talk(scene: Scene) -> Talk:
    if scene.ticket.talk is None:
        raise LookupError(f"{scene.address} is no conversation")
    return scene.ticket.talk


def _id(station: Station | None) -> str | None:
    return None if station is None else station.id
