"""Conversations: begun by a contact, read, searched, written in."""

from __future__ import annotations

from typing import Any

from chatdrill.model import EntryAdded, StateChanged, TicketOpened
from chatdrill.wire import HttpResponse, json_response
from chatdrill_fakes.desks.intercom import assigning, bodies, doing, hooks, shapes
from chatdrill_fakes.desks.intercom.contacts import keys_of
from chatdrill_fakes.desks.intercom.doing import Said
from chatdrill_fakes.desks.intercom.errors import invalid, not_found
from chatdrill_fakes.desks.intercom.reading import (
    Call,
    admin,
    contact_named,
    conversation,
    mapping,
    said,
    scene,
    text_of,
)
from chatdrill_fakes.desks.intercom.searching import found, page
from chatdrill_fakes.desks.intercom.state import Contact, IntercomTicket, Part

PER_PAGE = 20
_SENDERS = ("user", "lead", "contact")


def create(visit: Call) -> HttpResponse:
    """POST /conversations. The answer is the *message*: its ``id`` is not the conversation's."""
    sender = mapping(visit, "from")
    if sender.get("type") not in _SENDERS:
        raise invalid(visit.state, "from.type must be one of user, lead, contact")
    who = visit.state.contact(text_of(sender.get("id"))) or contact_named(visit.state, sender)
    if who is None:
        raise not_found(visit.state, "User")
    words = said(visit, markup=False)
    made = begin(visit, who, words)
    hooks.tell(visit.state, made, "conversation.user.created", made.made_at)
    if visit.state.on("default_team"):
        team = visit.state.settings["team_id"]
        operator = scene(visit, made, who.author).as_operator()
        assigning.assign(operator, "team", team, asks=True, automatic=True, kind="default_assignment")
    return json_response(
        {
            "type": "user_message",
            "id": made.source.id,
            "created_at": int(made.made_at),
            "body": text_of(visit.values.get("body")),
            "message_type": "inapp",
            "conversation_id": made.address,
        }
    )


def begin(
    visit: Call, who: Contact, words: Said, *, subject: str = "", fields: dict[str, Any] | None = None
) -> IntercomTicket:
    """A new conversation with what its contact said first."""
    state, now = visit.state, visit.exchange.now
    source = Part(
        id=state.next_id("message"),
        kind="source",
        author=who.author,
        at=now,
        stated_at=words.stated_at,
        body=words.body,
        text=words.text,
        files=words.files,
    )
    made = IntercomTicket(
        address=state.next_id("conversation"),
        source=source,
        contact=who.id,
        contacts=[who.id],
        state="open",
        made_at=now,
        changed_at=now,
        waiting_since=int(now),
        first_reply_at=int(now),
    )
    state.tickets[made.address] = made
    visit.to = made.address
    opened = TicketOpened(
        ticket=made.address,
        contact=who.id,
        keys=keys_of(who),
        name=who.name or "",
        subject=subject,
        fields=fields or {},
    )
    visit.events += [opened, StateChanged(ticket=made.address, state="open", word="open")]
    if words.body is not None or words.files:
        entry = doing.entry_of(state, source)
        made.entries.append(entry)
        visit.events.append(EntryAdded(ticket=made.address, entry=entry))
    return made


def show(visit: Call) -> HttpResponse:
    """GET /conversations/{id}."""
    plain = visit.values.get("display_as") == "plaintext"
    return shown(visit, conversation(visit), plain=plain)


def shown(visit: Call, ticket: IntercomTicket, *, plain: bool = False) -> HttpResponse:
    """The whole conversation as an answer."""
    return json_response(shapes.conversation(visit.state, ticket, plain=plain, base_url=visit.base_url))


def listing(visit: Call) -> HttpResponse:
    """GET /conversations."""
    return _paged(visit, [shown for _, shown in _all(visit)], options={})


def search(visit: Call) -> HttpResponse:
    """POST /conversations/search."""
    return _paged(visit, found(visit, _all(visit), visit.values.get("query")))


def _all(visit: Call) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    state = visit.state
    live = [one for one in state.tickets.values() if not one.deleted]
    live.sort(key=lambda one: one.changed_at, reverse=True)
    items = [(one, shapes.conversation_item(state, one, base_url=visit.base_url)) for one in live]
    return [({**item, **_searched(one)}, item) for one, item in items]


def _searched(ticket: IntercomTicket) -> dict[str, Any]:
    """Names that can be searched for and are in no conversation object."""
    teammates = [ticket.admin_id] if ticket.admin_id else []
    return {"contact_ids": ticket.contacts, "teammate_ids": teammates, "tag_ids": list(ticket.tags)}


def _paged(visit: Call, things: list[dict[str, Any]], options: dict[str, Any] | None = None) -> HttpResponse:
    some, pages = page(visit, things, per_page=PER_PAGE, options=options)
    body = {"type": "conversation.list", "conversations": some, "total_count": len(things), "pages": pages}
    return json_response(body)


def update(visit: Call) -> HttpResponse:
    """PUT /conversations/{id}."""
    ticket = conversation(visit)
    attributes = mapping(visit, "custom_attributes")
    if isinstance(visit.values.get("read"), bool):
        ticket.read = bool(visit.values["read"])
    if "title" in visit.values:
        ticket.title = text_of(visit.values["title"]) or None
    deed = scene(visit, ticket, visit.state.operator)
    for name, value in attributes.items():
        ticket.custom_attributes[name] = value
        doing.add_part(deed, "conversation_attribute_updated_by_admin")
    ticket.changed_at = deed.at
    return shown(visit, ticket)


def reply(visit: Call) -> HttpResponse:
    """POST /conversations/{id}/reply; the id ``last`` is the latest conversation of the contact."""
    ticket = _latest(visit) if visit.params["id"] == "last" else conversation(visit)
    say(visit, ticket)
    return shown(visit, ticket)


def _latest(visit: Call) -> IntercomTicket:
    who = contact_named(visit.state, visit.values)
    if who is None:
        raise not_found(visit.state, "User")
    own = [one for one in visit.state.tickets.values() if who.id in one.contacts and not one.deleted]
    if not own:
        raise not_found(visit.state)
    return conversation(visit, max(own, key=lambda one: one.changed_at).address)


def say(visit: Call, ticket: IntercomTicket) -> Part:
    """A reply of a customer or of an admin, as its ``type`` says."""
    kind, by = visit.values.get("message_type", "comment"), visit.values.get("type")
    if by == "admin" and kind in ("comment", "note", "quick_reply"):
        return _say_as_admin(visit, ticket, str(kind))
    if by in _SENDERS and kind in ("comment", "quick_reply"):
        return _say_as_customer(visit, ticket, str(kind))
    if by not in ("admin", *_SENDERS):
        raise invalid(visit.state, "type must be one of user, admin")
    raise invalid(visit.state, f"message_type is invalid for type {by}")


def _say_as_admin(visit: Call, ticket: IntercomTicket, kind: str) -> Part:
    author = admin(visit)
    if kind != "quick_reply":
        return doing.admin_says(scene(visit, ticket, author), kind, said(visit, markup=True))
    words = said(visit, markup=True, needs_words=False)
    options = {"quick_reply_options": _options(visit)}
    offer = Said(words.body, words.text, words.files, words.stated_at, options)
    return doing.admin_says(scene(visit, ticket, author), kind, offer)


def _say_as_customer(visit: Call, ticket: IntercomTicket, kind: str) -> Part:
    who = contact_named(visit.state, visit.values)
    if who is None or who.id not in ticket.contacts:
        raise not_found(visit.state, "User")
    words = _choice(visit) if kind == "quick_reply" else said(visit, markup=False)
    deed = scene(visit, ticket, who.author)
    part = doing.customer_says(deed, words, stay_snoozed=visit.values.get("skip_unsnooze") is True)
    assigning.reassign_if_away(deed)
    return part


def _choice(visit: Call) -> Said:
    """A quick reply that the customer chose is a comment with its text."""
    option = _options(visit)[0]
    return Said(*bodies.from_words(option["text"]), metadata={"quick_reply_uuid": option["uuid"]})


def _options(visit: Call) -> list[dict[str, str]]:
    options = visit.values.get("reply_options")
    if not isinstance(options, list) or not options:
        raise invalid(visit.state, "reply_options is required for quick_reply")
    if not all(isinstance(one, dict) and text_of(one.get("text")) and text_of(one.get("uuid")) for one in options):
        raise invalid(visit.state, "reply_options must have text and uuid")
    return [{"text": text_of(one["text"]), "uuid": text_of(one["uuid"])} for one in options]
