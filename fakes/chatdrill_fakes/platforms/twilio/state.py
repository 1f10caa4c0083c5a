"""What the fake of Twilio remembers."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from msgspec import Struct

from chatdrill.model import File
from chatdrill.wire import Bucket, ChannelState, Chat, Hook
from chatdrill_fakes.platforms.twilio import ids, limits
from chatdrill_fakes.platforms.twilio.voice.state import Line

Json = dict[str, Any]
HOOKS_MAX, TEXTS_MAX = 1000, 2000
"""Addresses of status callbacks that are remembered; a bot that has another one for each message makes new ones."""


@lru_cache(maxsize=64)
def _is_yes(word: str) -> bool:
    return word.strip().lower() in ("yes", "true", "1", "on")


@dataclass(frozen=True, slots=True)
class Kept:
    """A file of a message, under its id."""

    sid: str
    file: File
    at: float


class Sms(Struct, kw_only=True):
    """One message as the REST API has it. ``to`` and ``sender`` are addresses; ``chat`` is whose it is, if anybody's in this drill.

    ``error`` is the code of what became of it, ``fate`` that of what will. ``due_at``: it is scheduled.
    """

    sid: str
    chat: str | None
    sender: str | None
    to: str
    body: str
    direction: str
    status: str
    made_at: float
    segments: int
    media: tuple[Kept, ...] = ()
    service: str | None = None
    callback: str = ""
    error: int | None = None
    fate: int | None = None
    sent_at: float | None = None
    updated_at: float = 0.0
    due_at: float | None = None
    opt_out: str = ""


@dataclass(slots=True, kw_only=True)
class TwilioChat(Chat):
    """A customer's chat with the number. ``blocked``: the customer sent STOP.

    ``fails_next`` are codes that the next sends meet, ``fate`` what becomes of every message from now on (a landline, a phone that is
    switched off). ``replies`` counts answers in TwiML in a row, ``replied_at`` is when the last one was given.
    """

    fails_next: list[int] = field(default_factory=list)
    fate: int | None = None
    replies: int = 0
    replied_at: float = float("-inf")


@dataclass(kw_only=True)
class TwilioState(ChannelState[TwilioChat]):
    """One account with one number in one service.

    ``sms`` has every message by id, oldest first; ``feedback`` what was said of them. ``hooks`` are the addresses of status callbacks. ``tries`` counts failed
    attempts of a webhook. ``links`` leads from the address of a bot's file to what was read there and when. ``debugger`` has the codes
    of what was wrong with the bot's answers. ``line`` has the telephone calls; ``voice_url`` is where they are told, if not at the
    webhook's address.
    """

    sms: dict[str, Sms] = field(default_factory=dict)
    hooks: dict[str, Hook] = field(default_factory=dict)
    tries: dict[str, int] = field(default_factory=dict)
    links: dict[str, tuple[File, float]] = field(default_factory=dict)
    debugger: list[int] = field(default_factory=list)
    fallback_url: str = field(default="", repr=False)
    status_callback: str = field(default="", repr=False)
    method: str = "POST"
    texts: dict[bytes, str] = field(default_factory=dict)
    line: Line = field(default_factory=Line)
    voice_url: str = field(default="", repr=False)
    voice_fallback_url: str = field(default="", repr=False)
    voice_status_callback: str = field(default="", repr=False)
    queue: Bucket = field(default_factory=lambda: Bucket(limits.SEGMENTS_PER_S, limits.QUEUE_S * limits.SEGMENTS_PER_S))

    def __post_init__(self) -> None:
        settings = self.settings
        self.account, self.number = settings["account_sid"], settings["phone_number"]
        self.service = settings["messaging_service_sid"]
        self.token = settings["auth_token"]
        self.passwords = {self.account: self.token.encode(), settings["api_key"]: settings["api_secret"].encode()}
        self.limited, self.in_service = self.on("rate_limits"), self.on("in_service")
        self.fallback_url, self.status_callback = settings["fallback_url"], settings["status_callback"]
        self.voice_url, self.voice_fallback_url = settings["voice_url"], settings["voice_fallback_url"]
        self.voice_status_callback = settings["voice_status_callback"]
        self.method = settings["method"]
        self.blocked_regions, self.verified = self.listed("blocked_regions"), self.listed("verified_only")
        self.root = f"/2010-04-01/Accounts/{self.account}"

    def on(self, setting: str) -> bool:
        """True if a yes-or-no setting says yes."""
        return _is_yes(self.settings[setting])

    def new_sid(self, kind: str) -> str:
        """The id of a new thing."""
        return ids.sid(kind, self.chance)

    def hook(self, url: str, kind: str = "status") -> Hook:
        """The subscription that an address of a status callback is, or the fallback address."""
        key = f"{kind} {url}"
        known = self.hooks.get(key)
        if known is None:
            if len(self.hooks) >= HOOKS_MAX:
                del self.hooks[next(iter(self.hooks))]
            known = self.hooks[key] = Hook(id=f"{kind} {len(self.hooks)}", url=url.partition("#")[0], kind=kind)
        return known

    def will_sign(self, body: bytes, text: str) -> None:
        """Remember what is signed of a form."""
        if len(self.texts) >= TEXTS_MAX:
            del self.texts[next(iter(self.texts))]
        self.texts[body] = text

    @property
    def voice_address(self) -> str:
        """Where calls are told."""
        return (self.voice_url or self.webhook_url or "").partition("#")[0]

    def listed(self, setting: str) -> tuple[str, ...]:
        """A setting that is a list by commas."""
        return tuple(word.strip() for word in self.settings[setting].split(",") if word.strip())
