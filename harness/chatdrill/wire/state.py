"""What a platform remembers: an explicit value that the wire's functions take and change.

A platform's own state extends these classes by its own fields.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Generic, Protocol, TypeVar

from chatdrill.model import Blobs, Customer, Effect, Message
from chatdrill.seeds import Stream
from chatdrill.wire.retries import Retry


@dataclass(slots=True, eq=False)
class Hook:
    """A subscription to webhooks, where an account may have several: its address, what it wants (nothing: everything), and
    how it is served, where that differs from the account's ``Delivery``."""

    id: str
    url: str = field(repr=False)  # many have a token in it
    secret: str = field(default="", repr=False)
    wants: frozenset[str] = frozenset()
    kind: str = ""
    retry: Retry | None = None
    ack_timeout_s: float | None = None


@dataclass(slots=True)
class Update:
    """One thing the platform tells the bot. ``body`` holds its exact bytes (of the element, where updates are batched).

    ``id`` is what a bot recognises a redelivery by. Updates of one ``lane`` keep their order. ``to`` is the address of
    the customer it is about. ``made_at`` and ``expires_at`` are drill time of the conversation. ``hook``: it goes there
    and not to the account's webhook.
    """

    id: str
    kind: str
    to: str | None
    lane: str
    body: bytes
    made_at: float
    expires_at: float | None = None
    hook: Hook | None = None


class OutboxWatcher(Protocol):
    """Whoever keeps count of single updates, so that nobody has to search an outbox."""

    def arrived(self, update: Update) -> None:
        """``update`` was put."""

    def removed(self, update: Update) -> None:
        """``update`` was delivered, dropped or confirmed."""


class Outbox:
    """The updates that the bot has not confirmed yet, in the order they were made.

    ``listeners`` are told, without arguments, whenever the outbox or the channel's webhook changes; ``watchers`` are told
    of every update that comes or goes.
    """

    def __init__(self) -> None:
        self._updates: dict[int, Update] = {}  # by identity: two updates may share an id on purpose
        self.listeners: list[Callable[[], None]] = []
        self.watchers: list[OutboxWatcher] = []

    def put(self, update: Update) -> None:
        """Append an update and wake whoever delivers."""
        self._updates[id(update)] = update
        for watcher in self.watchers:
            watcher.arrived(update)
        self.changed()

    def remove(self, update: Update) -> bool:
        """Forget an update (delivered, dropped or confirmed); false if it was gone already."""
        if self._updates.pop(id(update), None) is None:
            return False
        for watcher in self.watchers:
            watcher.removed(update)
        return True

    def clear(self) -> int:
        """Forget everything; returns how many updates that were."""
        return sum(self.remove(update) for update in self)

    def changed(self) -> None:
        """Tell the listeners."""
        for listener in tuple(self.listeners):  # who listens may go while it is told
            listener()

    def __contains__(self, update: Update) -> bool:
        return id(update) in self._updates

    def __iter__(self) -> Iterator[Update]:
        return iter(tuple(self._updates.values()))

    def __len__(self) -> int:
        return len(self._updates)


@dataclass(slots=True, kw_only=True)
class Thread:
    """Something with a time of its own: ``ahead_s`` is how far its drill time runs ahead of the clock."""

    address: str
    ahead_s: float = 0.0

    def at(self, now: float) -> float:
        """The drill time here when the clock shows ``now``."""
        return now + self.ahead_s


@dataclass(slots=True, kw_only=True)
class Chat(Thread):
    """One customer's chat with the bot, as the vendor's servers know it.

    ``messages`` holds every message by platform id. ``opened`` is false until the customer has written or started.
    ``last_customer_at`` (drill time of the chat) opens the vendor's messaging window.
    """

    customer: Customer
    opened: bool = False
    blocked: bool = False
    last_customer_at: float | None = None
    messages: dict[str, Message] = field(default_factory=dict)


C = TypeVar("C", bound=Thread)


@dataclass(kw_only=True)
class ChannelState(Generic[C]):
    """One account of the bot on one platform, and the chats it has with customers (at a desk: the tickets), by address.

    ``webhook_url`` is where updates go, if anywhere. ``base_url`` is how the bot reaches this platform: links to media
    in webhooks start with it (whoever listens sets it); where several workers hold the account and the bot was told the address of
    another one, ``told_url`` is that. ``connections_max``, where the bot has asked for fewer than the
    platform would open. ``asked_at`` is the drill time of a handshake (whoever asks sets it). ``comes_by_itself``: the account is
    set so that the bot connects to the vendor for its updates, whoever else names an address. What an act does on the customer's screen
    without a call of the bot lies in ``effects`` until somebody takes it.
    """

    settings: Mapping[str, str] = field(repr=False)  # they hold tokens and secrets
    chance: Stream
    chats: dict[str, C] = field(default_factory=dict)
    blobs: Blobs = field(default_factory=Blobs)
    outbox: Outbox = field(default_factory=Outbox)
    webhook_url: str | None = field(default=None, repr=False)  # as many bots have their token in it
    connections_max: int | None = None
    base_url: str = ""
    told_url: str = ""
    asked_at: float = 0.0
    comes_by_itself: bool = False
    effects: list[Effect] = field(default_factory=list)

    @property
    def known_url(self) -> str:
        """The address of the account as the bot was told it."""
        return self.told_url or self.base_url

    def whose(self, text: str) -> str | None:  # noqa: ARG002
        """The address of the chat that ``text`` in a call stands for, where the vendor hands out words for it (a reply token)."""
        return None
