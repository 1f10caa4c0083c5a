"""Webhooks that were never seen, for an examination of the bot."""

from __future__ import annotations

from chatdrill.wire import HttpRequest
from chatdrill_fakes.families import meta

from .state import Shared, millis


def sign(state: Shared, body: bytes) -> HttpRequest:
    """Both signature headers over these bytes."""
    return meta.webhook_request(state.webhook_url or "", body, state.settings["app_secret"])


def unknown_event(state: Shared, to: str, now: float) -> bytes:
    """An event whose only field nobody knows."""
    page, at = state.own_id, millis(now)
    event = {"sender": {"id": to}, "recipient": {"id": page}, "timestamp": at, "chatdrill_novelty": {"kind": "new"}}
    return meta.escaped_json(
        {"object": state.product.object, "entry": [{"id": page, "time": at, "messaging": [event]}]}
    )
