"""What a Bitrix24 portal remembers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import File
from chatdrill.wire import Bucket, DeskState, Hook, Ticket

COUNTERS = {"chat": 1, "message": 2, "session": 1, "user": 2, "file": 2, "handler": 1, "line": 2, "crm": 1, "event": 1}
OWN_FROM = 10_000_000
"""Ids above are those of one of several workers."""


@dataclass(slots=True)
class Session:
    """One treatment of a dialog, from the first message to its closing."""

    id: int
    parent_id: int
    opened_at: float
    closed_at: float | None = None
    operator: str | None = None
    vote: int | None = None
    head_vote: int = 0
    head_comment: str = ""


@dataclass(slots=True, kw_only=True)
class Dialog(Ticket):
    """The chat of one customer in an open line; its address is the chat's id.

    ``code`` is ``connector|line|chat|user``. ``bot`` is the id of the bot that is the operator, ``staying`` are bots that
    are in the chat besides. ``moved_to`` is the line whose queue serves it, if not its own. ``offered`` is the agent whom the queue asks, ``asked`` all whom it asked in this round.
    ``mids`` are the ids of a message outside, by its own id; ``outside`` the other way round.
    """

    connector: str
    line: int
    ext_chat: str
    ext_user: str
    user_id: int
    user: dict[str, Any] = field(default_factory=dict)
    title: str = ""
    sessions: list[Session] = field(default_factory=list)
    bot: int | None = None
    staying: set[int] = field(default_factory=set)
    offered: str | None = None
    asked: list[str] = field(default_factory=list)
    joined: set[str] = field(default_factory=set)
    moved_to: int | None = None
    mids: dict[str, list[str]] = field(default_factory=dict)
    outside: dict[str, str] = field(default_factory=dict)
    senders: dict[str, int] = field(default_factory=dict)
    crm: tuple[str, int] | None = None
    vote_until: float | None = None

    @property
    def id(self) -> int:
        """The chat's id."""
        return int(self.address)

    @property
    def session(self) -> Session:
        """The current session, or the last one."""
        return self.sessions[-1]

    @property
    def is_over(self) -> bool:
        """True while no session is open."""
        return not self.sessions or self.session.closed_at is not None

    @property
    def code(self) -> str:
        """What the portal calls ``USER_CODE``."""
        return f"{self.connector}|{self.line}|{self.ext_chat}|{self.user_id}"


@dataclass(slots=True)
class Line:
    """An open line. ``config`` has the vendor's keys; ``queue`` the keys of its agents, ``turn`` whose turn it is."""

    id: int
    config: dict[str, Any]
    queue: list[str] = field(default_factory=list)
    turn: int = 0

    @property
    def name(self) -> str:
        """The line's name."""
        return str(self.config.get("LINE_NAME", ""))

    def on(self, key: str) -> bool:
        """True if a switch of the line stands on ``Y``."""
        return self.config.get(key) == "Y"


@dataclass(slots=True)
class Connector:
    """A custom connector; ``flags`` are its switches."""

    id: str
    name: str
    flags: dict[str, bool]
    active: set[int] = field(default_factory=set)
    data: dict[int, dict[str, str]] = field(default_factory=dict)


@dataclass(slots=True)
class Bot:
    """A chat bot, ``version`` 1 (``imbot``) or 2 (``imbot.v2``). ``urls`` are its handlers by event, ``""`` the one for all;
    ``queue`` what waits to be fetched."""

    id: int
    code: str
    version: int
    kind: str
    is_openline: bool
    mode: str = "webhook"
    token: str = field(default="", repr=False)
    urls: dict[str, Hook] = field(default_factory=dict, repr=False)
    properties: dict[str, Any] = field(default_factory=dict)
    queue: list[dict[str, Any]] = field(default_factory=list, repr=False)

    @property
    def name(self) -> str:
        """The name that people see."""
        return " ".join(str(self.properties.get(key, "")) for key in ("NAME", "LAST_NAME")).strip() or self.code


@dataclass(slots=True)
class Binding:
    """A handler of an event; an offline one has no address. ``user`` is its ``auth_type``."""

    id: int
    event: str
    url: str = field(repr=False)
    user: str = "0"
    offline: bool = False
    connector: str = ""
    hook: Hook | None = field(default=None, repr=False)


@dataclass(slots=True)
class Record:
    """A change in the offline queue."""

    id: int
    at: float
    event: str
    key: str
    data: Any
    connector: str = ""
    process_id: str = ""
    error: bool = False


@dataclass(kw_only=True)
class Bitrix24State(DeskState[Dialog]):
    """One portal. ``counts`` are the last ids given; ``tokens`` the access tokens with their end and their user."""

    lines: dict[int, Line] = field(default_factory=dict)
    connectors: dict[str, Connector] = field(default_factory=dict)
    bots: dict[int, Bot] = field(default_factory=dict)
    bindings: list[Binding] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)
    crm: dict[str, dict[int, dict[str, Any]]] = field(default_factory=dict)
    comments: dict[int, dict[str, Any]] = field(default_factory=dict)
    files: dict[int, File] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    tokens: dict[str, tuple[float | None, str]] = field(default_factory=dict, repr=False)
    refreshers: dict[str, str] = field(default_factory=dict, repr=False)
    last_tokens: dict[str, str] = field(default_factory=dict, repr=False)
    counts: dict[str, int] = field(default_factory=dict)
    bucket: Bucket = field(default_factory=lambda: Bucket(per_s=2.0, burst=50.0))

    def next(self, what: str) -> int:
        """The next id of a kind; they only grow. Where several workers hold the portal, what one of them makes is counted far
        from what all of them have."""
        series = self.chance.series(what)
        last = self.counts.setdefault(series, self.counts[what] + OWN_FROM)
        self.counts[series] = self.chance.following(last, COUNTERS[what])
        return self.counts[series]

    def on(self, setting: str) -> bool:
        """True if a setting says yes."""
        return self.settings[setting].strip().lower() in ("yes", "y", "1", "true", "on")

    @property
    def line(self) -> Line:
        """The line of the settings."""
        return self.lines[int(self.settings["line"])]

    def dialogs(self) -> Iterator[Dialog]:
        """All dialogs."""
        return iter(self.tickets.values())

    def dialog(self, chat_id: int) -> Dialog | None:
        """The dialog with this chat id."""
        return self.tickets.get(str(chat_id))
