"""Three workers as processes of their own, each on a loopback address of its own; one of them is killed."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from chatdrill.clock import WallClock
from chatdrill.serve import Client
from chatdrill.wire import HttpRequest, HttpResponse
from chatdrill_fakes.platforms.telegram import platform

BOT = f"/telegram/bot{next(s.default for s in platform.settings if s.name == 'token')}"


class Worker:
    """One process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process

    @classmethod
    async def start(cls, index: int) -> Worker:
        tests = Path(__file__).parent.parent
        paths = os.pathsep.join(filter(None, (str(tests), os.environ.get("PYTHONPATH"))))
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, str(tests / "serve" / "door_process.py"), str(index)),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": paths},
        )
        return cls(process)

    async def hear(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(await self.process.stdout.readline())

    async def ask(self, **order: Any) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(json.dumps(order).encode() + b"\n")
        return await self.hear()

    async def end(self) -> None:
        assert self.process.stdin is not None
        if self.process.returncode is None:
            self.process.stdin.close()
        await self.process.wait()


@pytest.fixture
async def workers() -> AsyncIterator[list[Worker]]:
    workers = await asyncio.gather(*(Worker.start(index) for index in range(3)))
    yield workers
    await asyncio.gather(*(worker.end() for worker in workers))


async def test_workers_in_processes_share_one_bot_and_outlive_one_of_them(workers: list[Worker]) -> None:
    told = [await worker.hear() for worker in workers]
    addresses = {str(index): one["door"] for index, one in enumerate(told)}
    for worker in workers:
        await worker.ask(meet=addresses)
    client = Client(WallClock().monotonic)

    async def send(at: int, to: int) -> int:
        body = json.dumps({"chat_id": told[to]["chat"], "text": "hi"}).encode()
        headers = (("Content-Type", "application/json"),)
        answer = await client.send(HttpRequest("POST", f"{told[at]['url']}{BOT}/sendMessage", headers, body), 20.0)
        assert isinstance(answer, HttpResponse)
        return answer.status

    assert {await send(at, to) for at in range(3) for to in range(3)} == {200}
    assert [(await worker.ask())["calls"] for worker in workers] == [3, 3, 3]
    workers[2].process.kill()
    await workers[2].process.wait()
    assert [await send(0, to) for to in range(3)] == [200, 200, 503]
    assert [await send(1, to) for to in range(3)] == [200, 200, 503]
    assert any("door 2" in what for what in (await workers[0].ask())["troubles"])
    client.close()
