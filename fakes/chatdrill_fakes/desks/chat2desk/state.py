"""What the fake of Chat2Desk remembers: clients, dialogs with their requests, messages, webhooks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

from chatdrill.model import File, Owner
from chatdrill.wire import Bucket, DeskState, Hook, Ticket

Kind = Literal["from_client", "to_client", "autoreply", "comment", "system"]
CALLS_PER_MIN = 300
_FIRST_IDS = {"client": 6, "dialog": 6, "request": 7, "message": 8, "operator": 5, "webhook": 4, "ticket": 4}
"""How many digits the first id of a kind has."""


@dataclass(slots=True)
class Client:
    """A person on a channel. ``phone`` is what the channel knows them by: the digits of a number, or the id of an external
    channel (``by_id``); ``spelled`` how calls wrote it. ``dialog`` is the id of theirs, once there was a word."""

    id: str
    phone: str
    transport: str
    channel_id: str
    fields: dict[str, Any] = field(default_factory=dict)
    tags: list[str] = field(default_factory=list)
    blacklisted: bool = False
    by_id: bool = False
    dialog: str | None = None
    spelled: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """What operators call them."""
        return str(self.fields.get("assigned_name") or self.fields.get("nickname") or "")


@dataclass(slots=True)
class Request:
    """One case inside a dialog; ``away_told``: the automatic answer of the closed office was given."""

    id: str
    open: bool = True
    tags: list[str] = field(default_factory=list)
    away_told: bool = False


@dataclass(slots=True)
class Message:
    """A message as the API shows it. ``operator`` is the id of the account that wrote it."""

    id: str
    dialog: str
    request: str
    kind: Kind
    text: str
    at: float
    operator: str | None = None
    files: tuple[File, ...] = ()
    coordinates: str | None = None
    external_id: str | None = None
    extra: dict[str, Any] = field(default_factory=dict)
    read: bool = False
    status: str | None = None


@dataclass(slots=True, kw_only=True)
class Dialog(Ticket):
    """A client's thread in a channel; ``is_open`` means that it lies before the operators.

    ``confirmed``: a person has it for certain, by taking it, by writing or by a completed transfer; an automatic assignment
    does not say so. ``ended``: a human part was over. ``rates`` is whom the answer to a running survey is about.
    """

    client: Client
    is_open: bool = False
    confirmed: bool = False
    ended: bool = False
    surveyed: bool = False
    rates: str | None = None
    ended_at: float | None = None
    requests: list[Request] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)

    @property
    def owner(self) -> Owner:
        """Who may speak."""
        if not self.is_open:
            return "bot"
        return "agent" if self.assignee is not None and self.confirmed else "queue"

    @property
    def request(self) -> Request | None:
        """The last request, open or not."""
        return self.requests[-1] if self.requests else None


@dataclass(kw_only=True)
class Chat2DeskState(DeskState[Dialog]):
    """One account with one channel.

    ``numbers`` leads from what a channel knows of a person to the client. ``hooks`` are the webhooks by id, ``hook_names`` their names and ``hook_channels`` the channels they are bound to.
    ``uploads`` are the files behind links, ``statuses`` the numbers operators were given by ``status_id``.
    """

    clients: dict[str, Client] = field(default_factory=dict)
    numbers: dict[tuple[str, str, bool], str] = field(default_factory=dict)
    messages: dict[str, Message] = field(default_factory=dict)
    hooks: dict[str, Hook] = field(default_factory=dict)
    hook_names: dict[str, str] = field(default_factory=dict)
    hook_channels: dict[str, tuple[str, ...]] = field(default_factory=dict)
    uploads: dict[str, File] = field(default_factory=dict)
    statuses: dict[str, int] = field(default_factory=dict)
    documents: dict[str, dict[str, Any]] = field(default_factory=dict)
    calls: Bucket = field(default_factory=lambda: Bucket(per_s=CALLS_PER_MIN / 60, burst=CALLS_PER_MIN))
    month: str = ""
    calls_this_month: int = 0
    updates_made: int = 0
    last_ids: dict[str, int] = field(default_factory=dict)

    def on(self, setting: str) -> bool:
        """True if a yes-or-no setting says yes."""
        return self.settings[setting].strip().lower() in ("yes", "true", "1", "on")

    def new_id(self, kind: str) -> str:
        """The next number of a kind; numbers grow, with gaps, for other accounts get some too."""
        last = self.last_ids.get(kind) or int(self.chance.digits(_FIRST_IDS[kind]))
        self.last_ids[kind] = self.chance.following(last, self.chance.randint(1, 9))
        return str(self.last_ids[kind])

    def dialog_of(self, client: Client) -> Dialog | None:
        """The dialog of a client, if there was a word yet."""
        return None if client.dialog is None else self.tickets.get(client.dialog)

    def client_by(self, phone: str, transport: str, *, by_id: bool = False) -> Client | None:
        """The client that a channel knows by this number or id."""
        return self.clients.get(self.numbers.get((phone, transport, by_id), ""))

    def load_of(self, agent: str) -> int:
        """How many open dialogs an agent has."""
        return sum(dialog.is_open and dialog.assignee == agent for dialog in self.tickets.values())

    def capacity_of(self, agent: str) -> int:
        """How many an agent may have."""
        return int(self.settings["max_open_dialogs"]) or self.seats[agent].agent.capacity

    def teams(self) -> list[str]:
        """The operators' groups, in the order they were seen; their ids count from 1."""
        return list(dict.fromkeys(seat.agent.team for seat in self.seats.values() if seat.agent.team))

    def operator_id(self, agent: str | None) -> int | None:
        """The number of an agent's account."""
        return None if agent is None else int(self.seats[agent].id)
