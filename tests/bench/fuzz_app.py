"""A bot that answers whatever is said at once, in its answer to the webhook, and costs next to nothing itself: to measure fuzzing by."""

from __future__ import annotations

from typing import Any

import msgspec

_known: set[int] = set()
"""Updates that were answered: one that is delivered again is not."""


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """One webhook of Telegram's."""
    if scope["type"] != "http":
        _known.clear()  # a start
        return
    update = msgspec.json.decode((await receive())["body"])
    answer = b""
    message = update.get("message")
    if message and update["update_id"] not in _known:
        _known.add(update["update_id"])
        words = message.get("text") or "Thank you."
        answer = msgspec.json.encode({"method": "sendMessage", "chat_id": message["chat"]["id"], "text": words[:4096]})
    await send({"type": "http.response.start", "status": 200, "headers": ((b"content-type", b"application/json"),)})
    await send({"type": "http.response.body", "body": answer})
