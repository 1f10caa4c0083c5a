"""What faults that came by chance excuse: nobody is blamed for what was done to them, and for all else everybody is.

Three excuses, from wide to narrow. What a *scenario* expects of a conversation counts until the bot was told something else than the
customer said (``derailed_at``). A *deadline* moves by what the faults took (``allowance_s``, ``allowed_within_s``). A *law*, which holds
whatever a bot was told, goes on judging; a finding of it is excused only if the very records that it cites were struck
(``handoff.struck``).

A fault of a scenario's own step excuses nothing here: whoever wrote it knew what to expect.
"""

from __future__ import annotations

from collections.abc import Iterable

from chatdrill.checks.evidence import CaseEvidence, held_up_s, is_spoken
from chatdrill.trace import Acted, Injected, Record

_APART_S = 30.0
"""Words that came this far apart are no burst: what holds one of them up does not tear it from the others."""
OF_FILES = ("media-gone", "media-cut")
"""A file cannot be had: who sent it waits for a word all the same."""
_WAITING = ("waits", "waits_until", "hears_nothing", "reminded")


def by_chance(case: CaseEvidence, conv: str | None) -> Iterable[Injected]:
    """The faults that nobody asked for by a step, in one conversation or (``None``) in all of the case."""
    return (one for one in case.injected if one.by == "chance" and (conv is None or one.conv in (conv, None)))


def is_disturbed(case: CaseEvidence) -> bool:
    """True where a fault that came by chance may have cut the case short: a player gives up what cannot go on."""
    return any(one.bears != "nothing" for one in by_chance(case, None))


def allowance_s(case: CaseEvidence, conv: str | None, since: int, until: int) -> float:
    """How much later than usual something may be, for what struck between two records, or went on then."""
    struck = [one for one in by_chance(case, conv) if one.n <= until]
    before = [one for one in struck if one.n < since and one.late_s > _APART_S]
    began = next((record for record in case.records if record.n >= since), None) if before else None
    left_s = (one.late_s - case.seconds_between(one, began) for one in before if began is not None)
    return sum(one.late_s for one in struck if one.n >= since) + sum(max(0.0, each) for each in left_s)


def allowed_within_s(case: CaseEvidence, since: Record, within_s: float) -> float:
    """How much longer than ``within_s`` something may take from a record on: what struck before it was due, or still went on when
    its time began."""
    struck = by_chance(case, since.conv) if case.injected else ()
    return held_up_s(((case.seconds_between(since, one), one.late_s) for one in struck), within_s)


# ------------------------------------------------------------------------------------------- what a scenario expects


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


def _derails(case: CaseEvidence, conv: str, fault: Injected) -> bool:
    if fault.bears in ("order", "loss"):
        return True
    if fault.bears != "time":
        return False
    if fault.late_s > _APART_S and _counts_on_time(case):
        return True
    if fault.call is not None:
        return _crosses_an_agent(case, conv, fault)
    return _tears_a_burst(case, conv, fault) or _is_overtaken(case, conv, fault)


def _crosses_an_agent(case: CaseEvidence, conv: str, fault: Injected) -> bool:
    """What an agent does by the clock while a call of the bot's is held up comes before what it should come after."""
    done = (record for record in case.filed if record.conv == conv and record.by == "agent")
    return any(0 <= case.seconds_between(fault, record) <= fault.late_s and record.n > fault.n for record in done)


def _is_overtaken(case: CaseEvidence, conv: str, fault: Injected) -> bool:
    """News of the helpdesk that comes after the customer's next word comes in another order than it happened in."""
    if case.began.is_messenger(fault.platform):
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
