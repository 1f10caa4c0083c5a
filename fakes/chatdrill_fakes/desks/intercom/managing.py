"""What is done to a conversation: assignment, states, tags, participants, redaction, deletion."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from chatdrill.model import Elapse
from chatdrill.wire import HttpResponse, Later, json_response
from chatdrill_fakes.desks.intercom import assigning, contacts, doing, hooks, shapes
from chatdrill_fakes.desks.intercom.conversations import shown
from chatdrill_fakes.desks.intercom.doing import SILENT, Said, Scene
from chatdrill_fakes.desks.intercom.errors import invalid, missing, not_found, refuse
from chatdrill_fakes.desks.intercom.reading import (
    Call,
    admin,
    contact_named,
    conversation,
    mapping,
    moment,
    said,
    scene,
    text_of,
)
from chatdrill_fakes.desks.intercom.state import IntercomTicket, Part


def manage(visit: Call) -> HttpResponse:
    """POST /conversations/{id}/parts."""
    ticket = conversation(visit)
    deed = _MANAGE.get(text_of(visit.values.get("message_type")))
    if deed is None:
        known = ", ".join(_MANAGE)
        raise invalid(visit.state, f"message_type must be one of {known}")
    deed(visit, scene(visit, ticket, admin(visit)))
    return shown(visit, ticket)


def _words(visit: Call) -> Said:
    return said(visit, markup=True) if text_of(visit.values.get("body")).strip() else SILENT


def _assign(visit: Call, deed: Scene) -> None:
    to = visit.values.get("type")
    if to not in ("admin", "team"):
        raise invalid(visit.state, "type must be one of admin, team")
    if visit.values.get("assignee_id") is None:
        raise missing(visit.state, "assignee_id not specified")
    assignee = text_of(visit.values["assignee_id"])
    known = visit.state.admin(assignee) if to == "admin" else visit.state.teams.get(assignee)
    if known is None and assignee != "0":
        raise refuse(visit.state, 404, "assignee_not_found", "Assignee not found")
    wanted = None if assignee == "0" else assignee
    assigning.assign(deed, "admin" if to == "admin" else "team", wanted, _words(visit), asks=True)


def _close(visit: Call, deed: Scene) -> None:
    deed.ticket.rated_admin = deed.ticket.assignee or deed.ticket.rated_admin
    doing.close(deed, _words(visit))
    assigning.drain(deed)


def _snooze(visit: Call, deed: Scene) -> None:
    snooze(visit, deed, moment(visit, "snoozed_until"))


def snooze(visit: Call, deed: Scene, until: float | None) -> None:
    """Snooze by a call; Intercom wakes it when the time has come."""
    if until is None or until <= deed.at:
        raise invalid(visit.state, "snoozed_until must be a time in the future")
    doing.snooze(deed, int(until))
    timer = Elapse(agent="", what="unsnooze", data={"until": int(until)})
    visit.later.append(Later(until - deed.at, deed.ticket.address, timer))


def _open(visit: Call, deed: Scene) -> None:  # noqa: ARG001
    doing.open_again(deed)


_MANAGE: Mapping[str, Callable[[Call, Scene], None]] = {
    "assignment": _assign,
    "close": _close,
    "snoozed": _snooze,
    "open": _open,
}


# ----------------------------------------------------------------------------------------- deletion, redaction


def delete(visit: Call) -> HttpResponse:
    """DELETE /conversations/{id}; the notification names it in ``conversation_id`` and has no more."""
    ticket = conversation(visit)
    remove(visit, ticket)
    return json_response({"id": ticket.address, "object": "conversation", "deleted": True})


def remove(visit: Call, ticket: IntercomTicket) -> None:
    """Delete a conversation or ticket for good."""
    deed = scene(visit, ticket, visit.state.operator)
    with doing.settled(deed):
        ticket.deleted = True
        ticket.entries.clear()
    item = {"type": "conversation", "conversation_id": ticket.address}
    hooks.notify(visit.state, ticket.address, "conversation.deleted", item, deed.at)


def redact(visit: Call) -> HttpResponse:
    """POST /conversations/redact: a part with a body, or a source that a contact wrote."""
    kind = visit.values.get("type")
    if kind not in ("conversation_part", "source"):
        raise invalid(visit.state, "type must be one of conversation_part, source")
    ticket = visit.state.conversation(text_of(visit.values.get("conversation_id")))
    part = None if ticket is None else _part(visit, ticket, str(kind))
    if ticket is None or part is None:
        message = "Conversation part or message not found"
        raise refuse(visit.state, 404, "conversation_part_or_message_not_found", message)
    if part.body is None:
        message = "Conversation part or message is not redactable"
        raise refuse(visit.state, 422, "conversation_part_not_redactable", message)
    visit.to = ticket.address
    doing.redact(scene(visit, ticket, visit.state.operator), part)
    return shown(visit, ticket)


def _part(visit: Call, ticket: IntercomTicket, kind: str) -> Part | None:
    wanted = text_of(visit.values.get(f"{kind}_id"))
    parts = [ticket.source] if kind == "source" else ticket.parts
    return next((part for part in parts if part.id == wanted), None)


# ------------------------------------------------------------------------------------------------------ tags


def tag(visit: Call) -> HttpResponse:
    """POST /conversations/{id}/tags, /tickets/{id}/tags."""
    ticket = _tagged(visit)
    by = admin(visit)
    id = text_of(visit.values.get("id"))
    if id not in visit.state.tags:
        raise refuse(visit.state, 404, "tag_not_found", "Tag not found")
    deed = scene(visit, ticket, by)
    ticket.tags[id] = (int(deed.at), by)
    doing.tell(deed, "conversation_part.tag.created", ticket.parts[-1:])
    return json_response(shapes.applied_tag(visit.state, ticket, id))


def untag(visit: Call) -> HttpResponse:
    """DELETE /conversations/{id}/tags/{tag_id}, /tickets/{id}/tags/{tag_id}."""
    ticket = _tagged(visit)
    admin(visit)
    id = visit.params["tag_id"]
    if id not in ticket.tags:
        raise refuse(visit.state, 404, "tag_not_found", "Tag not found")
    removed = shapes.applied_tag(visit.state, ticket, id)
    del ticket.tags[id]
    return json_response(removed)


def _tagged(visit: Call) -> IntercomTicket:
    found = visit.state.conversation(visit.params["id"])
    if found is None:
        raise refuse(visit.state, 404, "not_found", "Conversation not found")
    visit.to = found.address
    return found


# ---------------------------------------------------------------------------------------------- participants


def attach(visit: Call) -> HttpResponse:
    """POST /conversations/{id}/customers: an address that nobody has becomes a lead."""
    ticket = conversation(visit)
    by = admin(visit)
    customer = mapping(visit, "customer")
    who = contact_named(visit.state, customer)
    if who is None and not text_of(customer.get("email")):
        raise not_found(visit.state, "User")
    who = who or contacts.lead(visit, text_of(customer["email"]))
    if who.id not in ticket.contacts:
        ticket.contacts.append(who.id)
        deed = scene(visit, ticket, by)
        part = doing.add_part(deed, "participant_added")
        doing.tell(deed, "conversation.contact.attached", (part,))
    return _customers(visit, ticket)


def detach(visit: Call) -> HttpResponse:
    """DELETE /conversations/{id}/customers/{contact_id}: not the last one."""
    ticket = conversation(visit)
    by = admin(visit)
    id = visit.params["contact_id"]
    if id not in ticket.contacts:
        raise not_found(visit.state, "User")
    if len(ticket.contacts) == 1:
        raise refuse(visit.state, 422, "parameter_invalid", "Removing the last customer is not allowed")
    ticket.contacts.remove(id)
    ticket.contact = ticket.contacts[0]
    deed = scene(visit, ticket, by)
    part = doing.add_part(deed, "participant_removed")
    doing.tell(deed, "conversation.contact.detached", (part,))
    return _customers(visit, ticket)


def _customers(visit: Call, ticket: IntercomTicket) -> HttpResponse:
    found = [visit.state.contacts[id] for id in ticket.contacts if id in visit.state.contacts]
    body = shapes.conversation(visit.state, ticket, base_url=visit.base_url)
    return json_response({**body, "customers": [{"type": who.role, "id": who.id} for who in found]})
