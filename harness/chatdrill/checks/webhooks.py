"""Checks of the webhooks: the bot acknowledged them, and took each of them to heart once."""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Sequence

from chatdrill.checks.evidence import CaseEvidence, Heard, Turn
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.registry import Outcome, case_check
from chatdrill.engine.durations import say_seconds
from chatdrill.trace import DEAF, FORGED, Acted, Attempt

_CITES_MAX = 10
_EXPIRED = "expired"
_SOON_S = 30.0
_HELD_UP_MAX = 5
"""Turns: what was said longer ago is not still on its way."""


def is_injected(attempt: Attempt) -> bool:
    """True where chatdrill itself interfered, because somebody asked it to."""
    if attempt.note is None and attempt.error is None:
        return False
    note = attempt.note or ""
    return "fault:" in note or note.startswith(FORGED) or (attempt.error or "").startswith("fault:")


@case_check(
    "acknowledged",
    "Every webhook is acknowledged with success, in the platform's time.",
    broken="the bot did not acknowledge a webhook as it should",
    within=duration(None),
)
def acknowledged(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """``within`` sets a stricter bound than the platform's, for example ``1s``: real time, for the bot's own time does not
    run faster. An attempt that an injected fault spoiled, or that came while the scenario restarted the bot,
    proves nothing."""
    bound_s = parameters["within"]
    outcome.evidence = len({attempt.updates for attempt in case.attempts})
    if bound_s is not None or not all(attempt.ok for attempt in case.attempts):
        webhooks: dict[tuple[str, ...], list[Attempt]] = defaultdict(list)
        for attempt in case.attempts:
            webhooks[attempt.updates].append(attempt)
        for attempts in webhooks.values():
            up = [each for each in attempts if not case.was_down(each.began_t, each.began_t + each.took_s)]
            _accuse_failed(up, outcome)
            _accuse_slow(attempts, bound_s, outcome)
    _accuse_expired(case, outcome)


def _accuse_failed(attempts: list[Attempt], outcome: Outcome) -> None:
    failed = [attempt for attempt in attempts if not attempt.ok and not is_injected(attempt)]
    if not failed:
        return
    first = failed[0]
    what = first.error or f"status {first.status}"
    after = "" if first.status is None and "time" in what.lower() else f" after {first.took_s * 1000:.0f} ms"
    tries = f"; {len(failed)} attempts failed" if len(failed) > 1 else ""
    late = ", the next one succeeded" if attempts[-1].ok else ""
    outcome.fail(
        f"the webhook was not acknowledged: {what}{after}{tries}{late}",
        cites=tuple(attempt.n for attempt in failed[:_CITES_MAX]),
        conv=first.conv,
    )


def _accuse_slow(attempts: list[Attempt], bound_s: float | None, outcome: Outcome) -> None:
    for attempt in attempts:
        if bound_s is not None and attempt.ok and attempt.took_s > bound_s and not is_injected(attempt):
            outcome.fail(
                f"the webhook was acknowledged after {attempt.took_s * 1000:.0f} ms, later than {say_seconds(bound_s)}",
                cites=(attempt.n,),
                conv=attempt.conv,
            )


def _accuse_expired(case: CaseEvidence, outcome: Outcome) -> None:
    for update, dropped in case.given_up.items():
        if dropped.reason == _EXPIRED and update not in case.tries:
            outcome.evidence += 1
            outcome.fail(
                "the bot did not fetch an update before the platform gave it up", cites=(dropped.n,), conv=dropped.conv
            )


@case_check(
    "reachable",
    "What customers say can reach the bot: it has set a webhook, or it asks for updates.",
    broken="nothing can reach the bot",
)
def reachable(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """What waited for a bot that went away is for other checks."""
    outcome.evidence = len(case.tries) + len(case.given_up)
    unheard = [dropped for dropped in case.given_up.values() if dropped.reason == DEAF]
    if unheard and not case.attempts:
        outcome.fail(
            f"what the customer said reached nobody: {DEAF}",
            cites=tuple(dropped.n for dropped in unheard[:_CITES_MAX]),
            conv=unheard[0].conv,
        )


@case_check(
    "once",
    "A webhook that is delivered again has no second effect.",
    broken="a webhook that was delivered again had a second effect",
)
def once(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """Twins are messages that say the same. A twin is held against the bot if it came soon after the second delivery, in
    the turn of those words or the next, and if it was said more often than the bot was told of something since: an album is told file
    by file."""
    if not any(attempt.number > 1 for attempt in case.attempts):
        return
    turns: dict[str, list[Turn]] = defaultdict(list)
    for turn in case.turns:
        turns[turn.conv].append(turn)
    for own in turns.values():
        for place, turn in enumerate(own):
            again = _redelivered(case, turn)
            if again:
                outcome.evidence += len(again)
                first = again[0][0]
                owed = max(
                    _unanswered_at(turn, first.n),
                    _told_after(case, own[max(0, place - _HELD_UP_MAX) : place + 1], first),
                )
                _accuse_twins(case, own[place : place + 2], again, owed, outcome)


def _unanswered_at(turn: Turn, n: int) -> int:
    """How many of the customer's words before a record had no answer by then."""
    return max(0, sum(act.n < n for act in turn.acts) - sum(item.record.n < n for item in turn.messages))


def _redelivered(case: CaseEvidence, turn: Turn) -> list[tuple[Acted, Attempt]]:
    """The acts of a turn that were delivered again, each with the second attempt."""
    tries = ((act, [attempt for attempt in case.tries_of([act]) if attempt.number > 1]) for act in turn.acts)
    return [(act, again[0]) for act, again in tries if again]


def _told_after(case: CaseEvidence, turns: Sequence[Turn], act: Acted) -> int:
    """How much was said before an act, and told only after it: its answers may be the same and come late."""
    acts = [each for turn in turns for each in turn.acts if each.n < act.n]
    tries = [case.tries_of([each]) for each in acts]
    return sum(min(attempt.n for attempt in attempts) > act.n for attempts in tries if attempts)


def _accuse_twins(
    case: CaseEvidence,
    turns: Sequence[Turn],
    again: Sequence[tuple[Acted, Attempt]],
    owed: int,
    outcome: Outcome,
) -> None:
    first = again[0][0].n
    spoken = [act.n for turn in turns for act in turn.acts if act.n >= first for _ in act.updates or ("untold",)]
    said: dict[tuple[object, ...], list[Heard]] = defaultdict(list)
    for item in (item for turn in turns for item in turn.messages if item.record.n > first):
        likes = said[item.says]
        likes.append(item)
        times_spoken = owed + bisect_left(spoken, item.record.n)
        if len(likes) > times_spoken and any(_came_soon(case, item, attempt) for _, attempt in again):
            outcome.fail(
                f"the bot said the same twice after a webhook was delivered again: {item.message.text[:80]!r}",
                cites=(item.record.n, likes[0].record.n, again[0][1].n),
                conv=turns[0].conv,
            )
            return  # the rest of the turn is the same defect


def _came_soon(case: CaseEvidence, item: Heard, attempt: Attempt) -> bool:
    """Whether it may be an effect of that delivery; hours later it is a reminder."""
    return item.record.t >= attempt.began_t and item.record.at - attempt.at <= _SOON_S * (1 + case.speed)
