"""``sendMediaGroup``, and ``InputMedia`` as albums and edits read it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatdrill_fakes.platforms.telegram import contents
from chatdrill_fakes.platforms.telegram.errors import ApiError, bad_request
from chatdrill_fakes.platforms.telegram.fields import FieldError, bool_field, int_field, text_field
from chatdrill_fakes.platforms.telegram.limits import ALBUM_MAX
from chatdrill_fakes.platforms.telegram.messages import Content, Frame
from chatdrill_fakes.platforms.telegram.methods.base import (
    MethodCall,
    acting_chat,
    ensure_in_rate,
    ensure_may_send,
    read_json,
    required,
)
from chatdrill_fakes.platforms.telegram.methods.inputs import Source, obtain, read_source, require_fetched
from chatdrill_fakes.platforms.telegram.methods.options import frame_of, read_options
from chatdrill_fakes.platforms.telegram.methods.sending import (
    DURATION_MAX_S,
    SIDE_MAX,
    describe_media,
    ensure_open,
    post,
)
from chatdrill_fakes.platforms.telegram.state import Json
from chatdrill_fakes.platforms.telegram.texts import Draft, finish, read_draft

_KINDS = frozenset(("photo", "video", "animation", "audio", "document"))
_UNMIXED = {"document": "Document", "audio": "Audio"}


@dataclass(slots=True)
class InputMedia:
    """One item of an album, read and not yet stored."""

    kind: str
    source: Source
    thumbnail: Source | None
    caption: Draft
    flags: dict[str, bool]
    attributes: Json
    as_file: bool


def read_input_media(call: MethodCall, value: Any, *, for_album: bool) -> InputMedia:
    """An ``InputMedia`` object; raises ``ApiError`` with the vendor's complaint."""
    try:
        return _read(call, value, for_album=for_album)
    except FieldError as error:
        raise bad_request(f"Can't parse InputMedia: {error}") from error
    except ApiError as error:
        raise bad_request(f"Can't parse InputMedia: {error.description.removeprefix('Bad Request: ')}") from error


def _read(call: MethodCall, value: Any, *, for_album: bool) -> InputMedia:
    if not isinstance(value, dict):
        raise FieldError("expected an Object")
    caption = read_draft(
        text_field(value, "caption", ""), text_field(value, "parse_mode", ""), value.get("caption_entities")
    )
    flags = {
        "show_caption_above_media": bool_field(value, "show_caption_above_media"),
        "has_media_spoiler": bool_field(value, "has_spoiler"),
    }
    kind = text_field(value, "type")
    source = read_source(call, "", text_field(value, "media", ""))
    if source is None:
        raise FieldError("media not found")
    if kind not in _KINDS:
        raise FieldError(f'type "{kind}" is unsupported')
    if kind == "animation" and for_album:
        raise FieldError(f'type "{kind}" can\'t be used in sendMediaGroup')
    thumbnail = read_source(call, "thumbnail", text_field(value, "thumbnail", ""), only_upload=True)
    as_file = for_album or bool_field(value, "disable_content_type_detection")
    return InputMedia(kind, source, thumbnail, caption, flags, _attributes(value), as_file)


def _attributes(value: Json) -> Json:
    return {
        "duration_s": max(0, min(DURATION_MAX_S, int_field(value, "duration", 0))),
        "width": max(0, min(SIDE_MAX, int_field(value, "width", 0))),
        "height": max(0, min(SIDE_MAX, int_field(value, "height", 0))),
        "title": text_field(value, "title", ""),
        "performer": text_field(value, "performer", ""),
    }


def store_media(call: MethodCall, item: InputMedia) -> Content:
    """The content of a read item; raises ``ApiError`` and ``MustWait`` like ``obtain``."""
    stored = obtain(call, item.kind, item.source, thumbnail=item.thumbnail, as_file=item.as_file)
    if item.source.upload is not None or item.source.is_url:
        describe_media(stored, item.attributes)
    words = finish(call.state, item.caption, may_be_empty=True)
    return contents.media_content(call.state, stored, words, flags=item.flags)


def send_media_group(call: MethodCall) -> list[Json]:
    """``sendMediaGroup``: one message per item, one ``media_group_id``, no keyboard."""
    options = read_options(call, with_markup=False)
    required(call, "media")
    given = read_json(call, "media", "media")
    if not isinstance(given, list):
        raise bad_request("Expected an Array of InputMedia")
    items = [read_input_media(call, value, for_album=True) for value in given]
    chat = acting_chat(call)
    frame = frame_of(call, chat, options.reply)
    _check_album(items)
    require_fetched(call, [(item.kind, item.source) for item in items])
    built = [store_media(call, item) for item in items]
    for content in built:
        ensure_may_send(chat, content.kind)
    ensure_open(call, chat)
    ensure_in_rate(call, chat, len(built))
    if len(built) > 1:
        frame.lead = {**frame.lead, "media_group_id": call.state.chance.digits(17)}
    # Every item gets a frame of its own: the flags are the item's.
    reply_to, origin, lead = frame.reply_to, frame.origin, frame.lead
    return [post(call, chat, content, Frame(reply_to=reply_to, origin=origin, lead=lead), None) for content in built]


def _check_album(items: list[InputMedia]) -> None:
    if not items:
        raise bad_request("There are no messages to send")
    if len(items) > ALBUM_MAX:
        raise bad_request("Too many messages to send as an album")
    kinds = {item.kind for item in items}
    for kind, title in _UNMIXED.items():
        if kind in kinds and len(kinds) > 1:
            raise bad_request(f"{title} can't be mixed with other media types")
    if len({item.flags["show_caption_above_media"] for item in items}) > 1:
        raise bad_request("Parameter show_caption_above_media must be the same for all messages")
