"""Contacts: users and leads, unique by external id and e-mail address."""

from __future__ import annotations

from typing import Any

from chatdrill.model import ContactFiled
from chatdrill.wire import HttpResponse, json_response, strings_in
from chatdrill_fakes.desks.intercom import hooks, shapes
from chatdrill_fakes.desks.intercom.errors import invalid, missing, not_found, refuse
from chatdrill_fakes.desks.intercom.reading import Call, mapping, text_of
from chatdrill_fakes.desks.intercom.searching import found, page
from chatdrill_fakes.desks.intercom.state import Contact, IntercomState, Role, uuid

_ABOUT = ("avatar", "signed_up_at", "last_seen_at", "owner_id", "unsubscribed_from_emails")
_TEXTS = ("external_id", "email", "phone", "name")
PER_PAGE = 50


def create(visit: Call) -> HttpResponse:
    """POST /contacts."""
    values = visit.values
    if not any(values.get(name) for name in ("email", "external_id", "role")):
        raise missing(visit.state, "email, external_id or role is required")
    role = _role(visit)
    fields = _texts(visit)
    _unique(visit, role, fields)
    now = visit.exchange.now
    who = Contact(id=visit.state.chance.hex(24), role=role, external_id=None, made_at=now, changed_at=now)
    if role == "lead":
        who.external_id = uuid(visit.state.chance)
    for name, value in fields.items():
        setattr(who, name, value)
    visit.state.contacts[who.id] = who
    _fill(visit, who)
    _file(visit, who, made=True)
    return _shown(visit, who)


def lead(visit: Call, email: str) -> Contact:
    """A new lead with nothing but an address."""
    now, chance = visit.exchange.now, visit.state.chance
    who = Contact(id=chance.hex(24), role="lead", external_id=uuid(chance), email=email, made_at=now, changed_at=now)
    visit.state.contacts[who.id] = who
    _file(visit, who, made=True)
    return who


def update(visit: Call) -> HttpResponse:
    """PUT /contacts/{id}."""
    who = _contact(visit)
    role: Role = _role(visit) if visit.values.get("role") or visit.values.get("external_id") else who.role
    fields = _texts(visit)
    _unique(visit, role, fields, who)
    who.role = role
    for name, value in fields.items():
        setattr(who, name, value)
    who.changed_at = visit.exchange.now
    _fill(visit, who)
    _file(visit, who, made=False)
    return _shown(visit, who)


def show(visit: Call) -> HttpResponse:
    """GET /contacts/{id}."""
    return _shown(visit, _contact(visit))


def find(visit: Call) -> HttpResponse:
    """GET /contacts/find_by_external_id/{external_id}: users only."""
    wanted = visit.params["external_id"]
    for who in _live(visit.state):
        if who.role == "user" and who.external_id == wanted:
            return _shown(visit, who)
    raise not_found(visit.state, "User")


def listing(visit: Call) -> HttpResponse:
    """GET /contacts."""
    things = [shapes.contact(visit.state, who) for who in _live(visit.state)]
    return _paged(visit, things)


def search(visit: Call) -> HttpResponse:
    """POST /contacts/search; a new contact may not be found yet (setting ``search_delay_s``)."""
    ripe = visit.exchange.now - float(visit.state.settings["search_delay_s"])
    shown = [shapes.contact(visit.state, who) for who in _live(visit.state) if who.made_at <= ripe]
    return _paged(visit, found(visit, [(one, one) for one in shown], visit.values.get("query")))


def _paged(visit: Call, things: list[dict[str, Any]]) -> HttpResponse:
    data, pages = page(visit, things, per_page=PER_PAGE)
    return json_response({"type": "list", "data": data, "total_count": len(things), "pages": pages})


def merge(visit: Call) -> HttpResponse:
    """POST /contacts/merge: a lead goes up in a user; its id stops to resolve."""
    state = visit.state
    source, user = (state.contact(text_of(visit.values.get(name))) for name in ("from", "into"))
    if source is None or user is None:
        raise not_found(state, "User")
    if source.role != "lead" or user.role != "user":
        raise invalid(state, "A lead can only be merged into a user")
    for name in ("email", "phone", "name"):
        setattr(user, name, getattr(user, name) or getattr(source, name))
    user.custom_attributes = {**source.custom_attributes, **user.custom_attributes}
    user.changed_at = visit.exchange.now
    for ticket in state.tickets.values():
        ticket.contacts = list(dict.fromkeys(user.id if id == source.id else id for id in ticket.contacts))
        ticket.contact = user.id if ticket.contact == source.id else ticket.contact
    del state.contacts[source.id]
    visit.events.append(_filed(user, made=False))
    hooks.notify(state, None, "contact.merged", shapes.contact(state, user), visit.exchange.now)
    return _shown(visit, user)


def delete(visit: Call) -> HttpResponse:
    """DELETE /contacts/{id}: for good."""
    who = visit.state.contacts.get(visit.params["id"])
    if who is None:
        raise not_found(visit.state, "User")
    del visit.state.contacts[who.id]
    reference = shapes.contact_reference(who)
    hooks.notify(visit.state, None, "contact.deleted", reference, visit.exchange.now)
    return json_response({**reference, "deleted": True})


def archive(visit: Call) -> HttpResponse:
    """POST /contacts/{id}/archive."""
    return _set_archived(visit, True)


def unarchive(visit: Call) -> HttpResponse:
    """POST /contacts/{id}/unarchive."""
    return _set_archived(visit, False)


def _set_archived(visit: Call, archived: bool) -> HttpResponse:
    who = visit.state.contacts.get(visit.params["id"])
    if who is None:
        raise not_found(visit.state, "User")
    who.archived = archived
    topic = "contact.archived" if archived else "contact.unarchived"
    hooks.notify(visit.state, None, topic, shapes.contact(visit.state, who), visit.exchange.now)
    return json_response({**shapes.contact_reference(who), "archived": archived})


def block(visit: Call) -> HttpResponse:
    """POST /contacts/{id}/block."""
    who = _contact(visit)
    who.blocked = who.archived = True
    return json_response({**shapes.contact_reference(who), "blocked": True})


# ------------------------------------------------------------------------------------------------- helpers


def _live(state: IntercomState) -> list[Contact]:
    return [who for who in state.contacts.values() if not who.archived]


def _contact(visit: Call) -> Contact:
    who = visit.state.contact(visit.params["id"])
    if who is None:
        raise not_found(visit.state, "User")
    return who


def _role(visit: Call) -> Role:
    """A lead with an external id is a user."""
    role = visit.values.get("role") or "user"
    if role not in ("user", "lead", "contact", "contact_lead"):
        raise invalid(visit.state, "role must be either 'user' or 'lead'")
    return "user" if role == "user" or visit.values.get("external_id") else "lead"


def _texts(visit: Call) -> dict[str, str]:
    given = {name: visit.values[name] for name in _TEXTS if visit.values.get(name) is not None}
    for name, value in given.items():
        if not text_of(value):
            raise invalid(visit.state, f"{name} is invalid")
    return {name: text_of(value) for name, value in given.items()}


def _unique(visit: Call, role: Role, fields: dict[str, str], besides: Contact | None = None) -> None:
    """Two users share neither external id nor e-mail address; leads may share an address."""
    for name in ("external_id", "email"):
        wanted = fields.get(name)
        if not wanted or (name == "email" and role == "lead"):
            continue
        for who in visit.state.contacts.values():
            if who is not besides and who.role == "user" and getattr(who, name) == wanted:
                kind = "An archived contact" if who.archived else "A contact"
                message = f"{kind} matching those details already exists with id={who.id}"
                raise refuse(visit.state, 409, "conflict", message)


def _fill(visit: Call, who: Contact) -> None:
    who.about |= {name: visit.values[name] for name in _ABOUT if name in visit.values}
    who.custom_attributes |= mapping(visit, "custom_attributes")


def keys_of(who: Contact) -> tuple[str, ...]:
    """All texts by which the bot names a person."""
    named = (who.id, who.external_id, who.email, who.phone, who.custom_attributes)
    return tuple(dict.fromkeys(strings_in(named)))


def _filed(who: Contact, *, made: bool) -> ContactFiled:
    return ContactFiled(contact=who.id, keys=keys_of(who), name=who.name or "", made=made)


def _file(visit: Call, who: Contact, *, made: bool) -> None:
    visit.events.append(_filed(who, made=made))
    topic = f"contact.{who.role}.{'created' if made else 'updated'}"
    hooks.notify(visit.state, None, topic, shapes.contact(visit.state, who), visit.exchange.now)


def _shown(visit: Call, who: Contact) -> HttpResponse:
    return json_response(shapes.contact(visit.state, who))
