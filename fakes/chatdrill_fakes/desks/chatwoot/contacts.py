"""Contacts: found, made, changed; over the application API and over the client API.

Source: Chatwoot v4.15.1, contacts_controller.rb, contact.rb, contact_inbox_with_contact_builder.rb.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chatdrill.model import ContactFiled
from chatdrill.wire import HttpResponse, strings_in
from chatdrill_fakes.desks.chatwoot import errors, hooks, shapes
from chatdrill_fakes.desks.chatwoot.common import Call, answer, contact_of, is_true, link_by, number, table, words
from chatdrill_fakes.desks.chatwoot.limits import CONTACTS_PER_PAGE, SOURCE_ID_MAX
from chatdrill_fakes.desks.chatwoot.state import ChatwootState, Contact, ContactInbox, uuid

_E164 = re.compile(r"\+[1-9]\d{1,14}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_FIELDS = ("name", "email", "phone_number", "identifier")
_UNIQUE = ("email", "phone_number", "identifier")
_LABELS = {"email": "Email", "phone_number": "Phone number", "identifier": "Identifier"}
_ADJECTIVES = ("autumn", "calm", "dark", "late", "quiet", "silent", "still", "white")
_NOUNS = ("bird", "cloud", "field", "fog", "lake", "moon", "river", "snow")


# ------------------------------------------------------------------------------------------------- the records


def nickname(state: ChatwootState) -> str:
    """The name of somebody who gave none: two words and a number."""
    return f"{state.chance.choice(_ADJECTIVES)}-{state.chance.choice(_NOUNS)}-{state.chance.randrange(1000)}"


def check(state: ChatwootState, fields: Mapping[str, Any], own: Contact | None = None) -> None:
    """Refuse a contact whose address is malformed or another's (422)."""
    problems: dict[str, str] = {}
    if fields.get("email") and not _EMAIL.fullmatch(fields["email"]):
        problems["email"] = "Email Invalid email"
    if fields.get("phone_number") and not _E164.fullmatch(fields["phone_number"]):
        problems["phone_number"] = "Phone number should be in e164 format"
    for name in _UNIQUE:
        if (twin := find(state, name, fields.get(name))) is not None and twin is not own:
            problems[name] = f"{_LABELS[name]} has already been taken"
    if problems:
        raise errors.invalid(", ".join(problems.values()), list(problems))


def find(state: ChatwootState, name: str, value: str | None) -> Contact | None:
    """The contact with this e-mail address, number or identifier."""
    if not value:
        return None
    wanted = value.lower() if name == "email" else value
    return next((each for each in state.contacts.values() if getattr(each, name) == wanted), None)


def fields_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """What a call says of a contact; an e-mail address in small letters."""
    given: dict[str, Any] = {name: words(values[name]) for name in _FIELDS if name in values}
    if given.get("email"):
        given["email"] = str(given["email"]).lower()
    if "name" in given:
        given["name"] = given["name"] or ""
    if "blocked" in values:
        given["blocked"] = is_true(values["blocked"])
    return given


def make(visit: Call, values: Mapping[str, Any], name: str) -> Contact:
    """A new contact; the address book tells the account's webhooks."""
    state, now = visit.state, visit.exchange.now
    contact = Contact(state.next_id("contact"), created_at=now, **{"name": name, **fields_of(values)})
    contact.custom_attributes = table(values.get("custom_attributes"))
    contact.additional_attributes = table(values.get("additional_attributes"))
    state.contacts[contact.id] = contact
    hooks.publish(state, "contact_created", shapes.hooked_contact(state, contact), now, None)
    return contact


def link(visit: Call, contact: Contact, source_id: str | None) -> ContactInbox:
    """The contact's place in the inbox: the same for the same id, another for another. Refuses an id of somebody else."""
    state = visit.state
    if source_id is not None and len(source_id) > SOURCE_ID_MAX:
        raise errors.refused(500, f"value too long for type character varying({SOURCE_ID_MAX})")
    if source_id is not None and (known := link_by(state, source_id)) is not None:
        if known.contact is not contact:
            raise errors.refused(422, "source_id should be unique")
        return known
    id, token = state.next_id("contact_inbox"), state.chance.base64url(24)
    made = ContactInbox(id, contact, source_id or uuid(state.chance), token, created_at=visit.exchange.now)
    state.links.append(made)
    return made


def filed(visit: Call, contact: Contact, source_id: str | None = None, *, made: bool = True) -> None:
    """Say that a contact was made or changed."""
    named = [source_id, contact.identifier, contact.phone_number, contact.email, contact.custom_attributes]
    keys = tuple(dict.fromkeys(strings_in([*named, contact.additional_attributes])))
    visit.events.append(ContactFiled(contact=str(contact.id), keys=keys, name=contact.name, made=made))


def change(visit: Call, contact: Contact, values: Mapping[str, Any]) -> None:
    """Change a contact; attributes are merged."""
    state, fields = visit.state, fields_of(values)
    for name in ("custom_attributes", "additional_attributes"):
        if name in values:
            fields[name] = {**getattr(contact, name), **table(values[name])}
    check(state, fields, contact)
    pairs = {name: (getattr(contact, name), value) for name, value in fields.items()}
    differs = {name: pair for name, pair in pairs.items() if pair[0] != pair[1]}
    if not differs:
        return
    for name, (_, value) in differs.items():
        setattr(contact, name, value)
    payload = {**shapes.hooked_contact(state, contact), "changed_attributes": hooks.changed(differs)}
    hooks.publish(state, "contact_updated", payload, visit.exchange.now, None)
    filed(visit, contact, made=False)


# ------------------------------------------------------------------------------------------- application API


def create(visit: Call) -> HttpResponse:
    """``POST /contacts``"""
    check(visit.state, fields_of(visit.values))
    inbox = number(visit.values.get("inbox_id"))
    if inbox is not None and inbox != visit.state.inbox.id:
        raise errors.not_found("inbox")
    source_id = words(visit.values.get("source_id"))
    if inbox is not None and link_by(visit.state, source_id) is not None:
        raise errors.refused(422, "source_id should be unique")
    contact = make(visit, visit.values, "")
    place = link(visit, contact, source_id) if inbox is not None else None
    filed(visit, contact, place.source_id if place else None)
    shape = {"inbox": shapes.slim_inbox(visit.state), "source_id": place.source_id if place else None}
    return answer({"payload": {"contact": shapes.contact(visit.state, contact), "contact_inbox": shape}})


def show(visit: Call) -> HttpResponse:
    """``GET /contacts/{id}``"""
    return answer({"payload": shapes.contact(visit.state, contact_of(visit))})


def update(visit: Call) -> HttpResponse:
    """``PUT|PATCH /contacts/{id}``"""
    contact = contact_of(visit)
    change(visit, contact, visit.values)
    return answer({"payload": shapes.contact(visit.state, contact)})


def destroy(visit: Call) -> HttpResponse:
    """``DELETE /contacts/{id}``: with the conversations."""
    contact, state = contact_of(visit), visit.state
    for talk in state.conversations_of(link for link in state.links if link.contact is contact):
        del state.tickets[talk.address]
    state.links = [link for link in state.links if link.contact is not contact]
    del state.contacts[contact.id]
    return HttpResponse(200)


def index(visit: Call) -> HttpResponse:
    """``GET /contacts``"""
    return page_of(visit, sorted(visit.state.contacts.values(), key=lambda each: each.name))


def search(visit: Call) -> HttpResponse:
    """``GET /contacts/search``: part of a name, an address or a number, or the whole id."""
    wanted = (words(visit.values.get("q")) or "").strip()
    if not wanted:
        raise errors.refused(422, "Specify search string with parameter q")
    found = [each for each in visit.state.contacts.values() if _matches(each, wanted)]
    return page_of(visit, found)


def _matches(contact: Contact, wanted: str) -> bool:
    low = wanted.lower()
    parts = (contact.name, contact.email, contact.phone_number)
    inside = any(low in part.lower() for part in parts if part) or wanted in (contact.identifier or "")
    return inside or wanted == str(contact.id)


def page_of(visit: Call, contacts: list[Contact]) -> HttpResponse:
    """A page of contacts."""
    page = max(1, number(visit.values.get("page")) or 1)
    shown = contacts[(page - 1) * CONTACTS_PER_PAGE : page * CONTACTS_PER_PAGE]
    meta = {"count": len(contacts), "current_page": page}
    return answer({"meta": meta, "payload": [shapes.contact(visit.state, each) for each in shown]})


def conversations(visit: Call) -> HttpResponse:
    """``GET /contacts/{id}/conversations``: the last ones first."""
    contact, state = contact_of(visit), visit.state
    found = state.conversations_of(link for link in state.links if link.contact is contact)
    shown = [shapes.conversation(state, talk, talk.at(visit.exchange.now)) for talk in reversed(found)]
    return answer({"payload": shown[:20]})


def labels(visit: Call) -> HttpResponse:
    """``GET|POST /contacts/{id}/labels``"""
    contact = contact_of(visit)
    if visit.request.method == "POST":
        given = visit.values.get("labels")
        contact.labels = [str(each) for each in given] if isinstance(given, list) else []
    return answer({"payload": contact.labels})


def create_link(visit: Call) -> HttpResponse:
    """``POST /contacts/{id}/contact_inboxes``"""
    contact = contact_of(visit)
    if number(visit.values.get("inbox_id")) != visit.state.inbox.id:
        raise errors.not_found("inbox")
    place = link(visit, contact, words(visit.values.get("source_id")))
    filed(visit, contact, place.source_id, made=False)
    return answer({"source_id": place.source_id, "inbox": shapes.slim_inbox(visit.state)})
