"""What is special about a conversation that is a ticket: its states and attributes."""

from __future__ import annotations

from typing import Any

from chatdrill.model import StateChanged
from chatdrill_fakes.desks.intercom import hooks
from chatdrill_fakes.desks.intercom.doing import Scene, add_part
from chatdrill_fakes.desks.intercom.state import NEUTRAL_CATEGORY, TicketFace


def set_category(scene: Scene, category: str) -> None:
    """Change the ticket's state; the same one again changes nothing."""
    face = scene.ticket.face
    assert face is not None
    was, face.category = face.category, category
    if was == category:
        return
    part = add_part(scene, "ticket_state_updated_by_admin", ticket_state=(was, category))
    _show_state(scene, category)
    hooks.tell_ticket(scene.state, scene.ticket, "ticket.state.updated", scene.at, part)
    if category == "resolved":
        hooks.tell_ticket(scene.state, scene.ticket, "ticket.resolved", scene.at)


def begin(scene: Scene, face: TicketFace) -> None:
    """Make a ticket of a conversation."""
    scene.ticket.face = face
    add_part(scene, "ticket_state_updated_by_admin", ticket_state=(face.category, face.category))
    _show_state(scene, face.category)
    hooks.tell_ticket(scene.state, scene.ticket, "ticket.created", scene.at)


def set_attributes(scene: Scene, values: dict[str, Any]) -> None:
    """Change attributes, and tell of it."""
    face = scene.ticket.face
    assert face is not None
    if values:
        face.attributes |= values
        part = add_part(scene, "ticket_attribute_updated_by_admin")
        hooks.tell_ticket(scene.state, scene.ticket, "ticket.attribute.updated", scene.at, part)


def _show_state(scene: Scene, category: str) -> None:
    scene.ticket.state = NEUTRAL_CATEGORY[category]
    scene.events.append(StateChanged(ticket=scene.ticket.address, state=scene.ticket.state, word=category))
