"""What the fake of the Bot Connector remembers."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import File
from chatdrill.wire import ChannelState, Chat, HttpFailure, HttpResponse, Update
from chatdrill_fakes.platforms.webchat import limits

Json = dict[str, Any]
SILENT_CHANNELS = frozenset({"webchat", "directline"})
"""Channels where a bot can neither change what it said nor begin a conversation."""


@dataclass(slots=True)
class Stored:
    """A file that has an id; ``token`` stands in its link."""

    id: str
    file: File
    token: str = field(default="", repr=False)
    thumbnail: File | None = None


@dataclass(slots=True)
class Spoken(Update):
    """What a client of Direct Line says; ``answer`` is the bot's, as soon as there is one."""

    answer: HttpResponse | HttpFailure | None = None


@dataclass(slots=True, kw_only=True)
class WebChat(Chat):
    """A conversation of one customer with the bot. ``user`` is the customer's account, ``number`` that of the last activity.

    ``introduced``: the bot was told who is here. ``actions`` leads from what is on a button to what it does, by message. ``reactions``
    are the customer's, by message. ``fails_next`` are errors that the next calls meet. ``log`` has every activity, numbered from 1;
    ``sockets`` are the streams that are open, with what each has seen.
    """

    user: Json
    number: int = 0
    introduced: bool = False
    actions: dict[tuple[str, str, str | None], Json] = field(default_factory=dict)
    reactions: dict[str, str] = field(default_factory=dict)
    fails_next: list[tuple[int, str]] = field(default_factory=list)
    log: deque[tuple[int, Json]] = field(default_factory=lambda: deque(maxlen=limits.ACTIVITIES_KEPT))
    logged: int = 0
    sockets: dict[str, int] = field(default_factory=dict)
    locale: str = ""

    def __post_init__(self) -> None:
        self.locale = self.customer.locale.replace("_", "-")  # as browsers write it

    def new_id(self) -> str:
        """The id of the next activity."""
        self.number += 1
        return f"{self.address}|{self.number:07d}"

    def note(self, activity: Json) -> None:
        """Keep an activity for those who read the conversation."""
        self.logged += 1
        self.log.append((self.logged, activity))


@dataclass(kw_only=True)
class WebChatState(ChannelState[WebChat]):
    """One bot in one channel. ``revoked_at``: what was given as a token until then is not good any more. ``files`` are those of both
    sides, by id; ``people`` leads from a customer's account to the conversation."""

    files: dict[str, Stored] = field(default_factory=dict)
    people: dict[str, str] = field(default_factory=dict)
    revoked_at: float = float("-inf")
    shown: tuple[tuple[float, str], str] = field(default=((-1.0, ""), ""), repr=False)

    def __post_init__(self) -> None:
        settings = self.settings
        self.app_id, self.channel = settings["app_id"], settings["channel_id"]
        self.bot: Json = {"id": settings["bot_id"], "name": settings["bot_name"], "role": "bot"}
        self.is_silent = self.channel in SILENT_CHANNELS
        self.region = settings["region"].strip("/")
        self.mode = settings["delivery_mode"]
        self.token = settings["token"].encode()
        self._service: tuple[str, str] = ("", "/")

    @property
    def service_url(self) -> str:
        """Where the bot has to answer."""
        known, url = self._service
        if known != self.known_url:
            root = self.known_url.rstrip("/")
            url = f"{root}/{self.region}/" if self.region else f"{root}/"
            self._service = (self.known_url, url)
        return url

    def keep(self, file: File, thumbnail: File | None = None) -> Stored:
        """Give a file an id and a token for its link."""
        stored = Stored(self.chance.hex(32), file, self.chance.hex(32), thumbnail)
        self.files[stored.id] = stored
        return stored

    def link(self, stored: Stored) -> str:
        """Where a file can be fetched by whoever has the link."""
        return f"{self.known_url.rstrip('/')}/v3/attachments/{stored.id}/views/original?t={stored.token}"
