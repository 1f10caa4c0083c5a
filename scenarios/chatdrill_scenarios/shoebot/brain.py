"""The bot's mind: (state, burst) → (new state, replies). Pure, so that a conversation can be tested like arithmetic.

A turn takes the first rule of `RULES` that applies. Everything special (a person is in charge, a nudge, an edit) comes
first; the last rule is the ordinary conversation, which answers all that the burst asked in one message.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterable

from . import language
from .hearing import listen
from .model import Event, Reply, State
from .policy import Policy
from .skills import briefing, forms, questions, repairs, survey, talk, visits
from .turn import Turn
from .words import ORDER_CONTEXT, QUESTIONS, SOCIAL, TASKS


def respond(state: State, burst: Iterable[Event], *, now: float, policy: Policy) -> tuple[State, list[Reply]]:
    """What the bot says to a burst at `now`, and what it remembers afterwards; the given state is left alone."""
    events = list(burst)
    turn = Turn(copy.deepcopy(state), listen(events), now, policy)
    hint = next((event.language for event in events if event.language), "")
    turn.state.language = language.choose(turn.heard.text, state.language, hint)
    visits.arrive(turn)
    briefing.note(turn)
    rule = next(rule for applies, rule in RULES if applies(turn))
    rule(turn)
    visits.leave(turn)
    return turn.state, turn.replies()


def converse(turn: Turn) -> None:
    """The ordinary turn: remarks, answers and the form in hand; small talk or help only if there was nothing else."""
    turn.state.reassured, turn.state.offered = False, False
    talk.open_turn(turn)
    talk.remark(turn)
    questions.answer(turn)
    repairs.take(turn)
    forms.work(turn)
    if turn.parts:
        turn.state.puzzled = 0
    else:
        talk.chat(turn)
    turn.state.met = True


def call_person(turn: Turn) -> None:
    """Somebody who asks for opening hours and for a person gets both."""
    questions.answer(turn)
    talk.hand_over(turn, "person")


def restart(turn: Turn) -> None:
    """ "Yes" to the offer to begin again."""
    turn.heard.intents = {turn.restart}
    converse(turn)


def stay_silent(turn: Turn) -> None:
    """A person is in charge, or there is nothing to answer."""


def _with_person(turn: Turn) -> bool:
    return turn.state.with_person


def _wants_bot(turn: Turn) -> bool:
    return turn.state.with_person and "bot" in turn.heard.intents


def _restarts(turn: Turn) -> bool:
    return turn.heard.started


def _rates(turn: Turn) -> bool:
    return bool(survey.rating_of(turn))


def _rates_with_person(turn: Turn) -> bool:
    return turn.state.with_person and _rates(turn)


def _resumes(turn: Turn) -> bool:
    return turn.heard.resumed


def _answers_too_late(turn: Turn) -> bool:
    """A bare answer to a question that has expired; a wish of its own is answered as one."""
    heard = turn.heard
    wishes = heard.intents & {*QUESTIONS, *TASKS, *SOCIAL, "repair"}
    return bool(turn.expired) and (heard.chose or not (wishes or heard.remarks or heard.place or heard.phone))


def _begins_again(turn: Turn) -> bool:
    return bool(turn.restart) and "yes" in turn.heard.intents


def _nothing(turn: Turn) -> bool:
    return turn.heard.nothing


def _stale_edit(turn: Turn) -> bool:
    """An edit matters if it changes what we were told, or if what stood there before was not understood."""
    return turn.heard.only_edits and not forms.has_news(turn) and not turn.state.puzzled


def _wants_person(turn: Turn) -> bool:
    return "person" in turn.heard.intents


def _cancels(turn: Turn) -> bool:
    return "cancel" in turn.heard.intents


def _cancels_order(turn: Turn) -> bool:
    heard = turn.heard
    return _cancels(turn) and not turn.state.task and bool(heard.orders or ORDER_CONTEXT.search(heard.folded))


def _accepts_person(turn: Turn) -> bool:
    return turn.state.offered and "yes" in turn.heard.intents


def _nudges(turn: Turn) -> bool:
    heard = turn.heard
    return turn.state.met and heard.nudge and not (heard.photos or heard.remarks or heard.facts)


RULES: tuple[tuple[Callable[[Turn], bool], Callable[[Turn], None]], ...] = (
    (_restarts, talk.start),
    (_rates_with_person, survey.note),
    (_rates, survey.take),
    (survey.answers_desks, survey.take_desks),
    (_resumes, visits.resume),
    (_wants_bot, talk.welcome_back),
    (_with_person, stay_silent),
    (_nothing, stay_silent),
    (_stale_edit, stay_silent),
    (_wants_person, call_person),
    (_accepts_person, call_person),
    (_begins_again, restart),
    (_cancels_order, talk.cancel_order),
    (_cancels, talk.cancel),
    (_answers_too_late, visits.begin_again),
    (_nudges, talk.reassure),
    (lambda _: True, converse),
)
