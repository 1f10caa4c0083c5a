"""Service metrics, as support managers know them, from a trace: how soon, how long, how well, and how much work for whom.

These are figures, not verdicts. What each one counts, and from where to where, stands in docs/reference/service-metrics.md. All
times are drill time: what a customer would have read on their own watch.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import fmean, median

import msgspec

from chatdrill.checks.evidence import CaseEvidence, Evidence, Turn
from chatdrill.checks.handoff.dialogs import Dialog, Episode, Span, dialogs
from chatdrill.checks.handoff.ratings import answers, asks, scale_of, score_of
from chatdrill.checks.sla.percentiles import percentile
from chatdrill.model import Declined, Rated, TicketClosed, TicketOpened, TicketReopened
from chatdrill.trace import Filed, Record

ALL = "*"
"""The platform's name in the figures over all platforms."""
GOOD_SCORE = 4
"""From this score of 5 on a customer counts as satisfied."""
_P90 = 90


class Times(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A length of time over ``samples`` cases of it, in drill seconds; ``None`` where nothing was measured."""

    samples: int = 0
    mean_s: float | None = None
    median_s: float | None = None
    p90_s: float | None = None


class Share(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """How many of ``samples`` something is true of; ``share`` is from 0 to 1, ``None`` where there are no samples."""

    count: int = 0
    samples: int = 0

    @property
    def share(self) -> float | None:
        """``count`` of ``samples``."""
        return self.count / self.samples if self.samples else None


class Satisfaction(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The customers' ratings. ``mean`` is from 1 (worst) to 5 (best), ``good`` the share of 4 and above, ``responses`` how many
    answered, ``asked`` how often desk or bot asked."""

    responses: int = 0
    mean: float | None = None
    good: Share = Share()
    asked: int = 0


class AgentWork(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One agent: the conversations they were in charge of, for how long altogether (drill seconds), and how many at most at
    the same time. ``capacity`` is what they may hold, where the scenario says it."""

    agent: str
    name: str = ""
    conversations: int = 0
    held_s: float = 0.0
    peak: int = 0
    capacity: int | None = None


class Service(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The figures of one platform, or of all (``*``). ``peak_concurrency`` is that of the busiest agent."""

    platform: str
    conversations: int = 0
    messages_per_conversation: float | None = None
    first_response: Times = Times()
    time_to_human: Times = Times()
    resolution: Times = Times()
    satisfaction: Satisfaction = Satisfaction()
    contained: Share = Share()
    reopened: Share = Share()
    handoffs: int = 0
    takeovers: int = 0
    accepted: Share = Share()
    declines: int = 0
    conversations_per_agent: float | None = None
    peak_concurrency: int | None = None
    agents: tuple[AgentWork, ...] = ()


class ServiceMetrics(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All figures of a run: over all platforms, and for each of them by name."""

    overall: Service
    platforms: tuple[Service, ...] = ()


def service_metrics(evidence: Evidence) -> ServiceMetrics:
    """Measure a trace. A platform on which nothing was played has no figures."""
    tallies: dict[str, _Tally] = defaultdict(_Tally)
    for case in evidence.cases.values():
        for conv, turns in _conversations(case).items():
            dialog = next((found for found in dialogs(case) if found.conv == conv), None)
            for platform in (ALL, case.began.platform_of(conv)):
                tallies[platform].add(_Talk(case, conv, turns, dialog))
    overall = tallies.pop(ALL, _Tally()).sum(ALL)
    return ServiceMetrics(
        overall=overall, platforms=tuple(tallies[platform].sum(platform) for platform in sorted(tallies))
    )


def _conversations(case: CaseEvidence) -> dict[str, list[Turn]]:
    """The turns of each conversation in which the customer said something."""
    found: dict[str, list[Turn]] = defaultdict(list)
    for turn in case.turns:
        found[turn.conv].append(turn)
    return {conv: turns for conv, turns in found.items() if any(turn.acts for turn in turns)}


# ------------------------------------------------------------------------------------------------- one conversation


@dataclass(frozen=True)
class _Talk:
    """A conversation as it is measured: its turns, and what the desk has of it (``None``: nothing)."""

    case: CaseEvidence
    conv: str
    turns: list[Turn]
    dialog: Dialog | None

    @property
    def episodes(self) -> Sequence[Episode]:
        return () if self.dialog is None else self.dialog.episodes

    @property
    def messages(self) -> int:
        """What both sides said: messages, presses and starts."""
        return sum(len(turn.acts) + len(turn.messages) for turn in self.turns)

    def filed(self, *kinds: type) -> list[Filed]:
        return [] if self.dialog is None else self.dialog.records(*kinds)


def _first_response(talk: _Talk) -> Iterator[float]:
    """From the last word of the customer's first burst to the first message that answers it."""
    first = next(turn for turn in talk.turns if turn.acts)
    if first.messages:
        yield first.messages[0].record.at - first.acts[-1].at


def _times_to_human(talk: _Talk) -> Iterator[float]:
    """From the request for a person to the first words of theirs that the customer sees."""
    for episode in talk.episodes:
        assert talk.dialog is not None  # it has the episodes
        seen = [out for out in talk.dialog.outs if out.kind == "agent" and episode.holds(out.record.n)]
        if seen and not episode.by_agent:
            yield seen[0].record.at - episode.asked.at


def _resolutions(talk: _Talk) -> Iterator[float]:
    """Of a matter that people had: from the customer's first word about it to its end; else to the bot's last answer."""
    said = [act for turn in talk.turns for act in turn.acts]
    since = -1
    for end in _ends(talk):
        begin = next((act for act in said if since < act.n < end.n), None)
        if begin is not None:
            yield end.at - begin.at
        since = end.n
    if not talk.episodes and _is_done(talk.case):
        answered = [turn for turn in talk.turns if turn.acts and turn.messages]
        if answered:
            yield answered[-1].messages[0].record.at - said[0].at


def _ends(talk: _Talk) -> Iterator[Filed]:
    """When the matters ended that people had: when the ticket was closed, or else when control went back to the bot."""
    for episode in talk.episodes:
        marks = [mark for mark in (episode.closed, episode.returned) if mark is not None]
        if marks:
            yield min(marks, key=lambda record: record.n)


def _is_done(case: CaseEvidence) -> bool:
    return case.ended is not None and case.ended.outcome == "done"


def _reopened(talk: _Talk) -> Iterator[bool]:
    """For every ticket that was closed, whether it was opened again, or continued by another."""
    closed: dict[str, int] = {}
    for record in talk.filed(TicketClosed):
        closed.setdefault(record.event.ticket or "", record.n)
    again = {record.event.ticket or "": record.n for record in talk.filed(TicketReopened)}
    for record in talk.filed(TicketOpened):
        assert isinstance(record.event, TicketOpened)
        if record.event.follows is not None:
            again[record.event.follows] = record.n
    return (again.get(ticket, -1) > n for ticket, n in closed.items())


def _ratings(talk: _Talk) -> Iterator[float]:
    """What the desk has stored; where it has nothing, the numbers with which the customer answered in the chat."""
    if talk.filed(Rated):
        return _stored(talk)
    return _answered(talk.dialog) if talk.dialog is not None else iter(())


def _answered(dialog: Dialog) -> Iterator[float]:
    """Scores from 1 to 5, whatever the scale that the customer was shown."""
    for ask, act in answers(dialog, asks(dialog, ())):
        score, scale = score_of(act), scale_of(ask)
        if score is not None and scale is not None:
            yield 1 + 4 * (score - scale[0]) / (scale[1] - scale[0])


def _stored(talk: _Talk) -> Iterator[float]:
    """The last rating of each ticket since it was last opened: a second one replaces the first."""
    last: dict[str, float] = {}
    for record in talk.filed(Rated, TicketReopened):
        ticket = record.event.ticket or ""
        if isinstance(record.event, Rated):
            last[ticket] = record.event.score
        elif ticket in last:
            yield last.pop(ticket)
    yield from last.values()


# ----------------------------------------------------------------------------------------------------- the sums


@dataclass
class _Tally:
    """What is added up over conversations."""

    talks: list[_Talk] = field(default_factory=list)

    def add(self, talk: _Talk) -> None:
        self.talks.append(talk)

    def sum(self, platform: str) -> Service:
        talks, episodes = self.talks, [episode for talk in self.talks for episode in talk.episodes]
        asked = [episode for episode in episodes if not episode.by_agent]
        settled = [episode for episode in asked if episode.accepted is not None or episode.returned is not None]
        agents = tuple(_agents(talks))
        staffed = [talk for talk in talks if talk.case.began.desk is not None and _is_done(talk.case)]
        return Service(
            platform=platform,
            conversations=len(talks),
            messages_per_conversation=fmean(talk.messages for talk in talks) if talks else None,
            first_response=_times(s for talk in talks for s in _first_response(talk)),
            time_to_human=_times(s for talk in talks for s in _times_to_human(talk)),
            resolution=_times(s for talk in talks for s in _resolutions(talk)),
            satisfaction=_satisfaction(talks),
            contained=_share(not talk.episodes for talk in staffed),
            reopened=_share(again for talk in talks for again in _reopened(talk)),
            handoffs=len(asked),
            takeovers=len(episodes) - len(asked),
            accepted=_share(episode.accepted is not None for episode in settled),
            declines=sum(len(talk.filed(Declined)) for talk in talks),
            conversations_per_agent=fmean(agent.conversations for agent in agents) if agents else None,
            peak_concurrency=max((agent.peak for agent in agents), default=None),
            agents=agents,
        )


def _times(seconds: Iterable[float]) -> Times:
    values = sorted(seconds)
    if not values:
        return Times()
    return Times(samples=len(values), mean_s=fmean(values), median_s=median(values), p90_s=percentile(values, _P90))


def _share(truths: Iterable[bool]) -> Share:
    values = list(truths)
    return Share(count=sum(values), samples=len(values))


def _satisfaction(talks: Sequence[_Talk]) -> Satisfaction:
    scores = [score for talk in talks for score in _ratings(talk)]
    return Satisfaction(
        responses=len(scores),
        mean=fmean(scores) if scores else None,
        good=_share(score >= GOOD_SCORE for score in scores),
        asked=sum(len(asks(talk.dialog, ())) for talk in talks if talk.dialog is not None),
    )


# ----------------------------------------------------------------------------------------------------- the agents


def _agents(talks: Sequence[_Talk]) -> Iterator[AgentWork]:
    held: dict[str, list[tuple[_Talk, Span]]] = defaultdict(list)
    for talk in talks:
        for span in () if talk.dialog is None else talk.dialog.spans:
            if span.owner == "agent" and span.agent is not None:
                held[span.agent].append((talk, span))
    for key in sorted(held):
        agent = next((talk.case.began.agents[key] for talk, _ in held[key] if key in talk.case.began.agents), None)
        yield AgentWork(
            agent=key,
            name="" if agent is None else agent.name,
            conversations=len({talk.conv for talk, _ in held[key]}),
            held_s=sum(_length_s(talk, span) for talk, span in held[key]),
            peak=_peak(held[key]),
            capacity=None if agent is None else agent.capacity,
        )


def _length_s(talk: _Talk, span: Span) -> float:
    return 0.0 if span.since is None else talk.case.drill_seconds_between(span.since, span.until or _last(talk.case))


def _last(case: CaseEvidence) -> Record:
    return case.ended or (case.records[-1] if case.records else case.began)


def _peak(held: Iterable[tuple[_Talk, Span]]) -> int:
    """The most conversations at the same time. Record numbers are the one order that all conversations share."""
    changes: list[tuple[int, int]] = []
    for talk, span in held:
        changes += [(-1 if span.since is None else span.since.n, 1), ((span.until or _last(talk.case)).n, -1)]
    now = most = 0
    for _, change in sorted(changes):
        now += change
        most = max(most, now)
    return most
