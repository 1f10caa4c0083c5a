"""A professional account with one customer, driven without sockets."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

from chatdrill.model import Act, Customer, File, Media, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetched, Handled, HttpRequest, Update
from chatdrill_fakes.platforms.instagram import InstagramState, platform

NOW = 1795212345.001
BASE = "http://127.0.0.1:7000/instagram"
OWN, PAGE, APP = "17841460012345678", "104837562910476", "614052937184620"
INBOX = "1217981644879628"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
MP4 = b"\0\0\0\x18ftypmp42" + b"\0" * 12


class Answer:
    """What one call came to."""

    def __init__(self, handled: Handled) -> None:
        self.handled = handled

    @property
    def status(self) -> int:
        assert self.handled.response is not None, self.handled.wait
        return self.handled.response.status

    @property
    def json(self) -> Any:
        assert self.handled.response is not None, self.handled.wait
        return json.loads(self.handled.response.body)

    @property
    def code(self) -> tuple[int, int | None]:
        """Code and subcode of an error."""
        error = self.json["error"]
        return error["code"], error.get("error_subcode")

    @property
    def parts(self) -> tuple[Any, ...]:
        (effect,) = self.handled.effects
        return tuple(effect.message.parts)  # type: ignore[union-attr]


class Account:
    """The wire with its state, and the time as a field."""

    def __init__(self, **settings: str) -> None:
        defaults = {setting.name: setting.default for setting in platform.settings}
        self.now = NOW
        self.state: InstagramState = platform.open(
            {**defaults, "rate_limits": "no", **settings}, Seed(7).stream("instagram")
        )
        self.state.base_url = BASE
        self.fetched: dict[str, Fetched] = {}
        customer = Customer(
            key="anna",
            first_name="Anna",
            last_name="Huber",
            username="anna.h",
            phone="+436601234567",
            email="a@b.example",
        )
        self.to = platform.join(self.state, customer, 0.0)

    @property
    def chat(self) -> Any:
        return self.state.chats[self.to]

    def updates(self, act: Act) -> list[Update]:
        return list(platform.encode(self.state, self.to, act, self.now))

    def entries(self, act: Act) -> list[dict[str, Any]]:
        return [json.loads(update.body) for update in self.updates(act)]

    def event(self, act: Act) -> dict[str, Any]:
        """The single element of ``messaging[]``."""
        (entry,) = self.entries(act)
        (event,) = entry["messaging"]
        found: dict[str, Any] = event
        return found

    def says(self, text: str = "hello") -> str:
        return str(self.event(Write(parts=(Text(text=text),)))["message"]["mid"])

    def media(self, kind: Any = "photo", content: bytes = PNG, mime: str = "image/png") -> Media:
        return Media(kind=kind, file=File(sha256=self.state.blobs.put(content), size_bytes=len(content), mime=mime))

    def ask(self, request: HttpRequest) -> Answer:
        return Answer(platform.handle(self.state, Exchange(request, self.now, BASE, fetched=self.fetched)))

    def call(self, method: str, path: str, body: Any = None, *, app: bool = False, **query: str) -> Answer:
        """A call with a JSON body and its token in the query."""
        query = {"access_token": self.state.app_token if app else self.state.page_token, **query}
        url = f"{path}?{urlencode(query)}"
        if body is None:
            return self.ask(HttpRequest(method, url))
        headers = (("Content-Type", "application/json"),)
        return self.ask(HttpRequest(method, url, headers, json.dumps(body).encode()))

    def send(self, message: Any, **more: Any) -> Answer:
        return self.call("POST", "/v25.0/me/messages", {"recipient": {"id": self.to}, "message": message, **more})

    def act(self, action: str, **payload: str) -> Answer:
        body = {"recipient": {"id": self.to}, "sender_action": action}
        return self.call("POST", "/v25.0/me/messages", {**body, "payload": payload} if payload else body)

    def serve(self, url: str, content: bytes, mime: str, error: str | None = None) -> str:
        """What a fetch of ``url`` will bring."""
        self.fetched[url] = Fetched(content, mime, error)
        return url

    def download(self, url: str) -> tuple[int, bytes]:
        answer = self.ask(HttpRequest("GET", url.removeprefix(BASE)))
        assert answer.handled.response is not None
        return answer.status, answer.handled.response.body
