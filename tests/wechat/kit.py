"""What the tests of the WeChat wire share: one account, one customer, and short words for calls and acts."""

from __future__ import annotations

from typing import Any

import msgspec

from chatdrill.model import Act, Customer, File, Message, Sent, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Ack, Exchange, Handled, HttpRequest, HttpResponse, Update
from chatdrill.wire.files import describe
from chatdrill.wire.xml import read_xml, write_xml
from chatdrill_fakes.platforms.wechat import WeChatState, platform

BASE = "http://127.0.0.1:8080/wechat"
HOOK = "http://127.0.0.1:9/hook"
NOW = 1795212345.0
HOUR, DAY = 3600.0, 86_400.0
MEI = Customer(key="mei", first_name="Mei", last_name="Li", phone="+8613800138000", locale="zh_CN")
ANNA = "anna@bench"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c626001000000ffff03000006000557bfabd40000000049454e44ae426082"
)
MP3, MP4 = b"ID3\x03" + b"\0" * 40, b"\0\0\0\x18ftypmp42" + b"\0" * 12
BOUNDARY = "chatdrill"


class Account:
    """A fake account with one customer who follows it and has done nothing yet; ``now`` is the clock."""

    def __init__(self, **settings: str) -> None:
        given = {each.name: each.default for each in platform.settings} | settings
        self.state: WeChatState = platform.open(given, Seed(7).stream("wechat"))
        self.state.base_url, self.state.webhook_url = BASE, HOOK
        self.now = NOW
        self.token = given["access_token"]
        self.to = self.join(MEI)
        self.chat = self.state.chats[self.to]

    def join(self, customer: Customer) -> str:
        return platform.join(self.state, customer, 0.0)

    # -- the customer's side

    def updates(self, act: Act, to: str | None = None) -> list[Update]:
        return list(platform.encode(self.state, to or self.to, act, self.now))

    def told(self, act: Act) -> list[dict[str, Any]]:
        return [read_xml(update.body)[1] for update in self.updates(act)]

    def event(self, act: Act) -> dict[str, Any]:
        (event,) = self.told(act)
        return event

    def says(self, text: str = "Hi") -> dict[str, Any]:
        return self.event(Write(parts=(Text(text=text),)))

    def file(self, content: bytes, **about: Any) -> File:
        return describe(content, self.state.blobs, **about)

    # -- the bot's side

    def call(self, method: str, body: Any = None, *, token: str | None = None, verb: str = "", **query: str) -> Handled:
        """One call; without a body it is a GET."""
        given = self.token if token is None else token
        words = "&".join(f"{name}={value}" for name, value in {"access_token": given, **query}.items() if value)
        root = "customservice" if method.startswith(("kf", "msgrecord")) else "cgi-bin"
        content = body if isinstance(body, bytes) else b"" if body is None else msgspec.json.encode(body)
        return self.handle(
            HttpRequest(verb or ("GET" if body is None else "POST"), f"/{root}/{method}?{words}", (), content)
        )

    def handle(self, request: HttpRequest) -> Handled:
        return platform.handle(self.state, Exchange(request, self.now, BASE))

    def get(self, url: str) -> HttpResponse:
        """A download by a link of the fake's."""
        response = self.handle(HttpRequest("GET", url.removeprefix(BASE))).response
        assert response is not None
        return response

    def send(self, kind: str, content: Any, **more: Any) -> Handled:
        return self.call("message/custom/send", {"touser": self.to, "msgtype": kind, kind: content, **more})

    def text(self, words: str = "Hi") -> Handled:
        return self.send("text", {"content": words})

    def sent(self, kind: str, content: Any, **more: Any) -> Message:
        """The message as the customer sees it."""
        return shown(self.send(kind, content, **more))

    def upload(self, kind: str, content: bytes, name: str = "a.png") -> Handled:
        head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="media"; filename="{name}"\r\n\r\n'
        body = head.encode() + content + f"\r\n--{BOUNDARY}--\r\n".encode()
        url = f"/cgi-bin/media/upload?access_token={self.token}&type={kind}"
        headers = (("Content-Type", f"multipart/form-data; boundary={BOUNDARY}"),)
        return self.handle(HttpRequest("POST", url, headers, body))

    def uploaded(self, kind: str = "image", content: bytes = PNG) -> str:
        return str(answer(self.upload(kind, content))["media_id"])

    # -- the answer to a push

    def ack(self, update: Update, body: bytes, status: int = 200) -> Ack:
        return platform.read_ack(self.state, (update,), HttpResponse(status, (), body), self.now)

    def passive(self, body: bytes, update: Update | None = None) -> Handled:
        """What becomes of a bot's answer to a push, by default to that of a message."""
        if update is None:
            (update,) = self.updates(Write(parts=(Text(text="Hi"),)))
        (call,) = self.ack(update, body).calls
        return platform.handle(self.state, Exchange(call, self.now, BASE, source="webhook_answer"))

    def reply(self, kind: str = "text", **inner: Any) -> bytes:
        """A passive reply in plain XML."""
        ends = {"ToUserName": self.to, "FromUserName": self.state.account, "CreateTime": int(self.now)}
        return write_xml("xml", {**ends, "MsgType": kind, **inner}).encode()

    def play(self, handled: Handled) -> list[dict[str, Any]]:
        """The events that follow a call."""
        return [told for later in handled.later for told in self.told(later.act)]  # type: ignore[arg-type]


def answer(handled: Handled) -> dict[str, Any]:
    assert handled.response is not None
    body: dict[str, Any] = msgspec.json.decode(handled.response.body)
    return body


def code(handled: Handled) -> int:
    """The code in an answer, whose HTTP status is 200 in any case."""
    assert handled.response is not None
    assert handled.response.status == 200
    assert handled.call is not None
    found = int(answer(handled).get("errcode", 0))
    assert handled.call.ok is (found == 0)
    return found


def shown(handled: Handled) -> Message:
    (effect,) = handled.effects
    assert isinstance(effect, Sent)
    return effect.message
