"""Captured traffic of the Bot API, read as turns: updates, and the calls that say something."""

from __future__ import annotations

from typing import Any

from chatdrill.importing.captures import Body, Capture, Said
from chatdrill.importing.dialog import Attached, Card, Place, Turn
from chatdrill.model import MediaKind

_MESSAGES = ("message", "edited_message", "business_message", "edited_business_message")
_MEDIA: tuple[MediaKind, ...] = ("photo", "voice", "video", "audio", "animation", "document", "sticker", "video_note")
_SENDS: dict[str, MediaKind] = {f"send{kind.title().replace('_', '')}".lower(): kind for kind in _MEDIA}


def _knows(body: Body) -> bool:
    return "update_id" in body


def _webhook(body: Body, at: float) -> Said:
    for name in _MESSAGES:
        if isinstance(message := body.get(name), dict):
            yield str(message["chat"]["id"]), _written(message, edited=name.startswith("edited"))
    query = body.get("callback_query")
    if isinstance(query, dict):
        chat = query.get("message", {}).get("chat", query["from"])["id"]
        yield (
            str(chat),
            Turn(
                at=at,
                who=_name(query["from"]),
                role="customer",
                does="presses",
                text=_title(query),
                payload=query.get("data"),
            ),
        )


def _title(query: dict[str, Any]) -> str:
    rows = query.get("message", {}).get("reply_markup", {}).get("inline_keyboard", [])
    pressed = (button for row in rows for button in row if button.get("callback_data") == query.get("data"))
    return next((str(button.get("text", "")) for button in pressed), "")


def _written(message: dict[str, Any], *, edited: bool) -> Turn:
    text = str(message.get("text") or message.get("caption") or "")
    place, card = message.get("location"), message.get("contact")
    starts = text.startswith("/start") and not edited
    return Turn(
        at=message.get("edit_date") or message["date"],
        who=_name(message.get("from") or message["chat"]),
        role="customer",
        does="edits" if edited else "starts" if starts else "writes",
        text="" if starts else text,
        payload=text.removeprefix("/start").strip() or None if starts else None,
        id=str(message["message_id"]),
        of=str(message["message_id"]) if edited else None,
        reply_to=str(message["reply_to_message"]["message_id"]) if "reply_to_message" in message else None,
        files=tuple(Attached(kind=kind, name=_file_name(message[kind])) for kind in _MEDIA if kind in message)[:1],
        place=place and Place(latitude=place["latitude"], longitude=place["longitude"]),
        card=card and Card(name=card["first_name"], phone=card["phone_number"]),
        forwarded="forward_origin" in message,
    )


def _file_name(file: Any) -> str | None:
    return file.get("file_name") if isinstance(file, dict) else None


def _name(user: dict[str, Any]) -> str:
    return " ".join(filter(None, (user.get("first_name"), user.get("last_name")))) or str(user.get("id"))


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


capture = Capture("telegram", ("api.telegram.org",), _knows, _webhook, _call)
