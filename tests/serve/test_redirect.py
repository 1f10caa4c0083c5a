"""The proxy for programs whose address of the vendor is fixed: TLS as the vendor, and nothing leaves the machine."""

from __future__ import annotations

import asyncio
import json
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest

from chatdrill.serve import ListenOptions, Stage
from chatdrill.serve.redirect import Borders
from chatdrill.trace import BARRED_MAX, Barred, Recorder, Trouble
from serve.toy_desk import ToyDesk
from serve.toys import Theatre, Toy, join

pytest.importorskip("trustme")
HOST = "desk.toy.example"
CALL = b'POST /tickets HTTP/1.1\r\nHost: desk.toy.example\r\nConnection: close\r\nContent-Length: 20\r\n\r\n{"who": "toy:toy-1"}'


async def staged(theatre: Theatre, folder: Path, *allow: str) -> tuple[Stage, int]:
    listen = ListenOptions(port=0, redirect=folder, allow=allow)
    stage = await theatre.open(Toy(), desks=(ToyDesk(),), listen=listen)
    join(stage)
    return stage, int(stage.environment()["HTTPS_PROXY"].rpartition(":")[2])


async def tunnel(port: int, target: str) -> tuple[bytes, asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"CONNECT {target} HTTP/1.1\r\nHost: {target}\r\n\r\n".encode())
    return await reader.readuntil(b"\r\n\r\n"), reader, writer


async def test_a_program_with_a_fixed_address_reaches_the_fake(theatre: Theatre, tmp_path: Path) -> None:
    stage, port = await staged(theatre, tmp_path)
    answer, reader, writer = await tunnel(port, f"{HOST}:443")
    assert answer.startswith(b"HTTP/1.1 200 ")
    trusted = ssl.create_default_context(cafile=stage.environment()["SSL_CERT_FILE"])
    await writer.start_tls(trusted, server_hostname=HOST)
    writer.write(CALL)
    body = (await reader.read()).partition(b"\r\n\r\n")[2]
    writer.close()
    assert json.loads(body) == {"id": "1"}
    assert stage.bureau.office("toydesk").role("1").conv == "case/anna"


async def test_a_host_without_a_fake_is_refused_and_told(theatre: Theatre, tmp_path: Path, recorder: Recorder) -> None:
    _, port = await staged(theatre, tmp_path)
    answer, _, writer = await tunnel(port, "api.elsewhere.example:443")
    writer.close()
    assert answer.startswith(b"HTTP/1.1 403 ")
    assert [(one.host, one.port) for one in recorder.records if isinstance(one, Barred)] == [
        ("api.elsewhere.example", 443)
    ]


async def test_who_does_not_trust_the_certificate_is_told_what_to_trust(
    theatre: Theatre, tmp_path: Path, recorder: Recorder
) -> None:
    _, port = await staged(theatre, tmp_path)
    _, _, writer = await tunnel(port, f"{HOST}:443")
    with pytest.raises(ssl.SSLError):
        await writer.start_tls(ssl.create_default_context(), server_hostname=HOST)
    async with asyncio.timeout(5):
        while not any(isinstance(one, Trouble) for one in recorder.records):
            await asyncio.sleep(0.002)
    (trouble,) = [one for one in recorder.records if isinstance(one, Trouble)]
    assert "does it trust chatdrill-ca.pem?" in trouble.what


async def test_an_ordinary_proxy_request_is_routed_by_its_host(theatre: Theatre, tmp_path: Path) -> None:
    _, port = await staged(theatre, tmp_path)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(CALL.replace(b"POST /tickets", b"POST http://desk.toy.example/tickets"))
    answer = await reader.read()
    writer.close()
    assert answer.startswith(b"HTTP/1.1 200 ")


# ------------------------------------------------------------------------------------------------- through, or away


def barred(recorder: Recorder) -> list[tuple[str, int]]:
    return [(one.host, one.port) for one in recorder.records if isinstance(one, Barred)]


async def said(port: int, words: bytes) -> bytes:
    """All that the proxy answers to some words."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(words)
    async with asyncio.timeout(5):
        answer = await reader.read()
    writer.close()
    return answer


@pytest.fixture
async def service() -> AsyncIterator[Callable[..., Awaitable[int]]]:
    """A service of the bot's own: greets, then says everything twice, until its caller has no more to say."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"hello ")
        while data := await reader.read(1000):
            writer.write(data + data)
        writer.close()

    opened: list[asyncio.Server] = []

    async def open() -> int:
        opened.append(await asyncio.start_server(talk, "127.0.0.1", 0))
        return int(opened[-1].sockets[0].getsockname()[1])

    yield open
    for server in opened:
        server.close()


async def test_a_refusal_says_what_to_do(theatre: Theatre, tmp_path: Path) -> None:
    _, port = await staged(theatre, tmp_path)
    for words in (b"CONNECT a.example:443 HTTP/1.1\r\n\r\n", b"GET http://a.example/ HTTP/1.1\r\n\r\n"):
        answer = await said(port, words)
        assert (
            answer.startswith(b"HTTP/1.1 403 Forbidden by chatdrill")
            and b"--allow a.example" in answer.splitlines()[-1]
        )


async def test_bytes_pass_a_tunnel_both_ways_whoever_speaks_first(
    theatre: Theatre, tmp_path: Path, service: Callable[..., Awaitable[int]]
) -> None:
    _, port = await staged(theatre, tmp_path)
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"CONNECT 127.0.0.1:{await service()} HTTP/1.1\r\n\r\nearly ".encode())
    assert (await reader.readuntil(b"\r\n\r\n")).startswith(b"HTTP/1.1 200 ")
    assert await reader.readexactly(18) == b"hello early early "
    writer.write(b"\x81\x02hi")
    assert await reader.readexactly(8) == b"\x81\x02hi" * 2
    writer.write_eof()
    assert await reader.read() == b""
    writer.close()


async def test_a_large_message_passes_a_slow_reader(
    theatre: Theatre, tmp_path: Path, service: Callable[..., Awaitable[int]]
) -> None:
    _, port = await staged(theatre, tmp_path)
    _, reader, writer = await tunnel(port, f"localhost:{await service()}")
    size = 4_000_000
    writer.write(b"x" * size)
    writer.write_eof()
    async with asyncio.timeout(20):
        assert len(await reader.read()) == len(b"hello ") + 2 * size
    writer.close()


async def test_a_plain_request_for_a_service_of_the_bot_is_passed_on_as_a_server_expects_it(
    theatre: Theatre, tmp_path: Path, service: Callable[..., Awaitable[int]]
) -> None:
    _, port = await staged(theatre, tmp_path)
    at = await service()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET http://127.0.0.1:{at}/a?b=1 HTTP/1.1\r\nProxy-Connection: keep-alive\r\nA: b\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).removeprefix(b"hello ")
    assert head == b"GET /a?b=1 HTTP/1.1\r\nA: b\r\nConnection: close\r\n\r\n"
    writer.close()


async def test_a_host_that_was_let_through_and_does_not_answer_is_no_refusal(
    theatre: Theatre, tmp_path: Path, recorder: Recorder
) -> None:
    _, port = await staged(theatre, tmp_path, "nobody.invalid")
    assert (await said(port, b"CONNECT nobody.invalid:443 HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 502 ")
    assert barred(recorder) == []


def test_services_of_this_machine_are_open_to_nobody_else() -> None:
    borders = Borders(lambda _: False, ["Api.example"], lambda *_: None)
    assert borders.is_open("127.0.0.1", "127.0.0.1") and borders.is_open("localhost", "::1")
    assert not borders.is_open("127.0.0.1", "10.0.0.7") and not borders.is_open("localhost", "")
    assert borders.is_open("api.example", "10.0.0.7") and not borders.is_open("x.api.example", "127.0.0.1")


async def test_nobody_fills_the_trace_with_one_host(theatre: Theatre, tmp_path: Path, recorder: Recorder) -> None:
    _, port = await staged(theatre, tmp_path)
    for _ in range(BARRED_MAX + 5):
        await said(port, b"CONNECT a.example:443 HTTP/1.1\r\n\r\n")
    assert barred(recorder) == [("a.example", 443)] * BARRED_MAX


@pytest.mark.parametrize(
    "words",
    [
        b"\r\n\r\n",
        b"CONNECT\r\n\r\n",
        b"CONNECT :0 HTTP/1.1\r\n\r\n",
        b"CONNECT a:99999999 HTTP/1.1\r\n\r\n",
        b"GET ftp://a/ HTTP/1.1\r\n\r\n",
        b"GET http://[::1/ HTTP/1.1\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
        b"x" * 70_000,
    ],
)
async def test_nonsense_is_answered_and_the_next_is_served(theatre: Theatre, tmp_path: Path, words: bytes) -> None:
    _, port = await staged(theatre, tmp_path)
    assert (await said(port, words))[9:10] in (b"4", b"")
    assert (await said(port, CALL.replace(b" /tickets", b" http://desk.toy.example/tickets"))).startswith(
        b"HTTP/1.1 200 "
    )


# ------------------------------------------------------------------------------------------------------ the entrance


async def entered(stage: Stage, host: str, **how: list[str]) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    plan = json.loads(stage.detour({})["CHATDRILL_DETOUR"])
    trusted = ssl.create_default_context(cafile=plan["authority"])
    if "alpn" in how:
        trusted.set_alpn_protocols(how["alpn"])
    return await asyncio.open_connection("127.0.0.1", plan["entrance"], ssl=trusted, server_hostname=host)


async def test_who_asks_for_no_proxy_is_served_by_the_name_that_he_greets(theatre: Theatre, tmp_path: Path) -> None:
    stage, _ = await staged(theatre, tmp_path)
    reader, writer = await entered(stage, HOST)
    writer.write(CALL)
    assert json.loads((await reader.read()).partition(b"\r\n\r\n")[2]) == {"id": "1"}
    writer.close()


async def test_http_2_is_not_offered_and_certificates_hold_at_any_drill_time(theatre: Theatre, tmp_path: Path) -> None:
    stage, _ = await staged(theatre, tmp_path)
    _, writer = await entered(stage, HOST, alpn=["h2", "http/1.1"])
    secured = writer.get_extra_info("ssl_object")
    assert secured.selected_alpn_protocol() is None
    found = secured.getpeercert()
    assert found["notBefore"].endswith("2000 GMT") and int(found["notAfter"].split()[-2]) > 2100
    writer.close()


async def test_who_greets_a_stranger_is_refused_and_told(theatre: Theatre, tmp_path: Path, recorder: Recorder) -> None:
    stage, _ = await staged(theatre, tmp_path)
    with pytest.raises((ssl.SSLError, ConnectionError)):
        await entered(stage, "a.example")
    assert barred(recorder) == [("a.example", 443)]


async def test_no_key_stays_on_the_disk(theatre: Theatre, tmp_path: Path) -> None:
    folder = tmp_path / "authority"
    stage, _ = await staged(theatre, folder)
    _, writer = await entered(stage, HOST)
    writer.close()
    assert folder.stat().st_mode & 0o777 == 0o700
    assert {path.name for path in folder.iterdir()} == {"chatdrill-ca.pem", "chatdrill-ca-bundle.pem"}
    assert not any(b"PRIVATE" in path.read_bytes() for path in folder.iterdir())


async def test_a_fake_stands_for_the_accounts_of_all_customers_of_a_vendor(theatre: Theatre, tmp_path: Path) -> None:
    desk = ToyDesk()
    desk.hosts = ("*.toy.example",)
    stage = await theatre.open(Toy(), desks=(desk,), listen=ListenOptions(port=0, redirect=tmp_path))
    join(stage)
    port = int(stage.environment()["HTTPS_PROXY"].rpartition(":")[2])
    for host, status in ((b"acme.toy.example", b"200"), (b"a.b.toy.example", b"403"), (b"toy.example", b"403")):
        call = CALL.replace(b"desk.toy.example", host).replace(b" /tickets", b" http://" + host + b"/tickets")
        assert (await said(port, call))[9:12] == status
