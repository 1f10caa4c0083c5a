"""Captured traffic of web chats, read as turns: activities to the bot, its own, and what clients of Direct Line said and read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import msgspec

from chatdrill.importing.captures import Body, Capture, Said, told
from chatdrill.importing.dialog import Turn
from chatdrill.importing.turning import said_turn
from chatdrill.seeds import Seed
from chatdrill_fakes.platforms.webchat.declared import SETTINGS
from chatdrill_fakes.platforms.webchat.decoding import read_activity
from chatdrill_fakes.platforms.webchat.observing import shown
from chatdrill_fakes.platforms.webchat.state import WebChatState

_SENT = re.compile(r"/v3/(directline/)?conversations/([^/?]+)/activities(?:/[^/?]+)?$")
_HOSTS = ("directline.botframework.com", "webchat.botframework.com", "smba.trafficmanager.net")
_read = told(read_activity)


@lru_cache(maxsize=1)
def _nobodys() -> WebChatState:
    return WebChatState(
        settings={each.name: each.default for each in SETTINGS},
        chance=Seed(0).stream("capture"),
        base_url="http://capture.invalid",
    )


def _knows(body: Body) -> bool:
    """What a channel tells a bot says where to answer."""
    return all(isinstance(body.get(name), str) for name in ("type", "channelId", "serviceUrl")) and _has_place(body)


def _has_place(body: Body) -> bool:
    conversation = body.get("conversation")
    return isinstance(conversation, dict) and "id" in conversation


def _bots(body: Mapping[str, Any], id: Any, at: float) -> Iterator[Turn]:
    if body.get("type") == "message":
        yield said_turn(shown(_nobodys(), body), {"at": at, "who": "bot", "role": "bot", "id": str(id or "")})


def _call(url: str, body: Body, answer: Body, at: float) -> Said:
    """What the bot posted; of Direct Line what its client posted, and what it read of both sides."""
    found = _SENT.search(url.partition("?")[0])
    if found is None:
        return
    to, is_client = found[2], bool(found[1])
    if is_client and isinstance(answer.get("activities"), list):
        for one in answer["activities"]:
            yield from _heard(one, to, at)
    elif is_client and isinstance(body.get("type"), str):
        yield from _read({**body, "id": answer.get("id"), "conversation": {"id": to}}, at)
    elif not is_client:
        yield from ((to, turn) for turn in _bots(body, answer.get("id"), at))


def _heard(one: Any, to: str, at: float) -> Said:
    if not isinstance(one, dict) or not isinstance(one.get("type"), str):
        return
    sender = one.get("from")
    if isinstance(sender, dict) and (sender.get("role") == "bot" or "replyToId" in one):
        when = next((said.at for said in read_activity({**one, "conversation": {"id": to}})), None)
        yield from ((to, turn) for turn in _bots(one, one.get("id"), at if when is None else when))
    else:
        yield from _read({**one, "conversation": {"id": to}}, at)


def _answer(body: Body, text: str, at: float) -> Said:
    """The activities of an answer, where the bot was asked for them in it."""

    if body.get("deliveryMode") != "expectReplies":
        return
    try:
        given = msgspec.json.decode(text)["activities"]
    except (msgspec.DecodeError, RecursionError, KeyError, TypeError):
        return
    for one in given if isinstance(given, list) else ():
        if isinstance(one, dict):
            yield from ((str(body["conversation"]["id"]), turn) for turn in _bots(one, None, at))


capture = Capture("webchat", _HOSTS, _knows, _read, _call, _answer)
"""The Bot Connector and Direct Line."""
