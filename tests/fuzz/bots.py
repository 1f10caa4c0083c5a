"""Small bots for the tests of fuzzing: each answers whatever is said to it on Telegram, but for one planted defect."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from typing import Any

import msgspec

Answer = Callable[[dict[str, Any]], str | None]


def bot(answer: Answer) -> Any:
    """An ASGI application that answers in its answer to the webhook."""

    async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        update = msgspec.json.decode((await receive())["body"])
        message = update.get("message")
        text = answer(message) if message else None
        body = b""
        if message and text is not None:
            body = msgspec.json.encode({"method": "sendMessage", "chat_id": message["chat"]["id"], "text": text})
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"application/json")]})
        await send({"type": "http.response.body", "body": body})

    return app


def _said(message: dict[str, Any]) -> str:
    return str(message.get("text", ""))[:100] or "Thank you."


def _crashes_on_emoji(message: dict[str, Any]) -> str:
    _said(message).encode("utf-16-le" if max(_said(message)) <= "\uffff" else "ascii")
    return "ok"


def _silent_on_pictures(message: dict[str, Any]) -> str | None:
    return None if "photo" in message else "ok"


_newest: dict[str, str] = {}


def _tells_of_others(message: dict[str, Any]) -> str:
    """Greets by the name of whoever wrote before."""
    who = message["from"]
    before = _newest.get("name", "you")
    _newest["name"] = f"{who['first_name']} {who.get('last_name', '')}".strip()
    return f"Hello {before}"


def _promises(message: dict[str, Any]) -> str:
    return "You get a refund." if "return" in _said(message) else "ok"


def _blocks(message: dict[str, Any]) -> str:
    while "sticker" in message:
        pass
    return "ok"


_hoard: list[Any] = []


def _hoards(message: dict[str, Any]) -> str:
    """Keeps a page of every message for ever, and at every fourth opens something that nobody closes."""
    _hoard.append((bytearray(100_000), None if len(_hoard) % 4 else open(os.devnull)))  # noqa: SIM115
    return "ok"


def _forgets_tasks(message: dict[str, Any]) -> str:
    _hoard.append(asyncio.create_task(asyncio.Event().wait()))
    return "ok"


blocking = bot(_blocks)
hoarding = bot(_hoards)
idling = bot(_forgets_tasks)
good = bot(_said)
crashing = bot(_crashes_on_emoji)
deaf = bot(_silent_on_pictures)
leaking = bot(_tells_of_others)
promising = bot(_promises)


async def stuck(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Never answers a sticker."""
    if scope["type"] != "http":
        return
    message = msgspec.json.decode((await receive())["body"]).get("message") or {}
    if "sticker" in message:
        await asyncio.Event().wait()
    await bot(_said)(scope, _again(message), send)


def _again(message: dict[str, Any]) -> Any:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": msgspec.json.encode({"message": message} if message else {})}

    return receive
