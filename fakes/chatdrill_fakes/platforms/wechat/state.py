"""What the fake of WeChat remembers."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from chatdrill.model import Button, File
from chatdrill.wire import ChannelState, Chat, Window
from chatdrill_fakes.platforms.wechat import ids, limits

Json = dict[str, Any]

MODES = ("plain", "compatible", "safe")
_BEIJING = timezone(timedelta(hours=8))
_PERIODS = {"day": "%Y-%m-%d", "month": "%Y-%m"}


@lru_cache(maxsize=64)
def is_yes(word: str) -> bool:
    """True for a setting that says yes."""
    return word.strip().lower() in ("yes", "true", "1", "on")


@dataclass(slots=True)
class Stored:
    """A temporary file; ``until`` is drill time of the chat it came from, or of the clock. ``kind`` is WeChat's word."""

    kind: str
    file: File
    until: float
    to: str = ""


@dataclass(slots=True)
class Token:
    """A token of the account: valid before ``until`` (the clock's drill time), then refused with ``code``."""

    until: float
    code: int = 42001


@dataclass(slots=True)
class Agent:
    """An account of WeChat's own customer service."""

    account: str
    nick: str
    number: str
    wx: str = ""
    is_online: bool = True


@dataclass(slots=True)
class Session:
    """A customer with an agent. ``agent`` is empty while they wait. Times are drill time of the chat."""

    agent: str
    since: float
    active_at: float


@dataclass(slots=True, kw_only=True)
class WeChatChat(Chat):
    """A customer's chat.

    ``remaining`` messages may be sent until ``window_ends``. ``pressables`` has the choices of every message, ``tapped`` the messages of
    which one was taken. ``answered`` are the pushes that had a passive reply. ``spoken_at`` is when either side said something last, ``told_at`` the second of the last event. ``fails_next`` are codes that the next sends meet.
    """

    subscribed: bool = True
    subscribed_at: float = 0.0
    scene: str = ""
    remark: str = ""
    tags: list[int] = field(default_factory=list)
    remaining: int = 0
    window_ends: float = float("-inf")
    typing_until: float = float("-inf")
    spoken_at: float = float("-inf")
    told_at: float = float("-inf")
    pressables: dict[str, tuple[Button, ...]] = field(default_factory=dict)
    tapped: set[str] = field(default_factory=set)
    answered: set[str] = field(default_factory=set)
    fails_next: list[int] = field(default_factory=list)
    session: Session | None = None

    def grant(self, count: int, life_s: float, at: float) -> None:
        """The customer did something after which the bot may send so many messages for so long. Quotas do not add up."""
        left = self.remaining if at <= self.window_ends else 0
        self.remaining, self.window_ends = max(left, count), max(self.window_ends, at + life_s)


@dataclass(kw_only=True)
class WeChatState(ChannelState[WeChatChat]):
    """One account.

    ``tokens`` has every token ever given out. ``media`` are files by id, ``agents`` those of the customer service by account. ``used``
    counts calls by name and day. ``standing`` is a code that every call meets. ``records`` is what agents and customers said.
    """

    tokens: dict[str, Token] = field(default_factory=dict, repr=False)
    plain_token: str = field(default="", repr=False)
    stable_token: str = field(default="", repr=False)
    refreshed_at: float = float("-inf")
    media: dict[str, Stored] = field(default_factory=dict)
    menu: Json | None = None
    agents: dict[str, Agent] = field(default_factory=dict)
    tags: dict[int, str] = field(default_factory=dict)
    tickets: dict[str, float] = field(default_factory=dict)
    scanned: dict[str, str] = field(default_factory=dict)
    used: Counter[str] = field(default_factory=Counter)
    minute: Window = field(default_factory=lambda: Window(limits.STABLE_PER_MINUTE, limits.MINUTE_S))
    records: list[Json] = field(default_factory=list)
    standing: int = 0
    echo: str = ""
    errors: int = 0
    jobs: int = 200_000_000

    def __post_init__(self) -> None:
        settings = self.settings
        self.mode, self.account, self.app_id = settings["mode"], settings["account"], settings["appid"]
        self.word, self.key = settings["token"], settings["encoding_aes_key"]
        self.is_json = settings["format"] == "json"
        self.limited = self.on("rate_limits")
        self.quota, self.window_s = int(settings["reply_quota"]), int(settings["reply_hours"]) * limits.HOUR_S
        self.is_test = settings["account_type"] == "test"
        self.templates = tuple(filter(None, settings["templates"].split(",")))
        if settings["access_token"]:
            self.tokens[settings["access_token"]] = Token(float("inf"))
        for number, account in enumerate(filter(None, settings["kf_accounts"].split(",")), 1001):
            self.agents[account] = Agent(
                account, account.partition("@")[0].title(), str(number), account.partition("@")[0]
            )

    def on(self, setting: str) -> bool:
        """True if a yes-or-no setting says yes."""
        return is_yes(self.settings[setting])

    def new_message_id(self) -> str:
        """The id of a new message."""
        return ids.message_id(self.chance)

    def take(self, name: str, now: float, most: int, *, period: str = "day") -> bool:
        """Count a call; false where a day's (or month's) quota is used up."""
        if not self.limited:
            return True
        key = f"{name}:{datetime.fromtimestamp(now, _BEIJING):{_PERIODS[period]}}"
        if self.used[key] >= most:
            return False
        self.used[key] += 1
        return True
