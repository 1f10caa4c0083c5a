"""What LINE prescribes for the bot's side of a webhook, and events that were never seen."""

from __future__ import annotations

from chatdrill.wire import Matter, Rule
from chatdrill_fakes.platforms.line import ids, limits
from chatdrill_fakes.platforms.line.scene import Scene
from chatdrill_fakes.platforms.line.state import LineState
from chatdrill_fakes.platforms.line.webhooks import enveloped

_RECEIVING = "developers.line.biz, receive messages (2026-08)"
_VERIFYING = "developers.line.biz, verify webhook signature (2026-08)"
RULES: dict[Matter, Rule] = {
    "signature": Rule(
        "x-line-signature is the Base64 of the HMAC-SHA256 of the raw body under the channel secret; its letter case may change",
        _VERIFYING,
    ),
    "acknowledgement": Rule("success is any status 2xx within two seconds", _RECEIVING),
    "redelivery": Rule("an event that comes again has the same webhookEventId, by which a bot knows it", _RECEIVING),
    "unknown": Rule("new kinds of events and new properties may come at any time", _RECEIVING),
    "batch": Rule(
        "a webhook may have several events, of several people, or none at all (the test of the address)", _RECEIVING
    ),
    "text": Rule(f"a text has up to {limits.TEXT_MAX} UTF-16 units, of any script", _RECEIVING),
}


def unknown_event(state: LineState, to: str, now: float) -> bytes:
    """A webhook with an event of a kind that does not exist yet."""
    event = Scene(state, state.chats[to], now).tell("chatdrillNovelty", {"chatdrillNovelty": {"id": ids.millis(now)}})
    return enveloped(state, event[0].body)
