"""Defects in the door: what a bot makes of webhooks that are not what it has always seen, and of many at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

from ..shoebot import web
from ..shoebot.bot import Bot
from ..shoebot.channels.telegram import Telegram
from ..shoebot.model import Event
from ..shoebot.web import Answer, Application
from .specimen import instead, specimen

_webhook, _answer, _body, _receive = Application._webhook, Application._answer, web._body, Bot.receive
_gate: dict[int, asyncio.Lock] = {}
KNOWN = {
    "telegram": {"update_id", "message", "edited_message", "callback_query"},
    "whatsapp": {"object", "entry"},
    "messenger": {"object", "entry"},
}
EVENTS = {
    "message",
    "postback",
    "sender",
    "recipient",
    "timestamp",
    "read",
    "delivery",
    "reaction",
    "message_edit",
    "referral",
}


def _strict(bot: Bot, channel: Any, update: Mapping[str, Any]) -> None:
    """Whatever is not in the list is an error."""
    if unknown := set(update) - KNOWN[channel.name]:
        raise LookupError(f"no handler for {unknown}")
    _receive(bot, channel, update)


def _strict_items(bot: Bot, channel: Any, update: Mapping[str, Any]) -> None:
    for item in channel.items(update):
        if unknown := set(item) - EVENTS:
            raise LookupError(f"no handler for {unknown}")
    _receive(bot, channel, update)


def _strict_changes(bot: Bot, channel: Any, update: Mapping[str, Any]) -> None:
    for entry in update["entry"]:
        for change in entry["changes"]:
            if change["field"] != "messages":
                raise LookupError(f"no handler for {change['field']}")
    _receive(bot, channel, update)


def _strict_fields(bot: Bot, channel: Any, update: Mapping[str, Any]) -> None:
    """A model of the message that forbids more."""
    message = update.get("message") or {}
    known = {
        "message_id",
        "from",
        "chat",
        "date",
        "text",
        "photo",
        "voice",
        "document",
        "caption",
        "sticker",
        "entities",
    }
    if set(message) - known:
        raise LookupError("extra fields not permitted")
    _receive(bot, channel, update)


def _first_entry(bot: Bot, channel: Any, update: Mapping[str, Any]) -> None:
    """There is an entry in every webhook."""
    assert update["entry"][0]
    _receive(bot, channel, update)


def _one_only(bot: Bot, channel: Any, update: Mapping[str, Any]) -> None:
    changes = [
        change for entry in update.get("entry", ()) for change in entry.get("changes", entry.get("messaging", ()))
    ]
    messages = [one for change in changes for one in change.get("value", {}).get("messages", (1,))]
    if len(messages) > 1 or len(changes) > 1:
        raise LookupError("one message expected")
    _receive(bot, channel, update)


async def _any_json(application: Application, channel: Any, scope: Any, receive: Any) -> Answer:
    """A body is JSON, and an object."""
    raw = await web._body(receive) or b""
    json.loads(raw)["" if not raw else next(iter(json.loads(raw)))]

    async def again() -> dict[str, Any]:
        return {"type": "http.request", "body": raw}

    return await _webhook(application, channel, scope, again)


async def _one_at_a_time(application: Application, channel: Any, scope: Any, receive: Any) -> Answer:
    """A lock around the handler, and a look into a database inside."""
    lock = _gate.setdefault(id(asyncio.get_running_loop()), asyncio.Lock())
    async with lock:
        await asyncio.sleep(0.2)
        return await _webhook(application, channel, scope, receive)


async def _one_body_at_a_time(receive: Any) -> bytes | None:
    """The lock is taken before the body has come."""
    lock = _gate.setdefault(id(asyncio.get_running_loop()), asyncio.Lock())
    async with lock:
        return await _body(receive)


async def _conflict(application: Application, channel: Any, scope: Any, receive: Any) -> Answer:
    """What was here before is refused, so that it comes again."""
    raw = await web._body(receive) or b""
    seen = application.__dict__.setdefault("seen", set())
    if raw in seen:
        return 409, b"duplicate"
    seen.add(raw)

    async def again() -> dict[str, Any]:
        return {"type": "http.request", "body": raw}

    return await _webhook(application, channel, scope, again)


async def _no_get(application: Application, scope: Any, receive: Any) -> Answer:
    """A method that was not thought of."""
    if scope["method"] not in ("POST", "HEAD") and scope["path"].startswith(web.WEBHOOKS):
        raise NotImplementedError(scope["method"])
    return await _answer(application, scope, receive)


def _half_characters(channel: Telegram, item: Mapping[str, Any]) -> Iterator[Event]:
    for event in _telegram_events(channel, item):
        try:
            event.text.encode()
        except UnicodeEncodeError as error:
            raise OSError("invalid byte sequence") from error  # which nobody catches there
        yield event


_telegram_events = Telegram.events

NEWS, UNKNOWN, FIELDS = "News that are no customer", "probe:unknown-event", "probe:unknown-fields"
_webhooks = partial(specimen, "webhooks")


def _takes(how: Any) -> Any:
    return instead(Bot, receive=how)


def _answers(how: Any) -> Any:
    return instead(Application, _webhook=how)


SPECIMENS = (
    _webhooks("fails at updates that it does not know", "telegraf#806", UNKNOWN, "", _takes(_strict)),
    _webhooks("fails at Messenger's events that it does not know", "chatwoot#14280", UNKNOWN, "", _takes(_strict_items),
              platform="messenger"),
    _webhooks("fails at WhatsApp's fields that it does not know", "whatsapp-api-manager#102", UNKNOWN, "", _takes(_strict_changes),
              platform="whatsapp"),
    _webhooks("fails at new fields of a message", "python-telegram-bot#2327", FIELDS, "", _takes(_strict_fields)),
    _webhooks("fails at a webhook with nothing in it", "waha#1627", "probe:batch-empty", "", _takes(_first_entry), platform="whatsapp"),
    _webhooks("fails at two messages in one webhook", "evolution-api#1307", "probe:batch", "", _takes(_one_only), platform="whatsapp"),
    _webhooks("fails at two messages in one webhook of Messenger's", "evolution-api#1307", "probe:batch", "", _takes(_one_only),
              platform="messenger"),
    _webhooks("fails at a body that is no object", "rasa#9589", "probe:other-json | probe:empty-body | probe:malformed-json", "",
              _answers(_any_json), platform="messenger"),
    _webhooks("takes one webhook at a time", "chatwoot#15204", "probe:concurrency", "", _answers(_one_at_a_time)),
    _webhooks("waits for one slow body with all others", "grafana/k6#718", "probe:slow-body", "", instead(web, _body=_one_body_at_a_time)),
    _webhooks("refuses what comes again", "chatwoot#11901", "probe:redelivery | acknowledged", "Every webhook comes twice",
              _answers(_conflict)),
    _webhooks("fails at a method that is not POST", "bolt-js#638", "probe:method-get", "", instead(Application, _answer=_no_get)),
    _webhooks("fails at half a character", "botpress#13426", "probe:text-surrogate", "", instead(Telegram, events=_half_characters)),
)  # fmt: skip
