"""What the vendor's reference says of a platform, as examples: the conformance kit holds the fake to them.

All of it is data, except for how a bot checks a signature. In strings of calls, acts and answers a word in braces stands for
what is known by then: ``{to}`` the customer's address, ``{base}`` and ``{webhook}`` the two addresses, ``{now}`` whole seconds,
``{mine}`` and ``{sent}`` the last message of the customer and of the bot, every setting by its name, and what a step ``keeps``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import Act, Customer, Part
from chatdrill.wire.contract import Fetched
from chatdrill.wire.http import Headers, HttpRequest

ANNA = Customer(
    key="anna",
    first_name="Anna",
    last_name="Nowak",
    username="anna_n",
    phone="+49 151 55501234",
    email="anna@example.org",
    locale="de_DE",
)


@dataclass(frozen=True)
class Ask:
    """A call of the bot. ``body`` is sent as JSON, bytes as they stand, as a form or a mail (headers, and ``body`` or ``parts``) where the
    ``Content-Type`` of the headers says so (a list is a name of a form that comes several times), or with ``files`` (field: file name and
    kind of sample) as multipart. The header ``Basic name:password`` is sent in Base64.

    ``after`` is what has to happen before, ``wait_s`` how much later the call comes. ``keeps`` gives names to what the answer
    has at a place (``result.message_id``, ``header x-id``). ``headers`` take the place of the sheet's. ``shows`` is the name in the coverage, where
    it is finer than the call's name in the trace. ``settings`` are those of an example's account. With ``answers`` it is no call but
    stands in the bot's answer to the customer's last webhook, with these ``headers``; the path is empty.
    """

    path: str
    body: Any = None
    method: str = "POST"
    files: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    headers: Headers | None = None
    after: tuple[Step, ...] = ()
    keeps: Mapping[str, str] = field(default_factory=dict)
    wait_s: float = 0.0
    shows: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)
    answers: str = ""


@dataclass(frozen=True)
class Happens:
    """An act. A file without bytes is a sample of its kind. ``keeps`` looks into the first update; ``who`` is another
    customer, by any name."""

    act: Act
    after: tuple[Step, ...] = ()
    keeps: Mapping[str, str] = field(default_factory=dict)
    who: str = ""


Step = Ask | Happens | Act


@dataclass(frozen=True)
class Golden:
    """What the bot is told of an act, as the vendor has it; ``source`` and ``date`` say where and when that was read.

    ``payload`` is bytes (then each must be right), a value (then all but what chance makes), or with ``shape`` a value of which
    keys and types count. ``at`` is the place of the value in the update. ``arrange`` changes the fresh account so that its ids
    are those of the payload, and returns the customer's address.
    """

    name: str
    act: Act | Happens
    payload: Any
    source: str
    date: str
    at: str = ""
    shape: bool = False
    arrange: Callable[[Any, str], str] | None = None
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Refused:
    """How the vendor refuses a call: the status, what stands in the JSON body (more may), headers.

    An expected string that ends in ``...`` is a beginning. ``later`` is for calls that are accepted first: the code with which
    the message fails afterwards.
    """

    status: int
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    later: int | None = None


@dataclass(frozen=True)
class Mistake:
    """A call that the vendor refuses, by a name of our own for its error."""

    name: str
    ask: Ask
    answer: Refused
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Bound:
    """A limit that a call shows, or an act of the customer's (then nothing is ``refused``: it is ``Unsupported``): n are
    accepted, n + 1 are refused.

    ``place`` in the body (``text.body``, ``commands``) holds n of ``of``: of a string so many characters, UTF-16 units or bytes as
    the limit's unit says, of a number just n, of anything else so many in a list (``{i}`` counts them), which under ``headers.NAME``
    are so many headers. ``fixed`` of them are there anyway: what
    the fake counts beside them. Where the unit is seconds and there is no place, the call comes so much later than what
    stands before it, and after what comes ``then``.
    """

    limit: str
    ask: Ask | Happens
    refused: Refused | None
    place: str = ""
    of: Any = "x"
    fixed: int = 0
    then: tuple[Step, ...] = ()
    settings: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sheet:
    """A platform's reference as examples. ``says`` is the call that sends ``{text}``; ``believes(environment, request, now)`` is a
    correct bot's look at a webhook, which knows nothing but its environment. All else may be empty where there is nothing of the kind.

    ``opening`` brings the account to where the bot is told of everything. ``drawn`` are regular expressions of what chance makes in
    golden payloads. ``examples`` are calls that are answered well, one at least for each name of the coverage,
    ``refused`` those of what is not emulated. ``untried`` says of a limit why no call can show it. ``parts`` are a customer's
    parts that need more than the kit's own samples. ``file_key`` is the key in an update whose value, as ``{file}``, leads to a file by the calls of
    ``file_asks``. ``recoded`` are the parts whose files the vendor makes anew, ``fileless`` those whose files no bot can fetch. ``stale_after_s`` is the age from which a dated
    webhook must not be believed. ``names`` are how the coverage names what an update tells, where not by its kind (``{kind}``) or
    the event's (``{event}``). ``silent`` says of an event why the bot is not told of it at once, or never, ``told`` is what has to happen so
    that the rest of the coverage is told.
    ``webhook`` is where the bot takes what it is told, where that is not HTTP; ``unproven`` says why nothing in it proves who sent it.
    ``fetched`` says what a bot's address has where it is no file: the right answer to a handshake, if any 200 will not do.
    """

    says: Ask
    believes: Callable[[Mapping[str, str], HttpRequest, float], bool]
    customer: Customer = ANNA
    now: float = 1_795_212_345.0
    headers: Headers = ()
    settings: Mapping[str, str] = field(default_factory=dict)
    opening: tuple[Step, ...] = ()
    golden: tuple[Golden, ...] = ()
    drawn: tuple[str, ...] = ()
    examples: tuple[Ask, ...] = ()
    told: tuple[Step, ...] = ()
    refused: tuple[Ask, ...] = ()
    errors: tuple[Mistake, ...] = ()
    bounds: tuple[Bound, ...] = ()
    untried: Mapping[str, str] = field(default_factory=dict)
    parts: Mapping[str, Part | Happens] = field(default_factory=dict)
    silent: Mapping[str, str] = field(default_factory=dict)
    file_key: str = ""
    file_asks: tuple[Ask, ...] = ()
    recoded: frozenset[str] = frozenset()
    fileless: frozenset[str] = frozenset()
    stale_after_s: float | None = None
    names: tuple[str, ...] = ("{kind}",)
    fetched: Callable[[str], Fetched] | None = None
    webhook: str = ""
    unproven: str = ""
