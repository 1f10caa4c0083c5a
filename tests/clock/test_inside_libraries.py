"""Libraries as clients of servers of their own loop."""

from __future__ import annotations

import asyncio
import contextlib
import http.client
import io

import aiohttp
import httpx
import pytest

from clock.kit import DAY, drill
from clock.servers import BIG, serving, web_server


async def by_aiohttp(url, body):
    async with aiohttp.ClientSession() as session, session.post(url, data=io.BytesIO(body)) as answer:
        return await answer.read()


async def by_httpx(url, body):
    async with httpx.AsyncClient() as client:
        return (await client.post(url, content=body)).content


async def in_a_thread(url, body):
    def post():
        connection = http.client.HTTPConnection(url.split("/")[2])
        connection.request("POST", "/", body)
        with contextlib.closing(connection):
            return connection.getresponse().read()

    return await asyncio.to_thread(post)


@pytest.mark.parametrize("post", [by_aiohttp, by_httpx, in_a_thread])
@pytest.mark.parametrize("body", [b"hello", BIG], ids=["small", "5 MB"])
def test_libraries_get_through_whole_and_at_once(post, body):
    async def main():
        async with web_server() as port:
            timer = asyncio.create_task(asyncio.sleep(60))
            same = await post(f"http://127.0.0.1:{port}/", body) == body
            return same, timer.done()

    drilled = drill(main)
    assert (drilled.result, drilled.stalls) == ((True, False), [])


@pytest.mark.parametrize("days", [0.00002, 3])
def test_a_client_that_keeps_its_connection_outlives_a_server_that_does_not(days):
    """The server closes what is idle for half a minute; a client must see that and open another."""

    async def main():
        async with web_server() as port, httpx.AsyncClient() as client, aiohttp.ClientSession() as session:
            url, peers = f"http://127.0.0.1:{port}/", []
            for _ in range(3):
                peers.append((await client.get(url)).headers["X-Peer"])
                async with session.get(url) as answer:
                    peers.append(answer.headers["X-Peer"])
                await asyncio.sleep(days * DAY)
            return len(set(peers))

    drilled = drill(main)
    assert drilled.stalls == []
    assert drilled.result == (2 if days < 1 else 6)


def test_an_idle_connection_of_aiohttp_sets_no_timer_for_ever():
    async def main():
        async with serving(keeps_alive) as port, aiohttp.ClientSession() as session:
            async with session.get(f"http://127.0.0.1:{port}/"):
                pass
            await asyncio.sleep(30 * DAY)
            return asyncio.get_running_loop()._restless._idle_jumps

    drilled = drill(main)
    assert drilled.stalls == []
    assert drilled.result < 20


async def keeps_alive(reader, writer):
    with contextlib.suppress(asyncio.IncompleteReadError):
        while await reader.readuntil(b"\r\n\r\n"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
    writer.close()
