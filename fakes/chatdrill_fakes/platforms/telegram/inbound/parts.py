"""The parts that a customer sends, as the contents of Telegram messages."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from msgspec.structs import replace

from chatdrill.errors import Unsupported
from chatdrill.model import Contact, File, Location, Media, Other, Part, Span, Text
from chatdrill_fakes.platforms.telegram import contents, encoding
from chatdrill_fakes.platforms.telegram.capabilities import CAPABILITIES
from chatdrill_fakes.platforms.telegram.errors import ApiError
from chatdrill_fakes.platforms.telegram.files import keep
from chatdrill_fakes.platforms.telegram.limits import ALBUM_MAX, CAPTION_MAX, TEXT_MAX
from chatdrill_fakes.platforms.telegram.messages import Content
from chatdrill_fakes.platforms.telegram.state import TelegramChat, TelegramState
from chatdrill_fakes.platforms.telegram.texts import Formatted, from_part

_ALBUMS = ({"photo", "video"}, {"document"}, {"audio"})


def read_parts(state: TelegramState, chat: TelegramChat, parts: Sequence[Part]) -> list[Content]:
    """The contents of one act: several for an album or a text that the app splits. Raises ``Unsupported``."""
    texts = [part for part in parts if isinstance(part, Text)]
    others = [part for part in parts if not isinstance(part, Text)]
    if not parts:
        raise Unsupported(
            "telegram: a message needs at least one part; give it a text, a file, a location or a contact"
        )
    if not others:
        return _texts(state, _joined(texts))
    media = [part for part in others if isinstance(part, Media)]
    if media and len(media) == len(others):
        return _media(state, media, texts)
    if len(others) > 1 or texts:
        kinds = ", ".join(type(part).__name__.lower() for part in parts)
        raise Unsupported(f"telegram: one message cannot hold {kinds}; write them one after the other")
    return [_single(state, chat, others[0])]


def _texts(state: TelegramState, whole: Text) -> list[Content]:
    """The apps cut what is longer than a message into several."""
    if len(whole.text) <= TEXT_MAX:
        return [contents.text_content(state, _formatted(state, whole))]
    pieces = [_cut(whole, start) for start in range(0, len(whole.text), TEXT_MAX)]
    found = [piece for piece in pieces if piece.text.strip()]
    if not found:
        raise _empty()
    return [contents.text_content(state, _formatted(state, piece)) for piece in found]


def _joined(parts: Sequence[Text]) -> Text:
    """Several texts as one, line by line, with their formatting."""
    if len(parts) == 1:
        return parts[0]
    spans: list[Span] = []
    place = 0
    for part in parts:
        spans.extend(replace(span, start=span.start + place) for span in part.spans)
        place += len(part.text) + 1
    return Text(text="\n".join(part.text for part in parts), spans=tuple(spans))


def _cut(whole: Text, start: int) -> Text:
    """One message's worth of a longer text, with the formatting that lies in it."""
    end = start + TEXT_MAX
    spans = [
        replace(
            span,
            start=max(span.start, start) - start,
            length=min(span.start + span.length, end) - max(span.start, start),
        )
        for span in whole.spans
        if span.start < end and span.start + span.length > start
    ]
    return Text(text=whole.text[start:end], spans=tuple(spans))


def _formatted(state: TelegramState, part: Text) -> Formatted:
    try:
        return from_part(state, part)
    except ApiError as error:
        raise _empty() from error


def _empty() -> Unsupported:
    return Unsupported("telegram: the apps do not send a text without visible characters")


# ---------------------------------------------------------------------------------------------------- media


def _media(state: TelegramState, media: list[Media], texts: list[Text]) -> list[Content]:
    kinds = {part.kind for part in media}
    if len(media) > 1 and not any(kinds <= album for album in _ALBUMS):
        raise Unsupported(f"telegram: an album cannot hold {', '.join(sorted(kinds))}; send them one after the other")
    if len(media) > ALBUM_MAX:
        raise Unsupported(f"telegram: an album holds at most {ALBUM_MAX} files, not {len(media)}; send two albums")
    caption = _joined(texts) if texts else None
    return [_one_media(state, part, caption if place == 0 else None) for place, part in enumerate(media)]


def _one_media(state: TelegramState, part: Media, words: Text | None) -> Content:
    wanted = contents.caption_of(part) or words
    if wanted is not None and part.kind in contents.NO_CAPTION:
        raise Unsupported(f"telegram: a {part.kind} has no caption; write the text as a message of its own")
    caption = _formatted(state, wanted) if wanted is not None else None
    if caption is not None and len(caption.text) > CAPTION_MAX:
        raise Unsupported(f"telegram: a caption has at most {CAPTION_MAX} characters; write the text on its own")
    if not part.file.sha256 or part.file.sha256 not in state.blobs:
        raise Unsupported(f"telegram: the {part.kind}'s bytes are unknown; put them into the channel's blobs first")
    try:
        stored = keep(state, part.kind, _dressed(part))
    except ValueError as error:
        raise Unsupported(f"telegram: this file cannot be sent as a {part.kind}: {error}") from error
    return contents.media_content(state, stored, caption, emoji=part.emoji)


def _dressed(part: Media) -> File:
    """Photos, voices, round videos and stickers travel without their file names."""
    is_nameless = part.kind in ("photo", "voice", "video_note", "sticker")
    name = None if is_nameless or part.file.name is None else encoding.clean(part.file.name)
    return replace(part.file, name=name)


# ----------------------------------------------------------------------------------------------- other parts


def _location(_state: TelegramState, _chat: TelegramChat, part: Location) -> Content:
    if part.name and part.live_period_s:
        raise Unsupported("telegram: a place with a name does not move; leave out the name or the live period")
    return contents.location_content(part)


def _contact(state: TelegramState, chat: TelegramChat, part: Contact) -> Content:
    phone = contents.digits(part.phone, plus=state.is_on("contact_plus"))
    if part.own:
        card = contents.contact_card(
            phone, str(chat.user["first_name"]), str(chat.user.get("last_name", "")), user_id=chat.user["id"]
        )
    else:
        first, _, last = encoding.clean(part.name).partition(" ")
        card = contents.contact_card(phone, first or "Contact", last, _vcard(part) if part.email else "")
    return contents.contact_content(part, card)


def _vcard(part: Contact) -> str:
    """What an address book knows beside name and number; the vendor has no field for it."""
    lines = ("BEGIN:VCARD", "VERSION:3.0", f"FN:{part.name}", f"TEL:{part.phone}", f"EMAIL:{part.email}", "END:VCARD")
    return encoding.clean("\n".join(lines))


def _other(state: TelegramState, _chat: TelegramChat, part: Other) -> Content:
    if part.kind != "dice":
        raise Unsupported(f"telegram: no word for {part.kind!r}; use an event named 'message' with its payload")
    emoji = str(part.data.get("emoji", "🎲"))
    value = int(part.data.get("value", 0)) or state.chance.randint(1, contents.DICE.get(emoji, 6))
    return contents.dice_content(emoji, value)


_SINGLE: dict[type, Callable[[TelegramState, TelegramChat, Any], Content]] = {
    Location: _location,
    Contact: _contact,
    Other: _other,
}


def _single(state: TelegramState, chat: TelegramChat, part: Part) -> Content:
    reader = _SINGLE.get(type(part))
    if reader is None:
        name = str(part.__struct_config__.tag)
        raise Unsupported(f"telegram: {CAPABILITIES.lacks.get(name, f'a customer cannot send a {name}')}")
    return reader(state, chat, part)
