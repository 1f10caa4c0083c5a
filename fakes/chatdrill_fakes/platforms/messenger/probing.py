"""What Meta prescribes for the bot's side of a Messenger webhook, and webhooks that were never seen."""

from __future__ import annotations

from chatdrill.wire import HttpRequest, Matter, Rule
from chatdrill_fakes.families import meta

from .limits import DELIVERY
from .state import MessengerState

RULES: dict[Matter, Rule] = {
    **meta.WEBHOOK_RULES,
    "acknowledgement": Rule(
        "success is status 200 within 5 seconds; after an hour of failures the app is unsubscribed from the Page",
        DELIVERY.source,
    ),
    "unknown": Rule(
        "fields and kinds of events are added at any time; what is not answered 200 is sent again, and after an hour of"
        " failures the app is unsubscribed from the Page",
        DELIVERY.source,
    ),
    "text": Rule(
        "a text is UTF-8, of any script; what the bot itself sends has up to 2000 characters",
        "developers.facebook.com/docs/messenger-platform/reference/send-api, 2026",
    ),
}


def sign(state: MessengerState, body: bytes) -> HttpRequest:
    """Both signature headers over these bytes."""
    return meta.webhook_request(state.webhook_url or "", body, state.settings["app_secret"])


def unknown_event(state: MessengerState, to: str, now: float) -> bytes:
    """An event whose only field nobody knows."""
    page, at = state.settings["page_id"], int(now * 1000)
    event = {"sender": {"id": to}, "recipient": {"id": page}, "timestamp": at, "chatdrill_novelty": {"kind": "new"}}
    return meta.escaped_json({"object": "page", "entry": [{"id": page, "time": at, "messaging": [event]}]})
