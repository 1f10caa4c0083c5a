"""The proxy for programs whose address of the vendor is fixed: TLS as the vendor, and nothing leaves the machine."""

from __future__ import annotations

import asyncio
import json
import ssl
from pathlib import Path

import pytest

from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Recorder, Trouble
from serve.toy_desk import ToyDesk
from serve.toys import Theatre, Toy, join

pytest.importorskip("trustme")
HOST = "desk.toy.example"
CALL = b'POST /tickets HTTP/1.1\r\nHost: desk.toy.example\r\nConnection: close\r\nContent-Length: 20\r\n\r\n{"who": "toy:toy-1"}'


async def staged(theatre: Theatre, folder: Path) -> tuple[Stage, int]:
    stage = await theatre.open(Toy(), desks=(ToyDesk(),), listen=ListenOptions(port=0, redirect=folder))
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
    (trouble,) = [one for one in recorder.records if isinstance(one, Trouble)]
    assert "wants to reach api.elsewhere.example, for which there is no fake" in trouble.what


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
