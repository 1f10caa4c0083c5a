"""A Page with one customer, driven without sockets."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

import pytest

from chatdrill.model import Accept, Act, Customer, File, Media, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, Fetched, Handled, HttpRequest, Update
from chatdrill_fakes.platforms.messenger import MessengerState, platform
from messenger.inbox_kit import Inbox

NOW = 1795212345.001
BASE = "http://127.0.0.1:7000/messenger"
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360000002000001e221bc330000000049454e44ae426082"
)
PAGE = "104837562910475"


@dataclass
class Answer:
    """What one call came to."""

    handled: Handled

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
    def effect(self) -> Any:
        (effect,) = self.handled.effects
        return effect

    @property
    def parts(self) -> tuple[Any, ...]:
        return tuple(self.effect.message.parts)


class Page:
    """The wire with its state, and the time as a field."""

    def __init__(self, **settings: str) -> None:
        defaults = {setting.name: setting.default for setting in platform.settings}
        self.now = NOW
        self.state: MessengerState = platform.open({**defaults, **settings}, Seed(7).stream("messenger"))
        self.state.base_url = BASE
        self.fetched: dict[str, Fetched] = {}

    def join(self, key: str = "anna", ahead_s: float = 0.0, **about: str) -> str:
        facts = {"first_name": "Anna", "last_name": "Huber", "phone": "+436601234567", "email": "anna@example.org"}
        customer = Customer(key=key, **{**facts, **about})
        return platform.join(self.state, customer, ahead_s)

    def updates(self, to: str, act: Act) -> list[Update]:
        return list(platform.encode(self.state, to, act, self.state.chats[to].at(self.now)))

    def entries(self, to: str, act: Act) -> list[dict[str, Any]]:
        return [json.loads(update.body) for update in self.updates(to, act)]

    def events(self, to: str, act: Act) -> list[dict[str, Any]]:
        """The single elements of ``messaging[]``."""
        return [event for entry in self.entries(to, act) for event in entry["messaging"]]

    def event(self, to: str, act: Act) -> dict[str, Any]:
        (event,) = self.events(to, act)
        return event

    def says(self, to: str, text: str = "hello") -> str:
        """The customer writes; returns the message's id."""
        return str(self.event(to, Write(parts=(Text(text=text),)))["message"]["mid"])

    def file(self, content: bytes = PNG, mime: str = "image/png", name: str | None = None) -> File:
        return File(sha256=self.state.blobs.put(content), size_bytes=len(content), mime=mime, name=name)

    def photo(self) -> Media:
        return Media(kind="photo", file=self.file())

    def ask(self, request: HttpRequest) -> Answer:
        return Answer(platform.handle(self.state, Exchange(request, self.now, BASE, fetched=self.fetched)))

    def call(self, method: str, path: str, body: Any = None, *, token: str | None = "page", **query: str) -> Answer:
        """A call with a JSON body and its token in the query."""
        known = {"page": self.state.page_token, "app": self.state.app_token}
        if token is not None:
            query["access_token"] = known.get(token, token)
        url = f"{path}?{urlencode(query)}" if query else path
        if body is None:
            return self.ask(HttpRequest(method, url))
        headers = (("Content-Type", "application/json"),)
        return self.ask(HttpRequest(method, url, headers, json.dumps(body).encode()))

    def send(self, to: str, message: Any, **more: Any) -> Answer:
        return self.call("POST", "/v25.0/me/messages", {"recipient": {"id": to}, "message": message, **more})

    def template(self, to: str, payload: dict[str, Any]) -> Answer:
        return self.send(to, {"attachment": {"type": "template", "payload": payload}})

    def subscribe(self, *fields: str) -> None:
        self.state.page_fields = fields
        self.state.resubscribe()

    def serve(self, url: str, content: bytes, mime: str, error: str | None = None) -> str:
        """What a fetch of ``url`` will bring."""
        self.fetched[url] = Fetched(content, mime, error)
        return url

    def download(self, url: str) -> tuple[int, bytes]:
        answer = self.ask(HttpRequest("GET", url.removeprefix(BASE)))
        assert answer.handled.response is not None
        return answer.status, answer.handled.response.body


@pytest.fixture
def page() -> Page:
    return Page()


@pytest.fixture
def make_page() -> type[Page]:
    return Page


@pytest.fixture
def anna(page: Page) -> str:
    """A customer who has written."""
    to = page.join()
    page.says(to)
    return to


@pytest.fixture
def fresh(page: Page) -> str:
    """A customer who has not written yet."""
    return page.join()


@pytest.fixture
def moved(page: Page) -> Any:
    """Let drill time pass."""

    def move(seconds: float) -> None:
        page.now += seconds

    return move


@pytest.fixture
def inbox() -> Inbox:
    """Anna has written; the thread is the bot's."""
    made = Inbox()
    made.says("hello")
    return made


@pytest.fixture
def queued(inbox: Inbox) -> Inbox:
    """The bot has passed the thread on."""
    inbox.passed()
    return inbox


@pytest.fixture
def taken(queued: Inbox) -> Inbox:
    """Bob has it."""
    queued.act(Accept(agent="bob"))
    return queued
