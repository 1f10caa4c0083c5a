"""Leads: one by one, in batches, and with their contact at once."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chatdrill.model import HandoffAsked
from chatdrill.wire import HttpResponse, strings_in
from chatdrill_fakes.desks.amocrm import linking, records, shapes, work
from chatdrill_fakes.desks.amocrm.crm import contacts
from chatdrill_fakes.desks.amocrm.crm.reading import (
    check_all,
    check_stage,
    check_user,
    choice,
    document,
    embedded,
    extras,
    filters,
    has,
    kinds,
    link,
    objects,
    page,
    query,
    request_id,
    wanted,
)
from chatdrill_fakes.desks.amocrm.errors import Fault, hal, problem
from chatdrill_fakes.desks.amocrm.scene import Scene
from chatdrill_fakes.desks.amocrm.state import UNSORTED, WORKING, AmoState, Document
from chatdrill_fakes.families.desks import Visit

COMPLEX_MAX, COMPLEX_FIELDS_MAX = 50, 40
_SPEC = (
    ("name", "string", False),
    ("price", "integer", False),
    ("status_id", "integer", False),
    ("pipeline_id", "integer", False),
    ("responsible_user_id", "integer", False),
    ("created_by", "integer", False),
    ("updated_by", "integer", False),
    ("created_at", "integer", False),
    ("updated_at", "integer", False),
    ("closed_at", "integer", False),
    ("loss_reason_id", "integer", False),
    ("custom_fields_values", "array", False),
    ("tags_to_add", "array", False),
    ("tags_to_delete", "array", False),
    ("_embedded", "object", False),
)


# ----------------------------------------------------------------------------------------------------- checking


def check_lead(state: AmoState, given: Document, path: str = "") -> list[Fault]:
    """What is wrong with a lead as a bot writes it."""
    wrong = [
        *kinds(given, _SPEC, path),
        *check_user(state, given, "responsible_user_id", path),
        *check_stage(given, path),
        *contacts.check_fields(state, given, path),
        *contacts.check_tags(given, path),
    ]
    return wrong or _check_contacts(given, path)


def _check_contacts(given: Document, path: str) -> list[Fault]:
    listed = (given.get("_embedded") or {}).get("contacts")
    if listed is not None and not (isinstance(listed, list) and all(isinstance(each, dict) for each in listed)):
        return [Fault("InvalidType", f"{path}_embedded.contacts", "This value should be of type array.")]
    return []


def _check_linked(state: AmoState, given: Document, path: str) -> list[Fault]:
    return check_lead(state, given, path) or [
        choice(f"{path}_embedded.contacts.{number}.id")
        for number, each in enumerate(_contacts(given))
        if not has(state.contacts, each.get("id"))
    ]


def _check_complex(state: AmoState, given: Document, path: str) -> list[Fault]:
    wrong = check_lead(state, given, path)
    if wrong:
        return wrong
    listed = _contacts(given)
    if len(listed) > 1:
        return [Fault("TooMany", f"{path}_embedded.contacts", "This collection should contain 1 element or less.")]
    for number, each in enumerate(listed):
        at = f"{path}_embedded.contacts.{number}."
        if "id" in each:
            wrong += [] if has(state.contacts, each["id"]) else [choice(f"{at}id")]
        else:
            wrong += contacts.check_contact(state, each, at)
    return wrong or [
        Fault("TooMany", f"{path}custom_fields_values", f"No more than {COMPLEX_FIELDS_MAX} fields can be given.")
        for each in (given, *listed)
        if len(each.get("custom_fields_values") or ()) > COMPLEX_FIELDS_MAX
    ]


def _contacts(given: Document) -> list[Document]:
    return list((given.get("_embedded") or {}).get("contacts") or ())


# ------------------------------------------------------------------------------------------------------ making


def add(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /leads``: repeating it makes a second lead, whatever ``request_id`` says."""
    state, given = visit.state, objects(visit)
    check_all(given, lambda each, path: _check_linked(state, each, path))
    made = []
    for number, each in enumerate(given):
        linked = sorted(_contacts(each), key=lambda contact: not contact.get("is_main"))
        id = _make(visit, each, [contact["id"] for contact in linked])
        made.append({"id": id, "request_id": request_id(each, number), "_links": link(visit, f"leads/{id}")})
    return embedded(visit, "leads", made)


def add_complex(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /leads/complex``: with the control of duplicates (a setting) a known contact is joined."""
    state, given = visit.state, objects(visit, COMPLEX_MAX)
    check_all(given, lambda each, path: _check_complex(state, each, path))
    made = []
    for number, each in enumerate(given):
        contact, merged = _complex_contact(visit, each)
        id = _make(visit, each, [] if contact is None else [contact])
        made.append(
            {
                "id": id,
                "contact_id": contact,
                "company_id": None,
                "request_id": [request_id(each, number)],
                "merged": merged,
            }
        )
    return hal(made)


def _complex_contact(visit: Visit[AmoState], given: Document) -> tuple[int | None, bool]:
    for each in _contacts(given):
        if "id" in each:
            return each["id"], False
        known = _duplicate(visit.state, each) if visit.state.on("duplicate_control") else None
        return (contacts.file(visit, each), False) if known is None else (known, True)
    return None, False


def _duplicate(state: AmoState, given: Document) -> int | None:
    """A contact with the same phone number or e-mail address."""
    fields = records.custom_fields(given.get("custom_fields_values")) or ()
    new = {str(value.get("value")) for each in fields if each["field_code"] for value in each["values"]}
    for contact in state.contacts.values():
        old = strings_in([each["values"] for each in contact["custom_fields_values"] or () if each["field_code"]])
        if not contact["is_deleted"] and new & (set(old) - {"WORK"}):
            return int(contact["id"])
    return None


def _make(visit: Visit[AmoState], given: Document, linked: Iterable[int]) -> int:
    """Make a lead. Whoever is named responsible has it; where nobody is named, the bot asks for somebody."""
    state, now = visit.state, visit.exchange.now
    status = given.get("status_id") or WORKING
    lead = records.new_lead(state, given, by=state.bot_user, now=now, status=status, contacts=linked)
    scene = linking.open_lead(state, lead, given, now=now, by=state.bot_user)
    visit.to = scene.ticket.address
    scene.hook("add_lead", "leads", "add", shapes.lead(state, lead))
    _hand_over(scene, given)
    scene.stage(status)
    visit.events.extend(scene.events)
    return int(lead["id"])


def _hand_over(scene: Scene, given: Document) -> None:
    """A lead that names no responsible user, or a person, asks for one; one that names the bot does not."""
    ticket, responsible = scene.ticket, given.get("responsible_user_id")
    if responsible == scene.state.bot_user or ticket.assignee is not None or not scene.lead_is_open:
        return
    scene.tell(HandoffAsked(ticket=ticket.address, fields={"status_id": given.get("status_id")}))
    agent = None if responsible is None else scene.state.agent_of_user(responsible)
    if agent is None:
        ticket.waiting = True
    else:
        scene.assigned(agent)


# ---------------------------------------------------------------------------------------------------- changing


def change_one(visit: Visit[AmoState]) -> HttpResponse:
    """``PATCH /leads/{id}``."""
    lead = find(visit)
    given = {**document(visit), "id": lead["id"]}
    _change(visit, [given])
    return hal({"id": lead["id"], "updated_at": lead["updated_at"], "_links": link(visit, f"leads/{lead['id']}")})


def change(visit: Visit[AmoState]) -> HttpResponse:
    """``PATCH /leads``."""
    given = objects(visit)
    _change(visit, given)
    changed = [visit.state.leads[each["id"]] for each in given]
    return embedded(
        visit,
        "leads",
        [
            {"id": lead["id"], "updated_at": lead["updated_at"], "_links": link(visit, f"leads/{lead['id']}")}
            for lead in changed
        ],
    )


def _change(visit: Visit[AmoState], given: list[Document]) -> None:
    state = visit.state

    def check(each: Document, path: str) -> list[Fault]:
        known = [] if has(state.leads, each.get("id")) else [choice(f"{path}id")]
        return [*known, *check_lead(state, each, path)]

    check_all(given, check)
    for each in given:
        _update(visit, each)


def _update(visit: Visit[AmoState], given: Document) -> None:
    state, lead = visit.state, visit.state.leads[given["id"]]
    ticket = state.ticket_of_lead(lead["id"])
    for name in ("name", "price", "loss_reason_id"):
        lead[name] = given.get(name, lead[name])
    if "custom_fields_values" in given:
        lead["custom_fields_values"] = records.merge_fields(lead["custom_fields_values"], given["custom_fields_values"])
    lead["_embedded"]["tags"] = records.retag(state, lead["_embedded"]["tags"], given)
    if ticket is None:  # a lead of earlier: nobody works on it in a chat any more
        _set_aside(lead, given, int(visit.exchange.now))
        return
    scene = Scene(state, ticket, ticket.at(visit.exchange.now), state.bot_user)
    visit.to = ticket.address
    lead["updated_at"], lead["updated_by"] = int(scene.now), state.bot_user
    scene.hook("update_lead", "leads", "update", shapes.lead(state, lead))
    if given.get("status_id") is not None:
        work.move(scene, given["status_id"], given.get("pipeline_id"))
    responsible = given.get("responsible_user_id")
    if responsible is not None:
        work.make_responsible(scene, responsible)
    visit.events.extend(scene.events)


def _set_aside(lead: Document, given: Document, now: int) -> None:
    for name in ("status_id", "pipeline_id", "responsible_user_id"):
        lead[name] = given.get(name) or lead[name]
    lead["updated_at"] = now


# ----------------------------------------------------------------------------------------------------- reading


def find(visit: Visit[AmoState], name: str = "id") -> Document:
    """The lead that the path names; raises 404."""
    text = visit.params[name]
    lead = visit.state.leads.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else None
    if lead is None or lead["is_deleted"]:
        raise problem(404, "Lead not found")
    ticket = visit.state.ticket_of_lead(lead["id"])
    visit.to = None if ticket is None else ticket.address
    return lead


def get(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /leads/{id}``."""
    return hal(shown(visit, find(visit)))


def search(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /leads``: by ``query`` in the name, by ids, stages and responsible users. Incoming leads are not among them."""
    words, asked = str(query(visit).get("query") or "").lower(), filters(visit)
    found = [
        shown(visit, lead)
        for lead in visit.state.leads.values()
        if not lead["is_deleted"]
        and lead["status_id"] != UNSORTED
        and words in lead["name"].lower()
        and _passes(lead, asked)
    ]
    return page(visit, "leads", found)


def _passes(lead: Document, asked: dict[str, Any]) -> bool:
    for name in ("id", "responsible_user_id", "pipeline_id"):
        values = wanted(asked.get(name))
        if values and str(lead[name]) not in values:
            return False
    stages = asked.get("statuses")
    if isinstance(stages, list):
        named = [each for each in stages if isinstance(each, dict)]
        return any(str(lead["status_id"]) == str(each.get("status_id")) for each in named)
    return True


def shown(visit: Visit[AmoState], lead: Document) -> Document:
    """A lead as the API shows it."""
    inner = dict(lead["_embedded"])
    if "contacts" in extras(visit):
        inner["contacts"] = [
            {"id": id, "is_main": number == 0, "_links": link(visit, f"contacts/{id}")}
            for number, id in enumerate(lead["contacts"])
        ]
    public = {name: value for name, value in lead.items() if name != "contacts"}
    return {**public, "_links": link(visit, f"leads/{lead['id']}"), "_embedded": inner}
