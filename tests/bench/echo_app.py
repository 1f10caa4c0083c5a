"""The echo bot as an ASGI application, for a drill in one process. It echoes each text in its answer to the webhook, as
Telegram lets a bot do, so that the bot itself costs next to nothing."""

from __future__ import annotations

from typing import Any

import msgspec


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """One webhook."""
    if scope["type"] != "http":
        return
    message = msgspec.json.decode((await receive())["body"]).get("message")
    answer = b""
    if message:
        echo = {"method": "sendMessage", "chat_id": message["chat"]["id"], "text": message["text"]}
        answer = msgspec.json.encode(echo)
    headers = ((b"content-type", b"application/json"),)
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await send({"type": "http.response.body", "body": answer})
