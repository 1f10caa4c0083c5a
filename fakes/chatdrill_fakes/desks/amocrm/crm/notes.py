"""Notes at leads and contacts: what agents read, and customers never."""

from __future__ import annotations

from collections.abc import Callable

from chatdrill.model import Entry
from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.amocrm import shapes
from chatdrill_fakes.desks.amocrm.crm.reading import (
    check_all,
    check_user,
    choice,
    embedded,
    filters,
    kinds,
    link,
    objects,
    page,
    request_id,
    wanted,
)
from chatdrill_fakes.desks.amocrm.errors import Fault, problem
from chatdrill_fakes.desks.amocrm.scene import Scene
from chatdrill_fakes.desks.amocrm.state import AmoState, AmoTicket, Document
from chatdrill_fakes.families.desks import Visit

_TEXT = (("text", "string", True),)
_SERVICE = (("service", "string", True), *_TEXT)
_CALL = (("uniq", "string", True), ("duration", "integer", True), ("source", "string", True), ("phone", "string", True))
_SMS = (*_TEXT, ("phone", "string", True))
PARAMS = {
    "common": _TEXT,
    "call_in": _CALL,
    "call_out": _CALL,
    "service_message": _SERVICE,
    "extended_service_message": _SERVICE,
    "message_cashier": (("status", "string", True), *_TEXT),
    "geolocation": (*_TEXT, ("address", "string", True), ("longitude", "string", True), ("latitude", "string", True)),
    "sms_in": _SMS,
    "sms_out": _SMS,
    "attachment": (("file_uuid", "string", True), ("file_name", "string", False)),
}
_CASHIER = ("created", "shown", "canceled")


def for_entity(
    entity: str, handler: Callable[[Visit[AmoState]], HttpResponse]
) -> Callable[[Visit[AmoState]], HttpResponse]:
    """The handler for the notes of one kind of thing."""

    def handle(visit: Visit[AmoState]) -> HttpResponse:
        visit.params = {**visit.params, "entity": entity}
        return handler(visit)

    return handle


def add(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /{leads|contacts}/{id}/notes``, or without an id, where each note names its own."""
    state, entity, given = visit.state, visit.params["entity"], objects(visit)
    if "id" in visit.params:
        id = _entity_id(visit)
        given = [{**each, "entity_id": id} for each in given]
    check_all(given, lambda each, path: _check(state, entity, each, path))
    made = []
    for number, each in enumerate(given):
        note = _file(visit, entity, each)
        made.append(
            {
                "id": note["id"],
                "entity_id": note["entity_id"],
                "request_id": request_id(each, number),
                "_links": link(visit, f"{entity}/{note['entity_id']}/notes/{note['id']}"),
            }
        )
    return embedded(visit, "notes", made, f"{entity}/notes")


def listed(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /{leads|contacts}/{id}/notes``."""
    entity, id, kinds_wanted = visit.params["entity"], _entity_id(visit), wanted(filters(visit).get("note_type"))
    found = [
        _shown(visit, note)
        for note in visit.state.notes.values()
        if (note["entity_type"], note["entity_id"]) == (entity, id)
        and (not kinds_wanted or note["note_type"] in kinds_wanted)
    ]
    return page(visit, "notes", found)


def get(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /{leads|contacts}/{id}/notes/{note}``, in a list of one as the vendor pages it."""
    id, text = _entity_id(visit), visit.params["note"]
    note = visit.state.notes.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else None
    if note is None or note["entity_id"] != id:
        raise problem(404, "Note not found")
    return page(visit, "notes", [_shown(visit, note)])


def add_to_ticket(state: AmoState, ticket: AmoTicket, given: Document, *, by: int, now: float) -> Document:
    """A note of an agent: at the ticket's lead, or at the contact while there is no lead."""
    entity = ("contacts", int(ticket.contact or 0)) if ticket.lead is None else ("leads", ticket.lead)
    return _keep(state, *entity, given, by=by, now=now)


def _keep(state: AmoState, entity: str, entity_id: int, given: Document, *, by: int, now: float) -> Document:
    id = state.next_id()
    note = state.notes[id] = {
        "id": id,
        "entity_id": entity_id,
        "entity_type": entity,
        "created_by": given.get("created_by", by),
        "updated_by": given.get("created_by", by),
        "created_at": int(now),
        "updated_at": int(now),
        "responsible_user_id": given.get("responsible_user_id", by),
        "group_id": 0,
        "note_type": given["note_type"],
        "params": given["params"],
        "account_id": state.account_id,
    }
    return note


def _file(visit: Visit[AmoState], entity: str, given: Document) -> Document:
    """A note of the bot stands in the ticket, where the lead or the contact has one."""
    state, entity_id = visit.state, given["entity_id"]
    ticket = state.ticket_of_lead(entity_id) if entity == "leads" else state.ticket_of_contact(entity_id)
    now = visit.exchange.now if ticket is None else ticket.at(visit.exchange.now)
    note = _keep(state, entity, entity_id, given, by=state.bot_user, now=now)
    if ticket is None:
        return note
    visit.to = ticket.address
    scene = Scene(state, ticket, now, state.bot_user, visit.events)
    scene.entry(
        Entry(
            id=str(note["id"]),
            author="bot",
            at=now,
            text=str(given["params"].get("text") or given["params"].get("file_name") or ""),
            public=False,
            kind=given["note_type"],
            origin_id=None if given.get("request_id") is None else str(given["request_id"]),
            said_by=given["params"].get("service"),
        )
    )
    scene.hook(f"note_{entity.removesuffix('s')}", entity, "note", shapes.note(state, note, "Chat bot"))
    return note


def _check(state: AmoState, entity: str, given: Document, path: str) -> list[Fault]:
    spec = (("entity_id", "integer", True), ("note_type", "string", True), ("params", "object", True))
    wrong = [*kinds(given, spec, path), *check_user(state, given, "created_by", path)]
    if wrong:
        return wrong
    if given["note_type"] not in PARAMS:
        return [choice(f"{path}note_type")]
    things = state.leads if entity == "leads" else state.contacts
    if given["entity_id"] not in things:
        return [choice(f"{path}entity_id")]
    wrong = kinds(given["params"], PARAMS[given["note_type"]], f"{path}params.")
    if not wrong and given["note_type"] == "message_cashier" and given["params"]["status"] not in _CASHIER:
        return [choice(f"{path}params.status")]
    if not wrong and given["note_type"] == "attachment":
        return [choice(f"{path}params.file_uuid")]  # the service of files is not emulated: no file has an id
    return wrong


def _entity_id(visit: Visit[AmoState]) -> int:
    text = visit.params["id"]
    things = visit.state.leads if visit.params["entity"] == "leads" else visit.state.contacts
    id = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    if id not in things:
        raise problem(404, "Entity not found")
    return id


def _shown(visit: Visit[AmoState], note: Document) -> Document:
    public = {name: value for name, value in note.items() if name != "entity_type"}
    return {**public, "_links": link(visit, f"{note['entity_type']}/{note['entity_id']}/notes/{note['id']}")}
