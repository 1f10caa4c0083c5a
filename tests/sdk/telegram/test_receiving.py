"""python-telegram-bot understands every update, by long poll and by webhook."""

from __future__ import annotations

import asyncio
from pathlib import Path

import httpx
import pytest
from telegram.error import Conflict, InvalidToken

from chatdrill.model import (
    Block,
    Button,
    Contact,
    Edit,
    Event,
    Location,
    Media,
    Press,
    React,
    Start,
    Text,
    Unblock,
)
from chatdrill.trace import Attempt
from chatdrill_scenarios import media
from telegram import Message, Update

FILES = Path(media.__file__).parent
SAMPLES = {
    "photo": "shoe-torn.jpg",
    "document": "invoice-553.pdf",
    "voice": "voice-pl.ogg",
    "video": "clip.mp4",
    "video_note": "round.mp4",
    "animation": "wave.gif.mp4",
    "sticker": "thumbs-up.webp",
    "audio": "song.mp3",
}


async def test_text_arrives_with_its_entities(rehearsal, bot):
    rehearsal.write("Привіт 😀 #заказ https://acme.test")
    message = (await rehearsal.hears(bot)).message
    assert message.text == "Привіт 😀 #заказ https://acme.test" and message.from_user.language_code == "uk"
    assert [message.parse_entity(e) for e in message.entities] == ["#заказ", "https://acme.test"]


@pytest.mark.parametrize(("kind", "name"), SAMPLES.items())
async def test_files_arrive_and_can_be_downloaded(rehearsal, bot, kind, name):
    content = (FILES / name).read_bytes()
    rehearsal.write(Media(kind=kind, file=rehearsal.file(content, name)))
    attachment = (await rehearsal.hears(bot)).message.effective_attachment
    largest = attachment[-1] if isinstance(attachment, tuple) else attachment
    downloaded = bytes(await (await largest.get_file()).download_as_bytearray())
    assert len(downloaded) == largest.file_size
    assert kind == "photo" or downloaded == content


async def test_edits_arrive(rehearsal, bot):
    rehearsal.write("order #553")
    message = (await rehearsal.hears(bot)).message
    rehearsal.act(Edit(message_id=str(message.message_id), parts=(Text(text="order #554"),)))
    edited = (await rehearsal.hears(bot)).edited_message
    assert edited.text == "order #554" and edited.edit_date >= message.date


async def test_presses_arrive_and_are_answered(rehearsal, bot):
    rehearsal.act(Start(payload="ord_553"))
    started = (await rehearsal.hears(bot)).message
    assert started.text == "/start ord_553"
    markup = {"inline_keyboard": [[{"text": "Yes", "callback_data": "y"}]]}
    sent = await started.reply_text("Sure?", api_kwargs={"reply_markup": markup})
    rehearsal.act(Press(button=Button(title="Yes", kind="callback", payload="y"), message_id=str(sent.message_id)))
    query = (await rehearsal.hears(bot)).callback_query
    assert query.data == "y" and isinstance(query.message, Message) and query.message.text == "Sure?"
    assert await query.answer("ok", show_alert=True) is True
    await query.edit_message_text("Done")
    assert rehearsal.effects[-2].press_id == query.id and rehearsal.effects[-1].message.text == "Done"


async def test_places_contacts_and_replies_arrive(rehearsal, bot):
    rehearsal.write(Location(latitude=50.45, longitude=30.52, name="Acme", address="1 Main St"))
    venue = (await rehearsal.hears(bot)).message.venue
    assert venue.title == "Acme" and venue.location.latitude == 50.45
    rehearsal.write(Contact(name="O", phone="+380501112233", own=True))
    contact = (await rehearsal.hears(bot)).message
    assert contact.contact.user_id == contact.from_user.id
    rehearsal.write("that is me", reply_to=str(contact.message_id), forwarded=True)
    reply = (await rehearsal.hears(bot)).message
    assert reply.reply_to_message.contact == contact.contact and reply.forward_origin.type == "hidden_user"


async def test_an_album_arrives_as_one_group(rehearsal, bot):
    parts = [
        Media(kind="photo", file=rehearsal.file((FILES / n).read_bytes(), n))
        for n in ("shoe-front.jpg", "shoe-sole.jpg")
    ]
    rehearsal.write(*parts, "two views")
    first, second = (await rehearsal.hears(bot)).message, (await rehearsal.hears(bot)).message
    assert first.media_group_id == second.media_group_id and first.caption == "two views"


async def test_blocks_and_reactions_arrive(rehearsal, bot):
    rehearsal.write("hi")
    message = (await rehearsal.hears(bot)).message
    rehearsal.act(React(message_id=str(message.message_id), emoji="👍"))
    assert (await rehearsal.hears(bot)).message_reaction.new_reaction[0].emoji == "👍"
    rehearsal.act(Block())
    assert (await rehearsal.hears(bot)).my_chat_member.new_chat_member.status == "kicked"
    rehearsal.act(Unblock())
    assert (await rehearsal.hears(bot)).my_chat_member.new_chat_member.status == "member"


@pytest.mark.parametrize("name", sorted(set(Update.ALL_TYPES) - {"channel_post", "edited_channel_post"}))
async def test_every_update_the_sdk_knows_arrives(rehearsal, bot, name):
    rehearsal.write("hi")
    await rehearsal.hears(bot)
    before = {"edited_business_message": "business_message", "deleted_business_messages": "business_message"}
    if "business_message" in name:
        rehearsal.act(Event(name="business_connection"))
        await rehearsal.hears(bot)
    if name in before:
        rehearsal.act(Event(name=before[name], data={"text": "hello"}))
        await rehearsal.hears(bot)
    data = {"text": "new words"} if name.endswith("message") else {}
    rehearsal.act(Event(name=name, data=data))
    update = await rehearsal.hears(bot)
    field = "message" if name == "guest_message" else name
    assert getattr(update, field) is not None


# ------------------------------------------------------------------------------------------------ being refused


async def test_a_second_poll_is_a_conflict_for_the_first(rehearsal):
    conflicts = asyncio.Queue()
    first, second = rehearsal.bot(), rehearsal.bot()
    await first.app.initialize()
    await first.app.start()
    await first.app.updater.start_polling(timeout=5, error_callback=conflicts.put_nowait)
    await second.app.initialize()
    await second.api.get_updates(timeout=1)
    assert isinstance(await asyncio.wait_for(conflicts.get(), 5), Conflict)


async def test_a_wrong_token_is_named_as_such(rehearsal):
    environment = {**rehearsal.stage.environment(), "TELEGRAM_BOT_TOKEN": "1:wrong"}
    bot = rehearsal.bot(environment)
    with pytest.raises(InvalidToken):
        await bot.app.initialize()
    await bot.api.request.shutdown()  # a failed start leaves its connection open


async def test_the_sdk_itself_refuses_a_wrong_secret(rehearsal):
    bot = rehearsal.bot()
    url = await bot.serve("s3cr3t_A-1")
    rehearsal.stage.set_webhook("telegram", url + "?")  # an address from the settings comes with the declared secret
    rehearsal.write("hi")
    async with httpx.AsyncClient() as client:
        assert (await client.post(url, json={}, headers={"X-Telegram-Bot-Api-Secret-Token": "x"})).status_code == 403
    while not any(isinstance(r, Attempt) and r.status == 403 for r in rehearsal.recorder.records):
        await asyncio.sleep(0.01)
    assert bot.seen.empty()
