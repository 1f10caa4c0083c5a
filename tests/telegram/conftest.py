"""A bot on the fake of Telegram, without sockets: what the tests of the wire share."""

from __future__ import annotations

import io
import json
from typing import Any
from urllib.parse import urlencode

import pytest
from PIL import Image

from chatdrill.model import Act, Customer, Media, Part, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Handled, HttpRequest, Update
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.telegram import TelegramState, platform

NOW = 1767225600.0
GROUP = {"id": -4801122334, "title": "Acme support", "type": "group"}


class Drill:
    """One bot, one customer, and a clock that the test moves (``now``)."""

    def __init__(self, **settings: str) -> None:
        defaults = {setting.name: setting.default for setting in platform.settings}
        self.state: TelegramState = platform.open({**defaults, **settings}, Seed(7).stream("telegram"))
        self.now = NOW
        self.to = self.join("olena")
        self.chat = self.state.chats[self.to]

    def join(self, key: str, ahead_s: float = 0.0) -> str:
        customer = Customer(
            key=key,
            first_name=key.title(),
            last_name="Kovalenko",
            username=f"{key}_k",
            phone="+380501112233",
            locale="uk_UA",
        )
        return platform.join(self.state, customer, ahead_s)

    # ----------------------------------------------------------------------------------------- the customer

    def act(self, act: Act, to: str | None = None) -> list[dict[str, Any]]:
        """Let an act happen and queue its updates; returns them decoded."""
        updates = platform.encode(self.state, to or self.to, act, self.now)
        for update in updates:
            self.state.outbox.put(update)
        return [json.loads(update.body) for update in updates]

    def queue(self, act: Act, to: str | None = None) -> list[Update]:
        updates = list(platform.encode(self.state, to or self.to, act, self.now))
        for update in updates:
            self.state.outbox.put(update)
        return updates

    def write(self, *parts: Part | str, to: str | None = None, **more: Any) -> dict[str, Any]:
        """One message of the customer, as the bot sees it."""
        said = tuple(Text(text=part) if isinstance(part, str) else part for part in parts)
        return self.act(Write(parts=said, **more), to)[-1]["message"]

    def media(self, kind: Any, content: bytes, name: str | None = None, **more: Any) -> Media:
        """A part that carries ``content``."""
        return Media(kind=kind, file=describe(content, self.state.blobs, name=name), **more)

    # ----------------------------------------------------------------------------------------------- the bot

    def request(self, request: HttpRequest, **more: Any) -> Handled:
        return platform.handle(self.state, Exchange(request=request, now=self.now, **more))

    def handle(self, method: str, arguments: dict[str, Any] | None = None, **more: Any) -> Handled:
        """A call with a JSON body."""
        body = json.dumps(arguments or {}).encode()
        url = f"/bot{self.state.token}/{method}"
        return self.request(HttpRequest("POST", url, (("Content-Type", "application/json"),), body), **more)

    def call(self, method: str, **arguments: Any) -> Any:
        """The result of a call that must succeed."""
        answer = self.answer(method, **arguments)
        assert answer["ok"], answer
        return answer["result"]

    def error(self, method: str, **arguments: Any) -> str:
        """``<code> <description>`` of a call that must fail."""
        handled = self.handle(method, arguments)
        assert handled.response is not None
        answer = json.loads(handled.response.body)
        assert not answer["ok"] and handled.response.status == answer["error_code"], answer
        assert handled.call is not None and not handled.call.ok and not handled.effects
        return f"{answer['error_code']} {answer['description']}"

    def answer(self, method: str, **arguments: Any) -> Any:
        handled = self.handle(method, arguments)
        assert handled.response is not None
        return json.loads(handled.response.body)

    def send(self, **arguments: Any) -> Any:
        """``sendMessage`` to the customer."""
        return self.call("sendMessage", chat_id=int(self.to), **arguments)

    def upload(self, method: str, files: dict[str, tuple[str, bytes]], **arguments: Any) -> Handled:
        """A multipart call."""
        chunks = []
        for name, value in arguments.items():
            text = value if isinstance(value, str) else json.dumps(value)
            chunks.append(f'--xx\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n'.encode())
        for name, (filename, content) in files.items():
            head = f'--xx\r\nContent-Disposition: form-data; name="{name}"; filename="{filename}"\r\n'
            chunks.append(head.encode() + b"Content-Type: application/octet-stream\r\n\r\n" + content + b"\r\n")
        body = b"".join(chunks) + b"--xx--\r\n"
        kind = (("Content-Type", "multipart/form-data; boundary=xx"),)
        return self.request(HttpRequest("POST", f"/bot{self.state.token}/{method}", kind, body))

    def form(self, method: str, **arguments: str) -> Handled:
        """A call with a form body."""
        kind = (("Content-Type", "application/x-www-form-urlencoded"),)
        url = f"/bot{self.state.token}/{method}"
        return self.request(HttpRequest("POST", url, kind, urlencode(arguments).encode()))


def result(handled: Handled) -> Any:
    """The result in a successful answer."""
    assert handled.response is not None, handled
    answer = json.loads(handled.response.body)
    assert answer["ok"], answer
    return answer["result"]


def picture(width: int, height: int, kind: str = "JPEG") -> bytes:
    """A valid picture."""
    out = io.BytesIO()
    Image.linear_gradient("L").resize((width, height)).convert("RGB").save(out, kind)
    return out.getvalue()


def mp4(width: int = 720, height: int = 1280) -> bytes:
    """The beginning of an MP4: enough for its type and its size."""
    track = bytes(76) + (width << 16).to_bytes(4, "big") + (height << 16).to_bytes(4, "big")
    return b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + (len(track) + 8).to_bytes(4, "big") + b"tkhd" + track


OGG = b"OggS" + bytes(24) + b"OpusHead" + bytes(64)
PDF = b"%PDF-1.4\n%\xe2\xe3\n1 0 obj\nendobj\n"


@pytest.fixture
def drill() -> Drill:
    """A bot whose customer has started it."""
    found = Drill(rate_limits="no")
    found.write("hello")
    found.state.outbox.clear()
    return found


@pytest.fixture
def strangers() -> Drill:
    """A bot whose customer has not started it."""
    return Drill(rate_limits="no")


@pytest.fixture
def make_drill() -> type[Drill]:
    """For a bot with settings of its own."""
    return Drill


@pytest.fixture
def samples() -> dict[str, bytes]:
    """Files by kind of message, all of them what they claim to be."""
    return {
        "photo": picture(1600, 1200),
        "document": PDF,
        "audio": b"ID3\x04" + bytes(200),
        "voice": OGG,
        "video": mp4(),
        "animation": picture(64, 48, "GIF"),
        "video_note": mp4(384, 384),
        "sticker": picture(512, 512, "WEBP"),
    }


@pytest.fixture
def read() -> Any:
    """Decodes a successful answer."""
    return result


@pytest.fixture
def draw() -> Any:
    """Makes a picture of a size."""
    return picture


@pytest.fixture
def group() -> dict[str, Any]:
    """A basic group's card."""
    return dict(GROUP)
