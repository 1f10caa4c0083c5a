"""A WhatsApp bot in a few lines, as an ASGI application in this process. What it answers is a function."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

from chatdrill.serve import Client, Stage
from chatdrill.wire import HttpRequest, HttpResponse


@dataclass
class Heard:
    """One message of a customer, as the bot got it."""

    sender: str
    id: str
    text: str
    at: int
    kind: str
    raw: dict[str, Any]


Answer = Callable[["ToyBot", Heard], Awaitable[None]]


@dataclass
class ToyBot:
    answer: Answer
    heard: list[Heard] = field(default_factory=list)
    refused: list[dict[str, Any]] = field(default_factory=list)
    stage: Stage | None = None
    client: Client | None = None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body = (await receive())["body"]
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        for heard in _messages(json.loads(body)):
            self.heard.append(heard)
            task = asyncio.create_task(self.answer(self, heard))
            self.tasks.add(task)
            task.add_done_callback(self.tasks.discard)

    async def call(self, body: dict[str, Any]) -> dict[str, Any]:
        assert self.stage is not None and self.client is not None
        env = self.stage.environment()
        url = f"{env['WHATSAPP_API_ROOT']}/v25.0/{env['WHATSAPP_PHONE_NUMBER_ID']}/messages"
        headers = (("Authorization", f"Bearer {env['WHATSAPP_TOKEN']}"), ("Content-Type", "application/json"))
        content = json.dumps({"messaging_product": "whatsapp", **body}).encode()
        answer = await self.client.send(HttpRequest("POST", url, headers, content), 5.0)
        assert isinstance(answer, HttpResponse), answer
        found = json.loads(answer.body)
        if answer.status != 200:
            self.refused.append(found)
        return found

    async def say(self, to: str, text: str, *, buttons: tuple[str, ...] = (), reply_to: str | None = None) -> None:
        body: dict[str, Any] = {"to": to, "type": "text", "text": {"body": text}}
        if buttons:
            offered = [{"type": "reply", "reply": {"id": f"b-{title}", "title": title}} for title in buttons]
            interactive = {"type": "button", "body": {"text": text}, "action": {"buttons": offered}}
            body = {"to": to, "type": "interactive", "interactive": interactive}
        if reply_to is not None:
            body["context"] = {"message_id": reply_to}
        await self.call(body)


def _messages(body: dict[str, Any]) -> list[Heard]:
    values = [change["value"] for entry in body["entry"] for change in entry["changes"]]
    return [_heard(message) for value in values for message in value.get("messages", [])]


def _heard(message: dict[str, Any]) -> Heard:
    kind = message["type"]
    text = message.get("text", {}).get("body", "")
    if kind == "interactive":
        text = message["interactive"]["button_reply"]["title"]
    return Heard(message["from"], message["id"], text, int(message["timestamp"]), kind, message)


async def echo(bot: ToyBot, heard: Heard) -> None:
    """Say the same again."""
    await bot.say(heard.sender, f"You said: {heard.text}")


async def silent(bot: ToyBot, heard: Heard) -> None:
    """Say nothing."""


def says(*texts: str, buttons: tuple[str, ...] = ()) -> Answer:
    """Say these whatever the customer says."""

    async def answer(bot: ToyBot, heard: Heard) -> None:
        for text in texts:
            await bot.say(heard.sender, text, buttons=buttons)

    return answer


def script(answers: dict[str, str | tuple[str, ...]]) -> Answer:
    """Answer the words that are keys; nothing to others."""

    async def answer(bot: ToyBot, heard: Heard) -> None:
        found = answers.get(heard.text, ())
        for text in (found,) if isinstance(found, str) else found:
            await bot.say(heard.sender, text)

    return answer
