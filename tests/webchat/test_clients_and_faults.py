"""What a client of Direct Line says goes the way of everything the bot is told: faults strike it, and the trace has it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import msgspec
import pytest
from aiohttp import ClientSession

from chatdrill.clock import WallClock
from chatdrill.seeds import Seed
from chatdrill.serve import Fault, ListenOptions, Stage
from chatdrill.trace import Attempt, Called, Dropped, Injected, Recorder
from chatdrill_fakes.platforms.webchat import limits, platform

SAY = "POST /v3/directline/conversations/{conversation}/activities"


class Bot:
    """An ASGI application that keeps what it is told, and answers with ``status`` once it is ``free``."""

    def __init__(self) -> None:
        self.status, self.heard = 202, list[Any]()
        self.free = asyncio.Event()
        self.free.set()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        assert scope["type"] == "http"
        body, more = b"", True
        while more:
            event = await receive()
            body, more = body + event["body"], event.get("more_body", False)
        self.heard.append(msgspec.json.decode(body))
        await self.free.wait()
        await send({"type": "http.response.start", "status": self.status, "headers": []})
        await send({"type": "http.response.body", "body": b""})

    @property
    def texts(self) -> list[str]:
        return [said["text"] for said in self.heard if said["type"] == "message"]


class Page:
    """A page with a web chat, and the stage that it calls."""

    def __init__(self, bot: Bot) -> None:
        clock = WallClock()
        self.bot, self.recorder = bot, Recorder(clock)
        self.stage = Stage(clock=clock, seed=Seed(7), recorder=self.recorder, listen=ListenOptions(port=0), app=bot)
        self.stage.add(platform)

    async def begin(self, http: ClientSession) -> None:
        self.http, known = http, self.stage.environment()
        self.stage.set_webhook("webchat", "http://bot.test/api/messages")
        self.line = f"{known['WEBCHAT_DIRECTLINE_URL']}/conversations"
        secret = {"Authorization": f"Bearer {known['WEBCHAT_DIRECTLINE_SECRET']}"}
        async with http.post(self.line, json={"user": {"id": "dl_eva"}}, headers=secret) as begun:
            self.talk = await begun.json()

    async def say(self, text: str) -> tuple[int, Any]:
        said = {"type": "message", "from": {"id": "dl_eva"}, "text": text}
        url, bearer = (
            f"{self.line}/{self.talk['conversationId']}/activities",
            {"Authorization": f"Bearer {self.talk['token']}"},
        )
        async with self.http.post(url, json=said, headers=bearer) as done:
            return done.status, await done.json()

    def attempts(self, id: str) -> list[Attempt]:
        return [each for each in self.recorder.records if isinstance(each, Attempt) and id in each.updates]


@pytest.fixture
async def page() -> AsyncIterator[Page]:
    found = Page(Bot())
    async with found.stage, ClientSession() as http:
        await found.begin(http)
        yield found


async def test_the_trace_has_the_attempt_and_then_the_clients_call(page: Page) -> None:
    status, body = await page.say("Hi")
    (attempt,) = page.attempts(body["id"])
    (called,) = [each for each in page.recorder.records if isinstance(each, Called) and each.method == SAY]
    assert (status, attempt.status, attempt.ok, called.status) == (200, 202, True, 200) and attempt.n < called.n
    assert [said["type"] for said in page.bot.heard] == ["conversationUpdate", "message"]


@pytest.mark.parametrize(
    ("kind", "status", "code", "heard"),
    [
        ("status", 502, "BotRejectedActivity", 1),
        ("reset", 502, "BotError", 0),
        ("unacknowledged", 502, "BotError", 1),
        ("drop", 502, "BotError", 0),
        ("duplicate", 200, None, 2),
        ("delay", 200, None, 1),
    ],
)
async def test_faults_strike_what_a_client_says(
    page: Page, kind: Any, status: int, code: str | None, heard: int
) -> None:
    page.stage.break_by(
        Fault(where="webhook", kind=kind, platform="webchat", match="message", status=503, delay_s=0.01)
    )
    done, body = await page.say("Hi")
    assert (done, body["error"]["code"] if code else None) == (status, code)
    assert page.bot.texts == ["Hi"] * heard
    (struck,) = [each for each in page.recorder.records if isinstance(each, Injected)]
    assert struck.fault == kind and struck.updates
    if kind == "status":
        assert body["error"]["innerHttpError"]["statusCode"] == 503


async def test_a_bot_that_refuses_is_not_asked_again(page: Page) -> None:
    page.bot.status = 500
    status, body = await page.say("Hi")
    assert (status, body["error"]["innerHttpError"]["statusCode"]) == (502, 500)
    assert page.bot.texts == ["Hi"] and any(isinstance(each, Dropped) for each in page.recorder.records)
    page.bot.status = 200
    assert (await page.say("Again"))[0] == 200


async def test_a_slow_bot_is_504_and_hears_it_all_the_same(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "ACK_TIMEOUT_S", 0.05)
    page.bot.free.clear()
    status, body = await page.say("Hi")
    assert (status, body["error"]["code"], page.bot.texts) == (504, "GatewayTimeout", ["Hi"])
    page.bot.free.set()


async def test_a_client_is_answered_when_the_stage_closes(page: Page) -> None:
    page.bot.free.clear()
    waiting = asyncio.create_task(page.say("Hi"))
    async with asyncio.timeout(5):
        while not page.bot.texts:
            await asyncio.sleep(0)
        await page.stage.close()
        assert (await waiting)[0] == 504
