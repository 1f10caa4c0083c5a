"""What the fake of Viber remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from chatdrill.model import Button, File
from chatdrill.wire import ChannelState, Chat, Window
from chatdrill_fakes.platforms.viber import ids, limits

Json = dict[str, Any]

FILTERABLE = ("conversation_started", "client_status", "action", "delivered", "failed", "seen")
MANDATORY = ("subscribed", "unsubscribed", "webhook", "message")
EVENT_TYPES = (*MANDATORY[:3], *FILTERABLE[:5], "message", "seen")
"""All names, in the order in which live accounts list them."""


@lru_cache(maxsize=64)
def _is_yes(word: str) -> bool:
    return word.strip().lower() in ("yes", "true", "1", "on")


@dataclass(frozen=True, slots=True)
class Shared:
    """A customer's file behind a link that works until ``expires_at`` (drill time of the chat ``to``)."""

    file: File
    to: str
    expires_at: float


@dataclass(slots=True)
class Pressable:
    """A button of the bot's message as the model and as Viber have it; ``is_key``: of a keyboard, which another one takes away."""

    button: Button
    raw: Json
    is_key: bool = False


@dataclass(slots=True, kw_only=True)
class ViberChat(Chat):
    """A customer's chat.

    ``subscribed`` customers can be written to; a first message subscribes. ``keyboard`` is the id of the message whose keyboard
    is on the screen, ``input_field`` how that leaves the place to type, ``pressables`` has the buttons of every message. ``tracking`` goes back with what the customer says next.
    ``unanswered`` counts the messages of the clock hour ``hour``. ``greeted`` are the tokens of openings that were welcomed.
    """

    subscribed: bool = False
    tracking: str | None = None
    keyboard: str | None = None
    input_field: str = "regular"
    pressables: dict[str, list[Pressable]] = field(default_factory=dict)
    unseen: list[str] = field(default_factory=list)
    failed: dict[str, str] = field(default_factory=dict)
    greeted: set[str] = field(default_factory=set)
    fails_next: list[int] = field(default_factory=list)
    hour: int = -1
    unanswered: int = 0
    details: Window = field(default_factory=lambda: Window(limits.DETAILS_MAX, limits.DETAILS_PERIOD_S))

    def hear(self, at: float) -> None:
        """The customer said something: that subscribes them, and the bot may write on."""
        self.opened = self.subscribed = True
        self.blocked = False
        self.last_customer_at = at
        self.unanswered = 0


@dataclass(kw_only=True)
class ViberState(ChannelState[ViberChat]):
    """One bot.

    ``wanted`` are the filterable events that the bot asked for. ``owners`` leads from a message to the chats it stands in (a broadcast
    has many), ``shared`` from a link to a file, ``links`` from the address of a bot's file to what was read there and when.
    ``standing`` is a status that every send meets: blocked, suspended, out of money.
    """

    wanted: frozenset[str] = frozenset(FILTERABLE)
    send_name: bool = False
    send_photo: bool = False
    shared: dict[str, Shared] = field(default_factory=dict)
    links: dict[str, tuple[File, float]] = field(default_factory=dict)
    standing: int = 0
    broadcasts: Window = field(default_factory=lambda: Window(limits.BROADCASTS_MAX, limits.BROADCASTS_PERIOD_S))

    def __post_init__(self) -> None:
        self.token = self.settings["token"]
        self.send_name, self.send_photo = self.on("send_name"), self.on("send_photo")
        self.limited = self.on("rate_limits")
        self.receipts = self.on("receipts")
        self.devices = int(self.settings["devices"])
        self.level = int(self.settings["api_version"])

    def on(self, setting: str) -> bool:
        """True if a yes-or-no setting says yes."""
        return _is_yes(self.settings[setting])

    def new_token(self) -> str:
        """The token of a new message or event."""
        return ids.message_token(self.chance)
