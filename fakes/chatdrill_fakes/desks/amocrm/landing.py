"""A message comes to stand in its chat."""

from __future__ import annotations

from collections.abc import Sequence

from chatdrill.model import DeskEvent, Entry, Rated
from chatdrill_fakes.desks.amocrm import shapes, work
from chatdrill_fakes.desks.amocrm.scene import Scene
from chatdrill_fakes.desks.amocrm.state import AmoState, AmoTicket, Arrival


def land(state: AmoState, ticket: AmoTicket, arrival: Arrival, now: float) -> Sequence[DeskEvent]:
    """Show a message that the channel brought, and do what follows from it."""
    scene = Scene(state, ticket, now, work.ROBOT)
    item = arrival.item
    ticket.messages[item["message"]["id"]] = item
    scene.entry(_entry(arrival, now))
    if arrival.author == "customer":
        _heard(scene, arrival)
    return scene.events


def _heard(scene: Scene, arrival: Arrival) -> None:
    """The customer has spoken: it is a rating if one was asked for, and else a call for a person unless it is silent."""
    ticket = scene.ticket
    ticket.customer_at = scene.now
    rate = _rate(arrival)
    if ticket.talk is not None and ticket.talk.closing:
        if rate is not None:
            _rated(scene, rate)
        elif not arrival.silent:
            ticket.talk.closing = False  # they went on talking: nobody rates, nothing is closed
    elif not arrival.silent:
        work.ask(scene, arrival.item)
    scene.hook("add_message", "message", "add", shapes.message(scene.state, ticket, arrival.item, "external"))


def _rated(scene: Scene, rate: int) -> None:
    ticket, talk = scene.ticket, scene.ticket.talk
    assert talk is not None  # it is closing
    talk.rate = rate
    score = 1 + 4 * rate / work.RATE_MAX
    scene.tell(Rated(ticket=ticket.address, score=score, word=str(rate), agent=ticket.served_by))
    work.finish_talk(scene)


def _rate(arrival: Arrival) -> int | None:
    text = arrival.item["message"]["text"].strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 2 and int(text) <= work.RATE_MAX else None


def _entry(arrival: Arrival, now: float) -> Entry:
    item, said = arrival.item, arrival.item["message"]
    plain = said["type"] == "text" or arrival.file is not None
    return Entry(
        id=said["id"],
        author=arrival.author,
        at=now,
        text=said["text"] or _in_words(said),
        files=() if arrival.file is None else (arrival.file,),
        kind=None if plain else said["type"],
        origin_id=arrival.msgid,
        origin_at=item["msec_timestamp"] / 1000,
        reply_to=arrival.reply_to,
        said_by=item["sender"].get("name") or None,
    )


def _in_words(said: dict[str, object]) -> str:
    """What an agent reads of a place or a card."""
    inner = said.get("location") or said.get("contact")
    return " ".join(str(value) for value in inner.values()) if isinstance(inner, dict) else ""
