"""Captured traffic of the Cloud API, read as turns: webhooks of the field ``messages``, and calls to ``/messages``."""

from __future__ import annotations

from typing import Any

from chatdrill.importing.captures import Body, Capture, Said, told
from chatdrill.importing.dialog import Attached, Turn
from chatdrill.model import MediaKind
from chatdrill_fakes.platforms.whatsapp.decoding import OBJECT, read_webhook

_MEDIA: dict[str, MediaKind] = {
    "image": "photo",
    "video": "video",
    "audio": "audio",
    "document": "document",
    "sticker": "sticker",
}


def _knows(body: Body) -> bool:
    return body.get("object") == OBJECT


def _call(url: str, body: Body, answer: Body, at: float) -> Said:
    if (
        not url.partition("?")[0].endswith("/messages")
        or body.get("messaging_product") != "whatsapp"
        or "to" not in body
    ):
        return
    type_ = str(body.get("type", "text"))
    content = body.get(type_)
    content = content if isinstance(content, dict) else {}
    if type_ == "reaction":
        return
    kind, made = _MEDIA.get(type_), answer.get("messages") or [{}]
    words = content.get("body") or content.get("caption") or ""
    buttons = _buttons(content.get("action") or {})
    yield (
        str(body["to"]).lstrip("+"),
        Turn(
            at=at,
            who="bot",
            role="bot",
            text=str(words.get("text", "") if isinstance(words, dict) else words),
            id=str(made[0].get("id", "")),
            files=(Attached(kind=kind, name=content.get("filename")),) if kind else (),
            buttons=buttons,
            keyboard=None if not buttons else "list" if content.get("type") == "list" else "quick_replies",
        ),
    )


def _buttons(action: dict[str, Any]) -> tuple[str, ...]:
    rows = [row["title"] for section in action.get("sections", ()) for row in section.get("rows", ())]
    return (*(button["reply"]["title"] for button in action.get("buttons", ())), *rows)


capture = Capture("whatsapp", ("graph.facebook.com",), _knows, told(read_webhook), _call)
