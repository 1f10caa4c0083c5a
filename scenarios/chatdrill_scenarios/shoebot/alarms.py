"""What the bot does unasked: the next thing for each conversation, and when. Pure.

Everything follows from the state, so that a restart loses nothing: one alarm for each conversation is enough, and it is
worked out anew whenever something happened.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .hearing import Heard
from .model import Say, State
from .policy import Policy
from .skills import desk, repairs, survey, visits
from .turn import Turn


@dataclass(frozen=True, slots=True)
class Alarm:
    due: float  # Unix seconds
    kind: str


def next_alarm(state: State, policy: Policy) -> Alarm | None:
    return min(_alarms(state, policy), key=lambda alarm: alarm.due, default=None)


def _alarms(state: State, policy: Policy) -> Iterator[Alarm]:
    if state.repaired_at:
        yield Alarm(state.repaired_at, "repair")
    if state.waiting:
        yield Alarm(state.closed_until, "desk")
    if state.ticket and not state.accepted and not state.wait_told and policy.wait_s:
        yield Alarm(state.handed_at + policy.wait_s, "wait")
    if state.with_person or state.resolved_at or not state.spoke_at:
        return  # somebody else will speak, or everything was said
    if state.task:
        yield from _of_a_draft(state, policy)
    elif policy.resolve_s and not state.repaired_at:
        yield Alarm(_awake(policy, _last_word(state) + policy.resolve_s), "resolve")


def _of_a_draft(state: State, policy: Policy) -> Iterator[Alarm]:
    """One reminder while the draft is kept; at its end the conversation is closed without a word."""
    kept_s = policy.draft_s.get(state.task, 0)
    reminder = _awake(policy, _last_word(state) + policy.remind_s)
    if policy.remind_s and not state.reminded and not (kept_s and reminder > state.heard_at + kept_s):
        yield Alarm(reminder, "remind")
    if policy.resolve_s and kept_s:
        yield Alarm(max(_last_word(state) + policy.resolve_s, state.heard_at + kept_s), "resolve")


def _last_word(state: State) -> float:
    """An edit that changes nothing, to which the bot says nothing, is a sign of life, too."""
    return max(state.spoke_at, state.heard_at)


def _awake(policy: Policy, at: float) -> float:
    """Nobody wants to be asked anything at night."""
    return policy.awake.next_open(at) or at


def ring(state: State, alarm: Alarm, *, now: float, policy: Policy) -> tuple[State, list[Say]]:
    """What the bot says, and what it remembers afterwards; the given state is left alone."""
    turn = Turn(copy.deepcopy(state), Heard(), now, policy)
    _RINGS[alarm.kind](turn)
    return turn.state, [reply for reply in turn.replies() if isinstance(reply, Say)]


def unsaid(state: State, kind: str, *, keep: bool) -> State:
    """The state if the platform did not let the words through; `keep` them until the customer is back."""
    if kind == "resolve":
        state.survey = survey.HELD if keep else ""
    if keep:
        state.held.append(kind)
    return state


def _remind(turn: Turn) -> None:
    turn.state.reminded, turn.state.spoke_at = True, turn.now
    visits.remind(turn)


def _resolve(turn: Turn) -> None:
    """A question is rated if it was answered, and once."""
    state = turn.state
    state.resolved_at = turn.now
    if turn.policy.rating_s and not state.task and not state.survey:
        survey.ask(turn)


def _open_desk(turn: Turn) -> None:
    turn.state.waiting = False
    desk.announce(turn)


def _repaired(turn: Turn) -> None:
    repairs.tell(turn)
    turn.state.repaired_at, turn.state.spoke_at = 0.0, turn.now


_RINGS: dict[str, Callable[[Turn], None]] = {
    "remind": _remind,
    "resolve": _resolve,
    "desk": _open_desk,
    "repair": _repaired,
    "wait": desk.still_waits,
}
