"""Tickets: made for people to work on, alone or out of a conversation."""

from __future__ import annotations

from typing import Any, Literal

from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.intercom import assigning, doing, managing, ticket_shapes, ticketing
from chatdrill_fakes.desks.intercom.conversations import begin, say
from chatdrill_fakes.desks.intercom.doing import SILENT, Scene
from chatdrill_fakes.desks.intercom.errors import invalid, missing, not_found, refuse
from chatdrill_fakes.desks.intercom.reading import Call, conversation, mapping, moment, scene, text_of, ticket
from chatdrill_fakes.desks.intercom.searching import found, page
from chatdrill_fakes.desks.intercom.state import Author, Contact, IntercomTicket, TicketFace

PER_PAGE = 20
_ASSIGNEES: dict[str, Literal["team", "admin"]] = {"team_assignee_id": "team", "admin_assignee_id": "admin"}


def create(visit: Call) -> HttpResponse:
    """POST /tickets: exactly one contact. No idempotency: the same call twice makes two."""
    return shown(visit, _create(visit))


def enqueue(visit: Call) -> HttpResponse:
    """POST /tickets/enqueue: the answer is a job; chatdrill makes the ticket at once."""
    made = _create(visit)
    job = str(visit.state.chance.nth(len(visit.state.jobs) + 1))
    visit.state.jobs[job] = made.address
    return json_response(
        {
            "type": "job",
            "id": job,
            "status": "pending",
            "url": f"{visit.base_url}/jobs/status/{job}",
            "resource_type": "ticket",
            "resource_id": None,
            "resource_url": None,
        }
    )


def job(visit: Call) -> HttpResponse:
    """GET /jobs/status/{id}."""
    made = visit.state.jobs.get(visit.params["id"])
    if made is None:
        raise refuse(visit.state, 404, "job_not_found", "Job Not Found")
    url = f"{visit.base_url}/tickets/{made}"
    body = {"type": "job", "id": visit.params["id"], "status": "success", "resource_type": "ticket"}
    return json_response({**body, "url": None, "resource_id": made, "resource_url": url})


def _create(visit: Call) -> IntercomTicket:
    type_id = _type_id(visit)
    who = _only_contact(visit)
    attributes = mapping(visit, "ticket_attributes")
    assignment = mapping(visit, "assignment")
    linked = _linked(visit)
    _check_assignment(visit, assignment)
    subject = text_of(attributes.get("_default_title_"))
    made = begin(visit, who, SILENT, subject=subject, fields=attributes)
    deed = scene(visit, made, visit.state.operator)
    face = _face(visit, type_id, attributes, linked)
    with doing.settled(deed, asks=True):
        ticketing.begin(deed, face)
    for name, to in _ASSIGNEES.items():
        if (id := text_of(assignment.get(name)) or "0") != "0":
            assigning.assign(deed, to, id)
    return made


def _face(visit: Call, type_id: str, attributes: dict[str, Any], linked: list[str]) -> TicketFace:
    shared = ticket_shapes.type_category(visit.state, type_id) == "Customer"
    number = visit.state.next_id("ticket")
    return TicketFace(number=number, type_id=type_id, attributes=attributes, shared=shared, linked=linked)


def _type_id(visit: Call) -> str:
    type_id = text_of(visit.values.get("ticket_type_id"))
    if not type_id:
        raise missing(visit.state, "ticket_type_id not specified")
    if ticket_shapes.type_category(visit.state, type_id) is None:
        raise refuse(visit.state, 404, "ticket_type_not_found", "Ticket type not found")
    return type_id


def _only_contact(visit: Call) -> Contact:
    named = visit.values.get("contacts")
    if not isinstance(named, list) or len(named) != 1 or not isinstance(named[0], dict):
        raise invalid(visit.state, "Exactly one contact is required")
    live = [who for who in visit.state.contacts.values() if not who.archived]
    for field in ("id", "external_id", "email"):
        if wanted := text_of(named[0].get(field)):
            who = next((one for one in live if getattr(one, field) == wanted), None)
            if who is not None:
                return who
            break
    raise not_found(visit.state, "User")


def _linked(visit: Call) -> list[str]:
    id = text_of(visit.values.get("conversation_to_link_id"))
    if id and visit.state.conversation(id) is None:
        raise not_found(visit.state)
    return [id] if id else []


def _check_assignment(visit: Call, assignment: dict[str, Any]) -> None:
    admin, team = (text_of(assignment.get(f"{kind}_assignee_id")) or "0" for kind in ("admin", "team"))
    known = (admin == "0" or visit.state.admin(admin)) and (team == "0" or team in visit.state.teams)
    if not known:
        raise refuse(visit.state, 404, "assignee_not_found", "Assignee not found")


def convert(visit: Call) -> HttpResponse:
    """POST /conversations/{id}/convert: the ticket keeps the conversation's id."""
    one = conversation(visit)
    type_id = _type_id(visit)
    if ticket_shapes.type_category(visit.state, type_id) != "Customer":
        raise invalid(visit.state, "Ticket type is not a customer ticket type")
    if one.face is not None:
        raise invalid(visit.state, "Conversation is already a ticket")
    face = _face(visit, type_id, mapping(visit, "attributes"), [])
    deed = scene(visit, one, visit.state.operator)
    with doing.settled(deed, asks=True):
        ticketing.begin(deed, face)
    return shown(visit, one)


def show(visit: Call) -> HttpResponse:
    """GET /tickets/{id}."""
    return shown(visit, ticket(visit))


def shown(visit: Call, one: IntercomTicket) -> HttpResponse:
    """The ticket as an answer."""
    return json_response(ticket_shapes.ticket(visit.state, one, base_url=visit.base_url))


def search(visit: Call) -> HttpResponse:
    """POST /tickets/search."""
    live = [one for one in visit.state.tickets.values() if one.face and not one.deleted]
    items = [ticket_shapes.ticket(visit.state, one, base_url=visit.base_url) for one in live]
    pairs = [({**item, "contact_ids": one.contacts}, item) for one, item in zip(live, items, strict=True)]
    things = found(visit, pairs, visit.values.get("query"))
    some, pages = page(visit, things, per_page=PER_PAGE)
    return json_response({"type": "ticket.list", "tickets": some, "total_count": len(things), "pages": pages})


def reply(visit: Call) -> HttpResponse:
    """POST /tickets/{id}/reply; a customer cannot write in a back-office ticket."""
    one = visit.state.conversation(visit.params["id"])
    if one is None or one.face is None:
        raise not_found(visit.state)
    visit.to = one.address
    back_office = ticket_shapes.type_category(visit.state, one.face.type_id) == "Back-office"
    if back_office and visit.values.get("type") == "user":
        message = "User replies are not allowed on Backoffice tickets"
        raise refuse(visit.state, 400, "parameter_mismatch", message)
    return json_response(ticket_shapes.ticket_part(visit.state, say(visit, one), base_url=visit.base_url))


def delete(visit: Call) -> HttpResponse:
    """DELETE /tickets/{id}."""
    one = ticket(visit)
    managing.remove(visit, one)
    return json_response({"id": one.address, "object": "ticket", "deleted": True})


def update(visit: Call) -> HttpResponse:
    """PUT /tickets/{id}: everything is checked before anything changes."""
    one = ticket(visit)
    deed = scene(visit, one, _by(visit))
    category, assignee = _category(visit), _assignee(visit)
    attributes, until = mapping(visit, "ticket_attributes"), moment(visit, "snoozed_until")
    if until is not None:
        managing.snooze(visit, deed, until)
    ticketing.set_attributes(deed, attributes)
    if category is not None:
        ticketing.set_category(deed, category)
    if assignee is not None:
        assigning.assign(deed, *assignee, asks=True)
    _set_flags(visit, deed)
    return shown(visit, one)


def _set_flags(visit: Call, deed: Scene) -> None:
    face = deed.ticket.face
    assert face is not None
    if isinstance(visit.values.get("is_shared"), bool):
        face.shared = bool(visit.values["is_shared"])
    if visit.values.get("open") is False:
        doing.close(deed)
        assigning.drain(deed)
    elif visit.values.get("open") is True and "snoozed_until" not in visit.values:
        doing.open_again(deed)


def _by(visit: Call) -> Author:
    if visit.values.get("admin_id") is None:
        return visit.state.operator
    found = visit.state.admin(text_of(visit.values["admin_id"]))
    if found is None:
        raise refuse(visit.state, 404, "assignee_not_found", "Assignee not found")
    return found


def _category(visit: Call) -> str | None:
    if visit.values.get("ticket_state_id") is None:
        return None
    category = ticket_shapes.category_of(visit.values["ticket_state_id"])
    if category is None:
        message = "Ticket state id is not valid or is not associated with the ticket type"
        raise refuse(visit.state, 400, "ticket_state_id_invalid", message)
    return category


def _assignee(visit: Call) -> tuple[Literal["team", "admin"], str | None] | None:
    if visit.values.get("assignee_id") is None:
        return None
    id = text_of(visit.values["assignee_id"])
    if id == "0":
        return ("admin", None)
    if id in visit.state.teams:
        return ("team", id)
    if visit.state.admin(id) is None:
        raise refuse(visit.state, 404, "assignee_not_found", "Assignee not found")
    return ("admin", id)
