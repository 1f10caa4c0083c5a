"""What the fake of Slack remembers."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, Literal

from chatdrill.model import Button, File
from chatdrill.wire import Bucket, ChannelState, Chat, Window
from chatdrill_fakes.platforms.slack import ids, limits

Json = dict[str, Any]
Kind = Literal["im", "channel", "group", "mpim"]
STEP_MICROS = 100
"""Between two messages of one moment: the last two digits are a worker's mark."""


@lru_cache(maxsize=64)
def _is_yes(word: str) -> bool:
    return word.strip().lower() in ("yes", "true", "1", "on")


@dataclass(frozen=True, slots=True)
class Pressable:
    """Something to press in the bot's message or view, as the model and as Slack have it; ``option`` of a select."""

    button: Button
    element: Json
    block_id: str
    option: Json | None = None


@dataclass(slots=True)
class View:
    """A modal, as ``raw`` shows it to bots; ``trigger`` is what it was opened by. ``pressables`` of the buttons in it."""

    id: str
    to: str
    raw: Json
    pressables: list[Pressable] = field(default_factory=list)


@dataclass(slots=True)
class Room:
    """A conversation. ``messages`` by ``ts`` as bots read them; ``user`` is the customer of a direct message, ``sent`` bounds what
    the bot posts here. ``is_in``: the bot is a member."""

    id: str
    kind: Kind
    name: str
    created: int
    user: str = ""
    members: dict[str, None] = field(default_factory=dict)
    messages: dict[str, Json] = field(default_factory=dict)
    is_archived: bool = False
    is_in: bool = True
    sent: Bucket = field(default_factory=lambda: Bucket(1.0, limits.BURST_MAX))


@dataclass(slots=True)
class Stored:
    """A file: its description, who it is from, and where it was shared (``channel``, ``ts``)."""

    file: File
    raw: Json
    to: str | None
    shares: list[tuple[str, str]] = field(default_factory=list)
    is_deleted: bool = False


@dataclass(slots=True)
class Upload:
    """Between the two steps of an upload."""

    file_id: str
    name: str
    length: int
    content: bytes | None = None


@dataclass(slots=True)
class Reply:
    """A ``response_url``: whose, about which message (``None``: a command), until when and how often it has been used."""

    to: str
    channel: str
    ts: str | None
    expires_at: float
    used: int = 0


@dataclass(slots=True)
class Trigger:
    """A ``trigger_id``."""

    to: str
    expires_at: float
    view: str = ""
    is_used: bool = False


@dataclass(slots=True, kw_only=True)
class SlackChat(Chat):
    """A customer, by their user id, and their direct message with the bot.

    ``pressables`` has the buttons of every message of the bot, ``ephemeral`` those messages that only this customer sees. ``modals``
    are the ids of the views that are open, the last one on top. ``fails_next`` are errors that the next calls about them meet.
    """

    dm: str
    pressables: dict[str, list[Pressable]] = field(default_factory=dict)
    ephemeral: dict[str, Json] = field(default_factory=dict)
    modals: list[str] = field(default_factory=list)
    home: Json | None = None
    is_disabled: bool = False
    fails_next: list[str] = field(default_factory=list)


@dataclass(kw_only=True)
class SlackState(ChannelState[SlackChat]):
    """One app in one workspace.

    ``sockets`` are the open WebSockets, ``tickets`` the addresses that were given out for more and until when. ``trouble`` is what
    is wrong with the token. ``streams`` are the messages that are still written on, with what stands in them, ``calls`` the rates by
    method, ``codes`` those of an installation and until when they hold.
    """

    rooms: dict[str, Room] = field(default_factory=dict)
    files: dict[str, Stored] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    replies: dict[str, Reply] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    streams: dict[tuple[str, str], str] = field(default_factory=dict)
    codes: dict[str, float] = field(default_factory=dict)
    sockets: list[str] = field(default_factory=list)
    tickets: dict[str, float] = field(default_factory=dict)
    calls: dict[str, Window] = field(default_factory=dict)
    trouble: str = ""

    def __post_init__(self) -> None:
        get = self.settings.__getitem__
        self.token, self.team, self.app = get("token"), get("team"), get("app_id")
        self.bot, self.bot_user = get("bot_id"), get("bot_user")
        self.legacy_token = get("verification_token")
        self.limited = self.on("rate_limits")
        self.echoes = self.on("echo")
        self.scopes = frozenset(word.strip() for word in get("scopes").split(",") if word.strip())
        self.events = frozenset(word.strip() for word in get("events").split(",") if word.strip())
        self.comes_by_itself = self.on("socket_mode")
        self.codes[get("code")] = math.inf
        self.bot_profile: Json = {
            "id": self.bot,
            "app_id": self.app,
            "name": get("name"),
            "icons": {},
            "deleted": False,
            "updated": 1_789_990_000,
            "team_id": self.team,
        }
        self.wrapping: tuple[bytes, bytes] | None = None
        self._moments: dict[int, int] = {}

    def on(self, setting: str) -> bool:
        """True if a yes-or-no setting says yes."""
        return _is_yes(self.settings[setting])

    def stamp(self, at: float) -> str:
        """The ``ts`` of something new: the time, moved on until nothing else has it."""
        second = int(at)
        micros = int((at - second) * 1e4) * STEP_MICROS
        last = self._moments.get(second)
        if last is not None and micros <= last:
            micros = last + STEP_MICROS
        if micros >= 1_000_000:
            return self.stamp(second + 1.0)
        self._moments[second] = micros
        return self.chance.marked(f"{second}.{micros:06d}")

    def dm_of(self, to: str) -> Room:
        """The direct message of a customer."""
        return self.rooms[self.chats[to].dm]

    def new_id(self, prefix: str) -> str:
        """A fresh id."""
        return ids.drawn(self.chance, prefix)

    def named(self, name: str) -> Iterator[Room]:
        """The rooms of a name."""
        return (room for room in self.rooms.values() if room.name == name and room.kind != "im")
