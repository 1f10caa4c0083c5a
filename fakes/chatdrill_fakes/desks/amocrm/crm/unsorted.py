"""Incoming leads: what asks for a person, until somebody accepts, declines or links it."""

from __future__ import annotations

from chatdrill.model import HandoffAsked
from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.amocrm import ids, linking, records, shapes, work
from chatdrill_fakes.desks.amocrm.crm import contacts, leads
from chatdrill_fakes.desks.amocrm.crm.reading import (
    check_all,
    check_stage,
    check_user,
    choice,
    document,
    filters,
    has,
    kinds,
    link,
    objects,
    page,
    request_id,
    wanted,
)
from chatdrill_fakes.desks.amocrm.errors import Fault, hal, invalid, problem
from chatdrill_fakes.desks.amocrm.scene import Scene
from chatdrill_fakes.desks.amocrm.state import PIPELINE, UNSORTED, WORKING, AmoState, Document, Incoming
from chatdrill_fakes.families.desks import Visit

CATEGORIES = ("sip", "mail", "forms", "chats")
_NEW = (
    ("source_uid", "string", True),
    ("source_name", "string", True),
    ("metadata", "object", True),
    ("created_at", "integer", False),
    ("_embedded", "object", False),
)
_METADATA = {
    "forms": (("form_id", "string", True), ("form_name", "string", True), ("form_page", "string", True)),
    "sip": (("service_code", "string", True), ("uniq", "string", True), ("duration", "integer", True)),
}


# ----------------------------------------------------------------------------------------------------- reading


def listed(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /leads/unsorted``: by uid and by category."""
    asked = filters(visit)
    uids, categories = wanted(asked.get("uid")), wanted(asked.get("category"))
    found = [
        _shown(visit, each)
        for each in visit.state.incoming.values()
        if (not uids or each.uid in uids) and (not categories or each.category in categories)
    ]
    return page(visit, "unsorted", found)


def get(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /leads/unsorted/{uid}``."""
    return hal(_shown(visit, _find(visit)[0]))


def summary(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /leads/unsorted/summary``."""
    state, settled = visit.state, visit.state.settled
    counted = {
        category: {"total": sum(each.category == category for each in state.incoming.values())}
        for category in CATEGORIES
    }
    seconds = sum(taken for _, taken in settled)
    return hal(
        {
            "total": len(state.incoming),
            "accepted": sum(action == "accept" for action, _ in settled),
            "declined": sum(action == "decline" for action, _ in settled),
            "average_sort_time": int(seconds / len(settled)) if settled else 0,
            "categories": counted,
        }
    )


# ---------------------------------------------------------------------------------------------------- settling


def accept(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /leads/unsorted/{uid}/accept``: in the name of a user, or of the bot's own."""
    incoming, scene = _find(visit)
    given = document(visit, optional=True)
    _check_settling(visit.state, given)
    user = given.get("user_id") or visit.state.bot_user
    work.accept(scene, incoming, user, given.get("status_id") or WORKING)
    visit.events.extend(scene.events)
    return hal({**_told(incoming), "_embedded": {**_entities(visit, incoming), "companies": []}})


def decline(visit: Visit[AmoState]) -> HttpResponse:
    """``DELETE /leads/unsorted/{uid}/decline``: its lead and contact go to the bin."""
    incoming, scene = _find(visit)
    given = document(visit, optional=True)
    _check_settling(visit.state, given)
    work.decline(scene, incoming, visit.state.agent_of_user(given.get("user_id")))
    visit.events.extend(scene.events)
    return hal({**_told(incoming), "_embedded": _entities(visit, incoming)})


def link_to(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /leads/unsorted/{uid}/link``: a chat goes on in a lead that is there already."""
    incoming, scene = _find(visit)
    state, given = visit.state, document(visit)
    _check_settling(state, given)
    target = given.get("link")
    if not isinstance(target, dict):
        raise invalid([("0", [Fault("FieldMissing", "link", "This field is missing.")])])
    if incoming.category != "chats":
        raise problem(400, "Only incoming leads of chats can be linked")
    known = target.get("entity_type") == "leads" and has(state.leads, target.get("entity_id"))
    if not known or target["entity_id"] == incoming.lead:
        raise invalid([("0", [choice("link.entity_id")])])
    lead = state.leads[target["entity_id"]]
    _move_chat(scene, incoming, lead)
    work.accept(scene, incoming, given.get("user_id") or lead["responsible_user_id"], lead["status_id"])
    visit.events.extend(scene.events)
    linked = {"id": lead["id"], "_links": link(visit, f"leads/{lead['id']}")}
    return hal({"uid": incoming.uid, "_embedded": {"leads": [linked]}})


def _move_chat(scene: Scene, incoming: Incoming, lead: Document) -> None:
    """The incoming lead goes to the bin, its chat to the other one."""
    scene.state.leads[incoming.lead]["is_deleted"] = True
    lone = scene.state.ticket_of_lead(lead["id"])
    if lone is not None:
        lone.lead = None
    if incoming.contact is not None and incoming.contact not in lead["contacts"]:
        lead["contacts"].append(incoming.contact)
    incoming.lead = scene.ticket.lead = lead["id"]


def _check_settling(state: AmoState, given: Document) -> None:
    spec = (("user_id", "integer", False), ("status_id", "integer", False))
    wrong = [*kinds(given, spec), *check_user(state, given, "user_id"), *check_stage(given)]
    if wrong:
        raise invalid([("0", wrong)])


def _find(visit: Visit[AmoState]) -> tuple[Incoming, Scene]:
    state = visit.state
    incoming = state.incoming.get(visit.params["uid"])
    ticket = None if incoming is None else state.ticket_of_lead(incoming.lead)
    if incoming is None or ticket is None:
        raise problem(404, "Unsorted not found")
    visit.to = ticket.address
    return incoming, Scene(state, ticket, ticket.at(visit.exchange.now), state.bot_user)


# ------------------------------------------------------------------------------------------------------ making


def add_forms(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /leads/unsorted/forms``."""
    return _add(visit, "forms")


def add_sip(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /leads/unsorted/sip``: calls. Incoming leads of chats are made by a message alone."""
    return _add(visit, "sip")


def _add(visit: Visit[AmoState], category: str) -> HttpResponse:
    given = objects(visit)
    check_all(given, lambda each, path: _check(visit.state, category, each, path))
    made = []
    for number, each in enumerate(given):
        incoming = _make(visit, category, each)
        made.append(
            {
                "uid": incoming.uid,
                "account_id": visit.state.account_id,
                "request_id": request_id(each, number),
                "_links": link(visit, f"leads/unsorted/{incoming.uid}"),
                "_embedded": {**_entities(visit, incoming), "companies": []},
            }
        )
    return hal({"_total_items": len(made), "_embedded": {"unsorted": made}})


def _check(state: AmoState, category: str, given: Document, path: str) -> list[Fault]:
    wrong = kinds(given, _NEW, path)
    if wrong:
        return wrong
    wrong = kinds(given["metadata"], _METADATA[category], f"{path}metadata.")
    for name in ("contacts", "leads"):
        listed = (given.get("_embedded") or {}).get(name)
        if listed is not None and not (isinstance(listed, list) and all(isinstance(each, dict) for each in listed)):
            wrong.append(Fault("InvalidType", f"{path}_embedded.{name}", "This value should be of type array."))
    if wrong:
        return wrong
    inner = given.get("_embedded") or {}
    for number, contact in enumerate(inner.get("contacts") or ()):
        wrong += contacts.check_contact(state, contact, f"{path}_embedded.contacts.{number}.")
    for number, lead in enumerate(inner.get("leads") or ()):
        at = f"{path}_embedded.leads.{number}."
        wrong += leads.check_lead(state, lead, at)
    return wrong


def _make(visit: Visit[AmoState], category: str, given: Document) -> Incoming:
    state, now = visit.state, visit.exchange.now
    inner = given.get("_embedded") or {}
    contact = next((contacts.file(visit, each) for each in (inner.get("contacts") or ())[:1]), None)
    about: Document = next(iter(inner.get("leads") or ()), {})
    lead = records.new_lead(
        state, about, by=work.ROBOT, now=now, status=UNSORTED, contacts=[] if contact is None else [contact]
    )
    incoming = Incoming(
        uid=ids.uid(state.chance),
        category=category,
        created_at=given.get("created_at") or now,
        lead=lead["id"],
        contact=contact,
        metadata=given["metadata"],
        source_uid=given["source_uid"],
        source_name=given["source_name"],
    )
    state.incoming[incoming.uid] = incoming
    scene = linking.open_lead(state, lead, given, now=now, by=state.bot_user)
    scene.ticket.incoming, visit.to = incoming.uid, scene.ticket.address
    scene.tell(HandoffAsked(ticket=scene.ticket.address, fields={"category": category}))
    scene.hook("add_unsorted", "unsorted", "add", shapes.incoming(state, incoming))
    visit.events.extend(scene.events)
    return incoming


# ------------------------------------------------------------------------------------------------------ shapes


def _told(incoming: Incoming) -> Document:
    return {
        "uid": incoming.uid,
        "pipeline_id": PIPELINE,
        "category": incoming.category,
        "created_at": int(incoming.created_at),
    }


def _entities(visit: Visit[AmoState], incoming: Incoming) -> Document:
    contact = incoming.contact
    return {
        "leads": [{"id": incoming.lead, "_links": link(visit, f"leads/{incoming.lead}")}],
        "contacts": [] if contact is None else [{"id": contact, "_links": link(visit, f"contacts/{contact}")}],
    }


def _shown(visit: Visit[AmoState], incoming: Incoming) -> Document:
    return {
        "uid": incoming.uid,
        "source_uid": incoming.source_uid,
        "source_name": incoming.source_name,
        "category": incoming.category,
        "pipeline_id": PIPELINE,
        "created_at": int(incoming.created_at),
        "metadata": incoming.metadata,
        "account_id": visit.state.account_id,
        "_links": link(visit, f"leads/unsorted/{incoming.uid}"),
        "_embedded": {**_entities(visit, incoming), "companies": []},
    }
