"""A Telegram bot that speaks in its answers to webhooks. ``MOOD`` changes what it says: ``wordy``, ``short``, ``bare``, ``mute``."""

from __future__ import annotations

import json
import os
from typing import Any

KEYBOARD = {"keyboard": [[{"text": "Yes"}, {"text": "No"}]]}


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    update = json.loads((await receive()).get("body") or b"{}")
    answer = json.dumps(said(update, os.environ.get("MOOD", ""))).encode()
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})


def said(update: dict[str, Any], mood: str) -> dict[str, Any]:
    if mood == "mute":
        return {}
    message = update.get("message")
    if message is None:
        return {}
    if message["text"] == "Yes":
        return {"method": "sendMessage", "chat_id": message["chat"]["id"], "text": "You pressed Yes"}
    text = "Are you sure?" if mood == "wordy" else "Sure?"
    made = {"method": "sendMessage", "chat_id": message["chat"]["id"], "text": text, "reply_markup": KEYBOARD}
    if mood == "bare":
        del made["reply_markup"]
    return made
