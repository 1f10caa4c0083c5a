"""What the fake of the mail world remembers."""

from __future__ import annotations

from dataclasses import dataclass, field

from chatdrill.wire import ChannelState, Chat, Update, Window
from chatdrill_fakes.platforms.email import limits


@dataclass(slots=True)
class Letter(Update):
    """A mail to the bot: its bytes, and its envelope."""

    sender: str = ""
    recipient: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """A mail of the bot's, as far as whoever answers it or reports on it needs it.

    ``sender`` is the envelope's, where reports go; ``reply_to`` where an answer goes. ``wants_receipt``: a note that it was read was
    asked for.
    """

    id: str
    subject: str
    references: tuple[str, ...]
    text: str
    at: float
    sender: str
    reply_to: str
    envelope_id: str = ""
    wants_receipt: bool = False


@dataclass(slots=True, kw_only=True)
class MailChat(Chat):
    """A customer's mailbox.

    ``subject`` is that of the conversation, ``subjects`` are those it has had, without what replies add, ``thread`` the ids of its mails, ``answers`` the bot's by id. ``automatic`` is id, nature and time of the
    last mail of this side, if nobody wrote it; ``asked`` counts mails of people that were not answered yet. ``refusals`` are the replies
    that the next mails meet, ``bounces`` the statuses with which they come back. ``seen`` is when greylisting met a sender first.
    """

    subject: str = ""
    subjects: set[str] = field(default_factory=set)
    thread: list[str] = field(default_factory=list)
    answers: dict[str, Answer] = field(default_factory=dict)
    automatic: tuple[str, str, float] | tuple[()] = ()
    asked: int = 0
    refusals: list[str] = field(default_factory=list)
    bounces: list[str] = field(default_factory=list)
    seen: dict[str, float] = field(default_factory=dict)

    @property
    def answer(self) -> Answer | None:
        """The bot's last mail."""
        return self.answers[next(reversed(self.answers))] if self.answers else None


@dataclass(kw_only=True)
class MailState(ChannelState[MailChat]):
    """One mailbox of the bot."""

    day: Window = field(default_factory=lambda: Window(limits.DAILY_MAX, limits.DAY_S))

    def __post_init__(self) -> None:
        self.address = self.settings["address"]
        self.domain = self.address.rpartition("@")[2].lower()
        self.limited = self.on("rate_limits")
        self.greylists = self.on("greylist")
        self.needs_auth = self.settings["auth"] != "no"
        self.quotes, self.html = self.on("quotes"), self.on("html")
        self.day = Window(int(self.settings["daily_max"]), limits.DAY_S)

    def on(self, setting: str) -> bool:
        """True if a yes-or-no setting says yes."""
        return self.settings[setting].strip().lower() in ("yes", "true", "1", "on")

    @property
    def is_parsed(self) -> bool:
        """True if a service between takes the bot's mail apart and tells it by webhook."""
        return (self.webhook_url or "").startswith("http")
