"""What the fake remembers of telephone calls and queues."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from msgspec import Struct


class Gathering(Struct, frozen=True, kw_only=True):
    """A ``Gather`` that listens: where what it hears goes to (absolute), and what ends it. ``hears`` has ``dtmf`` and ``speech``."""

    url: str
    method: str
    hears: frozenset[str]
    digits_max: int | None
    finish: str
    on_empty: bool


class Place(Struct, frozen=True, kw_only=True):
    """A place in a queue. ``wait`` is the document that is asked for in rounds, ``action`` where it is told how the place was left: an address
    and a method each. ``rest`` are the verbs behind the ``Enqueue``, ``base`` the address of their document."""

    queue: str
    since: float
    wait: tuple[str, str] | None
    action: tuple[str, str] | None
    rest: tuple[Any, ...]
    base: str


class Wish(Struct, frozen=True, kw_only=True):
    """That a recording is told at an address: of which ``events`` (``in-progress``, ``completed``, ``absent``)."""

    url: str
    method: str
    events: frozenset[str]


class Dialing(Struct, kw_only=True):
    """A ``Dial`` that rings, or through which two talk. ``sid`` is the other end's call, ``partner`` that of a caller out of a queue; ``star``: the
    caller can end it by that key. ``action`` is an address and a method, ``rest`` and ``base`` are as in ``Place``."""

    sid: str
    queue: str
    star: bool
    is_recorded: bool
    wish: Wish | None
    action: tuple[str, str] | None
    rest: tuple[Any, ...]
    base: str
    answered_at: float | None = None
    partner: str = ""


class Taping(Struct, kw_only=True):
    """A ``Record`` that listens: ``words`` are what was said so far. ``finish`` has the keys that end it, ``longest_s`` is how much fits."""

    since: float
    finish: str
    longest_s: int
    wish: Wish | None
    action: tuple[str, str]
    rest: tuple[Any, ...]
    base: str
    words: list[str] = []


class Recording(Struct, frozen=True, kw_only=True):
    """What was recorded in a call; ``source`` is ``RecordVerb`` or ``DialVerb``."""

    sid: str
    call: str
    made_at: float
    seconds: int
    source: str


class Queue(Struct, kw_only=True):
    """A queue, made when first somebody enters it. ``members`` are calls of this drill, the first in line first; ``dialers`` those that dial
    it while nobody is there."""

    sid: str
    name: str
    made_at: float
    size_max: int
    members: list[str] = []
    dialers: list[str] = []
    waited_s: float = 0.0
    served: int = 0


class PhoneCall(Struct, kw_only=True):
    """One call of a customer's. ``caller`` is what the bot is told of their number; ``chat`` their address.

    ``base`` is the document that plays, ``script`` what is still to happen in it. ``turn`` counts scripts: what was planned for an older
    one does not happen. ``dialer`` is the call that took this one out of a queue. ``awaits`` is the request whose answer counts, ``asks`` where it went, ``asked`` how many there were.
    """

    sid: str
    chat: str
    caller: str
    made_at: float
    base: str
    forwarded_from: str = ""
    status: str = "ringing"
    answered_at: float | None = None
    ended_at: float | None = None
    script: tuple[Any, ...] = ()
    turn: int = 0
    asked: int = 0
    awaits: int = 0
    asks: str = ""
    said: int = 0
    gathering: Gathering | None = None
    place: Place | None = None
    with_agent: bool = False
    dialer: str = ""
    dial: Dialing | None = None
    tape: Taping | None = None

    @property
    def is_over(self) -> bool:
        """True once somebody has hung up."""
        return self.ended_at is not None


@dataclass(slots=True)
class Line:
    """All calls and queues of an account, and the calls of each customer by address. ``ahead`` is how many strangers wait before each customer
    (address: number), ``average_s`` what the bot is told of the usual wait. Customers do not wait behind each other: what one hears must not
    depend on who else is played."""

    calls: dict[str, PhoneCall] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    queues: dict[str, Queue] = field(default_factory=dict)
    by_chat: dict[str, list[PhoneCall]] = field(default_factory=dict)
    ahead: dict[str, int] = field(default_factory=dict)
    average_s: dict[str, int] = field(default_factory=dict)

    def add(self, call: PhoneCall) -> None:
        """A customer calls."""
        self.calls[call.sid] = call
        self.by_chat.setdefault(call.chat, []).append(call)

    def of(self, chat: str) -> PhoneCall | None:
        """The newest call that a customer is in, if any."""
        return next((call for call in reversed(self.by_chat.get(chat, ())) if not call.is_over), None)
