"""python-telegram-bot sends every kind of message a support bot sends, and reads the answers."""

from __future__ import annotations

from pathlib import Path

import pytest
from telegram.constants import ChatAction, ParseMode
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from chatdrill.model import Block, Keyboard, KeyboardRemoved, ReplyForced
from chatdrill_scenarios import media
from telegram import (
    BotCommand,
    ForceReply,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    KeyboardButton,
    MenuButtonDefault,
    MessageEntity,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
    ReplyParameters,
)

FILES = Path(media.__file__).parent
KEYS = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Yes", callback_data="y"), InlineKeyboardButton("Site", url="https://acme.test/")]]
)
MEDIA = {
    "photo": "shoe-torn.jpg",
    "document": "invoice-553.pdf",
    "voice": "voice-pl.ogg",
    "video": "clip.mp4",
    "video_note": "round.mp4",
    "animation": "wave.gif.mp4",
    "sticker": "thumbs-up.webp",
    "audio": "song.mp3",
}


async def test_texts_with_formatting_and_keyboards(rehearsal, talker):
    to = int(rehearsal.to)
    first = await talker.api.send_message(to, "<b>bold</b> ж😀 <i>it</i>", ParseMode.HTML, reply_markup=KEYS)
    assert [first.parse_entity(e) for e in first.entities] == ["bold", "it"] and first.reply_markup == KEYS
    assert isinstance(rehearsal.sent[-1].parts[1], Keyboard)
    entities = [MessageEntity(MessageEntity.BOLD, 0, 2)]
    await talker.api.send_message(to, "ok", entities=entities, reply_parameters=ReplyParameters(first.message_id))
    assert rehearsal.sent[-1].reply_to == str(first.message_id) and rehearsal.sent[-1].parts[0].spans[0].style == "bold"
    for markup, part in (
        (ReplyKeyboardMarkup([["Status", KeyboardButton("Phone", request_contact=True)]]), Keyboard),
        (ReplyKeyboardRemove(), KeyboardRemoved),
        (ForceReply(input_field_placeholder="number"), ReplyForced),
    ):
        await talker.api.send_message(to, "x", reply_markup=markup)
        assert isinstance(rehearsal.sent[-1].parts[1], part)


@pytest.mark.parametrize(("kind", "name"), MEDIA.items())
async def test_files(rehearsal, talker, kind, name):
    send = getattr(talker.api, f"send_{kind}")
    message = await send(int(rehearsal.to), FILES / name)
    (sent,) = rehearsal.sent[-1].media
    assert sent.kind == kind and sent.file.size_bytes == (FILES / name).stat().st_size
    attachment = message.effective_attachment
    file_id = (attachment[-1] if isinstance(attachment, tuple) else attachment).file_id
    again = await send(int(rehearsal.to), file_id)
    assert again.message_id == message.message_id + 1


async def test_albums(rehearsal, talker):
    to = int(rehearsal.to)
    photos = [InputMediaPhoto((FILES / n).read_bytes(), caption="c") for n in ("shoe-front.jpg", "shoe-sole.jpg")]
    messages = await talker.api.send_media_group(to, photos)
    assert len({m.media_group_id for m in messages}) == 1 and len(rehearsal.sent) == 2
    await talker.api.send_media_group(
        to, [InputMediaDocument((FILES / "invoice-553.pdf").read_bytes(), filename="a.pdf")] * 2
    )


async def test_places_people_and_actions(rehearsal, talker):
    to = int(rehearsal.to)
    live = await talker.api.send_location(to, 50.45, 30.52, live_period=900)
    moved = await live.edit_live_location(50.46, 30.52)
    assert moved.location.latitude == 50.46
    stopped = await live.stop_live_location()
    assert stopped.location.live_period is None
    await talker.api.send_venue(to, 50.45, 30.52, "Acme", "1 Main St")
    await talker.api.send_contact(to, "+48123456789", "Acme")
    assert await talker.api.send_chat_action(to, ChatAction.TYPING) is True
    assert (await talker.api.send_dice(to)).dice.value in range(1, 7)
    assert (await talker.api.send_poll(to, "Q?", ["a", "b"])).poll.question == "Q?"


async def test_edits_copies_pins_and_deletions(rehearsal, talker):
    to = int(rehearsal.to)
    message = await talker.api.send_message(to, "one", reply_markup=KEYS)
    edited = await message.edit_text("two", reply_markup=KEYS)
    assert edited.text == "two" and edited.edit_date
    assert (await message.edit_reply_markup()).reply_markup is None
    with pytest.raises(BadRequest, match="Message is not modified"):
        await message.edit_text("two")
    photo = await talker.api.send_photo(to, (FILES / "shoe-torn.jpg").read_bytes(), caption="old")
    assert (await photo.edit_caption("new")).caption == "new"
    document = InputMediaDocument((FILES / "invoice-553.pdf").read_bytes())
    assert (await photo.edit_media(document)).document
    assert (await message.forward(to)).forward_origin.sender_user.is_bot
    assert (await message.copy(to)).message_id
    assert len(await talker.api.copy_messages(to, to, [message.message_id, photo.message_id])) == 2
    assert await message.pin() and await message.unpin()
    assert await message.set_reaction("👍") is True
    assert await message.delete() is True
    assert await talker.api.delete_messages(to, [photo.message_id]) is True


async def test_the_bots_account(rehearsal, talker):
    to = int(rehearsal.to)
    assert (await talker.api.get_me()).username == "acme_help_bot"
    assert await talker.api.set_my_commands([BotCommand("start", "Begin")])
    assert await talker.api.get_my_commands() == (BotCommand("start", "Begin"),)
    assert await talker.api.set_my_name("Acme") and (await talker.api.get_my_name()).name == "Acme"
    assert await talker.api.set_chat_menu_button(to, MenuButtonDefault())
    assert (await talker.api.get_chat(to)).first_name == "Олена"
    assert (await talker.api.get_chat_member(to, to)).status == "member"
    assert (await talker.api.get_user_profile_photos(to)).total_count == 0
    assert (await talker.api.get_webhook_info()).url == ""


async def test_refusals_are_the_sdks_own_errors(rehearsal, talker):
    to = int(rehearsal.to)
    with pytest.raises(BadRequest, match="Chat not found"):
        await talker.api.send_message(5, "x")
    with pytest.raises(TelegramError, match="chatdrill does not emulate getAvailableGifts"):
        await talker.api.get_available_gifts()
    rehearsal.act(Block())
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await talker.api.send_message(to, "x")
    assert [call.support for call in rehearsal.calls[-2:]] == ["refused", "supported"]


async def test_a_rate_limit_says_when_to_come_back(rehearsal, talker, monkeypatch):
    monkeypatch.setenv("PTB_TIMEDELTA", "1")
    rehearsal.channel.state.settings = {**rehearsal.channel.settings, "rate_limits": "yes"}
    with pytest.raises(RetryAfter) as found:
        for _ in range(30):
            await talker.api.send_message(int(rehearsal.to), "x")
    assert found.value.retry_after.total_seconds() >= 1
