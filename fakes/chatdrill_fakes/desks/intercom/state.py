"""What an Intercom workspace remembers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from chatdrill.model import File, TicketState
from chatdrill.seeds import Stream
from chatdrill.wire import DeskState, Seat, Ticket

Role = Literal["user", "lead"]
Status = Literal["open", "closed", "snoozed"]

# A closed conversation is opened again by the customer's next word, so it is "solved" and never "closed".
NEUTRAL_STATUS: Mapping[Status, TicketState] = {"open": "open", "snoozed": "snoozed", "closed": "solved"}
NEUTRAL_CATEGORY: Mapping[str, TicketState] = {
    "submitted": "new",
    "in_progress": "open",
    "waiting_on_customer": "pending",
    "resolved": "solved",
}


@dataclass(frozen=True, slots=True)
class Author:
    """Who wrote a part or did something; ``type`` is the vendor's: ``user``, ``lead``, ``admin``, ``bot``."""

    type: str
    id: str
    name: str = ""
    email: str = ""


@dataclass(slots=True, kw_only=True)
class Contact:
    """A user or a lead. ``about`` are the other writable fields, as the bot gave them."""

    id: str
    role: Role
    external_id: str | None
    made_at: float
    changed_at: float
    email: str | None = None
    phone: str | None = None
    name: str | None = None
    about: dict[str, Any] = field(default_factory=dict)
    custom_attributes: dict[str, Any] = field(default_factory=dict)
    archived: bool = False
    blocked: bool = False

    @property
    def author(self) -> Author:
        """As the author of a message."""
        return Author(self.role, self.id, self.name or "", self.email or "")


@dataclass(slots=True, kw_only=True)
class Part:
    """A line of a conversation. ``body`` is HTML, ``text`` what a person reads; ``by_api`` tells a part that an app made.

    ``at`` is when it came (drill time), ``stated_at`` when it was written, if the call says so: that is what is shown.
    """

    id: str
    kind: str
    author: Author
    at: float
    stated_at: float | None = None
    body: str | None = None
    text: str = ""
    files: tuple[File, ...] = ()
    state: Status = "open"
    assigned_to: tuple[str, str | None] | None = None
    by_api: bool = False
    redacted: bool = False
    changed_at: float = 0.0
    metadata: dict[str, Any] = field(default_factory=dict)
    ticket_state: tuple[str, str] | None = None


@dataclass(slots=True, kw_only=True)
class TicketFace:
    """What makes a conversation a ticket: its number, type, attributes and state (a category)."""

    number: str
    type_id: str
    category: str = "submitted"
    attributes: dict[str, Any] = field(default_factory=dict)
    shared: bool = True
    linked: list[str] = field(default_factory=list)


@dataclass(slots=True, kw_only=True)
class IntercomTicket(Ticket):
    """A conversation, and a ticket too if it has a ``face``; both live under ids of one series.

    ``human``: a person wrote in it since the bot had it. ``to_admin``: the last assignment was to an admin, not to a team.
    ``over``: people had it, and gave it back.
    """

    source: Part
    parts: list[Part] = field(default_factory=list)
    contacts: list[str] = field(default_factory=list)
    status: Status = "open"
    admin_id: str | None = None
    team_id: str | None = None
    to_admin: bool = False
    human: bool = False
    over: bool = False
    deleted: bool = False
    read: bool = False
    title: str | None = None
    snoozed_until: int | None = None
    waiting_since: int | None = None
    first_reply_at: int | None = None
    custom_attributes: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, tuple[int, Author]] = field(default_factory=dict)
    rating: dict[str, Any] | None = None
    rated_admin: str | None = None
    face: TicketFace | None = None


@dataclass(slots=True, kw_only=True)
class Team:
    """A team's inbox; ``limit`` is its ``assignment_limit`` (open conversations of one agent)."""

    id: str
    name: str
    distribution: str = "manual"
    limit: int | None = None
    last: str | None = None


@dataclass(slots=True)
class AwayMode:
    """An agent's away mode: ``reassign`` sends new replies back to the team's inbox."""

    enabled: bool = False
    reassign: bool = False
    reason: str | None = None


@dataclass(slots=True)
class Window:
    """Calls in the current ten seconds."""

    number: int = -1
    count: int = 0


@dataclass(kw_only=True)
class IntercomState(DeskState[IntercomTicket]):
    """One workspace, with one app installed in it: the bot's."""

    contacts: dict[str, Contact] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    away: dict[str, AwayMode] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)
    jobs: dict[str, str | None] = field(default_factory=dict)
    opened_at: float = 0.0
    window: Window = field(default_factory=Window)
    disabled: bool = False
    series: dict[str, int] = field(default_factory=dict)

    @property
    def bot_id(self) -> str:
        """The admin id that the bot acts under."""
        return self.settings["admin_id"]

    def on(self, name: str) -> bool:
        """True if a yes/no setting is on."""
        return self.settings[name].strip().lower() in ("yes", "true", "on", "1")

    def next_id(self, series: str) -> str:
        """The next id of a series (``conversation``, ``part``, ``message``, ``ticket``): they grow, so parts sort by them."""
        self.series[series] = self.chance.following(self.series.get(series, 0))
        return str(self.series[series])

    def conversation(self, id: object) -> IntercomTicket | None:
        """The conversation or ticket with this id, unless it was deleted."""
        ticket = self.chats.get(str(id))
        return None if ticket is None or ticket.deleted else ticket

    def contact(self, id: object) -> Contact | None:
        """A contact by id; merged and archived ones do not resolve."""
        found = self.contacts.get(str(id))
        return None if found is None or found.archived else found

    def seat(self, admin_id: object) -> tuple[str, Seat] | None:
        """Key and seat of the agent with this admin id."""
        return next(((key, seat) for key, seat in self.seats.items() if seat.id == str(admin_id)), None)

    def admin(self, admin_id: object) -> Author | None:
        """An admin as an author: an agent, or the bot's own seat."""
        if str(admin_id) == self.bot_id:
            return Author("admin", self.bot_id, self.settings["admin_name"], self.settings["admin_email"])
        found = self.seat(admin_id)
        if found is None:
            return None
        agent = found[1].agent
        return Author("admin", found[1].id, agent.name, agent.email or f"{agent.key}@support.example")

    @property
    def operator(self) -> Author:
        """Intercom's own bot, which writes what nobody wrote."""
        name = f"operator+{self.settings['app_id']}@intercom.io"
        return Author("bot", self.settings["operator_id"], "Operator", name)

    def team_named(self, name: str) -> Team | None:
        """A team by name or id."""
        return self.teams.get(name) or next((team for team in self.teams.values() if team.name == name), None)


def uuid(chance: Stream) -> str:
    """A random UUID (version 4) from the stream."""
    digits = chance.hex(32)
    digits = f"{digits[:12]}4{digits[13:16]}{'89ab'[int(digits[16], 16) % 4]}{digits[17:]}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))
