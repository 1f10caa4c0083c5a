"""Service metrics in words and numbers: every report says the same, and plainly where nothing was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from chatdrill.checks.service import GOOD_SCORE, AgentWork, Satisfaction, Service, Share, Times
from chatdrill.trace.transcript.phrases import one_line, seconds

NONE = "none measured"
_BEST = 5
_AGENTS_MAX = 20
_NAME_MAX = 40


@dataclass(frozen=True)
class Figure:
    """One figure: its ``value`` (or that there is none), how much it is counted from, and what ``more`` is known of it."""

    name: str
    value: str
    basis: str = ""
    more: tuple[str, ...] = ()

    @property
    def said(self) -> tuple[str, ...]:
        """What stands in small letters beside the value."""
        return (self.basis, *self.more) if self.basis else self.more

    @property
    def is_measured(self) -> bool:
        """True if there is a value."""
        return self.value != NONE


def figures(service: Service) -> list[Figure]:
    """All figures of one platform, the most asked for first; the agents' are in ``agent_rows``."""
    return [
        _times("First response", service.first_response, "first answer"),
        _times("Time to a person", service.time_to_human, "handoff"),
        _times("Average resolution time", service.resolution, "matter"),
        _satisfaction(service.satisfaction),
        Figure("Conversations handled", str(service.conversations), more=_handed(service)),
        _share("Contained by the bot", service.contained, "conversation"),
        _share("Reopened", service.reopened, "closed ticket"),
        _share("Handoffs accepted", service.accepted, "handoff", *_declines(service.declines)),
        _mean("Messages per conversation", service.messages_per_conversation, service.conversations, "conversation"),
        _mean("Conversations per agent", service.conversations_per_agent, len(service.agents), "agent"),
        _peak(service),
    ]


def counted(count: int, noun: str) -> str:
    """``1 rating``, ``3 ratings``."""
    return f"{count} {noun}{'s'[: count != 1]}"


def _times(name: str, times: Times, noun: str) -> Figure:
    if times.mean_s is None or times.median_s is None or times.p90_s is None:
        return Figure(name, NONE)
    more = (f"median {seconds(times.median_s)}", f"p90 {seconds(times.p90_s)}")
    return Figure(name, seconds(times.mean_s), counted(times.samples, noun), more)


def _share(name: str, share: Share, noun: str, *more: str) -> Figure:
    if share.share is None:
        return Figure(name, NONE, more=more)
    return Figure(name, _percent(share.share), f"{share.count} of {counted(share.samples, noun)}", more)


def _mean(name: str, mean: float | None, samples: int, noun: str) -> Figure:
    return Figure(name, NONE) if mean is None else Figure(name, f"{mean:.1f}", counted(samples, noun))


def _satisfaction(one: Satisfaction) -> Figure:
    asked = (f"asked {counted(one.asked, 'time')}",) if one.asked else ()
    if one.mean is None or one.good.share is None:
        return Figure("CSAT", NONE, more=asked)
    more = (f"{GOOD_SCORE} or {_BEST} of {_BEST}", f"mean {one.mean:.1f}", *asked)
    return Figure("CSAT", _percent(one.good.share), counted(one.responses, "rating"), more)


def _handed(service: Service) -> tuple[str, ...]:
    taken = (counted(service.takeovers, "takeover"),) if service.takeovers else ()
    return (counted(service.handoffs, "handoff"), *taken)


def _declines(count: int) -> tuple[str, ...]:
    return (f"declined {counted(count, 'time')}",) if count else ()


def _peak(service: Service) -> Figure:
    name = "Most at once with one agent"
    if service.peak_concurrency is None:
        return Figure(name, NONE)
    return Figure(name, str(service.peak_concurrency), counted(len(service.agents), "agent"))


def _percent(share: float) -> str:
    return f"{share * 100:.0f} %"


# ----------------------------------------------------------------------------------------------------- the agents


def busiest(service: Service) -> Sequence[AgentWork]:
    """The agents, the busiest first; no more than a reader takes in."""
    ranked = sorted(service.agents, key=lambda agent: (-agent.conversations, -agent.held_s, agent.agent))
    return ranked[:_AGENTS_MAX]


def left_out(service: Service) -> str:
    """How many agents are not among the busiest, in words."""
    count = max(0, len(service.agents) - _AGENTS_MAX)
    return f"and {counted(count, 'more agent')}" if count else ""


def agent_name(agent: AgentWork, service: Service) -> str:
    """The name; with the key where another agent has the same one, the key alone where there is none."""
    name = one_line(agent.name or agent.agent, _NAME_MAX)
    namesakes = sum(other.name == agent.name for other in service.agents)
    return f"{name} ({one_line(agent.agent, _NAME_MAX)})" if agent.name and namesakes > 1 else name


def agent_cells(agent: AgentWork) -> tuple[str, str, str, str]:
    """Conversations, the time they took, the most at once, and how many the agent may hold."""
    capacity = "" if agent.capacity is None else str(agent.capacity)
    return str(agent.conversations), seconds(agent.held_s), str(agent.peak), capacity


# ------------------------------------------------------------------------------------------------- for programs


def plain(value: Any) -> Any:
    """The figures as data, nothing left out: what was not measured is ``null``."""
    if isinstance(value, msgspec.Struct):
        fields = {name: plain(inner) for name, inner in msgspec.structs.asdict(value).items()}
        return {**fields, "share": value.share} if isinstance(value, Share) else fields
    return [plain(inner) for inner in value] if isinstance(value, tuple) else value


def flat(service: Service) -> dict[str, str]:
    """The figures by dotted names; lists are left out, and what was not measured says so."""
    return dict(_flattened("service", {name: value for name, value in plain(service).items() if name != "platform"}))


def _flattened(name: str, value: Any) -> list[tuple[str, str]]:
    if isinstance(value, Mapping):
        return [pair for key, inner in value.items() for pair in _flattened(f"{name}.{key}", inner)]
    if isinstance(value, list):
        return []
    number = f"{value:.6g}" if isinstance(value, float) else str(value)
    return [(name, NONE if value is None else number)]
