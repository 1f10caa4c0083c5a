"""Callbacks, as viberbot verifies and parses them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
import requests
from viberbot.api.messages import (
    ContactMessage,
    FileMessage,
    LocationMessage,
    PictureMessage,
    StickerMessage,
    TextMessage,
    URLMessage,
    VideoMessage,
)

from chatdrill.model import Block, Contact, Location, Media, Other, Read, Start, Text, Unblock, Write
from chatdrill.wire.files import describe
from chatdrill_scenarios import media

FILES = Path(media.__file__).parent


def part_of(rehearsal: Any, kind: Any, name: str) -> Media:
    return Media(kind=kind, file=describe((FILES / name).read_bytes(), rehearsal.channel.state.blobs, name=name))


@pytest.mark.parametrize(
    ("kind", "name", "parsed"),
    [
        ("photo", "shoe-torn.jpg", PictureMessage),
        ("video", "clip.mp4", VideoMessage),
        ("document", "invoice-553.pdf", FileMessage),
        ("voice", "voice-pl.ogg", FileMessage),
    ],
)
async def test_files_are_parsed_and_downloaded(rehearsal, bot, kind, name, parsed):
    rehearsal.act(Write(parts=(part_of(rehearsal, kind, name),)))
    message = (await rehearsal.hears(bot, "message")).message
    assert isinstance(message, parsed)
    assert (await rehearsal.does(requests.get, message.media)).content == (FILES / name).read_bytes()


async def test_words_places_cards_stickers_and_links_are_parsed(rehearsal, bot):
    parts = (
        Text(text="Де 👟? a/b"),
        Location(latitude=50.45, longitude=30.52),
        Contact(name="Petro", phone="+380502223344"),
        part_of(rehearsal, "sticker", "thumbs-up.webp"),
        Other(kind="url"),
    )
    rehearsal.act(Write(parts=parts))
    messages = [(await rehearsal.hears(bot, "message")).message for _ in parts]
    assert [type(one) for one in messages] == [
        TextMessage, LocationMessage, ContactMessage, StickerMessage, URLMessage,
    ]  # fmt: skip
    assert messages[0].text == "Де 👟? a/b" and messages[1].location.latitude == 50.45
    assert messages[2].contact.phone_number == "+380502223344" and messages[3].sticker_id == 40133


async def test_the_sender_is_parsed(rehearsal, bot):
    rehearsal.act(Write(parts=(Text(text="Hi"),)))
    request = await rehearsal.hears(bot, "message")
    assert (request.sender.id, request.sender.language, request.sender.country) == (rehearsal.to, "uk", "UA")
    assert request.silent is False and request.sender.api_version == 10


async def test_coming_and_going_are_parsed(rehearsal, bot):
    rehearsal.act(Start(payload="order_553"))
    opened = await rehearsal.hears(bot, "conversation_started")
    assert (opened.context, opened.subscribed, opened.type, opened.user.id) == (
        "order_553",
        False,
        "open",
        rehearsal.to,
    )
    rehearsal.act(Unblock())
    assert (await rehearsal.hears(bot, "subscribed")).user.id == rehearsal.to
    rehearsal.act(Block())
    assert (await rehearsal.hears(bot, "unsubscribed")).user_id == rehearsal.to


async def test_receipts_are_parsed(rehearsal, bot):
    rehearsal.act(Write(parts=(Text(text="Hi"),)))
    (token,) = await rehearsal.does(bot.api.send_messages, rehearsal.to, TextMessage(text="Hello"))
    assert (await rehearsal.hears(bot, "delivered")).message_token == token
    rehearsal.act(Read(message_id=str(token)))
    seen = await rehearsal.hears(bot, "seen")
    assert (seen.message_token, seen.user_id) == (token, rehearsal.to)


async def test_a_message_that_cannot_be_shown_is_reported(rehearsal, bot):
    rehearsal.act(Write(parts=(Text(text="Hi"),)))
    picture = PictureMessage(media="https://acme.test/p", text="")
    (token,) = await rehearsal.does(bot.api.send_messages, rehearsal.to, [picture])
    failed = await rehearsal.hears(bot, "failed")
    assert failed.message_token == token and "must end with" in failed.desc


async def test_another_token_is_found_out(rehearsal):
    bot = rehearsal.bot(token="wrong")
    rehearsal.stage.set_webhook("viber", bot.url)
    rehearsal.act(Write(parts=(Text(text="Hi"),)))
    assert await asyncio.to_thread(bot.refused.get, True, 5)
    assert bot.seen.empty()
