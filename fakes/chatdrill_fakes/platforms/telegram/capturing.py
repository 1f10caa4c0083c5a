"""Captured traffic of the Bot API, read as turns: updates, and the calls that say something."""

from __future__ import annotations

from typing import Any

from chatdrill.importing.captures import Body, Capture, Said, told
from chatdrill.importing.dialog import Attached, Place, Turn
from chatdrill.model import MediaKind
from chatdrill_fakes.platforms.telegram.decoding import read_update

_MEDIA: tuple[MediaKind, ...] = ("photo", "voice", "video", "audio", "animation", "document", "sticker", "video_note")
_SENDS: dict[str, MediaKind] = {f"send{kind.title().replace('_', '')}".lower(): kind for kind in _MEDIA}


def _knows(body: Body) -> bool:
    return "update_id" in body


def _call(url: str, body: Body, answer: Body, at: float) -> Said:
    method = url.partition("?")[0].rpartition("/")[2].lower()
    kind = _SENDS.get(method)
    if "chat_id" not in body or not (kind or method in ("sendmessage", "editmessagetext", "sendlocation")):
        return
    result = answer.get("result")
    made: dict[str, Any] = result if isinstance(result, dict) else {}
    buttons, keyboard = _buttons(body.get("reply_markup"))
    yield (
        str(body["chat_id"]),
        Turn(
            at=made.get("date") or at,
            who="bot",
            role="bot",
            does="edits" if method == "editmessagetext" else "writes",
            text=str(body.get("text") or body.get("caption") or ""),
            id=str(made.get("message_id") or body.get("message_id") or ""),
            files=(Attached(kind=kind),) if kind else (),
            place=Place(latitude=float(body["latitude"]), longitude=float(body["longitude"]))
            if method == "sendlocation"
            else None,
            buttons=buttons,
            keyboard=keyboard,
        ),
    )


def _buttons(markup: Any) -> tuple[tuple[str, ...], str | None]:
    import json

    found = json.loads(markup) if isinstance(markup, str) and markup else markup or {}
    rows = found.get("inline_keyboard") or found.get("keyboard") or []
    titles = tuple(
        str(button.get("text", "") if isinstance(button, dict) else button) for row in rows for button in row
    )
    return titles, ("inline" if "inline_keyboard" in found else "reply") if titles else None


capture = Capture("telegram", ("api.telegram.org",), _knows, told(read_update), _call)
