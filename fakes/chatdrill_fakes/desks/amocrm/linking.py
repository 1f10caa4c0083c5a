"""Chats, contacts and leads find each other."""

from __future__ import annotations

from collections.abc import Sequence

from chatdrill.model import ContactFiled, DeskEvent, HandoffAsked, TicketOpened
from chatdrill_fakes.desks.amocrm.records import keys_of
from chatdrill_fakes.desks.amocrm.scene import Scene
from chatdrill_fakes.desks.amocrm.state import FINAL, AmoState, AmoTicket, Conversation, Document


def link(state: AmoState, conversation: Conversation, contact: int, now: float) -> Sequence[DeskEvent]:
    """Give a chat to a contact. The lead that is open with the contact is worked on in the chat from then on: the ticket of
    a lead alone becomes that of the chat, unless the chat has one already."""
    conversation.contact, conversation.link = contact, state.next_id()
    known = state.contacts[contact]
    keys = keys_of(conversation.client_id, conversation.person.client_id, conversation.person.phone)
    events: list[DeskEvent] = [ContactFiled(contact=str(contact), keys=keys, name=known["name"], made=False)]
    lone = next((each for each in state.tickets.values() if each.chat is None and each.contact == str(contact)), None)
    if conversation.ticket is None:
        if lone is not None:
            lone.chat, conversation.ticket = conversation.id, lone.address
        return events
    ticket = state.tickets[conversation.ticket]
    ticket.contact = str(contact)
    if lone is not None and _has_open_lead(state, lone):
        scene = Scene(state, ticket, ticket.at(now), state.bot_user, events)
        _join(scene, lone)
    return events


def _has_open_lead(state: AmoState, ticket: AmoTicket) -> bool:
    lead = state.lead_of(ticket)
    return lead is not None and lead["status_id"] not in FINAL and not lead["is_deleted"]


def _join(scene: Scene, lone: AmoTicket) -> None:
    """The lead of a ticket without a chat moves into the chat's ticket, with who works on it."""
    ticket = scene.ticket
    ticket.lead, lone.lead = lone.lead, None
    if lone.asked or lone.assignee is not None:
        scene.tell(HandoffAsked(ticket=ticket.address))
    ticket.waiting, lone.waiting = ticket.waiting or lone.waiting, False
    ticket.incoming, lone.incoming = ticket.incoming or lone.incoming, None
    if lone.assignee is not None and ticket.assignee is None:
        scene.assigned(lone.assignee)
    lone.assignee = None


def open_lead(state: AmoState, lead: Document, given: Document, *, now: float, by: int) -> Scene:
    """The ticket in which a new lead is worked on: the chat of its contact, or one of its own."""
    contact = next(iter(lead["contacts"]), None)
    ticket = None if contact is None else state.ticket_of_contact(contact)
    if ticket is not None:
        scene = Scene(state, ticket, ticket.at(now), by)
        ticket.lead = lead["id"]
        return scene
    ticket = AmoTicket(address=str(lead["id"]), contact=None if contact is None else str(contact), made_at=now)
    ticket.lead = lead["id"]
    state.chats[ticket.address] = ticket
    _give_chat(state, ticket, contact)
    scene = Scene(state, ticket, now, by)
    known: Document = state.contacts.get(contact or 0, {})
    about = {"name": known.get("name"), "fields": known.get("custom_fields_values")}
    scene.tell(
        TicketOpened(
            ticket=ticket.address,
            contact=ticket.contact,
            keys=keys_of(about, given),
            name=known.get("name", ""),
            subject=lead["name"],
            fields={name: value for name, value in given.items() if name not in ("name", "request_id")},
            request_key=None if given.get("request_id") is None else str(given["request_id"]),
        )
    )
    return scene


def _give_chat(state: AmoState, ticket: AmoTicket, contact: int | None) -> None:
    """A chat without messages that belongs to the contact already becomes the ticket's."""
    for conversation in state.conversations.values():
        if contact is not None and conversation.contact == contact and conversation.ticket is None:
            ticket.chat, conversation.ticket = conversation.id, ticket.address
            return
