"""What the fake of Infobip remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from msgspec import Struct

from chatdrill.model import File, Media
from chatdrill.wire import Bucket, ChannelState, Chat, Hook, Window
from chatdrill_fakes.platforms.infobip import limits

Json = dict[str, Any]


@lru_cache(maxsize=64)
def _is_yes(word: str) -> bool:
    return word.strip().lower() in ("yes", "true", "1", "on")


class Sms(Struct, kw_only=True):
    """A message of the bot's. ``chat`` is whose it is, if anybody's in this drill; ``is_new``: it came by the newer API.

    ``url`` is where its reports go; without one they wait to be taken. ``due_at``: it is scheduled.
    """

    id: str
    bulk: str
    chat: str | None
    to: str
    sender: str
    text: str
    made_at: float
    count: int
    status: int
    is_new: bool
    media: tuple[Media, ...] = ()
    url: str = ""
    wants_operator: bool = False
    callback_data: str | None = None
    platform: Json = {}
    campaign: str | None = None
    tracking_url: str = ""
    error: int = 0
    fate: int | None = None
    done_at: float | None = None
    due_at: float | None = None


@dataclass(slots=True, kw_only=True)
class InfobipChat(Chat):
    """A customer's chat with the number. ``blocked``: on the blocklist.

    ``rejects_next`` are statuses that the next sends meet, ``fate`` the error that every message ends in from now on. ``floods`` counts equal texts. ``callback_data`` is that of
    the bot's last message.
    """

    rejects_next: list[int] = field(default_factory=list)
    fate: int | None = None
    floods: dict[str, Window] = field(default_factory=dict)
    callback_data: str | None = None


@dataclass(slots=True)
class Bulk:
    """A scheduled bulk: its messages, when it is due, and how it stands."""

    ids: list[str]
    due_at: float
    status: str = "PENDING"


@dataclass(kw_only=True)
class InfobipState(ChannelState[InfobipChat]):
    """One account with one number.

    ``sms`` has every message of the bot's by id, ``inbox`` what nobody has taken of the customers' and ``reports`` of the reports, ``files`` what lies at the
    links of customers' MMS, ``links`` at those of the bot. ``tokens`` are sessions with their ends. ``trusts``: the vendor itself has judged
    what is sent, so nothing is rejected here.
    """

    sms: dict[str, Sms] = field(default_factory=dict)
    inbox: dict[str, Json] = field(default_factory=dict)
    reports: list[tuple[str, Json, Json]] = field(default_factory=list)
    bulks: dict[str, Bulk] = field(default_factory=dict)
    files: dict[str, tuple[File, str]] = field(default_factory=dict)
    links: dict[str, tuple[File, float]] = field(default_factory=dict)
    tokens: dict[str, float] = field(default_factory=dict, repr=False)
    hooks: dict[str, Hook] = field(default_factory=dict)
    trusts: bool = False
    requests: Bucket = field(default_factory=lambda: Bucket(limits.REQUESTS_PER_S, limits.REQUESTS_PER_S))

    def __post_init__(self) -> None:
        self.number = self.settings["sender"]
        self.limited, self.receipts, self.blocks = self.on("rate_limits"), self.on("receipts"), self.on("opt_out")
        self.keywords = frozenset(word.strip().upper() for word in self.settings["keywords"].split(",") if word.strip())

    def on(self, setting: str) -> bool:
        """True if a yes-or-no setting says yes."""
        return _is_yes(self.settings[setting])

    def new_id(self) -> str:
        """The id of a new message: some twenty digits."""
        return self.chance.digits(20)

    def hook(self, url: str, kind: str) -> Hook:
        """The subscription that an address for reports is."""
        key = f"{kind} {url}"
        if key not in self.hooks:
            self.hooks[key] = Hook(id=f"{kind} {len(self.hooks)}", url=url, kind=kind)
        return self.hooks[key]
