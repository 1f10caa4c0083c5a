"""A call of the bot on its way through the fake, and what becomes of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chatdrill.model import Effect
from chatdrill.wire import Accept, Arguments, Deliver, Exchange, Fetch, Fetched, HttpRequest, HttpResponse, Later, Push
from chatdrill_fakes.families.connector.errors import error
from chatdrill_fakes.platforms.webchat import limits
from chatdrill_fakes.platforms.webchat.state import WebChat, WebChatState

_FILE_MAX_BYTES = 5 * limits.UPLOAD_MAX_BYTES
Support = Literal["supported", "partial", "refused", "unknown"]


class Refused(Exception):
    """The vendor's answer to a call that is not carried out; ``why`` is for the trace, ``note`` an explanation of our own."""

    def __init__(self, response: HttpResponse, why: str, note: str | None = None) -> None:
        super().__init__(why)
        self.response, self.why, self.note = response, why, note


class Wanted(Exception):
    """What must be read, or told, before a call can be answered."""

    def __init__(self, wait: Fetch | Deliver) -> None:
        super().__init__()
        self.wait = wait


def refuse(status: int, code: str, message: str, note: str | None = None) -> Refused:
    """To be raised."""
    return Refused(error(status, code, message), f"{code}: {message}", note)


@dataclass(slots=True)
class Asked:
    """One call while it is answered. ``params`` are the names in the route's path, ``to`` is whose conversation it is about."""

    state: WebChatState
    exchange: Exchange
    arguments: Arguments
    params: Mapping[str, str]
    to: str | None = None
    label: str = ""
    note: str | None = None
    effects: list[Effect] = field(default_factory=list)
    later: list[Later] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    pushes: list[Push] = field(default_factory=list)
    accept: Accept | None = None

    @property
    def request(self) -> HttpRequest:
        """The request."""
        return self.exchange.request

    @property
    def values(self) -> Mapping[str, Any]:
        """What was asked, of query and body together."""
        return self.arguments.values

    @property
    def base_url(self) -> str:
        """How the bot reached this fake; links in answers start with it."""
        return (self.exchange.base_url or self.state.base_url).rstrip("/")

    def read(self, *urls: str) -> list[Fetched]:
        """What lies under ``urls``. Call it before anything is changed: the call is begun anew once they are read."""
        missing = tuple(url for url in urls if url not in self.exchange.fetched)
        if missing:
            raise Wanted(Fetch(missing, size_max_bytes=_FILE_MAX_BYTES))
        return [self.exchange.fetched[url] for url in urls]

    def chat(self) -> WebChat:
        """The conversation of the path; raises ``Refused``."""
        found = self.state.chats.get(self.params["conversation"])
        if found is None:
            raise refuse(404, "ConversationNotFound", "Unknown conversation id")
        self.to = found.address
        return found


Handler = Callable[[Asked], HttpResponse | None]
"""Answers a call; with nothing, where a WebSocket opens."""


@dataclass(frozen=True)
class Route:
    """``path`` has its variable parts in braces. Without a ``handler`` the vendor has the call and chatdrill does not emulate it."""

    method: str
    path: str
    handler: Handler | None
    support: Support = "supported"
    pattern: re.Pattern[str] = field(default=re.compile(""))

    @property
    def name(self) -> str:
        """As it stands in coverage and trace."""
        return f"{self.method} {self.path}"


def route(method: str, path: str, handler: Handler | None, support: Support = "supported") -> Route:
    """A line of the table."""
    regex = re.sub(r"\\\{(\w+)\\\}", r"(?P<\1>[^/]+)", re.escape(path))
    return Route(method, path, handler, "refused" if handler is None else support, re.compile(f"{regex}/?"))
