"""Short words for the calls of the sheet."""

from __future__ import annotations

from typing import Any

from chatdrill.model import Event, Media, Text, Write
from chatdrill.model.parts import File, MediaKind
from chatdrill.wire.sheets import Ask, Happens, Step

PUSH, MESSAGE = "/v2/bot/message/push", "/v2/bot/message"
PICTURE, VIDEO, SOUND = "https://a.test/p.png", "https://a.test/v.mp4", "https://a.test/s.mp3"


def push(*messages: Any, after: tuple[Step, ...] = (), shows: str = "", **fields: Any) -> Ask:
    """Messages to the customer."""
    return Ask(PUSH, {"to": "{to}", "messages": list(messages), **fields}, after=after, shows=shows)


def text(words: str = "Hello", **fields: Any) -> dict[str, Any]:
    """A text message."""
    return {"type": "text", "text": words, **fields}


def file(kind: MediaKind, name: str = "") -> Write:
    """A customer's file."""
    return Write(parts=(Media(kind=kind, file=File(name=name or f"a.{kind}")),))


def template(**inner: Any) -> dict[str, Any]:
    """A template message."""
    return {"type": "template", "altText": "a choice", "template": inner}


def get(path: str, *after: Step) -> Ask:
    """A call by GET."""
    return Ask(path, method="GET", after=after)


def delete(path: str, *after: Step) -> Ask:
    """A call by DELETE."""
    return Ask(path, method="DELETE", after=after)


def post(path: str, body: Any = None, *after: Step) -> Ask:
    """A call by POST."""
    return Ask(path, {} if body is None else body, after=after)


HEARD = Happens(Write(parts=(Text(text="Hi"),)), keeps={"reply": "replyToken", "mark": "message.markAsReadToken"})
FILE = Happens(file("video"), keeps={"file": "message.id"})
JOINED = Happens(Event(name="join"), keeps={"group": "source.groupId"})
ROOM = Happens(Event(name="join", data={"source": "room"}), keeps={"room": "source.roomId"})
SAID = [text()]
CANCEL = {"type": "postback", "label": "Cancel", "data": "action=cancel&order=553", "displayText": "Cancel it"}
CHOICE = text(quickReply={"items": [{"type": "action", "action": CANCEL}]})
DATE = {"type": "datetimepicker", "label": "Pick", "data": "pick", "mode": "datetime", "initial": "2026-01-05t14:30"}
CONFIRM = {"type": "confirm", "text": "Which?", "actions": [DATE, {"type": "message", "label": "None", "text": "none"}]}
