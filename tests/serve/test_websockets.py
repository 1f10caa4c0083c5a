"""WebSockets: a toy platform says what it wants by values, an independent client (aiohttp's) and raw bytes try it."""

from __future__ import annotations

import asyncio
import json
import os
import struct
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import pytest

from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Attempt, Called, Dropped, Recorder, Trouble
from chatdrill.wire import (
    Accept,
    Call,
    Exchange,
    Handled,
    Heard,
    HttpFailure,
    HttpRequest,
    HttpResponse,
    Push,
    SocketMessage,
    Update,
    json_response,
    wants_socket,
)
from serve.toy_clock import ToyClock
from serve.toys import Bot, Theatre, Toy, ToyState, join, port_of, raw, until, write

HEAD = (
    "GET /toy/link HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: keep-alive, Upgrade\r\n"
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n"
)


@dataclass
class Talking(Toy):
    """Sends its updates over the last socket that was opened; the bot acknowledges each by its id."""

    sockets: list[str] = field(default_factory=list)
    closed: list[tuple[str, int]] = field(default_factory=list)
    heard: list[Any] = field(default_factory=list)
    ping_s: float = 60.0
    awaits: bool = True

    def __post_init__(self) -> None:
        super().__init__()

    def do_link(self, state: ToyState, exchange: Exchange, arguments: dict[str, Any]) -> Handled:
        if not wants_socket(exchange.request):
            return Handled(json_response({"error": "no handshake"}, status=400), Call("link", ok=False))
        name = f"s{len(self.closed) + len(self.sockets) + 1}"
        self.sockets.append(name)
        state.webhook_url = "ws://toy/link"
        state.outbox.changed()
        accept = Accept(name, ("hello", b"\x00\x01"), arguments.get("protocol"), self.ping_s)
        return Handled(None, Call("link"), accept=accept)

    def do_push(self, state: ToyState, exchange: Exchange, arguments: dict[str, Any]) -> Handled:
        pushes = tuple(Push(name, arguments.get("text"), arguments.get("close")) for name in (*self.sockets, "gone"))
        return Handled(json_response({}), Call("push"), pushes=pushes)

    def request(self, state: ToyState, updates: Sequence[Update], now: float) -> HttpRequest:
        if not self.sockets:
            return SocketMessage("SEND", "ws://toy/link", (), updates[0].body, socket="none")
        awaits = updates[0].id if self.awaits else ""
        return SocketMessage("SEND", "ws://toy/link", (), updates[0].body, socket=self.sockets[-1], awaits=awaits)

    def again(
        self, state: ToyState, updates: Sequence[Update], request: HttpRequest, answer: Any, number: int, now: float
    ) -> HttpRequest:
        why = answer.kind if isinstance(answer, HttpFailure) else str(answer.status)
        body = json.dumps({**json.loads(updates[0].body), "attempt": number, "why": why}).encode()
        return SocketMessage("SEND", request.url, (), body, socket=self.sockets[-1], awaits=updates[0].id)

    def hears(self, state: ToyState, socket: str, data: str | bytes, now: float) -> Heard:
        self.heard.append(data)
        if data == "boom":
            raise RuntimeError("the toy broke")
        if isinstance(data, bytes) or not data.startswith("{"):
            return Heard(trouble="no JSON", pushes=(Push(socket, "pardon?"),))
        said = json.loads(data)
        answer = HttpResponse(said.get("status", 200), (), json.dumps(said.get("payload", "")).encode())
        return Heard(((said["ack"], answer),))

    def hung_up(self, state: ToyState, socket: str, code: int, now: float) -> None:
        self.sockets.remove(socket)
        self.closed.append((socket, code))
        if not self.sockets:
            state.webhook_url = None
            state.outbox.changed()


@pytest.fixture
def toy() -> Talking:
    return Talking()


@pytest.fixture
async def stage(theatre: Theatre, toy: Talking) -> Stage:
    return await theatre.open(toy)


class Client:
    """A WebSocket client, past the two words of greeting."""

    def __init__(self, http: aiohttp.ClientSession, stage: Stage) -> None:
        self._http = http
        self._url = f"{stage.base_url}/toy/link"

    async def open(self, **options: Any) -> aiohttp.ClientWebSocketResponse:
        line = await self._http.ws_connect(self._url, **options)
        assert (await line.receive_str(timeout=5), await line.receive_bytes(timeout=5)) == ("hello", b"\x00\x01")
        return line


@pytest.fixture
async def client(stage: Stage) -> AsyncIterator[Client]:
    async with aiohttp.ClientSession() as http:
        yield Client(http, stage)


def attempts(recorder: Recorder) -> list[tuple[int, bool, int | None]]:
    return [(one.number, one.ok, one.status) for one in recorder.records if isinstance(one, Attempt)]


async def test_a_socket_is_opened_and_on_record(client: Client, recorder: Recorder, toy: Talking) -> None:
    line = await client.open()
    assert not line.closed and toy.sockets == ["s1"]
    assert [(one.method, one.status) for one in recorder.records if isinstance(one, Called)] == [("link", 101)]


async def test_the_answer_is_that_of_the_standard(stage: Stage) -> None:
    """RFC 6455, 1.3: the key of the example has this proof."""
    answer = await raw(port_of(stage), f"{HEAD}\r\n".encode())
    head = answer.partition(b"\r\n\r\n")[0].decode()
    assert head.startswith("HTTP/1.1 101 ") and "\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in head


async def test_a_subprotocol_is_named(client: Client) -> None:
    client._url += "?protocol=two"
    assert (await client.open(protocols=("one", "two"))).protocol == "two"


@pytest.mark.parametrize(
    ("change", "status"),
    [
        (("Version: 13", "Version: 8"), 426),
        (("dGhlIHNhbXBsZSBub25jZQ==", "short"), 400),
        (("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", ""), 400),
        (("Upgrade: websocket", "Upgrade: h2c"), 400),
        (("/toy/link", "/toy/size"), 200),
    ],
)
async def test_what_is_no_handshake_opens_nothing(stage: Stage, toy: Talking, change: Any, status: int) -> None:
    answer = await raw(port_of(stage), f"{HEAD.replace(*change)}Connection: close\r\n\r\n".encode())
    assert int(answer[9:12]) == status
    assert toy.sockets == []


async def test_requests_behind_a_handshake_are_not_answered(stage: Stage, toy: Talking) -> None:
    answer = await raw(port_of(stage), f"{HEAD}\r\nGET /toy/size HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    assert answer.count(b"HTTP/1.1") == 1 and answer.startswith(b"HTTP/1.1 101")


async def test_updates_go_out_and_are_acknowledged_with_a_payload(
    stage: Stage, client: Client, recorder: Recorder
) -> None:
    line = await client.open()
    stage.act("toy", join(stage), write("Hi"))
    said = await line.receive_json(timeout=5)
    await line.send_json({"ack": str(said["id"])})
    await until(lambda: attempts(recorder) == [(1, True, 200)])
    assert said["text"] == "Hi" and not stage.is_busy()


async def test_what_waits_is_sent_when_a_socket_opens(stage: Stage, client: Client) -> None:
    stage.act("toy", join(stage), write("Hi"))
    line = await client.open()
    assert (await line.receive_json(timeout=5))["text"] == "Hi"
    assert stage.is_busy()


async def test_without_acknowledgements_what_is_written_is_taken(
    stage: Stage, client: Client, recorder: Recorder, toy: Talking
) -> None:
    toy.awaits = False
    line = await client.open()
    stage.act("toy", join(stage), write("one|two"))
    assert [(await line.receive_json(timeout=5))["text"] for _ in range(2)] == ["one", "two"]
    await until(lambda: attempts(recorder) == [(1, True, 200), (1, True, 200)])


async def test_what_is_not_acknowledged_comes_again_and_says_so(
    theatre: Theatre, toy: Talking, clock: ToyClock, recorder: Recorder
) -> None:
    stage = await theatre.open(toy)
    async with aiohttp.ClientSession() as http:
        line = await Client(http, stage).open()
        stage.act("toy", join(stage), write("Hi"))
        first = await line.receive_json(timeout=5)
        await line.send_json({"ack": str(first["id"]), "status": 500})
        again = await line.receive_json(timeout=5)
        await line.send_json({"ack": str(first["id"])})
        await until(lambda: attempts(recorder) == [(1, False, 500), (2, True, 200)])
    assert (again["text"], again["attempt"], again["why"]) == ("Hi", 2, "500")


async def test_what_was_on_its_way_when_a_socket_closed_goes_over_another(
    stage: Stage, client: Client, recorder: Recorder
) -> None:
    first = await client.open()
    stage.act("toy", join(stage), write("Hi"))
    second_said = await first.receive_json(timeout=5)
    second = await client.open()
    await first.close()
    # the second was opened last, so it takes what comes from now on, and the first one's loss
    again = await second.receive_json(timeout=5)
    assert (again["id"], again["why"]) == (second_said["id"], "reset")
    await second.send_json({"ack": str(again["id"])})
    await until(lambda: attempts(recorder)[-1] == (2, True, 200))


async def test_an_answer_in_time_out_is_a_failure(stage: Stage, recorder: Recorder, client: Client) -> None:
    line = await client.open()
    errand: list[Any] = []
    update = Update("u1", "message", None, "lane", b'{"id": 1}', 0.0)
    request = Talking.request(stage.channels["toy"].platform, stage.channels["toy"].state, (update,), 0.0)  # type: ignore[arg-type]
    stage._sockets.start(request, 0.01, errand.append)
    await until(lambda: bool(errand))
    assert isinstance(errand[0].answer, HttpFailure) and errand[0].answer.kind == "timeout"
    await line.receive_json(timeout=5)
    await line.send_json({"ack": "u1"})  # too late: nobody waits
    await line.send_str("?")
    assert await line.receive_str(timeout=5) == "pardon?" and not stage.is_busy()


async def test_without_an_open_socket_it_is_refused(stage: Stage) -> None:
    ended: list[Any] = []
    stage._sockets.start(SocketMessage("SEND", "ws://toy", (), b"", socket="s9"), 1.0, ended.append)
    await until(lambda: bool(ended))
    assert ended[0].answer == HttpFailure("refused", "the bot has no WebSocket open")


async def test_a_fake_says_things_and_closes(stage: Stage, client: Client, toy: Talking) -> None:
    line = await client.open()
    body = json.dumps({"text": "bye", "close": 4001}).encode()
    head = b"POST /toy/push HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %d\r\n\r\n" % len(body)
    await raw(port_of(stage), head + body)
    assert await line.receive_str(timeout=5) == "bye"
    assert (await line.receive(timeout=5)).type is aiohttp.WSMsgType.CLOSE and line.close_code == 4001
    await until(lambda: toy.closed == [("s1", 4001)])


async def test_a_client_that_closes_is_answered(client: Client, toy: Talking) -> None:
    line = await client.open()
    assert await line.close(code=3000)
    await until(lambda: toy.closed == [("s1", 3000)])


async def test_a_client_that_vanishes_is_noticed(client: Client, toy: Talking) -> None:
    line = await client.open()
    line._response.connection.transport.abort()  # type: ignore[union-attr]
    await until(lambda: toy.closed == [("s1", 1006)])


async def test_trouble_and_bugs_are_on_record_and_the_socket_lives(client: Client, recorder: Recorder) -> None:
    line = await client.open()
    await line.send_str("boom")
    await line.send_bytes(b"\x01")
    assert await line.receive_str(timeout=5) == "pardon?"
    found = [(one.fault, one.what) for one in recorder.records if isinstance(one, Trouble)]
    assert [fault for fault, _ in found] == ["harness", "bot"]
    assert "the toy broke" in found[0][1] and found[1][1] == "toy: no JSON"


async def test_pings_are_sent_and_answered(theatre: Theatre, toy: Talking) -> None:
    toy.ping_s = 0.0
    stage = await theatre.open(toy)
    async with aiohttp.ClientSession() as http:
        line = await http.ws_connect(f"{stage.base_url}/toy/link", autoping=False)
        stage._servers[0]._sweeper.start()
        kinds = [(await line.receive(timeout=5)).type for _ in range(3)]
        assert kinds[-1] is aiohttp.WSMsgType.PING
        await line.ping(b"are you there")
        assert (await line.receive(timeout=5)).data == b"are you there"


async def test_a_closing_stage_says_so(theatre: Theatre, toy: Talking) -> None:
    stage = await theatre.open(toy)
    async with aiohttp.ClientSession() as http:
        line = await Client(http, stage).open()
        reader = asyncio.ensure_future(line.receive())
        await stage.close()
        assert (await reader).type is aiohttp.WSMsgType.CLOSE and line.close_code == 1001


# ----------------------------------------------------------------------------------------------------------- raw frames


def frame(opcode: int, payload: bytes, *, fin: bool = True, masked: bool = True, size: int | None = None) -> bytes:
    length = len(payload) if size is None else size
    head = bytes([opcode | (0x80 if fin else 0)])
    mark = 0x80 if masked else 0
    if length < 126:
        head += bytes([mark | length])
    elif length < 65536:
        head += bytes([mark | 126]) + struct.pack(">H", length)
    else:
        head += bytes([mark | 127]) + struct.pack(">Q", length)
    key = b"\x01\x02\x03\x04"
    return head + (key + bytes(byte ^ key[at % 4] for at, byte in enumerate(payload)) if masked else payload)


async def told(stage: Stage, *frames: bytes) -> bytes:
    """What the server says to raw frames, after its greeting, until it closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(stage))
    writer.write(f"{HEAD}\r\n".encode())
    await reader.readuntil(b"\r\n\r\n")
    await reader.readexactly(len(b"\x81\x05hello\x82\x02\x00\x01"))
    for one in frames:
        writer.write(one)
    try:
        async with asyncio.timeout(5):
            return await reader.read()
    finally:
        writer.close()


CLOSE = frame(8, struct.pack(">H", 1000))


async def test_a_message_in_pieces_is_one_message(stage: Stage, toy: Talking) -> None:
    pieces = (frame(1, b'{"ack":', fin=False), frame(9, b"ping"), frame(0, b' "x"', fin=False), frame(0, b"}"), CLOSE)
    answer = await told(stage, *(bytes([byte]) for byte in b"".join(pieces)))
    assert toy.heard == ['{"ack": "x"}'] and answer == b"\x8a\x04ping\x88\x02" + struct.pack(">H", 1000)


@pytest.mark.parametrize(
    ("frames", "code"),
    [
        ((frame(1, b"x", masked=False),), 1002),
        ((frame(3, b"x"),), 1002),
        ((frame(0, b"x"),), 1002),
        ((frame(1, b"\xff\xfe"),), 1007),
        ((frame(9, b"x" * 126),), 1002),
        ((frame(0x41, b"x"),), 1002),
        ((frame(8, b"\x00"),), 1002),
    ],
)
async def test_broken_frames_close_with_a_code(stage: Stage, toy: Talking, frames: Any, code: int) -> None:
    answer = await told(stage, *frames)
    assert answer[:1] == b"\x88" and struct.unpack(">H", answer[2:4]) == (code,)
    await until(lambda: toy.closed == [("s1", code)])


async def test_a_message_beyond_the_bound_closes_with_a_code(theatre: Theatre, toy: Talking) -> None:
    stage = await theatre.open(toy, listen=ListenOptions(port=0, body_max_bytes=1000))
    answer = await told(stage, frame(1, b"x" * 600, fin=False), frame(0, b"x" * 600), CLOSE)
    assert struct.unpack(">H", answer[2:4]) == (1009,) and toy.heard == []


async def test_random_bytes_end_in_a_closed_socket(stage: Stage, toy: Talking) -> None:
    for _ in range(30):
        await told(stage, os.urandom(300), frame(3, b""))
    assert len(toy.closed) == 30 and toy.sockets == []


async def test_webhooks_still_go_over_http(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    stage = await theatre.open(Toy(), webhook=bot.url)
    stage.act("toy", join(stage), write("Hi"))
    await until(lambda: bot.texts == ["Hi"])
    assert not [one for one in recorder.records if isinstance(one, Dropped)]
