"""What one account at amoCRM remembers: chats and talks, contacts and leads, tokens and subscriptions.

A ticket is a chat: it opens with the first message that the bot mirrors and stays the same for good; the talk (a session of
support) and the lead inside it change. A lead whose contact has no chat is a ticket of its own.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from chatdrill.model import File
from chatdrill.wire import Bucket, DeskState, Hook, Ticket

WON, LOST = 142, 143
FINAL = (WON, LOST)
UNSORTED, WORKING, WAITING, DECIDING = 31653160, 31653163, 31653166, 31653169
PIPELINE = 3104455
STAGES: dict[int, str] = {
    UNSORTED: "Incoming leads",
    WORKING: "Initial contact",
    WAITING: "Waiting for the customer",
    DECIDING: "Decision making",
    WON: "Closed - won",
    LOST: "Closed - lost",
}

Document = dict[str, Any]


@dataclass(slots=True)
class Person:
    """A participant of a chat. ``id`` is the chats API's, ``client_id`` the channel's own."""

    id: str
    client_id: str | None = None
    name: str = ""
    avatar: str = ""
    phone: str = ""
    email: str = ""
    profile_link: str = ""


@dataclass(slots=True)
class Conversation:
    """A chat of the channel. ``client_id`` is the channel's id of it, missing where an agent wrote first; ``link`` is the id
    of its link to the contact."""

    id: str
    client_id: str | None
    person: Person
    source: str | None = None
    contact: int | None = None
    link: int = 0
    ticket: str | None = None


@dataclass(slots=True)
class Talk:
    """A session of support inside a chat. ``closing``: the rating bot has asked and waits for the answer."""

    id: int
    created_at: float
    updated_at: float
    rate: int = 0
    in_work: bool = True
    is_read: bool = False
    missed_at: float | None = None
    closing: bool = False


@dataclass(slots=True)
class Incoming:
    """An incoming lead (``unsorted``), until somebody accepts or declines it."""

    uid: str
    category: str
    created_at: float
    lead: int
    contact: int | None
    metadata: Document
    source_uid: str | None = None
    source_name: str | None = None


@dataclass(slots=True)
class Arrival:
    """A message that the chats API has accepted. ``item`` is how the history shows it, ``msgid`` the bot's id of it."""

    item: Document
    author: Literal["customer", "bot", "agent"]
    silent: bool
    msgid: str
    file: File | None = None
    reply_to: str | None = None


@dataclass(slots=True, kw_only=True)
class AmoTicket(Ticket):
    """A chat as agents work in it. ``messages`` are the items of its history, by id; ``ids`` finds them by the bot's
    ``msgid``; ``waiting``: a person was asked for although no incoming lead stands for it."""

    chat: str | None = None
    lead: int | None = None
    talk: Talk | None = None
    incoming: str | None = None
    waiting: bool = False
    served_by: str | None = None
    messages: dict[str, Document] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    customer_at: float | None = None
    typed_at: float | None = None

    @property
    def asked(self) -> bool:
        """True while a person is asked for and nobody has come: an incoming lead counts until its talk is closed."""
        return self.waiting or (self.incoming is not None and (self.talk is None or self.talk.in_work))


@dataclass(slots=True)
class WebHook:
    """A subscription of the CRM. ``bad_at`` are the times of the bad answers of the last two hours."""

    hook: Hook
    id: int
    created_at: float
    updated_at: float
    sort: int
    settings: list[str]
    disabled: bool = False
    bad_at: list[float] = field(default_factory=list)


@dataclass(slots=True)
class Tokens:
    """Who may call. ``access`` and ``refresh`` say until when (drill time); ``pairs`` which access token a refresh token
    came with; ``code_until`` and ``began`` count from the first request that is seen."""

    access: dict[str, float] = field(default_factory=dict, repr=False)
    refresh: dict[str, float] = field(default_factory=dict, repr=False)
    pairs: dict[str, str] = field(default_factory=dict, repr=False)
    spent: set[str] = field(default_factory=set, repr=False)
    code: str | None = field(default=None, repr=False)
    code_until: float = 0.0
    began: bool = False


@dataclass(kw_only=True)
class AmoState(DeskState[AmoTicket]):
    """One account. ``talks`` says which ticket a talk belongs to, ``scopes`` which accounts the channel is connected to,
    ``settled`` what became of incoming leads, ``pending`` which messages are accepted and not processed yet."""

    tokens: Tokens = field(default_factory=Tokens)
    contacts: dict[int, Document] = field(default_factory=dict)
    leads: dict[int, Document] = field(default_factory=dict)
    notes: dict[int, Document] = field(default_factory=dict)
    tasks: dict[int, Document] = field(default_factory=dict)
    incoming: dict[str, Incoming] = field(default_factory=dict)
    settled: list[tuple[str, float]] = field(default_factory=list)
    talks: dict[int, str] = field(default_factory=dict)
    conversations: dict[str, Conversation] = field(default_factory=dict)
    client_ids: dict[str, str] = field(default_factory=dict)
    scopes: dict[str, Document] = field(default_factory=dict)
    webhooks: dict[str, WebHook] = field(default_factory=dict, repr=False)  # by address: many have a token in it
    files: dict[str, tuple[str, str]] = field(default_factory=dict)
    amojo_ids: dict[str, str] = field(default_factory=dict)
    tags: dict[str, int] = field(default_factory=dict)
    pending: dict[str, Arrival] = field(default_factory=dict)
    persons: dict[str, Person] = field(default_factory=dict)
    bucket: Bucket = field(default_factory=lambda: Bucket(7, 7))
    refused_in_row: int = 0
    last_ids: dict[str, int] = field(default_factory=dict)

    def next_id(self) -> int:
        """An id that no other thing of the account has."""
        series = self.chance.series("id")
        last = self.last_ids.get(series) or self.chance.randrange(10_000_000, 60_000_000)
        self.last_ids[series] = self.chance.following(last, self.chance.randrange(1, 9))
        return self.last_ids[series]

    def on(self, setting: str) -> bool:
        """True if a setting says yes."""
        return self.settings[setting].strip().lower() in ("yes", "true", "on", "1")

    def number(self, setting: str) -> float:
        """A setting that holds a number."""
        return float(self.settings[setting])

    @property
    def account_id(self) -> int:
        """The CRM's id of the account."""
        return int(self.settings["account_id"])

    @property
    def bot_user(self) -> int:
        """The user in whose name the integration calls."""
        return int(self.settings["user_id"])

    @property
    def scope_id(self) -> str:
        """How the chats API names the channel in this account."""
        return f"{self.settings['channel_id']}_{self.settings['amojo_id']}"

    def user_id(self, agent: str) -> int:
        """The CRM's id of an agent."""
        return int(self.seats[agent].id)

    def agent_of_user(self, user: object) -> str | None:
        """The key of the agent with this user id."""
        return self.agent_by_id(str(user))

    def conversation_of(self, ticket: AmoTicket) -> Conversation | None:
        """The chat of a ticket."""
        return None if ticket.chat is None else self.conversations[ticket.chat]

    def lead_of(self, ticket: AmoTicket) -> Document | None:
        """The lead of a ticket."""
        return None if ticket.lead is None else self.leads.get(ticket.lead)

    def ticket_of_lead(self, lead: int) -> AmoTicket | None:
        """The ticket in which a lead is worked on."""
        return next((each for each in self.tickets.values() if each.lead == lead), None)

    def ticket_of_contact(self, contact: int) -> AmoTicket | None:
        """The ticket of a contact's chat."""
        for conversation in self.conversations.values():
            if conversation.contact == contact and conversation.ticket is not None:
                return self.tickets[conversation.ticket]
        return None
