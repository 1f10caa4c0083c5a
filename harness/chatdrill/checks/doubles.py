"""The check of answers that come twice although nothing was asked twice, nor told twice."""

from __future__ import annotations

from bisect import bisect_left

from chatdrill.checks.evidence import CaseEvidence, Heard, Turn
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.registry import Outcome, case_check
from chatdrill.trace import Acted, Injected

_QUOTED_MAX = 80


@case_check(
    "said-twice",
    "One word of the customer has no two equal answers.",
    broken="the bot said the same twice, and was asked once",
    within=duration("10s"),
)
def said_twice(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """Looks at messages that say the same and follow each other ``within`` so long. Held against the bot if they are more than the customer
    gave cause for: each act counts, of whatever kind, and each update of an album; and who was owed answers from before may get them now.

    Excused: a webhook that was delivered again (``once`` judges that), a call that failed or whose answer was lost, whatever a fault by
    chance struck, a restart, and agents, who may repeat themselves.
    """
    before: dict[str, Turn] = {}
    for turn in case.turns:
        messages = [
            item
            for item in turn.messages
            if item.message.author != "agent" and case.owner_at(turn.conv, item.record.n) == "bot"
        ]
        outcome.evidence += bool(messages)
        if len(messages) > 1:
            _accuse(case, turn, before.get(turn.conv), messages, parameters["within"], outcome)
        before[turn.conv] = turn


def _accuse(
    case: CaseEvidence, turn: Turn, before: Turn | None, messages: list[Heard], within_s: float, outcome: Outcome
) -> None:
    newest: dict[tuple[object, ...], list[Heard]] = {}
    for item in messages:
        likes = newest.setdefault(item.says, [])
        near = likes and item.record.at - likes[-1].record.at <= within_s
        if near and len(likes) >= _causes(case, turn, before, item) and not _is_disturbed(case, turn, item):
            outcome.fail(
                f"the bot said the same twice, and was asked once: {item.message.text[:_QUOTED_MAX]!r}",
                cites=(item.record.n, likes[-1].record.n),
                conv=turn.conv,
            )
            return  # the rest of the turn is the same defect
        likes.append(item)


def _begin(turn: Turn, before: Turn | None) -> int:
    """The number of the record with which the turn begins: also of acts that are no words."""
    if before is not None and before.answers:
        return before.answers[-1].n
    return min((act.n for act in turn.acts), default=-1) - 1


def _causes(case: CaseEvidence, turn: Turn, before: Turn | None, item: Heard) -> int:
    """How many answers the customer may expect by then."""
    first = _begin(turn, before)
    begin, end = (bisect_left(case.acts, n, key=lambda act: act.n) for n in (first + 1, item.record.n))
    acts = [act for act in case.acts[begin:end] if act.conv == turn.conv]
    owed = 0 if before is None else max(0, sum(map(_told, before.acts)) - len(before.messages))
    return max(1, sum(_told(act) for act in acts) + owed)


def _told(act: Acted) -> int:
    """How many times the bot hears of it: an album is several messages."""
    return max(1, len(act.updates), len(act.ids))


def _is_disturbed(case: CaseEvidence, turn: Turn, item: Heard) -> bool:
    since, until = min((act.n for act in turn.acts), default=-1), item.record.n
    if any(attempt.number > 1 or not attempt.ok for attempt in case.tries_of(turn.acts)):
        return True
    if any(isinstance(one, Injected) and one.conv == turn.conv and one.n < until for one in case.injected):
        return True
    if case.restarts and any(state.n < until for state in case.restarts):
        return True
    calls = (call for call in case.snags if call.conv in (None, turn.conv) and since < call.n < until)
    return any(not call.ok or "fault:" in (call.note or "") for call in calls)
