"""Talks: sessions of support inside a chat."""

from __future__ import annotations

from chatdrill.model import Elapse
from chatdrill.wire import HttpResponse, Later
from chatdrill_fakes.desks.amocrm import work
from chatdrill_fakes.desks.amocrm.crm.reading import document, kinds, link
from chatdrill_fakes.desks.amocrm.errors import hal, invalid, no_content, problem
from chatdrill_fakes.desks.amocrm.scene import Scene
from chatdrill_fakes.desks.amocrm.state import AmoState, AmoTicket, Document, Talk
from chatdrill_fakes.families.desks import Visit


def get(visit: Visit[AmoState]) -> HttpResponse:
    """``GET /talks/{id}``."""
    ticket, talk = _find(visit)
    return hal(_shown(visit, ticket, talk))


def close(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /talks/{id}/close``: 202 without a body; the rating bot asks first unless it is forced."""
    ticket, _ = _find(visit)
    given = document(visit, optional=True)
    wrong = kinds(given, (("force_close", "boolean", False),))
    if wrong:
        raise invalid([("0", wrong)])
    scene = Scene(visit.state, ticket, ticket.at(visit.exchange.now), visit.state.bot_user)
    if not work.close_talk(scene, force=bool(given.get("force_close"))):
        raise problem(422, "The talk is closed or being closed")
    visit.events.extend(scene.events)
    if ticket.talk is not None and ticket.talk.closing:
        visit.later.append(Later(visit.state.number("nps_wait_s"), ticket.address, Elapse(agent="", what="nps")))
    return no_content(202)


def _find(visit: Visit[AmoState]) -> tuple[AmoTicket, Talk]:
    state, text = visit.state, visit.params["id"]
    id = int(text) if text.isascii() and text.isdigit() and len(text) < 16 else 0
    ticket = state.tickets.get(state.talks.get(id, ""))
    if ticket is None or ticket.talk is None or ticket.talk.id != id:
        raise problem(404, "Talk not found")
    visit.to = ticket.address
    return ticket, ticket.talk


def _shown(visit: Visit[AmoState], ticket: AmoTicket, talk: Talk) -> Document:
    state = visit.state
    conversation = state.conversation_of(ticket)
    contact = None if conversation is None else conversation.contact
    return {
        "talk_id": talk.id,
        "created_at": int(talk.created_at),
        "updated_at": int(talk.updated_at),
        "rate": talk.rate,
        "contact_id": contact,
        "chat_id": ticket.chat,
        "entity_id": ticket.lead,
        "entity_type": None if ticket.lead is None else "lead",
        "is_in_work": talk.in_work,
        "is_read": talk.is_read,
        "origin": state.settings["channel_code"],
        "missed_at": None if talk.missed_at is None else int(talk.missed_at),
        "account_id": state.account_id,
        "_links": link(visit, f"talks/{talk.id}"),
        "_embedded": {
            "contacts": [] if contact is None else [{"id": contact, "_links": link(visit, f"contacts/{contact}")}],
            "leads": []
            if ticket.lead is None
            else [{"id": ticket.lead, "_links": link(visit, f"leads/{ticket.lead}")}],
            "customers": [],
        },
    }
