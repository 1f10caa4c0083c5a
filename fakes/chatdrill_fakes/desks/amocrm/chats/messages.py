"""Messages that the channel brings: new ones, imported ones, changed ones.

Who speaks is told by the parties: a sender alone is the customer; with a receiver the sender is an agent or the channel's
bot, named by ``ref_id``.
"""

from __future__ import annotations

from typing import Any, Literal

from chatdrill.model import Elapse, EntryChanged, File
from chatdrill.wire import HttpResponse, Later, json_response
from chatdrill_fakes.desks.amocrm import files, ids, landing, work
from chatdrill_fakes.desks.amocrm.chats.channel import (
    check_scope,
    conversation_by_client,
    keep_person,
    new_conversation,
    shown,
)
from chatdrill_fakes.desks.amocrm.chats.reading import body, child, fields, needed, person, source
from chatdrill_fakes.desks.amocrm.errors import chat_problem
from chatdrill_fakes.desks.amocrm.records import keys_of
from chatdrill_fakes.desks.amocrm.state import AmoState, AmoTicket, Arrival, Conversation, Document
from chatdrill_fakes.families.desks import Visit, fetched_file

TYPES = ("text", "contact", "file", "video", "picture", "voice", "audio", "sticker", "location")
MEDIA_TYPES = ("file", "video", "picture", "voice", "audio", "sticker")
NAMED_TYPES = ("file", "video", "picture")
FORWARDS_MAX = 1
_PAYLOAD = (
    ("timestamp", "integer", True),
    ("msec_timestamp", "integer", True),
    ("msgid", "string", True),
    ("conversation_id", "string", True),
    ("conversation_ref_id", "string", False),
    ("silent", "boolean", False),
)
_EDITED = (
    ("timestamp", "integer", False),
    ("msec_timestamp", "integer", False),
    ("msgid", "string", False),
    ("id", "string", False),
    ("conversation_id", "string", False),
    ("conversation_ref_id", "string", False),
)
_MESSAGE = (
    ("type", "string", True),
    ("text", "string", False),
    ("media", "string", False),
    ("file_name", "string", False),
    ("file_size", "integer", False),
    ("sticker_id", "string", False),
    ("callback_data", "string", False),
    ("media_duration", "integer", False),
)

Author = Literal["customer", "bot", "agent"]


def receive(visit: Visit[AmoState]) -> HttpResponse:
    """``POST /v2/origin/custom/{scope}``: a new message or a change of one."""
    given = body(visit)
    check_scope(visit)
    fields(given, (("event_type", "string", True),))
    handler = {"new_message": _new, "edit_message": _edit}.get(given["event_type"])
    if handler is None:
        raise chat_problem(400, "event_type: The value you selected is not a valid choice.")
    return handler(visit, needed(given, "payload"))


# -------------------------------------------------------------------------------------------------- new ones


def _new(visit: Visit[AmoState], payload: Document) -> HttpResponse:
    state = visit.state
    message = _checked(payload)
    author, sender, customer = _parties(state, payload)
    conversation = _conversation(state, payload)
    known = None if conversation is None else _accepted_before(state, conversation, payload["msgid"])
    if known is not None and conversation is not None:
        visit.to, visit.note = conversation.ticket, "this msgid was accepted before: nothing new is made of it"
        return _accepted(payload, author, sender, customer, known)
    link, file = _file(visit, message)
    conversation = _bound(state, payload, conversation, customer)
    ticket = _open(visit, conversation, customer, payload)
    item = _item(state, payload, message, author, sender, conversation, link)
    arrival = Arrival(item, author, bool(payload.get("silent")), payload["msgid"], file, _quoted(ticket, payload))
    ticket.ids[payload["msgid"]] = item["message"]["id"]
    _land(visit, ticket, arrival)
    return _accepted(payload, author, sender, customer, item["message"]["id"])


def _checked(payload: Document) -> Document:
    fields(payload, _PAYLOAD, "payload.")
    source(payload, "payload.")
    _check_quotes(payload)
    message = needed(payload, "message", "payload.")
    _check_message(message, edited=False)
    return message


def _check_message(message: Document, *, edited: bool) -> None:
    path = "payload.message."
    fields(message, _MESSAGE, path)
    kind = message["type"]
    if kind not in TYPES:
        raise chat_problem(400, f"{path}type: The value you selected is not a valid choice.")
    if kind == "text":
        fields(message, (("text", "string", True),), path)
    if kind in MEDIA_TYPES and not edited:
        fields(message, (("media", "string", True),), path)
    if kind in NAMED_TYPES and not edited:
        fields(message, (("file_name", "string", True), ("file_size", "integer", True)), path)
    if message.get("media") and not message["media"].startswith(("http://", "https://")):
        raise chat_problem(400, f"{path}media: This value is not a valid URL.")
    if kind == "location":
        point = needed(message, "location", path)
        fields(point, (("lon", "number", True), ("lat", "number", True)), f"{path}location.")
    if kind == "contact":
        card = needed(message, "contact", path)
        fields(card, (("name", "string", True), ("phone", "string", True)), f"{path}contact.")


def _check_quotes(payload: Document) -> None:
    reply = child(payload, "reply_to", "payload.")
    if reply is not None:
        needed(reply, "message", "payload.reply_to.")
    forwards = child(payload, "forwards", "payload.")
    if forwards is not None:
        listed = forwards.get("messages")
        if not isinstance(listed, list) or not 1 <= len(listed) <= FORWARDS_MAX or not isinstance(listed[0], dict):
            raise chat_problem(
                400, f"payload.forwards.messages: This collection should contain {FORWARDS_MAX} message."
            )


def _parties(state: AmoState, payload: Document) -> tuple[Author, Document, Document]:
    """Who speaks, the sender, and who of the two is the customer."""
    sender = person(needed(payload, "sender", "payload."), "payload.sender")
    receiver = child(payload, "receiver", "payload.")
    if receiver is None:
        return "customer", sender, sender
    person(receiver, "payload.receiver")
    ref_id = sender.get("ref_id")
    if ref_id == state.settings["bot_id"]:
        return "bot", sender, receiver
    if ref_id in state.amojo_ids.values():
        return "agent", sender, receiver
    raise chat_problem(
        400, "payload.sender.ref_id: with a receiver this must be a user's id or that of the channel's bot."
    )


def _conversation(state: AmoState, payload: Document) -> Conversation | None:
    """The chat that a payload names; one that an agent began is named by its ``conversation_ref_id``."""
    ref_id = payload.get("conversation_ref_id")
    if ref_id is None:
        return conversation_by_client(state, str(payload.get("conversation_id")))
    if ref_id not in state.conversations:
        raise chat_problem(400, "payload.conversation_ref_id: there is no such chat")
    return state.conversations[ref_id]


def _accepted_before(state: AmoState, conversation: Conversation, msgid: str) -> str | None:
    ticket = state.tickets.get(conversation.ticket or "")
    return None if ticket is None else ticket.ids.get(msgid)


def _bound(state: AmoState, payload: Document, conversation: Conversation | None, customer: Document) -> Conversation:
    """The chat, made where it is new, and bound to the channel's ids where an agent wrote first."""
    if conversation is None:
        return new_conversation(state, payload["conversation_id"], keep_person(state, customer), source(payload))
    if conversation.client_id is None:
        conversation.client_id = payload["conversation_id"]
        state.client_ids[payload["conversation_id"]] = conversation.id
    if conversation.person.client_id is None and customer.get("ref_id") == conversation.person.id:
        conversation.person.client_id = customer["id"]
        state.persons[customer["id"]] = conversation.person
    keep_person(state, customer)
    return conversation


def _open(visit: Visit[AmoState], conversation: Conversation, customer: Document, payload: Document) -> AmoTicket:
    keys = keys_of(customer, payload["conversation_id"])
    known = visit.state.tickets.get(conversation.ticket or "")
    now = visit.exchange.now if known is None else known.at(visit.exchange.now)
    scene = work.open_chat(visit.state, conversation, now, keys)
    visit.events.extend(scene.events)
    visit.to = scene.ticket.address
    return scene.ticket


def _item(
    state: AmoState,
    payload: Document,
    message: Document,
    author: Author,
    sender: Document,
    conversation: Conversation,
    link: str,
) -> Document:
    """The message as the history shows it."""
    customer = shown(state.persons.get(sender["id"], conversation.person))
    said: Document = {
        "id": ids.uuid(state.chance),
        "client_id": payload["msgid"],
        "type": message["type"],
        "text": message.get("text") or "",
        "media": link,
        "thumbnail": link if message["type"] in ("picture", "video") else "",
        "file_name": message.get("file_name") or "",
        "file_size": message.get("file_size") or 0,
    }
    said |= {name: message[name] for name in ("location", "contact", "media_duration") if message.get(name) is not None}
    item: Document = {"timestamp": payload["timestamp"], "msec_timestamp": payload["msec_timestamp"]}
    if author == "customer":
        return {**item, "sender": customer, "message": said}
    speaker = {"id": sender["ref_id"], "name": sender["name"]}
    return {**item, "sender": speaker, "receiver": shown(conversation.person), "message": said}


def _file(visit: Visit[AmoState], message: Document) -> tuple[str, File | None]:
    """What the vendor downloads at once: the link it gives out from then on, and the file."""
    url = message.get("media")
    if not url:
        return "", None
    (fetched,) = visit.read(url)
    file = fetched_file(fetched, visit.state.blobs, url=url, name=message.get("file_name"))
    return (files.publish(visit.state, file, visit.base_url) if file.sha256 else url), file


def _quoted(ticket: AmoTicket, payload: Document) -> str | None:
    quoted: Any = (payload.get("reply_to") or {}).get("message") or {}
    return quoted.get("id") or ticket.ids.get(str(quoted.get("msgid")))


def _land(visit: Visit[AmoState], ticket: AmoTicket, arrival: Arrival) -> None:
    """Show the message, at once or after the time that processing takes."""
    state, lag = visit.state, visit.state.number("lag_s")
    if lag > 0:
        id = arrival.item["message"]["id"]
        state.pending[id] = arrival
        visit.later.append(Later(lag, ticket.address, Elapse(agent="", what="message", data={"id": id})))
    else:
        visit.events.extend(landing.land(state, ticket, arrival, ticket.at(visit.exchange.now)))
    missed = state.number("missed_after_s")
    if missed > 0 and arrival.author == "customer" and not arrival.silent:
        visit.later.append(Later(lag + missed, ticket.address, Elapse(agent="", what="missed")))


def _accepted(payload: Document, author: Author, sender: Document, customer: Document, id: str) -> HttpResponse:
    return json_response(
        {
            "new_message": {
                "conversation_id": payload["conversation_id"],
                "sender_id": sender["id"],
                "receiver_id": None if author == "customer" else customer["id"],
                "msgid": id,
                "ref_id": payload["msgid"],
            }
        }
    )


# ------------------------------------------------------------------------------------------------ changed ones


def _edit(visit: Visit[AmoState], payload: Document) -> HttpResponse:
    state = visit.state
    fields(payload, _EDITED, "payload.")
    message = needed(payload, "message", "payload.")
    _check_message(message, edited=True)
    conversation = _conversation(state, payload)
    ticket = None if conversation is None else state.tickets.get(conversation.ticket or "")
    item = None if ticket is None else find_message(ticket, payload)
    if conversation is None or ticket is None or item is None:
        raise chat_problem(400, "payload.msgid: there is no such message in this chat")
    link, _ = _file(visit, message)
    visit.to = ticket.address
    said = item["message"]
    said["type"], said["text"] = message["type"], message.get("text") or ""
    if link:
        said["media"] = link
    if payload.get("id") and payload.get("msgid"):
        said["client_id"] = payload["msgid"]
        ticket.ids[payload["msgid"]] = said["id"]
    visit.events.append(EntryChanged(ticket=ticket.address, entry_id=said["id"], text=said["text"]))
    return json_response(
        {
            "new_message": {
                "conversation_id": conversation.client_id,
                "sender_id": item["sender"].get("client_id", item["sender"]["id"]),
                "receiver_id": None,
                "msgid": said["id"],
                "ref_id": said.get("client_id"),
            }
        }
    )


def find_message(ticket: AmoTicket, named: Document) -> Document | None:
    """The message that is named by the chats API's ``id`` or the channel's ``msgid``."""
    return ticket.messages.get(str(named.get("id"))) or ticket.messages.get(ticket.ids.get(str(named.get("msgid")), ""))
