"""Messages, and what customers, platforms and bots do with them.

An *act* is something on the customer's or the vendor's side that the bot may be told of; a wire encodes it into updates.
An *effect* is what a bot's call did to a conversation; a wire reads it out of the call.
"""

from __future__ import annotations

from typing import Any, Literal

import msgspec

from chatdrill.model.parts import Button, Carousel, Keyboard, Media, Part, Referral, Template, Text

Author = Literal["customer", "bot", "agent", "platform"]


class Message(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One message in a conversation.

    ``ids`` are the platform's message ids: several where the platform splits an album. ``at`` is drill time, Unix
    seconds. ``reply_to`` is the platform id of the quoted message. ``tag`` is the vendor's reason for sending outside
    the window.
    """

    ids: tuple[str, ...]
    author: Author
    parts: tuple[Part, ...]
    at: float
    reply_to: str | None = None
    forwarded: bool = False
    tag: str | None = None
    edited_at: float | None = None
    sender: str | None = None

    @property
    def id(self) -> str:
        """The first platform id."""
        return self.ids[0]

    @property
    def text(self) -> str:
        """All words of the message: texts, captions, card titles and templates, joined by new lines."""
        parts = self.parts
        if len(parts) == 1:
            return part_text(parts[0])
        return "\n".join(words for part in parts if (words := part_text(part)))

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Everything in the message that can be pressed."""
        found: list[Button] = []
        for part in self.parts:
            if isinstance(part, Keyboard):
                found.extend(part.buttons)
            elif isinstance(part, Carousel):
                found.extend(button for card in part.cards for button in card.buttons)
            elif isinstance(part, Template):
                found.extend(part.buttons)
        return tuple(found)

    @property
    def media(self) -> tuple[Media, ...]:
        """The media parts."""
        return tuple(part for part in self.parts if isinstance(part, Media))


def part_text(part: Part) -> str:
    """The words a customer reads in one part."""
    if isinstance(part, (Text, Template)):  # a tuple: every message is asked, and making a union takes longer
        return part.text
    if isinstance(part, Media):
        return part.caption.text if part.caption else ""
    if isinstance(part, Carousel):
        return "\n".join(words for card in part.cards for words in (card.title, card.subtitle) if words)
    return ""


# ---------------------------------------------------------------------------------------------------- acts


class _Act(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, tag_field="act"):
    """Base of the acts."""


class Write(_Act, frozen=True, kw_only=True, tag="write"):
    """The customer sends one message."""

    parts: tuple[Part, ...]
    reply_to: str | None = None
    forwarded: bool = False
    referral: Referral | None = None


class Press(_Act, frozen=True, kw_only=True, tag="press"):
    """The customer presses a button of the bot's message ``message_id`` (``None``: a permanent menu)."""

    button: Button
    message_id: str | None = None


class Edit(_Act, frozen=True, kw_only=True, tag="edit"):
    """The customer changes an own message."""

    message_id: str
    parts: tuple[Part, ...]


class Delete(_Act, frozen=True, kw_only=True, tag="delete"):
    """The customer deletes an own message."""

    message_id: str


class React(_Act, frozen=True, kw_only=True, tag="react"):
    """The customer reacts to a message, or takes the reaction back (``emoji`` is ``None``)."""

    message_id: str
    emoji: str | None = None


class Start(_Act, frozen=True, kw_only=True, tag="start"):
    """The customer opens the chat for the first time or by a link; ``payload`` is what the link carries."""

    payload: str | None = None
    referral: Referral | None = None


class Typing(_Act, frozen=True, kw_only=True, tag="typing"):
    """The customer types. Hardly any platform tells the bot."""


class Read(_Act, frozen=True, kw_only=True, tag="read"):
    """The customer has read everything up to ``message_id``."""

    message_id: str


class Block(_Act, frozen=True, kw_only=True, tag="block"):
    """The customer blocks the bot."""


class Unblock(_Act, frozen=True, kw_only=True, tag="unblock"):
    """The customer lets the bot write again."""


class Receipt(_Act, frozen=True, kw_only=True, tag="receipt"):
    """The platform reports the fate of a bot's message; ``error`` is the vendor's code where it failed."""

    message_id: str
    status: Literal["sent", "delivered", "read", "played", "failed"]
    error: int | None = None


class Echo(_Act, frozen=True, kw_only=True, tag="echo"):
    """The platform shows the bot its own message again, or one that a person wrote in the vendor's inbox."""

    message: Message


class Event(_Act, frozen=True, kw_only=True, tag="event"):
    """An event that only one vendor has, by the vendor's name; ``data`` overrides fields of its standard payload."""

    name: str
    data: dict[str, Any] = {}


Act = Write | Press | Edit | Delete | React | Start | Typing | Read | Block | Unblock | Receipt | Echo | Event
ACT_NAMES: tuple[str, ...] = (
    "write",
    "press",
    "edit",
    "delete",
    "react",
    "start",
    "typing",
    "read",
    "block",
    "unblock",
    "receipt",
    "echo",
    "event",
)


# ------------------------------------------------------------------------------------------------- effects


class _Effect(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True, tag_field="effect"):
    """Base of the effects; ``to`` is the customer's address on the platform."""

    to: str


class Sent(_Effect, frozen=True, kw_only=True, tag="sent"):
    """The bot's message was accepted."""

    message: Message


class Edited(_Effect, frozen=True, kw_only=True, tag="edited"):
    """The bot changed an own message; ``message`` is the whole message as it is now."""

    message: Message


class Deleted(_Effect, frozen=True, kw_only=True, tag="deleted"):
    """The bot deleted messages."""

    message_ids: tuple[str, ...]


class Reacted(_Effect, frozen=True, kw_only=True, tag="reacted"):
    """The bot reacted to a message."""

    message_id: str
    emoji: str | None = None


class Activity(_Effect, frozen=True, kw_only=True, tag="activity"):
    """The bot shows that it is doing something: ``typing``, ``upload_photo`` ..."""

    action: str


class MarkedRead(_Effect, frozen=True, kw_only=True, tag="marked_read"):
    """The bot marked a customer's message as read."""

    message_id: str


class PressAnswered(_Effect, frozen=True, kw_only=True, tag="press_answered"):
    """The bot acknowledged a press; ``text`` is shown as a toast, or as a dialog (``alert``)."""

    press_id: str
    text: str | None = None
    alert: bool = False


Effect = Sent | Edited | Deleted | Reacted | Activity | MarkedRead | PressAnswered
