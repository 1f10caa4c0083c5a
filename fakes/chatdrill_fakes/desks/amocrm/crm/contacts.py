"""Contacts, and the chats that belong to them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from chatdrill.model import ContactFiled
from chatdrill.wire import HttpResponse, strings_in
from chatdrill_fakes.desks.amocrm import hooks, linking, records, shapes
from chatdrill_fakes.desks.amocrm.crm.reading import (
    check_all,
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
from chatdrill_fakes.desks.amocrm.errors import Fault, hal, no_content, problem
from chatdrill_fakes.desks.amocrm.state import AmoState, Document
from chatdrill_fakes.families.desks import Visit

SPEC = (
    ("name", "string", False),
    ("first_name", "string", False),
    ("last_name", "string", False),
    ("responsible_user_id", "integer", False),
    ("created_by", "integer", False),
    ("updated_by", "integer", False),
    ("created_at", "integer", False),
    ("updated_at", "integer", False),
    ("custom_fields_values", "array", False),
    ("tags_to_add", "array", False),
    ("tags_to_delete", "array", False),
    ("_embedded", "object", False),
)
_FIELD = (
    ("field_id", "integer", False),
    ("field_code", "string", False),
    ("values", "array", False),
)


# ----------------------------------------------------------------------------------------------------- checking


def check_contact(state: AmoState, given: Document, path: str = "") -> Iterable[Fault]:
    """What is wrong with a contact as a bot writes it."""
    return [
        *kinds(given, SPEC, path),
        *check_user(state, given, "responsible_user_id", path),
        *check_fields(state, given, path),
        *check_tags(given, path),
    ]


def check_fields(state: AmoState, given: Document, path: str = "", known: tuple[str, ...] = ()) -> list[Fault]:
    """Custom fields must exist and have values in the vendor's shape."""
    values = given.get("custom_fields_values")
    faults: list[Fault] = []
    for number, each in enumerate(values if isinstance(values, list) else ()):
        at = f"{path}custom_fields_values.{number}."
        if not isinstance(each, dict):
            faults.append(Fault("InvalidType", at.rstrip("."), "This value should be of type object."))
            continue
        wrong = kinds(each, _FIELD, at)
        faults += wrong or _check_field(state, each, at, known)
    return faults


def _check_field(state: AmoState, field: Document, at: str, known: tuple[str, ...]) -> list[Fault]:
    id, code, allowed = field.get("field_id"), field.get("field_code"), wanted_fields(state)
    if id is None and code is None:
        return [Fault("FieldMissing", f"{at}field_id", "This field is missing.")]
    if id is not None and allowed and id not in allowed and id not in records.FIELD_IDS.values():
        return [choice(f"{at}field_id")]
    if code is not None and code not in (*records.FIELD_IDS, *known):
        return [choice(f"{at}field_code")]
    if not all(isinstance(value, dict) for value in field.get("values") or ()):
        return [Fault("InvalidType", f"{at}values", "This value should be of type object.")]
    return []


def wanted_fields(state: AmoState) -> set[int]:
    """The ids of the account's own custom fields; none: any id is taken."""
    return {int(each) for each in state.settings["custom_fields"].split(",") if each.strip().isdigit()}


def check_tags(given: Document, path: str = "") -> list[Fault]:
    """Tags are objects with a name or an id."""
    inner = given.get("_embedded")
    lists = {
        "_embedded.tags": inner.get("tags") if isinstance(inner, dict) else None,
        "tags_to_add": given.get("tags_to_add"),
        "tags_to_delete": given.get("tags_to_delete"),
    }
    faults = []
    for name, tags in lists.items():
        if tags is not None and not (isinstance(tags, list) and all(_is_tag(tag) for tag in tags)):
            faults.append(Fault("InvalidType", f"{path}{name}", "Tags need a name or an id."))
    return faults


def _is_tag(tag: Any) -> bool:
    return isinstance(tag, dict) and (isinstance(tag.get("name"), str) or isinstance(tag.get("id"), int))


# ------------------------------------------------------------------------------------------------------- calls


def add(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /contacts``: repeating it makes a second contact, whatever ``request_id`` says."""
    state, given = visit.state, objects(visit)
    check_all(given, lambda each, path: check_contact(state, each, path))
    made = [(file(visit, each), request_id(each, number)) for number, each in enumerate(given)]
    return embedded(
        visit,
        "contacts",
        [{"id": id, "request_id": name, "_links": link(visit, f"contacts/{id}")} for id, name in made],
    )


def file(visit: Visit[AmoState], given: Document) -> int:
    """Keep a contact that the bot describes; returns its id."""
    state, now = visit.state, visit.exchange.now
    contact = records.new_contact(state, given, by=state.bot_user, now=now)
    visit.events.append(ContactFiled(contact=str(contact["id"]), keys=records.keys_of(given), name=contact["name"]))
    body = {"contacts": {"add": [shapes.contact(state, contact)]}}
    hooks.tell_crm(state, "add_contact", body, to=None, now=now)
    return int(contact["id"])


def change_one(visit: Visit[AmoState]) -> HttpResponse:
    """``PATCH /contacts/{id}``."""
    id = _id(visit)
    given = {**document(visit), "id": id}
    return hal({"id": id, "updated_at": _change(visit, [given])[0], "_links": link(visit, f"contacts/{id}")})


def change(visit: Visit[AmoState]) -> HttpResponse:
    """``PATCH /contacts``."""
    given = objects(visit)
    times = _change(visit, given)
    return embedded(
        visit,
        "contacts",
        [
            {"id": each["id"], "updated_at": at, "_links": link(visit, f"contacts/{each['id']}")}
            for each, at in zip(given, times, strict=True)
        ],
    )


def _change(visit: Visit[AmoState], given: list[Document]) -> list[int]:
    state = visit.state

    def check(each: Document, path: str) -> list[Fault]:
        known = [] if has(state.contacts, each.get("id")) else [choice(f"{path}id")]
        return [*known, *check_contact(state, each, path)]

    check_all(given, check)
    return [_update(visit, each) for each in given]


def _update(visit: Visit[AmoState], given: Document) -> int:
    state, now, contact = visit.state, visit.exchange.now, visit.state.contacts[given["id"]]
    for name in ("name", "first_name", "last_name", "responsible_user_id"):
        contact[name] = given.get(name, contact[name])
    if "custom_fields_values" in given:
        fields = records.merge_fields(contact["custom_fields_values"], given["custom_fields_values"])
        contact["custom_fields_values"] = fields
    contact["_embedded"]["tags"] = records.retag(state, contact["_embedded"]["tags"], given)
    contact["updated_at"], contact["updated_by"] = int(now), state.bot_user
    keys = records.keys_of(given)
    visit.events.append(ContactFiled(contact=str(contact["id"]), keys=keys, name=contact["name"], made=False))
    ticket = state.ticket_of_contact(contact["id"])
    visit.to = None if ticket is None else ticket.address
    body = {"contacts": {"update": [shapes.contact(state, contact)]}}
    hooks.tell_crm(state, "update_contact", body, to=visit.to, now=visit.at)
    return int(contact["updated_at"])


def get(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /contacts/{id}``."""
    return hal(shown(visit, visit.state.contacts[_id(visit)]))


def search(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /contacts``: by ``query`` in all filled fields, by ``filter[id]``."""
    words, ids = str(query(visit).get("query") or "").strip(), wanted(filters(visit).get("id"))
    found = [
        shown(visit, each)
        for each in visit.state.contacts.values()
        if not each["is_deleted"] and _matches(each, words) and (not ids or str(each["id"]) in ids)
    ]
    return page(visit, "contacts", found)


def _matches(contact: Document, words: str) -> bool:
    """The vendor searches filled fields; numbers are found whatever stands between their digits."""
    if not words:
        return True
    filled = [contact["name"], *strings_in([each["values"] for each in contact["custom_fields_values"] or ()])]
    digits = "".join(filter(str.isdigit, words))
    return any(
        words.lower() in str(text).lower() or (len(digits) >= 5 and digits in "".join(filter(str.isdigit, str(text))))
        for text in filled
    )


def shown(visit: Visit[AmoState], contact: Document) -> Document:
    """A contact as the API shows it."""
    inner = dict(contact["_embedded"])
    if "leads" in extras(visit):
        inner["leads"] = [
            {"id": lead["id"], "_links": link(visit, f"leads/{lead['id']}")}
            for lead in visit.state.leads.values()
            if contact["id"] in lead["contacts"] and not lead["is_deleted"]
        ]
    return {**contact, "_links": link(visit, f"contacts/{contact['id']}"), "_embedded": inner}


def _id(visit: Visit[AmoState]) -> int:
    text = visit.params["id"]
    found = visit.state.contacts.get(int(text)) if text.isascii() and text.isdigit() and len(text) < 16 else None
    if found is None or found["is_deleted"]:
        raise problem(404, "Contact not found")
    return int(found["id"])


# ------------------------------------------------------------------------------------------------------- chats


def link_chats(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /contacts/chats``: a chat belongs to one contact, a contact may have several."""
    state, given = visit.state, objects(visit)
    spec = (("contact_id", "integer", True), ("chat_id", "string", True))

    def check(each: Document, path: str) -> list[Fault]:
        wrong = kinds(each, spec, path)
        if not wrong and each["contact_id"] not in state.contacts:
            wrong.append(choice(f"{path}contact_id"))
        if not wrong and each["chat_id"] not in state.conversations:
            wrong.append(choice(f"{path}chat_id"))
        return wrong

    check_all(given, check)
    linked = []
    for number, each in enumerate(given):
        conversation = state.conversations[each["chat_id"]]
        visit.events.extend(linking.link(state, conversation, each["contact_id"], visit.exchange.now))
        visit.to = conversation.ticket
        linked.append(
            {**_link(conversation.id, each["contact_id"], conversation.link), "request_id": request_id(each, number)}
        )
    return hal({"_total_items": len(linked), "_embedded": {"chats": linked}})


def chats(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /contacts/chats``: by contact or by chat."""
    asked = query(visit)
    contacts, ids = wanted(asked.get("contact_id")), wanted(asked.get("chat_id"))
    if not contacts and not ids:
        raise problem(400, "Either contact_id or chat_id is needed")
    found = [
        _link(each.id, each.contact, each.link)
        for each in visit.state.conversations.values()
        if each.contact is not None and (each.id in ids or str(each.contact) in contacts)
    ]
    return hal({"_total_items": len(found), "_embedded": {"chats": found}}) if found else no_content()


def _link(chat: str, contact: int, id: int) -> Document:
    return {"chat_id": chat, "contact_id": contact, "id": id}
