"""What messages show, built the same way for customers and for the bot."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from chatdrill.model import Contact, Location, Media, Other, Text
from chatdrill_fakes.platforms.telegram import encoding
from chatdrill_fakes.platforms.telegram.errors import bad_request
from chatdrill_fakes.platforms.telegram.files import media_fields, neutral_media
from chatdrill_fakes.platforms.telegram.limits import CAPTION_MAX, TEXT_MAX
from chatdrill_fakes.platforms.telegram.messages import Content
from chatdrill_fakes.platforms.telegram.state import Json, StoredFile, TelegramState
from chatdrill_fakes.platforms.telegram.texts import Formatted

NO_CAPTION = frozenset(("sticker", "video_note"))
PICTURES = frozenset(("photo", "video", "animation"))


def text_content(state: TelegramState, formatted: Formatted, extra: Json | None = None) -> Content:
    """A text; raises ``ApiError`` if it is too long. ``extra`` fields follow the entities."""
    if len(formatted.text) > TEXT_MAX:
        raise bad_request("Message is too long")
    fields = formatted.fields(state)
    return Content("text", {**fields, **extra} if extra else fields, (formatted.part,), formatted.text)


def media_content(
    state: TelegramState,
    stored: StoredFile,
    caption: Formatted | None = None,
    *,
    emoji: str | None = None,
    flags: Mapping[str, bool] | None = None,
) -> Content:
    """A file with its caption. ``flags`` are ``show_caption_above_media`` and ``has_media_spoiler``.

    Raises ``ApiError`` if the caption is too long.
    """
    fields = media_fields(stored, emoji)
    media = replace(neutral_media(stored), emoji=emoji)
    words = ""
    if caption is not None and caption.text and stored.kind not in NO_CAPTION:
        if len(caption.text) > CAPTION_MAX:
            raise bad_request("Message caption is too long")
        words = caption.text
        fields.update(caption.fields(state, "caption", "caption_entities"))
        media = replace(media, caption=caption.part)
    if flags and stored.kind in PICTURES:
        fields.update(dict.fromkeys(picture_flags(flags, has_caption=bool(words)), True))
    return Content(stored.kind, fields, (media,), words)


def picture_flags(flags: Mapping[str, bool], *, has_caption: bool) -> list[str]:
    """Those of the flags that a picture or video shows; there must be a caption to stand above it."""
    return [name for name, is_on in flags.items() if is_on and (has_caption or name != "show_caption_above_media")]


def caption_of(part: Media) -> Text | None:
    """The caption of a neutral media part, if it has words."""
    return part.caption if part.caption is not None and part.caption.text.strip() else None


def point(latitude: float, longitude: float) -> Json:
    """The coordinates, as the vendor prints them; out-of-range ones are clamped by the servers."""
    return {
        "latitude": encoding.decimal(max(-90.0, min(90.0, latitude))),
        "longitude": encoding.decimal(max(-180.0, min(180.0, longitude))),
    }


def location_content(part: Location, live: Json | None = None) -> Content:
    """A point, a moving point (``live`` has its further fields) or a venue."""
    place = point(part.latitude, part.longitude)
    if part.name:
        return venue_content(part, {})
    if part.live_period_s:
        place["live_period"] = part.live_period_s
    return Content("location", {"location": {**place, **(live or {})}}, (part,))


def venue_content(part: Location, provider: Json) -> Content:
    """A named place; its coordinates stand in ``location`` too, as old bots expect."""
    place = point(part.latitude, part.longitude)
    venue = {
        "location": place,
        "title": encoding.text(encoding.clean(part.name or "")),
        "address": encoding.text(encoding.clean(part.address or "")),
        **provider,
    }
    return Content("venue", {"location": place, "venue": venue}, (part,))


def contact_content(part: Contact, card: Json) -> Content:
    """A contact card; ``card`` is the vendor's ``Contact``."""
    return Content("contact", {"contact": card}, (part,))


def contact_card(phone: str, first_name: str, last_name: str, vcard: str = "", user_id: int | None = None) -> Json:
    """A ``Contact``."""
    card: Json = {"phone_number": encoding.text(phone), "first_name": encoding.text(first_name)}
    if last_name:
        card["last_name"] = encoding.text(last_name)
    if vcard:
        card["vcard"] = encoding.text(vcard)
    if user_id is not None:
        card["user_id"] = user_id
    return card


DICE = {"🎲": 6, "🎯": 6, "🎳": 6, "🏀": 5, "⚽": 5, "⚽️": 5, "🎰": 64}


def dice_content(emoji: str, value: int) -> Content:
    """An animated emoji with a random value."""
    fields = {"dice": {"emoji": encoding.text(emoji), "value": value}}
    return Content("dice", fields, (Other(kind="dice", data={"emoji": emoji, "value": value}),))


def poll_json(
    key: str,
    question: str,
    options: Sequence[str],
    *,
    is_closed: bool = False,
    is_anonymous: bool = True,
    allows_multiple: bool = False,
    is_quiz: bool = False,
) -> Json:
    """A ``Poll`` in which nobody has voted."""
    return {
        "id": key,
        "question": encoding.text(question),
        "options": [
            {"persistent_id": f"{key[:8]}{place}", "text": encoding.text(option), "voter_count": 0}
            for place, option in enumerate(options)
        ],
        "total_voter_count": 0,
        "is_closed": is_closed,
        "is_anonymous": is_anonymous,
        "allows_multiple_answers": allows_multiple,
        "allows_revoting": not is_quiz,
        "members_only": False,
        "type": "quiz" if is_quiz else "regular",
    }


def other_content(kind: str, field: Json, data: Mapping[str, Any]) -> Content:
    """Content that the neutral model has no word for."""
    return Content(kind, {kind: field}, (Other(kind=kind, data=dict(data)),))


def digits(phone: str, *, plus: bool) -> str:
    """A phone number as clients write it: digits only, with ``+`` or without."""
    return ("+" if plus else "") + re.sub(r"[^0-9]", "", phone)
