"""Repairs: days later somebody from the workshop writes, and the bot hands those words on."""

from __future__ import annotations

from ..catalog import REPAIRS
from ..policy import DAY_S
from ..turn import Turn
from .desk import when


def take(turn: Turn) -> None:
    """Notes a repair if the burst asks for one; its order number is then no question about the order's status."""
    if "repair" not in turn.heard.intents:
        return
    order = next((one for one in (*turn.heard.orders, turn.state.topic) if one in REPAIRS), None)
    turn.heard.intents -= {"repair", "return", "status"}
    if order is None:
        turn.say("repair.which")
        return
    turn.heard.orders = []
    turn.heard.facts.pop("reason", None)
    _send_to_workshop(turn, order)


def _send_to_workshop(turn: Turn, order: str) -> None:
    """The workshop writes when it is there: at the first opening time after the days that it needs."""
    due = turn.now + REPAIRS[order] * DAY_S
    state = turn.state
    state.repair, state.repaired_at = order, turn.policy.desk.next_open(due) or due
    turn.say("repair.taken", order=order, when=when(turn, state.repaired_at))


def tell(turn: Turn) -> None:
    turn.author = "agent"
    turn.say("repair.done", order=turn.state.repair)
