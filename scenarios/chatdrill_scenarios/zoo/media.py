"""Defects in what a bot makes of photos, voice notes, files, places and whatever else is no text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ..shoebot import hearing, pictures
from ..shoebot.bot import Bot
from ..shoebot.channels import messenger as messenger_module
from ..shoebot.channels import telegram as telegram_module
from ..shoebot.channels import whatsapp as whatsapp_module
from ..shoebot.channels.telegram import Telegram
from ..shoebot.channels.whatsapp import WhatsApp
from ..shoebot.hearing import Heard
from ..shoebot.model import Event, Media, Picture, Pin, Reply
from ..shoebot.skills import forms, questions
from ..shoebot.turn import Turn
from .specimen import instead, specimen

_content, _media_of, _examined = telegram_module._content, hearing._media, Bot._examined
_whatsapp_file, _messenger_message, _telegram_send = whatsapp_module._file, messenger_module._message, Telegram.send
_whatsapp_events, _telegram_message = WhatsApp.events, telegram_module._message
_whatsapp_location, _note, _turn_of, _replies = whatsapp_module._location, hearing._note, Bot._turn, Turn.replies
Item = Mapping[str, Any]


def _texts_only(message: Item) -> dict[str, Any] | None:
    """A message has a text, or it is none."""
    return _content(message) if "text" in message else None


def _whatsapp_texts_only(channel: WhatsApp, item: Item) -> Iterator[Event]:
    if item.get("type") in ("text", "interactive", "button"):
        yield from _whatsapp_events(channel, item)


def _messenger_texts_only(user: str, message: Item) -> Iterator[Event]:
    yield from (event for event in _messenger_message(user, message) if event.kind == "text")


def _without_captions(message: Item) -> dict[str, Any] | None:
    found = _content(message)
    return {**found, "text": ""} if found and "media" in found else found


def _whatsapp_without_captions(message: Item) -> dict[str, Any]:
    return {**_whatsapp_file(message), "text": ""}


def _captions_only(message: Item) -> dict[str, Any] | None:
    """A photo with words is words."""
    found = _content(message)
    return {"kind": "text", "text": found["text"]} if found and "media" in found and found["text"] else found


def _no_albums(number: str, message: Item) -> Iterator[Event]:
    """What came in an album has a key that nobody has expected."""
    if "media_group_id" in message:
        raise KeyError("media_group_id")
    yield from _telegram_message(number, message)


async def _each_photo_alone(bot: Bot, channel: Any, burst: list[Event]) -> None:
    """Every photo is a thing of its own."""
    if sum(event.kind == "photo" for event in burst) > 1:
        for event in burst:
            await _turn_of(bot, channel, [event])
    else:
        await _turn_of(bot, channel, burst)


def _voices_are_texts(event: Event, heard: Heard) -> list[str]:
    """The words are the name of the file."""
    return ["voice note"] if event.kind in ("voice", "audio") else _note(event, heard)


def _silent_about(*kinds: str) -> Any:
    def note(event: Event, heard: Heard) -> list[str]:
        return [] if event.kind in kinds else _note(event, heard)

    return note


async def _believes_names(bot: Bot, channel: Any, event: Event) -> Event:
    """A document that the customer sends for a photo is one."""
    if event.media and event.kind in ("photo", "document"):
        return replace(event, media=replace(event.media, verdict="image", sha256=event.id))
    return await _examined(bot, channel, event)


async def _afraid_of_missing_files(bot: Bot, channel: Any, event: Event) -> Event:
    """A download that fails is an error, and errors are somebody else's."""
    if event.media is not None and pictures.wanted(event):
        media = pictures.examined(event.media, await channel.fetch(event.media))
        return replace(event, media=media)
    return event


async def _by_the_old_address(channel: WhatsApp, media: Media) -> bytes:
    """The address of a file is where the first file was."""
    about = channel.__dict__.get("about") or await channel._api.get(
        f"{channel._root}/{media.ref}", "whatsapp media", token=channel._token
    )
    channel.__dict__["about"] = about
    return await channel._api.download(about["url"], "whatsapp file", token=channel._token)


async def _without_token(channel: WhatsApp, media: Media) -> bytes:
    about = await channel._api.get(f"{channel._root}/{media.ref}", "whatsapp media", token=channel._token)
    return await channel._api.download(about["url"], "whatsapp file")


def _mirrored(message: Item) -> dict[str, Any]:
    """A formula with the wrong sign."""
    place = _whatsapp_location(message)
    return {**place, "longitude": -place["longitude"]}


def _crashes_on(kind: str) -> Any:
    def media(event: Event, heard: Heard) -> None:
        if event.kind == kind:
            raise NotImplementedError(kind)
        _media_of(event, heard)

    return media


def _nothing_to_show(turn: Turn) -> None:
    """The link stands on the page."""


def _pictures_first(turn: Turn) -> list[Reply]:
    return sorted(_replies(turn), key=lambda reply: not isinstance(reply, Picture | Pin))


async def _by_path(channel: Telegram, user: str, reply: Reply) -> None:
    """The picture is where it always was: on the disk of who wrote this."""
    if isinstance(reply, Picture):
        await channel._call("sendPhoto", chat_id=int(user), photo=f"/srv/shop/{reply.file}", caption=reply.caption)
    else:
        await _telegram_send(channel, user, reply)


PHOTO, CAPTION, ALBUM = "The photo comes first", "A photo with a caption", "An album of photos"
VOICE, INVOICE, VIDEO = (
    "A voice note instead of the photo",
    "An invoice instead of the photo",
    "A video instead of the photo",
)
CHART, GONE, SECOND = "The size chart", "A photo that has expired", "A second photo"
PLACE, UNKNOWN, STICKER = "A fitting at the nearest shop", "Something the bot has never heard of", "A sticker"
A_PHOTO, TORN = ("(a photo)",), ("return order 553, torn", "(three photos)")

_media = partial(specimen, "media")
SPECIMENS = (
    _media("drops what has no text", "openfang#605", "expected", PHOTO, instead(telegram_module, _content=_texts_only), minimum=A_PHOTO,
            fuzzed_by="answered"),
    _media("drops what has no text on WhatsApp", "waha#857", "expected", PHOTO, instead(WhatsApp, events=_whatsapp_texts_only),
           platform="whatsapp", minimum=A_PHOTO,
            fuzzed_by="answered"),
    _media("drops what has no text on Messenger", "botframework-sdk#176", "expected", PHOTO,
           instead(messenger_module, _message=_messenger_texts_only), platform="messenger", minimum=A_PHOTO,
            fuzzed_by="answered"),
    _media("loses captions", "waha#667", "expected", CAPTION, instead(telegram_module, _content=_without_captions),
           minimum=("(a photo) order 553, torn",)),
    _media("loses captions on WhatsApp", "waha#667", "expected", CAPTION, instead(whatsapp_module, _file=_whatsapp_without_captions),
           platform="whatsapp", minimum=("(a photo) order 553, torn",)),
    _media("loses the photo above a caption", "botpress#13784", "expected", CAPTION, instead(telegram_module, _content=_captions_only)),
    _media("crashes on an album", "chatwoot#13261", "expected", ALBUM, instead(telegram_module, _message=_no_albums), minimum=TORN,
            fuzzed_by="answered"),
    _media("answers every photo of an album", "chatwoot#13261", "expected | unexpected", ALBUM, instead(Bot, _turn=_each_photo_alone),
           minimum=TORN,
            fuzzed_by="says_nothing_twice"),
    _media("answers every photo of an album on WhatsApp", "chatwoot#13261", "expected | unexpected", ALBUM,
           instead(Bot, _turn=_each_photo_alone), platform="whatsapp", minimum=TORN,
            fuzzed_by="says_nothing_twice"),
    _media("takes the name of a voice note for its words", "inkbox-ai/claude-code-plugin#3", "expected", VOICE,
           instead(hearing, _note=_voices_are_texts), minimum=("(a voice note)",)),
    _media("is silent about voice notes", "inkbox-ai/claude-code-plugin#3", "expected", VOICE,
           instead(hearing, _note=_silent_about("voice", "audio")), platform="whatsapp", minimum=("(a voice note)",),
            fuzzed_by="answered"),
    _media("is silent about documents", "openfang#605", "expected", INVOICE, instead(hearing, _note=_silent_about("document"))),
    _media("is silent about stickers", "botpress#13805", "expected", STICKER, instead(hearing, _note=_silent_about("sticker")),
           platform="messenger", minimum=("(a sticker)",),
            fuzzed_by="answered"),
    _media("is silent about what it does not know", "botpress#13805", "expected", UNKNOWN, instead(hearing, _note=_silent_about("other")),
           minimum=("(a die)",),
            fuzzed_by="answered"),
    _media("crashes on a video", "chatwoot#12507", "expected", VIDEO, instead(hearing, _media=_crashes_on("video")),
           platform="whatsapp", minimum=("(a video)",),
            fuzzed_by="answered"),
    _media("takes any file for a photo", "chatwoot#11753", "expected", INVOICE, instead(Bot, _examined=_believes_names)),
    _media("does not look at photos after a return", "chatwoot#11535", "expected", SECOND,
           instead(forms, _late_photo=_nothing_to_show)),
    _media("breaks off when a file has expired", "waha#857", "answered", GONE, instead(Bot, _examined=_afraid_of_missing_files)),
    _media("keeps the address of a file for all files", "fazer-ai/agents#587", "calls-accepted | expected", "A second photo an hour later",
           instead(WhatsApp, fetch=_by_the_old_address), platform="whatsapp"),
    _media("downloads WhatsApp's files without the token", "devlikeapro/waha#857", "expected", PHOTO,
           instead(WhatsApp, fetch=_without_token), platform="whatsapp", minimum=A_PHOTO,
            fuzzed_by="setup-accepted | calls-accepted"),
    _media("takes east for west", "botpress#13805", "expected", PLACE, instead(whatsapp_module, _CONTENT={**whatsapp_module._CONTENT, "location": _mirrored}),
           platform="whatsapp", minimum=("(a place)",)),
    _media("promises a picture and sends none", "chatwoot#12442", "expected", CHART, instead(questions, _ATTACHMENTS={}),
           minimum=("size chart?",)),
    _media("sends the picture before the words", "chatwoot#14060", "expected", CHART, instead(Turn, replies=_pictures_first)),
    _media("sends a picture by a path of its own disk", "telegram sendPhoto", "calls-accepted", CHART, instead(Telegram, send=_by_path),
           minimum=("size chart?",)),
)  # fmt: skip
