"""What one Chatwoot account remembers: contacts, conversations with their messages, bots, teams, webhooks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, Literal

from chatdrill.model import File
from chatdrill.seeds import Stream
from chatdrill.wire import DeskState, Hook, Ticket, Window
from chatdrill_fakes.desks.chatwoot.limits import REQUESTS_PER_MIN, SEARCHES_PER_MIN

Status = Literal["open", "resolved", "pending", "snoozed"]
STATUSES: tuple[Status, ...] = ("open", "resolved", "pending", "snoozed")
PRIORITIES = ("low", "medium", "high", "urgent")


@dataclass(slots=True)
class User:
    """Somebody with a login. ``key`` is the agent's; the integration's own user has none."""

    id: int
    name: str
    email: str
    role: Literal["agent", "administrator"] = "agent"
    key: str | None = None


@dataclass(slots=True)
class AgentBot:
    """An agent bot and the hook that it is told by."""

    id: int
    name: str
    token: str = field(repr=False)
    secret: str = field(repr=False)
    hook: Hook | None = None
    description: str = ""


@dataclass(slots=True)
class Contact:
    """A person, as the account's address book has them."""

    id: int
    name: str = ""
    email: str | None = None
    phone_number: str | None = None
    identifier: str | None = None
    blocked: bool = False
    custom_attributes: dict[str, Any] = field(default_factory=dict)
    additional_attributes: dict[str, Any] = field(default_factory=dict)
    labels: list[str] = field(default_factory=list)
    created_at: float = 0.0
    last_activity_at: float | None = None


@dataclass(slots=True)
class ContactInbox:
    """A contact in the inbox: ``source_id`` is the external chat id."""

    id: int
    contact: Contact
    source_id: str
    pubsub_token: str = field(repr=False)
    hmac_verified: bool = False
    created_at: float = 0.0


@dataclass(slots=True)
class Attachment:
    """A file of a message; ``key`` is the blob's in the desk's links."""

    id: int
    key: str
    file_type: str
    file: File


Author = User | AgentBot | Contact | None


@dataclass(slots=True)
class Message:
    """One message; ``at`` is drill time. ``failure`` is the text that the agent sees beside a failed one."""

    id: int
    content: str | None
    message_type: Literal["incoming", "outgoing", "activity", "template"]
    at: float
    sender: Author = None
    private: bool = False
    content_type: str = "text"
    content_attributes: dict[str, Any] = field(default_factory=dict)
    additional_attributes: dict[str, Any] = field(default_factory=dict)
    source_id: str | None = None
    echo_id: str | None = None
    status: str = "sent"
    attachments: list[Attachment] = field(default_factory=list)
    changed_at: float = 0.0


@dataclass(slots=True, kw_only=True)
class Conversation(Ticket):
    """A conversation; ``address`` is its display id.

    ``in_hands`` is true while a person has taken it on: by being assigned, by opening it, by an answer. An assignment by
    routing is none, nor is one that a former episode has left.
    """

    uuid: str
    link: ContactInbox
    status: Status = "open"
    user: User | None = None
    bot: AgentBot | None = None
    team_id: int | None = None
    priority: str | None = None
    labels: list[str] = field(default_factory=list)
    custom_attributes: dict[str, Any] = field(default_factory=dict)
    additional_attributes: dict[str, Any] = field(default_factory=dict)
    snoozed_until: float | None = None
    waiting_since: float | None = None
    first_reply_at: float | None = None
    active_at: float = 0.0
    agent_seen_at: float | None = None
    assignee_seen_at: float | None = None
    contact_seen_at: float | None = None
    in_hands: bool = False
    episodes: int = 0
    messages: list[Message] = field(default_factory=list)

    @property
    def person(self) -> Contact:
        """The contact."""
        return self.link.contact

    def seen(self, id: int) -> Message | None:
        """The message with this id."""
        return next((message for message in self.messages if message.id == id), None)


@dataclass(slots=True)
class Team:
    """A team; ``name`` is in small letters, as Chatwoot keeps it."""

    id: int
    name: str
    members: list[str] = field(default_factory=list)


@dataclass(slots=True)
class Inbox:
    """The API inbox and its knobs; ``hours`` are seven rows as the API has them, Sunday (0) first."""

    id: int
    name: str
    identifier: str
    hook: Hook
    hours: list[dict[str, Any]]
    timezone: str = "UTC"
    working_hours_enabled: bool = False
    out_of_office_message: str = ""
    greeting_message: str = ""
    csat_survey_enabled: bool = False
    enable_auto_assignment: bool = False
    max_assignment_limit: int | None = None
    reply_window_h: float | None = None
    hmac_mandatory: bool = False
    bot: AgentBot | None = None


@dataclass(kw_only=True)
class ChatwootState(DeskState[Conversation]):
    """One account with one API inbox.

    ``plays`` are the kinds of receiver that the webhook named by the user is (``agent_bot``, ``inbox``, ``account``);
    ``named`` are its hooks, for those of them that are served otherwise than the bot. ``hooks`` were made by a call.
    ``line`` is the order in which agents are assigned by routing, ``failures`` what went wrong with deliveries, by id.
    """

    account_id: int
    account_name: str
    inbox: Inbox
    admin: User
    contacts: dict[int, Contact] = field(default_factory=dict)
    links: list[ContactInbox] = field(default_factory=list)
    users: dict[int, User] = field(default_factory=dict)
    bots: dict[int, AgentBot] = field(default_factory=dict)
    teams: dict[int, Team] = field(default_factory=dict)
    hooks: dict[int, Hook] = field(default_factory=dict)
    hook_names: dict[int, str | None] = field(default_factory=dict)
    named: dict[str, Hook] = field(default_factory=dict)
    plays: frozenset[str] = frozenset()
    files: dict[str, File] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)
    line: list[str] = field(default_factory=list)
    counters: dict[str, int] = field(default_factory=dict)
    requests: Window = field(default_factory=lambda: _per_minute(REQUESTS_PER_MIN))
    searches: Window = field(default_factory=lambda: _per_minute(SEARCHES_PER_MIN))

    def on(self, name: str) -> bool:
        """True if a setting says yes."""
        return self.settings[name].strip().lower() in ("yes", "true", "on", "1")

    def next_id(self, kind: str) -> int:
        """The next number of a table."""
        self.counters[kind] = self.counters.get(kind, 0) + 1
        return self.chance.nth(self.counters[kind])

    def user_of(self, agent: str) -> User:
        """The user of an agent, by the agent's key."""
        return self.users[int(self.seats[agent].id)]

    def presence_of(self, user: User) -> str:
        """``online``, ``busy`` or ``offline``."""
        if user.key is None:
            return "offline"
        return {"online": "online", "away": "busy", "offline": "offline"}[self.seats[user.key].presence]

    def conversations_of(self, links: Iterable[ContactInbox]) -> list[Conversation]:
        """The conversations of some contact inboxes, oldest first."""
        wanted = {link.id for link in links}
        return [each for each in self.tickets.values() if each.link.id in wanted]

    def found(self, message_id: int) -> tuple[Conversation, Message] | None:
        """A message and its conversation."""
        for conversation in self.tickets.values():
            if (message := conversation.seen(message_id)) is not None:
                return conversation, message
        return None


def _per_minute(count: int) -> Window:
    return Window(count, 60.0)


def uuid(chance: Stream) -> str:
    """A random UUID."""
    digits = chance.hex(30)
    return f"{digits[:8]}-{digits[8:12]}-4{digits[12:15]}-{chance.choice('89ab')}{digits[15:18]}-{digits[18:30]}"
