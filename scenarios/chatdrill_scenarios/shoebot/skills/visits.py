"""A customer comes back: to a draft that is too old, to a conversation that was closed, to a question that was held."""

from __future__ import annotations

from collections.abc import Callable

from ..turn import Turn
from . import desk, forms, survey, talk


def arrive(turn: Turn) -> None:
    """Before anything is answered: what has become of the conversation since the last word?"""
    state, heard = turn.state, turn.heard
    turn.restart, state.restart = state.restart, ""
    state.reminded = False
    if heard.nothing or heard.resumed or survey.rating_of(turn) or survey.answers_desks(turn):
        return
    _deliver_held(turn)
    reopened = bool(state.resolved_at) and _reopen(turn)
    _drop_old_draft(turn)
    if reopened and not turn.expired and not heard.started:
        turn.preface.append(turn.words("reopened"))


def _deliver_held(turn: Turn) -> None:
    """What an agent wrote while the platform's window was closed is the first thing to be said now.

    A reminder or a survey is pointless once the customer writes by themselves.
    """
    held, turn.state.held = turn.state.held, []
    if "repair" in held:
        turn.news.append(turn.words("repair.done", order=turn.state.repair))


def _reopen(turn: Turn) -> bool:
    """True if it is the same conversation; after too long a time a new one begins, without a past."""
    state = turn.state
    is_same = turn.now - state.resolved_at <= turn.policy.reopen_s
    state.resolved_at = 0.0
    if not is_same:
        talk.forget(turn)
        state.met, state.survey, state.last_return, state.told = False, "", "", {}
    return is_same


def _drop_old_draft(turn: Turn) -> None:
    state = turn.state
    if not (state.task and draft_is_old(turn)):
        return
    turn.expired = state.task
    state.task, state.facts, state.misses = "", {}, 0
    if not turn.heard.started:
        turn.preface.append(turn.words(f"expired.{turn.expired}"))


def draft_is_old(turn: Turn) -> bool:
    kept_s = turn.policy.draft_s.get(turn.state.task, 0)
    return bool(kept_s) and turn.now - turn.state.heard_at > kept_s


def begin_again(turn: Turn) -> None:
    """An answer to a question that is too old is not taken for one."""
    turn.say("again")
    turn.offer(f"menu:{turn.expired}", "menu:person")
    turn.state.restart = turn.expired


def resume(turn: Turn) -> None:
    """The customer pressed the template's button: now the window is open, and what was held can be said."""
    questions = [_RESUMED[kind] for kind in turn.state.held if kind in _RESUMED]
    _deliver_held(turn)
    _drop_old_draft(turn)
    if turn.expired:
        begin_again(turn)
        return
    for ask in questions:
        ask(turn)
    if not (turn.parts or turn.news or turn.state.with_person):
        turn.say("greeting.again")
        turn.offer_menu()


def remind(turn: Turn) -> None:
    if turn.state.task:
        turn.say(f"remind.{turn.state.task}")
        forms.remind(turn)


def leave(turn: Turn) -> None:
    """After the answer: when was that?"""
    state = turn.state
    state.heard_at = turn.now
    if (turn.parts or turn.news) and not state.resolved_at:
        state.spoke_at = turn.now
    desk.take_note(turn)


_RESUMED: dict[str, Callable[[Turn], None]] = {"remind": remind, "resolve": survey.ask, "desk": desk.announce}
