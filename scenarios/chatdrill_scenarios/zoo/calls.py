"""Defects in calling the platform: limits, failures, time-outs, arguments."""

from __future__ import annotations

import asyncio
from functools import partial
from typing import Any

import aiohttp

from ..shoebot import api
from ..shoebot.api import Api, ApiError
from ..shoebot.bot import Bot
from ..shoebot.channels.messenger import Messenger
from ..shoebot.channels.telegram import Telegram
from ..shoebot.channels.whatsapp import WhatsApp
from .specimen import instead, specimen

_wait_s, _once, _try = api._wait_s, Api._once, Bot._try
_telegram_call, _whatsapp_call, _messenger_post = Telegram._call, WhatsApp._call, Messenger._post


def _no_patience(answer: Any, attempt: int) -> float | None:
    """What is refused is refused."""
    return None


def _not_for_limits(answer: Any, attempt: int) -> float | None:
    return None if answer.status == 429 else _wait_s(answer, attempt)


def _not_for_failures(answer: Any, attempt: int) -> float | None:
    return None if answer.status >= 500 else _wait_s(answer, attempt)


def _at_once(answer: Any, attempt: int) -> float | None:
    """Whatever the platform says of waiting."""
    return None if _wait_s(answer, attempt) is None else 0.2


async def _for_ever(client: Api, ask: Any) -> Any:
    """Until it works."""
    while True:
        try:
            answer = await _once(client, ask)
        except aiohttp.ClientError as error:
            raise ApiError(ask.what, 0, type(error).__name__) from error
        if answer.status < 500 and answer.status != 429:
            return answer
        await asyncio.sleep(1.0)


async def _after_a_break(client: Api, ask: Any) -> Any:
    """A connection that breaks is opened again, and so is the message."""
    for _ in range(3):
        try:
            return await _once(client, ask)
        except (aiohttp.ClientError, TimeoutError) as error:
            broken = error
    raise broken


def _with(**more: Any) -> Any:
    async def call(channel: Telegram, method: str, **arguments: Any) -> dict[str, Any]:
        extra = more if method == "sendMessage" else {}
        return await _telegram_call(channel, method, **{**arguments, **extra})

    return instead(Telegram, _call=call)


async def _by_username(channel: Telegram, method: str, **arguments: Any) -> dict[str, Any]:
    """Users are addressed by their names."""
    chat = {"chat_id": f"@{arguments['chat_id']}"} if "chat_id" in arguments else {}
    return await _telegram_call(channel, method, **{**arguments, **chat})


async def _without_product(channel: WhatsApp, **body: Any) -> None:
    """What every call says need not be said."""
    url = f"{channel._root}/{channel._number}/messages"
    await channel._api.post(url, "whatsapp", body=body, token=channel._token)


async def _with_a_plus(channel: WhatsApp, **body: Any) -> None:
    await _whatsapp_call(channel, **{**body, **({"to": f"whatsapp:+{body['to']}"} if "to" in body else {})})


async def _with_an_unknown_type(channel: Messenger, body: Any, what: str) -> None:
    await _messenger_post(channel, {**body, "messaging_type": "ANSWER"} if "message" in body else body, what)


async def _reads_another(channel: WhatsApp, event: Any) -> None:
    """The id is that of the chat."""
    await channel._call(status="read", message_id=event.user, typing_indicator={"type": "text"})


async def _insecure(channel: Telegram) -> None:
    """The secret word has signs that none may have."""
    await channel._call(
        "setWebhook", url=f"{channel._settings.public_url}/webhooks/telegram", secret_token="chat drill & secret!"
    )


async def _swallowed(bot: Bot, call: Any) -> bool:
    """Whatever comes of a call, the first failure ends the day."""
    if bot.__dict__.get("tired"):
        call.close()
        return True
    ok = await _try(bot, call)
    bot.__dict__["tired"] = not ok
    return ok


PATIENCE, STUMBLES, LOST, DOWN = (
    "The platform asks for patience",
    "The platform stumbles",
    "The answer of the platform is lost",
    "The platform is down",
)
STATUS, HI = ("Where is order 553?",), ("Hello",)

_calls = partial(specimen, "calls")
SPECIMENS = (
    _calls("gives up at a limit", "chatwoot#11637", "calls-accepted | expected", PATIENCE, instead(api, _wait_s=_not_for_limits), minimum=STATUS,
            fuzzed_by="answered"),
    _calls("gives up at a limit of WhatsApp's", "whatsapp-api-manager#102", "calls-accepted | expected", PATIENCE,
           instead(api, _wait_s=_not_for_limits), platform="whatsapp", minimum=STATUS,
            fuzzed_by="answered"),
    _calls("runs against a limit", "telegraf#806", "patience", PATIENCE, instead(api, _wait_s=_at_once), minimum=STATUS),
    _calls("runs against a limit of Messenger's", "telegraf#806", "patience", PATIENCE, instead(api, _wait_s=_at_once), platform="messenger",
           minimum=STATUS),
    _calls("gives up when the platform stumbles", "chatwoot#9314", "calls-accepted | expected", STUMBLES, instead(api, _wait_s=_not_for_failures),
           minimum=STATUS,
            fuzzed_by="answered"),
    _calls("never tries again", "glific#3705", "calls-accepted | expected", STUMBLES, instead(api, _wait_s=_no_patience), platform="messenger",
           minimum=STATUS,
            fuzzed_by="answered"),
    _calls("tries every second without end", "evolution-api#1291", "patience", DOWN, instead(Api, _patiently=_for_ever), minimum=STATUS),
    _calls("tries WhatsApp every second without end", "evolution-api#1291", "patience", DOWN, instead(Api, _patiently=_for_ever),
           platform="whatsapp", minimum=STATUS),
    _calls("sends again after a time-out", "chatwoot#9314", "expected | unexpected", LOST, instead(Api, _once=_after_a_break), minimum=STATUS,
            fuzzed_by="says_nothing_twice"),
    _calls("sends to WhatsApp again after a time-out", "chatwoot#9314", "expected | unexpected", LOST, instead(Api, _once=_after_a_break),
           platform="whatsapp", minimum=STATUS,
            fuzzed_by="says_nothing_twice"),
    _calls("is silent after one call that failed", "fazer-ai/agents#587", "expected", LOST, instead(Bot, _try=_swallowed)),
    _calls("addresses people by their names", "telegram chat_id", "calls-accepted | setup-accepted", "Hello again",
           instead(Telegram, _call=_by_username), minimum=HI),
    _calls("quotes a message that is not there", "telegram reply_parameters", "calls-accepted", "Hello again",
           _with(reply_parameters={"message_id": 999_999}), minimum=HI),
    _calls("sends entities beyond the end of a text", "telegram entities", "calls-accepted | setup-accepted", "Hello again",
           _with(parse_mode="HTML", text="<b>Hello"), minimum=HI),
    _calls("does not tell WhatsApp the product", "heyoo#23", "calls-accepted | setup-accepted", "Hello again",
           instead(WhatsApp, _call=_without_product), platform="whatsapp", minimum=HI),
    _calls("writes WhatsApp's numbers as Twilio does", "twilio-csharp#633", "calls-accepted | setup-accepted", "Hello again",
           instead(WhatsApp, _call=_with_a_plus), platform="whatsapp", minimum=HI),
    _calls("gives Messenger a type that is none", "messenger messaging_type", "calls-accepted | setup-accepted", "Hello again",
           instead(Messenger, _post=_with_an_unknown_type), platform="messenger", minimum=HI),
    _calls("reads a message of WhatsApp's that is not there", "whatsapp statuses", "calls-accepted | setup-accepted", "Hello again",
           instead(WhatsApp, attend=_reads_another), platform="whatsapp", minimum=HI),
    _calls("registers with a secret word that none may be", "telegram setWebhook", "setup-accepted", "Hello again",
           instead(Telegram, register=_insecure), minimum=HI),
)  # fmt: skip
