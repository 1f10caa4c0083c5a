"""Every call of viberbot's, and what the customer sees."""

from __future__ import annotations

from typing import Any

import pytest
from viberbot.api.messages import (
    ContactMessage,
    FileMessage,
    KeyboardMessage,
    LocationMessage,
    PictureMessage,
    RichMediaMessage,
    StickerMessage,
    TextMessage,
    URLMessage,
    VideoMessage,
)
from viberbot.api.messages.data_types.contact import Contact as ViberContact
from viberbot.api.messages.data_types.location import Location as ViberLocation

from chatdrill.model import Carousel, Contact, Keyboard, Location, Media, Press, Start, Text, Write

KEYS = {"Type": "keyboard", "Buttons": [{"ActionType": "reply", "ActionBody": "menu", "Text": "Menu"}]}
CARDS = {"Type": "rich_media", "Buttons": [{"ActionBody": "buy", "Text": "Buy", "Columns": 6, "Rows": 7}]}
MESSAGES = (
    TextMessage(text="Hello", tracking_data="t", keyboard=KEYS),
    PictureMessage(media="https://acme.test/p.jpg", text="A shoe", thumbnail="https://acme.test/t.jpg"),
    VideoMessage(media="https://acme.test/v.mp4", size=2210010, duration=9),
    FileMessage(media="https://acme.test/i.pdf", size=88412, file_name="invoice.pdf"),
    ContactMessage(contact=ViberContact(name="Shop", phone_number="+380441112233")),
    LocationMessage(location=ViberLocation(lat=50.45, lon=30.52)),
    URLMessage(media="https://acme.test"),
    StickerMessage(sticker_id=46105),
    RichMediaMessage(rich_media=CARDS, min_api_version=7, alt_text="1 product"),
    KeyboardMessage(keyboard=KEYS),
)
KINDS = (Text, Media, Media, Media, Contact, Location, Text, Media, Carousel, Keyboard)


def hi(rehearsal: Any) -> None:
    rehearsal.act(Write(parts=(Text(text="Hi"),)))


async def test_a_webhook_is_set_for_some_events_and_unset(rehearsal, bot):
    names = await rehearsal.does(bot.api.set_webhook, bot.url, ["delivered", "seen"])
    assert {"delivered", "seen", "message", "webhook"} <= set(names) and "failed" not in names
    assert await rehearsal.does(bot.api.unset_webhook) == []
    assert rehearsal.channel.state.webhook_url is None


async def test_a_webhook_that_nobody_answers_is_refused(rehearsal):
    with pytest.raises(Exception, match="failed with status: 1, message: invalidUrl"):
        await rehearsal.does(rehearsal.bot().api.set_webhook, "http://127.0.0.1:9/nobody")


async def test_every_kind_of_message_is_sent(rehearsal, bot):
    hi(rehearsal)
    tokens = await rehearsal.does(bot.api.send_messages, rehearsal.to, list(MESSAGES))
    assert len(set(tokens)) == len(MESSAGES) and all(isinstance(token, int) for token in tokens)
    shown = await rehearsal.shown(len(MESSAGES))
    assert [type(parts[0]) for parts in shown] == list(KINDS)


async def test_a_press_comes_back_with_tracking_data(rehearsal, bot):
    hi(rehearsal)
    (token,) = await rehearsal.does(bot.api.send_messages, rehearsal.to, MESSAGES[0])
    ((_, keys),) = await rehearsal.shown()
    rehearsal.act(Press(button=keys.buttons[0], message_id=str(token)))
    await rehearsal.hears(bot, "message")
    message = (await rehearsal.hears(bot, "message")).message
    assert (message.text, message.tracking_data) == ("menu", "t")


async def test_a_welcome_in_the_answer_is_seen_by_the_customer(rehearsal, bot):
    bot.welcome = TextMessage(text="Welcome!", keyboard=KEYS)
    rehearsal.act(Start())
    ((words, keys),) = await rehearsal.shown()
    assert words.text == "Welcome!" and keys.buttons[0].title == "Menu"


async def test_account_details_and_presence_are_read(rehearsal, bot):
    hi(rehearsal)
    assert (await rehearsal.does(bot.api.get_account_info))["webhook"] == bot.url
    assert (await rehearsal.does(bot.api.get_user_details, rehearsal.to))["name"] == "Olena K."
    assert (await rehearsal.does(bot.api.get_online, [rehearsal.to]))[0]["online_status"] == 0


@pytest.mark.parametrize(
    ("token", "text", "words"),
    [("wrong", "hi", "status: 2"), (None, "x" * 7001, "status: 3"), (None, "hi", "status: 6, message: notSubscribed")],
)
async def test_errors_are_handed_on(rehearsal, bot, token, text, words):
    api = rehearsal.bot(token=token).api
    with pytest.raises(Exception, match=words):
        await rehearsal.does(api.send_messages, rehearsal.to, TextMessage(text=text))


async def test_a_public_chat_does_not_exist(rehearsal, bot):
    with pytest.raises(Exception, match="status: 18, message: noPublicChat"):
        await rehearsal.does(bot.api.post_messages_to_public_account, rehearsal.to, TextMessage(text="hi"))
