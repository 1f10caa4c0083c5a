"""Correlated round trips through the stage: a customer writes, the bot replies by an API call, the customer writes again.

    python tests/bench/serve_bench.py [--seconds 3] [--customers 200] [--rounds 3]

The bot is a bare socket program in a process of its own, the platform a bare JSON one, so that the figures are those of
listener, courier and trace (which is written to disk). One core does all of it; the bar is on round trips per second of
that core's time, for a shared machine does not give all of it.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import hmac
import json
import multiprocessing
import multiprocessing.connection
import statistics
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from chatdrill.clock import WallClock
from chatdrill.model import Act, Customer, Message, Sent, Text, Write
from chatdrill.seeds import Seed, Stream
from chatdrill.serve import ListenOptions, Stage, run
from chatdrill.trace import Record, Recorder, Took
from chatdrill.wire import (
    Ack,
    Call,
    Capabilities,
    ChannelState,
    Chat,
    Delivery,
    Exchange,
    Handled,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Retry,
    Setting,
    Update,
    json_response,
)

BAR = 1500
PADDING = "x" * 800  # a webhook of about 1 KB, like those of the vendors
TEXT = Write(parts=(Text(text="where is my order 553?"),))


@dataclass(kw_only=True)
class BareState(ChannelState[Chat]):
    """Counts."""

    made: int = 0


class Bare:
    """A platform that does the least: one JSON object per message, one signature per webhook."""

    name = "bare"
    title = "Bare"
    hosts = ()
    settings = (Setting("secret", "a-secret-of-bare", "signs webhooks", "BARE_SECRET", secret=True),)
    capabilities = Capabilities(frozenset({"text"}), frozenset({"text"}), frozenset({"write"}))
    limits = ()
    coverage = ()
    delivery = Delivery(5.0, "200", Retry((1.0,)), "strict", 256)

    def open(self, settings: Mapping[str, str], chance: Stream) -> BareState:
        """A fresh account."""
        return BareState(settings=settings, chance=chance)

    def environment(self, state: BareState, base_url: str) -> dict[str, str]:
        """Nothing to say."""
        return {}

    def claims(self, request: HttpRequest, state: BareState) -> bool:
        """Never asked."""
        return False

    def join(self, state: BareState, customer: Customer, ahead_s: float) -> str:
        """A number as the address."""
        address = str(len(state.chats))
        state.chats[address] = Chat(address=address, customer=customer, ahead_s=ahead_s)
        return address

    def encode(self, state: BareState, to: str, act: Act, now: float) -> Sequence[Update]:
        """A JSON object of about 1 KB."""
        state.made += 1
        number = str(state.made)
        body = msgspec.json.encode({"to": to, "id": number, "at": now, "text": act.parts[0].text, "pad": PADDING})
        return (Update(number, "message", to, to, body, now),)

    def handshake(self, state: BareState) -> None:
        """None."""

    def read_handshake(self, state: BareState, response: HttpResponse | HttpFailure) -> str | None:
        """Never asked."""
        return None

    def request(self, state: BareState, updates: Sequence[Update], now: float) -> HttpRequest:
        """The signed webhook."""
        body = updates[0].body
        digest = hmac.digest(state.settings["secret"].encode(), body, hashlib.sha256).hex()
        headers = (("Content-Type", "application/json"), ("X-Signature", digest))
        return HttpRequest("POST", state.webhook_url or "", headers, body)

    def read_ack(
        self, state: BareState, updates: Sequence[Update], answer: HttpResponse | HttpFailure, now: float
    ) -> Ack:
        """200 or nothing."""
        return Ack(ok=isinstance(answer, HttpResponse) and answer.status == 200)

    def refusal(self, state: BareState, status: int, retry_after_s: int | None) -> HttpResponse:
        """Never asked for."""
        return HttpResponse(status)

    def handle(self, state: BareState, exchange: Exchange) -> Handled:
        """Take the bot's message."""
        arguments = msgspec.json.decode(exchange.request.body)
        to = arguments["to"]
        message = Message(ids=("b",), author="bot", parts=(Text(text=arguments["text"]),), at=exchange.now)
        return Handled(json_response({"ok": True}), Call("send", to, arguments), (Sent(to=to, message=message),))


# ------------------------------------------------------------------------------------------------------ the bot


class _Api(asyncio.Protocol):
    """The bot's one connection to the API; answers are of no interest."""

    transport: asyncio.Transport

    def connection_made(self, transport: Any) -> None:
        self.transport = transport


class _Hook(asyncio.Protocol):
    """Acknowledges each webhook and replies by a call."""

    def __init__(self, api: _Api) -> None:
        self._api = api
        self._buffer = b""

    def connection_made(self, transport: Any) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            start = self._buffer.index(b"Content-Length: ") + 16
            stop = end + 4 + int(self._buffer[start : self._buffer.index(b"\r", start)])
            if len(self._buffer) < stop:
                return
            update, self._buffer = json.loads(self._buffer[end + 4 : stop]), self._buffer[stop:]
            self._transport.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            body = json.dumps({"to": update["to"], "text": "it is on its way"}).encode()
            head = (
                b"POST /bare/send HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n"
            )
            self._api.transport.write(head % len(body) + body)


def bot(pipe: multiprocessing.connection.Connection) -> None:
    """The child process: says its port, is told the API's."""

    async def main() -> None:
        loop = asyncio.get_running_loop()
        api = _Api()
        server = await loop.create_server(lambda: _Hook(api), "127.0.0.1", 0)
        pipe.send(server.sockets[0].getsockname()[1])
        await loop.create_connection(lambda: api, "127.0.0.1", pipe.recv())
        await asyncio.Event().wait()

    run(main())


# ---------------------------------------------------------------------------------------------------- the drill


async def drill(seconds: float, customers: int, pipe: multiprocessing.connection.Connection) -> tuple[float, float]:
    """Round trips per second, and CPU seconds per round trip of this process."""
    clock = WallClock()
    with tempfile.TemporaryDirectory() as folder:
        recorder = Recorder(clock, path=Path(folder) / "trace.jsonl")
        stage = Stage(clock=clock, seed=Seed(1), recorder=recorder, listen=ListenOptions(port=0))
        stage.add(Bare())
        async with stage:
            pipe.send(int(stage.base_url.rpartition(":")[2]))
            stage.set_webhook("bare", f"http://127.0.0.1:{pipe.recv()}/hook")
            counted = await _play(stage, recorder, customers, seconds)
        recorder.close()
    return counted


async def _play(stage: Stage, recorder: Recorder, customers: int, seconds: float) -> tuple[float, float]:
    done = 0

    def heard(record: Record) -> None:
        nonlocal done
        if isinstance(record, Took):
            done += 1
            loop.call_soon(stage.act, "bare", record.effect.to, TEXT)

    loop = asyncio.get_running_loop()
    recorder.listeners.append(heard)
    for number in range(customers):
        customer = Customer(key=str(number), first_name="Anna")
        stage.act("bare", stage.join("bare", customer, case="c", conv=f"c/{number}"), TEXT)
    await asyncio.sleep(0.5)
    before, began, cpu = done, time.perf_counter(), time.process_time()
    await asyncio.sleep(seconds)
    trips = done - before
    return trips / (time.perf_counter() - began), (time.process_time() - cpu) / max(1, trips)


def one_round(seconds: float, customers: int) -> tuple[float, float]:
    """A drill against a fresh bot."""
    ours, theirs = multiprocessing.Pipe()
    child = multiprocessing.get_context("spawn").Process(target=bot, args=(theirs,), daemon=True)
    child.start()
    try:
        return run(drill(seconds, customers, ours))
    finally:
        child.kill()
        child.join()


def main() -> int:
    """Print one line per figure; the exit code tells whether the bar holds."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--customers", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    rounds = [one_round(options.seconds, options.customers) for _ in range(options.rounds)]
    wall = statistics.median(rate for rate, _ in rounds)
    per_core = statistics.median(1 / cpu_s for _, cpu_s in rounds)
    holds = per_core >= BAR
    print(
        f"bench serve.round_trips_per_core    {per_core:.0f} /s    bar >= {BAR}    {'holds' if holds else 'FALLS SHORT'}"
    )
    print(f"bench serve.round_trips             {wall:.0f} /s    on this machine as it was just now")
    return 0 if holds else 1


if __name__ == "__main__":
    sys.exit(main())
