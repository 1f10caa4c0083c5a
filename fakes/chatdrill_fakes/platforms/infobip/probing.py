"""What Infobip prescribes for the bot's side of a webhook, and results that were never seen."""

from __future__ import annotations

from chatdrill.wire import Matter, Rule
from chatdrill_fakes.platforms.infobip import limits
from chatdrill_fakes.platforms.infobip.objects import stamp
from chatdrill_fakes.platforms.infobip.state import InfobipState
from chatdrill_fakes.platforms.infobip.webhooks import request_body

_INBOUND = "infobip.com/docs/api, SMS: receive inbound messages (2026)"
_RETRIES = "infobip.com/docs, Webhooks: retries (2026)"
RULES: dict[Matter, Rule] = {
    "signature": Rule(
        "webhooks prove themselves by Basic authentication or an HMAC of the body, as the subscription says",
        "infobip.com/docs, Subscriptions API: security (2026)",
    ),
    "acknowledgement": Rule(
        "success is any 2xx; anything else comes again after 2, 5, 10, 17, 26 ... minutes", _RETRIES
    ),
    "redelivery": Rule("what failed is sent again with the same messageId", _RETRIES),
    "unknown": Rule("fields are added to results without notice", _INBOUND),
    "batch": Rule(f"a webhook has up to {limits.REPORTS_MAX} results, of several customers", _INBOUND),
    "text": Rule("a text is put together from its segments, of any script", _INBOUND),
}


def unknown_event(state: InfobipState, to: str, now: float) -> bytes:
    """A result of a kind that does not exist yet."""
    result = {"messageId": state.new_id(), "from": to, "to": state.number, "chatdrillNovelty": {"kind": "chatdrill_novelty"},
              "receivedAt": stamp(now)}  # fmt: skip
    return request_body([result])
