"""What the Telegram servers remember about one bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import msgspec

from chatdrill.model import Customer, File, Part
from chatdrill.seeds import Stream
from chatdrill.wire import Bucket, ChannelState, Chat
from chatdrill_fakes.platforms.telegram.encoding import clean, fragment
from chatdrill_fakes.platforms.telegram.limits import BOT_BURST, BOT_RATE_PER_S
from chatdrill_fakes.platforms.telegram.settings import is_on

ChatKind = Literal["private", "group", "supergroup", "channel"]
Json = dict[str, Any]

# In the order of the server's enumeration, which is also the order in which getWebhookInfo lists them.
UPDATE_NAMES = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "message_reaction",
    "message_reaction_count",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "purchased_paid_media",
    "managed_bot",
    "guest_message",
)
DEFAULT_UPDATES = frozenset(UPDATE_NAMES) - {"chat_member", "message_reaction", "message_reaction_count"}


class Stored(msgspec.Struct, kw_only=True, gc=False):
    """A message as the servers keep it.

    Its JSON is ``head`` (ids, sender, chat, dates, origin), the replied message, ``body`` (quote, album, content) and
    ``tail`` (keyboard, flags). ``kind`` names the content (``text``, ``photo`` ... or ``service``).
    """

    id: int
    kind: str
    author: Literal["customer", "bot", "platform"]
    sender: int
    date: int
    head: Json
    body: Json
    tail: Json
    parts: tuple[Part, ...]
    text: str = ""
    reply_to: str | None = None
    is_protected: bool = False


@dataclass(slots=True, kw_only=True)
class TelegramChat(Chat):
    """A private chat with a customer, or a group. ``address`` is its id as text.

    ``user_json`` and ``card_json`` are the customer's ``User`` and the chat's ``Chat``, encoded. ``is_seen`` is true for a
    customer the bot knows from elsewhere (a group) though the customer never started it. ``connection`` is the business
    connection through which the bot acts here. ``denied`` names the rights that the bot lacks in a group.
    """

    id: int
    kind: ChatKind = "private"
    user: Json
    card: Json
    user_json: msgspec.Raw
    card_json: msgspec.Raw
    instance: str
    stored: dict[str, Stored] = field(default_factory=dict)
    reactions: dict[tuple[str, int], list[Json]] = field(default_factory=dict)
    pinned: list[str] = field(default_factory=list)
    members: dict[int, Json] = field(default_factory=dict)
    status: str = "member"
    denied: frozenset[str] = frozenset()
    is_seen: bool = False
    migrated_to: int | None = None
    last_message_id: int = 0
    connection: str | None = None
    bucket: Bucket | None = None

    @property
    def is_private(self) -> bool:
        """True for a chat with one person."""
        return self.kind == "private"


@dataclass(slots=True)
class Webhook:
    """What setWebhook gave; ``url`` is empty if it never did. Times are drill time."""

    url: str = field(default="", repr=False)  # may hold a password, or the token as bots like it
    secret: str = field(default="", repr=False)
    max_connections: int = 0
    ip_address: str = ""
    has_certificate: bool = False
    last_error_at: float | None = None
    last_error: str = ""
    gone_since: float | None = None


@dataclass(slots=True)
class Polling:
    """The bot's getUpdates. ``generation`` counts the waiting polls: an older one finds a newer and gives up."""

    generation: int = 0
    last_offset: int | None = None
    last_at: float = 0.0
    was_short: bool = False


@dataclass(slots=True, kw_only=True)
class Press:
    """A pressed inline button that waits for answerCallbackQuery."""

    chat: TelegramChat
    made_at: float
    is_answered: bool = False


@dataclass(slots=True, kw_only=True)
class StoredFile:
    """A file on the servers: one ``file_id``. ``sha256`` is empty where its bytes are unknown."""

    file_id: str
    unique_id: str
    kind: str
    path: str
    sha256: str = ""
    size_bytes: int = 0
    mime: str = ""
    name: str | None = None
    width: int = 0
    height: int = 0
    duration_s: int = 0
    url: str | None = None
    thumbnail: StoredFile | None = None
    sizes: tuple[StoredFile, ...] = ()  # of the photo that this file is one size of
    title: str = ""
    performer: str = ""


@dataclass(slots=True, kw_only=True)
class Connection:
    """A business account that lets the bot answer for it. ``chats`` are its owner's chats with customers."""

    id: str
    owner: Json
    payload: Json
    chats: dict[str, TelegramChat] = field(default_factory=dict)


@dataclass(kw_only=True)
class TelegramState(ChannelState[TelegramChat]):
    """One bot account: the kernel's chats, outbox and webhook address, and everything that is Telegram's own."""

    bot: Json
    bot_json: msgspec.Raw
    token: str = field(repr=False)
    next_update_id: int
    next_message_id: int
    allowed: frozenset[str] = DEFAULT_UPDATES
    webhook: Webhook = field(default_factory=Webhook)
    webhook_set_at: float = float("-inf")
    polling: Polling = field(default_factory=Polling)
    presses: dict[str, Press] = field(default_factory=dict)
    files: dict[str, StoredFile] = field(default_factory=dict)
    paths: dict[str, StoredFile] = field(default_factory=dict)
    photo_sizes: dict[str, tuple[File, ...]] = field(default_factory=dict)
    connections: dict[str, Connection] = field(default_factory=dict)
    commands: dict[tuple[str, str], list[Json]] = field(default_factory=dict)
    profile: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_buttons: dict[int, Json] = field(default_factory=dict)
    logged_out_at: float = float("-inf")
    is_closed: bool = False
    bucket: Bucket = field(default_factory=lambda: Bucket(BOT_RATE_PER_S, BOT_BURST))

    @property
    def bot_id(self) -> int:
        """The bot's user id."""
        return int(self.bot["id"])

    def is_on(self, setting: str) -> bool:
        """True if a yes/no setting is switched on."""
        return is_on(self.settings[setting])

    def find_username(self, username: str) -> TelegramChat | None:
        """The chat with a public ``username`` (without ``@``), whatever its letter case."""
        wanted = username.lower()
        return next((c for c in self.chats.values() if str(c.card.get("username", "")).lower() == wanted), None)


def open_state(settings: Mapping[str, str], chance: Stream) -> TelegramState:
    """A fresh account. Update ids begin at a random number, as the vendor's do."""
    token = settings["token"]
    digits = token.partition(":")[0]
    bot = {
        "id": int(digits) if digits.isascii() and digits.isdigit() else 7012345678,
        "is_bot": True,
        "first_name": clean(settings["name"]),
        "username": clean(settings["username"].lstrip("@")),
    }
    return TelegramState(
        settings=settings,
        chance=chance,
        bot=bot,
        bot_json=fragment(bot),
        token=token,
        next_update_id=chance.randrange(2_000_001, 1_000_000_000),
        next_message_id=chance.randrange(1, 5_000),
    )


def join(state: TelegramState, customer: Customer, ahead_s: float) -> str:
    """Give a customer an account on Telegram; the bot knows nothing of it until the customer starts the chat."""
    user_id = _free_user_id(state)
    user = user_card(user_id, customer)
    chat = new_chat(state, customer, user, private_card(user), "private", ahead_s)
    state.chats[chat.address] = chat
    return chat.address


def _free_user_id(state: TelegramState) -> int:
    while True:
        user_id = int(state.chance.marked(str(state.chance.randrange(200_000_000, 8_500_000_000))))
        if str(user_id) not in state.chats and user_id != state.bot_id:
            return user_id


def user_card(user_id: int, customer: Customer) -> Json:
    """A customer as a ``User``."""
    user: Json = {"id": user_id, "is_bot": False, "first_name": clean(customer.first_name) or "User"}
    if customer.last_name:
        user["last_name"] = clean(customer.last_name)
    if customer.username:
        user["username"] = clean(customer.username.lstrip("@"))
    if customer.language:
        user["language_code"] = customer.language
    return user


def private_card(user: Json) -> Json:
    """The ``Chat`` of a private chat with ``user``."""
    card: Json = {name: user[name] for name in ("id", "first_name", "last_name", "username") if name in user}
    return {**card, "type": "private"}


def new_chat(
    state: TelegramState, customer: Customer, user: Json, card: Json, kind: ChatKind, ahead_s: float
) -> TelegramChat:
    """A chat that ``state`` does not hold yet."""
    return TelegramChat(
        address=str(card["id"]),
        customer=customer,
        ahead_s=ahead_s,
        id=card["id"],
        kind=kind,
        user=user,
        card=card,
        user_json=fragment(user),
        card_json=fragment(card),
        instance=str(state.chance.randrange(-(1 << 63), 1 << 63)),
    )
