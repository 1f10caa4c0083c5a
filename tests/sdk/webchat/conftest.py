"""botbuilder for Python, unmodified, behind the Connector: its logins and its keys come by the redirect."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("botbuilder.core", reason="botbuilder-core is not installed")
pytest.importorskip("botbuilder.integration.aiohttp", reason="botbuilder-integration-aiohttp is not installed")

from aiohttp import web
from botbuilder.core import ActivityHandler, TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity
from botframework.connector.auth.jwt_token_extractor import JwtTokenExtractor
from jwt import PyJWTError

from sdk.webchat.threaded import Threaded


class Config:
    """What the SDK reads of a bot's configuration."""

    def __init__(self, app_id: str, password: str) -> None:
        self.APP_ID, self.APP_PASSWORD, self.APP_TYPE = app_id, password, "MultiTenant"


class SdkBot(ActivityHandler):
    """Keeps every activity in ``heard``; ``answer`` is called with each turn."""

    def __init__(self, place: Threaded) -> None:
        known = place.environment
        config = Config(known["MicrosoftAppId"], known["MicrosoftAppPassword"])
        self.adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(config))
        self.heard: asyncio.Queue[Activity] = asyncio.Queue()
        self.answers: list[int] = []
        self.refused: asyncio.Queue[int] = asyncio.Queue()
        self.answer: Callable[[TurnContext], Any] | None = None
        self.place = place

    async def open(self) -> None:
        app = web.Application()
        app.router.add_post("/api/messages", self._receive)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.place.deliver_to(f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/messages")

    async def close(self) -> None:
        await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        try:
            answer = await self.adapter.process(request, self)
        except (web.HTTPUnauthorized, PermissionError, PyJWTError):  # the SDK believes no such token
            answer = web.Response(status=401)
            self.refused.put_nowait(401)
        self.answers.append(answer.status)
        return answer

    async def on_turn(self, context: TurnContext) -> None:
        if context.activity.type == "message" and self.answer is not None:
            await self.answer(context)
        self.heard.put_nowait(context.activity)

    async def next(self, kind: str) -> Activity:
        """The next activity of this type; others before it are passed over."""
        while (found := await asyncio.wait_for(self.heard.get(), 10)).type != kind:
            pass
        return found

    async def does(self, act: Any) -> None:
        """Anna does something."""
        await asyncio.to_thread(self.place.act, act)


@pytest.fixture
async def sdk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Callable[..., Any]]:
    bots: list[SdkBot] = []
    # The SDK keeps the keys of an address as long as the process lives; other tests have published others there.
    monkeypatch.setattr(JwtTokenExtractor, "metadataCache", {})

    async def open(**settings: str) -> SdkBot:
        place = Threaded(tmp_path, settings)
        place.start()
        for name, value in place.environment.items():
            monkeypatch.setenv(name, value)
        bots.append(SdkBot(place))
        await bots[-1].open()
        return bots[-1]

    yield open
    for bot in bots:
        await bot.close()
        bot.place.stop()
