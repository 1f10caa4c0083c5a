"""Defects of bots on LINE: its reply tokens, retry keys, signature, and webhooks with nothing in them."""

from __future__ import annotations

import asyncio
import base64
import hashlib
import hmac
import json
from collections.abc import Iterator, Mapping
from functools import partial
from types import SimpleNamespace
from typing import Any

from ..shoebot.bot import Bot
from ..shoebot.channels import line as line_module
from ..shoebot.channels.line import Line
from ..shoebot.desks import File
from .specimen import instead, specimen

_say, _receive, _items = Line._say, Bot.receive, Line.items
Headers = Mapping[str, str]
THINKS_S = 70.0
KEY = "123e4567-e89b-12d3-a456-426614174000"  # that of the documentation's example


async def _with_the_same_token(channel: Line, user: str, message: Mapping[str, Any]) -> None:
    """A token is a chat's, and good for all of a turn."""
    token = channel._open.get(user)
    await _say(channel, user, message)
    if token:
        channel._open[user] = token


async def _after_thinking(channel: Line, user: str, message: Mapping[str, Any]) -> None:
    """The model takes its time, and then the bot replies."""
    token, _ = channel._open.pop(user, ("", 0.0))
    if not token:
        await _say(channel, user, message)
        return
    await asyncio.sleep(THINKS_S / channel._settings.speed)
    await channel._post("/v2/bot/message/reply", {"replyToken": token, "messages": [message]}, "reply")


async def _over_http(channel: Line, user: str, file: File) -> None:
    """Behind a proxy that ends TLS, the bot believes that it is reached by plain HTTP."""
    link = f"http://bot.stepwell.example/{file.name}"
    await channel._say(user, {"type": "image", "originalContentUrl": link, "previewImageUrl": link})


def _first_event(bot: Bot, channel: Any, update: Any) -> None:
    """There is an event in each webhook, and what would be the point of one without?"""
    _ = update["events"][0]["type"]
    _receive(bot, channel, update)


def _first_only(channel: Line, update: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    yield from list(_items(channel, update))[:1]


def _proof(key: bytes, raw: bytes) -> bytes:
    return base64.b64encode(hmac.new(key, raw, hashlib.sha256).digest())


def _of_hex(channel: Line, headers: Headers, raw: bytes) -> bool:
    """The secret looks like hex, so it is read as such."""
    given = headers.get("x-line-signature", "").encode()
    return hmac.compare_digest(_proof(bytes.fromhex(channel._secret), raw), given)


def _written_anew(channel: Line, headers: Headers, raw: bytes) -> bool:
    """A framework has read the body, and it is written again to be signed."""
    try:
        anew = json.dumps(json.loads(raw), separators=(",", ":"), ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        return False
    return hmac.compare_digest(_proof(channel._secret.encode(), anew), headers.get("x-line-signature", "").encode())


def _believes(channel: Line, headers: Headers, raw: bytes) -> bool:
    return True


TWO, HI = "Where the shop is", ("Hello",)
_on_line = partial(specimen, platform="line")

SPECIMENS = (
    _on_line("calls", "replies to LINE twice with one token", "line reply token", "calls-accepted", TWO,
             instead(Line, _say=_with_the_same_token), minimum=("Where is the shop?",)),
    _on_line("calls", "replies to LINE when the token is too old", "line reply token", "calls-accepted", "Hello again",
             instead(Line, _say=_after_thinking), minimum=HI),
    _on_line("calls", "gives LINE the same retry key each time", "line X-Line-Retry-Key", "calls-accepted", f"{TWO} | Thirty days with one customer",
             instead(line_module, uuid=SimpleNamespace(uuid4=lambda: KEY))),
    _on_line("calls", "shows LINE pictures over plain HTTP", "line image message", "calls-accepted", "The size chart",
             instead(Line, _show=_over_http), minimum=("What sizes do you have?",)),
    _on_line("webhooks", "fails at LINE's test of its address", "line webhook verification", "probe:batch-empty", "",
             instead(Bot, receive=_first_event)),
    _on_line("delivery", "reads the first event of LINE's webhooks only", "line webhook event objects", "probe:batch-effect", "",
             instead(Line, items=_first_only)),
    _on_line("signatures", "takes LINE's secret for hex digits", "line signature validation", "acknowledged | probe:good-webhook", "Hello again",
             instead(Line, trusts=_of_hex), minimum=HI),
    _on_line("signatures", "signs LINE's JSON that it has written anew", "line signature validation",
             "probe:signature-rewritten | probe:signature-escaped", "", instead(Line, trusts=_written_anew)),
    _on_line("signatures", "looks at no signature of LINE's", "line signature validation", "probe:signature-wrong | probe:signature-missing", "",
             instead(Line, trusts=_believes)),
)  # fmt: skip
