"""What the people at the desk are told of a customer: kept as it is said, because a form forgets what it has done."""

from __future__ import annotations

from ..hearing import known, wordy
from ..turn import Turn
from ..words import SOCIAL, TASKS

WISH_MAX = 200  # characters; the whole of it stands in the transcript
_NO_WISHES = frozenset({*SOCIAL, "yes", "no", "bot", "cancel"})


def note(turn: Turn) -> None:
    """Before anything is answered: the newest order, number and wish. What a person in charge reads is theirs."""
    state, heard = turn.state, turn.heard
    if heard.started:
        state.told = {}
    if heard.phone:
        state.phone = f"+{heard.phone.lstrip('+')}"
    if state.with_person:
        return
    orders = known(heard.orders) or (heard.orders if heard.number_like else [])
    if orders:
        state.told["order"] = orders[-1]
    if wish := _wish(turn):
        state.told["wanted"] = wish


def keep_form(turn: Turn) -> None:
    """What the form in hand has is kept before it is forgotten."""
    form = {name: value for name, value in turn.state.facts.items() if name != "photo"}
    turn.state.told = {**form, **turn.state.told}


def _wish(turn: Turn) -> str:
    """The task that was asked for, or else the words; "a person, please" says nothing new."""
    heard, words = turn.heard, " ".join(turn.heard.text.split())
    if task := next((one for one in (*TASKS, "repair") if one in heard.intents), ""):
        return task
    is_empty = heard.nudge or not wordy(words) or bool(heard.intents & _NO_WISHES)
    if is_empty or ("person" in heard.intents and "wanted" in turn.state.told):
        return ""
    return words[:WISH_MAX]
