"""WeRoBot, unmodified: its own server takes the pushes, in plain and in safe mode, and its client sends."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

pytest.importorskip("werobot", reason="WeRoBot is not installed")

import requests
from werobot import WeRoBot
from werobot.client import ClientException

from chatdrill.model import Event, Start, Text, Write
from chatdrill_fakes.platforms.wechat import platform
from sdk.wechat.conftest import Rehearsal

HELLO = Write(parts=(Text(text="Hallo, 你好"),))
MODES = pytest.mark.parametrize("mode", ["plain", "safe"])


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing."""


@pytest.fixture
async def robot(rehearsal: Rehearsal) -> AsyncIterator[Any]:
    """A robot that echoes texts and greets who subscribes, on a server of its own; ``url`` is its address."""
    known = rehearsal.stage.environment()
    made = WeRoBot(
        token=known["WECHAT_TOKEN"],
        app_id=known["WECHAT_APPID"],
        app_secret=known["WECHAT_SECRET"],
        encoding_aes_key=known["WECHAT_ENCODING_AES_KEY"],
    )
    made.config["SESSION_STORAGE"] = False  # else it keeps a file
    made.text(lambda message: f"echo {message.content}")
    made.subscribe(lambda message: f"welcome {message.key or 'all'}")
    server = make_server("127.0.0.1", 0, made.wsgi, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    made.url = f"http://127.0.0.1:{server.server_port}/"
    rehearsal.stage.set_webhook("wechat", made.url)
    yield made
    await asyncio.to_thread(server.shutdown)
    server.server_close()


@MODES
async def test_a_reply_of_the_robots_is_shown(rehearsal: Rehearsal, robot: Any) -> None:
    rehearsal.act(HELLO)
    assert await rehearsal.until(rehearsal.sent) == [(Text(text="echo Hallo, 你好"),)]
    assert [attempt.ok for attempt in rehearsal.attempts()] == [True]


async def test_who_comes_by_a_code_is_greeted(rehearsal: Rehearsal, robot: Any) -> None:
    rehearsal.act(Start(payload="order77"))
    assert await rehearsal.until(rehearsal.sent) == [(Text(text="welcome qrscene_order77"),)]


async def test_the_robot_answers_the_check_of_its_address(rehearsal: Rehearsal, robot: Any) -> None:
    state = rehearsal.channel.state
    request = platform.handshake(state)
    assert request is not None
    answer = await asyncio.to_thread(requests.get, request.url, timeout=5)
    assert answer.text == state.echo
    forged = await asyncio.to_thread(requests.get, request.url.replace("signature=", "signature=0"), timeout=5)
    assert forged.status_code == 403


async def test_the_robots_client_sends(rehearsal: Rehearsal, robot: Any) -> None:
    rehearsal.act(HELLO)
    await rehearsal.until(rehearsal.sent)
    client = robot.client
    await rehearsal.does(client.send_text_message, rehearsal.to, "Hi 你好")
    await rehearsal.does(client.get_user_info, rehearsal.to)
    await rehearsal.does(client.create_menu, {"button": [{"type": "click", "name": "帮助", "key": "HELP"}]})
    assert rehearsal.sent()[-1] == (Text(text="Hi 你好"),)
    assert rehearsal.calls()[1:] == [
        ("token", True),
        ("message/custom/send text", True),
        ("user/info", True),
        ("menu/create", True),
    ]
    rehearsal.act(Event(name="api_error", data={"errcode": 45047}))
    with pytest.raises(ClientException, match="45047"):
        await rehearsal.does(client.send_text_message, rehearsal.to, "Hi")
