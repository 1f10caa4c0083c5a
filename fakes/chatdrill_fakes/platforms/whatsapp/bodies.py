"""What the bot may put into a message: the simple types. Limits are Meta's, "Messages" reference (v25.0, 2025/26)."""

from __future__ import annotations

import msgspec

from chatdrill.model import Contact, Location, Media, Part
from chatdrill_fakes.platforms.whatsapp.errors import problem
from chatdrill_fakes.platforms.whatsapp.formatting import words
from chatdrill_fakes.platforms.whatsapp.library import CAPTION_MAX, SORTS, Shelf
from chatdrill_fakes.platforms.whatsapp.reading import Node
from chatdrill_fakes.platforms.whatsapp.state import TemplateEntry

TEXT_MAX = 4096
CONTACTS_MAX = 257
_NAME_PARTS = ("first_name", "middle_name", "last_name", "prefix", "suffix")


class Draft(msgspec.Struct):
    """A message that passed the checks of its type.

    ``kind`` names it (``text``, ``interactive.list``). A ``reaction`` is a message id and an emoji (``None``: taken
    back) instead of parts; ``reply_to`` is the id of the message that is quoted.
    """

    kind: str
    parts: tuple[Part, ...] = ()
    reaction: tuple[str, str | None] | None = None
    template: TemplateEntry | None = None
    reply_to: str | None = None


def read_text(body: Node, _shelf: Shelf) -> Draft:
    """``{"body": …, "preview_url": …}``"""
    return Draft("text", (words(body.text("body", TEXT_MAX)),))


def read_media(sort_name: str, body: Node, shelf: Shelf) -> Draft:
    """``{"id" or "link": …, "caption": …, "filename": …, "voice": …}``"""
    return Draft(sort_name, (media_part(sort_name, body, shelf),))


def media_part(sort_name: str, body: Node, shelf: Shelf) -> Media:
    """The media of a message, a header or a card."""
    sort = SORTS[sort_name]
    file = shelf.take(body, sort_name)
    caption = body.optional_text("caption", CAPTION_MAX)
    if caption and not sort.caption:
        raise problem(100, f'Unexpected key "caption" on param "{body.path}".')
    if name := body.optional_text("filename"):
        file = msgspec.structs.replace(file, name=name)
    kind = "voice" if sort_name == "audio" and body.value.get("voice") in (True, "true") else sort.kind
    return Media(kind=kind, file=file, caption=words(caption) if caption else None)


def read_location(body: Node, _shelf: Shelf) -> Draft:
    """``{"latitude": …, "longitude": …, "name": …, "address": …}``; numbers may come as strings."""
    return Draft("location", (location_part(body),))


def location_part(body: Node) -> Location:
    """The place of a message or of a template's header."""
    return Location(
        latitude=body.number("latitude", -90, 90),
        longitude=body.number("longitude", -180, 180),
        name=body.optional_text("name"),
        address=body.optional_text("address"),
    )


def read_reaction(body: Node, _shelf: Shelf) -> Draft:
    """``{"message_id": …, "emoji": …}``; an empty emoji takes the reaction back."""
    emoji = body.value.get("emoji", "")
    if not isinstance(emoji, str):
        raise problem(100, f"Param {body.at('emoji')} must be a string.")
    if len(emoji) > 20 or (emoji.isascii() and emoji):
        raise problem(131009, f"Param {body.at('emoji')} must be a single emoji, got {emoji[:20]!r}.")
    return Draft("reaction", reaction=(body.text("message_id"), emoji or None))


def read_contacts(message: Node) -> Draft:
    """A list of contact cards; each needs a formatted name and one more part of the name."""
    cards = message.nodes("contacts", 1, CONTACTS_MAX, "Contacts")
    return Draft("contacts", tuple(_contact(card) for card in cards))


def _contact(card: Node) -> Contact:
    name = card.node("name")
    formatted = name.text("formatted_name")
    if not any(name.has(part) for part in _NAME_PARTS):
        raise problem(131008, f"Param {name.path} needs formatted_name and one of {', '.join(_NAME_PARTS)}.")
    return Contact(name=formatted, phone=_first(card, "phones", "phone") or "", email=_first(card, "emails", "email"))


def _first(card: Node, many: str, one: str) -> str | None:
    entries = card.nodes(many, 0, 100) if card.has(many) else []
    return entries[0].optional_text(one) if entries else None
