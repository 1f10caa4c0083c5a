"""The objects of the API as JSON."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

from chatdrill.model import File
from chatdrill.wire import Seat
from chatdrill_fakes.desks.chat2desk.state import Chat2DeskState, Client, Dialog, Message

CLIENT_FIELDS = (
    "nickname",
    "assigned_name",
    "comment",
    "extra_comment_1",
    "extra_comment_2",
    "extra_comment_3",
    "external_id",
    "custom_fields",
    "client_phone",
    "avatar",
)
_KINDS = {"image/": "photo", "video/": "video", "audio/": "audio", "application/pdf": "pdf"}


def moment(at: float) -> str:
    """A date inside an object: ``2026-01-15T10:00:00 UTC``."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%S} UTC"


def event_time(at: float) -> str:
    """A date of a webhook: ``2026-01-15T10:00:00Z``."""
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def link_of(state: Chat2DeskState, file: File) -> str:
    """Where a file of the desk lies for everybody who has the link; the bot's own link if the desk has no bytes."""
    if not file.sha256:
        return file.url or ""
    name = file.name or "file"
    state.uploads[f"{file.sha256[:32]}/{name}"] = file
    return f"{state.base_url}/uploads/{file.sha256[:32]}/{quote(name, safe='')}"


def media(state: Chat2DeskState, files: tuple[File, ...]) -> dict[str, Any]:
    """The fields of a message that hold files: the first of each kind, and all of them."""
    shown: dict[str, Any] = dict.fromkeys(("photo", "video", "audio", "pdf"))
    for file in files:
        kind = next((name for prefix, name in _KINDS.items() if file.mime.startswith(prefix)), None)
        if kind is not None and shown[kind] is None:
            shown[kind] = link_of(state, file)
    return {**shown, "attachments": [{"name": file.name or "file", "link": link_of(state, file)} for file in files]}


def client_in_hook(client: Client) -> dict[str, Any]:
    """The client inside a message's webhook."""
    return {
        "id": int(client.id),
        "phone": client.phone,
        "name": client.fields.get("nickname"),
        "assigned_name": client.fields.get("assigned_name"),
        "client_phone": client.fields.get("client_phone"),
        "external_id": client.fields.get("external_id"),
    }


def client(client: Client) -> dict[str, Any]:
    """A client."""
    fields = {name: client.fields.get(name) for name in CLIENT_FIELDS if name != "nickname"}
    return {
        "id": int(client.id),
        "phone": client.phone,
        "name": client.fields.get("nickname"),
        **fields,
        "tags": [int(tag) for tag in client.tags],
        "channels": [{"id": int(client.channel_id), "transports": [client.transport]}],
    }


def message(state: Chat2DeskState, message: Message) -> dict[str, Any]:
    """A message."""
    dialog = state.tickets[message.dialog]
    return {
        "id": int(message.id),
        "text": message.text,
        "coordinates": message.coordinates,
        "transport": dialog.client.transport,
        "type": message.kind,
        "read": str(int(message.read)),
        "created": moment(message.at),
        "remote_id": None,
        "recipient_status": message.status,
        "dialog_id": int(message.dialog),
        "operator_id": None if message.operator is None else int(message.operator),
        "channel_id": int(dialog.client.channel_id),
        "client_id": int(dialog.client.id),
        "request_id": int(message.request),
        "external_id": message.external_id,
        "is_new": not message.read,
        "extra_data": message.extra,
        "ai_tips": None,
        **media(state, message.files),
    }


def dialog(state: Chat2DeskState, dialog: Dialog) -> dict[str, Any]:
    """A dialog."""
    messages = dialog.messages
    return {
        "id": int(dialog.address),
        "state": "open" if dialog.is_open else "closed",
        "begin": moment(dialog.made_at),
        "end": None if dialog.ended_at is None or dialog.is_open else moment(dialog.ended_at),
        "operator_id": state.operator_id(dialog.assignee),
        "last_message": message(state, messages[-1]) if messages else None,
        "messages": len(messages),
    }


def operator(state: Chat2DeskState, seat: Seat) -> dict[str, Any]:
    """An operator."""
    agent = seat.agent
    return {
        "id": int(seat.id),
        "email": agent.email or f"{agent.key}@atelier.example",
        "phone": None,
        "role": "operator",
        "online": int(seat.presence == "online"),
        "offline_type": {"online": None, "away": "break", "offline": "offline"}[seat.presence],
        "first_name": agent.first_name,
        "last_name": agent.last_name,
        "last_visit": None,
        "opened_dialogs": state.load_of(agent.key),
        "status_id": state.statuses.get(agent.key),
        "external_id": None,
        "avatar": None,
        "two_factor": False,
    }
