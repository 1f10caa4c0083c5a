"""The contract between a messenger platform and everything else.

A platform is pure. It turns acts into updates, updates into signed requests, the bot's requests into answers and
effects; all it remembers lies in a ``ChannelState``. It opens no socket, reads no clock and draws no chance of its own:
the time is an argument, the randomness a stream inside the state. So the same wire serves asyncio, a load engine,
Hypothesis and a unit test.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol, TypeVar

import msgspec

from chatdrill.model import Act, AgentAct, Customer, DeskEvent, Effect
from chatdrill.seeds import Stream
from chatdrill.wire.http import HttpFailure, HttpRequest, HttpResponse
from chatdrill.wire.retries import Retry
from chatdrill.wire.sockets import Accept, Push
from chatdrill.wire.state import ChannelState, Update

# ------------------------------------------------------------------------------------- what a platform declares


@dataclass(frozen=True)
class Setting:
    """A value a user may set for a channel: a token, a secret, an account id.

    ``env`` names the variable that a bot reads (``chatdrill env`` prints it, and a bot's command gets it); the same
    name prefixed by ``CHATDRILL_`` sets it for the harness. ``secret`` values are kept out of traces.
    """

    name: str
    default: str
    help: str
    env: str
    secret: bool = False


@dataclass(frozen=True)
class Limit:
    """A number of the vendor's, with its unit and where it stands: ``source`` is the vendor's page and its date."""

    name: str
    value: float
    unit: str
    source: str


@dataclass(frozen=True)
class Coverage:
    """How faithfully one method or event of the vendor is emulated; ``proof`` names the test that shows it."""

    name: str
    status: Literal["supported", "partial", "refused"]
    proof: str = ""
    note: str = ""


@dataclass(frozen=True)
class Capabilities:
    """What a customer and a bot can say and do here.

    ``customer_parts`` and ``bot_parts`` name parts (``text``, ``media.photo``, ``keyboard.inline`` ...), ``acts`` the
    acts of the customer. ``lacks`` says what is missing and what happens instead: it is the text of the error.
    """

    customer_parts: frozenset[str]
    bot_parts: frozenset[str]
    acts: frozenset[str]
    events: frozenset[str] = frozenset()
    lacks: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Delivery:
    """How a platform delivers webhooks.

    ``order`` ``strict``: an update waits until the one before it in its lane was accepted or dropped; ``first_try``: it
    waits for the first attempt only. ``registered_by``: who says where webhooks go, the ``bot`` itself by a call (or it
    polls instead) or its ``owner`` in the vendor's console. ``batch_max`` is the vendor's maximum of updates in one request;
    ``concurrency_max`` the connections open to the bot at once. A redelivery is byte-identical, unless the platform is
    ``wire.Resending``. Where webhooks are ``dated``, the date and its proof stand in the address of each try, and no bot is
    asked to refuse an old one. Where requests have an id beside that of what they tell of, ``id_header`` is the header with
    it: the vendor may tell the same again in a new request.
    """

    ack_timeout_s: float
    success: Literal["2xx", "200"]
    retry: Retry
    order: Literal["strict", "first_try"]
    concurrency_max: int
    batch_max: int = 1
    registered_by: Literal["bot", "owner"] = "owner"
    source: str = ""
    id_header: str | None = None
    dated: bool = False


# --------------------------------------------------------------------------------------- what passes in and out


class Ack(msgspec.Struct, frozen=True):
    """What the bot's answer to a webhook means.

    ``calls`` are requests the bot put into its answer (Telegram's method in the reply). ``retry_after_s`` overrides the
    schedule's pause, ``attempts_max`` its number of attempts: 1 says that after such an answer the vendor does not try again.
    ``error`` is the vendor's wording of what went wrong.
    """

    ok: bool
    error: str | None = None
    retry_after_s: float | None = None
    attempts_max: int | None = None
    calls: tuple[HttpRequest, ...] = ()


class Call(msgspec.Struct, frozen=True):
    """One request of the bot, named as the vendor names it.

    ``arguments`` are what it asked for, without secrets and file contents. ``support`` is how far chatdrill emulates the
    method; ``refused`` and ``unknown`` ones are answered with the vendor's error, loudly. ``remarks`` are sentences, each with its source,
    about what the platform let pass although its reference asks for something else.
    """

    method: str
    to: str | None = None
    arguments: Mapping[str, Any] = {}
    ok: bool = True
    error: str | None = None
    support: Literal["supported", "partial", "refused", "unknown"] = "supported"
    note: str | None = None
    remarks: tuple[str, ...] = ()


class Later(msgspec.Struct, frozen=True):
    """Something the platform or desk itself will do ``after_s`` drill seconds from now: a receipt, an echo."""

    after_s: float
    to: str
    act: Act | AgentAct


@dataclass(frozen=True)
class Hold:
    """A long poll: answer when an update arrives or after ``timeout_s`` (real seconds). ``token`` is the platform's."""

    timeout_s: float
    token: int = 0


@dataclass(frozen=True)
class Fetch:
    """The platform must read ``urls`` (that the bot named) before it can answer, or ask the bot something at a new address: ``requests``."""

    urls: tuple[str, ...]
    timeout_s: float = 10.0
    size_max_bytes: int = 50 * 1024 * 1024
    requests: tuple[HttpRequest, ...] = ()


@dataclass(frozen=True)
class Deliver:
    """The bot must be told ``updates`` first, by its webhook like everything else: answer when each was accepted or given up, or after
    ``timeout_s`` (real seconds). What the bot said to them ``read_ack`` is told."""

    updates: tuple[Update, ...]
    timeout_s: float


@dataclass(frozen=True)
class Fetched:
    """What reading a URL gave.

    ``error`` is one word for what went wrong (``refused``, ``timeout``, ``status 404``, ``too big``), or
    ``unreachable`` for an address outside the loopback, which the harness never visits: the platform then takes the
    file on trust. ``status`` is the HTTP status, 0 where no answer came.
    """

    content: bytes = b""
    content_type: str = ""
    error: str | None = None
    status: int = 0


class Exchange(msgspec.Struct, frozen=True):
    """One request of the bot, as often as it takes to answer it.

    ``now`` is the drill time of the listener; a chat may be ahead of it (``Chat.at``). ``resumed`` is the ``Hold`` or ``Deliver``
    that ended (``timed_out`` or not), ``fetched`` what a ``Fetch`` brought. ``source`` tells a request over the wire from one
    inside a webhook's answer. ``base_url`` is how the bot reached this platform: media links start with it.
    """

    request: HttpRequest
    now: float
    base_url: str = ""
    source: Literal["http", "webhook_answer"] = "http"
    fetched: Mapping[str, Fetched] = {}
    resumed: Hold | Deliver | None = None
    timed_out: bool = False


class Handled(msgspec.Struct, frozen=True):
    """What became of an exchange.

    One of ``response``, ``wait`` and ``accept`` is set. A platform returns ``wait`` before it has changed anything (but for what is in
    the updates of a ``Deliver``); the listener then asks again with the result. ``accept`` opens the WebSocket that was asked for, ``pushes`` go over open ones. ``effects`` is what a
    platform did for the bot, ``events`` what became true at a desk.
    """

    response: HttpResponse | None = None
    call: Call | None = None
    effects: tuple[Effect, ...] = ()
    later: tuple[Later, ...] = ()
    wait: Hold | Fetch | Deliver | None = None
    events: tuple[DeskEvent, ...] = ()
    accept: Accept | None = None
    pushes: tuple[Push, ...] = ()


S = TypeVar("S", bound=ChannelState[Any])


class Service(Protocol[S]):
    """What a platform and a desk have in common: a vendor's API to be called, and webhooks to be sent.

    ``name`` is the word users type (``telegram``), ``title`` how the vendor writes it. ``hosts`` are the vendor's host names that
    it stands for (``chatdrill exec``), none where the vendor is whoever runs the server; ``*.vendor.example`` is any one label
    before the rest, as of a customer's own account.
    """

    name: str
    title: str
    hosts: tuple[str, ...]
    settings: tuple[Setting, ...]
    limits: tuple[Limit, ...]
    delivery: Delivery
    coverage: tuple[Coverage, ...]

    def open(self, settings: Mapping[str, str], chance: Stream) -> S:
        """A fresh account of the bot. ``settings`` has a value for every declared ``Setting``."""

    def environment(self, state: S, base_url: str) -> dict[str, str]:
        """The variables a bot needs to be pointed at this fake: tokens, secrets and the API root."""

    def claims(self, request: HttpRequest, state: S) -> bool:
        """True if a request that names no service, or a host that several share, is meant for this one."""

    def handshake(self, state: S) -> HttpRequest | None:
        """The request by which the vendor checks a webhook's address before it uses it, if it does that."""

    def read_handshake(self, state: S, response: HttpResponse | HttpFailure) -> str | None:
        """What is wrong with the answer to ``handshake``, or ``None`` if the address is accepted."""

    def request(self, state: S, updates: Sequence[Update], now: float) -> HttpRequest:
        """The signed webhook that carries ``updates`` (at most ``delivery.batch_max``), all of one ``Hook``."""

    def read_ack(self, state: S, updates: Sequence[Update], answer: HttpResponse | HttpFailure, now: float) -> Ack:
        """What the bot's answer to a webhook means."""

    def refusal(self, state: S, status: int, retry_after_s: int | None) -> HttpResponse:
        """How the vendor words an answer with this HTTP ``status``, whatever the call: an injected fault looks so."""

    def handle(self, state: S, exchange: Exchange) -> Handled:
        """Answer a request of the bot. Never raises for anything a bot may send."""


class Platform(Service[S], Protocol[S]):
    """A messenger."""

    capabilities: Capabilities

    def join(self, state: S, customer: Customer, ahead_s: float) -> str:
        """Give a customer an account; returns the address (chat id, ``wa_id``, PSID)."""

    def encode(self, state: S, to: str, act: Act, now: float) -> Sequence[Update]:
        """What the bot is told of an act of (or upon) the customer ``to``; nothing where the platform tells nothing.

        ``now`` is the drill time in that chat. Updates the bot did not subscribe to are left out. Raises ``Unsupported``
        for an act or part that the platform does not know.
        """
