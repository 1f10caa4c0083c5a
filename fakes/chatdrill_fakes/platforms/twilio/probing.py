"""What Twilio prescribes for the bot's side of a webhook, and webhooks that were never seen."""

from __future__ import annotations

from chatdrill.wire import Matter, Rule
from chatdrill_fakes.platforms.twilio import limits, objects
from chatdrill_fakes.platforms.twilio.state import Sms, TwilioState

_SECURITY = "twilio.com/docs, Security: validating requests (2026)"
_WEBHOOKS = "twilio.com/docs, Messaging: webhook request (2026)"
RULES: dict[Matter, Rule] = {
    "signature": Rule(
        "X-Twilio-Signature is the HMAC-SHA1, under the auth token, of the address and of all names and values of the form, sorted by "
        "name; of a body in JSON the hash stands in the address (bodySHA256)",
        _SECURITY,
    ),
    "acknowledgement": Rule(
        "success is any 2xx within 15 s; TwiML or text in it is sent, anything else is error 12300", _WEBHOOKS
    ),
    "redelivery": Rule("what is tried again has the same MessageSid and I-Twilio-Idempotency-Token", _WEBHOOKS),
    "unknown": Rule("fields are added without notice, and any of them are signed", _SECURITY),
    "text": Rule(f"a text has up to {limits.BODY_MAX} characters, of any script", _WEBHOOKS),
}


def unknown_event(state: TwilioState, to: str, now: float) -> bytes:
    """A message of a kind that does not exist yet: nothing of it but who it is from."""
    sid = state.new_sid("SM")
    sms = Sms(
        sid=sid,
        chat=to,
        sender=to,
        to=state.number,
        body="",
        direction="inbound",
        status="received",
        made_at=now,
        segments=1,
    )
    fields = objects.inbound_fields(state, state.chats[to], sms)
    return objects.form([*fields, ("MessageType", "chatdrill_novelty"), ("ChatdrillNovelty", to)])
