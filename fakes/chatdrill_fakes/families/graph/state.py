"""What Meta's servers know about one Page or account, its app and its chats."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from chatdrill.model import File, Message
from chatdrill.wire import Bucket, ChannelState, Chat
from chatdrill_fakes.families.meta import GraphError

from . import limits
from .product import Product

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Asset:
    """An attachment the bot uploaded or sent as reusable; ``made_at`` in drill time."""

    id: str
    type: str
    file: File
    made_at: float


@dataclass(frozen=True, slots=True)
class CdnFile:
    """A file behind a signed link. It expires at ``expires_at`` in the drill time of the chat ``to``."""

    sha256: str
    mime: str
    to: str
    signature: str
    expires_at: float


@dataclass(slots=True)
class Comment:
    """A comment on a post of the business; it may be answered in private once."""

    to: str
    at: float
    answered: bool = False


@dataclass(slots=True)
class Grant:
    """A token by which a customer lets the bot write outside the window; ``used_at`` drill time of the chat."""

    to: str
    once: bool
    stopped: bool = False
    used_at: float | None = None


@dataclass(slots=True, kw_only=True)
class GraphChat(Chat):
    """One person's thread with the business.

    ``records`` holds the ``message`` object of every message as Meta shows it. ``owner`` is the app that controls the
    thread until ``owner_until`` (drill time), ``handed_with`` the metadata it was handed over with; ``requests`` is what the
    bot said when it asked another app for the thread. ``sends`` are the times of the bot's sends in the last 24 hours.
    """

    thread_id: str
    records: dict[str, Json] = field(default_factory=dict)
    edits: dict[str, int] = field(default_factory=dict)
    reactions: dict[str, str] = field(default_factory=dict)
    deleted: dict[str, None] = field(default_factory=dict)
    referral: Json | None = None
    failures: list[GraphError] = field(default_factory=list)
    profile_failures: list[GraphError] = field(default_factory=list)
    banned: bool = False
    owner: str | None = None
    owner_until: float = 0.0
    handed_with: str | None = None
    requests: list[str] = field(default_factory=list)
    sends: list[float] = field(default_factory=list)

    def give(self, app_id: str | None, at: float, metadata: str | None = None) -> None:
        """Let another app control the thread (``None``: nobody, it idles) until the customer is silent for long."""
        self.owner, self.owner_until, self.handed_with = app_id, at + limits.THREAD_IDLE_S, metadata

    def keep(self, message: Message, record: Json) -> None:
        """Remember a message and how Meta shows it."""
        self.messages[message.ids[0]] = message
        self.records[message.ids[0]] = record

    def hear(self, at: float) -> None:
        """The customer did something that opens the messaging window."""
        self.opened = True
        self.last_customer_at = at
        if self.owner is not None and self.owner_until > at:
            self.owner_until = max(self.owner_until, at + limits.THREAD_IDLE_S)


def per_period(count: int, period_s: float) -> Bucket:
    """A rate of ``count`` calls in ``period_s`` seconds, all of which may come at once."""
    return Bucket(per_s=count / period_s, burst=count)


def profile_calls() -> Bucket:
    """The rate of the profile, of a Page and of each customer."""
    return per_period(limits.PROFILE_CALLS, limits.PROFILE_PERIOD_S)


@dataclass(slots=True)
class Quotas:
    """The rate limits of the business, on the listener's clock."""

    sends: Bucket = field(default_factory=lambda: Bucket(limits.SENDS_PER_S, limits.SENDS_PER_S))
    heavy: Bucket = field(default_factory=lambda: Bucket(limits.HEAVY_SENDS_PER_S, limits.HEAVY_SENDS_PER_S))
    profile: Bucket = field(default_factory=profile_calls)
    conversations: Bucket = field(
        default_factory=lambda: Bucket(limits.CONVERSATION_CALLS_PER_S, limits.CONVERSATION_CALLS_PER_S)
    )
    private: Bucket = field(default_factory=lambda: per_period(limits.PRIVATE_REPLIES_PER_HOUR, 3600))


C = TypeVar("C", bound=GraphChat)


@dataclass(kw_only=True)
class GraphState(ABC, ChannelState[C]):
    """One Page or account with one app.

    ``page_fields`` are the fields it is subscribed to (``None``: the app is not subscribed to it any more),
    ``app_fields`` those the app asked for by ``POST /{app}/subscriptions`` (``None``: all). ``sent`` counts the
    sends of the last 24 hours, ``engaged`` the people it may divide them by. ``receivers`` are the other apps that a thread may
    be passed to, with their names. A product sets ``product``, ``own_id``, ``page_id`` and ``page_token``. ``own_id`` is the id that webhooks name the business by, ``page_token`` the one
    its calls carry, whether there is a Page or none.
    """

    page_fields: tuple[str, ...] | None
    app_fields: frozenset[str] | None = None
    fields: frozenset[str] = frozenset()
    challenge: str = ""
    failing_since: float | None = None
    restricted: bool = False
    profile: Json = field(default_factory=dict)
    assets: dict[str, Asset] = field(default_factory=dict)
    cdn: dict[str, CdnFile] = field(default_factory=dict)
    comments: dict[str, Comment] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    mids: dict[str, str] = field(default_factory=dict)
    threads: dict[str, str] = field(default_factory=dict)
    quotas: Quotas = field(default_factory=Quotas)
    sent: int = 0
    engaged: set[str] = field(default_factory=set)
    receivers: dict[str, str] = field(default_factory=dict)
    product: Product = field(init=False, repr=False)
    own_id: str = field(init=False, repr=False)
    page_id: str = field(init=False, repr=False)
    page_token: str = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.app_id = self.settings["app_id"]
        self.app_token = f"{self.app_id}|{self.settings['app_secret']}"
        self.default_app = self.settings["default_app"] or None
        self.testers = frozenset(words(self.settings, "testers"))
        self.limited = is_on(self.settings, "rate_limits")
        self.strict = is_on(self.settings, "strict")
        self.resubscribe()

    def resubscribe(self) -> None:
        """Work out which fields reach the bot: those that both the business and the app are subscribed to."""
        page = frozenset(self.page_fields or ())
        self.fields = page if self.app_fields is None else page & self.app_fields

    def new_id(self, count: int = 16) -> str:
        """An id of ``count`` digits that nothing else in this account has."""
        while True:
            fresh = self.chance.digits(count)
            if not any(fresh in known for known in self.taken_ids()):
                return fresh

    def taken_ids(self) -> tuple[Mapping[str, Any], ...]:
        """Where ids of digits are in use."""
        return (self.chats, self.assets)

    def seat(self, chat: C) -> str:
        """Take a new chat in; returns its address."""
        self.chats[chat.address] = chat
        self.threads[chat.thread_id] = chat.address
        return chat.address

    def new_mid(self, chat: C) -> str:
        """The id of a new message in a chat."""
        fresh = self.draw_mid(chat)
        self.mids[fresh] = chat.address
        return fresh

    @abstractmethod
    def draw_mid(self, chat: C) -> str:
        """A fresh id in the product's own shape."""

    def owner_of(self, chat: GraphChat, at: float) -> str | None:
        """The app that controls a thread, the default app where it is idle, ``None`` where every app may answer."""
        if chat.owner is not None:
            if at < chat.owner_until:
                return chat.owner
            chat.owner = None
        return self.default_app


Shared = GraphState[Any]
"""The state as shared code sees it."""


def words(settings: Mapping[str, str], name: str) -> tuple[str, ...]:
    """The words of a comma-separated setting."""
    return tuple(word.strip() for word in settings[name].split(",") if word.strip())


def is_on(settings: Mapping[str, str], name: str) -> bool:
    """True if a yes-or-no setting says yes."""
    return settings[name].strip().lower() in ("yes", "true", "on", "1")


def millis(at: float) -> int:
    """Unix seconds as the milliseconds of webhooks."""
    return round(at * 1000)
