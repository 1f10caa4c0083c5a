"""A message leaves the account: it stands in the chat, and the channel's hook takes it to the bot."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from chatdrill.errors import UsageError
from chatdrill.model import Entry, File
from chatdrill_fakes.desks.amocrm import files, hooks, ids, shapes
from chatdrill_fakes.desks.amocrm.records import phones
from chatdrill_fakes.desks.amocrm.scene import Scene
from chatdrill_fakes.desks.amocrm.state import Conversation, Document, Person


@dataclass(frozen=True, kw_only=True)
class Outgoing:
    """What is said. ``kind`` is the chats API's type of message; ``more`` are fields of the hook that few messages have."""

    kind: str = "text"
    text: str = ""
    file: File | None = None
    more: Document | None = None
    reply_to: str | None = None


@dataclass(frozen=True)
class Speaker:
    """Who says it: the id in the chats API, the name, and the entry's author."""

    id: str
    name: str
    author: Literal["agent", "system"] = "agent"


def send(scene: Scene, speaker: Speaker, said: Outgoing) -> str:
    """Say something to the customer; returns the message's id. Raises ``UsageError`` where there is no chat to say it in."""
    state, ticket = scene.state, scene.ticket
    conversation = state.conversation_of(ticket) or write_first(scene)
    message = _message(scene, said)
    stamps = {"timestamp": int(scene.now), "msec_timestamp": int(scene.now * 1000)}
    sender = {"id": speaker.id, "name": speaker.name}
    ticket.messages[message["id"]] = {
        **stamps,
        "sender": sender,
        "receiver": _receiver(conversation.person, named=True),
        "message": message,
    }
    scene.entry(_entry(scene, speaker, said, message["id"]))
    about: Document = {
        "receiver": _receiver(conversation.person),
        "sender": {"id": speaker.id},
        "conversation": _named(conversation),
        **({"source": {"external_id": conversation.source}} if conversation.source is not None else {}),
        **stamps,
        "message": {**message, **_quote(scene, said)},
    }
    hooks.tell_channel(state, "message", message["id"], {"message": about}, to=ticket.address, now=scene.now)
    scene.hook(
        "add_message", "message", "add", shapes.message(state, ticket, ticket.messages[message["id"]], "internal")
    )
    return str(message["id"])


def write_first(scene: Scene) -> Conversation:
    """A chat that an agent begins by a phone number: the channel has no id for it yet. Raises ``UsageError``."""
    state, ticket = scene.state, scene.ticket
    contact = state.contacts.get(int(ticket.contact or 0))
    phone = "" if contact is None else next((each.lstrip("+") for each in phones(contact)), "")
    if not phone or contact is None or not state.on("write_first"):
        raise UsageError(f"amocrm: {ticket.address} has no chat, and no phone number to begin one with")
    who = Person(ids.uuid(state.chance), None, contact["name"], phone=phone)
    conversation = Conversation(ids.uuid(state.chance), None, who, contact=contact["id"], ticket=ticket.address)
    conversation.link = state.next_id()
    state.conversations[conversation.id] = conversation
    ticket.chat = conversation.id
    return conversation


def _message(scene: Scene, said: Outgoing) -> Document:
    file = said.file
    link = "" if file is None else files.publish(scene.state, file, scene.state.base_url)
    return {
        "id": ids.uuid(scene.state.chance),
        "type": said.kind,
        "text": said.text,
        "tag": "",
        "media": link,
        "thumbnail": link if said.kind in ("picture", "video") else "",
        "file_name": "" if file is None else files.name_of(file),
        "file_size": 0 if file is None else file.size_bytes,
        **(said.more or {}),
    }


def _entry(scene: Scene, speaker: Speaker, said: Outgoing, id: str) -> Entry:
    return Entry(
        id=id,
        author=speaker.author,
        at=scene.now,
        text=said.text,
        files=() if said.file is None else (said.file,),
        reply_to=said.reply_to,
        said_by=speaker.name,
    )


def _receiver(who: Person, *, named: bool = False) -> Document:
    """The customer; phone and e-mail are empty texts where they are not known."""
    receiver = {"id": who.id, "phone": who.phone, "email": who.email}
    if who.client_id is not None:
        receiver["client_id"] = who.client_id
    return {**receiver, "name": who.name} if named else receiver


def _named(conversation: Conversation) -> Document:
    known = {"id": conversation.id}
    return known if conversation.client_id is None else {**known, "client_id": conversation.client_id}


def _quote(scene: Scene, said: Outgoing) -> Document:
    item = scene.ticket.messages.get(said.reply_to or "")
    if item is None:
        return {}
    quoted = item["message"]
    told = {
        "id": quoted["id"],
        "type": quoted["type"],
        "text": quoted["text"],
        "timestamp": item["timestamp"],
        "msec_timestamp": item["msec_timestamp"],
        "sender": {"id": item["sender"]["id"], "name": item["sender"].get("name", "")},
    }
    if quoted.get("client_id"):
        told["msgid"] = quoted["client_id"]
    return {"reply_to": {"message": told}}
