"""wechatpy and WeRoBot, unmodified, between a stage and loopback servers of their own.

wechatpy always calls ``https://api.weixin.qq.com``, so its HTTPS calls go through the redirect to the stage. It has no server: pushes
enter through what it offers, the check of the signature, the seal and the parser. WeRoBot brings a WSGI application.
"""

from __future__ import annotations

import asyncio
import queue
import threading
from collections.abc import AsyncIterator, Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import parse_qsl, urlsplit

import pytest

pytest.importorskip("wechatpy", reason="wechatpy is not installed")
pytest.importorskip("cryptography", reason="cryptography is not installed")
pytest.importorskip("trustme", reason="trustme is not installed")

from wechatpy import WeChatClient, create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.exceptions import InvalidAppIdException, InvalidSignatureException
from wechatpy.utils import check_signature

from chatdrill.clock import WallClock
from chatdrill.model import Act, Customer, Sent
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Attempt, Called, Recorder, Took
from chatdrill_fakes.platforms.wechat import platform

MEI = Customer(key="mei", first_name="Mei", last_name="Li", phone="+8613800138000", locale="zh_CN")
T = TypeVar("T")


class Bot:
    """A wechatpy client with a server. What it parses waits in ``seen``; ``replies`` makes its passive replies."""

    def __init__(self, environment: dict[str, str]) -> None:
        self.environment = environment
        self.word = environment["WECHAT_TOKEN"]
        self.client = WeChatClient(environment["WECHAT_APPID"], environment["WECHAT_SECRET"])
        self.crypto = WeChatCrypto(self.word, environment["WECHAT_ENCODING_AES_KEY"], environment["WECHAT_APPID"])
        self.seen: queue.Queue[Any] = queue.Queue()
        self.replies: Callable[[Any], Any] = lambda _: None
        self.refused: list[str] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True)
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/wx"

    def check(self, query: dict[str, str]) -> tuple[int, bytes]:
        try:
            check_signature(self.word, query.get("signature"), query.get("timestamp"), query.get("nonce"))
        except InvalidSignatureException:
            return 403, b""
        return 200, query.get("echostr", "").encode()

    def take(self, query: dict[str, str], body: bytes) -> tuple[int, bytes]:
        sealed = query.get("encrypt_type") == "aes"
        try:
            check_signature(self.word, query.get("signature"), query.get("timestamp"), query.get("nonce"))
            if sealed:
                body = self.crypto.decrypt_message(body, query["msg_signature"], query["timestamp"], query["nonce"])
        except (InvalidSignatureException, InvalidAppIdException) as error:
            self.refused.append(type(error).__name__)
            return 403, b""
        message = parse_message(body)
        self.seen.put(message)
        said = self.replies(message)
        if said is None:
            return 200, b"success"
        rendered = create_reply(said, message=message).render() if not hasattr(said, "render") else said.render()
        return 200, (self.crypto.encrypt_message(rendered, query["nonce"]) if sealed else rendered).encode()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)


def _handler(bot: Bot) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self._answer(*bot.check(self._query))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._answer(*bot.take(self._query, body))

        @property
        def _query(self) -> dict[str, str]:
            return dict(parse_qsl(urlsplit(self.path).query))

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    return Handler


class Rehearsal:
    """The stage with one customer, and a bot whose calls run beside the stage's loop."""

    def __init__(self, stage: Stage, recorder: Recorder, mode: str) -> None:
        self.stage, self.recorder = stage, recorder
        self.channel = stage.add(platform, {"mode": mode})
        self.to = ""

    async def open(self) -> None:
        await self.stage.open()
        self.to = self.stage.join("wechat", MEI, case="case", conv="case/mei")

    def act(self, act: Act) -> tuple[str, ...]:
        return self.stage.act("wechat", self.to, act).ids

    async def hears(self, bot: Bot) -> Any:
        return await asyncio.to_thread(bot.seen.get, True, 5)

    async def does(self, call: Callable[..., T], *args: Any, **options: Any) -> T:
        return await asyncio.to_thread(call, *args, **options)

    async def until(self, found: Callable[[], list[T]], count: int = 1) -> list[T]:
        """What is found, once there is so much of it."""
        async with asyncio.timeout(5):
            while len(found()) < count:
                await asyncio.sleep(0.01)
        return found()

    def sent(self) -> list[tuple[Any, ...]]:
        took = [each.effect for each in self.recorder.records if isinstance(each, Took)]
        return [effect.message.parts for effect in took if isinstance(effect, Sent)]

    def calls(self) -> list[tuple[str, bool]]:
        return [(one.method, one.ok) for one in self.recorder.records if isinstance(one, Called)]

    def attempts(self) -> list[Attempt]:
        return [one for one in self.recorder.records if isinstance(one, Attempt)]


@pytest.fixture
def mode() -> str:
    """How pushes are sealed."""
    return "plain"


@pytest.fixture
async def rehearsal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, mode: str) -> AsyncIterator[Rehearsal]:
    clock = WallClock()
    recorder = Recorder(clock)
    listen = ListenOptions(port=0, redirect=tmp_path)
    made = Rehearsal(Stage(clock=clock, seed=Seed(7), recorder=recorder, listen=listen), recorder, mode)
    await made.open()
    for name, value in made.stage.environment().items():
        monkeypatch.setenv(name, value)
    yield made
    await made.stage.close()


@pytest.fixture
async def bot(rehearsal: Rehearsal) -> AsyncIterator[Bot]:
    """A bot whose address stands in the console."""
    made = Bot(rehearsal.stage.environment())
    rehearsal.stage.set_webhook("wechat", made.url)
    yield made
    await asyncio.to_thread(made.close)


__all__ = ["Bot", "Rehearsal"]
