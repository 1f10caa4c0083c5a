"""Deadlines inside a trace: whether one has passed, whether what was owed can still come, or whether the case was cut short."""

from __future__ import annotations

from typing import Literal

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.excuses import allowed_within_s, is_disturbed
from chatdrill.checks.handoff.dialogs import TicketFile
from chatdrill.model import EntryFailed, Receipt
from chatdrill.trace import Acted, Record

Settled = Literal["over", "open", "cut"]


def settle(case: CaseEvidence, since: Record, within_s: float, until: Record | None = None) -> Settled:
    """What became of a promise made at ``since``, for ``within_s`` seconds: of the machine's clock, for a bot runs no faster where
    a pause is skipped, and of drill time where time is virtual. Faults that came by chance move it by what they took.

    ``over``: the time passed within the trace, so what has not happened will not count. ``open``: the case was played to
    its end, or ``until`` took the promise back, before that; a correct bot may still have been about to do it. ``cut``: the
    case was stopped, or the run was, before that (not by what a fault did that came by chance: that is ``open``).
    """
    last = until or case.ended or (case.records[-1] if case.records else case.began)
    if case.seconds_between(since, last) > within_s + allowed_within_s(case, since, within_s):
        return "over"
    is_played = case.ended is not None and case.ended.outcome == "done"
    return "open" if until is not None or is_played or is_disturbed(case) else "cut"


def was_told(case: CaseEvidence, act: Acted) -> bool:
    """True if the bot can know of a customer's act: the platform told it, and the webhook (if there was one) arrived."""
    tries = case.tries_of([act])
    if tries:
        return any(attempt.ok for attempt in tries)
    return bool(act.updates) and not any(update in case.given_up for update in act.updates)


def is_reachable(case: CaseEvidence, conv: str, since: int, until: float = float("inf")) -> bool:
    """False where the bot's silence between two records may have another cause: the customer has blocked it, or the platform
    refused, or failed, what it tried to send."""
    blocked = case.blocking(conv, since) or case.next_blocking(conv, since)
    if blocked is not None and blocked.n < until:
        return False
    acts = (act.act for act in case.acts if since < act.n < until and act.conv == conv)
    if any(isinstance(act, Receipt) and act.status == "failed" for act in acts):
        return False
    calls = (call for call in case.calls if since < call.n < until and call.conv == conv)
    return all(call.ok for call in calls if case.began.is_messenger(call.platform))


def is_faulted(case: CaseEvidence, desk: str, since: int, until: float) -> bool:
    """True where chatdrill itself spoiled a call to the desk between two records."""
    return any("fault:" in (call.note or "") for call in case.calls if call.platform == desk and since < call.n < until)


def is_refused(case: CaseEvidence, desk: str, since: int, until: float = float("inf")) -> bool:
    """True where a call about the case to the desk failed between two records, for whatever reason: a fault, a limit."""
    return is_faulted(case, desk, since, until) or any(
        not call.ok for call in case.calls if call.platform == desk and since < call.n < until
    )


def is_given_up(ticket: TicketFile, entry_id: str) -> bool:
    """True where the agents were told that a reply of theirs did not get through."""
    return any(
        isinstance(record.event, EntryFailed) and record.event.entry_id == entry_id
        for record in ticket.events(EntryFailed)
    )
