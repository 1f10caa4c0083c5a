"""Calls about clients."""

from __future__ import annotations

import re

import msgspec

from chatdrill.model import ContactFiled
from chatdrill.wire import HttpResponse, strings_in
from chatdrill_fakes.desks.chat2desk import hooks, shapes
from chatdrill_fakes.desks.chat2desk.answers import At, client_of, failure, number, page, success, text, wrong
from chatdrill_fakes.desks.chat2desk.state import Chat2DeskState, Client
from chatdrill_fakes.families.desks import Refused

TRANSPORTS = (
    "whatsapp",
    "wa_dialog",
    "viber",
    "viber_public",
    "telegram",
    "vkontakte",
    "facebook",
    "insta_i2crm",
    "sms",
    "widget",
    "external",
)
_NOT_DIGITS = re.compile(r"\D")


def digits(phone: str) -> str:
    """A phone number as the API keeps it."""
    return _NOT_DIGITS.sub("", phone)


def keys_of(client: Client) -> tuple[str, ...]:
    """All texts by which the bot names the person."""
    return tuple(
        dict.fromkeys(word for word in strings_in([client.id, client.phone, client.spelled, client.fields]) if word)
    )


def filed(client: Client, *, made: bool) -> ContactFiled:
    """The event of a new or changed client."""
    return ContactFiled(ticket=client.dialog, contact=client.id, keys=keys_of(client), name=client.name, made=made)


def make(state: Chat2DeskState, phone: str, transport: str, *, spelled: str, by_id: bool = False) -> Client:
    """A new client of the account's channel; ``spelled`` is the number as the call wrote it."""
    client = Client(
        state.new_id("client"), phone, transport, state.settings["channel_id"], by_id=by_id, spelled=[spelled]
    )
    state.clients[client.id] = client
    state.numbers[phone, transport, by_id] = client.id
    return client


def own_channel(visit: At) -> None:
    """Raises ``Refused`` for a channel that the account does not have."""
    channel = text(visit, "channel_id")
    if channel is not None and channel != visit.state.settings["channel_id"]:
        raise wrong("channel_id", "Channel not found")


def transport_of(visit: At) -> str:
    """The transport that a call names, or that of the channel; raises ``Refused`` for an unknown one."""
    transport = text(visit, "transport") or visit.state.settings["transport"]
    if transport not in TRANSPORTS:
        raise wrong("transport", "is not included in the list")
    return transport


def create(visit: At) -> HttpResponse:
    """POST /clients: a second one with the same number is refused, and the error holds the first as JSON text."""
    spelled, transport = text(visit, "phone") or "", transport_of(visit)
    phone = digits(spelled)
    own_channel(visit)
    if not phone:
        raise wrong("phone", "can't be blank")
    known = visit.state.client_by(phone, transport)
    if known is not None:
        told = msgspec.json.encode(shapes.client(known)).decode()
        raise Refused(failure(400, errors={"client": ["Client already exist", told]}), "Client already exist")
    client = make(visit.state, phone, transport, spelled=spelled)
    fill(visit, client)
    hooks.tell_client(visit.state, "new_client", client, visit.at)
    visit.events.append(filed(client, made=True))
    return success(shapes.client(client))


def fill(visit: At, client: Client) -> bool:
    """Take the fields of a call over; false if there were none. Raises ``Refused`` for a wrong one."""
    found = {name: visit.values[name] for name in shapes.CLIENT_FIELDS if name in visit.values}
    for name, value in found.items():
        if name == "custom_fields" and not isinstance(value, dict):
            raise wrong(name, "is invalid")
        if name != "custom_fields" and value is not None and not isinstance(value, str | int):
            raise wrong(name, "is invalid")
    client.fields.update(found)
    return bool(found)


def change(visit: At) -> HttpResponse:
    """PUT /clients/{id}."""
    client = client_of(visit, visit.params["id"])
    if fill(visit, client):
        hooks.tell_client(visit.state, "client_updated", client, visit.at)
        visit.events.append(filed(client, made=False))
    return success(shapes.client(client))


def show(visit: At) -> HttpResponse:
    """GET /clients/{id}."""
    return success(shapes.client(client_of(visit, visit.params["id"])))


def listed(visit: At) -> HttpResponse:
    """GET /clients, by phone, transport or tag."""
    phone, transport, tag = text(visit, "phone"), text(visit, "transport"), number(visit, "tags")
    return page(
        visit,
        [
            shapes.client(client)
            for client in visit.state.clients.values()
            if (phone is None or client.phone in (phone, digits(phone)))
            and transport in (None, client.transport)
            and (tag is None or str(tag) in client.tags)
        ],
    )


def dialogs(visit: At) -> HttpResponse:
    """GET /clients/{id}/dialogs."""
    dialog = visit.state.dialog_of(client_of(visit, visit.params["id"]))
    return page(visit, [] if dialog is None else [shapes.dialog(visit.state, dialog)])


def transport(visit: At) -> HttpResponse:
    """GET /clients/{id}/transport."""
    client = client_of(visit, visit.params["id"])
    return success([{"channel_id": int(client.channel_id), "transports": [client.transport]}])


def last_question(visit: At) -> HttpResponse:
    """GET /clients/{id}/last_question: the client's last message."""
    dialog = visit.state.dialog_of(client_of(visit, visit.params["id"]))
    asked = [] if dialog is None else [message for message in dialog.messages if message.kind == "from_client"]
    return success(shapes.message(visit.state, asked[-1]) if asked else None)
