"""Acts of the model as turns of a dialog: for whatever was read back as acts, a trace or a vendor's webhook."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

import msgspec

from chatdrill.importing.dialog import Attached, Card, Deed, Place, Turn
from chatdrill.model import (
    Act,
    Contact,
    Delete,
    Edit,
    Keyboard,
    Location,
    Media,
    Message,
    Part,
    Press,
    React,
    Start,
    Write,
    part_text,
)


def turn_of(act: Act, head: dict[str, Any]) -> Iterator[Turn]:
    """The turn of an act, if it is one; ``head`` has time, author and id."""
    maker = _ACTS.get(type(act))
    if maker is not None:
        yield maker(act, head)


def said_turn(parts: Sequence[Part], head: dict[str, Any]) -> Turn:
    """A message of these parts."""
    keyboard = next((part for part in parts if isinstance(part, Keyboard)), None)
    place = next((part for part in parts if isinstance(part, Location)), None)
    card = next((part for part in parts if isinstance(part, Contact)), None)
    message = Message(ids=("",), author="bot", parts=tuple(parts), at=0)
    return Turn(
        **head,
        text="\n".join(words for part in parts if (words := part_text(part))),
        files=tuple(_file(part) for part in parts if isinstance(part, Media)),
        buttons=tuple(button.title for button in message.buttons),
        keyboard=None if keyboard is None else keyboard.style,
        place=None
        if place is None
        else Place(latitude=place.latitude, longitude=place.longitude, name=place.name, address=place.address),
        card=None if card is None else Card(name=card.name, phone=card.phone, email=card.email),
    )


def _file(part: Media) -> Attached:
    path = f"media/{part.file.sha256}" if part.file.sha256 else None
    return Attached(kind=part.kind, path=path, name=part.file.name, emoji=part.emoji)


def _write(act: Any, head: dict[str, Any]) -> Turn:
    return msgspec.structs.replace(said_turn(act.parts, head), reply_to=act.reply_to, forwarded=act.forwarded)


def _other(does: Deed, act: Any, head: dict[str, Any]) -> Turn:
    text = _TEXTS[does](act) if does in _TEXTS else ""
    payload = act.button.payload if does == "presses" else getattr(act, "payload", None)
    if isinstance(act, Start) and payload is None and act.referral is not None:
        payload = act.referral.ref
    return Turn(**head, does=does, text=text, payload=payload, of=getattr(act, "message_id", None))


_TEXTS: dict[Deed, Callable[[Any], str]] = {
    "presses": lambda act: act.button.title,
    "edits": lambda act: "\n".join(filter(None, map(part_text, act.parts))),
    "reacts": lambda act: act.emoji or "",
}
_ACTS: dict[type, Callable[[Any, dict[str, Any]], Turn]] = {
    Write: _write,
    Press: partial(_other, "presses"),
    Edit: partial(_other, "edits"),
    Delete: partial(_other, "deletes"),
    React: partial(_other, "reacts"),
    Start: partial(_other, "starts"),
}
