"""The records of a trace: everything that happened in a run, in order, and nothing that somebody concluded.

``n`` is the sequence number (from 0, without gaps), ``t`` real seconds since the run began, ``at`` drill time (Unix
seconds; of the conversation where there is one). ``case`` names one scenario on one platform with one dataset row,
``conv`` one conversation in it (``case`` + ``/`` + customer). Secrets are replaced before a record is made.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from chatdrill.model import Act, Agent, Customer, DeskEvent, Effect, Sent

FORGED = "forged"
"""How the note of a webhook begins that a scenario had forged."""
BARRED_MAX = 100
"""How often a trace tells of one host that was refused; a program may try again without end."""
DEAF = "the bot has set no webhook and asks for no updates"
"""Why an update is given up that had no way to the bot."""


class _Record(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, tag_field="kind"):
    """What every record has. Records, like the values of the model, refer to nothing that refers back, so the garbage
    collector need not look at them; there are hundreds of thousands."""

    n: int
    t: float
    at: float
    case: str | None = None
    conv: str | None = None


class RunBegan(_Record, frozen=True, kw_only=True, tag="run_began"):
    """First record. ``settings`` are the effective ones without secrets; ``clock`` says how time went (real, scaled,
    virtual) and ``bot_clock``, where it was virtual, how the bot followed: in-process, preload, faketime or cooperative, and
    ``bot_clock_why`` why not better."""

    version: str
    seed: int
    clock: str
    speed: float
    bot: str
    platforms: tuple[str, ...]
    bot_clock: str | None = None
    bot_clock_why: str | None = None
    settings: dict[str, Any] = {}


class CaseBegan(_Record, frozen=True, kw_only=True, tag="case_began"):
    """A scenario starts. ``steps`` are its steps as data after variables and includes, so that it can be judged again;
    ``sla`` and ``checks`` are its parameters for the checks; ``file`` and ``line`` say where it stands, ``zone`` where its
    clocks are. ``desk`` is the helpdesk behind the bot and ``agents`` its people; ``facts`` are what the customer tells in the
    course of it, ``secrets`` the texts that must not reach the desk. ``channels`` has the platforms of those customers who are on
    another one than the case (``platform``): somebody new, or somebody known who goes on there."""

    name: str
    platform: str
    seed: int
    persona: str
    customers: dict[str, Customer]
    steps: tuple[dict[str, Any], ...]
    addresses: dict[str, str] = {}
    tags: tuple[str, ...] = ()
    row: dict[str, Any] = {}
    sla: dict[str, Any] = {}
    checks: dict[str, Any] = {}
    zone: str | None = None
    file: str | None = None
    line: int | None = None
    desk: str | None = None
    agents: dict[str, Agent] = {}
    facts: dict[str, Any] = {}
    secrets: tuple[str, ...] = ()
    channels: dict[str, str] = {}

    def is_messenger(self, name: str) -> bool:
        """True for a platform that customers of this case are on; false for the helpdesk."""
        return name == self.platform or name in self.channels.values()

    def platform_of(self, conv: str | None) -> str:
        """The platform of a conversation of this case."""
        return self.channels.get((conv or "").rpartition("/")[2], self.platform) if self.channels else self.platform

    def is_one_person(self, conv: str, other: str) -> bool:
        """True if two conversations of this case are those of one person, on two platforms."""
        one, two = (self.customers.get(each.rpartition("/")[2]) for each in (conv, other))
        return one is not None and two is not None and one.phone == two.phone and one.name == two.name


class CaseEnded(_Record, frozen=True, kw_only=True, tag="case_ended"):
    """A scenario ended: all steps were played (``done``), one was not met, it was stopped, or something broke."""

    outcome: Literal["done", "unmet", "stopped", "broken"]
    detail: str | None = None


class StepBegan(_Record, frozen=True, kw_only=True, tag="step_began"):
    """The player begins step ``step`` (index into ``CaseBegan.steps``). ``played`` is the step with captured values filled
    in, where that makes a difference. A step about a moment has it in drill time: what it expects must not come before
    ``not_before_at`` and not after ``due_at``, a pause ends at ``due_at``; ``zone`` is where its clock times are meant."""

    step: int
    played: dict[str, Any] | None = None
    not_before_at: float | None = None
    due_at: float | None = None
    zone: str | None = None


class StepEnded(_Record, frozen=True, kw_only=True, tag="step_ended"):
    """The player leaves a step: it was played, met, unmet, or skipped (optional or conditional)."""

    step: int
    outcome: Literal["played", "met", "unmet", "skipped"]
    detail: str | None = None


class Acted(_Record, frozen=True, kw_only=True, tag="acted"):
    """A customer or the platform did something. ``ids`` are the platform ids of the messages it made, ``updates`` the ids
    of the updates it put on the way. ``cause``: the scenario's ``step``, the ``persona`` (a nudge) or the ``platform``.
    ``meant_at`` is real seconds since the run began: when the customer meant to act, the start of every latency. ``blocks`` tells of an
    act that has changed whether the bot may write at all: a block, or the word that an SMS gateway takes for one; ``False``: it may again."""

    act: Act
    ids: tuple[str, ...] = ()
    updates: tuple[str, ...] = ()
    cause: Literal["step", "persona", "platform"] = "step"
    step: int | None = None
    meant_at: float | None = None
    blocks: bool | None = None


class Attempt(_Record, frozen=True, kw_only=True, tag="attempt"):
    """A webhook was sent and answered, or not. ``number`` counts from 1. ``took_s`` real seconds. ``convs`` are all the
    conversations in it, where several updates travel together. ``body`` is the exact text of the request. ``note`` says
    what chatdrill itself did to the delivery: an injected fault, a second try on a fresh connection."""

    platform: str
    updates: tuple[str, ...]
    convs: tuple[str, ...]
    number: int
    url: str
    began_t: float
    took_s: float
    status: int | None = None
    ok: bool = False
    error: str | None = None
    retry_in_s: float | None = None
    body: str | None = None
    answer: str | None = None
    note: str | None = None


class Dropped(_Record, frozen=True, kw_only=True, tag="dropped"):
    """An update was given up: expired, out of attempts, or the bot asked to drop it."""

    platform: str
    updates: tuple[str, ...]
    reason: str


class Injected(_Record, frozen=True, kw_only=True, tag="injected"):
    """A fault struck: its kind (``fault``) and ``what`` it did, to the delivery of ``updates`` or to a ``call`` of the bot.
    ``by``: a ``step`` of the scenario (or a tester's hand), or ``chance``. ``bears`` is the worst that it does to a correct bot, which
    may then be up to ``late_s`` seconds later than it would be: it is later (``time``), hears things in another order (``order``), or
    never hears or says them (``loss``)."""

    platform: str
    fault: str
    what: str
    by: Literal["step", "chance"] = "chance"
    bears: Literal["nothing", "time", "order", "loss"] = "nothing"
    late_s: float = 0.0
    updates: tuple[str, ...] = ()
    call: str | None = None


class Called(_Record, frozen=True, kw_only=True, tag="called"):
    """The bot called the platform's API. ``arguments`` are without secrets; ``answer`` is the text of the answer where it
    was an error. ``took_s`` is the time the fake needed (a long poll's wait included); ``retry_after_s`` what the header
    ``Retry-After`` of the answer said, in real seconds. ``remarks`` are what the platform let pass although its reference asks for
    something else."""

    platform: str
    method: str
    status: int
    ok: bool
    took_s: float
    support: Literal["supported", "partial", "refused", "unknown"] = "supported"
    source: Literal["http", "webhook_answer"] = "http"
    arguments: dict[str, Any] = {}
    error: str | None = None
    retry_after_s: float | None = None
    note: str | None = None
    remarks: tuple[str, ...] = ()


class Took(_Record, frozen=True, kw_only=True, tag="took"):
    """A call took effect on a conversation. ``call`` is the number of the ``Called`` record; there is none for what an agent
    did in the platform's own inbox, and for what the platform does by itself."""

    platform: str
    effect: Effect
    call: int | None = None

    @property
    def is_platforms(self) -> bool:
        """True for what the platform itself says to the customer: nobody's answer, and nobody is to blame for it."""
        return self.call is None and isinstance(self.effect, Sent) and self.effect.message.author == "platform"


class Filed(_Record, frozen=True, kw_only=True, tag="filed"):
    """Something became true at a helpdesk: the desk's truth, see ``chatdrill.model.desks``. ``by``: the bot's ``call`` (the
    number of its ``Called`` record), an ``agent`` (in ``step``, or by the persona), the ``customer`` on the desk's own pages, or
    the ``desk`` by itself."""

    desk: str
    event: DeskEvent
    by: Literal["bot", "agent", "customer", "desk"]
    call: int | None = None
    step: int | None = None


class Skipped(_Record, frozen=True, kw_only=True, tag="skipped"):
    """A scripted pause was skipped: drill time of this conversation moved on by ``seconds``."""

    seconds: float


class BotState(_Record, frozen=True, kw_only=True, tag="bot_state"):
    """The bot under test: started, ready, unreachable, exited, stopped; or it registered a webhook."""

    state: Literal["started", "ready", "unreachable", "exited", "stopped", "webhook"]
    detail: str | None = None


class BotOutput(_Record, frozen=True, kw_only=True, tag="bot_output"):
    """A line the bot printed."""

    stream: Literal["stdout", "stderr"]
    line: str


class Trouble(_Record, frozen=True, kw_only=True, tag="trouble"):
    """Something went wrong on a side that is not the bot's words: bad requests, an unreachable fake, our own bug."""

    fault: Literal["bot", "scenario", "harness", "infrastructure"]
    what: str


class Barred(_Record, frozen=True, kw_only=True, tag="barred"):
    """A program of the bot wanted to reach a host for which there is no fake, and was refused."""

    host: str
    port: int


class Stalled(_Record, frozen=True, kw_only=True, tag="stalled", omit_defaults=True):
    """Something kept virtual time from jumping; see ``chatdrill.clock.Stall``."""

    what: Literal["spin", "block", "timer", "thread", "request"]
    who: str
    every_s: float = 0.0
    late_share: float = 0.0


class RunEnded(_Record, frozen=True, kw_only=True, tag="run_ended"):
    """Last record of a run that ended by itself or was interrupted."""

    interrupted: bool = False


Record = (
    RunBegan
    | CaseBegan
    | CaseEnded
    | StepBegan
    | StepEnded
    | Acted
    | Attempt
    | Dropped
    | Injected
    | Called
    | Took
    | Filed
    | Skipped
    | BotState
    | BotOutput
    | Trouble
    | Barred
    | Stalled
    | RunEnded
)
