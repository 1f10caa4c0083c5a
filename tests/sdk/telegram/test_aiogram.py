"""aiogram 3, unmodified, on a stage: polling, with its own aiohttp handler, and answering inside webhooks."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from aiohttp import web

from chatdrill.model import Block, Button, Contact, Edit, Location, Media, Press, React, Text
from chatdrill.trace import Attempt
from chatdrill_scenarios import media
from sdk.late import late

aiogram = late("aiogram", "aiogram")
sessions = late("aiogram.client.session.aiohttp", "aiogram")
servers = late("aiogram.client.telegram", "aiogram")
exceptions = late("aiogram.exceptions", "aiogram")
keyboards = late("aiogram.utils.keyboard", "aiogram")
webhooks = late("aiogram.webhook.aiohttp_server", "aiogram")

FILES = Path(media.__file__).parent
SAMPLES = {"photo": "shoe-torn.jpg", "document": "invoice-553.pdf", "voice": "voice-pl.ogg", "video": "clip.mp4"}
SECRET = "s3cr3t_A-1"


class AioBot:
    """A dispatcher whose handlers put every event into ``seen``, except for ``/answer``, which is answered."""

    def __init__(self, environment: dict[str, str], token: str | None = None) -> None:
        server = servers.TelegramAPIServer.from_base(environment["TELEGRAM_API_ROOT"])
        self.api = aiogram.Bot(token or environment["TELEGRAM_BOT_TOKEN"], session=sessions.AiohttpSession(api=server))
        self.seen: asyncio.Queue[Any] = asyncio.Queue()
        self.dispatcher = aiogram.Dispatcher()
        self._runner: web.AppRunner | None = None
        self._polling: asyncio.Task[None] | None = None
        self.dispatcher.message.register(self._answer, aiogram.F.text == "/answer")
        for observer in ("message", "edited_message", "callback_query", "message_reaction", "my_chat_member"):
            self.dispatcher.observers[observer].register(self._see)

    async def _see(self, event: Any) -> None:
        await self.seen.put(event)

    async def _answer(self, message: Any) -> Any:
        return message.answer("42")

    async def poll(self) -> None:
        start = self.dispatcher.start_polling(self.api, handle_signals=False, close_bot_session=False)
        self._polling = asyncio.create_task(start)

    async def serve(self, *, registered_secret: str = SECRET) -> None:
        """Answer inside webhooks; ``registered_secret`` is what Telegram is told."""
        app = web.Application()
        handler = webhooks.SimpleRequestHandler(
            self.dispatcher, self.api, secret_token=SECRET, handle_in_background=False
        )
        handler.register(app, path="/hook")
        self._runner = web.AppRunner(app)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        port = self._runner.addresses[0][1]
        allowed = self.dispatcher.resolve_used_update_types()
        await self.api.set_webhook(
            f"http://127.0.0.1:{port}/hook", secret_token=registered_secret, allowed_updates=allowed
        )

    async def stop(self) -> None:
        if self._polling is not None:
            await self.dispatcher.stop_polling()
            await self._polling
        if self._runner is not None:
            await self._runner.cleanup()
        await self.api.session.close()


@pytest.fixture
async def talker(rehearsal) -> AsyncIterator[AioBot]:
    """A bot that only calls."""
    rehearsal.write("hi")
    yield made(rehearsal)


@pytest.fixture(params=["poll", "serve"])
async def bot(request, rehearsal) -> AioBot:
    found = made(rehearsal)
    await getattr(found, request.param)()
    return found


def made(rehearsal, token: str | None = None) -> AioBot:
    found = AioBot(rehearsal.stage.environment(), token)
    rehearsal.bots.append(found)
    return found


async def test_text_edits_places_and_contacts_arrive(rehearsal, bot):
    rehearsal.write("order #553")
    message = await rehearsal.hears(bot)
    assert message.text == "order #553" and message.from_user.language_code == "uk"
    rehearsal.act(Edit(message_id=str(message.message_id), parts=(Text(text="order #554"),)))
    assert (await rehearsal.hears(bot)).text == "order #554"
    rehearsal.write(Location(latitude=50.45, longitude=30.52))
    assert (await rehearsal.hears(bot)).location.latitude == pytest.approx(50.45)
    rehearsal.write(Contact(name="Olena K", phone="+380501112233", own=True))
    shared = await rehearsal.hears(bot)
    assert shared.contact.user_id == shared.from_user.id


@pytest.mark.parametrize(("kind", "name"), SAMPLES.items())
async def test_files_arrive_and_can_be_downloaded(rehearsal, bot, kind, name):
    content = (FILES / name).read_bytes()
    rehearsal.write(Media(kind=kind, file=rehearsal.file(content, name)))
    attachment = getattr(await rehearsal.hears(bot), kind)
    largest = attachment[-1] if kind == "photo" else attachment
    downloaded = (await bot.api.download(largest)).read()
    assert len(downloaded) == largest.file_size
    assert kind == "photo" or downloaded == content


async def test_presses_and_reactions_arrive(rehearsal, bot):
    rehearsal.write("hi")
    message = await rehearsal.hears(bot)
    keyboard = keyboards.InlineKeyboardBuilder().button(text="Yes", callback_data="y").as_markup()
    sent = await message.reply("Sure?", reply_markup=keyboard)
    rehearsal.act(Press(button=Button(title="Yes", kind="callback", payload="y"), message_id=str(sent.message_id)))
    query = await rehearsal.hears(bot)
    assert query.data == "y" and await query.answer("ok") is True
    assert (await query.message.edit_text("Done")).text == "Done"
    rehearsal.act(React(message_id=str(sent.message_id), emoji="👍"))
    assert (await rehearsal.hears(bot)).new_reaction[0].emoji == "👍"


async def test_a_block_is_told_and_forbids_sending(rehearsal, bot):
    rehearsal.write("hi")
    await rehearsal.hears(bot)
    rehearsal.act(Block())
    event = await rehearsal.hears(bot)
    assert event.new_chat_member.status == "kicked"
    with pytest.raises(exceptions.TelegramForbiddenError, match="bot was blocked by the user"):
        await bot.api.send_message(event.chat.id, "hi")


async def test_a_method_in_the_answer_to_a_webhook_is_carried_out(rehearsal):
    await made(rehearsal).serve()
    rehearsal.write("/answer")
    assert await rehearsal.stage.quiet("telegram", rehearsal.to, timeout_s=5)
    assert [message.text for message in rehearsal.sent] == ["42"]
    assert rehearsal.calls[-1].source == "webhook_answer"


async def test_a_wrong_secret_is_refused_by_the_sdk(rehearsal):
    bot = made(rehearsal)
    await bot.serve(registered_secret="other")
    rehearsal.write("hi")
    assert not await rehearsal.stage.quiet("telegram", rehearsal.to, timeout_s=0.3)
    statuses = [record.status for record in rehearsal.recorder.records if isinstance(record, Attempt)]
    assert set(statuses) == {401} and bot.seen.empty()


async def test_every_kind_of_message_is_sent(rehearsal, talker):
    api, to = talker.api, int(rehearsal.to)
    keys = keyboards.ReplyKeyboardBuilder().button(text="Phone", request_contact=True).as_markup(resize_keyboard=True)
    first = await api.send_message(to, "<b>hi</b>", parse_mode="HTML", reply_markup=keys)
    await api.send_message(to, "again", reply_parameters=aiogram.types.ReplyParameters(message_id=first.message_id))
    await api.send_photo(to, aiogram.types.FSInputFile(FILES / "shoe-front.jpg"), caption="c")
    await api.send_voice(to, aiogram.types.FSInputFile(FILES / "voice-en.ogg"))
    await api.send_video(to, aiogram.types.FSInputFile(FILES / "clip.mp4"))
    await api.send_location(to, 50.45, 30.52)
    await api.send_contact(to, "+380501112233", "Eva")
    album = [
        aiogram.types.InputMediaPhoto(media=aiogram.types.FSInputFile(FILES / name))
        for name in ("shoe-front.jpg", "shoe-side.jpg")
    ]
    assert len(await api.send_media_group(to, album)) == 2
    assert len(rehearsal.sent) == 9 and first.entities[0].type == "bold"


async def test_a_file_name_that_aiohttp_escapes_arrives_whole(rehearsal, talker):
    file = aiogram.types.BufferedInputFile((FILES / "invoice-553.pdf").read_bytes(), "рахунок 5.pdf")
    sent = await talker.api.send_document(int(rehearsal.to), file, caption="ї")
    assert (sent.document.file_name, sent.caption) == ("рахунок 5.pdf", "ї")


@pytest.mark.parametrize(
    ("to", "text", "error", "says"),
    [
        (None, "x" * 4097, "TelegramBadRequest", "message is too long"),
        (None, "<b>x", "TelegramBadRequest", "can't parse entities"),
        (99, "hi", "TelegramBadRequest", "chat not found"),
    ],
)
async def test_errors_are_the_sdks_own(rehearsal, talker, to, text, error, says):
    with pytest.raises(getattr(exceptions, error), match=says):
        await talker.api.send_message(to or int(rehearsal.to), text, parse_mode="HTML")


async def test_a_wrong_token_is_unauthorized(rehearsal):
    with pytest.raises(exceptions.TelegramUnauthorizedError):
        await made(rehearsal, "7012345678:AAwrongwrongwrongwrongwrongwrongwro").api.get_me()


@pytest.mark.parametrize(("status", "error"), [(429, "TelegramRetryAfter"), (502, "TelegramServerError")])
async def test_an_injected_fault_is_an_error_of_the_sdk(rehearsal, talker, status, error):
    fault = {"platform": "telegram", "where": "api", "kind": "status", "status": status, "retry_after_s": 3}
    async with httpx.AsyncClient() as client:
        await client.post(f"{rehearsal.stage.base_url}/_chatdrill/faults", json=fault)
    with pytest.raises(getattr(exceptions, error)) as caught:
        await talker.api.get_me()
    assert getattr(caught.value, "retry_after", 3) == 3
