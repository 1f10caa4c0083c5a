"""Captured traffic of the Cloud API, read as turns: webhooks of the field ``messages``, and calls to ``/messages``."""

from __future__ import annotations

from typing import Any

from chatdrill.importing.captures import Body, Capture, Said
from chatdrill.importing.dialog import Attached, Card, Place, Turn
from chatdrill.model import MediaKind

_MEDIA: dict[str, MediaKind] = {
    "image": "photo",
    "video": "video",
    "audio": "audio",
    "document": "document",
    "sticker": "sticker",
}


def _knows(body: Body) -> bool:
    return body.get("object") == "whatsapp_business_account"


def _webhook(body: Body, _at: float) -> Said:
    for entry in body["entry"]:
        for change in entry["changes"]:
            value = change["value"]
            names = {one["wa_id"]: one.get("profile", {}).get("name") for one in value.get("contacts", ())}
            for message in value.get("messages", ()) if change.get("field") == "messages" else ():
                yield message["from"], _written(message, names.get(message["from"]) or message["from"])


def _written(message: dict[str, Any], who: str) -> Turn:
    content = message.get(message["type"])
    content = content if isinstance(content, dict) else {}
    head: dict[str, Any] = {"at": float(message["timestamp"]), "who": who, "role": "customer", "id": message["id"]}
    if message["type"] == "interactive":
        pressed = content.get(content.get("type", ""), {})
        return Turn(**head, does="presses", text=str(pressed.get("title", "")), payload=pressed.get("id"))
    if message["type"] == "button":
        return Turn(**head, does="presses", text=str(content.get("text", "")), payload=content.get("payload"))
    if message["type"] == "reaction":
        return Turn(**head, does="reacts", text=str(content.get("emoji", "")), of=content.get("message_id"))
    return Turn(
        **head,
        text=str(content.get("body") or content.get("caption") or "") if message["type"] != "location" else "",
        reply_to=(message.get("context") or {}).get("id"),
        forwarded=bool((message.get("context") or {}).get("forwarded")),
        **_content(message, content),
    )


def _content(message: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
    kind = _MEDIA.get(message["type"])
    if kind is not None:
        made = "voice" if content.get("voice") else kind
        return {"files": (Attached(kind=made, name=content.get("filename")),)}
    if message["type"] == "location":
        return {"place": Place(latitude=content["latitude"], longitude=content["longitude"], name=content.get("name"))}
    if message["type"] == "contacts":
        card = message["contacts"][0]
        phones = card.get("phones") or [{}]
        return {"card": Card(name=card["name"]["formatted_name"], phone=str(phones[0].get("phone", "")))}
    return {}


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


capture = Capture("whatsapp", ("graph.facebook.com",), _knows, _webhook, _call)
