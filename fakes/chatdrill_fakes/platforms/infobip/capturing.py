"""Captured traffic of Infobip, read as turns: inbound messages, and calls that send."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from chatdrill.importing.captures import Body, Capture, Said, told
from chatdrill.importing.dialog import Attached, Turn
from chatdrill_fakes.platforms.infobip.decoding import read_webhook
from chatdrill_fakes.platforms.infobip.sending import number_of

_PATHS = ("/sms/3/messages", "/sms/2/text/advanced", "/sms/2/text/single", "/mms/2/messages")


def _knows(body: Body) -> bool:
    results = body.get("results")
    first = results[0] if isinstance(results, list) and results else body
    if not isinstance(first, Mapping) or ("messageId" not in first and "notificationType" not in first):
        return False
    known = ("receivedAt", "smsCount", "mmsCount", "doneAt", "sentAt", "recipient")
    return any(name in first for name in known)


def _call(url: str, body: Body, answer: Body, at: float) -> Said:
    if not url.partition("?")[0].endswith(_PATHS):
        return
    ids = {number_of(str(one.get("destination") or one.get("to"))): one for one in _objects(answer.get("messages"))}
    for message in _objects(body.get("messages")) if "messages" in body else (body,):
        content = message.get("content") or {}
        segments = list(_objects(content.get("messageSegments")))
        words = [message.get("text"), content.get("text"), *(one.get("text") for one in segments)]
        files = tuple(Attached(kind="document") for one in segments if one.get("contentUrl"))
        for to in map(number_of, _destinations(message)):
            id = str(ids.get(to, {}).get("messageId", ""))
            text = "\n".join(str(word) for word in words if word)
            yield to, Turn(at=at, who="bot", role="bot", text=text, files=files, id=id)


def _objects(value: Any) -> Iterator[Mapping[str, Any]]:
    return (one for one in value if isinstance(one, Mapping)) if isinstance(value, list) else iter(())


def _destinations(message: Mapping[str, Any]) -> list[str]:
    given = message.get("to", [])
    bare = given if isinstance(given, list) else [given]
    return [*map(str, bare), *(str(one.get("to", "")) for one in _objects(message.get("destinations")))]


capture = Capture("infobip", ("api.infobip.com",), _knows, told(read_webhook), _call)
