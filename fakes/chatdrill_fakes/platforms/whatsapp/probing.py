"""What Meta prescribes for the bot's side of a WhatsApp webhook, and webhooks that were never seen."""

from __future__ import annotations

from chatdrill.wire import HttpRequest, Matter, Rule
from chatdrill_fakes.families import meta
from chatdrill_fakes.platforms.whatsapp import envelope
from chatdrill_fakes.platforms.whatsapp.library import MIB
from chatdrill_fakes.platforms.whatsapp.state import WhatsAppState

BODY_MAX_BYTES = 3 * MIB
_HOOKS = "Meta, Webhooks: overview (2025)"
RULES: dict[Matter, Rule] = {
    **meta.WEBHOOK_RULES,
    "acknowledgement": Rule("success is status 200, soon; what fails is sent again for up to 7 days", _HOOKS),
    "unknown": Rule(
        "fields and kinds of messages are added at any time; what is not answered 200 comes again for up to 7 days",
        _HOOKS,
    ),
    "size": Rule("a webhook has up to 3 MB", _HOOKS),
    "text": Rule("a text has up to 4096 characters, of any script", "Meta, Cloud API reference: messages (v25.0)"),
}


def sign(state: WhatsAppState, body: bytes) -> HttpRequest:
    """Both signature headers over these bytes."""
    return meta.webhook_request(state.webhook_url or "", body, state.settings["app_secret"])


def unknown_event(state: WhatsAppState, to: str) -> bytes:
    """The change of a field that nobody knows."""
    value = {"messaging_product": "whatsapp", "metadata": envelope.metadata(state), "novelty": [{"from": to}]}
    entry = envelope.entry(state, "chatdrill_novelty", value)
    return b'{"object":"whatsapp_business_account","entry":[' + entry + b"]}"
