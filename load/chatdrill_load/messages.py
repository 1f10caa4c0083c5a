"""What a Locust process and its crowd tell each other: msgpack values behind their length, over a socket.

Orders go to the crowd, news come back. Both sides are ours and of one version.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

_LENGTH = 4  # bytes
SLOWEST = 10
"""So many of the slowest conversations are kept, whatever came of them."""


class Job(msgspec.Struct, frozen=True, kw_only=True):
    """What is played, against which bot: the first message. ``flags`` are settings as on the command line, ``folder`` the
    working folder, ``paths`` scenario files and folders; ``words``, ``tags`` and ``only`` choose among their cases. ``index`` is the
    number of the worker, ``out`` the folder for traces, ``keep`` every how manyth good conversation is kept (0: none),
    ``settings`` the settings file where it is not the usual one. ``doors`` is how many crowds there are, and ``key`` a word that only they know.
    ``door_port`` is where they reach this one (0: any free port). ``own_machine``: no other crowd is on this machine, so it has the port of
    the settings. ``own_target``: the user owns a bot that is not on this machine."""

    flags: dict[str, Any]
    folder: str
    paths: list[str]
    seed: int
    out: str
    words: str | None = None
    tags: list[str] = []
    only: list[str] = []
    index: int = 0
    keep: int = 100
    settings: str | None = None
    doors: int = 1
    key: str = ""
    door_port: int = 0
    own_machine: bool = False
    own_target: bool = False

    @property
    def leads(self) -> bool:
        """True for the crowd that brings up the bot, where there are several."""
        return self.index == 0


# ------------------------------------------------------------------------------------------------------------ orders


class _Order(msgspec.Struct, frozen=True, kw_only=True, tag_field="order"):
    """Something that the Locust process wants."""


class Open(_Order, frozen=True, tag="open"):
    """Open the fakes and bring up the bot."""

    job: Job


class Choice(msgspec.Struct, frozen=True):
    """Which cases: those of the scenario files ``paths`` (none: all), whose id contains ``words``. ``personas`` take the place of
    the scenarios' own, each as often as its number says."""

    paths: tuple[str, ...] = ()
    words: str = ""
    personas: tuple[tuple[str, int], ...] = ()


class Play(_Order, frozen=True, tag="play"):
    """Play one conversation of a case of ``choice``, and say when it is over."""

    ticket: int
    choice: Choice = Choice()


class Arrive(_Order, frozen=True, tag="arrive"):
    """Let customers arrive by a plan, of which this is the share ``index`` of ``count``; at most ``customers_max`` at once (0: as many
    as come), the others wait outside. Nobody comes after ``until_s``, seconds from now."""

    plan: str
    index: int = 0
    count: int = 1
    customers_max: int = 0
    until_s: float | None = None
    choice: Choice = Choice()


class Meet(_Order, frozen=True, tag="meet"):
    """Where the other crowds are, by index; where the bot takes its webhooks, and where it was told that the fakes are, by platform or
    desk."""

    doors: dict[int, tuple[str, int]]
    webhooks: dict[str, str]
    told_urls: dict[str, str] = {}


class Rest(_Order, frozen=True, tag="rest"):
    """Let nobody come any more; who talks goes on, and the bot is still needed."""


class Stop(_Order, frozen=True, tag="stop"):
    """Let nobody come any more; who talks may finish within ``patience_s`` real seconds."""

    patience_s: float


Order = Open | Play | Arrive | Meet | Rest | Stop


# -------------------------------------------------------------------------------------------------------------- news


class _News(msgspec.Struct, frozen=True, kw_only=True, tag_field="news"):
    """Something that the crowd has to tell."""


class Opened(_News, frozen=True, tag="opened"):
    """The fakes stand. ``problems`` says why the bot of a platform cannot be reached; ``cases`` are the ids of what is played, ``door`` where
    the other crowds reach this one, ``webhooks`` where the bot takes them, ``urls`` where it reaches the fakes, ``began`` the machine's monotonic clock when the run's
    seconds began to count."""

    url: str
    variables: dict[str, str]
    cases: list[str]
    problems: dict[str, str] = {}
    door: tuple[str, int] | None = None
    webhooks: dict[str, str] = {}
    urls: dict[str, str] = {}
    began: float = 0.0


class Row(msgspec.Struct, frozen=True, array_like=True):
    """What one of Locust's statistics gains: ``times`` counts response times in whole ms, ``failures`` errors by
    their text, ``seconds`` requests by Unix second, ``failed_seconds`` failures by Unix second."""

    type: str
    name: str
    count: int
    total_ms: float
    least_ms: float
    most_ms: float
    times: dict[int, int]
    failures: dict[str, int]
    seconds: dict[int, int]
    failed_seconds: dict[int, int]


class Now(msgspec.Struct, frozen=True, kw_only=True):
    """How it stands: conversations that are open, customers who wait for an answer, who wait outside as ``customers_max`` are in;
    ``lag_s`` is how late the crowd is at worst in this interval, ``arrived``, ``ended``, ``failed`` and ``abandoned`` (by their
    customer) count since the beginning. ``arrivals_t`` is when the plan of arrivals began, in seconds of the run."""

    open: int = 0
    waiting: int = 0
    outside: int = 0
    arrived: int = 0
    ended: int = 0
    failed: int = 0
    abandoned: int = 0
    lag_s: float = 0.0
    arrivals_t: float = 0.0


Place = tuple[int, int]
"""Where a conversation stands in a trace: the first byte, and how many there are."""


class Bad(msgspec.Struct, frozen=True):
    """A conversation that failed: its name in the trace that holds its transcript, and why. ``place`` is ``None`` where it was not
    written."""

    case: str
    problem: str
    trace: str
    place: Place | None = None


class Slow(msgspec.Struct, frozen=True):
    """One of the slowest conversations: the seconds that its slowest answer took, and where it stands."""

    case: str
    seconds: float
    trace: str
    place: Place | None = None


class Handed(msgspec.Struct, frozen=True, array_like=True):
    """A handoff: when the customer began to wait for a person (real seconds since the run began), and how long a person had them;
    ``None`` where that was not seen to its end."""

    asked_t: float
    handled_s: float | None


class Tick(_News, frozen=True, tag="tick"):
    """What happened since the last one: rows for Locust, the figures with their histograms, packed, conversations that failed or are
    among the slowest, handoffs, and in sentences what could not be written down."""

    now: Now
    rows: list[Row]
    figures: bytes
    bad: list[Bad] = []
    handoffs: list[Handed] = []
    slow: list[Slow] = []
    lost: list[str] = []


class Ended(_News, frozen=True, tag="ended"):
    """A conversation that was asked for by ``Play`` is over; ``problem`` says what was wrong with it."""

    ticket: int
    took_s: float
    verdict: str
    problem: str | None = None


class Failed(_News, frozen=True, tag="failed"):
    """The crowd cannot go on. ``usage`` is true for what the user can mend."""

    what: str
    usage: bool = False


class BotGone(_News, frozen=True, tag="bot_gone"):
    """The bot was there and is not any more; ``why`` says it in a sentence."""

    why: str


class Finished(_News, frozen=True, tag="finished"):
    """All is over; the last message. ``broken_off`` conversations had not come to their end."""

    broken_off: int = 0


News = Opened | Tick | Ended | Failed | BotGone | Finished

_pack = msgspec.msgpack.Encoder().encode
read_order = msgspec.msgpack.Decoder(Order).decode
read_news = msgspec.msgpack.Decoder(News).decode


def frame(message: Order | News) -> bytes:
    """A message as it goes over the socket."""
    body = _pack(message)
    return len(body).to_bytes(_LENGTH, "big") + body


class Frames:
    """Cuts a stream of bytes into the bodies of messages."""

    def __init__(self) -> None:
        self._left = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The messages that are whole now."""
        self._left += data
        while len(self._left) >= _LENGTH:
            end = _LENGTH + int.from_bytes(self._left[:_LENGTH], "big")
            if len(self._left) < end:
                return
            yield bytes(self._left[_LENGTH:end])
            del self._left[:end]
