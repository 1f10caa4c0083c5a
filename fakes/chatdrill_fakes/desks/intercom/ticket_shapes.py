"""JSON of tickets, their types and states. Source: Intercom's OpenAPI description 2.14 (MIT)."""

from __future__ import annotations

from typing import Any

from chatdrill_fakes.desks.intercom import shapes
from chatdrill_fakes.desks.intercom.state import IntercomState, IntercomTicket, Part

Json = dict[str, Any]

CATEGORIES: dict[str, tuple[int, str, str]] = {
    "submitted": (8481, "Submitted", "Submitted"),
    "in_progress": (8482, "In progress", "In progress"),
    "waiting_on_customer": (8483, "Waiting on customer", "Waiting on you"),
    "resolved": (8484, "Resolved", "Resolved"),
}
"""Id, internal and external label of the states that every workspace begins with; the ids are chatdrill's."""
_ATTRIBUTES = (("196", "_default_title_", False), ("197", "_default_description_", True))


def state_of(category: str) -> Json:
    """A ticket state."""
    id, internal, external = CATEGORIES[category]
    return {
        "type": "ticket_state",
        "id": str(id),
        "category": category,
        "internal_label": internal,
        "external_label": external,
    }


def category_of(state_id: object) -> str | None:
    """The category of a state's id."""
    return next((name for name, (id, _, _) in CATEGORIES.items() if str(id) == str(state_id)), None)


def type_category(state: IntercomState, type_id: object) -> str | None:
    """``Customer`` or ``Back-office``, or ``None`` for an id that no type has."""
    known = {state.settings["ticket_type_id"]: "Customer", state.settings["back_office_type_id"]: "Back-office"}
    return known.get(str(type_id))


def ticket_type(state: IntercomState, type_id: str, *, states: bool = False) -> Json:
    """A ticket type."""
    made = int(state.opened_at)
    shared = {"workspace_id": state.settings["app_id"], "archived": False, "created_at": made, "updated_at": made}
    customer = type_category(state, type_id) == "Customer"
    found: Json = {
        "type": "ticket_type",
        "id": type_id,
        "name": "Customer request" if customer else "Back-office task",
        "description": "",
        "icon": "🎟️",
        **shared,
        "is_internal": not customer,
        "ticket_type_attributes": {
            "type": "list",
            "data": [_attribute(*each, type_id) | shared for each in _ATTRIBUTES],
        },
        "category": type_category(state, type_id),
    }
    if states:
        found["ticket_states"] = {"type": "list", "data": [state_of(category) for category in CATEGORIES]}
    return found


def _attribute(id: str, name: str, multiline: bool, type_id: str) -> Json:
    return {
        "type": "ticket_type_attribute",
        "id": id,
        "name": name,
        "description": "",
        "data_type": "string",
        "input_options": {"multiline": multiline},
        "order": int(multiline),
        "required_to_create": False,
        "required_to_create_for_contacts": False,
        "visible_on_create": True,
        "visible_to_contacts": True,
        "default": True,
        "ticket_type_id": int(type_id) if type_id.isdigit() else type_id,
    }


def ticket_part(state: IntercomState, one: Part, *, plain: bool = False, base_url: str = "") -> Json:
    """A part of a ticket: what it does not have is left out."""
    full = shapes.part(state, one, plain=plain, base_url=base_url)
    kept = ("id", "part_type", "created_at", "updated_at", "author", "attachments", "redacted", "external_id")
    shown: Json = {"type": "ticket_part", **{name: full[name] for name in kept}}
    for name in ("body", "assigned_to", "app_package_code"):
        if full[name] is not None:
            shown[name] = full[name]
    if one.ticket_state is not None:
        shown |= {"ticket_state": one.ticket_state[1], "previous_ticket_state": one.ticket_state[0]}
    return shown


def ticket(state: IntercomState, one: IntercomTicket, *, plain: bool = False, base_url: str = "") -> Json:
    """A ticket."""
    face = one.face
    assert face is not None
    parts = [ticket_part(state, each, plain=plain, base_url=base_url) for each in one.parts[-shapes.PARTS_MAX :]]
    links = shapes.conversation_item(state, one)["linked_objects"]
    shown = {
        "type": "ticket",
        "id": one.address,
        "ticket_id": face.number,
        "ticket_attributes": face.attributes,
        "ticket_state": state_of(face.category),
        "ticket_type": ticket_type(state, face.type_id),
        "contacts": shapes.contacts(state, one),
        "admin_assignee_id": one.admin_id or "0",
        "team_assignee_id": one.team_id or "0",
        "created_at": int(one.made_at),
        "updated_at": int(one.changed_at),
        "ticket_parts": {"type": "ticket_part.list", "ticket_parts": parts, "total_count": len(one.parts)},
        "open": one.status != "closed",
        "linked_objects": links,
        "category": type_category(state, face.type_id),
        "is_shared": face.shared,
    }
    return shown if one.snoozed_until is None else {**shown, "snoozed_until": one.snoozed_until}
