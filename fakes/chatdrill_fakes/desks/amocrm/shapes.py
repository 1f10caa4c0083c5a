"""Things of the CRM as its webhooks tell them: numbers are texts there, and names differ from those of the API.

Source: amoCRM developer documentation, "Webhooks format" (2026-01), and fields that bots read in the wild (talks, notes and
the newer fields of messages; the documentation shows fewer).
"""

from __future__ import annotations

from typing import Any

import msgspec

from chatdrill_fakes.desks.amocrm.state import AmoState, AmoTicket, Document, Incoming, Talk

NOTE_TYPES = {
    "common": 4,
    "call_in": 10,
    "call_out": 11,
    "attachment": 5,
    "service_message": 25,
    "extended_service_message": 25,
    "message_cashier": 26,
    "geolocation": 33,
    "sms_in": 102,
    "sms_out": 103,
}
_ELEMENT_TYPES = {"contacts": 1, "leads": 2}


def lead(state: AmoState, lead: Document, **more: Any) -> Document:
    """A lead."""
    return {
        "id": lead["id"],
        "name": lead["name"],
        "status_id": lead["status_id"],
        **more,
        "price": lead["price"],
        "responsible_user_id": lead["responsible_user_id"],
        "last_modified": lead["updated_at"],
        "modified_user_id": lead["updated_by"],
        "created_user_id": lead["created_by"],
        "date_create": lead["created_at"],
        "pipeline_id": lead["pipeline_id"],
        "tags": [{"id": tag["id"], "name": tag["name"]} for tag in lead["_embedded"]["tags"]],
        "account_id": state.account_id,
        "custom_fields": _custom_fields(lead),
        "created_at": lead["created_at"],
        "updated_at": lead["updated_at"],
    }


def contact(state: AmoState, contact: Document) -> Document:
    """A contact."""
    return {
        "id": contact["id"],
        "name": contact["name"],
        "responsible_user_id": contact["responsible_user_id"],
        "date_create": contact["created_at"],
        "last_modified": contact["updated_at"],
        "created_user_id": contact["created_by"],
        "modified_user_id": contact["updated_by"],
        "account_id": state.account_id,
        "custom_fields": _custom_fields(contact),
        "linked_leads_id": {
            str(lead["id"]): {"ID": lead["id"]}
            for lead in state.leads.values()
            if contact["id"] in lead["contacts"] and not lead["is_deleted"]
        },
        "created_at": contact["created_at"],
        "updated_at": contact["updated_at"],
        "type": "contact",
    }


def talk(state: AmoState, ticket: AmoTicket, talk: Talk) -> Document:
    """A talk."""
    conversation = state.conversation_of(ticket)
    return {
        "talk_id": talk.id,
        "created_at": int(talk.created_at),
        "updated_at": int(talk.updated_at),
        "rate": talk.rate,
        "contact_id": None if conversation is None else conversation.contact,
        "chat_id": ticket.chat,
        "entity_id": ticket.lead,
        "entity_type": "lead" if ticket.lead is not None else None,
        "is_in_work": talk.in_work,
        "is_read": talk.is_read,
        "origin": state.settings["channel_code"],
    }


def incoming(state: AmoState, incoming: Incoming) -> Document:
    """An incoming lead."""
    lead = state.leads[incoming.lead]
    contact = {} if incoming.contact is None else state.contacts[incoming.contact]
    return {
        "uid": incoming.uid,
        "source_uid": incoming.source_uid,
        "category": incoming.category,
        "account_id": state.account_id,
        "source": incoming.source_name,
        "pipeline_id": lead["pipeline_id"],
        "source_data": incoming.metadata,
        "data": {
            "leads": [
                {
                    "id": lead["id"],
                    "name": lead["name"],
                    "status_id": lead["status_id"],
                    "pipeline_id": lead["pipeline_id"],
                    "date_create": lead["created_at"],
                    "created_user_id": 0,
                }
            ],
            "contacts": [{"id": contact["id"], "name": contact["name"]}] if contact else [],
        },
        "created_at": int(incoming.created_at),
    }


def note(state: AmoState, note: Document, user: str) -> Document:
    """A note, in the doubled brackets that the vendor sends (``leads[note][0][note][text]``)."""
    source = {"event_source": {"type": 1, "author_name": user, "entity_id": note["created_by"]}}
    return {
        "note": {
            "id": note["id"],
            "note_type": NOTE_TYPES[note["note_type"]],
            "element_type": _ELEMENT_TYPES[note["entity_type"]],
            "element_id": note["entity_id"],
            "text": note["params"].get("text", ""),
            "metadata": msgspec.json.encode(source).decode(),
            "date_create": note["created_at"],
            "created_by": note["created_by"],
            "modified_by": note["updated_by"],
            "main_user_id": note["responsible_user_id"],
            "group_id": 0,
            "account_id": state.account_id,
        }
    }


def message(state: AmoState, ticket: AmoTicket, item: Document, author: str) -> Document:
    """A message of a chat; ``author`` is ``external`` (the customer) or ``internal``."""
    conversation = state.conversation_of(ticket)
    said = item["message"]
    told: Document = {
        "id": said["id"],
        "chat_id": ticket.chat,
        "talk_id": None if ticket.talk is None else ticket.talk.id,
        "contact_id": None if conversation is None else conversation.contact,
        "text": said["text"],
        "created_at": item["timestamp"],
        "origin": state.settings["channel_code"],
        "type": "incoming" if author == "external" else "outgoing",
        "author": {"id": item["sender"]["id"], "name": item["sender"].get("name", ""), "type": author},
        "element_type": None if ticket.lead is None else 2,
        "element_id": ticket.lead,
        "entity_type": None if ticket.lead is None else "lead",
        "entity_id": ticket.lead,
    }
    if said["media"]:
        told["attachment"] = {"type": said["type"], "link": said["media"], "file_name": said["file_name"]}
    return told


def _custom_fields(thing: Document) -> list[Document]:
    return [
        {
            "id": field.get("field_id"),
            "name": field.get("field_name", ""),
            "values": [
                {"value": value.get("value"), "enum": value.get("enum_id")}
                if "enum_id" in value
                else value.get("value")
                for value in field["values"]
            ],
            "code": field.get("field_code"),
        }
        for field in thing["custom_fields_values"] or ()
    ]
