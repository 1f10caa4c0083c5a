"""Webhooks: who hears of what, and how a request to them is signed."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping
from typing import Any

import msgspec

from chatdrill.errors import Unsupported
from chatdrill.wire import Forgery, Hook, HttpRequest, Update
from chatdrill_fakes.desks.chat2desk import shapes
from chatdrill_fakes.desks.chat2desk.state import Chat2DeskState, Client, Dialog, Message

EVENTS = (
    "inbox",
    "outbox",
    "outbox_status",
    "comment",
    "new_client",
    "client_updated",
    "client_added_to_blacklist",
    "new_request",
    "close_request",
    "close_dialog",
    "dialog_transferred",
    "new_tag",
    "add_tag_to_client",
    "add_tag_to_request",
    "delete_tag_from_client",
    "delete_tag_from_request",
    "new_qr_code",
    "new_ticket",
    "ticket_updated",
    "ticket_deleted",
    "imported_message",
)
HASHES = {"sha1": hashlib.sha1, "sha256": hashlib.sha256, "sha512": hashlib.sha512}
_KIND_HOOKS = {"from_client": "inbox", "comment": "comment"}


def tell(state: Chat2DeskState, event: str, body: Mapping[str, Any], client: Client, now: float) -> None:
    """Send an event to everybody who wants it; ``now`` is the drill time of the dialog."""
    hearers = _hearers(state, event, client)
    content = msgspec.json.encode({"hook_type": event, **body}) if hearers else b""
    for hook in hearers:
        state.updates_made += 1
        state.outbox.put(
            Update(
                id=f"{event}-{state.updates_made}",
                kind=event,
                to=client.dialog,
                lane=f"{'account' if hook is None else hook.id}:{client.id}",
                body=content,
                made_at=now,
                hook=hook,
            )
        )


def _hearers(state: Chat2DeskState, event: str, client: Client) -> list[Hook | None]:
    own: list[Hook | None] = [None] if state.webhook_url is not None else []
    return own + [
        hook
        for hook in state.hooks.values()
        if (not hook.wants or event in hook.wants)
        and client.channel_id in (state.hook_channels.get(hook.id) or (client.channel_id,))
    ]


def tell_message(state: Chat2DeskState, message: Message, now: float, *, new_request: bool, new_client: bool) -> None:
    """``inbox``, ``outbox`` or ``comment``: whoever wrote it, the bot included."""
    dialog = state.tickets[message.dialog]
    body = {
        "message_id": int(message.id),
        "type": message.kind,
        "text": message.text,
        "transport": dialog.client.transport,
        "client_id": int(dialog.client.id),
        "operator_id": _speaker(state, dialog, message),
        "dialog_id": int(dialog.address),
        "channel_id": int(dialog.client.channel_id),
        "request_id": int(message.request),
        "is_new_request": new_request,
        "is_new_client": new_client,
        "event_time": shapes.event_time(now),
        "coordinates": message.coordinates,
        **shapes.media(state, message.files),
        "client": shapes.client_in_hook(dialog.client),
        "extra_data": message.extra,
        "insta_comment": False,
    }
    if message.external_id is not None:
        body["external_id"] = message.external_id
    tell(state, _KIND_HOOKS.get(message.kind, "outbox"), body, dialog.client, now)


def _speaker(state: Chat2DeskState, dialog: Dialog, message: Message) -> int | None:
    """A customer's message names the operator who has the dialog, any other the one who wrote it."""
    if message.kind == "from_client":
        return state.operator_id(dialog.assignee)
    return None if message.operator is None else int(message.operator)


def tell_dialog(state: Chat2DeskState, event: str, dialog: Dialog, now: float, agent: str | None) -> None:
    """``dialog_transferred`` or ``close_dialog``."""
    body = {
        "dialog_id": int(dialog.address),
        "operator_id": state.operator_id(agent),
        "client_id": int(dialog.client.id),
    }
    tell(state, event, body, dialog.client, now)


def tell_request(state: Chat2DeskState, event: str, dialog: Dialog, now: float, agent: str | None) -> None:
    """``new_request`` or ``close_request``, about the dialog's last one."""
    assert dialog.request is not None
    body = {
        "request_id": int(dialog.request.id),
        "dialog_id": int(dialog.address),
        "operator_id": state.operator_id(agent),
        "client_id": int(dialog.client.id),
        "channel_id": int(dialog.client.channel_id),
        "event_time": shapes.event_time(now),
    }
    tell(state, event, body, dialog.client, now)


def tell_client(state: Chat2DeskState, event: str, client: Client, now: float) -> None:
    """Events whose body is the client itself."""
    tell(state, event, {**shapes.client(client), "event_time": shapes.event_time(now)}, client, now)


# ------------------------------------------------------------------------------------------------- on the wire


def request(state: Chat2DeskState, update: Update) -> HttpRequest:
    """The POST, signed if the account has a secret."""
    url = state.webhook_url or "" if update.hook is None else update.hook.url
    headers = (("Content-Type", "application/json"),)
    secret = state.settings["webhook_secret"]
    return HttpRequest("POST", url, headers + _signature(state, secret, update.body), update.body)


def _signature(state: Chat2DeskState, secret: str, body: bytes) -> tuple[tuple[str, str], ...]:
    if not secret:
        return ()
    kind = HASHES[state.settings["signature_hash"]]
    return ((state.settings["signature_header"], hmac.new(secret.encode(), body, kind).hexdigest()),)


def forge(state: Chat2DeskState, request: HttpRequest, how: Forgery) -> HttpRequest:
    """See ``Desk.forge``; raises ``Unsupported`` where there is nothing to forge."""
    secret, header = state.settings["webhook_secret"], state.settings["signature_header"].lower()
    if not secret:
        raise Unsupported("chat2desk signs webhooks only with the setting 'webhook_secret': there is nothing to forge")
    if how == "stale":
        raise Unsupported("chat2desk signs no date: an old webhook is as good as a new one")
    bare = tuple(pair for pair in request.headers if pair[0].lower() != header)
    signature = _signature(state, f"not {secret}", request.body) if how == "wrong" else ()
    return HttpRequest(request.method, request.url, bare + signature, request.body)
