"""What Viber prescribes for the bot's side of a webhook, and callbacks that were never seen."""

from __future__ import annotations

from chatdrill.wire import Matter, Rule
from chatdrill_fakes.platforms.viber import limits
from chatdrill_fakes.platforms.viber.errors import HOSTNAME
from chatdrill_fakes.platforms.viber.ids import millis
from chatdrill_fakes.platforms.viber.objects import body_of
from chatdrill_fakes.platforms.viber.state import ViberState

_CALLBACKS = "developers.viber.com, REST API: callbacks (2026)"
RULES: dict[Matter, Rule] = {
    "handshake": Rule(
        "a callback of the kind webhook is answered with status 200 before the address counts", _CALLBACKS
    ),
    "signature": Rule(
        "X-Viber-Content-Signature is the HMAC-SHA256 of the raw body under the bot's token; the query's sig is the same",
        _CALLBACKS,
    ),
    "acknowledgement": Rule("success is status 200; anything else comes again for an hour", _CALLBACKS),
    "redelivery": Rule("what failed is sent again, byte for byte, with the same message_token", _CALLBACKS),
    "unknown": Rule(
        "events of new kinds come to bots that asked for none of them; what is not answered 200 comes again", _CALLBACKS
    ),
    "text": Rule(f"a text has up to {limits.TEXT_MAX} characters, of any script", _CALLBACKS),
}


def unknown_event(state: ViberState, to: str, now: float) -> bytes:
    """A callback of a kind that does not exist yet."""
    return body_of(
        {
            "event": "chatdrill_novelty",
            "timestamp": millis(now),
            "chat_hostname": HOSTNAME,
            "message_token": int(state.new_token()),
            "user_id": to,
        }
    )
