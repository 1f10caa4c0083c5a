"""What was it like? Asked once in a conversation, answered by a button, or by a digit right after the question."""

from __future__ import annotations

from ..catalog import STARS
from ..turn import Turn
from ..words import RATING

ASKED, HELD = "asked", "held"
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
    asked_last = state.survey == ASKED and state.resolved_at and turn.now - state.surveyed_at <= turn.policy.rating_s
    match = RATING.match(heard.folded) if asked_last else None
    return int(match[1]) if match else 0


def take(turn: Turn) -> None:
    state, stars = turn.state, rating_of(turn)
    if state.survey.isdigit():
        turn.say("rate.twice", stars=state.survey)
    elif state.survey != ASKED or turn.now - state.surveyed_at > turn.policy.rating_s:
        turn.say("rate.late")
    else:
        state.survey = str(stars)
        turn.say("rate.thanks", stars=str(stars))
        if stars < CONTENT_FROM:
            turn.offer_person("rate.sorry")
