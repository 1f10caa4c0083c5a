"""Captured traffic of the Messenger Platform, read as turns: webhooks of a Page, and calls of the Send API."""

from __future__ import annotations

from typing import Any

from chatdrill.importing.captures import Body, Capture, Said
from chatdrill.importing.dialog import Attached, Turn
from chatdrill.model import MediaKind

_MEDIA: dict[str, MediaKind] = {"image": "photo", "video": "video", "audio": "voice", "file": "document"}


def _knows(body: Body) -> bool:
    return body.get("object") == "page" and isinstance(body.get("entry"), list)


def _webhook(body: Body, at: float) -> Said:
    for entry in body["entry"]:
        for event in entry.get("messaging", ()):
            if "sender" in event and not event.get("message", {}).get("is_echo") and (turn := _turn(event, at)):
                yield event["sender"]["id"], turn


def _turn(event: dict[str, Any], at: float) -> Turn | None:
    head: dict[str, Any] = {
        "at": event.get("timestamp", at * 1000) / 1000,
        "who": event["sender"]["id"],
        "role": "customer",
    }
    message, postback, edit, reaction = (event.get(key) for key in ("message", "postback", "message_edit", "reaction"))
    if isinstance(message, dict):
        quick = message.get("quick_reply")
        if quick:
            return Turn(
                **head,
                id=message["mid"],
                does="presses",
                text=str(message.get("text", "")),
                payload=quick.get("payload"),
            )
        files = tuple(
            Attached(kind=_MEDIA[one["type"]]) for one in message.get("attachments", ()) if one.get("type") in _MEDIA
        )
        quoted = (message.get("reply_to") or {}).get("mid")
        text = str(message.get("text", ""))
        return Turn(**head, id=message["mid"], text=text, files=files, reply_to=quoted) if text or files else None
    if isinstance(postback, dict):
        return Turn(**head, does="presses", text=str(postback.get("title", "")), payload=postback.get("payload"))
    if isinstance(edit, dict):
        return Turn(**head, does="edits", text=str(edit.get("text", "")), of=edit.get("mid"))
    if isinstance(reaction, dict):
        emoji = str(reaction.get("emoji", "")) if reaction.get("action") == "react" else ""
        return Turn(**head, does="reacts", text=emoji, of=reaction.get("mid"))
    return None


def _call(url: str, body: Body, answer: Body, at: float) -> Said:
    message, to = body.get("message"), (body.get("recipient") or {}) if isinstance(body.get("recipient"), dict) else {}
    if not url.partition("?")[0].endswith("/messages") or not isinstance(message, dict) or "id" not in to:
        return
    attachment = message.get("attachment") or {}
    payload = attachment.get("payload") or {}
    quick = tuple(str(one.get("title", "")) for one in message.get("quick_replies", ()))
    buttons = quick or tuple(str(one.get("title", "")) for one in payload.get("buttons", ()))
    kind = _MEDIA.get(attachment.get("type", ""))
    yield (
        str(to["id"]),
        Turn(
            at=at,
            who="bot",
            role="bot",
            text=str(message.get("text") or payload.get("text") or ""),
            id=str(answer.get("message_id", "")),
            files=(Attached(kind=kind),) if kind else (),
            buttons=buttons,
            keyboard="quick_replies" if quick else "inline" if buttons else None,
        ),
    )


capture = Capture("messenger", ("graph.facebook.com",), _knows, _webhook, _call)
