"""Notifications to the bot, and their signature.

Source: developers.intercom.com, Webhooks: notification object, signed notifications (autumn 2026); the envelope's older
fields and the item of ``conversation.deleted`` are those of captured traffic.
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from typing import Any

import msgspec

from chatdrill.wire import HttpRequest, Update
from chatdrill_fakes.desks.intercom import shapes, ticket_shapes
from chatdrill_fakes.desks.intercom.declared import PLAIN_BODIES_SINCE
from chatdrill_fakes.desks.intercom.state import IntercomState, IntercomTicket, Part, uuid

USER_AGENT = "intercom-parrot-service-client/1.0"
SIGNATURE = "X-Hub-Signature"


def signature(secret: str, body: bytes) -> str:
    """``sha1=<hex>`` of the raw body under the app's client secret."""
    return "sha1=" + hmac.new(secret.encode(), body, hashlib.sha1).hexdigest()


def request(url: str, body: bytes, secret: str) -> HttpRequest:
    """The POST that carries a notification."""
    headers = (
        ("Accept", "application/json"),
        ("Content-Type", "application/json"),
        ("User-Agent", USER_AGENT),
        (SIGNATURE, signature(secret, body)),
    )
    return HttpRequest("POST", url, headers, body)


def wanted(state: IntercomState, topic: str) -> bool:
    """True if the app is subscribed to a topic; ``ping`` comes always."""
    topics = {word.strip() for word in state.settings["topics"].split(",") if word.strip()}
    return not state.disabled and (topic == "ping" or not topics or topic in topics)


def notify(state: IntercomState, ticket: str | None, topic: str, item: dict[str, Any], at: float) -> None:
    """Put a notification into the outbox, if the app wants it."""
    if not wanted(state, topic):
        return
    notification = f"notif_{uuid(state.chance)}"
    body = {
        "type": "notification_event",
        "app_id": state.settings["app_id"],
        "data": {"type": "notification_event_data", "item": item},
        "links": {},
        "id": notification,
        "topic": topic,
        "delivery_status": "pending",
        "delivery_attempts": 1,
        "delivered_at": 0,
        "first_sent_at": int(at),
        "created_at": int(at),
        "self": None,
    }
    state.outbox.put(Update(notification, topic, ticket, ticket or "workspace", msgspec.json.encode(body), at))


def plain(state: IntercomState) -> bool:
    """True if bodies in webhooks are plain text in the app's version."""
    major, _, minor = state.settings["version"].partition(".")
    return major.isdigit() and minor.isdigit() and (int(major), int(minor)) >= PLAIN_BODIES_SINCE


def tell(state: IntercomState, ticket: IntercomTicket, topic: str, at: float, parts: Sequence[Part] = ()) -> None:
    """A notification about a conversation: of its parts, the new ones only."""
    item = shapes.conversation(state, ticket, parts, plain=plain(state))
    notify(state, ticket.address, topic, item, at)


def tell_ticket(state: IntercomState, ticket: IntercomTicket, topic: str, at: float, part: Part | None = None) -> None:
    """A notification about a ticket; with a new part, both are in it."""
    item = ticket_shapes.ticket(state, ticket, plain=plain(state))
    if part is not None:
        item = {"ticket": item, "ticket_part": ticket_shapes.ticket_part(state, part, plain=plain(state))}
    notify(state, ticket.address, topic, item, at)
