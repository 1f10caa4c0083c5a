"""Steps about what lies behind the bot: the helpdesk, its agents, and what goes wrong on the way."""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from chatdrill.engine.expect import Expectation, MessageRef
from chatdrill.engine.step_parts import BaseStep, Content

AgentVerb = Literal[
    "says",
    "sends",
    "notes",
    "edits",
    "deletes",
    "types",
    "accepts",
    "declines",
    "takes over",
    "transfers",
    "sets",
    "closes",
    "releases",
    "reopens",
    "goes",
]


class Handoff(BaseStep, frozen=True, kw_only=True, tag="handoff"):
    """The bot hands the conversation over: within ``within_s`` drill seconds from the start of the step a ticket is there
    and waits for a person, or has one. ``to``: in this team's queue. ``carries``: the ticket shows these facts of the
    scenario by then (``photo``, ``file``, ``voice`` ... stand for a file of that kind)."""

    to: str | None = None
    within_s: float | None = None
    carries: tuple[str, ...] = ()


class AgentDoes(BaseStep, frozen=True, kw_only=True, tag="agent_does"):
    """An agent acts in the customer's ticket: the one who has it, or ``agent`` (a key of the scenario's agents).

    ``text`` and ``contents`` are what is said, sent or noted, ``template`` the canned answer that ``text`` is; ``message`` an own message; ``to`` another agent and ``team`` a
    queue to which the ticket is transferred; ``word`` a status, or where the agent goes (``offline``); ``seconds`` of typing.
    ``within_s`` bounds the wait (drill seconds) until the agent can do it.
    """

    verb: AgentVerb
    agent: str | None = None
    text: str | None = None
    template: str | None = None
    contents: tuple[Content, ...] = ()
    message: MessageRef | None = None
    to: str | None = None
    team: str | None = None
    word: str | None = None
    seconds: float | None = None
    within_s: float | None = None


class AgentSees(BaseStep, frozen=True, kw_only=True, tag="agent_sees"):
    """Messages stand in the customer's ticket, at most ``within_s`` drill seconds from the start of the step."""

    expectations: tuple[Expectation, ...]
    within_s: float | None = None


class Rates(BaseStep, frozen=True, kw_only=True, tag="rates"):
    """The customer answers the survey, wherever it was asked: by the button or the digit in the chat, or on the desk's page."""

    score: int
    comment: str = ""


class Breaks(BaseStep, frozen=True, kw_only=True, tag="breaks"):
    """From here on something fails, as ``chatdrill.serve.faults.Fault`` describes it."""

    fault: dict[str, Any] = msgspec.field(default_factory=dict)


class Forges(BaseStep, frozen=True, kw_only=True, tag="forges"):
    """Somebody who must not sends the bot an agent's reply: ``unsigned``, signed with a ``wrong`` secret, or ``stale``."""

    how: Literal["unsigned", "wrong", "stale"]
    text: str


class Restarts(BaseStep, frozen=True, kw_only=True, tag="restarts"):
    """The bot's process is killed and started again. ``by_chance``: the scenario has not asked for it."""

    by_chance: bool = False


DeskStep = Handoff | AgentDoes | AgentSees | Rates | Breaks | Forges | Restarts
DESK_STEPS = (Handoff, AgentDoes, AgentSees, Rates, Forges)
"""The steps that need a desk behind the bot."""
CARRIED_KINDS = {"photo": "image/", "video": "video/", "voice": "audio/", "file": ""}
"""What ``carries`` may name besides the scenario's facts, and how the type of such a file begins."""
