"""The view of one case: what a reader sees, in order, with the numbers of the records behind everything."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Literal

from chatdrill.model import Author, Button, Customer, Message, Owner, Part, part_text

Status = Literal["sent", "delivered", "read", "played", "failed"]
MarkKind = Literal[
    "day",
    "pause",
    "typing",
    "press",
    "toast",
    "event",
    "step",
    "refused",
    "trouble",
    "end",
    "cut",
    "desk",
    "owner",
    "fault",
]
Outcome = Literal["played", "met", "unmet", "skipped"]


@dataclass(frozen=True, slots=True)
class Quote:
    """The message that a message answers: who said it and what; ``n`` is its record, if it is in this case."""

    name: str
    text: str
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Version:
    """What a message said before it was changed at drill time ``until``."""

    text: str
    until: float


@dataclass(frozen=True, slots=True)
class Relays:
    """What the bot passed on in one case, by record numbers: ``replies`` has for a message to the customer the agent's entry
    that it carries, ``copies`` for an entry of a ticket the customer's message that it carries."""

    replies: Mapping[int, int]
    copies: Mapping[int, int]


@dataclass(slots=True, kw_only=True)
class Bubble:
    """One message, as the phone shows it when the case is over.

    ``customer`` is the key of the customer in whose chat it stands, ``gap_s`` drill seconds since the message before it
    in that chat. ``records`` are the numbers of all records behind it, the one that made it first. ``status`` is the
    last thing known of its fate; ``attempts`` counts the webhooks that carried it. ``pressed`` are its buttons that the
    customer pressed. ``by_press`` is true where the customer said it with a button.

    With a helpdesk: ``owner`` and ``holder`` (an agent's name) say who had the conversation. A message that an agent wrote and
    the bot passed on is the agent's, and ``relayed_s`` is how many drill seconds that took. ``copied_s`` are the drill seconds after
    which the message stood in a ticket, each time. What stands in the ``ticket`` only, the customer does not see:
    it is ``private``, or nobody passed it on (``lost``, where that is known).
    """

    author: Author
    name: str
    customer: str
    at: float
    parts: tuple[Part, ...]
    records: list[int]
    ids: tuple[str, ...] = ()
    gap_s: float | None = None
    quote: Quote | None = None
    forwarded: bool = False
    by_press: bool = False
    tag: str | None = None
    cause: Literal["step", "persona", "platform"] = "step"
    step: int | None = None
    status: Status | None = None
    error: int | None = None
    attempts: int = 0
    deleted_at: float | None = None
    versions: list[Version] = field(default_factory=list)
    reactions: dict[str, str] = field(default_factory=dict)
    pressed: list[Button] = field(default_factory=list)
    owner: Owner | None = None
    holder: str = ""
    relayed_s: float | None = None
    copied_s: list[float] = field(default_factory=list)
    ticket: str | None = None
    private: bool = False
    lost: bool = False

    @property
    def n(self) -> int:
        """The number of the record that made the message."""
        return self.records[0]

    @property
    def text(self) -> str:
        """All words of the message."""
        return "\n".join(words for part in self.parts if (words := part_text(part)))

    def offers(self, button: Button) -> bool:
        """True if the message has a button with this title."""
        message = Message(ids=("",), author="bot", parts=self.parts, at=0.0)
        return any(other.title == button.title for other in message.buttons)

    def is_pressed(self, button: Button) -> bool:
        """True if the customer pressed this button of the message."""
        return any((button.title, button.payload) == (other.title, other.payload) for other in self.pressed)


@dataclass(frozen=True, slots=True)
class Due:
    """When what a step waits for is due, in drill time: not before ``opens_at``, not after ``ends_at``."""

    opens_at: float | None
    ends_at: float | None


@dataclass(slots=True, kw_only=True)
class Mark:
    """A line between the messages: a new day, a pause, somebody typing, a toast, a step of the scenario, a refusal.

    ``due`` is given for a step about a moment. A ``desk`` mark is what became true at the helpdesk, an ``owner`` mark that
    somebody else has the conversation; ``alarm`` is true for what should not happen there. A ``fault`` mark is what chatdrill
    itself did to a delivery or a call.
    """

    kind: MarkKind
    text: str
    at: float
    records: list[int] = field(default_factory=list)
    author: Author = "platform"
    customer: str = ""
    step: int | None = None
    outcome: Outcome | None = None
    due: Due | None = None
    owner: Owner | None = None
    holder: str = ""
    alarm: bool = False

    @property
    def bad(self) -> bool:
        """True for what a reader who looks for a defect should not miss."""
        return self.alarm or self.kind in ("refused", "trouble") or self.outcome == "unmet"


Item = Bubble | Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class WireEvent:
    """A webhook sent, an update given up, or a call received.

    ``t_s`` is seconds since the case began, when it was begun; ``took_ms`` milliseconds until it was answered: both real,
    or of drill time where time is virtual. ``attempt`` counts from 1 (webhooks only). ``detail`` is what was said: the arguments of a call.
    ``desk`` is the name of the helpdesk where it was not the platform's.
    """

    n: int
    kind: Literal["webhook", "dropped", "call"]
    t_s: float
    title: str
    ok: bool
    status: int | None = None
    took_ms: float = 0.0
    attempt: int = 0
    error: str | None = None
    retry_in_s: float | None = None
    note: str | None = None
    detail: str = ""
    desk: str = ""


@dataclass(frozen=True, kw_only=True)
class View:
    """One case, readable: the chat (``items``) and the wire (``wire``).

    ``began_at`` is the run's drill time; clocks are to be read in ``zone``. ``is_virtual`` where time jumped. ``desk`` is the helpdesk behind
    the bot, if there is one; ``channels`` the platforms of those customers who are on another one than the case.
    """

    case: str
    name: str
    platform: str
    seed: int
    persona: str
    customers: dict[str, Customer]
    steps: tuple[str, ...]
    items: tuple[Item, ...]
    wire: tuple[WireEvent, ...]
    began_at: float = 0.0
    zone: str = "UTC"
    is_virtual: bool = False
    desk: str = ""
    channels: Mapping[str, str] = field(default_factory=dict)

    def at(self, event: WireEvent) -> float:
        """The drill time of an event; exact where time is virtual."""
        return self.began_at + event.t_s

    @property
    def bubbles(self) -> tuple[Bubble, ...]:
        """The messages alone."""
        return tuple(item for item in self.items if isinstance(item, Bubble))

    @cached_property
    def _places(self) -> dict[int, int]:
        return {n: place for place, item in reversed(tuple(enumerate(self.items))) for n in item.records}

    def item_of(self, n: int) -> Item | None:
        """The message or mark that the record number ``n`` stands behind."""
        place = self._places.get(n)
        return None if place is None else self.items[place]

    def item_to_accuse(self, cites: Iterable[int], step: int | None = None) -> Item | None:
        """Where a finding is pinned: what the first known record number stands behind, else the step's mark."""
        for n in cites:
            if (item := self.item_of(n)) is not None:
                return item
        if step is None:
            return None
        return next((item for item in reversed(self.items) if item.step == step), None)

    def around(self, numbers: Collection[int], *, before: int = 5, after: int = 3) -> View:
        """The same view with only what is near the given records, and steps that were not met; what is left out is counted
        in a ``cut`` mark.

        Without any known number the end is kept.
        """
        places = {self._places[n] for n in numbers if n in self._places} or {len(self.items) - 1}
        places |= {place for place, item in enumerate(self.items) if isinstance(item, Mark) and item.outcome == "unmet"}
        kept = {near for place in places for near in range(place - before, place + after + 1)}
        return replace(self, items=tuple(_cut(self.items, kept)))


def _cut(items: tuple[Item, ...], kept: Collection[int]) -> Iterable[Item]:
    left_out: list[Item] = []
    for place, item in enumerate(items):
        if place in kept:
            yield from _gap(left_out)
            yield from _day_of(left_out)
            left_out = []
            yield item
        else:
            left_out.append(item)
    yield from _gap(left_out)


def _gap(left_out: list[Item]) -> Iterable[Item]:
    messages = sum(isinstance(item, Bubble) for item in left_out)
    if messages:
        yield Mark(kind="cut", text=f"{messages} more message{'s'[: messages > 1]}", at=left_out[0].at)
    else:
        yield from left_out


def _day_of(left_out: list[Item]) -> Iterable[Item]:
    """The day on which the story goes on, if its mark was left out with messages."""
    if any(isinstance(item, Bubble) for item in left_out):
        yield from [item for item in left_out if isinstance(item, Mark) and item.kind == "day"][-1:]
