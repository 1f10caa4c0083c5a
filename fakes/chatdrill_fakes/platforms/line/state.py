"""What the fake of LINE remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import msgspec

from chatdrill.model import Button, File
from chatdrill.wire import Bucket, ChannelState, Chat
from chatdrill_fakes.platforms.line import ids, limits

Json = dict[str, Any]


@lru_cache(maxsize=64)
def is_yes(word: str) -> bool:
    """True if a yes-or-no setting says yes."""
    return word.strip().lower() in ("yes", "true", "1", "on")


class ReplyToken(msgspec.Struct):
    """What an event lets the bot do once. Drill times of the chat: of the event, and of the last time that it was told. ``group`` is
    where the event was, if not with ``to`` alone."""

    to: str
    made_at: float
    sent_at: float
    group: str = ""
    is_used: bool = False
    is_again: bool = False


@dataclass(frozen=True, slots=True)
class Content:
    """A customer's file by the id of its message; there at ``ready_at`` (drill time of the chat ``to``)."""

    kind: str
    file: File
    to: str
    ready_at: float


@dataclass(slots=True)
class Pressable:
    """A button of the bot's message as the model and as LINE have it; ``is_quick``: it vanishes with the next message."""

    button: Button
    raw: Json
    is_quick: bool = False


@dataclass(slots=True)
class Group:
    """A group or a room that the bot was taken into by the customer ``to``; the account itself is no member."""

    id: str
    to: str
    name: str
    members: list[str]


@dataclass(slots=True)
class RichMenu:
    """A rich menu, and its picture once that was uploaded."""

    id: str
    raw: Json
    image: bytes = field(default=b"", repr=False)
    mime: str = ""
    pressables: list[Pressable] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Accepted:
    """A request with a retry key: its id, what was sent, and when (drill time of the listener)."""

    request_id: str
    sent: list[Json] | None
    at: float


@dataclass(slots=True, kw_only=True)
class LineChat(Chat):
    """A customer's chat.

    ``friend``: the account was added. ``quick`` is the id of the message whose quick replies are on the screen, ``pressables`` has the
    buttons of every message, ``menu`` the id of the rich menu that is the customer's own. ``fails_next`` meets the next sends.
    """

    friend: bool = True
    followed: bool = False
    quick: str | None = None
    pressables: dict[str, list[Pressable]] = field(default_factory=dict)
    unsent: set[str] = field(default_factory=set)
    group: str = ""
    menu: str = ""
    fails_next: list[tuple[int, str]] = field(default_factory=list)

    def hear(self, at: float) -> None:
        """The customer said something."""
        self.opened, self.blocked, self.last_customer_at, self.quick = True, False, at, None

    def takes(self, at: float) -> str | None:
        """Why a push would be swallowed without a word, or ``None``: it arrives."""
        if self.blocked:
            return "the customer has blocked the account: LINE says 200 and delivers nothing"
        wrote = self.last_customer_at is not None and at - self.last_customer_at <= limits.WROTE_S
        return (
            None
            if self.friend or wrote
            else "no friend, and wrote nothing for a week: LINE says 200 and delivers nothing"
        )


@dataclass(kw_only=True)
class LineState(ChannelState[LineChat]):
    """One channel.

    ``replies`` are the reply tokens, ``told`` leads from an event to its own. ``quotes`` and ``marks`` lead from a token to its chat and
    message, ``contents`` from a message to its file. ``issued`` are access tokens beside the console's, with their end, ``used`` what was
    sent in a month. ``again`` are events that come a second time. ``standby``: another channel has the chat.
    """

    replies: dict[str, ReplyToken] = field(default_factory=dict, repr=False)
    told: dict[str, ReplyToken] = field(default_factory=dict, repr=False)
    again: set[str] = field(default_factory=set)
    quotes: dict[str, tuple[str, str]] = field(default_factory=dict)
    marks: dict[str, tuple[str, str]] = field(default_factory=dict)
    contents: dict[str, Content] = field(default_factory=dict)
    links: dict[str, tuple[File, float]] = field(default_factory=dict)
    groups: dict[str, Group] = field(default_factory=dict)
    menus: dict[str, RichMenu] = field(default_factory=dict)
    aliases: dict[str, str] = field(default_factory=dict)
    menu: str = ""
    accepted: dict[str, Accepted] = field(default_factory=dict)
    narrowcasts: dict[str, tuple[int, float]] = field(default_factory=dict)
    issued: dict[str, tuple[str, float]] = field(default_factory=dict, repr=False)
    used: dict[str, int] = field(default_factory=dict)
    counts: dict[tuple[str, str], int] = field(default_factory=dict)
    rates: dict[str, Bucket] = field(default_factory=dict)
    standby: bool = False
    quota_spent: bool = False

    def __post_init__(self) -> None:
        self.token, self.secret, self.bot = (self.settings[name] for name in ("token", "secret", "user_id"))
        self.limited, self.redelivers = self.on("rate_limits"), self.on("redelivery")
        self.strict = self.on("strict")
        self.preparing_s = float(self.settings["preparing_s"])
        self.quota = None if self.settings["quota"] == "none" else int(self.settings["quota"])

    def on(self, setting: str) -> bool:
        """True if a yes-or-no setting says yes."""
        return is_yes(self.settings[setting])

    def whose(self, text: str) -> str | None:
        """Whose a reply token is, a token to mark as read, a message with a file."""
        if text in self.replies:
            return self.replies[text].to
        return self.marks[text][0] if text in self.marks else self.contents[text].to if text in self.contents else None

    def new_id(self) -> str:
        """The id of a new message."""
        return ids.message_id(self.chance)

    def opaque(self) -> str:
        """A token that nobody reads."""
        return ids.opaque(self.chance)
