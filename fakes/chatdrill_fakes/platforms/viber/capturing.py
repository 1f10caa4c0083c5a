"""Captured traffic of Viber's bot API, read as turns: callbacks, and calls of ``send_message``."""

from __future__ import annotations

from typing import Any

from chatdrill.importing.captures import Body, Capture, Said, told
from chatdrill.importing.dialog import Attached, Card, Place, Turn
from chatdrill.model import MediaKind
from chatdrill_fakes.platforms.viber.decoding import read_callback

_MEDIA: dict[str, MediaKind] = {"picture": "photo", "video": "video", "file": "document", "sticker": "sticker"}


def _knows(body: Body) -> bool:
    return (
        "event" in body and "timestamp" in body and ("message_token" in body or "user_id" in body or "sender" in body)
    )


def _content(message: Body) -> dict[str, Any]:
    kind, place, card = _MEDIA.get(message.get("type", "")), message.get("location"), message.get("contact")
    return {
        "files": (Attached(kind=kind, name=message.get("file_name")),) if kind else (),
        "place": place and Place(latitude=place["lat"], longitude=place["lon"]),
        "card": card and Card(name=card.get("name", "?"), phone=card.get("phone_number", "")),
    }


def _call(url: str, body: Body, answer: Body, at: float) -> Said:
    if not url.partition("?")[0].endswith("/send_message") or "receiver" not in body:
        return
    buttons = tuple(str(one.get("Text", "")) for one in (body.get("keyboard") or {}).get("Buttons", ()))
    yield (
        str(body["receiver"]),
        Turn(
            at=at,
            who="bot",
            role="bot",
            text=str(body.get("text") or ""),
            id=str(answer.get("message_token", "")),
            buttons=buttons,
            keyboard="reply" if buttons else None,
            **_content(body),
        ),
    )


capture = Capture("viber", ("chatapi.viber.com",), _knows, told(read_callback), _call)
