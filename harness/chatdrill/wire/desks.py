"""The contract between a helpdesk and everything else: that of a platform, with agents instead of customers.

A desk is pure. It answers the bot's calls, lets agents act, and tells the bot of it by signed webhooks that it puts into the
outbox of its state. Whatever becomes true at the desk it reports as events, whoever caused it; who owns a conversation is
read from its state (``owner``), never from what the bot claims.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Generic, Literal, Protocol, TypeVar, runtime_checkable

import msgspec

from chatdrill.model import Agent, AgentAct, Customer, DeskEvent, Entry, Owner, Presence, TicketState
from chatdrill.wire.arguments import Upload
from chatdrill.wire.contract import Later, Service
from chatdrill.wire.http import HttpRequest, HttpResponse
from chatdrill.wire.state import ChannelState, Thread, Update


@dataclass(frozen=True)
class DeskCapabilities:
    """What agents can do here, and how a conversation is handed over.

    ``acts`` are the tags of agent acts (``reply``, ``edit_reply``, ``snooze`` ...); ``lacks`` says what is missing and what
    happens instead: it is the text of the error. ``mirrors``: the bot shows the desk every conversation from its first word,
    and handing over means moving it to the queue. ``survey``: who asks for a rating, the ``desk`` on a page of its own, the
    desk by a ``message`` that the bot passes on, the ``bot``, or nobody. ``reopens``: what a customer's message after the
    end does to the ticket: it opens the same one again, or a new one is needed. ``retries_hooks``: a lost webhook is sent
    again.
    """

    acts: frozenset[str]
    lacks: Mapping[str, str] = field(default_factory=dict)
    mirrors: bool = False
    survey: Literal["page", "message", "bot", "none"] = "none"
    reopens: Literal["same", "new"] = "new"
    retries_hooks: bool = True
    media: Literal["upload", "url", "both"] = "both"


@dataclass(slots=True, kw_only=True)
class Ticket(Thread):
    """What agents work in: a ticket, a conversation, a talk. ``address`` is its id as the bot and the agents name it.

    ``assignee`` is the key of the agent who has it. A vendor's own ticket extends this by its own fields.
    """

    contact: str | None = None
    state: TicketState = "new"
    assignee: str | None = None
    team: str | None = None
    entries: list[Entry] = field(default_factory=list)
    made_at: float = 0.0
    changed_at: float = 0.0


@dataclass(slots=True, kw_only=True)
class Seat:
    """An agent's account at the desk. ``id`` is the vendor's id of the user."""

    agent: Agent
    id: str
    presence: Presence = "online"


T = TypeVar("T", bound=Ticket)
Forgery = Literal["unsigned", "wrong", "stale"]
Caller = Callable[[HttpRequest], HttpResponse]


@dataclass(kw_only=True)
class DeskState(ChannelState[T], Generic[T]):
    """One account at a helpdesk: its tickets (``chats``, by id) and its agents, by key.

    What an agent's act causes later lies in ``planned`` until somebody takes it, and so does in ``effects`` what it did on
    the platform that a ``Resident`` lives on. ``ahead_s`` of a ticket is set by whoever links it to a customer's chat. A
    desk's ``Update.hook`` says where it goes.
    """

    seats: dict[str, Seat] = field(default_factory=dict)
    planned: list[Later] = field(default_factory=list)

    @property
    def tickets(self) -> dict[str, T]:
        """The tickets by id."""
        return self.chats

    def agent_by_id(self, id: str) -> str | None:
        """The key of the agent whose account has this id."""
        return next((key for key, seat in self.seats.items() if seat.id == id), None)


S = TypeVar("S", bound=DeskState[Any])


class Desk(Service[S], Protocol[S]):
    """A helpdesk; its ``open`` gives an account without agents and tickets.

    ``Handled.events`` says what a call of the bot made true. An update about a ticket has its id in ``to``.
    """

    capabilities: DeskCapabilities

    def hire(self, state: S, agent: Agent) -> None:
        """Give an agent an account (a ``Seat``); again for a known key changes nothing."""

    def act(self, state: S, ticket: str, act: AgentAct, now: float) -> Sequence[DeskEvent]:
        """An agent does something with a ticket; webhooks about it go to the outbox. ``now`` is the ticket's drill time.

        Raises ``Unsupported`` for what agents cannot do here, ``UsageError`` for what cannot be now (no such ticket, nothing
        to accept).
        """

    def owner(self, state: S, ticket: str) -> Owner:
        """Who may speak in this ticket, by the desk's state alone; ``bot`` for a ticket that nobody knows."""

    def forge(self, state: S, request: HttpRequest, how: Forgery, now: float) -> HttpRequest:
        """The same webhook as somebody would send it who does not know the secret, or who kept an old one."""

    def dropped(self, state: S, updates: Sequence[Update], now: float) -> Sequence[DeskEvent]:
        """What the desk does when it gives a webhook up."""


@runtime_checkable
class Resident(Desk[S], Protocol[S]):
    """A helpdesk that is a part of a platform: the vendor's own inbox, into which the same conversations come.

    ``host`` names the platform. A ticket is a chat there and has its address; the bot calls the platform and is told by the
    platform's webhooks, so the desk's own outbox stays empty: an act of the platform that an agent causes is ``planned``.
    ``part_of_host`` has patterns for that part of the platform's traffic which is the desk's, as faults name it: ``api`` for
    the last part of a path, ``webhook`` for the kind of an update.
    """

    host: str
    part_of_host: Mapping[str, str]

    def move_in(self, state: S, host: Any) -> None:
        """Share the state of the platform from now on. Called once, before anything happens."""

    def notice(self, state: S, address: str, now: float) -> Sequence[DeskEvent]:
        """What has become true since the last time by what happened in a chat of the platform, whoever caused it."""


class Told(msgspec.Struct, frozen=True):
    """What a bot learns from a webhook of a desk, in words that no vendor owns."""

    kind: Literal["reply", "note", "accepted", "closed", "edited", "deleted", "typing", "other"]
    ticket: str | None = None
    entry_id: str | None = None
    text: str = ""
    files: tuple[str, ...] = ()


class Rehearsal(Protocol):
    """How a correct bot speaks to one desk: what the conformance kit drives the desk with.

    It is made from ``Desk.environment``, so it knows what a bot knows. ``call`` sends a request and gives the answer.
    """

    def hand_over(
        self, call: Caller, person: Customer, history: Sequence[tuple[Literal["customer", "bot"], str]]
    ) -> str:
        """Ask for a person, with the history so far; returns the ticket."""

    def relay(self, call: Caller, ticket: str, person: Customer, text: str, origin_id: str) -> HttpResponse:
        """Pass a customer's message on; returns the desk's answer to it."""

    def relay_file(self, call: Caller, ticket: str, person: Customer, file: Upload, origin_id: str) -> HttpResponse:
        """Pass a customer's file on."""

    def read_hook(self, request: HttpRequest) -> Sequence[Told]:
        """What a webhook says. Raises ``ValueError`` for one that is not the desk's."""


def strings_in(value: object) -> Iterator[str]:
    """All texts and numbers in a decoded JSON value: by these a person is recognised, whatever field the bot uses."""
    left = [value]  # and no recursion: what a bot sends may be nested as deep as it likes
    while left:
        item = left.pop()
        if isinstance(item, str):
            yield item
        elif isinstance(item, Mapping):
            left.extend(reversed([*item.values()]))
        elif isinstance(item, list | tuple):
            left.extend(reversed(item))
        elif isinstance(item, int | float) and not isinstance(item, bool):
            yield str(item)
