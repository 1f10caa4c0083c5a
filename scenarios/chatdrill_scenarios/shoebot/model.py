"""The bot's own words for a dialog; no messenger's format appears here.

A channel turns webhooks into `Event`s, the brain turns a burst of events and a `State` into replies and a new state,
and the channel turns the replies into API calls.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from .desks import News

EventKind = Literal[
    "text", "edit", "press", "start",
    "photo", "voice", "audio", "video", "document", "sticker", "location", "contact", "other",
    "alarm", "desk",
]  # fmt: skip
URGENT: frozenset[EventKind] = frozenset({"press", "start", "alarm", "desk"})
Author = Literal["bot", "agent", "survey"]
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
    """One thing that a customer did. `id` is what a redelivery of the same thing would carry again.

    An alarm is the bot's own: it queues with what the customer does, so that the two never overtake each other.
    """

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
    name: str = ""  # of the customer, where the platform tells it
    news: News | None = None  # of the desk
    aside: bool = False  # said to whoever has the conversation, who is not the bot

    @property
    def is_unsent(self) -> bool:
        """An edit that leaves nothing: the message was taken back, and what it said must be forgotten."""
        return self.kind == "edit" and not self.text

    @property
    def conversation(self) -> str:
        return f"{self.channel}:{self.user}"


@dataclass(frozen=True, slots=True)
class Switch:
    """A link out of a call: `topic` is the order that the caller keyed in, `used_by` the conversation that came by it."""

    token: str
    call: str
    caller: str
    topic: str
    at: float
    used_by: str = ""


@dataclass(frozen=True, slots=True)
class Button:
    label: str
    payload: str


@dataclass(frozen=True, slots=True)
class Say:
    """Words, with choices under them; `menu` is the caption of the choices where a platform shows them as a list.

    What an agent wrote, and a survey, may be sent where the bot's own words may not any more.
    """

    text: str
    buttons: tuple[Button, ...] = ()
    menu: str = ""
    author: Author = "bot"


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
    # --- time, in Unix seconds; 0 for never
    heard_at: float = 0.0  # when the customer last did anything
    spoke_at: float = 0.0  # when the bot last answered
    reminded: bool = False  # since the customer's last word
    restart: str = ""  # the form that the bot offered to begin again
    closed_until: float = 0.0  # the opening time that the customer was told; once for each closed period
    waiting: bool = False  # for a person who is not there yet
    note: list[str] = field(default_factory=list)  # what the customer wants of that person
    repair: str = ""  # the order whose shoes are in the workshop
    repaired_at: float = 0.0
    resolved_at: float = 0.0
    survey: str = ""  # of this conversation: "held", "asked", or the rating that was given
    surveyed_at: float = 0.0
    ticket: str = ""  # at the desk, while a person is in charge
    handed_at: float = 0.0
    accepted: bool = False  # somebody has come
    wait_told: bool = False  # that nobody has come yet
    rated_ticket: str = ""  # what a rating is about
    phone: str = ""
    told: dict[str, str] = field(default_factory=dict)  # for the agents, by what it is
    held: list[str] = field(default_factory=list)  # what could not be said because the platform's window was closed
