"""Omnichannel routing: a ticket goes to the online agent of its group who has the most room left.

Source: Zendesk, About omnichannel routing (2025): capacity bounds automatic assignment only.
"""

from __future__ import annotations

from chatdrill.wire import Seat
from chatdrill_fakes.desks.zendesk.changing import assign
from chatdrill_fakes.desks.zendesk.scene import Scene, begin, finish
from chatdrill_fakes.desks.zendesk.state import ENDED, ZendeskState


def load(state: ZendeskState, agent: str) -> int:
    """How many conversations and tickets an agent works on."""
    return sum(ticket.assignee == agent and ticket.state not in ENDED for ticket in state.tickets.values())


def free_agent(state: ZendeskState, group_id: int | None) -> Seat | None:
    """Who gets the next one: online, in the group, with room; the emptiest first."""
    seats = [seat for seat in state.seats.values() if seat.presence == "online" and _is_in(state, seat, group_id)]
    room = [(seat.agent.capacity - load(state, seat.agent.key), -place, seat) for place, seat in enumerate(seats)]
    found = max((each for each in room if each[0] > 0), default=None, key=lambda each: each[:2])
    return None if found is None else found[2]


def _is_in(state: ZendeskState, seat: Seat, group_id: int | None) -> bool:
    return group_id is None or group_id in state.people[int(seat.id)].group_ids


def route(scene: Scene) -> None:
    """Assign a ticket that nobody has, if the account routes and somebody is free."""
    record = scene.ticket.record
    if scene.state.settings["routing"] != "auto" or record is None or record.assignee_id or record.status in ENDED:
        return
    seat = free_agent(scene.state, record.group_id)
    if seat is None:
        return
    scene = Scene(scene.state, scene.ticket, scene.state.api_user, scene.now, "rule", True, scene.events, scene.later)
    step = begin(scene)
    assign(step, assignee_id=int(seat.id), group_id=record.group_id)
    finish(step)
