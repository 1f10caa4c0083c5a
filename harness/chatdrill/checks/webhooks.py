"""Checks of the webhooks: the bot acknowledged them, and took each of them to heart once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from chatdrill.checks.evidence import CaseEvidence, is_spoken
from chatdrill.checks.likeness import likeness
from chatdrill.checks.parameters import Parameters, duration
from chatdrill.checks.registry import Outcome, case_check
from chatdrill.engine.durations import say_seconds
from chatdrill.trace import Acted, Attempt

_CITES_MAX = 10
_EXPIRED = "expired"


def is_injected(attempt: Attempt) -> bool:
    """True where chatdrill itself interfered, because somebody asked it to."""
    return "fault:" in (attempt.note or "") or (attempt.error or "").startswith("fault:")


@case_check(
    "acknowledged",
    "Every webhook is acknowledged with success, in the platform's time.",
    within=duration(None),
)
def acknowledged(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """``within`` sets a stricter bound than the platform's, for example ``1s``: real time, for the bot's own time does not
    run faster. An attempt that an injected fault spoiled proves nothing."""
    webhooks: dict[tuple[str, ...], list[Attempt]] = defaultdict(list)
    for attempt in case.attempts:
        webhooks[attempt.updates].append(attempt)
    outcome.evidence = len(webhooks)
    for attempts in webhooks.values():
        _accuse_failed(attempts, outcome)
        _accuse_slow(attempts, parameters["within"], outcome)
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


@case_check("once", "A webhook that is delivered again has no second effect.")
def once(case: CaseEvidence, _parameters: Parameters, outcome: Outcome) -> None:
    """Twins are messages that say the same. A twin is held against the bot if it was said after the second delivery had
    begun, and if it was said more often than the customer spoke since the words that were delivered again."""
    redelivered: dict[str, list[tuple[Acted, float]]] = defaultdict(list)
    for act, again_t in _redelivered(case):
        outcome.evidence += 1
        redelivered[act.conv or ""].append((act, again_t))
    for conv, acts in redelivered.items():
        _accuse_twins(case, conv, acts, outcome)


def _redelivered(case: CaseEvidence) -> Iterator[tuple[Acted, float]]:
    """The acts whose updates were delivered again, each with the real time at which that began."""
    for turn in case.turns:
        for act in turn.acts:
            again = [attempt.began_t for attempt in case.tries_of([act]) if attempt.number > 1]
            if again:
                yield act, min(again)


def _accuse_twins(case: CaseEvidence, conv: str, acts: list[tuple[Acted, float]], outcome: Outcome) -> None:
    """One pass over the conversation: how often each thing was said, and how often the customer spoke."""
    spoken = sorted(act.n for turn in case.turns if turn.conv == conv for act in turn.acts)
    messages = [item for turn in case.turns if turn.conv == conv for item in turn.messages]
