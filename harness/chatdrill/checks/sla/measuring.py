"""From the trace of a case to its response times: which moments it had, and by which ruler they are measured."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from chatdrill.calendars import Calendar
from chatdrill.checks.evidence import CaseEvidence, Turn
from chatdrill.checks.excuses import allowance_s, by_chance
from chatdrill.checks.results import Latency
from chatdrill.checks.sla.moments import HUMAN, RESOLUTION, Kind, Moment, Ruler, Span, length_s, spans
from chatdrill.checks.sla.promises import ACK, MEASURES, Sla
from chatdrill.checks.webhooks import is_injected
from chatdrill.model import Edited, Press, Sent
from chatdrill.trace import Acted, Took


class Measured(NamedTuple):
    """A response time, what it was measured along, and the calendar it was counted by (``None``: by none). ``allowed_s`` of it was
    the work of faults that came by chance."""

    latency: Latency
    span: Span | None
    calendar: Calendar | None
    allowed_s: float = 0.0

    @property
    def judged_s(self) -> float:
        """What the bot itself took."""
        return self.latency.seconds - self.allowed_s


def measured(case: CaseEvidence, sla: Sla, *, promised_only: bool = False) -> list[Measured]:
    """The response times of a case, each by the clock of its measure: those of the conversations, in the order in
    which they ended, then those of the webhooks. What was never answered has none.

    Times to a human and resolutions are measured where a bound asks for them; with ``promised_only`` so are the others.
    """
    wanted = sla.measures if promised_only else {*MEASURES}
    acks = _of_webhooks(case) if ACK in wanted else ()
    return [*_of_conversations(case, sla, wanted - {ACK}), *acks]


def measured_for(case: CaseEvidence, sla: Sla, promise: tuple[float, str]) -> list[Measured]:
    """The response times on which a percentile counts, by the clock of that percentile."""
    _, name = promise
    if name == ACK:
        return list(_of_webhooks(case))
    calendar = sla.calendar_of(promise)
    measure = ruler(case, calendar)
    return [_measured(case, span, calendar, measure) for span in _spans(case, sla) if span.name == name]


def _of_conversations(case: CaseEvidence, sla: Sla, wanted: set[str]) -> Iterator[Measured]:
    found = [span for span in _spans(case, sla) if span.name in wanted] if wanted else []
    calendars = {name: sla.calendar_of(name) for name in {span.name for span in found}}
    rulers = {name: ruler(case, calendar) for name, calendar in calendars.items()}
    for span in found:
        yield _measured(case, span, calendars[span.name], rulers[span.name])


def _of_webhooks(case: CaseEvidence) -> Iterator[Measured]:
    name = case.name
    for attempt in case.attempts:
        if attempt.ok and not is_injected(attempt):
            latency = Latency(
                name=ACK,
                platform=case.began.platform_of(attempt.conv),
                case=name,
                t=attempt.began_t,
                seconds=attempt.took_s,
                cites=(attempt.n,),
            )
            yield Measured(latency, None, None)


def _measured(case: CaseEvidence, span: Span, calendar: Calendar | None, measure: Ruler) -> Measured:
    latency = Latency(
        name=span.name,
        platform=case.platform_at(span.start.n),
        case=case.name,
        t=span.start.t,
        seconds=length_s(span, measure),
        calendar=None if calendar is None else calendar.name,
        cites=(span.end.n, span.start.n),
    )
    allowed_s = 0.0
    if case.injected:
        allowed_s = latency.seconds if _was_lost(case, span) else allowance_s(case, None, span.start.n, span.end.n)
    return Measured(latency, span, calendar, allowed_s)


def _was_lost(case: CaseEvidence, span: Span) -> bool:
    """A fault took what may have been the response; a bot need not say it again."""
    within = (one for one in by_chance(case, None) if span.start.n < one.n < span.end.n)
    return any(one.bears == "loss" and one.call is not None and case.began.is_messenger(one.platform) for one in within)


def ruler(case: CaseEvidence, calendar: Calendar | None) -> Ruler:
    """How long it is from one moment to another: open seconds of the calendar (always of drill time); without one drill
    seconds where time is virtual, else real seconds."""
    if calendar is not None:
        return lambda begin, end: calendar.open_seconds(begin.at, end.at)
    return _drill_s if case.is_virtual else _real_s


def _drill_s(begin: Moment, end: Moment) -> float:
    return end.at - begin.at


def _real_s(begin: Moment, end: Moment) -> float:
    return end.t - begin.t


# -------------------------------------------------------------------------------------------------------- moments


def _spans(case: CaseEvidence, sla: Sla) -> list[Span]:
    promised = sla.measures
    to_human, to_resolution = HUMAN in promised, RESOLUTION in promised
    key = "spans", sla.counts_from, sla.rests, to_human, to_resolution, len(case.records)
    if key not in case.memo:
        find = partial(
            spans,
            counts_from=sla.counts_from,
            rests=sla.rests,
            to_human=to_human,
            to_resolution=to_resolution,
        )
        found = [span for moments in _moments(case).values() for span in find(moments)]
        case.memo[key] = sorted(found, key=lambda span: span.end.n)
    kept: list[Span] = case.memo[key]
    return kept


def _moments(case: CaseEvidence) -> dict[str, list[Moment]]:
    """What happened in each conversation of the case, in order."""
    found: dict[str, list[Moment]] = defaultdict(list)
    speed = None if case.is_virtual else case.speed
    for turn in case.turns:
        found[turn.conv] += _of_turn(turn, speed)
    return found


def _of_turn(turn: Turn, speed: float | None) -> list[Moment]:
    said = [_meant(act, speed) for act in turn.acts]
    answered_by_edit = bool(turn.acts) and isinstance(turn.acts[-1].act, Press)
    return said + [Moment(kind=_kind(took, answered_by_edit), at=took.at, t=took.t, n=took.n) for took in turn.answers]


def _kind(took: Took, answered_by_edit: bool) -> Kind:
    """A press may also be answered by a change of the message that had the button."""
    is_message = isinstance(took.effect, Sent) or (answered_by_edit and isinstance(took.effect, Edited))
    return "answers" if is_message else "signals"


def _meant(act: Acted, speed: float | None) -> Moment:
    """A customer's word, at the moment at which it was meant: chatdrill's own delay is not the bot's. ``speed`` is ``None`` where
    time is virtual: there is no delay then."""
    late_s = 0.0 if act.meant_at is None or speed is None else act.t - act.meant_at
    kind: Kind = "says" if act.cause == "step" else "nudges"
    return Moment(kind=kind, at=act.at - late_s * (speed or 1.0), t=act.t - late_s, n=act.n)
