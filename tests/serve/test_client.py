"""The client, against a server that says exactly what a test wants."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from chatdrill.serve import Client
from chatdrill.serve.errands import Outcome
from chatdrill.serve.heads import is_near
from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse
from serve.toys import OK, Bot, http_answer, until


@pytest.fixture
async def client() -> AsyncIterator[Client]:
    client = Client(time.monotonic)
    yield client
    client.close()
    await asyncio.sleep(0)


async def get(client: Client, bot: Bot, method: str = "GET") -> HttpResponse | HttpFailure:
    return await client.send(HttpRequest(method, bot.url), 5.0)


@pytest.mark.parametrize(
    ("reply", "body"),
    [
        (http_answer(200, b"hello"), b"hello"),
        (b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n", b"hello"),
        (b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + http_answer(200, b"hello"), b"hello"),
        (b"HTTP/1.1 204 No Content\r\n\r\n", b""),
        (b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n", b""),
    ],
)
async def test_every_framing_is_read_and_the_connection_kept(
    client: Client, bot: Bot, reply: bytes, body: bytes
) -> None:
    bot.script(reply)
    first = await get(client, bot)
    assert isinstance(first, HttpResponse)
    assert first.body == body
    assert await get(client, bot) == HttpResponse(200, (("Content-Length", "2"),), b"ok")
    assert bot.connections == 1


async def test_an_answer_in_single_bytes_is_the_same_answer(client: Client) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        for byte in http_answer(201, b"hello", "X-A: b"):
            writer.write(bytes([byte]))
            await asyncio.sleep(0)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    answer = await client.send(HttpRequest("GET", f"http://127.0.0.1:{port}/"), 5.0)
    assert answer == HttpResponse(201, (("Content-Length", "5"), ("X-A", "b")), b"hello")
    server.close()


async def test_a_body_may_end_with_its_connection(client: Client) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n\r\nhello")
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    answer = await client.send(HttpRequest("GET", f"http://127.0.0.1:{port}/"), 5.0)
    assert answer == HttpResponse(200, (), b"hello")
    server.close()


async def test_an_answer_to_head_has_no_body(client: Client, bot: Bot) -> None:
    bot.script(b"HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n")
    assert await get(client, bot, "HEAD") == HttpResponse(200, (("Content-Length", "500"),))
    assert await get(client, bot) == HttpResponse(200, (("Content-Length", "2"),), b"ok")


async def test_what_comes_after_an_answer_is_not_taken_for_the_next(client: Client, bot: Bot) -> None:
    bot.script(OK + http_answer(500, b"surplus"), http_answer(200, b"mine"))
    assert (await get(client, bot)).body == b"ok"  # type: ignore[union-attr]
    assert (await get(client, bot)).body == b"mine"  # type: ignore[union-attr]
    assert bot.connections == 2


async def test_connection_close_is_obeyed(client: Client, bot: Bot) -> None:
    bot.script(http_answer(200, b"x", "Connection: close"))
    await get(client, bot)
    await get(client, bot)
    assert bot.connections == 2


@pytest.mark.parametrize("reply", [http_answer(200, b"x" * 2000), b"HTTP/1.1 200 OK\r\nX: " + b"x" * 300_000])
async def test_an_answer_is_bounded(client: Client, bot: Bot, reply: bytes) -> None:
    bot.script(reply)
    answer = await client.send(HttpRequest("GET", bot.url), 5.0, answer_max_bytes=1000)
    assert isinstance(answer, HttpFailure)
    assert (answer.kind, "longer than" in answer.detail) == ("garbage", True)


async def test_a_switch_of_protocols_is_garbage(client: Client, bot: Bot) -> None:
    bot.script(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n")
    answer = await get(client, bot)
    assert isinstance(answer, HttpFailure)
    assert answer.kind == "garbage"


async def test_the_number_of_connections_is_bounded_and_nobody_is_forgotten(bot: Bot) -> None:
    client = Client(time.monotonic, connections_max=3)
    answers = await asyncio.gather(*(get(client, bot) for _ in range(50)))
    assert {answer.body for answer in answers if isinstance(answer, HttpResponse)} == {b"ok"}
    assert len(bot.heads) == 50
    assert bot.connections == 3
    client.close()


async def test_waiting_requests_go_on_after_connections_fail(bot: Bot) -> None:
    client = Client(time.monotonic, connections_max=1)
    bot.script(None, None, None)
    answers = await asyncio.gather(*(get(client, bot) for _ in range(6)))
    kinds = [answer.kind if isinstance(answer, HttpFailure) else answer.status for answer in answers]
    assert sorted(kinds, key=str) == [200, 200, 200, "reset", "reset", "reset"]
    client.close()


async def test_a_connection_that_the_server_closed_while_idle_is_not_used(client: Client, bot: Bot) -> None:
    await get(client, bot)
    bot.hang_up()
    await asyncio.sleep(0)
    outcomes: list[Outcome] = []
    client.start(HttpRequest("POST", bot.url, (), b"x"), 5.0, outcomes.append)
    await until(lambda: bool(outcomes))
    assert outcomes[0].answer == HttpResponse(200, (("Content-Length", "2"),), b"ok")


async def test_a_cancelled_request_reports_nothing_and_frees_its_place(bot: Bot) -> None:
    client = Client(time.monotonic, connections_max=1)

    async def hang(_: bytes) -> bytes:
        await asyncio.Event().wait()
        return b""

    bot.answer = hang
    outcomes: list[Outcome] = []
    errand = client.start(HttpRequest("GET", bot.url), 5.0, outcomes.append)
    await until(lambda: bool(bot.heads))
    bot.answer = bot.say_ok
    errand.cancel()
    assert isinstance(await get(client, bot), HttpResponse)
    assert outcomes == []
    client.close()


async def test_closing_ends_what_is_under_way(bot: Bot) -> None:
    client = Client(time.monotonic, connections_max=1)

    async def hang(_: bytes) -> bytes:
        await asyncio.Event().wait()
        return b""

    bot.answer = hang
    asking = [asyncio.create_task(get(client, bot)) for _ in range(3)]
    await until(lambda: bool(bot.heads))
    client.close()
    assert await asyncio.gather(*asking) == [HttpFailure("reset", "chatdrill closed the connection")] * 3


async def test_a_time_out_counts_from_the_start_of_the_request(client: Client, bot: Bot) -> None:
    async def hang(_: bytes) -> bytes:
        await asyncio.Event().wait()
        return b""

    bot.answer = hang
    answer = await client.send(HttpRequest("GET", bot.url), 0.03)
    assert answer == HttpFailure("timeout", "no answer within 0.03 s")


async def test_user_and_password_of_the_url_become_a_header(client: Client, bot: Bot) -> None:
    url = bot.url.replace("//", "//us%20er:p%40ss@") + "?a=ż b"
    await client.send(HttpRequest("POST", url, (("X-A", "b"),), b"body"), 5.0)
    head = bot.heads[0].decode()
    assert head.startswith("POST /hook?a=%C5%BC%20b HTTP/1.1\r\nHost: 127.0.0.1:")
    assert "Authorization: Basic dXMgZXI6cEBzcw==\r\n" in head
    assert "Content-Length: 4\r\n" in head


async def test_a_site_on_this_machine_may_have_its_own_certificate(client: Client, tmp_path: Path) -> None:
    key, cert = tmp_path / "key.pem", tmp_path / "cert.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "1", "-subj", "/CN=bot"]
    made = await asyncio.to_thread(
        subprocess.run, [*command, "-keyout", key, "-out", cert], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("no openssl command here")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert, key)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(OK)
        await reader.read()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0, ssl=context)
    port = server.sockets[0].getsockname()[1]
    answer = await client.send(HttpRequest("GET", f"https://localhost:{port}/"), 5.0)
    assert answer == HttpResponse(200, (("Content-Length", "2"),), b"ok")
    client.close()
    server.close()


async def test_a_port_of_this_machine_that_speaks_plain_http_needs_no_tls(client: Client) -> None:
    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        greeting = await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n" if greeting == b"\x16" else OK)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    for _ in range(2):
        answer = await client.send(HttpRequest("GET", f"https://127.0.0.1:{port}/"), 5.0)
        assert answer == HttpResponse(200, (("Content-Length", "2"),), b"ok")
    client.close()
    server.close()


@pytest.mark.parametrize("host", ["api.example.com", "8.8.8.8", "[2606:4700::1111]", "bots.acme.io"])
async def test_nothing_is_sent_to_the_internet(client: Client, host: str) -> None:
    answer = await client.send(HttpRequest("POST", f"https://{host}/hook", (), b"{}"), 1.0)
    assert isinstance(answer, HttpFailure)
    assert "is on the internet, where chatdrill sends nothing" in answer.detail


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "::1", "10.1.2.3", "192.168.0.7", "bot", "bot.local", "bot.ns.svc", "fe80::1"]
)
def test_the_own_network_is_near(host: str) -> None:
    assert is_near(host)
