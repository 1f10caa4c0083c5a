"""What all send methods share: the replied message, the keyboard, the flags."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from chatdrill_fakes.platforms.telegram.encoding import text
from chatdrill_fakes.platforms.telegram.entities import utf16_offsets
from chatdrill_fakes.platforms.telegram.errors import bad_request
from chatdrill_fakes.platforms.telegram.fields import FieldError, bool_field, int_field, text_field
from chatdrill_fakes.platforms.telegram.keyboards import Markup, read_markup
from chatdrill_fakes.platforms.telegram.messages import Frame, origin_of
from chatdrill_fakes.platforms.telegram.methods.base import MethodCall, chat_by, read_json
from chatdrill_fakes.platforms.telegram.state import Json, TelegramChat
from chatdrill_fakes.platforms.telegram.texts import read_draft


@dataclass(slots=True)
class Reply:
    """``reply_parameters`` (or the older arguments). ``message_id`` is 0 where nothing is replied to."""

    message_id: int = 0
    chat_id: str = ""
    may_lack: bool = False
    quote: str = ""
    quote_position: int = 0


@dataclass(slots=True)
class Options:
    """The common arguments of a send method."""

    reply: Reply
    markup: Markup | None


_NO_REPLY = Reply()
_NONE = Options(_NO_REPLY, None)
_OPTIONS = frozenset(("reply_parameters", "reply_to_message_id", "reply_markup"))
_FLAGS = frozenset(("protect_content", "message_effect_id"))


def read_options(call: MethodCall, *, with_markup: bool = True) -> Options:
    """Read the common arguments; raises ``ApiError``. Nothing here looks at the chat."""
    if call.arguments.lacks(_OPTIONS):
        return _NONE
    return Options(_read_reply(call), read_markup(call.arguments) if with_markup else None)


def _read_reply(call: MethodCall) -> Reply:
    arguments = call.arguments
    if not arguments.has("reply_parameters"):
        if not arguments.has("reply_to_message_id"):
            return _NO_REPLY
        may_lack = arguments.boolean("allow_sending_without_reply")
        return Reply(max(0, arguments.integer("reply_to_message_id")), may_lack=may_lack)
    if not arguments.text("reply_parameters"):
        return _NO_REPLY
    value = read_json(call, "reply_parameters", "reply parameters")
    if not isinstance(value, dict):
        raise bad_request("Object expected as reply parameters")
    try:
        return _reply(value) if value else _NO_REPLY
    except FieldError as error:
        raise bad_request(str(error)) from error


def _reply(value: dict[str, Any]) -> Reply:
    reply = Reply(
        max(0, int_field(value, "message_id")),
        text_field(value, "chat_id", ""),
        bool_field(value, "allow_sending_without_reply"),
    )
    quote, mode = text_field(value, "quote", ""), text_field(value, "quote_parse_mode", "")
    reply.quote = read_draft(quote, mode, value.get("quote_entities")).text
    reply.quote_position = int_field(value, "quote_position", 0)
    return reply


def frame_of(call: MethodCall, chat: TelegramChat, reply: Reply) -> Frame:
    """What stands around a message that replies to ``reply``; raises ``ApiError`` if that message is not there."""
    thread = thread_of(call, chat)
    if not reply.message_id:
        return Frame(origin=thread)
    place = chat if reply.chat_id in ("", chat.address) else chat_by(call.state, reply.chat_id)
    key = str(reply.message_id)
    replied = place.stored.get(key)
    if replied is None:
        if reply.may_lack:
            return Frame(origin=thread)
        raise bad_request("message to be replied not found")
    lead: Json = {}
    if place is not chat:
        lead["external_reply"] = {"origin": origin_of(replied), "chat": place.card_json, "message_id": replied.id}
    if reply.quote:
        lead["quote"] = _quote(replied.text, reply)
    return Frame(reply_to=key if place is chat else None, origin=thread, lead=lead)


def _quote(words: str, reply: Reply) -> Json:
    """The quoted words: those at the position asked for, or else the first; raises ``ApiError`` for others."""
    units = utf16_offsets(words)
    places = [place for place in range(len(words)) if words.startswith(reply.quote, place)]
    if not places:
        raise bad_request("QUOTE_TEXT_INVALID")
    position = min(places, key=lambda place: (units[place] != reply.quote_position, place))
    return {"text": text(reply.quote), "position": units[position], "is_manual": True}


def thread_of(call: MethodCall, chat: TelegramChat) -> Json:
    """The thread that ``message_thread_id`` names, as a field of the message.

    Raises ``ApiError`` if a private chat or a forum has no such thread; other groups have none, and do not mind.
    """
    if not call.arguments.has("message_thread_id"):
        return {}
    number = call.arguments.integer("message_thread_id")
    if number <= 0 or not (chat.is_private or "is_forum" in chat.card):
        return {}
    if not any(stored.head.get("message_thread_id") == number for stored in chat.stored.values()):
        raise bad_request("message thread not found")
    return {"message_thread_id": number}


def tail_of(call: MethodCall, markup: Markup | None, *, is_topic: bool = False) -> Json:
    """The fields after the content: an inline keyboard, the protection, the thread's mark, the effect."""
    tail: Json = {}
    if markup is not None and markup.kind == "inline":
        tail["reply_markup"] = markup.json
    if not is_topic and call.arguments.lacks(_FLAGS):
        return tail
    if call.arguments.boolean("protect_content"):
        tail["has_protected_content"] = True
    if is_topic:
        tail["is_topic_message"] = True
    if effect := call.arguments.text("message_effect_id"):
        tail["effect_id"] = text(effect)
    return tail
