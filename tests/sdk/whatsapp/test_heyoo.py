"""heyoo, unmodified, on a stage: its public ``base_url``, ``v15_base_url`` and ``url`` lead to the fake.

heyoo has no server and checks no signature; what it parses are the bodies of webhooks that a server of the test took.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from heyoo import WhatsApp

from chatdrill.model import Button, Keyboard, Location, Media, Press, Text, Write
from chatdrill.wire.files import describe
from chatdrill_scenarios import media

FILES = Path(media.__file__).parent
SAMPLES = {"photo": "shoe-torn.jpg", "document": "invoice-553.pdf", "voice": "voice-pl.ogg", "video": "clip.mp4"}
HEYOO_KINDS = {"photo": "image", "voice": "audio"}
CHOICE = {
    "type": "button",
    "body": {"text": "Which time?"},
    "action": {"buttons": [{"type": "reply", "reply": {"id": "t1", "title": "10:00"}}]},
}


class HeyooBot:
    """A heyoo client; the webhooks with messages wait in ``seen``."""

    def __init__(self, environment: dict[str, str], token: str | None = None) -> None:
        number = environment["WHATSAPP_PHONE_NUMBER_ID"]
        self.api = WhatsApp(token or environment["WHATSAPP_TOKEN"], phone_number_id=number)
        self.api.base_url = f"{environment['WHATSAPP_API_ROOT']}/v14.0"
        self.api.v15_base_url = f"{environment['WHATSAPP_API_ROOT']}/v15.0"
        self.api.url = f"{self.api.base_url}/{number}/messages"
        self.seen: asyncio.Queue[dict[str, Any]] = asyncio.Queue()

    async def take(self, request: web.Request) -> web.Response:
        data = await request.json()
        if self.api.is_message(data):
            self.seen.put_nowait(data)
        return web.Response()

    async def hears(self) -> dict[str, Any]:
        return await asyncio.wait_for(self.seen.get(), 5)


@pytest.fixture
async def heyoo(rehearsal: Any) -> AsyncIterator[HeyooBot]:
    made = HeyooBot(rehearsal.stage.environment())
    app = web.Application()
    app.router.add_post("/hook", made.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    rehearsal.stage.set_webhook("whatsapp", f"http://127.0.0.1:{runner.addresses[0][1]}/hook")
    yield made
    await runner.cleanup()


def say(rehearsal: Any, *parts: Any) -> None:
    rehearsal.act(Write(parts=parts))


async def test_text_and_places_are_parsed(rehearsal, heyoo):
    say(rehearsal, Text(text="Zażółć 😀 a/b"))
    data = await heyoo.hears()
    assert (heyoo.api.get_message(data), heyoo.api.get_message_type(data)) == ("Zażółć 😀 a/b", "text")
    assert (heyoo.api.get_mobile(data), heyoo.api.get_name(data)) == (rehearsal.to, "Anna Nowak")
    say(rehearsal, Location(latitude=50.06, longitude=19.94))
    assert heyoo.api.get_location(await heyoo.hears())["latitude"] == pytest.approx(50.06)


@pytest.mark.parametrize(("kind", "name"), SAMPLES.items())
async def test_files_are_parsed_and_downloaded(rehearsal, heyoo, tmp_path, kind, name):
    content = (FILES / name).read_bytes()
    say(rehearsal, Media(kind=kind, file=describe(content, rehearsal.channel.state.blobs, name=name)))
    found = getattr(heyoo.api, f"get_{HEYOO_KINDS.get(kind, kind)}")(await heyoo.hears())
    url = await rehearsal.does(heyoo.api.query_media_url, found["id"])
    path = await rehearsal.does(heyoo.api.download_media, url, found["mime_type"], str(tmp_path / "file"))
    assert Path(path).read_bytes() == content


async def test_a_pressed_button_is_parsed(rehearsal, heyoo):
    say(rehearsal, Text(text="hi"))
    answer = await rehearsal.does(heyoo.api.send_reply_button, CHOICE, rehearsal.to)
    press = Press(button=Button(title="10:00", kind="reply", payload="t1"), message_id=answer["messages"][0]["id"])
    rehearsal.act(press)
    await heyoo.hears()
    assert heyoo.api.get_interactive_response(await heyoo.hears())["button_reply"] == {"id": "t1", "title": "10:00"}


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # heyoo does not close what it uploads
async def test_every_kind_of_message_is_sent(rehearsal, heyoo):
    say(rehearsal, Text(text="hi"))
    inbound = (await heyoo.hears())["entry"][0]["changes"][0]["value"]["messages"][0]["id"]
    image = (await rehearsal.does(heyoo.api.upload_media, str(FILES / "shoe-front.jpg")))["id"]
    calls = (
        (heyoo.api.send_message, "hi", rehearsal.to),
        (heyoo.api.send_image, image, rehearsal.to, "individual", "a shoe", False),
        (heyoo.api.send_location, 50.06, 19.94, "Shop", "Rynek 1", rehearsal.to),
        (heyoo.api.send_template, "hello_world", rehearsal.to, []),
        (heyoo.api.send_reply_button, CHOICE, rehearsal.to),
        (heyoo.api.send_reaction, "👍", inbound, rehearsal.to),
        (heyoo.api.reply_to_message, inbound, rehearsal.to, "yes"),
    )
    answers = [await rehearsal.does(*call) for call in calls]
    assert all(answer["messages"][0]["id"].startswith("wamid.") for answer in answers)
    assert await rehearsal.does(heyoo.api.mark_as_read, inbound) == {"success": True}
    assert len(rehearsal.sent) == 6 and isinstance(rehearsal.sent[4][-1], Keyboard)


@pytest.mark.parametrize(
    ("token", "text", "code"), [("EAAwrong", "hi", 190), (None, "x" * 4097, 100), (None, "", 131008)]
)
async def test_errors_are_handed_on(rehearsal, token, text, code):
    api = HeyooBot(rehearsal.stage.environment(), token).api
    answer = await rehearsal.does(api.send_message, text, rehearsal.to)
    assert answer["error"]["code"] == code
