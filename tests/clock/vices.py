"""An echo bot for WhatsApp, as an ASGI application, with a vice of its own: ``VICE`` in the environment."""

from __future__ import annotations

import asyncio
import json
import os
import threading
import time
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs

_tasks: set[asyncio.Future[Any]] = set()


async def spins_for_ever() -> None:
    while True:
        await asyncio.sleep(0)


async def ticks_for_ever() -> None:
    while True:
        await asyncio.sleep(1)


def polls_for_ever() -> None:
    while True:
        time.sleep(3600)


def works_for_ever() -> None:
    while True:
        threading.Event().wait(60)


async def hands_over_for_ever() -> None:
    loop = asyncio.get_running_loop()
    loop._held_max_s = 1.5  # type: ignore[attr-defined]  # ten seconds are long for a test
    loop.run_in_executor(ThreadPoolExecutor(), works_for_ever)
    threading.Thread(target=works_for_ever).start()
    await asyncio.to_thread(works_for_ever)


VICES = {
    "work": hands_over_for_ever,
    "spin": spins_for_ever,
    "tick": ticks_for_ever,
    "poll": lambda: asyncio.to_thread(polls_for_ever),
}


def _start(work: Any) -> None:
    task = asyncio.ensure_future(work)
    _tasks.add(task)
    task.add_done_callback(_tasks.discard)


async def app(scope: Any, receive: Any, send: Any) -> None:
    if scope["type"] == "lifespan":
        await receive()
        if os.environ.get("VICE"):
            _start(VICES[os.environ["VICE"]]())
        await send({"type": "lifespan.startup.complete"})
        await receive()
        return
    body = (await receive()).get("body", b"")
    challenge = parse_qs(scope["query_string"].decode()).get("hub.challenge", [""])[0]
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": challenge.encode()})
    if body:
        values = [change["value"] for entry in json.loads(body)["entry"] for change in entry["changes"]]
        for message in (message for value in values for message in value.get("messages", [])):
            _start(asyncio.to_thread(answer, message))


def answer(message: dict[str, Any]) -> None:
    """Thinks for two seconds, and says what was said, and when."""
    time.sleep(2)
    text = {"body": f"{message['text']['body']} at {time.strftime('%a %H:%M:%S', time.gmtime())}"}
    echo = {"messaging_product": "whatsapp", "to": message["from"], "type": "text", "text": text}
    headers = {"Authorization": f"Bearer {os.environ['WHATSAPP_TOKEN']}", "Content-Type": "application/json"}
    url = f"{os.environ['WHATSAPP_API_ROOT']}/v25.0/{os.environ['WHATSAPP_PHONE_NUMBER_ID']}/messages"
    with urllib.request.urlopen(urllib.request.Request(url, json.dumps(echo).encode(), headers)) as response:
        response.read()
