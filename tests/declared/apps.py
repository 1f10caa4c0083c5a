"""What is drilled, as applications: a bot that answers in its answers, and helpdesks with an agent who replies by their webhook."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import os
import time
from typing import Any
from urllib.parse import urlsplit

import aiohttp
import msgspec

from chatdrill.model import Accept, Agent, EntryAdded, Reply, Text
from chatdrill.run.registry import load_desk
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, HttpRequest

MOUNT = "/webhooks/declared"
BOB = Agent(key="bob", first_name="Bob", last_name="Baker", email="bob@example.org")


async def _body(receive: Any) -> bytes:
    body, more = b"", True
    while more:
        message = await receive()
        body, more = body + message.get("body", b""), message.get("more_body", False)
    return body


async def _send(send: Any, status: int, body: bytes, kind: str = "application/json") -> None:
    heads = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": heads})
    await send({"type": "http.response.body", "body": body})


async def _live(receive: Any, send: Any) -> None:
    while (await receive())["type"] != "lifespan.shutdown":
        await send({"type": "lifespan.startup.complete"})
    await send({"type": "lifespan.shutdown.complete"})


async def parrot(scope: Any, receive: Any, send: Any) -> None:
    """Repeats what it hears, in the answer itself; a redelivery gets the same answer."""
    if scope["type"] == "lifespan":
        await _live(receive, send)
        return
    raw = await _body(receive)
    heads = {name.decode(): value.decode() for name, value in scope["headers"]}
    stamp = heads.get("x-acme-timestamp", "")
    mac = hmac.new(os.environ["DECLARED_SECRET"].encode(), f"{stamp}.".encode() + raw, hashlib.sha256).hexdigest()
    fresh = stamp.isdigit() and abs(time.time() - int(stamp)) < 300
    if not fresh or not hmac.compare_digest(heads.get("x-acme-signature", ""), f"sha256={mac}"):
        await _send(send, 401, b"{}")
        return
    told = msgspec.json.decode(raw)
    words = told.get("message", {}).get("text") or told.get("press", {}).get("payload")
    messages = [{"text": f"You said: {words}", "buttons": [{"title": "Again", "payload": "again"}]}] if words else []
    await _send(send, 200, msgspec.json.encode({"messages": messages}))


class Counter:
    """A helpdesk where Bob takes every conversation and answers each message."""

    def __init__(self, desk: str, root: str, **given: str) -> None:
        self._name, self._root, self._given = desk, root, given
        self._state: Any = None
        self._tasks: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            self._state = None
            await _live(receive, send)
            return
        if self._state is None:
            self._open()
        path = self._root + scope["path"].removeprefix(MOUNT)
        heads = tuple((name.decode(), value.decode()) for name, value in scope["headers"])
        request = HttpRequest(scope["method"], path, heads, await _body(receive))
        handled = self._desk.handle(self._state, Exchange(request, time.time(), "http://127.0.0.1:9/desk"))
        assert handled.response is not None
        said = [event for event in handled.events if isinstance(event, EntryAdded) and event.entry.author == "customer"]
        for event in said:
            self._later(self._reply(event.ticket, event.entry.text))
        self._later(self._tell())
        await _send(send, handled.response.status, handled.response.body)

    def _open(self) -> None:
        self._desk = load_desk(self._name)
        known = {each.name: each.default for each in self._desk.settings}
        self._state = self._desk.open({**known, **self._given}, Seed(5).stream("counter"))
        self._state.webhook_url = os.environ["DECLARED_API_ROOT"] + "/webhook"
        self._desk.hire(self._state, BOB)
        self._accepted: set[str] = set()

    def _later(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _reply(self, ticket: str, words: str) -> None:
        await asyncio.sleep(1)
        if ticket not in self._accepted:
            self._accepted.add(ticket)
            self._desk.act(self._state, ticket, Accept(agent="bob"), time.time())
        reply = Reply(agent="bob", parts=(Text(text=f"Bob has read: {words}"),))
        self._desk.act(self._state, ticket, reply, time.time())
        await self._tell()

    async def _tell(self) -> None:
        async with aiohttp.ClientSession() as client:
            for update in list(self._state.outbox):
                if not self._state.outbox.remove(update):
                    continue
                request = self._desk.request(self._state, [update], time.time())
                assert urlsplit(request.url).hostname == "127.0.0.1"
                await (await client.post(request.url, data=request.body, headers=dict(request.headers))).read()


chatwoot = Counter("chatwoot", "", active_bot="no", webhook_as="account")
chat2desk = Counter("chat2desk", "/v1", inbox_opens="yes")
intercom = Counter("intercom", "", default_team="yes")
