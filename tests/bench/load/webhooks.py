"""Signed webhooks of about 1 KB, made as the author of an ordinary load test would make them: ``json`` and ``hmac``."""

from __future__ import annotations

import hashlib
import hmac
import json
from collections.abc import Callable
from typing import Any

from chatdrill.run.registry import load_platform

from .bot import PLATFORMS

SIZE = 1024  # bytes of a webhook, about
_COMPLAINT = "I ordered size 42 last week and the left shoe is torn. What can I do? My order is 553, paid by card. "
_SETTINGS = {name: {item.name: item.default for item in load_platform(name).settings} for name in PLATFORMS}
_NOW = 1795212345


def text_of(number: int, length: int) -> str:
    """A customer's ``number``-th message, of so many characters."""
    return f"{number}: {_COMPLAINT * (length // len(_COMPLAINT) + 1)}"[:length]


def webhook(platform: str, customer: str, number: int) -> tuple[bytes, dict[str, str]]:
    """Body and headers of one webhook with one text message."""
    make, room = _MAKERS[platform]
    body = json.dumps(make(customer, number, text_of(number, room)), separators=(",", ":")).encode()
    return body, {"Content-Type": "application/json", **_signed(platform, body)}


def customer_of(platform: str, call: bytes) -> str:
    """Whom a reply call of the bot is for."""
    arguments = json.loads(call)
    if platform == "messenger":
        return str(arguments["recipient"]["id"])
    return str(arguments["chat_id" if platform == "telegram" else "to"])


def _signed(platform: str, body: bytes) -> dict[str, str]:
    settings = _SETTINGS[platform]
    if platform == "telegram":  # signs nothing; it repeats the secret that setWebhook gave
        return {"X-Telegram-Bot-Api-Secret-Token": settings["webhook_secret"]}
    signature = hmac.new(settings["app_secret"].encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature-256": f"sha256={signature}"}


def _telegram(customer: str, number: int, text: str) -> Any:
    names = {"id": int(customer), "first_name": "Anna", "last_name": "Huber"}
    sender = {**names, "is_bot": False, "language_code": "en"}
    message = {"message_id": number, "from": sender, "chat": {**names, "type": "private"}, "date": _NOW, "text": text}
    return {"update_id": number, "message": message}


def _whatsapp(customer: str, number: int, text: str) -> Any:
    message = {
        "from": customer,
        "id": f"wamid.HBgN{customer}VAgASGBQzQUJF{number:08}",
        "timestamp": str(_NOW),
        "text": {"body": text},
        "type": "text",
    }
    value = {
        "messaging_product": "whatsapp",
        "metadata": {"display_phone_number": "15550107788", "phone_number_id": "441122334455667"},
        "contacts": [{"profile": {"name": "Anna Huber"}, "wa_id": customer}],
        "messages": [message],
    }
    change = {"value": value, "field": "messages"}
    return {"object": "whatsapp_business_account", "entry": [{"id": "330011223344556", "changes": [change]}]}


def _messenger(customer: str, number: int, text: str) -> Any:
    page = _SETTINGS["messenger"]["page_id"]
    message = {
        "mid": f"m_IBCWABa7YN-zGQfcCVkrNhmhjKIFB0wz2ivbfyRP2xc987CWf3cfE8gslj{customer}{number:08}",
        "text": text,
    }
    event = {
        "sender": {"id": customer},
        "recipient": {"id": page},
        "timestamp": _NOW * 1000,
        "message": message,
    }
    return {"object": "page", "entry": [{"id": page, "time": _NOW * 1000, "messaging": [event]}]}


_MAKERS: dict[str, tuple[Callable[[str, int, str], Any], int]] = {  # and the characters of text that make it 1 KB
    "telegram": (_telegram, 770),
    "whatsapp": (_whatsapp, 570),
    "messenger": (_messenger, 710),
}
