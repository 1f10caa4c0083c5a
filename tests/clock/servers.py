"""Servers of the loop under test."""

from __future__ import annotations

import asyncio
import contextlib
import os

from aiohttp import web

BIG = os.urandom(1024) * 5_000


@contextlib.asynccontextmanager
async def serving(handle, host="127.0.0.1", **options):
    """A server of the loop; gives its port."""
    server = await asyncio.start_server(handle, host, 0, **options)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()


async def echo(reader, writer):
    while data := await reader.read(65_536):
        writer.write(data)
        await writer.drain()
    writer.close()


@contextlib.asynccontextmanager
async def web_server():
    """An aiohttp server that gives back what it gets; ``/idle`` closes a moment after its answer."""

    async def back(request):
        return web.Response(
            body=await request.read(), headers={"X-Peer": str(request.transport.get_extra_info("peername"))}
        )

    app = web.Application(client_max_size=10 * len(BIG))
    app.router.add_route("*", "/", back)
    runner = web.AppRunner(app, keepalive_timeout=30)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield site._server.sockets[0].getsockname()[1]
    finally:
        await runner.cleanup()
