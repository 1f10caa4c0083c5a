"""What a Zendesk account remembers: people, tickets, conversations, the switchboard, subscriptions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import File, TicketState
from chatdrill.wire import DeskState, Hook, HttpResponse, Ticket, Window

AGENT_WORKSPACE = "zd:agentWorkspace"
STATES: dict[str, TicketState] = {
    "new": "new",
    "open": "open",
    "pending": "pending",
    "hold": "snoozed",
    "solved": "solved",
    "closed": "closed",
}
ENDED = frozenset({"solved", "closed"})


@dataclass(slots=True, kw_only=True)
class Person:
    """A user of Support: an end user, or staff (``agent``, ``admin``)."""

    id: int
    name: str
    role: str = "end-user"
    email: str | None = None
    external_id: str | None = None
    phone: str | None = None
    locale: str = "en-US"
    verified: bool = False
    user_fields: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    group_ids: list[int] = field(default_factory=list)
    made_at: float = 0.0
    changed_at: float = 0.0

    @property
    def is_staff(self) -> bool:
        """True for agents and admins."""
        return self.role != "end-user"


@dataclass(slots=True, kw_only=True)
class Group:
    """A group of agents."""

    id: int
    name: str


@dataclass(slots=True, kw_only=True)
class Attachment:
    """A file at Support, under the path of its content URL."""

    id: int
    name: str
    file: File
    token: str
    redacted: bool = False


@dataclass(slots=True, kw_only=True)
class Upload:
    """Files that wait for a comment."""

    token: str
    attachments: list[Attachment]
    expires_at: float


@dataclass(slots=True, kw_only=True)
class Comment:
    """A comment of a ticket."""

    id: int
    author_id: int
    body: str
    html: str
    public: bool
    at: float
    audit_id: int
    channel: str
    attachments: list[Attachment] = field(default_factory=list)
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Audit:
    """One update of a ticket, as the change log keeps it."""

    id: int
    author_id: int
    at: float
    channel: str
    events: list[dict[str, Any]]
    metadata: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Record:
    """A ticket of Support. ``moved``: it went on by e-mail, away from its conversation."""

    number: int
    requester_id: int
    submitter_id: int
    subject: str = ""
    description: str = ""
    status: str = "new"
    priority: str | None = None
    type: str | None = None
    assignee_id: int | None = None
    group_id: int | None = None
    organization_id: int | None = None
    brand_id: int = 1
    form_id: int = 2
    external_id: str | None = None
    tags: list[str] = field(default_factory=list)
    custom_fields: dict[int, Any] = field(default_factory=dict)
    channel: str = "api"
    comments: list[Comment] = field(default_factory=list)
    audits: list[Audit] = field(default_factory=list)
    followup_ids: list[int] = field(default_factory=list)
    follows: int | None = None
    was_solved: bool = False
    rating: dict[str, Any] = field(default_factory=lambda: {"score": "unoffered"})
    agent_spoke: bool = False
    moved: bool = False
    is_deleted: bool = False
    made_at: float = 0.0
    changed_at: float = 0.0
    updates: dict[int, Window] = field(default_factory=dict)


@dataclass(slots=True, kw_only=True)
class Message:
    """A message of a Sunshine conversation. ``author_id`` is a user's, ``agent`` the id of an agent at Support."""

    id: str
    author: dict[str, Any]
    content: dict[str, Any]
    source: dict[str, Any]
    at: float
    user_id: str | None = None
    agent: int | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    activity: dict[str, Any] | None = None
    files: tuple[File, ...] = ()
    deleted: bool = False


@dataclass(slots=True, kw_only=True)
class Talk:
    """A Sunshine conversation. ``active`` and ``pending`` are ids of switchboard integrations. ``filed`` counts the messages
    that stood in a ticket, or were left out of it."""

    id: str
    type: str
    user_ids: list[str]
    made_at: float
    changed_at: float
    is_default: bool = False
    display_name: str | None = None
    description: str | None = None
    icon_url: str | None = None
    metadata: dict[str, Any] = field(default_factory=dict)
    messages: list[Message] = field(default_factory=list)
    active: str | None = None
    pending: str | None = None
    business_read_at: float | None = None
    filed: int = 0


@dataclass(slots=True, kw_only=True)
class ZendeskTicket(Ticket):
    """What agents work in. ``record`` is the ticket at Support (``None`` before the first transfer), ``past`` the closed ones
    of the same conversation, ``talk`` the conversation if there is one."""

    record: Record | None = None
    past: list[Record] = field(default_factory=list)
    talk: Talk | None = None

    def records(self) -> list[Record]:
        """All tickets of Support that are about this, oldest first."""
        return self.past if self.record is None else [*self.past, self.record]


@dataclass(slots=True, kw_only=True)
class SuncoUser:
    """A user of Sunshine Conversations; ``person_id`` is the end user at Support once a ticket was made."""

    id: str
    external_id: str | None
    profile: dict[str, Any]
    metadata: dict[str, Any]
    signed_up_at: str
    person_id: int | None = None

    @property
    def name(self) -> str:
        """Given name and surname."""
        return " ".join(str(self.profile[key]) for key in ("givenName", "surname") if self.profile.get(key))


@dataclass(slots=True, kw_only=True)
class Integration:
    """An integration of the app."""

    id: str
    type: str
    display_name: str
    status: str = "active"


@dataclass(slots=True, kw_only=True)
class Station:
    """A switchboard integration."""

    id: str
    name: str
    integration_id: str
    integration_type: str
    standby: bool = True
    next_id: str | None = None
    history: int | None = None


@dataclass(slots=True, kw_only=True)
class Switchboard:
    """The app's switchboard."""

    id: str
    enabled: bool = True
    default_id: str | None = None


@dataclass(slots=True, kw_only=True)
class SupportHook:
    """A webhook of Support with what the API shows of it."""

    hook: Hook
    name: str
    shape: dict[str, Any]
    status: str = "active"


@dataclass(slots=True, kw_only=True)
class SuncoHook:
    """A webhook of Sunshine Conversations; it belongs to an integration."""

    hook: Hook
    integration_id: str
    full_user: bool = False
    full_source: bool = False


@dataclass(slots=True)
class Stored:
    """An answer kept for an idempotency key."""

    body: bytes
    response: HttpResponse = field(repr=False)
    at: float


@dataclass(kw_only=True)
class ZendeskState(DeskState[ZendeskTicket]):
    """One account at Zendesk, with one app of Sunshine Conversations."""

    api_user_id: int
    named: Hook = field(repr=False)
    named_sunco_id: str
    people: dict[int, Person] = field(default_factory=dict)
    groups: dict[int, Group] = field(default_factory=dict)
    numbers: dict[int, str] = field(default_factory=dict)
    last_number: int = 35435
    uploads: dict[str, Upload] = field(default_factory=dict)
    attachments: dict[str, Attachment] = field(default_factory=dict)
    media: dict[str, File] = field(default_factory=dict)
    media_of: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, dict[str, Any]] = field(default_factory=dict)
    idempotent: dict[str, Stored] = field(default_factory=dict, repr=False)
    support_hooks: dict[str, SupportHook] = field(default_factory=dict)
    conflicts: dict[tuple[str, str], int] = field(default_factory=dict)
    users: dict[str, SuncoUser] = field(default_factory=dict)
    switchboard: Switchboard | None = None
    stations: dict[str, Station] = field(default_factory=dict)
    integrations: dict[str, Integration] = field(default_factory=dict)
    sunco_hooks: dict[str, SuncoHook] = field(default_factory=dict)
    calls: Window | None = None
    updates: Window | None = None

    def on(self, setting: str) -> bool:
        """True if a yes-or-no setting is on."""
        return self.settings[setting].strip().lower() in ("yes", "true", "on", "1")

    @property
    def api_user(self) -> Person:
        """The user whose token the bot has."""
        return self.people[self.api_user_id]

    def find(self, number: int) -> tuple[ZendeskTicket, Record] | None:
        """A ticket of Support and what it belongs to."""
        ticket = self.tickets.get(self.numbers.get(number, ""))
        if ticket is None:
            return None
        return next(((ticket, record) for record in ticket.records() if record.number == number), None)

    def talks(self) -> Iterator[tuple[ZendeskTicket, Talk]]:
        """All conversations."""
        for ticket in self.tickets.values():
            if ticket.talk is not None:
                yield ticket, ticket.talk

    def person_of(self, agent: str) -> Person:
        """The user of an agent, by key."""
        return self.people[int(self.seats[agent].id)]

    def agent_of(self, person_id: int | None) -> str | None:
        """The key of the agent with this user id; ``None`` for everybody else."""
        return None if person_id is None else self.agent_by_id(str(person_id))

    def station_of(self, integration_id: str) -> Station | None:
        """The switchboard integration by which an integration takes part."""
        return next((each for each in self.stations.values() if each.integration_id == integration_id), None)

    def workspace(self) -> Station | None:
        """The agent workspace on the switchboard."""
        return next((each for each in self.stations.values() if each.integration_type == AGENT_WORKSPACE), None)
