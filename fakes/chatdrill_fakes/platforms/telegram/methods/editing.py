"""Editing and deleting the bot's messages."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec.structs import replace

from chatdrill.model import Deleted, Edited, Keyboard, KeyboardRemoved, Location, Media, Part, ReplyForced, Text
from chatdrill_fakes.platforms.telegram import contents
from chatdrill_fakes.platforms.telegram.errors import bad_request
from chatdrill_fakes.platforms.telegram.keyboards import Markup, check_markup, read_markup
from chatdrill_fakes.platforms.telegram.limits import BATCH_MAX, CAPTION_MAX, DELETE_S
from chatdrill_fakes.platforms.telegram.messages import LEAD_FIELDS, Content, change, write
from chatdrill_fakes.platforms.telegram.methods.albums import read_input_media, store_media
from chatdrill_fakes.platforms.telegram.methods.base import (
    Handler,
    MethodCall,
    acting_chat,
    find_message,
    read_json,
    read_message_ids,
    required,
    writable_chat,
)
from chatdrill_fakes.platforms.telegram.methods.sending import link_preview, live_fields, read_point
from chatdrill_fakes.platforms.telegram.state import Json, Stored, TelegramChat
from chatdrill_fakes.platforms.telegram.texts import finish, read_text

_CAPTION_FIELDS = frozenset(("caption", "caption_entities", "show_caption_above_media"))
_MEDIA = frozenset(("photo", "video", "animation", "audio", "document", "voice"))
_NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


def _edit(call: MethodCall, build: Callable[[Stored], Content], *, markup: Markup | None) -> Json:
    """Change a message of the bot; raises ``ApiError``. ``build`` refuses kinds that it cannot change."""
    if not call.arguments.text("chat_id") and not call.arguments.integer("message_id"):
        if not call.arguments.text("inline_message_id"):
            raise bad_request("Message identifier is not specified")
        raise bad_request("MESSAGE_ID_INVALID")  # nothing is ever sent in inline mode here
    chat = acting_chat(call)
    _, stored = find_message(call, chat, "message to edit")
    if stored.author != "bot" or stored.kind == "service":
        raise bad_request("message can't be edited")
    content = build(stored)
    checked = check_markup(markup, is_private=chat.is_private, only_inline=True)
    return _apply(call, chat, stored, content, checked)


def _apply(call: MethodCall, chat: TelegramChat, stored: Stored, content: Content, markup: Markup | None) -> Json:
    tail: Json = {"reply_markup": markup.json} if markup is not None else {}
    tail.update({name: value for name, value in stored.tail.items() if name != "reply_markup"})
    if _same(_own_fields(stored), content.fields) and tail.get("reply_markup") == stored.tail.get("reply_markup"):
        raise bad_request(_NOT_MODIFIED)
    extra = (markup.part,) if markup is not None else ()
    message = change(chat, stored, content, chat.at(call.now), tail, extra)
    call.effects.append(Edited(to=chat.address, message=message))
    return write(chat, stored)


def _own_fields(stored: Stored) -> Json:
    return {name: value for name, value in stored.body.items() if name not in LEAD_FIELDS}


def _same(old: Mapping[str, object], new: Mapping[str, object]) -> bool:
    """The link preview is no content of its own: changing only it changes nothing that is compared."""
    return {k: v for k, v in old.items() if k != "link_preview_options"} == {
        k: v for k, v in new.items() if k != "link_preview_options"
    }


def _bare_parts(stored: Stored) -> tuple[Part, ...]:
    return tuple(part for part in stored.parts if not isinstance(part, Keyboard | KeyboardRemoved | ReplyForced))


def edit_message_text(call: MethodCall) -> Json:
    """``editMessageText``."""
    preview = link_preview(call)
    if not call.arguments.text("text"):
        raise bad_request("Message text is empty")
    draft = read_text(call.arguments)

    def build(stored: Stored) -> Content:
        if stored.kind != "text":
            raise bad_request("There is no text in the message to edit")
        return contents.text_content(call.state, finish(call.state, draft), preview)

    return _edit(call, build, markup=read_markup(call.arguments))


def edit_message_caption(call: MethodCall) -> Json:
    """``editMessageCaption``; an empty caption removes it."""
    markup = read_markup(call.arguments)
    draft = read_text(call.arguments, "caption", "caption_entities")
    above = call.arguments.boolean("show_caption_above_media")

    def build(stored: Stored) -> Content:
        if stored.kind not in _MEDIA:
            raise bad_request("There is no caption in the message to edit")
        caption = finish(call.state, draft, may_be_empty=True)
        if len(caption.text) > CAPTION_MAX:
            raise bad_request("Message caption is too long")
        fields = {name: value for name, value in _own_fields(stored).items() if name not in _CAPTION_FIELDS}
        if caption.text:
            fields.update(caption.fields(call.state, "caption", "caption_entities"))
        if above and caption.text and stored.kind in contents.PICTURES:
            fields["show_caption_above_media"] = True
        spoiler = fields.pop("has_media_spoiler", None)
        fields.update({"has_media_spoiler": spoiler} if spoiler else {})
        parts = tuple(_captioned(part, caption.part if caption.text else None) for part in _bare_parts(stored))
        return Content(stored.kind, fields, parts, caption.text)

    return _edit(call, build, markup=markup)


def _captioned(part: Part, caption: Text | None) -> Part:
    return replace(part, caption=caption) if isinstance(part, Media) else part


def edit_message_media(call: MethodCall) -> Json:
    """``editMessageMedia``: another file in place of the old one."""
    markup = read_markup(call.arguments)
    required(call, "media")
    item = read_input_media(call, read_json(call, "media", "input media"), for_album=False)

    def build(stored: Stored) -> Content:
        if stored.kind not in _MEDIA and stored.kind != "text":
            raise bad_request("message can't be edited")
        if "media_group_id" in stored.body and (item.kind in ("audio", "document")) != (
            stored.kind in ("audio", "document")
        ):
            raise bad_request("Can't use the media of the specified type in the album")
        return store_media(call, item)

    return _edit(call, build, markup=markup)


def edit_message_reply_markup(call: MethodCall) -> Json:
    """``editMessageReplyMarkup``; without a keyboard the old one goes."""

    def build(stored: Stored) -> Content:
        return Content(stored.kind, _own_fields(stored), _bare_parts(stored), stored.text)

    return _edit(call, build, markup=read_markup(call.arguments))


def edit_message_live_location(call: MethodCall) -> Json:
    """``editMessageLiveLocation``: the point moves."""
    latitude, longitude = read_point(call)
    period = call.arguments.integer("live_period")

    def build(stored: Stored) -> Content:
        part = _live_part(stored)
        moved = replace(part, latitude=latitude, longitude=longitude, live_period_s=period or part.live_period_s)
        return contents.location_content(moved, live_fields(call))

    return _edit(call, build, markup=read_markup(call.arguments))


def stop_message_live_location(call: MethodCall) -> Json:
    """``stopMessageLiveLocation``: the point stands still, without ``live_period``."""

    def build(stored: Stored) -> Content:
        return contents.location_content(replace(_live_part(stored), live_period_s=None))

    return _edit(call, build, markup=read_markup(call.arguments))


def _live_part(stored: Stored) -> Location:
    part = stored.parts[0] if stored.parts else None
    if not isinstance(part, Location) or not part.live_period_s:
        raise bad_request("There is no live location in the message to edit")
    return part


def stop_poll(call: MethodCall) -> Json:
    """``stopPoll``: the poll is closed and returned."""
    chat = acting_chat(call)
    _, stored = find_message(call, chat, "message with poll to stop")
    poll = stored.body.get("poll")
    if not isinstance(poll, dict) or stored.author != "bot":
        raise bad_request("Message is not a poll")
    if poll["is_closed"]:
        raise bad_request("Poll has already been closed")
    closed = {**poll, "is_closed": True}
    content = Content("poll", {"poll": closed}, _bare_parts(stored))
    markup = check_markup(read_markup(call.arguments), is_private=chat.is_private, only_inline=True)
    _apply(call, chat, stored, content, markup)
    return closed


# -------------------------------------------------------------------------------------------------- deleting


def delete_message(call: MethodCall) -> bool:
    """``deleteMessage``: not older than 48 hours; of others' messages only in private chats or as administrator."""
    if not call.arguments.text("chat_id"):
        raise bad_request("Chat identifier is not specified")
    if not call.arguments.integer("message_id"):
        raise bad_request("Message identifier is not specified")
    chat = writable_chat(call)
    key, stored = find_message(call, chat, "message to delete")
    if chat.at(call.now) - stored.date > DELETE_S:
        raise bad_request("message can't be deleted for everyone")
    if not _may_delete(chat, stored):
        raise bad_request("message can't be deleted")
    forget(call, chat, [key])
    return True


def delete_messages(call: MethodCall) -> bool:
    """``deleteMessages``: what is missing or may not be deleted is skipped."""
    ids = read_message_ids(call, BATCH_MAX)
    chat = writable_chat(call)
    keys = [str(number) for number in ids if str(number) in chat.stored]
    young = [key for key in keys if chat.at(call.now) - chat.stored[key].date <= DELETE_S]
    forget(call, chat, [key for key in young if _may_delete(chat, chat.stored[key])])
    return True


def _may_delete(chat: TelegramChat, stored: Stored) -> bool:
    return stored.author == "bot" or chat.is_private or chat.status == "administrator"


def forget(call: MethodCall, chat: TelegramChat, keys: list[str]) -> None:
    """Take messages out of a chat and note the effect."""
    for key in keys:
        del chat.stored[key]
    if keys:
        call.effects.append(Deleted(to=chat.address, message_ids=tuple(keys)))


EDITING: dict[str, Handler] = {
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "editMessageLiveLocation": edit_message_live_location,
    "stopMessageLiveLocation": stop_message_live_location,
    "stopPoll": stop_poll,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
