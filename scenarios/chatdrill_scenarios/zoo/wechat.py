"""Defects that only WeChat brings about: replies in the answer, seals, tokens, windows."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Iterator, Mapping
from functools import partial
from secrets import token_bytes, token_hex
from typing import Any

from ..shoebot import web
from ..shoebot.channels import wechat
from ..shoebot.channels.wechat import WeChat
from ..shoebot.model import Event
from .specimen import instead, specimen

_webhook, _events, _seal, _handshake = web.Application._webhook, WeChat.events, WeChat._sealed, WeChat.handshake
THINKING_S = 6.0
"""A second more than WeChat waits."""


async def _late(application: web.Application, channel: Any, scope: Any, receive: Any) -> web.Answer:
    """The model is asked first, and the webhook is answered when it has spoken."""
    await asyncio.sleep(THINKING_S)
    return await _webhook(application, channel, scope, receive)


def _each_try(channel: WeChat, item: Mapping[str, Any]) -> Iterator[Event]:
    """What comes again is taken for new."""
    for event in _events(channel, item):
        yield Event(**{name: getattr(event, name) for name in event.__slots__} | {"id": token_hex(8)})


async def _as_json(application: web.Application, channel: Any, scope: Any, receive: Any) -> web.Answer:
    """What the framework answers everywhere."""
    status, body = await _webhook(application, channel, scope, receive)
    return status, body or json.dumps({"code": 0}).encode()


def _signed_plainly(channel: WeChat, document: bytes) -> bytes:
    """The reply is signed before it is sealed."""
    sealed = _seal(channel, document)
    stamp, nonce = str(int(time.time())), str(int.from_bytes(token_bytes(4), "big"))
    encrypt = wechat._read(sealed)["Encrypt"]
    fields = {"Encrypt": encrypt, "MsgSignature": channel._signature(stamp, nonce, document.decode()), "Nonce": nonce}
    inner = "".join(f"<{name}>{wechat._cdata(value)}</{name}>" for name, value in fields.items())
    return f"<xml>{inner}<TimeStamp>{stamp}</TimeStamp></xml>".encode()


def _believes(channel: WeChat, headers: Mapping[str, str], raw: bytes) -> bool:
    return True


def _to_anybody(channel: WeChat, query: Mapping[str, str]) -> str | None:
    return query.get("echostr", "")


def _any_time(channel: WeChat, say: Any, silence_s: float) -> bool:
    return True


def _not_counted(channel: WeChat, item: Mapping[str, Any], event: Event) -> None:
    """Whatever the customer did, it is the platform that refuses."""


async def _first_token(channel: WeChat) -> str:
    """Fetched when the bot starts, and kept."""
    if not channel._token:
        channel._token_ends = float("inf")
        owner = {"appid": channel._settings["WECHAT_APPID"], "secret": channel._settings["WECHAT_SECRET"]}
        body = {"grant_type": "client_credential", **owner}
        answer = await channel._api.post(f"{channel._root}/cgi-bin/stable_token", "wechat stable_token", body=body)
        channel._token = answer["access_token"]
    return channel._token


_of_wechat = partial(specimen, platform="wechat")

SPECIMENS = (
    _of_wechat("delivery", "answers WeChat's webhook after six seconds, and each try of it", "wechatpy docs: 5 s, 3 tries",
               "acknowledged | once", "Thanks and goodbye",
               (*instead(web.Application, _webhook=_late), *instead(WeChat, events=_each_try))),
    _of_wechat("webhooks", "acknowledges WeChat's webhooks with JSON", "weixin passive replies", "calls-accepted",
               "Thanks and goodbye", instead(web.Application, _webhook=_as_json)),
    _of_wechat("signatures", "signs WeChat's plain reply and not the sealed one", "weixin message encryption", "calls-accepted",
               "Get started", instead(WeChat, _sealed=_signed_plainly), settings=("wechat.mode=safe",)),
    _of_wechat("signatures", "looks at no signature of WeChat's", "chatwoot#14280", "probe:signature-wrong | probe:signature-missing",
               "", instead(WeChat, trusts=_believes)),
    _of_wechat("signatures", "gives WeChat's echostr to anybody", "weixin access guide", "probe:handshake-forged", "",
               instead(WeChat, handshake=_to_anybody)),
    _of_wechat("calls", "keeps its first access token of WeChat's for ever", "wechatpy#access_token", "calls-accepted",
               "How did I do?", instead(wechat, TOKEN_ENDED=frozenset()) + instead(WeChat, _valid_token=_first_token)),
    _of_wechat("time", "writes on WeChat when the window is closed", "weixin notice of 12 June 2023", "calls-accepted",
               "On the eighth day it is too late", instead(WeChat, may_say=_any_time, _allow=_not_counted)),
)  # fmt: skip
