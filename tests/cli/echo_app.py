"""An echo bot for WhatsApp as an ASGI application: what a user would name with --app."""

from __future__ import annotations

import asyncio
import json
import os
import urllib.request
from typing import Any
from urllib.parse import parse_qs

_tasks: set[asyncio.Task[None]] = set()


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] != "http":
        return
    body = (await receive()).get("body", b"")
    challenge = parse_qs(scope["query_string"].decode()).get("hub.challenge", [""])[0]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": challenge.encode()})
    if body:
        task = asyncio.create_task(asyncio.to_thread(answer, json.loads(body)))
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)


def answer(webhook: dict[str, Any]) -> None:
    values = [change["value"] for entry in webhook["entry"] for change in entry["changes"]]
    for message in (message for value in values for message in value.get("messages", [])):
        echo = {"messaging_product": "whatsapp", "to": message["from"], "type": "text", "text": message["text"]}
        headers = {"Authorization": f"Bearer {os.environ['WHATSAPP_TOKEN']}", "Content-Type": "application/json"}
        url = f"{os.environ['WHATSAPP_API_ROOT']}/v25.0/{os.environ['WHATSAPP_PHONE_NUMBER_ID']}/messages"
        with urllib.request.urlopen(urllib.request.Request(url, json.dumps(echo).encode(), headers)) as response:
            response.read()
