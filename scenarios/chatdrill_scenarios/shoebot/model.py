"""The bot's own words for a dialog; no messenger's format appears here.

A channel turns webhooks into `Event`s, the brain turns a burst of events and a `State` into replies and a new state,
and the channel turns the replies into API calls.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

EventKind = Literal[
    "text", "edit", "press", "start",
    "photo", "voice", "audio", "video", "document", "sticker", "location", "contact", "other",
]  # fmt: skip
URGENT: frozenset[EventKind] = frozenset({"press", "start"})
PhotoVerdict = Literal["unseen", "image", "not_image", "lost"]


@dataclass(frozen=True, slots=True)
class Media:
    """A file of the customer: where to get it, and after the download what it really is."""

    ref: str
    mime: str = ""
    verdict: PhotoVerdict = "unseen"
    sha256: str = ""
    size_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Event:
    """One thing that a customer did. `id` is what a redelivery of the same thing would carry again."""

    channel: str
    user: str
    id: str
    kind: EventKind
    text: str = ""
    payload: str = ""  # of a pressed button or a deep link
    message_id: str = ""  # of the message itself; in an edit, of the message that was edited
    language: str = ""  # what the platform believes the customer speaks
    media: Media | None = None
    latitude: float = 0.0
    longitude: float = 0.0
    phone: str = ""
    callback_id: str = ""  # of a press that the platform wants confirmed
    menu_id: str = ""  # of the message whose button was pressed

    @property
    def conversation(self) -> str:
        return f"{self.channel}:{self.user}"


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Say:
    """Words, with choices under them; `menu` is the caption of the choices where a platform shows them as a list."""

    text: str
    buttons: tuple[Button, ...] = ()
    menu: str = ""


@dataclass(frozen=True, slots=True)
class Pin:
    latitude: float
    longitude: float
    title: str
    address: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture of the shop, by its file name; the channel knows how to deliver it."""

    file: str
    caption: str


Reply = Say | Pin | Picture


@dataclass(slots=True)
class State:
    """All that the bot remembers of one conversation. It is stored as JSON."""

    language: str = ""
    met: bool = False
    with_person: bool = False
    task: str = ""  # the form being filled in: status, return or fitting
    facts: dict[str, str] = field(default_factory=dict)  # what the customer told for that form
    topic: str = ""  # the order last talked about, so that "return it" needs no number
    misses: int = 0  # unknown order numbers in a row
    puzzled: int = 0  # turns in a row which the bot did not understand
    offered: bool = False  # the last turn asked whether to call a person
    reassured: bool = False  # an impatient nudge gets one answer, not a storm
    returns: dict[str, int] = field(default_factory=dict)  # an order belongs to one customer, so counting here is safe
    last_return: str = ""
    bookings: int = 0
