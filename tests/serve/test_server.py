"""The HTTP/1.1 server, asked by a client that writes raw bytes."""

from __future__ import annotations

import asyncio
import dataclasses
import json
import socket

import msgspec
import pytest

from chatdrill.errors import PortTaken, UsageError
from chatdrill.serve import ListenOptions, Stage
from chatdrill.serve.answers import Bounds
from chatdrill.serve.connection import Connection, Service
from chatdrill.serve.heads import Heads
from chatdrill.serve.server import Server
from chatdrill.trace import Called, Recorder, Trouble
from chatdrill.wire import HttpRequest, HttpResponse, json_response
from serve.toys import Theatre, Toy, ask, join, port_of, raw, until


def request(
    path: str = "/toy/size", body: bytes = b"", method: str = "POST", *headers: str, version: str = "1.1"
) -> bytes:
    lines = [f"{method} {path} HTTP/{version}", "Host: 127.0.0.1", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def statuses(answer: bytes) -> list[int]:
    return [int(part[:3]) for part in answer.split(b"HTTP/1.1 ")[1:]]


def trouble(recorder: Recorder) -> list[str]:
    return [f"{record.fault}: {record.what}" for record in recorder.records if isinstance(record, Trouble)]


async def test_pipelined_requests_are_answered_in_order(theatre: Theatre) -> None:
    stage = await theatre.open()
    bodies = [b"x" * size for size in (1, 22, 333)]
    answer = await raw(port_of(stage), b"".join(request(body=body) for body in bodies))
    assert [json.loads(part.split(b"\r\n\r\n")[1])["size"] for part in answer.split(b"HTTP/1.1 ")[1:]] == [1, 22, 333]


async def test_a_held_answer_holds_back_those_behind_it(theatre: Theatre) -> None:
    stage = await theatre.open()
    last = request("/toy/size", b"1234", "POST", "Connection: close")
    answer = await raw(port_of(stage), request("/toy/poll?timeout=0.05") + last, end=False)
    assert answer.index(b"[]") < answer.index(b'"size":4')


async def test_a_request_in_single_bytes_is_the_same_request(theatre: Theatre) -> None:
    stage = await theatre.open()
    whole = (
        request(body=b"hello", method="PUT")
        + b"POST /toy/size HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    )
    whole += b"3\r\nabc\r\n4;x=y\r\ndefg\r\n0\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(stage))
    for byte in whole:
        writer.write(bytes([byte]))
        await asyncio.sleep(0)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    assert b'"size":5' in answer
    assert b'"size":7' in answer


async def test_head_is_answered_without_a_body_but_with_its_length(theatre: Theatre) -> None:
    stage = await theatre.open()
    head, _, body = (await raw(port_of(stage), request(method="HEAD"))).partition(b"\r\n\r\n")
    assert b"Content-Length: 25" in head
    assert body == b""


async def test_expect_continue_is_told_to_go_on(theatre: Theatre) -> None:
    stage = await theatre.open()
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(stage))
    writer.write(request(body=b"12345", method="POST")[:-5].replace(b"\r\n\r\n", b"\r\nExpect: 100-continue\r\n\r\n"))
    assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
    writer.write(b"12345")
    assert b"200 OK" in await reader.readuntil(b"\r\n\r\n")
    writer.close()


async def test_http_1_0_is_answered_and_closed_unless_it_asks_otherwise(theatre: Theatre) -> None:
    stage = await theatre.open()
    once = await raw(port_of(stage), request(version="1.0"), end=False)
    assert b"Connection: close" in once
    kept = await raw(port_of(stage), request("/toy/size", b"", "POST", "Connection: keep-alive", version="1.0"))
    assert b"Connection: keep-alive" in kept


async def test_an_absolute_request_line_is_routed_by_its_host(theatre: Theatre) -> None:
    stage = await theatre.open()
    answer = await raw(port_of(stage), request("http://api.toy.example/a/size?b=c", b"12"))
    assert b'"size":2,"path":"/a/size"' in answer


async def test_an_offer_to_upgrade_is_ignored_and_the_body_kept(theatre: Theatre) -> None:
    stage = await theatre.open()
    headers = ("Connection: Upgrade, HTTP2-Settings", "Upgrade: h2c", "HTTP2-Settings: AAEAAEAAAAIAAAABAAMAAABk")
    answer = await raw(port_of(stage), request("/toy/size", b"12345", "POST", *headers) + request(body=b"123"))
    assert statuses(answer) == [200, 200]
    assert b'"size":5' in answer
    assert b'"size":3' in answer


@pytest.mark.parametrize(
    ("data", "status", "why"),
    [
        (b"hello\r\n\r\n", 400, "not HTTP/1.1"),
        (b"\x16\x03\x01\x02\x00\x01", 400, "TLS greeting"),
        (b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nx", 400, "not HTTP/1.1"),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400, "not HTTP/1.1"),
        (b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n", 414, "a URL of more than 65536 bytes"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 70_000 + b"\r\n\r\n", 431, "headers of more than 65536 bytes"),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * 400_000, 431, "a head of more than 65536 bytes"),
        (b"CONNECT api.toy.example:443 HTTP/1.1\r\nHost: api.toy.example\r\n\r\n", 405, "not a proxy"),
    ],
)
async def test_a_malformed_request_is_refused_in_words(
    theatre: Theatre, recorder: Recorder, data: bytes, status: int, why: str
) -> None:
    stage = await theatre.open()
    answer = await raw(port_of(stage), data)
    assert statuses(answer) == [status]
    assert b"Connection: close" in answer
    assert any(line.startswith("bot: ") and why in line for line in trouble(recorder))


async def test_requests_before_a_malformed_one_are_answered(theatre: Theatre) -> None:
    stage = await theatre.open()
    answer = await raw(port_of(stage), request() + b"nonsense\r\n\r\n")
    assert statuses(answer) == [200, 400]


@pytest.mark.parametrize("chunked", [False, True])
async def test_a_body_of_100_mb_is_refused_and_read_to_its_end(
    theatre: Theatre, recorder: Recorder, chunked: bool
) -> None:
    stage = await theatre.open(listen=ListenOptions(port=0, body_max_bytes=1_000_000))
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(stage))
    framing = "Transfer-Encoding: chunked" if chunked else "Content-Length: 100000000"
    writer.write(f"POST /toy/size HTTP/1.1\r\nHost: x\r\n{framing}\r\n\r\n".encode())
    piece = b"x" * 1_000_000
    for _ in range(100):
        writer.write(b"f4240\r\n" + piece + b"\r\n" if chunked else piece)
        await writer.drain()
    answer = await reader.read()
    writer.close()
    assert statuses(answer) == [413]
    assert any("at most 1000000 are taken" in line for line in trouble(recorder))


async def test_a_client_that_does_not_read_is_not_read_from(theatre: Theatre) -> None:
    stage = await theatre.open()
    with socket.create_connection(("127.0.0.1", port_of(stage))) as client:
        client.setblocking(False)
        chunk, sent = request("/toy/nothing") * 500, 0
        for _ in range(2000):
            try:
                sent += client.send(chunk)
            except BlockingIOError:
                if sent > 50_000_000:
                    break
            await asyncio.sleep(0)
        assert sent < 50_000_000
    status, _ = await ask(stage, "POST", "/toy/size")
    assert status == 200


async def server(recorder: list[str], connections: set[Connection] | None = None, **bounds: float) -> Server:
    def handler(asked: HttpRequest) -> HttpResponse:
        return json_response({"path": asked.path})

    fixed = dataclasses.replace(Bounds(), **bounds)  # type: ignore[arg-type]
    made = Server(
        Service(handler, Heads(lambda: 0.0), fixed, recorder.append, set() if connections is None else connections)
    )
    await made.listen("127.0.0.1", 0)
    return made


async def test_a_request_that_trickles_is_cut_off() -> None:
    complaints: list[str] = []
    served = await server(complaints, request_s=0.05, drain_s=0.05)
    answer = await raw(served.port, b"POST /x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n12", end=False)
    assert statuses(answer) == [408]
    assert complaints == ["POST /x was answered 408: the request was not complete after 0.05 s"]
    await served.close(grace_s=0)


async def test_an_idle_connection_is_closed_without_a_word() -> None:
    complaints: list[str] = []
    served = await server(complaints, idle_s=0.05)
    assert await raw(served.port, b"", end=False) == b""
    assert b'"path":"/x"' in await raw(served.port, b"GET /x HTTP/1.1\r\nHost: x\r\n\r\n", end=False)
    assert complaints == []
    await served.close(grace_s=0)


async def test_what_a_client_keeps_sending_after_a_refusal_is_bounded() -> None:
    connections: set[Connection] = set()
    served = await server([], connections, drain_max_bytes=1000)
    reader, writer = await asyncio.open_connection("127.0.0.1", served.port)
    writer.write(b"nonsense\r\n\r\n")
    await reader.read()
    writer.write(b"x" * 100_000)
    await until(lambda: not connections)
    writer.close()
    await served.close(grace_s=0)


async def test_a_header_value_cannot_become_a_second_header(theatre: Theatre) -> None:
    class Rude(Toy):
        def handle(self, state, exchange):  # type: ignore[no-untyped-def]
            handled = super().handle(state, exchange)
            response = HttpResponse(200, (("X-Name", "a\r\nX-Evil: b"), ("Content-Length", "1")), b"body")
            return msgspec.structs.replace(handled, response=response)

    stage = await theatre.open(Rude())
    answer = await raw(port_of(stage), request())
    assert b"X-Name: a X-Evil: b\r\n" in answer
    assert answer.endswith(b"Content-Length: 4\r\n\r\nbody")


async def test_the_date_is_the_drills(theatre: Theatre) -> None:
    stage = await theatre.open()
    assert b"\r\nDate: Fri, 15 Jan 2027 08:00:00 GMT\r\n" in await raw(port_of(stage), request())


async def test_a_taken_port_is_named_with_what_to_do(theatre: Theatre) -> None:
    stage = await theatre.open()
    port = port_of(stage)
    with pytest.raises(PortTaken, match=f"port {port} on 127.0.0.1 is taken.*--port"):
        await theatre.open(listen=ListenOptions(port=port))
    with pytest.raises(UsageError, match="not a port"):
        await theatre.open(listen=ListenOptions(port=70_000))
    with pytest.raises(UsageError, match=r"cannot listen on 192\.0\.2\.1"):
        await theatre.open(listen=ListenOptions(host="192.0.2.1", port=0))


async def test_closing_is_quick_and_answers_the_long_polls(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    polling = asyncio.create_task(raw(port_of(stage), request("/toy/poll?timeout=60"), end=False))
    idle = asyncio.create_task(raw(port_of(stage), b"", end=False))
    await until(lambda: bool(stage.channels["toy"].state.outbox.listeners[1:]))
    async with asyncio.timeout(2):
        await stage.close()
    assert b"[]" in await polling
    assert await idle == b""
    assert [record.method for record in recorder.records if isinstance(record, Called)] == ["poll"]


async def test_a_stage_can_be_closed_twice_and_without_being_opened(theatre: Theatre) -> None:
    stage = await theatre.open()
    await stage.close()
    await stage.close()
    with pytest.raises(ConnectionRefusedError):
        await ask(stage, "GET", "/")


async def test_many_connections_at_once_are_all_served(theatre: Theatre) -> None:
    stage = await theatre.open()
    anna = join(stage)
    body = json.dumps({"to": anna, "text": "hi"}).encode()
    answers = await asyncio.gather(*(raw(port_of(stage), request("/toy/send", body)) for _ in range(200)))
    assert {tuple(statuses(answer)) for answer in answers} == {(200,)}
    assert isinstance(stage, Stage)
