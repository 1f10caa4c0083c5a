"""Defects in how a bot knows that a webhook is the vendor's."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Mapping
from functools import partial
from typing import Any

from ..shoebot import web
from ..shoebot.channels import meta
from ..shoebot.channels import slack as slack_module
from ..shoebot.channels.slack import Slack
from ..shoebot.channels.telegram import Telegram
from ..shoebot.desks import chatwoot as chatwoot_module
from ..shoebot.desks import intercom, zendesk
from ..shoebot.desks.bitrix24 import Bitrix24
from ..shoebot.desks.chatwoot import Chatwoot
from ..shoebot.desks.generic import Generic
from .specimen import instead, specimen

_signed_by, _challenge, _telegram_trusts = meta.signed_by, meta.challenge, Telegram.trusts
_handshake, _chatwoot_trusts = web._handshake, Chatwoot.trusts
Headers = Mapping[str, str]
HEADER = "x-hub-signature-256"


def _believes(service: Any, headers: Headers, raw: bytes) -> bool:
    return True


def _believes_meta(secret: str, headers: Headers, raw: bytes) -> bool:
    return True


def _if_there(secret: str, headers: Headers, raw: bytes) -> bool:
    """What is not signed comes from the test tool."""
    return HEADER not in headers or _signed_by(secret, headers, raw)


def _only_there(secret: str, headers: Headers, raw: bytes) -> bool:
    return headers.get(HEADER, "").startswith("sha256=")


def _written_anew(secret: str, headers: Headers, raw: bytes) -> bool:
    """What a framework has parsed is written again, and that is signed."""
    try:
        again = json.dumps(json.loads(raw), separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
    except (ValueError, RecursionError):
        again = raw
    return _signed_by(secret, headers, again)


def _by_length(secret: str, headers: Headers, raw: bytes) -> bool:
    """A signature for this many bytes, whatever they are."""
    known = {**headers}
    expected = "sha256=" + hmac.new(secret.encode(), raw, hashlib.sha256).hexdigest()
    return len(known.get(HEADER, "")) == len(expected)


def _to_anybody(verify_token: str, query: Mapping[str, str]) -> str | None:
    return query.get("hub.challenge", "")


def _with_quotes(verify_token: str, query: Mapping[str, str]) -> str | None:
    """A framework that makes JSON of whatever it gives back."""
    found = _challenge(verify_token, query)
    return None if found is None else json.dumps(found)


def _signed_too(channel: Any, scope: Any) -> tuple[int, bytes]:
    """Everything has to be signed, and the handshake is not."""
    signed = any(name == HEADER.encode() for name, _ in scope["headers"])
    return _handshake(channel, scope) if signed else (401, b"signature does not match")


def _word_if_there(channel: Telegram, headers: Headers, raw: bytes) -> bool:
    return "x-telegram-bot-api-secret-token" not in headers or _telegram_trusts(channel, headers, raw)


def _any_word(channel: Telegram, headers: Headers, raw: bytes) -> bool:
    return bool(headers.get("x-telegram-bot-api-secret-token"))


def _chatwoot_if_there(desk: Chatwoot, headers: Headers, raw: bytes) -> bool:
    return "x-chatwoot-signature" not in headers or _chatwoot_trusts(desk, headers, raw)


MISSING, WRONG, REWRITTEN = (
    "probe:signature-missing",
    "probe:signature-wrong",
    "probe:signature-rewritten | probe:signature-escaped",
)
_signatures = partial(specimen, "signatures")

SPECIMENS = (
    _signatures("looks at no signature of WhatsApp's", "chatwoot#14280", f"{WRONG} | {MISSING}", "",
                instead(meta, signed_by=_believes_meta), platform="whatsapp"),
    _signatures("looks at no signature of Messenger's", "chatwoot#14280", f"{WRONG} | {MISSING}", "",
                instead(meta, signed_by=_believes_meta), platform="messenger"),
    _signatures("does not ask for Telegram's secret word", "telegram setWebhook", f"{WRONG} | {MISSING}", "",
                instead(Telegram, trusts=_believes)),
    _signatures("believes what has no signature of WhatsApp's", "chatwoot#13809", MISSING, "", instead(meta, signed_by=_if_there),
                platform="whatsapp"),
    _signatures("believes what has no signature of Messenger's", "chatwoot#13809", MISSING, "", instead(meta, signed_by=_if_there),
                platform="messenger"),
    _signatures("believes what has no secret word", "telegram setWebhook", MISSING, "", instead(Telegram, trusts=_word_if_there)),
    _signatures("takes any secret word", "telegram setWebhook", WRONG, "", instead(Telegram, trusts=_any_word)),
    _signatures("takes any signature that begins like one", "emulate#261", WRONG, "", instead(meta, signed_by=_only_there),
                platform="whatsapp"),
    _signatures("compares the length of signatures", "emulate#261", WRONG, "", instead(meta, signed_by=_by_length), platform="messenger"),
    _signatures("signs JSON that it has written anew", "tawn33y/whatsapp-cloud-api#60", REWRITTEN, "",
                instead(meta, signed_by=_written_anew), platform="whatsapp"),
    _signatures("signs Messenger's JSON that it has written anew", "tawn33y/whatsapp-cloud-api#60", REWRITTEN, "",
                instead(meta, signed_by=_written_anew), platform="messenger"),
    _signatures("gives the challenge to anybody", "elizaOS#17823", "probe:handshake-forged", "", instead(meta, challenge=_to_anybody),
                platform="whatsapp"),
    _signatures("puts the challenge into quotes", "elizaOS#17823", "probe:handshake", "", instead(meta, challenge=_with_quotes),
                platform="messenger"),
    _signatures("asks the handshake for a signature", "elizaOS#17823", "probe:handshake", "", instead(web, _handshake=_signed_too),
                platform="whatsapp"),
    _signatures("looks at no signature of Slack's", "slack verifying requests", f"{WRONG} | {MISSING}", "",
                instead(Slack, trusts=_believes), platform="slack"),
    _signatures("believes old requests of Slack's", "slack verifying requests", "probe:signature-stale", "",
                instead(slack_module, STALE_S=10**9), platform="slack"),
    _signatures("believes old webhooks of Chatwoot's", "chatwoot#13892", "probe:signature-stale", "",
                instead(chatwoot_module, STALE_S=10**9), desk="chatwoot"),
    _signatures("believes what Chatwoot has not signed", "chatwoot#13809", MISSING, "", instead(Chatwoot, trusts=_chatwoot_if_there),
                desk="chatwoot"),
    _signatures("looks at no signature of Intercom's", "intercom hub signature", f"{WRONG} | {MISSING}", "",
                instead(intercom.Intercom, trusts=_believes), desk="intercom"),
    _signatures("looks at no signature of Zendesk's", "zendesk webhooks", f"{WRONG} | {MISSING}", "",
                instead(zendesk.Zendesk, trusts=_believes), desk="zendesk"),
    _signatures("does not ask for Bitrix24's application token", "b24-rest-docs application_token", f"{WRONG} | {MISSING}", "",
                instead(Bitrix24, trusts=_believes), desk="bitrix24"),
    _signatures("looks at no signature of a helpdesk's", "chatwoot#13892", f"{WRONG} | {MISSING}", "", instead(Generic, trusts=_believes),
                desk="generic"),
)  # fmt: skip
