"""The neutral value between an export and a scenario: a dialog of turns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

import msgspec

from chatdrill.model import MediaKind

Role = Literal["customer", "bot", "agent", "nobody"]
"""``nobody``: the export itself speaks (somebody joined, a call was missed)."""
Deed = Literal["writes", "edits", "deletes", "presses", "starts", "reacts", "closes", "types"]


class Attached(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A file of a turn. ``path`` is its name inside the export (``None``: it was left out of it), ``name`` what people see."""

    kind: MediaKind
    path: str | None = None
    name: str | None = None
    emoji: str | None = None


class Place(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A point on the map, in degrees."""

    latitude: float
    longitude: float
    name: str | None = None
    address: str | None = None


class Card(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A contact card."""

    name: str
    phone: str = ""
    email: str | None = None


class Turn(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one participant does at one moment.

    ``at`` is Unix seconds; where an export has local times only, as if they were UTC. ``who`` is the participant as the export
    names them, ``role`` what they are where it says so. ``of`` is the ``id`` of the message that is edited, deleted or reacted to
    (``None``: the last). ``text`` is what is written, the new text of an edit, the title of a press, an emoji. ``changed``: the
    message was edited and only its last wording is known. ``private``: a note that the customer does not see.
    """

    at: float
    who: str
    text: str = ""
    role: Role | None = None
    does: Deed = "writes"
    id: str | None = None
    of: str | None = None
    reply_to: str | None = None
    payload: str | None = None
    files: tuple[Attached, ...] = ()
    place: Place | None = None
    card: Card | None = None
    buttons: tuple[str, ...] = ()
    keyboard: str | None = None
    forwarded: bool = False
    private: bool = False
    changed: bool = False


@dataclass(frozen=True)
class Dialog:
    """One conversation of an export.

    ``turns`` gives its turns in the order in which they happened, anew at every call. ``roles`` is what the export says of
    its participants beforehand. ``sees_buttons``: the export has the buttons of messages, so that a
    message without any had none. ``is_local``: its times are those of a clock on the wall in a zone that nobody knows.
    """

    title: str
    format: str
    where: str
    turns: Callable[[], Iterator[Turn]]
    platform: str | None = None
    roles: Mapping[str, Role] = field(default_factory=dict)
    sees_buttons: bool = False
    is_local: bool = False
