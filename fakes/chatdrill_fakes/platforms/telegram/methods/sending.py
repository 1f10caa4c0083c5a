"""The send methods: one way through, in the order of checks of the real server."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from chatdrill.model import Contact, Location, Sent
from chatdrill_fakes.platforms.telegram import contents
from chatdrill_fakes.platforms.telegram.arguments import leading_float
from chatdrill_fakes.platforms.telegram.encoding import clean, decimal, text
from chatdrill_fakes.platforms.telegram.errors import bad_request
from chatdrill_fakes.platforms.telegram.fields import FieldError, bool_field, text_field
from chatdrill_fakes.platforms.telegram.keyboards import Markup, check_markup
from chatdrill_fakes.platforms.telegram.limits import BUSINESS_WINDOW_S
from chatdrill_fakes.platforms.telegram.messages import Content, Frame, from_bot, write
from chatdrill_fakes.platforms.telegram.methods.base import (
    Handler,
    MethodCall,
    acting_chat,
    ensure_in_rate,
    ensure_may_send,
    ensure_reachable,
    read_json,
    required,
)
from chatdrill_fakes.platforms.telegram.methods.inputs import obtain, read_source
from chatdrill_fakes.platforms.telegram.methods.options import frame_of, read_options, tail_of
from chatdrill_fakes.platforms.telegram.state import Json, StoredFile, TelegramChat
from chatdrill_fakes.platforms.telegram.texts import finish, read_text

Build = Callable[[TelegramChat], Content]
DURATION_MAX_S = 86_400
SIDE_MAX = 10_000


def send(call: MethodCall, build: Build) -> Json:
    """Send what ``build`` makes for the chat; raises ``ApiError``.

    The content's arguments have been read before; then come the common ones, the chat and the rights in it, the replied
    message, the content's limits, the keyboard, the customer's block and the rate.
    """
    options = read_options(call)
    chat = acting_chat(call)
    frame = frame_of(call, chat, options.reply)
    content = build(chat)
    markup = check_markup(options.markup, is_private=chat.is_private)
    ensure_may_send(chat, content.kind)
    ensure_open(call, chat)
    ensure_in_rate(call, chat)
    return post(call, chat, content, frame, markup)


def ensure_open(call: MethodCall, chat: TelegramChat) -> None:
    """Raises ``ApiError`` if the customer, or the business account, does not let the bot write."""
    ensure_reachable(chat)
    if chat.connection is None:
        return
    payload = call.state.connections[chat.connection].payload
    if not payload.get("is_enabled") or not payload.get("can_reply"):
        raise bad_request("BUSINESS_CONNECTION_NOT_ALLOWED")
    if chat.last_customer_at is None or chat.at(call.now) - chat.last_customer_at > BUSINESS_WINDOW_S:
        raise bad_request("BUSINESS_PEER_USAGE_MISSING")


def post(call: MethodCall, chat: TelegramChat, content: Content, frame: Frame, markup: Markup | None) -> Json:
    """Keep a message of the bot, note the effect, and return it as the vendor writes it."""
    frame.tail = tail_of(call, markup, is_topic="message_thread_id" in frame.origin)
    frame.is_protected = "has_protected_content" in frame.tail
    frame.extra_parts = (markup.part,) if markup is not None else ()
    stored = from_bot(call.state, chat, content, chat.at(call.now), frame)
    call.effects.append(Sent(to=chat.address, message=chat.messages[str(stored.id)]))
    return write(chat, stored)


# ------------------------------------------------------------------------------------------------------- text


def send_message(call: MethodCall) -> Json:
    """``sendMessage``."""
    preview = link_preview(call)
    if not call.arguments.text("text"):
        raise bad_request("Message text is empty")
    draft = read_text(call.arguments)
    return send(call, lambda _chat: contents.text_content(call.state, finish(call.state, draft), preview))


_PREVIEW = frozenset(("link_preview_options", "disable_web_page_preview"))
_PREVIEW_FLAGS = ("prefer_small_media", "prefer_large_media", "show_above_text")


def link_preview(call: MethodCall) -> Json | None:
    """``link_preview_options`` as messages echo it; raises ``ApiError``."""
    if call.arguments.lacks(_PREVIEW):
        return None
    if not call.arguments.text("link_preview_options"):
        is_off = call.arguments.boolean("disable_web_page_preview")
        return {"link_preview_options": {"is_disabled": True}} if is_off else None
    value = read_json(call, "link_preview_options", "link preview options")
    if not isinstance(value, dict):
        raise bad_request("Object expected as link preview options")
    try:
        found: Json = {"is_disabled": True} if bool_field(value, "is_disabled") else {}
        if url := text_field(value, "url", ""):
            found["url"] = text(url)
        found.update({name: True for name in _PREVIEW_FLAGS if bool_field(value, name)})
    except FieldError as error:
        raise bad_request(str(error)) from error
    return {"link_preview_options": found}


# ------------------------------------------------------------------------------------------------------ files


def _send_media(kind: str, call: MethodCall) -> Json:
    source = read_source(call, kind)
    if source is None:
        raise bad_request(f"There is no {kind.replace('_', ' ')} in the request")
    thumbnail = read_source(call, "thumbnail", only_upload=True) or read_source(call, "thumb", only_upload=True)
    caption = read_text(call.arguments, "caption", "caption_entities")
    as_file = call.arguments.boolean("disable_content_type_detection")

    def build(_chat: TelegramChat) -> Content:
        stored = obtain(call, kind, source, thumbnail=thumbnail, as_file=as_file)
        if source.upload is not None or source.is_url:
            describe_media(stored, _attributes(call))
        words = finish(call.state, caption, may_be_empty=True)
        emoji = call.arguments.text("emoji") or None if kind == "sticker" else None
        return contents.media_content(call.state, stored, words, emoji=emoji, flags=_flags(call))

    return send(call, build)


def _flags(call: MethodCall) -> dict[str, bool]:
    return {
        "show_caption_above_media": call.arguments.boolean("show_caption_above_media"),
        "has_media_spoiler": call.arguments.boolean("has_spoiler"),
    }


def _attributes(call: MethodCall) -> Json:
    read = call.arguments.integer
    return {
        "duration_s": read("duration", 0, 0, DURATION_MAX_S),
        "width": read("width", 0, 0, SIDE_MAX) or read("length", 0, 0, SIDE_MAX),
        "height": read("height", 0, 0, SIDE_MAX) or read("length", 0, 0, SIDE_MAX),
        "title": clean(call.arguments.text("title")),
        "performer": clean(call.arguments.text("performer")),
    }


def describe_media(stored: StoredFile, attributes: Json) -> None:
    """What the bot says of its file counts where the file itself does not tell."""
    for name in _DESCRIBED.get(stored.kind, ()):
        if attributes[name]:
            setattr(stored, name, attributes[name])


_DESCRIBED = {
    "audio": ("duration_s", "title", "performer"),
    "voice": ("duration_s",),
    **dict.fromkeys(("video", "animation", "video_note"), ("duration_s", "width", "height")),
}


# ----------------------------------------------------------------------------------------- places and people


def read_point(call: MethodCall) -> tuple[float, float]:
    """``latitude`` and ``longitude``; raises ``ApiError`` if one is missing."""
    for name in ("latitude", "longitude"):
        if not call.arguments.text(name).strip():
            raise bad_request(f"{name} is empty")
    return leading_float(call.arguments.text("latitude")), leading_float(call.arguments.text("longitude"))


def live_fields(call: MethodCall) -> Json:
    """The fields of a moving point after ``live_period``."""
    found: Json = {}
    for name in ("heading", "proximity_alert_radius"):
        value = call.arguments.integer(name)
        if value > 0:
            found[name] = value
    accuracy = leading_float(call.arguments.text("horizontal_accuracy"))
    if accuracy > 0:
        found["horizontal_accuracy"] = decimal(min(accuracy, 1500.0))
    return found


def _send_location(call: MethodCall) -> Json:
    latitude, longitude = read_point(call)
    period = call.arguments.integer("live_period")
    part = Location(latitude=latitude, longitude=longitude, live_period_s=period or None)

    def build(_chat: TelegramChat) -> Content:
        if period and not (60 <= period <= 86_400 or period == 0x7FFFFFFF):
            raise bad_request("Wrong live location period specified")
        return contents.location_content(part, live_fields(call))

    return send(call, build)


def _send_venue(call: MethodCall) -> Json:
    latitude, longitude = read_point(call)
    title, address = call.arguments.text("title"), call.arguments.text("address")
    part = Location(latitude=latitude, longitude=longitude, name=title, address=address)
    names = ("foursquare_id", "foursquare_type", "google_place_id", "google_place_type")
    given = {name: call.arguments.text(name) for name in names if call.arguments.text(name)}
    if any(name.startswith("foursquare") for name in given):
        given = {name: value for name, value in given.items() if name.startswith("foursquare")}

    def build(_chat: TelegramChat) -> Content:
        if not title.strip() or not address.strip():
            raise bad_request(f"Venue {'title' if not title.strip() else 'address'} must be non-empty")
        return contents.venue_content(part, {name: text(value) for name, value in given.items()})

    return send(call, build)


def _send_contact(call: MethodCall) -> Json:
    phone, first = required(call, "phone_number"), required(call, "first_name")
    last, vcard = call.arguments.text("last_name"), call.arguments.text("vcard")
    part = Contact(name=f"{first} {last}".strip(), phone=phone)
    card = contents.contact_card(phone, first, last, vcard)
    return send(call, lambda _chat: contents.contact_content(part, card))


def _send_dice(call: MethodCall) -> Json:
    emoji = call.arguments.text("emoji") or "🎲"

    def build(_chat: TelegramChat) -> Content:
        if emoji not in contents.DICE:
            raise bad_request("EMOTICON_INVALID")
        return contents.dice_content(emoji, call.state.chance.randint(1, contents.DICE[emoji]))

    return send(call, build)


def _option(value: Any) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, dict):
        try:
            return text_field(value, "text")
        except FieldError as error:
            raise bad_request(str(error)) from error
    raise bad_request("Expected an option to be of type String")


def _send_poll(call: MethodCall) -> Json:
    """A poll is shown, not counted: votes come as the events ``poll`` and ``poll_answer``."""
    question = call.arguments.text("question")
    given = read_json(call, "options", "options")
    if not isinstance(given, list):
        raise bad_request("Expected an Array of String as options")
    options = [_option(value) for value in given]
    kind = call.arguments.text("type") or "regular"

    def build(_chat: TelegramChat) -> Content:
        if not question.strip():
            raise bad_request("Poll question must be non-empty")
        if not 2 <= len(options) <= 12:
            few = len(options) < 2
            raise bad_request(f"Poll must have {'at least 2' if few else 'at most 12'} answer options")
        flag = call.arguments.boolean
        poll = contents.poll_json(
            call.state.chance.digits(19),
            question,
            options,
            is_closed=flag("is_closed"),
            is_anonymous=not call.arguments.has("is_anonymous") or flag("is_anonymous"),
            allows_multiple=flag("allows_multiple_answers"),
            is_quiz=kind == "quiz",
        )
        return contents.other_content("poll", poll, {"question": question, "options": options})

    return send(call, build)


MEDIA_METHODS = {
    "sendPhoto": "photo",
    "sendDocument": "document",
    "sendAudio": "audio",
    "sendVoice": "voice",
    "sendVideo": "video",
    "sendAnimation": "animation",
    "sendVideoNote": "video_note",
    "sendSticker": "sticker",
}
SENDING: dict[str, Handler] = {
    "sendMessage": send_message,
    **{name: partial(_send_media, kind) for name, kind in MEDIA_METHODS.items()},
    "sendLocation": _send_location,
    "sendVenue": _send_venue,
    "sendContact": _send_contact,
    "sendDice": _send_dice,
    "sendPoll": _send_poll,
}
