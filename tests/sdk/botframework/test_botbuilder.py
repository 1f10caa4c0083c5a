"""botbuilder for Python, unmodified: its adapter believes the hub's activities, and its connector's calls are answered."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

pytest.importorskip("botbuilder.core", reason="botbuilder-core is not installed")
pytest.importorskip("botbuilder.integration.aiohttp", reason="botbuilder-integration-aiohttp is not installed")

from aiohttp import web
from botbuilder.core import TurnContext
from botbuilder.integration.aiohttp import CloudAdapter, ConfigurationBotFrameworkAuthentication
from botbuilder.schema import Activity, Attachment, AttachmentData, ChannelAccount, ErrorResponseException, Transcript
from botframework.connector.aio import ConnectorClient
from botframework.connector.auth import MicrosoftAppCredentials
from jwt import PyJWTError

from sdk.botframework.threaded import Threaded
from sdk.office import PNG

# The SDK asks for UTC in a way that Python 3.12 calls deprecated.
pytestmark = [pytest.mark.filterwarnings("ignore::DeprecationWarning")]
ANN = ChannelAccount(id="tg-42", name="Ann", role="user")


class Config:
    """What the SDK reads of a bot's configuration."""

    def __init__(self, app_id: str, password: str) -> None:
        self.APP_ID, self.APP_PASSWORD, self.APP_TYPE = app_id, password, "MultiTenant"


class SdkBot:
    """A bot of the SDK on a server of its own: thanks agents for what they say, and keeps every activity in ``heard``."""

    def __init__(self, hub: Threaded) -> None:
        known = hub.environment
        self.app_id, self.password = known["MicrosoftAppId"], known["MicrosoftAppPassword"]
        self.adapter = CloudAdapter(ConfigurationBotFrameworkAuthentication(Config(self.app_id, self.password)))
        self.heard: asyncio.Queue[Activity] = asyncio.Queue()
        self.answers: list[int] = []
        credentials = MicrosoftAppCredentials(self.app_id, self.password)
        client = ConnectorClient(credentials, base_url=known["BOTFRAMEWORK_API_ROOT"])
        self.api, self.files = client.conversations, client.attachments
        self.hub = hub

    async def open(self) -> None:
        app = web.Application()
        app.router.add_post("/api/messages", self._receive)
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.hub.deliver_to(f"http://127.0.0.1:{self._runner.addresses[0][1]}/api/messages")

    async def close(self) -> None:
        await self._runner.cleanup()

    async def _receive(self, request: web.Request) -> web.StreamResponse:
        try:
            answer = await self.adapter.process(request, self)
        except (web.HTTPUnauthorized, PermissionError, PyJWTError):  # the SDK believes no such token
            answer = web.Response(status=401)
        self.answers.append(answer.status)
        return answer

    async def on_turn(self, context: TurnContext) -> None:
        if context.activity.type == "message":
            await context.send_activity("Thank you")
        self.heard.put_nowait(context.activity)

    async def ask_for_a_person(self) -> Any:
        """``handoff.initiate`` in the SDK's types, with what was said before."""
        said = Activity(type="message", text="Where is my parcel?", from_property=ANN, id="m1")
        transcript = Attachment(
            content_type="application/json", name="Transcript", content=Transcript(activities=[said]).serialize()
        )
        event = Activity(type="event", name="handoff.initiate", value={"Skill": "orders"}, attachments=[transcript])
        return await self.api.send_to_conversation("tg:42", event)


@pytest.fixture
async def sdk(threaded: Callable[..., Threaded]) -> AsyncIterator[Callable[..., Any]]:
    bots: list[SdkBot] = []

    async def open(**settings: str) -> SdkBot:
        bots.append(SdkBot(threaded(**settings)))
        await bots[-1].open()
        return bots[-1]

    yield open
    for bot in bots:
        await bot.close()


async def heard(bot: SdkBot) -> Activity:
    return await asyncio.wait_for(bot.heard.get(), 10)


@pytest.mark.parametrize("settings", [{}, {"app_id": "", "app_password": ""}], ids=["tokens", "no app id"])
async def test_a_hand_off_goes_there_and_back(sdk: Callable[..., Any], settings: dict[str, str]) -> None:
    bot = await sdk(**settings)
    assert (await bot.ask_for_a_person()).id
    bot.hub.agent(act="accept")
    accepted = await heard(bot)
    assert (accepted.name, accepted.value, accepted.conversation.id) == (
        "handoff.status",
        {"state": "accepted"},
        "tg:42",
    )
    bot.hub.agent(text="It is here")
    said = await heard(bot)
    assert (said.text, said.from_property.name, said.recipient.role) == ("It is here", "Bob", "bot")
    bot.hub.agent(act="close")
    assert (await heard(bot)).value == {"state": "completed"}
    told = [("customer", "Where is my parcel?"), ("agent", "It is here"), ("bot", "Thank you")]
    assert sorted(bot.hub.shown()) == sorted(told)


@pytest.mark.parametrize("how", ["unsigned", "wrong", "stale"])
async def test_the_sdk_believes_no_forged_activity(sdk: Callable[..., Any], how: str) -> None:
    bot = await sdk()
    await bot.ask_for_a_person()
    bot.hub.agent(act="accept")
    await heard(bot)
    await asyncio.to_thread(bot.hub.forge, "tg:42", how)
    assert bot.answers[0] in (200, 201) and bot.answers[1] == 401 and bot.heard.empty()


async def test_the_connectors_calls_are_answered_in_its_types(sdk: Callable[..., Any]) -> None:
    bot = await sdk()
    await bot.ask_for_a_person()
    said = await bot.api.send_to_conversation("tg:42", Activity(type="message", text="Hi", from_property=ANN))
    await bot.api.reply_to_activity("tg:42", said.id, Activity(type="message", text="Hello"))
    changed = Activity(type="message", text="Hi there", from_property=ANN)
    assert (await bot.api.update_activity("tg:42", said.id, changed)).id == said.id
    assert ("customer", "Hi there") in bot.hub.shown()
    await bot.api.delete_activity("tg:42", said.id)
    assert [text for _, text in bot.hub.shown()] == ["Where is my parcel?", "Hello"]
    members = await bot.api.get_conversation_members("tg:42")
    assert {one.id for one in members} == {"tg-42", bot.app_id}
    page = await bot.api.get_conversation_paged_members("tg:42", page_size=1)
    assert (len(page.members), page.continuation_token) == (1, "1")
    assert len((await bot.api.get_conversations()).conversations) == 1


async def test_a_file_is_uploaded_linked_and_fetched(sdk: Callable[..., Any]) -> None:
    bot = await sdk()
    await bot.ask_for_a_person()
    data = AttachmentData(type="image/png", name="torn.png", original_base64=PNG)
    id = (await bot.api.upload_attachment("tg:42", data)).id
    info = await bot.files.get_attachment_info(id)
    assert (info.name, info.type, info.views[0].size) == ("torn.png", "image/png", len(PNG))
    link = f"{bot.hub.environment['BOTFRAMEWORK_API_ROOT']}/v3/attachments/{id}/views/original"
    torn = Attachment(content_type="image/png", content_url=link, name="torn.png")
    await bot.api.send_to_conversation("tg:42", Activity(type="message", from_property=ANN, attachments=[torn]))
    assert [one.name for one in bot.hub.files()] == ["torn.png"]
    assert b"".join([part async for part in await bot.files.get_attachment(id, "original")]) == PNG


async def test_errors_arrive_as_the_connectors_own(sdk: Callable[..., Any]) -> None:
    bot = await sdk()
    with pytest.raises(ErrorResponseException) as caught:
        await bot.api.send_to_conversation("nowhere", Activity(type="message", text="Hi"))
    assert (caught.value.response.status_code, caught.value.error.error.code) == (404, "ConversationNotFound")
    credentials = MicrosoftAppCredentials(bot.app_id, "not the password")
    with pytest.raises(PermissionError, match="invalid_client"):
        await asyncio.to_thread(credentials.get_access_token)
