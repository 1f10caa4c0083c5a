"""Calls that write and read messages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from chatdrill.model import File, HandoffAsked, Rated, TicketOpened
from chatdrill.wire import HttpResponse
from chatdrill_fakes.desks.chat2desk import clients, hooks, moving, shapes
from chatdrill_fakes.desks.chat2desk.answers import (
    At,
    agent_of,
    client_of,
    message_of,
    number,
    page,
    refuse,
    success,
    text,
    truth,
    wrong,
)
from chatdrill_fakes.desks.chat2desk.saying import Words, open_request, say
from chatdrill_fakes.desks.chat2desk.state import Chat2DeskState, Client, Dialog, Kind, Message
from chatdrill_fakes.families.desks import fetched_file

KINDS: dict[str, Kind] = {
    "to_client": "to_client",
    "autoreply": "autoreply",
    "comment": "comment",
    "system": "system",
}
LINKS = ("attachment", "pdf", "image", "photo", "video", "audio")
BUTTONS = ("inline_buttons", "keyboard")
_GRADES = {str(score): score for score in range(1, 6)}


def dialog_for(visit: At, client: Client) -> Dialog:
    """The client's dialog; the first word makes it."""
    dialog = visit.state.dialog_of(client)
    if dialog is None:
        dialog = Dialog(
            address=visit.state.new_id("dialog"),
            client=client,
            contact=client.id,
            made_at=visit.exchange.now,
            changed_at=visit.exchange.now,
        )
        client.dialog = dialog.address
        visit.state.tickets[dialog.address] = dialog
        keys = (*clients.keys_of(client), dialog.address)
        visit.events.append(TicketOpened(ticket=dialog.address, contact=client.id, keys=keys, name=client.name))
    visit.to = dialog.address
    return dialog


def words_of(visit: At, name: str) -> Words:
    """What a call says; its files are read first, so nothing is changed yet. Raises ``Refused`` for nothing at all."""
    links = [link for each in LINKS if (link := _link(visit, each)) is not None]
    place = _place(visit)
    said = text(visit, name) or ""
    if not (said or links or place):
        raise wrong(name, "can't be blank")
    names = (text(visit, "attachment_filename"),) + (None,) * len(links)
    read = visit.read(*links)
    files: list[File] = [
        fetched_file(content, visit.state.blobs, url=link, name=file_name)
        for link, content, file_name in zip(links, read, names, strict=False)
    ]
    extra = {name: visit.values[name] for name in BUTTONS if visit.values.get(name)}
    return Words(said, tuple(files), place, text(visit, "external_id"), extra)


def _link(visit: At, name: str) -> str | None:
    link = text(visit, name)
    if link is not None and not link.startswith(("http://", "https://")):
        raise wrong(name, "is not a valid URL")
    return link


def _place(visit: At) -> str | None:
    place = visit.values.get("location")
    if place is None:
        return None
    if not isinstance(place, dict) or not {"lat", "lon"} <= set(place):
        raise wrong("location", "lat and lon are required")
    return f"{place['lat']},{place['lon']}"


# ---------------------------------------------------------------------------------------------------- writing


def send(visit: At) -> HttpResponse:
    """POST /messages: to the client, or for the operators' eyes only.

    A message to the client puts the dialog before the operators unless the call says ``dont_open_dialog``.
    """
    kind = KINDS.get(text(visit, "type") or "to_client")
    if kind is None:
        raise wrong("type", "is not included in the list")
    client = client_of(visit, text(visit, "client_id"))
    clients.own_channel(visit)
    agent, words = agent_of(visit), words_of(visit, "text")
    if client.blacklisted:
        raise refuse(400, "Client is in the blacklist")
    dialog = dialog_for(visit, client)
    if dialog.request is None:
        visit.events += open_request(visit.state, dialog, visit.at)
    opens = kind == "to_client" and not truth(visit, "dont_open_dialog")
    if (opens or truth(visit, "open_dialog")) and not dialog.is_open:
        hand_over(visit, dialog, {"open_dialog": truth(visit, "open_dialog")})
    message, events = say(visit.state, dialog, kind, words, visit.at, agent=agent, by_bot=True)
    visit.events += events
    return success(_receipt(visit, message))


def hand_over(visit: At, dialog: Dialog, fields: dict[str, object]) -> None:
    """The bot's call put the dialog before the operators."""
    visit.events += moving.open_dialog(visit.state, dialog, visit.at)
    visit.events.append(HandoffAsked(ticket=dialog.address, fields=fields))
    visit.events += moving.queue(visit.state, dialog, visit.at)


def _receipt(visit: At, message: Message) -> dict[str, object]:
    shown = shapes.message(visit.state, message)
    names = ("channel_id", "operator_id", "transport", "type", "client_id", "dialog_id", "request_id")
    return {"message_id": shown["id"], **{name: shown[name] for name in names}}


def receive(visit: At) -> HttpResponse:
    """POST /messages/inbox: a customer's message in a channel of one's own."""
    state = visit.state
    clients.own_channel(visit)
    if state.settings["transport"] != "external":
        raise wrong("channel_id", "is not an external channel")
    spelled, by_id, name = _sender(visit)
    phone = spelled if by_id else clients.digits(spelled) or spelled
    words = words_of(visit, "body")
    client = state.client_by(phone, "external", by_id=by_id)
    is_new = client is None
    if client is None:
        client = clients.make(state, phone, "external", spelled=spelled, by_id=by_id)
    if client.blacklisted:
        raise refuse(400, "Client is in the blacklist")
    if is_new or (name and not client.name):
        client.fields["nickname"] = name
        visit.events.append(clients.filed(client, made=is_new))
    dialog = dialog_for(visit, client)
    if is_new:
        hooks.tell_client(state, "new_client", client, visit.at)
    return success(_receipt(visit, _heard(visit, dialog, words, is_new)))


def _sender(visit: At) -> tuple[str, bool, str]:
    sender = visit.values.get("from_client")
    if not isinstance(sender, dict):
        raise wrong("from_client", "can't be blank")
    id, phone, name = (str(sender.get(key) or "") for key in ("id", "phone", "nickname"))
    if bool(id) == bool(phone):
        raise wrong("from_client", "id or phone is required, not both")
    return id or phone, bool(id), name


def _heard(visit: At, dialog: Dialog, words: Words, is_new: bool) -> Message:
    state, at = visit.state, visit.at
    score = _GRADES.get(words.text.strip()) if dialog.surveyed else None
    dialog.surveyed = False
    if score is not None:
        words = Words(words.text, words.files, words.coordinates, words.external_id, {"rating": score})
    begun = open_request(state, dialog, at) if score is None else []
    message, events = say(state, dialog, "from_client", words, at, new_request=bool(begun), new_client=is_new)
    visit.events += [*begun, *events]
    if score is not None:
        visit.events.append(Rated(ticket=dialog.address, score=score, word=str(score), agent=dialog.rates))
    elif state.on("inbox_opens") and not dialog.is_open:
        visit.events += moving.open_dialog(state, dialog, at) + moving.queue(state, dialog, at)
    elif dialog.is_open:
        visit.events += moving.tell_away(state, dialog, at)
    return message


# ---------------------------------------------------------------------------------------------------- reading


def show(visit: At) -> HttpResponse:
    """GET /messages/{id}."""
    return success(shapes.message(visit.state, message_of(visit)))


def mark_read(visit: At) -> HttpResponse:
    """GET /messages/{id}/read."""
    message_of(visit).read = True
    return success(shapes.message(visit.state, message_of(visit)))


def mark_unread(visit: At) -> HttpResponse:
    """GET /messages/{id}/unread."""
    message_of(visit).read = False
    return success(shapes.message(visit.state, message_of(visit)))


def listed(visit: At) -> HttpResponse:
    """GET /messages, by whose they are, when they were written and what they are."""
    return page(visit, _found(visit, list(visit.state.messages.values())))


def of_request(visit: At) -> HttpResponse:
    """GET /requests/{id}/messages."""
    messages = [message for message in visit.state.messages.values() if message.request == visit.params["id"]]
    if not messages and not any(
        request.id == visit.params["id"] for dialog in visit.state.tickets.values() for request in dialog.requests
    ):
        raise refuse(404, "Request not found")
    return page(visit, _found(visit, messages))


_EXACT: dict[str, Callable[[Chat2DeskState, Message], object]] = {
    "dialog_id": lambda _, message: int(message.dialog),
    "client_id": lambda state, message: int(state.tickets[message.dialog].client.id),
    "channel_id": lambda state, message: int(state.tickets[message.dialog].client.channel_id),
    "transport": lambda state, message: state.tickets[message.dialog].client.transport,
    "type": lambda _, message: message.kind,
    "read": lambda _, message: int(message.read),
    "operator_id": lambda _, message: None if message.operator is None else int(message.operator),
}
"""What a list of messages can be narrowed down by, as it stands in the message. A bot that polls asks for few of many,
and to write them all out would take most of its time."""


def _found(visit: At, messages: list[Message]) -> list[dict[str, object]]:
    asked = [(of, value) for name, of in _EXACT.items() if (value := text(visit, name)) is not None]
    first, since, until = number(visit, "start_id"), _day(visit, "start_date"), _day(visit, "finish_date")
    chosen = [
        message
        for message in messages
        if (first is None or int(message.id) >= first)
        and (since is None or message.at >= since)
        and (until is None or message.at < until + 86_400)
    ]
    found = [message for message in chosen if all(str(of(visit.state, message)) == value for of, value in asked)]
    shown = found[::-1] if text(visit, "order") == "desc" else found
    return [shapes.message(visit.state, message) for message in shown]


def _day(visit: At, name: str) -> float | None:
    day = text(visit, name)
    if day is None:
        return None
    try:
        return datetime.strptime(day, "%d-%m-%Y").replace(tzinfo=UTC).timestamp()
    except ValueError:
        raise wrong(name, "is not a date (dd-mm-yyyy)") from None
