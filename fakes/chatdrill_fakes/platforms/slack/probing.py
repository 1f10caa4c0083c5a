"""What Slack prescribes for the bot's side of a webhook, and events that were never seen."""

from __future__ import annotations

from chatdrill.wire import Matter, Rule
from chatdrill_fakes.platforms.slack import limits
from chatdrill_fakes.platforms.slack.objects import Scene, body_of
from chatdrill_fakes.platforms.slack.state import SlackState

_EVENTS = "docs.slack.dev, Events API (2026-08)"
_VERIFY = "docs.slack.dev, Verifying requests from Slack (2026-08)"
RULES: dict[Matter, Rule] = {
    "handshake": Rule("a request of the type url_verification is answered with its challenge and status 200", _EVENTS),
    "signature": Rule(
        "X-Slack-Signature is v0= and the HMAC-SHA256 of v0, the timestamp and the raw body under the signing secret; what is older"
        f" than {limits.STALE_S:g} s is refused",
        _VERIFY,
    ),
    "acknowledgement": Rule("success is any 2xx within three seconds; else the event comes again three times", _EVENTS),
    "redelivery": Rule("what failed is sent again with the same body and event_id, and X-Slack-Retry-Num", _EVENTS),
    "unknown": Rule(
        "new kinds of events, fields and subtypes come at any time; what is not known is acknowledged", _EVENTS
    ),
    "text": Rule("a message has up to 40,000 characters, of any script", _EVENTS),
}


def unknown_event(state: SlackState, to: str, now: float) -> bytes:
    """An event of a kind that does not exist yet."""
    chat = state.chats.get(to)
    if chat is None:
        return body_of({"type": "event_callback", "event": {"type": "chatdrill_novelty", "user": to}})
    event = {"type": "chatdrill_novelty", "user": to, "channel": chat.dm, "event_ts": f"{now:.6f}"}
    return Scene(state, chat, now).tell(event, subscription="*")[0].body
