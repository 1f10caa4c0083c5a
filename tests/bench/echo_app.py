"""The echo bot as an ASGI application, for runs in one process."""

from __future__ import annotations

import asyncio
import os
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.bench.echo_bot import META, decode

_tasks: set[asyncio.Task[None]] = set()


async def app(scope: Any, receive: Any, send: Any) -> None:
    """Answer the handshake, acknowledge webhooks, then echo."""
    if scope["type"] != "http":
        return
    body = (await receive()).get("body", b"")
    challenge = parse_qs(scope["query_string"].decode()).get("hub.challenge", [""])[0]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": challenge.encode()})
    if body:
        task = asyncio.create_task(_echo(body))
        _tasks.add(task)
        task.add_done_callback(_tasks.discard)


async def _echo(body: bytes) -> None:
    root = urlsplit(os.environ["CHATDRILL_URL"])
    for call in META(decode(body)):
        reader, writer = await asyncio.open_connection(root.hostname, root.port)
        writer.write(call)
        await reader.readline()
        writer.close()
