"""What faults that came by chance excuse: nobody is blamed for what was done to them.

A fault of a scenario's own step excuses nothing here: whoever wrote it knew what to expect.
"""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.checks.evidence import CaseEvidence, is_spoken
from chatdrill.checks.results import Finding
from chatdrill.trace import Acted, Injected

_APART_S = 30.0
"""Words that came this far apart are no burst: what holds one of them up does not tear it from the others."""


_WAITING = ("waits", "waits_until", "hears_nothing", "reminded")


def by_chance(case: CaseEvidence, conv: str | None) -> Iterable[Injected]:
    """The faults that nobody asked for by a step, in one conversation or (``None``) in all of the case."""
    return (one for one in case.injected if one.by == "chance" and (conv is None or one.conv in (conv, None)))


def is_disturbed(case: CaseEvidence) -> bool:
    """True where a fault that came by chance may have cut the case short: a player gives up what cannot go on."""
    return any(one.bears != "nothing" for one in by_chance(case, None))


def allowance_s(case: CaseEvidence, conv: str | None, since: int, until: int) -> float:
    """How much later than usual something may be, for what struck between two records."""
    return sum(one.late_s for one in by_chance(case, conv) if since <= one.n <= until)


def derailed_at(case: CaseEvidence, conv: str) -> int | None:
    """From which record on nobody can know what a correct bot would say in a conversation, as it was told something else than
    the customer said: less, in another order, or a burst in pieces."""
    if not case.injected:
        return None
    kept: dict[str, tuple[int, int | None]] = case.memo.setdefault("derailed", {})
    if conv not in kept or kept[conv][0] != len(case.records):
        found = (one.n for one in by_chance(case, conv) if _derails(case, conv, one))
        kept[conv] = len(case.records), next(found, None)
    return kept[conv][1]


def is_excused(case: CaseEvidence, finding: Finding) -> bool:
    """True for a finding about the handover in a conversation of which the bot was told something else by then, or in which an
    API was down so long that nobody can say when it should have done what."""
    if finding.conv is None:
        return False
    long = (one.n for one in by_chance(case, finding.conv) if one.late_s > _APART_S)
    since = [n for n in (derailed_at(case, finding.conv), next(long, None)) if n is not None]
    return bool(since) and min(since) <= max(finding.cites, default=min(since))


def _derails(case: CaseEvidence, conv: str, fault: Injected) -> bool:
    if fault.bears in ("order", "loss"):
        return True
    if fault.bears != "time":
        return False
    if fault.late_s > _APART_S and _counts_on_time(case):
        return True
    return bool(fault.updates) and (_tears_a_burst(case, conv, fault) or _is_overtaken(case, conv, fault))


def _is_overtaken(case: CaseEvidence, conv: str, fault: Injected) -> bool:
    """News of the helpdesk that comes after the customer's next word comes in another order than it happened in."""
    if fault.platform == case.began.platform:
        return False
    spoken = (act for act in case.acts if act.conv == conv and is_spoken(act))
    return any(fault.at <= act.at <= fault.at + fault.late_s for act in spoken)


def _counts_on_time(case: CaseEvidence) -> bool:
    """True where the scenario waits: what comes much later than it should may be on the other side of a deadline of the bot's."""
    return any(step.get("step") in _WAITING for step in case.began.steps)


def _tears_a_burst(case: CaseEvidence, conv: str, fault: Injected) -> bool:
    spoken = [act for act in case.acts if act.conv == conv and is_spoken(act)]
    struck = [act for act in spoken if not set(act.updates).isdisjoint(fault.updates)]
    is_in_pieces = any(len(act.updates) > 1 for act in struck)
    return is_in_pieces or any(
        _is_near(one, other, fault.late_s) for one in struck for other in spoken if other is not one
    )


def _is_near(one: Acted, other: Acted, late_s: float) -> bool:
    return abs(one.at - other.at) <= _APART_S + late_s
