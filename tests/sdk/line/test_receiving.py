"""Events, as line-bot-sdk verifies and parses them."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from linebot.v3 import webhooks

from chatdrill.model import Block, Delete, Event, Location, Media, Start, Text, Unblock, Write
from chatdrill.model.parts import Span
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.line.events import EVENT_NAMES
from chatdrill_scenarios import media

FILES = Path(media.__file__).parent
CLASSES = {
    "message": webhooks.MessageEvent,
    "unsend": webhooks.UnsendEvent,
    "follow": webhooks.FollowEvent,
    "unfollow": webhooks.UnfollowEvent,
    "join": webhooks.JoinEvent,
    "leave": webhooks.LeaveEvent,
    "memberJoined": webhooks.MemberJoinedEvent,
    "memberLeft": webhooks.MemberLeftEvent,
    "postback": webhooks.PostbackEvent,
    "videoPlayComplete": webhooks.VideoPlayCompleteEvent,
    "beacon": webhooks.BeaconEvent,
    "accountLink": webhooks.AccountLinkEvent,
    "membership": webhooks.MembershipEvent,
    "delivery": webhooks.PnpDeliveryCompletionEvent,
    "module": webhooks.ModuleEvent,
    "activated": webhooks.ActivatedEvent,
    "deactivated": webhooks.DeactivatedEvent,
    "botSuspended": webhooks.BotSuspendedEvent,
    "botResumed": webhooks.BotResumedEvent,
}


def part_of(rehearsal: Any, kind: Any, name: str) -> Media:
    return Media(kind=kind, file=describe((FILES / name).read_bytes(), rehearsal.channel.state.blobs, name=name))


@pytest.mark.parametrize(
    ("kind", "name", "parsed"),
    [
        ("photo", "shoe-torn.jpg", webhooks.ImageMessageContent),
        ("video", "clip.mp4", webhooks.VideoMessageContent),
        ("voice", "voice-pl.ogg", webhooks.AudioMessageContent),
        ("document", "invoice-553.pdf", webhooks.FileMessageContent),
    ],
)
async def test_files_are_parsed_and_downloaded(rehearsal, bot, kind, name, parsed):
    rehearsal.act(Write(parts=(part_of(rehearsal, kind, name),)))
    message = (await rehearsal.hears(bot)).message
    assert isinstance(message, parsed)
    content = await rehearsal.does(bot.blobs.get_message_content, message.id)
    assert bytes(content) == (FILES / name).read_bytes()


async def test_previews_and_the_state_of_films_are_read(rehearsal, bot):
    rehearsal.act(Write(parts=(part_of(rehearsal, "video", "clip.mp4"),)))
    id = (await rehearsal.hears(bot)).message.id
    assert bytes(await rehearsal.does(bot.blobs.get_message_content_preview, id))[:2] == b"\xff\xd8"
    assert (await rehearsal.does(bot.blobs.get_message_content_transcoding_by_message_id, id)).status == "succeeded"


async def test_words_places_and_stickers_are_parsed(rehearsal, bot):
    spans = (Span(0, 5, "mention", "self"), Span(9, 1, "custom_emoji", "p/7"))
    words, place = Text(text="@Acme 👟 $ Де?", spans=spans), Location(latitude=35.6, longitude=139.7, name="Shop")
    rehearsal.act(Write(parts=(words, place, part_of(rehearsal, "sticker", "thumbs-up.webp"))))
    text, location, sticker = [(await rehearsal.hears(bot)).message for _ in range(3)]
    assert text.text == words.text and text.mention.mentionees[0].is_self and text.emojis[0].emoji_id == "7"
    assert (location.latitude, location.title, sticker.sticker_id) == (35.6, "Shop", "1988")
    assert text.quote_token and text.mark_as_read_token


async def test_an_events_envelope_is_parsed(rehearsal, bot):
    rehearsal.act(Write(parts=(Text(text="Hi"),)))
    event = await rehearsal.hears(bot)
    assert event.source.user_id == rehearsal.to and event.source.type == "user" and event.mode == "active"
    assert event.delivery_context.is_redelivery is False and len(event.webhook_event_id) == 26 and event.reply_token


async def test_coming_and_going_are_parsed(rehearsal, bot):
    for act, parsed in (
        (Start(), webhooks.FollowEvent),
        (Block(), webhooks.UnfollowEvent),
        (Unblock(), webhooks.FollowEvent),
    ):
        rehearsal.act(act)
        event = await rehearsal.hears(bot)
        assert isinstance(event, parsed)
    assert event.follow.is_unblocked is True


async def test_unsending_is_parsed(rehearsal, bot):
    rehearsal.act(Write(parts=(Text(text="Hi"),)))
    id = (await rehearsal.hears(bot)).message.id
    rehearsal.act(Delete(message_id=id))
    assert (await rehearsal.hears(bot)).unsend.message_id == id


@pytest.mark.parametrize("name", sorted(EVENT_NAMES - {"api_error", "quota", "standby"}))
async def test_every_event_is_parsed_as_what_it_is(rehearsal, bot, name):
    rehearsal.act(Event(name=name))
    event = await rehearsal.hears(bot)
    assert event.type == name and isinstance(event, CLASSES.get(name, object))


async def test_another_secret_is_found_out(rehearsal):
    bot = rehearsal.bot(secret="wrong")
    rehearsal.act(Write(parts=(Text(text="Hi"),)))
    assert await asyncio.to_thread(bot.refused.get, True, 5)
    assert bot.seen.empty()


async def test_the_address_is_set_and_tested_by_the_sdk(rehearsal, bot):
    from linebot.v3.messaging import SetWebhookEndpointRequest, TestWebhookEndpointRequest

    await rehearsal.does(bot.api.set_webhook_endpoint, SetWebhookEndpointRequest(endpoint=bot.url))
    assert (await rehearsal.does(bot.api.get_webhook_endpoint)).endpoint == bot.url
    found = await rehearsal.does(bot.api.test_webhook_endpoint, TestWebhookEndpointRequest(endpoint=bot.url))
    assert (found.success, found.status_code, found.reason) == (True, 200, "OK")
