"""Answers that need nothing but the question."""

from __future__ import annotations

from ..catalog import MAIN_SHOP, Shop, nearest_shop
from ..model import Picture, Pin
from ..turn import Turn
from ..words import QUESTIONS

SIZE_CHART = "size-chart.png"


def answer(turn: Turn) -> None:
    """All the questions of the burst, in the order of the table."""
    for question in QUESTIONS:
        if question in turn.heard.intents and not _is_reason(turn, question):
            turn.say(f"faq.{question}")
            if attach := _ATTACHMENTS.get(question):
                attach(turn)
    if turn.heard.place is not None:
        _nearest(turn, *turn.heard.place)
    if turn.heard.phone:
        turn.say("contact", tail=turn.heard.phone[-3:])


def _is_reason(turn: Turn, question: str) -> bool:
    """ "The size is wrong" explains a return, it does not ask for the chart."""
    return question == "sizes" and turn.state.task == "return" and "?" not in turn.heard.text


def _pin(turn: Turn, shop: Shop) -> None:
    turn.show(Pin(shop.latitude, shop.longitude, turn.words("shop"), shop.address))


def _nearest(turn: Turn, latitude: float, longitude: float) -> None:
    shop, km = nearest_shop(latitude, longitude)
    turn.heard.facts.setdefault("city", shop.city)
    turn.say("nearest", address=shop.address, km=str(km))
    _pin(turn, shop)


def _chart(turn: Turn) -> None:
    turn.show(Picture(SIZE_CHART, turn.words("chart")))


_ATTACHMENTS = {"address": lambda turn: _pin(turn, MAIN_SHOP), "sizes": _chart}
