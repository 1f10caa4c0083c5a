"""A Page with its inbox, driven without sockets: what a stage does between the two is done here by hand."""

from __future__ import annotations

import json
from typing import Any

from chatdrill.model import (
    Act,
    Agent,
    AgentAct,
    Customer,
    DeskEvent,
    Effect,
    Media,
    Part,
    Reply,
    Text,
    Write,
)
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, HttpRequest, Later
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.messenger import MessengerState, platform
from chatdrill_fakes.platforms.messenger.inbox import InboxState, desk

NOW = 1795212345.001
DAY_S = 86_400
BOT, INBOX, OTHER = "728451930662814", "263902037430900", "554433221100998"
PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489")


class Inbox:
    """``told`` are the elements of webhooks that the bot got, each with its array; ``events`` what became true at the desk."""

    def __init__(self, page: dict[str, str] | None = None, **settings: str) -> None:
        defaults = {each.name: each.default for each in platform.settings}
        self.page: MessengerState = platform.open({**defaults, **(page or {})}, Seed(7).stream("messenger"))
        given = {each.name: each.default for each in desk.settings} | settings
        self.state: InboxState = desk.open(given, Seed(7).stream("inbox"))
        desk.move_in(self.state, self.page)  # type: ignore[attr-defined]
        self.now = NOW
        self.told: list[tuple[str, dict[str, Any]]] = []
        self.events: list[DeskEvent] = []
        self.effects: list[Effect] = []
        self.timers: list[Later] = []
        for key in ("bob", "eve"):
            desk.hire(self.state, Agent(key=key, first_name=key.title()))
        customer = Customer(key="anna", first_name="Anna", last_name="Huber")
        self.anna = platform.join(self.page, customer, 0.0)

    def happens(self, act: Act) -> list[DeskEvent]:
        """Something happens on the platform; the inbox sees it."""
        for update in platform.encode(self.page, self.anna, act, self.now):
            entry = json.loads(update.body)
            array = next(name for name in ("messaging", "standby") if name in entry)
            self.told.append((array, entry[array][0]))
        return self.seen()

    def says(self, text: str) -> list[DeskEvent]:
        return self.happens(Write(parts=(Text(text=text),)))

    def seen(self) -> list[DeskEvent]:
        found = list(desk.notice(self.state, self.anna, self.now))  # type: ignore[attr-defined]
        self.events += found
        return found

    def act(self, act: AgentAct) -> list[DeskEvent]:
        """An agent acts, and what is planned for this moment happens; a timer waits."""
        found = list(desk.act(self.state, self.anna, act, self.now))
        self.events += found
        self.settle()
        return found

    def settle(self) -> None:
        self.effects += self.state.effects
        planned = [*self.state.planned]
        self.state.effects.clear()
        self.state.planned.clear()
        for later in planned:
            if isinstance(later.act, AgentAct):
                self.timers.append(later)
            else:
                self.happens(later.act)

    def elapse(self) -> list[DeskEvent]:
        """The only timer is over."""
        self.settle()
        (later,) = self.timers
        self.timers.clear()
        self.now += later.after_s
        assert isinstance(later.act, AgentAct)
        return self.act(later.act)

    def writes(self, text: str, agent: str = "bob") -> list[DeskEvent]:
        return self.act(Reply(agent=agent, parts=(Text(text=text),)))

    def sends(self, *parts: Part) -> list[DeskEvent]:
        return self.act(Reply(agent="bob", parts=parts))

    def photo(self) -> Media:
        return Media(kind="photo", file=describe(PNG, self.page.blobs, name="a.png", mime="image/png"))

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """The bot calls the platform; returns the JSON of the answer."""
        url = f"/v25.0/{path}{'&' if '?' in path else '?'}access_token={self.page.page_token}"
        content = b"" if body is None else json.dumps(body).encode()
        request = HttpRequest(method, url, (("Content-Type", "application/json"),), content)
        handled = platform.handle(self.page, Exchange(request, self.now))
        assert handled.response is not None
        self.seen()
        return json.loads(handled.response.body)

    def control(self, verb: str, **more: Any) -> Any:
        """A call of the thread control API; an error's code and subcode where it is refused."""
        answer = self.call("POST", f"me/{verb}_thread_control", {"recipient": {"id": self.anna}, **more})
        error = answer.get("error")
        return answer if error is None else (error["code"], error.get("error_subcode"))

    def passed(self, **more: Any) -> Any:
        return self.control("pass", target_app_id=self.state.app_id, **more)

    def send(self, text: str, **more: Any) -> Any:
        body = {"recipient": {"id": self.anna}, "message": {"text": text}, **more}
        return self.call("POST", "me/messages", body)

    @property
    def owner(self) -> str:
        return desk.owner(self.state, self.anna)

    def of(self, kind: type) -> list[Any]:
        return [event for event in self.events if isinstance(event, kind)]
