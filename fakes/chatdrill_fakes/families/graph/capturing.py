"""Captured calls of the Send API, read as turns."""

from __future__ import annotations

from chatdrill.importing.captures import Body, Said
from chatdrill.importing.dialog import Attached, Turn
from chatdrill.model import MediaKind

_MEDIA: dict[str, MediaKind] = {"image": "photo", "video": "video", "audio": "voice", "file": "document"}


def sent(url: str, body: Body, answer: Body, at: float) -> Said:
    """What a call says, if it says something to somebody."""
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
