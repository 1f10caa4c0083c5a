"""How long somebody had: when the bot was told, what was broken meanwhile, and whether the trace goes on long enough.

Moments and seconds are those of ``CaseEvidence.seconds_between``: where time is real, a bot's own time neither runs faster nor
skips a pause, so its promises are measured by the machine's clock; where time is virtual, drill time is all there is.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.excuses import is_disturbed
from chatdrill.checks.handoff.dialogs import Dialog, Episode, Out
from chatdrill.checks.webhooks import is_injected
from chatdrill.trace import FORGED, Acted, Attempt, Called, Dropped, Filed, Injected, Record, StepBegan

LATEST = 5
"""What has not happened after so many times the usual delay will not happen any more (HO-24: 95 % in time, all in five times)."""

MENDING_S = 60.0
"""What a bot gets on top after a fault of the desk, the platform or its own process: the time in which it must recover (HO-49)."""

RECONCILE_S = 60.0
"""A bot that was not told of a change, because the webhook was lost, may take this long to find out."""

Outlook = Literal["over", "open", "cut"]


def moment(case: CaseEvidence, record: Record) -> float:
    """When a record was made."""
    return record.at if case.is_virtual else record.t


def told(case: CaseEvidence, act: Acted) -> float | None:
    """When the bot was told of an act; ``None`` if it never was. A bot that fetches its updates is told at once."""
    if not act.updates or any(update in case.given_up for update in act.updates):
        return None
    tries = case.tries_of([act])
    heard = [moment(case, attempt) - attempt.took_s for attempt in tries if attempt.ok]
    if tries and not heard:
        return None
    return max(min(heard, default=0.0), moment(case, act))


def known_since(dialog: Dialog, change: Filed) -> Record:
    """The webhook by which the bot could know, else the change itself."""
    for attempt in dialog.case.attempts:
        if attempt.n > change.n and attempt.ok and _is_about(attempt, change, dialog.conv):
            return attempt
    return change


def _is_about(attempt: Attempt, change: Filed, conv: str) -> bool:
    return attempt.platform == change.desk and (attempt.conv == conv or conv in attempt.convs)


def outlook(case: CaseEvidence, due: float) -> Outlook:
    """Whether a deadline is over within the trace, still open at the end of a case that was played to its end, or cut off."""
    last = case.ended or (case.records[-1] if case.records else case.began)
    if moment(case, last) >= due:
        return "over"
    is_played = case.ended is not None and case.ended.outcome == "done"
    return "open" if is_played or is_disturbed(case) else "cut"


@dataclass(frozen=True)
class Fault:
    """Something that was broken from the moment ``since`` on: ``planned`` by a step of the scenario, so that it may strike at any
    time after it, or seen in a call or a webhook. ``lasts``: for good; ``loses``: news that never come; ``takes_s``: how long it, and
    the bot's getting over it, may take."""

    since: float
    where: Literal["api", "webhook", "bot"]
    planned: bool = False
    lasts: bool = False
    loses: bool = False
    takes_s: float = MENDING_S


def faults(case: CaseEvidence) -> list[Fault]:
    """What was broken in a case, as its steps, its calls and its webhooks have it."""
    kept = case.memo.get("handoff faults")
    if kept is None or kept[0] != len(case.records):
        made = [fault for record in case.records if (fault := _fault(case, record)) is not None]
        kept = case.memo["handoff faults"] = (len(case.records), made)
    found: list[Fault] = kept[1]
    return found


def _fault(case: CaseEvidence, record: Record) -> Fault | None:
    since = moment(case, record)
    if isinstance(record, StepBegan):
        known = case.began.steps[record.step] if record.step < len(case.began.steps) else {}
        return _planned(since, record.played or known)
    if isinstance(record, Injected) and record.by == "chance" and record.late_s > MENDING_S:
        return Fault(since, "webhook" if record.updates else "api", takes_s=record.late_s)
    if isinstance(record, Called) and ((record.note or "").startswith("fault:") or asks_to_wait(record)):
        return Fault(since, "api")
    if isinstance(record, Dropped) and record.reason.startswith("fault:"):
        return Fault(since, "webhook", loses=True)
    is_forged = isinstance(record, Attempt) and (record.note or "").startswith(FORGED)
    if isinstance(record, Attempt) and is_injected(record) and not is_forged:
        return Fault(since, "webhook", loses="lost for good" in f"{record.note} {record.error}")
    return None


def _planned(since: float, step: Mapping[str, Any]) -> Fault | None:
    if step.get("step") == "restarts":
        return Fault(since, "bot")
    fault = step.get("fault")
    if not isinstance(fault, Mapping) or fault.get("where") not in ("api", "webhook"):
        return None
    lasts = fault.get("times", 1) is None and fault.get("kind") in ("status", "reset", "drop")
    loses = fault["where"] == "webhook" and fault.get("kind") == "drop"
    return Fault(since, fault["where"], planned=True, lasts=lasts, loses=loses)


def asks_to_wait(call: Called) -> bool:
    """True for an answer that asks to try again later: 429, or an error of the server."""
    return call.status == 429 or call.status >= 500


def extra_s(case: CaseEvidence, begin: float, end: float, *where: str) -> float | None:
    """How much longer a bot may need for what it should have done between two moments, as something was broken; ``None``
    where it still is or the news were lost, so that nobody can be blamed."""
    met = [
        fault
        for fault in faults(case)
        if fault.where in where and fault.since <= end and (fault.planned or fault.since >= begin - fault.takes_s)
    ]
    if any(fault.lasts or fault.loses for fault in met):
        return None
    return max((fault.takes_s for fault in met), default=0.0)


def stays(dialog: Dialog, episode: Episode, since: float, seconds: float) -> bool:
    """True if people are in charge for so long after a moment."""
    return episode.returned is None or moment(dialog.case, episode.returned) >= since + seconds


def bot_words(dialog: Dialog, since: float, until: float) -> list[Out]:
    """What the bot itself told the customer between two moments."""
    own = (out for out in dialog.outs if out.kind != "agent")
    return [out for out in own if since <= moment(dialog.case, out.record) <= until]


def is_unreachable(dialog: Dialog, since: int) -> bool:
    """The platform refused what the bot wanted to say after a record, so the customer could not hear it."""
    case = dialog.case
    own = (call for call in case.calls if call.conv == dialog.conv and case.began.is_messenger(call.platform))
    return any(call.n > since and not call.ok for call in own)
