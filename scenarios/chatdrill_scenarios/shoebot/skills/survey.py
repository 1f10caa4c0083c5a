"""What was it like? Asked once in a conversation, answered by a button, or by a digit right after the question."""

from __future__ import annotations

from ..catalog import STARS
from ..turn import Turn
from ..words import DIGIT, RATING

ASKED, HELD, DESKS = "asked", "held", "desks"
CONTENT_FROM = 3


def ask(turn: Turn) -> None:
    turn.state.survey, turn.state.surveyed_at = ASKED, turn.now
    turn.author = "survey"
    turn.say("survey")
    turn.offer(*(f"rate:{star}" for star in STARS), menu="list.rate")


def rating_of(turn: Turn) -> int:
    """The stars that a turn gives, or 0. A bare digit is one only while nothing else was said since the question."""
    state, heard = turn.state, turn.heard
    if heard.rating:
        return heard.rating
    if expects_desks(turn):
        return 0  # its scale is not the bot's
    asked_last = state.survey == ASKED and state.resolved_at and turn.now - state.surveyed_at <= turn.policy.rating_s
    match = RATING.match(heard.folded) if asked_last else None
    return int(match[1]) if match else 0


def expects_desks(turn: Turn) -> bool:
    """The desk has asked, and nothing else was said since."""
    state = turn.state
    return bool(state.survey == DESKS and state.resolved_at and turn.now - state.surveyed_at <= turn.policy.rating_s)


def answers_desks(turn: Turn) -> bool:
    """A digit right after the desk's question; what it means, the desk knows."""
    return expects_desks(turn) and bool(DIGIT.match(turn.heard.folded))


def take_desks(turn: Turn) -> None:
    turn.state.survey = DIGIT.sub(r"\1", turn.heard.folded)
    turn.say("rate.noted")


def is_open(turn: Turn) -> bool:
    """The bot has asked, and waits for the answer still."""
    return turn.state.survey == ASKED and turn.now - turn.state.surveyed_at <= turn.policy.rating_s


def note(turn: Turn) -> None:
    """Stars for the last conversation count while a person is in charge of the next, and the bot keeps its thanks to itself."""
    if is_open(turn):
        turn.state.survey = str(rating_of(turn))


def take(turn: Turn) -> None:
    state, stars = turn.state, rating_of(turn)
    if state.survey.isdigit():
        turn.say("rate.twice", stars=state.survey)
    elif not is_open(turn):
        turn.say("rate.late")
    else:
        state.survey = str(stars)
        turn.say("rate.thanks", stars=str(stars))
        if stars < CONTENT_FROM:
            turn.offer_person("rate.sorry")
