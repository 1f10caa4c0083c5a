"""A toy platform, a bot of thirty lines and a client that writes raw bytes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chatdrill.errors import Unsupported
from chatdrill.model import Act, Customer, Message, Receipt, Sent, Text, Typing, Write
from chatdrill.seeds import Seed, Stream
from chatdrill.serve import DeliverOptions, ListenOptions, Stage
from chatdrill.trace import Recorder
from chatdrill.wire import (
    Ack,
    Call,
    Capabilities,
    ChannelState,
    Chat,
    Delivery,
    Exchange,
    Fetch,
    Handled,
    Hold,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Later,
    Retry,
    Setting,
    Update,
    json_response,
)
from serve.toy_clock import ToyClock

DELIVERY = Delivery(
    ack_timeout_s=5.0,
    success="2xx",
    retry=Retry(delays_s=(0.0, 2.0, 4.0), attempts_max=4),
    order="strict",
    concurrency_max=100,
    batch_max=10,
)
TOKEN = "123:very+secret"


@dataclass(kw_only=True)
class ToyState(ChannelState[Chat]):
    made: int = 0
    requests: int = 0
    sent: list[str] = field(default_factory=list)


class Toy:
    """A messenger whose every message is one small JSON object."""

    title = "Toy"
    settings = (
        Setting("token", TOKEN, "the bot's token", "TOY_TOKEN", secret=True),
        Setting("greeting", "hi", "what nobody needs", "TOY_GREETING"),
    )
    capabilities = Capabilities(frozenset({"text"}), frozenset({"text"}), frozenset({"write"}))
    limits = ()
    coverage = ()

    def __init__(
        self, name: str = "toy", *, delivery: Delivery = DELIVERY, expires_s: float | None = None, checks: bool = False
    ) -> None:
        self.name = name
        self.hosts: tuple[str, ...] = ("api.toy.example",)
        self.delivery = delivery
        self.expires_s = expires_s
        self.checks = checks

    def open(self, settings: Mapping[str, str], chance: Stream) -> ToyState:
        return ToyState(settings=settings, chance=chance)

    def environment(self, state: ToyState, base_url: str) -> dict[str, str]:
        return {f"{self.name.upper()}_URL": base_url, f"{self.name.upper()}_TOKEN": state.settings["token"]}

    def claims(self, request: HttpRequest, state: ToyState) -> bool:
        return request.path.startswith(f"/{self.name}")

    def join(self, state: ToyState, customer: Customer, ahead_s: float) -> str:
        address = f"{self.name}-{len(state.chats) + 1}"
        state.chats[address] = Chat(address=address, customer=customer, ahead_s=ahead_s, opened=True)
        return address

    def encode(self, state: ToyState, to: str, act: Act, now: float) -> Sequence[Update]:
        if isinstance(act, Typing):
            raise Unsupported("toy has no typing")
        if isinstance(act, Receipt):
            return (self._update(state, to, "receipt", {"receipt": act.status}, now),)
        assert isinstance(act, Write)
        text = "".join(part.text for part in act.parts if isinstance(part, Text))
        updates = []
        for line in text.split("|"):
            updates.append(self._update(state, to, "message", {"text": line, "at": now}, now))
            mid = f"m{state.made}"
            state.chats[to].messages[mid] = Message(ids=(mid,), author="customer", parts=act.parts, at=now)
        return updates

    def _update(self, state: ToyState, to: str, kind: str, data: dict[str, Any], now: float) -> Update:
        state.made += 1
        body = json.dumps({"id": state.made, "to": to, **data}).encode()
        expires_at = None if self.expires_s is None else now + self.expires_s
        return Update(str(state.made), kind, to, to, body, now, expires_at)

    def handshake(self, state: ToyState) -> HttpRequest | None:
        return HttpRequest("GET", f"{state.webhook_url}?challenge=42") if self.checks else None

    def read_handshake(self, state: ToyState, response: HttpResponse | HttpFailure) -> str | None:
        if isinstance(response, HttpFailure):
            return response.detail
        return None if response.body == b"42" else f"expected 42, got {response.body!r}"

    def request(self, state: ToyState, updates: Sequence[Update], now: float) -> HttpRequest:
        state.requests += 1
        body = b"[" + b",".join(update.body for update in updates) + b"]" if len(updates) > 1 else updates[0].body
        headers = (("Content-Type", "application/json"), ("X-Made", str(state.requests)))
        return HttpRequest("POST", state.webhook_url or "", headers, body)

    def read_ack(
        self, state: ToyState, updates: Sequence[Update], answer: HttpResponse | HttpFailure, now: float
    ) -> Ack:
        if isinstance(answer, HttpFailure):
            return Ack(ok=False, error=f"{answer.kind}: {answer.detail}")
        if not 200 <= answer.status < 300:
            after = answer.header("retry-after")
            last = 1 if answer.status == 410 else None
            return Ack(False, f"status {answer.status}", float(after) if after else None, last)
        calls = (HttpRequest("POST", "/send", (), answer.body),) if answer.body.startswith(b"{") else ()
        return Ack(ok=True, calls=calls)

    def refusal(self, state: ToyState, status: int, retry_after_s: int | None) -> HttpResponse:
        return json_response({"toy": "says no", "status": status, "retry_after": retry_after_s}, status=status)

    def handle(self, state: ToyState, exchange: Exchange) -> Handled:
        request = exchange.request
        method = request.path.rstrip("/").rpartition("/")[2]
        arguments = dict(request.query) | (json.loads(request.body) if request.body.startswith(b"{") else {})
        answer = getattr(self, f"do_{method}", None)
        if answer is None:
            error = f"no method {method}"
            return Handled(json_response({"error": error}, status=404), Call(method, ok=False, error=error))
        done: Handled = answer(state, exchange, arguments)
        return done

    def do_send(self, state: ToyState, exchange: Exchange, arguments: dict[str, Any]) -> Handled:
        to = arguments["to"]
        mid = f"b{len(state.sent) + 1}"
        state.sent.append(arguments["text"])
        message = Message(ids=(mid,), author="bot", parts=(Text(text=arguments["text"]),), at=exchange.now)
        later = (
            Later(arguments["later_s"], to, Receipt(message_id=mid, status="read")) if "later_s" in arguments else None
        )
        return Handled(
            json_response({"id": mid, "base_url": exchange.base_url}),
            Call("send", to, arguments),
            (Sent(to=to, message=message),),
            (later,) if later else (),
        )

    def do_poll(self, state: ToyState, exchange: Exchange, arguments: dict[str, Any]) -> Handled:
        for update in state.outbox:
            if int(update.id) < int(arguments.get("offset", 0)):
                state.outbox.remove(update)
        updates = list(state.outbox)
        if not updates and not exchange.timed_out and "timeout" in arguments:
            return Handled(wait=Hold(float(arguments["timeout"])))
        return Handled(HttpResponse(200, (), b"[" + b", ".join(update.body for update in updates) + b"]"), Call("poll"))

    def do_hook(self, state: ToyState, exchange: Exchange, arguments: dict[str, Any]) -> Handled:
        state.webhook_url = arguments["url"] or None
        if arguments.get("drop"):
            state.outbox.clear()
        state.outbox.changed()
        return Handled(json_response({"ok": True}), Call("hook"))

    def do_fetch(self, state: ToyState, exchange: Exchange, arguments: dict[str, Any]) -> Handled:
        url = arguments["url"]
        if url not in exchange.fetched:
            return Handled(wait=Fetch((url,), timeout_s=2.0, size_max_bytes=1000))
        got = exchange.fetched[url]
        answer = {"size": len(got.content), "type": got.content_type, "error": got.error}
        return Handled(json_response(answer), Call("fetch"))

    def do_boom(self, state: ToyState, exchange: Exchange, arguments: dict[str, Any]) -> Handled:
        raise RuntimeError("the toy broke")

    def do_size(self, state: ToyState, exchange: Exchange, arguments: dict[str, Any]) -> Handled:
        return Handled(json_response({"size": len(exchange.request.body), "path": exchange.request.path}), Call("size"))


Reply = bytes | None
OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


def http_answer(status: int, body: bytes = b"", *headers: str) -> bytes:
    """The bytes of an answer."""
    lines = [f"HTTP/1.1 {status} Any", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class Bot:
    """An HTTP server that answers webhooks as ``answer`` says: raw bytes, or ``None`` to close without a word."""

    def __init__(self) -> None:
        self.heads: list[bytes] = []
        self.bodies: list[bytes] = []
        self.connections = 0
        self.url = ""
        self.answer: Callable[[bytes], Awaitable[Reply]] = self.say_ok
        self._server: asyncio.Server | None = None
        self._writers: set[asyncio.StreamWriter] = set()

    async def say_ok(self, _: bytes) -> Reply:
        return OK

    def script(self, *replies: Reply) -> None:
        """Answer with these, one after the other, and then always OK."""
        waiting = list(replies)

        async def answer(_: bytes) -> Reply:
            return waiting.pop(0) if waiting else OK

        self.answer = answer

    @property
    def texts(self) -> list[str]:
        return [json.loads(body)["text"] for body in self.bodies]

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/hook"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writers.add(writer)
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                length = next(
                    (line[15:] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")), b"0"
                )
                body = await reader.readexactly(int(length))
                self.heads.append(head)
                self.bodies.append(body)
                reply = await self.answer(body)
                if reply is None:
                    return
                writer.write(reply)
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            self._writers.discard(writer)
            writer.close()

    def hang_up(self) -> None:
        for writer in self._writers:
            writer.transport.abort()

    async def close(self) -> None:
        assert self._server is not None
        self._server.close()
        self.hang_up()


class Theatre:
    """Makes stages and closes them."""

    def __init__(self, clock: ToyClock, recorder: Recorder) -> None:
        self.clock = clock
        self.recorder = recorder
        self._stages: list[Stage] = []

    async def open(
        self,
        *platforms: Toy,
        webhook: str | None = None,
        listen: ListenOptions | None = None,
        deliver: DeliverOptions | None = None,
        app: Any = None,
        desks: Sequence[Any] = (),
    ) -> Stage:
        stage = Stage(
            clock=self.clock,
            seed=Seed(7),
            recorder=self.recorder,
            listen=listen or ListenOptions(port=0),
            deliver=deliver,
            app=app,
        )
        for platform in platforms or (Toy(),):
            channel = stage.add(platform)
            if webhook is not None:
                stage.set_webhook(channel.name, webhook)
        for desk in desks:
            office = stage.add_desk(desk)
            if webhook is not None:
                stage.set_webhook(office.name, webhook)
        self._stages.append(stage)
        await stage.open()
        return stage

    async def close(self) -> None:
        for stage in self._stages:
            await stage.close()


def write(text: str) -> Write:
    """The customer's act of writing ``text``; ``a|b`` makes two updates."""
    return Write(parts=(Text(text=text),))


def join(stage: Stage, key: str = "anna", channel: str = "toy", **options: Any) -> str:
    """Let a customer join; returns the address."""
    return stage.join(channel, Customer(key=key, first_name=key), case="case", conv=f"case/{key}", **options)


async def until(true: Callable[[], bool], timeout_s: float = 5.0) -> None:
    """Wait until something on another socket has happened; fails the test after ``timeout_s``."""
    async with asyncio.timeout(timeout_s):
        while not true():
            await asyncio.sleep(0.002)


async def raw(port: int, data: bytes, *, end: bool = True) -> bytes:
    """Send bytes, close our side, and read until the other side closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(data)
    if end:
        writer.write_eof()
    try:
        async with asyncio.timeout(10):
            return await reader.read()
    finally:
        writer.close()


def port_of(stage: Stage) -> int:
    return int(stage.base_url.rpartition(":")[2])


async def ask(
    stage: Stage, method: str, path: str, body: bytes = b"", *headers: str, host: str = "127.0.0.1"
) -> tuple[int, Any]:
    """One request on a connection of its own: status and decoded JSON."""
    lines = [
        f"{method} {path} HTTP/1.1",
        f"Host: {host}",
        "Connection: close",
        f"Content-Length: {len(body)}",
        *headers,
    ]
    answer = await raw(port_of(stage), "\r\n".join(lines).encode() + b"\r\n\r\n" + body, end=False)
    head, _, content = answer.partition(b"\r\n\r\n")
    return int(head.split()[1]), json.loads(content) if content.startswith((b"{", b"[")) else content
