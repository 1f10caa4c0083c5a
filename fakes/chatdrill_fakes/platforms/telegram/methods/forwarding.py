"""Forwarding and copying."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

from msgspec.structs import replace

from chatdrill.model import Keyboard, KeyboardRemoved, Media, Part, ReplyForced
from chatdrill_fakes.platforms.telegram.contents import PICTURES
from chatdrill_fakes.platforms.telegram.errors import bad_request
from chatdrill_fakes.platforms.telegram.keyboards import check_markup
from chatdrill_fakes.platforms.telegram.limits import BATCH_MAX, CAPTION_MAX
from chatdrill_fakes.platforms.telegram.messages import LEAD_FIELDS, ORIGIN_FIELDS, Content, Frame, origin_of
from chatdrill_fakes.platforms.telegram.methods.base import (
    MethodCall,
    ensure_in_rate,
    ensure_may_send,
    ensure_reachable,
    find_chat,
    find_message,
    read_message_ids,
    required,
    writable_chat,
)
from chatdrill_fakes.platforms.telegram.methods.options import frame_of, read_options, thread_of
from chatdrill_fakes.platforms.telegram.methods.sending import post
from chatdrill_fakes.platforms.telegram.state import Json, Stored, TelegramChat
from chatdrill_fakes.platforms.telegram.texts import Formatted, finish, read_text

_CAPTION_FIELDS = frozenset(("caption", "caption_entities", "show_caption_above_media"))


def forward_message(call: MethodCall) -> Json:
    """``forwardMessage``: the message again, with its origin."""
    source = _source(call)
    _, stored = find_message(call, source, "message to forward")
    chat = writable_chat(call)
    _check_free(stored)
    ensure_may_send(chat, stored.kind)
    ensure_reachable(chat)
    ensure_in_rate(call, chat)
    return _forward(call, chat, stored)


def forward_messages(call: MethodCall) -> list[Json]:
    """``forwardMessages``: those that are gone are left out."""
    return _batch(call, _forward)


def copy_message(call: MethodCall) -> Json:
    """``copyMessage``: the content again, without its origin, perhaps with another caption and keyboard."""
    source = _source(call)
    draft = read_text(call.arguments, "caption", "caption_entities") if call.arguments.has("caption") else None
    _, stored = find_message(call, source, "message to copy")
    options = read_options(call)
    chat = writable_chat(call)
    frame = frame_of(call, chat, options.reply)
    _check_free(stored)
    content = _content(stored)
    if draft is not None and stored.parts and isinstance(stored.parts[0], Media):
        content = _recaptioned(call, content, finish(call.state, draft, may_be_empty=True))
    markup = check_markup(options.markup, is_private=chat.is_private)
    ensure_may_send(chat, content.kind)
    ensure_reachable(chat)
    ensure_in_rate(call, chat)
    return {"message_id": post(call, chat, content, frame, markup)["message_id"]}


def copy_messages(call: MethodCall) -> list[Json]:
    """``copyMessages``; with ``remove_caption`` without their captions."""
    return _batch(call, _copy)


def _source(call: MethodCall) -> TelegramChat:
    required(call, "from_chat_id")
    return find_chat(call, "from_chat_id")


def _batch(call: MethodCall, again: Callable[[MethodCall, TelegramChat, Stored], Json]) -> list[Json]:
    required(call, "from_chat_id")
    ids = read_message_ids(call, BATCH_MAX)
    chat = writable_chat(call)
    source = find_chat(call, "from_chat_id")
    if any(later <= earlier for earlier, later in pairwise(ids)):
        raise bad_request("Message identifiers must be in a strictly increasing order")
    found = [stored for number in ids if (stored := source.stored.get(str(number))) is not None]
    found = [stored for stored in found if stored.kind != "service" and not stored.is_protected]
    if not found:
        raise bad_request("There are no messages to forward")
    for stored in found:
        ensure_may_send(chat, stored.kind)
    ensure_reachable(chat)
    ensure_in_rate(call, chat, len(found))
    return [{"message_id": again(call, chat, stored)["message_id"]} for stored in found]


def _check_free(stored: Stored) -> None:
    if stored.is_protected:
        raise bad_request("Message has protected content and can't be forwarded")
    if stored.kind == "service":
        raise bad_request("The message can't be forwarded")


def _content(stored: Stored) -> Content:
    fields = {name: value for name, value in stored.body.items() if name not in LEAD_FIELDS}
    parts = tuple(part for part in stored.parts if not isinstance(part, Keyboard | KeyboardRemoved | ReplyForced))
    return Content(stored.kind, fields, parts, stored.text)


def _forward(call: MethodCall, chat: TelegramChat, stored: Stored) -> Json:
    frame = Frame(origin={**thread_of(call, chat), **_origin(stored)}, is_forwarded=True)
    return post(call, chat, _content(stored), frame, None)


def _origin(stored: Stored) -> Json:
    """Where a message came from first: forwarding it again does not change that."""
    if "forward_origin" in stored.head:
        return {name: value for name, value in stored.head.items() if name in ORIGIN_FIELDS}
    origin = origin_of(stored)
    if origin["type"] == "user":
        legacy: Json = {"forward_from": origin["sender_user"]}
    else:
        legacy = {"forward_from_chat": origin["chat"], "forward_from_message_id": stored.id}
    return {"forward_origin": origin, **legacy, "forward_date": stored.date}


def _copy(call: MethodCall, chat: TelegramChat, stored: Stored) -> Json:
    content = _content(stored)
    if call.arguments.boolean("remove_caption"):
        content.fields = {name: value for name, value in content.fields.items() if name not in _CAPTION_FIELDS}
        content.parts = tuple(_without_caption(part) for part in content.parts)
    return post(call, chat, content, Frame(origin=thread_of(call, chat)), None)


def _recaptioned(call: MethodCall, content: Content, caption: Formatted) -> Content:
    if len(caption.text) > CAPTION_MAX:
        raise bad_request("Message caption is too long")
    fields = {name: value for name, value in content.fields.items() if name not in _CAPTION_FIELDS}
    if caption.text:
        fields.update(caption.fields(call.state, "caption", "caption_entities"))
        if content.kind in PICTURES and call.arguments.boolean("show_caption_above_media"):
            fields["show_caption_above_media"] = True
    media = content.parts[0]
    assert isinstance(media, Media)
    parts = (replace(media, caption=caption.part if caption.text else None), *content.parts[1:])
    return Content(content.kind, fields, parts, caption.text)


def _without_caption(part: Part) -> Part:
    return replace(part, caption=None) if isinstance(part, Media) else part
