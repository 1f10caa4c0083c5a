"""What the fake of WhatsApp remembers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, takewhile
from typing import Any

import msgspec

from chatdrill.model import File, Media
from chatdrill.wire import Bucket, ChannelState, Chat
from chatdrill_fakes.platforms.whatsapp import ids

DAY_S = 86_400.0
WINDOW_S = DAY_S
"""Customer service window: Meta, "Send messages: customer service windows" (2025)."""
FREE_ENTRY_POINT_S = 3 * DAY_S
"""Free entry point window: Meta, "Pricing" (2025)."""

UPLOAD_KEPT_S, INBOUND_KEPT_S = 30 * DAY_S, 7 * DAY_S
PAIR_INTERVAL_S, PAIR_BURST = 6, 45
MANAGEMENT_CALLS_PER_H, TEMPLATE_CREATIONS_PER_H = 5000, 100


def _hourly(calls: int) -> Bucket:
    return Bucket(per_s=calls / 3600, burst=calls)


@lru_cache(maxsize=64)
def _is_yes(word: str) -> bool:
    return word.strip().lower() in ("yes", "true", "1", "on")


class Outgoing(msgspec.Struct, gc=False):
    """A message of the bot on its way.

    ``statuses`` are those the bot was told of already; ``failure`` is the code and the details of why it will fail.
    """

    id: str
    to: str
    at: float
    by_user_id: bool = False
    data: str | None = None
    category: str = "service"
    in_window: bool = True
    free_entry_until: float | None = None
    failure: tuple[int, str] | None = None
    conversation: str = ""
    statuses: frozenset[str] = frozenset()


@dataclass(slots=True)
class Stored:
    """A media file that has an id. ``address`` is the chat it came through, if a customer sent it."""

    id: str
    file: File
    voice: bool = False
    address: str | None = None
    uploaded_at: float = 0.0
    keep_s: float = UPLOAD_KEPT_S


@dataclass(slots=True, kw_only=True)
class WhatsAppChat(Chat):
    """A customer's chat. ``wa_id`` follows a change of number, the address (the first ``wa_id``) does not.

    ``ad_at`` is when the customer came from an advertisement; ``free_entry_until`` ends the window that an answer opens.
    ``identity_hash`` is set once the customer's identity has changed. ``fails_next`` are error codes that the next sends meet, on purpose. ``muted`` customers were blocked by the bot.
    """

    wa_id: str
    user_id: str
    ad_at: float | None = None
    free_entry_until: float | None = None
    marketing_stopped: bool = False
    muted: bool = False
    identity_hash: str | None = None
    fails_next: list[int] = field(default_factory=list)
    pair_rate: Bucket = field(default_factory=lambda: Bucket(per_s=1 / PAIR_INTERVAL_S, burst=PAIR_BURST))

    def window_open(self, at: float) -> bool:
        """True if the customer wrote in the last 24 hours, at drill time ``at``."""
        return self.last_customer_at is not None and at - self.last_customer_at <= WINDOW_S

    def free_entry_open(self, at: float) -> bool:
        """True inside the 72 hours after the bot answered a customer who came from an advertisement."""
        return self.free_entry_until is not None and at <= self.free_entry_until


@dataclass(slots=True)
class TemplateEntry:
    """A message template and how Meta judged it. A ``sample`` gives way to a template of its name from the bot."""

    id: str
    name: str
    language: str
    category: str
    components: list[dict[str, Any]]
    status: str = "APPROVED"
    parameter_format: str = "POSITIONAL"
    reason: str = "NONE"
    sample: bool = False

    def component(self, kind: str) -> dict[str, Any] | None:
        """The component of a type, in whatever letter case it was written."""
        return next((each for each in self.components if str(each.get("type", "")).upper() == kind), None)


@dataclass(slots=True)
class Account:
    """The business's side: callbacks, registration, profile and everything that calls can set and read back.

    ``fields`` are the webhook fields the app subscribed to (``None``: all). ``documents`` hold what the bot stored
    under an edge of the phone number.
    """

    fields: frozenset[str] | None = None
    subscribed: bool = True
    waba_override: str | None = None
    phone_override: str | None = None
    registered: bool = True
    registrations: list[float] = field(default_factory=list)
    pin: str | None = field(default=None, repr=False)
    profile: dict[str, Any] = field(default_factory=dict)
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    codes: dict[str, dict[str, Any]] = field(default_factory=dict)
    template_creations: Bucket = field(default_factory=lambda: _hourly(TEMPLATE_CREATIONS_PER_H))
    management: Bucket = field(default_factory=lambda: _hourly(MANAGEMENT_CALLS_PER_H))


@dataclass(kw_only=True)
class WhatsAppState(ChannelState[WhatsAppChat]):
    """One phone number of one WhatsApp Business Account.

    ``numbers`` and ``user_ids`` lead from what a bot may write to a chat's address, ``owners`` from a message id.
    ``allowed`` are the only numbers that a test number may write to (empty: it is no test number).
    ``links`` are files that were fetched from the bot's links, with the drill time, kept for ten minutes.
    """

    quirks: frozenset[str] = frozenset()
    allowed: frozenset[str] = frozenset()
    account: Account = field(default_factory=Account)
    numbers: dict[str, str] = field(default_factory=dict)
    user_ids: dict[str, str] = field(default_factory=dict)
    owners: dict[str, str] = field(default_factory=dict)
    outgoing: dict[str, Outgoing] = field(default_factory=dict)
    media: dict[str, Stored] = field(default_factory=dict)
    links: dict[str, tuple[File, float]] = field(default_factory=dict)
    templates: dict[str, TemplateEntry] = field(default_factory=dict)
    throughput: Bucket = field(default_factory=lambda: Bucket(per_s=80, burst=80))

    def on(self, setting: str) -> bool:
        """True if a yes-or-no setting says yes."""
        return _is_yes(self.settings[setting])

    def chat_of(self, recipient: str) -> WhatsAppChat | None:
        """The chat behind a number (digits) or a user id."""
        address = self.numbers.get(recipient) or self.user_ids.get(recipient)
        return self.chats.get(address) if address is not None else None

    def chat_by_number(self, digits: str, *, whole: bool) -> WhatsAppChat | None:
        """The chat behind a number in another spelling; one that is not ``whole`` lacks its country code, perhaps.

        Meta puts the business number's own country code in front of a number without ``+``; in practice complete numbers
        without it arrive as well.
        """
        own = self.settings["display_phone_number"]
        others = *ids.spellings(digits), *(() if whole else (own[:length] + digits for length in (1, 2, 3)))
        return next((chat for other in others if (chat := self.chat_of(other))), None)

    def unread(self, chat: WhatsAppChat, up_to: str) -> Iterator[Outgoing]:
        """The bot's messages that the customer has seen now and not before, oldest first, up to one message."""
        seen: list[Outgoing] = []
        younger = takewhile(lambda message_id: message_id != up_to, reversed(chat.messages))
        older = islice(reversed(chat.messages), sum(1 for _ in younger), None)
        for message_id in older:
            sent = self.outgoing.get(message_id)
            if sent is not None and "read" in sent.statuses:
                break  # whoever has read it has read what stands above it
            if sent is not None and "failed" not in sent.statuses:
                seen.append(sent)
        return reversed(seen)

    def keep(self, media: Media, chat: WhatsAppChat, at: float) -> Stored:
        """Give a customer's file an id, as WhatsApp's servers do; it can be fetched for seven days."""
        stored = Stored(self.chance.digits(16), media.file, media.kind == "voice", chat.address, at, INBOUND_KEPT_S)
        self.media[stored.id] = stored
        return stored

    def media_time(self, stored: Stored, now: float) -> float:
        """The drill time that counts for a file: that of the chat it came through."""
        chat = self.chats.get(stored.address or "")
        return chat.at(now) if chat else now

    def free_number(self, digits: str) -> str:
        """``digits``, or the nearest number above it that no customer of this account has.

        Where several workers hold the account, the last two digits are the worker's.
        """
        digits = self.chance.marked(digits)
        while self.numbers.get(digits) in self.chats:
            digits = str(self.chance.following(int(digits))).zfill(len(digits))
        return digits

    def rename(self, chat: WhatsAppChat, user_id: str) -> None:
        """Give a chat another user id; the old one leads nowhere from now on."""
        self.user_ids.pop(chat.user_id, None)
        self.user_ids[user_id] = chat.address
        chat.user_id = user_id

    def move(self, chat: WhatsAppChat, wa_id: str) -> None:
        """Give a chat another number; the old one leads nowhere from now on."""
        self.numbers.pop(chat.wa_id, None)
        self.numbers[wa_id] = chat.address
        chat.wa_id = wa_id
