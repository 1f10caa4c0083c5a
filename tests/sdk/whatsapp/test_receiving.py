"""pywa accepts the fake's webhooks: signature, handshake and every shape that a support bot meets."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from pywa import types
from pywa.types.templates import TemplateLanguage

from chatdrill.model import (
    Contact,
    Delete,
    Echo,
    Edit,
    Event,
    Form,
    Location,
    Media,
    Message,
    Order,
    OrderItem,
    Press,
    React,
    Read,
    Referral,
    Text,
    Write,
)
from chatdrill.trace import Attempt
from chatdrill.wire.files import describe
from chatdrill_scenarios import media

FILES = Path(media.__file__).parent
SAMPLES = {
    "photo": ("shoe-torn.jpg", types.MessageType.IMAGE),
    "voice": ("voice-pl.ogg", types.MessageType.AUDIO),
    "sticker": ("thumbs-up.webp", types.MessageType.STICKER),
}


def say(text: str = "Dzień dobry 👋 1/2", **more: Any) -> Write:
    return Write(parts=(Text(text=text),), **more)


def sample(rehearsal: Any, name: str) -> tuple[bytes, Any]:
    content = (FILES / name).read_bytes()
    return content, describe(content, rehearsal.channel.state.blobs, name=name)


async def test_a_text_arrives_with_its_author_and_is_answered(rehearsal: Any, bot: Any) -> None:
    (sent,) = rehearsal.act(say())
    message = await rehearsal.hears(bot, types.Message)
    assert (message.id, message.text, message.from_user.name) == (sent, "Dzień dobry 👋 1/2", "Anna Nowak")
    assert message.from_user.wa_id == rehearsal.to and message.from_user.bsuid.startswith("PL.")
    await rehearsal.does(message.reply, "Witaj!", quote=True)
    assert rehearsal.sent == [(Text(text="Witaj!"),)]


async def test_a_wrong_secret_is_refused_by_pywa_itself(rehearsal: Any) -> None:
    bot = rehearsal.bot(app_secret="not-the-secret")
    rehearsal.stage.set_webhook("whatsapp", bot.url)
    rehearsal.act(say())
    assert await rehearsal.does(bot.refused.get, True, 5) == 403
    assert bot.seen.empty()


async def test_the_handshake_passes_and_a_wrong_verify_token_does_not(rehearsal: Any, bot: Any) -> None:
    await rehearsal.stage.check_webhook("whatsapp")
    path = f"/{bot.wa.app_id}/subscriptions"
    wrong = {"object": "whatsapp_business_account", "callback_url": bot.url, "verify_token": "no"}
    with pytest.raises(Exception, match="status 403"):
        await rehearsal.does(bot.wa.api.send_raw_request, "POST", path, json=wrong)


async def test_pywa_registers_its_own_callback(rehearsal: Any) -> None:
    bot = rehearsal.bot()
    token = await rehearsal.does(bot.wa.get_app_access_token, bot.wa.app_id, "chatdrill-app-secret")
    arguments = (bot.wa.app_id, token, bot.url, "chatdrill-verify", ("messages",))
    assert (await rehearsal.does(bot.wa.set_app_callback_url, *arguments)).success
    rehearsal.act(say())
    assert (await rehearsal.hears(bot, types.Message)).text


@pytest.mark.parametrize("scope", ["waba", "phone"])
async def test_pywa_overrides_the_callback(rehearsal: Any, scope: str) -> None:
    bot = rehearsal.bot()
    override = bot.wa.override_waba_callback_url if scope == "waba" else bot.wa.override_phone_callback_url
    assert (await rehearsal.does(override, bot.url, "chatdrill-verify")).success
    rehearsal.act(say())
    assert (await rehearsal.hears(bot, types.Message)).text


@pytest.mark.parametrize("kind", SAMPLES)
async def test_media_are_downloaded_by_link_and_by_id(rehearsal: Any, bot: Any, kind: Any) -> None:
    name, expected = SAMPLES[kind]
    content, file = sample(rehearsal, name)
    rehearsal.act(Write(parts=(Media(kind=kind, file=file),)))
    message = await rehearsal.hears(bot, types.Message)
    assert message.type == expected
    assert await rehearsal.does(message.media.get_bytes) == content
    url = await rehearsal.does(bot.wa.get_media_url, message.media.id)
    assert url.sha256 == hashlib.sha256(content).hexdigest() and url.file_size == len(content)
    assert await rehearsal.does(bot.wa.get_media_bytes, url.url) == content


async def test_a_caption_travels_with_its_photo(rehearsal: Any, bot: Any) -> None:
    _, file = sample(rehearsal, "shoe-torn.jpg")
    rehearsal.act(Write(parts=(Media(kind="photo", file=file, caption=Text(text="pęknięta podeszwa")),)))
    assert (await rehearsal.hears(bot, types.Message)).caption == "pęknięta podeszwa"


async def test_places_contacts_and_orders_arrive(rehearsal: Any, bot: Any) -> None:
    rehearsal.act(Write(parts=(Location(latitude=52.2, longitude=21.0, name="Sklep"),)))
    place = (await rehearsal.hears(bot, types.Message)).location
    assert place is not None and (place.latitude, place.name) == (52.2, "Sklep")
    rehearsal.act(Write(parts=(Contact(name="Ewa Lis", phone="+48601000111"),)))
    contacts = (await rehearsal.hears(bot, types.Message)).contacts
    assert contacts is not None and contacts[0].name.formatted_name == "Ewa Lis"
    rehearsal.act(Write(parts=(Order(items=(OrderItem(id="MUG-01", price=18.0),), catalog="354"),)))
    order = (await rehearsal.hears(bot, types.Message)).order
    assert order is not None and order.products[0].sku == "MUG-01"


async def test_replies_reactions_and_forwards_keep_their_target(rehearsal: Any, bot: Any) -> None:
    (first,) = rehearsal.act(say())
    rehearsal.act(say("jeszcze raz", reply_to=first))
    rehearsal.act(say("dalej", forwarded=True))
    await rehearsal.hears(bot, types.Message)
    quoted, forwarded = [await rehearsal.hears(bot, types.Message) for _ in range(2)]
    assert quoted.reply_to_message is not None and quoted.reply_to_message.id == first
    assert forwarded.forwarded
    rehearsal.act(React(message_id=first, emoji="👍"))
    reaction = (await rehearsal.hears(bot, types.Message)).reaction
    assert reaction is not None and (reaction.message_id, reaction.emoji) == (first, "👍")
    rehearsal.act(React(message_id=first))
    assert (await rehearsal.hears(bot, types.Message)).reaction.emoji is None


async def test_button_list_and_template_presses_reach_their_handlers(rehearsal: Any, bot: Any) -> None:
    rehearsal.act(say())
    buttons = [types.Button(title="Tak", callback_data="yes"), types.Button(title="Nie", callback_data="no")]
    asked = await rehearsal.does(bot.wa.send_message, rehearsal.to, "Potwierdzasz?", buttons=buttons)
    rehearsal.act(Press(button=rehearsal.sent[-1][-1].buttons[0], message_id=asked.id))
    pressed = await rehearsal.hears(bot, types.CallbackButton)
    assert (pressed.data, pressed.title) == ("yes", "Tak")
    assert pressed.reply_to_message is not None and pressed.reply_to_message.id == asked.id
    rows = [types.SectionRow(title="10:00", callback_data="slot-10", description="wolne")]
    choice = types.SectionList("Terminy", [types.Section("Sobota", rows)])
    listed = await rehearsal.does(bot.wa.send_message, rehearsal.to, "Kiedy?", buttons=choice)
    rehearsal.act(Press(button=rehearsal.sent[-1][-1].buttons[0], message_id=listed.id))
    selected = await rehearsal.hears(bot, types.CallbackSelection)
    assert (selected.data, selected.description) == ("slot-10", "wolne")
    body = {"type": "body", "parameters": [{"type": "text", "text": word} for word in ("Anna", "21.11.", "10:00")]}
    reminder = await rehearsal.does(
        bot.wa.send_template, rehearsal.to, "appointment_reminder", TemplateLanguage.POLISH, [body]
    )
    rehearsal.act(Press(button=rehearsal.sent[-1][-1].buttons[0], message_id=reminder.id))
    quick = await rehearsal.hears(bot, types.CallbackButton)
    assert quick.is_quick_reply and quick.title == "Potwierdzam"


async def test_a_returned_form_reaches_its_handler(rehearsal: Any, bot: Any) -> None:
    rehearsal.act(say())
    asked = await rehearsal.does(bot.wa.send_message, rehearsal.to, "Formularz")
    rehearsal.act(Write(parts=(Form(name="flow", values={"flow_token": "t1", "size": "42"}),), reply_to=asked.id))
    done = await rehearsal.hears(bot, types.FlowCompletion)
    assert (done.token, done.response["size"]) == ("t1", "42")


async def test_an_advertisement_and_the_news_of_the_account_are_understood(rehearsal: Any, bot: Any) -> None:
    rehearsal.act(say(referral=Referral(source="ad", ad_id="77", headline="Buty")))
    referral = (await rehearsal.hears(bot, types.Message)).referral
    assert referral is not None and (referral.source_id, referral.headline) == ("77", "Buty")
    rehearsal.act(Event(name="user_preferences"))
    assert (await rehearsal.hears(bot, types.UserMarketingPreferences)).value.name == "STOP"
    rehearsal.act(Event(name="message_template_status_update"))
    update = await rehearsal.hears(bot, types.TemplateStatusUpdate)
    assert update.template_name == "parcel_update"


async def test_statuses_arrive_in_order_and_the_read_one_when_she_reads(rehearsal: Any, bot: Any) -> None:
    rehearsal.act(say())
    sent = await rehearsal.does(bot.wa.send_message, rehearsal.to, "Witaj!", tracker="order-77")
    statuses = [await rehearsal.hears(bot, types.MessageStatus) for _ in range(2)]
    assert [each.status for each in statuses] == [types.MessageStatusType.SENT, types.MessageStatusType.DELIVERED]
    assert {each.id for each in statuses} == {sent.id} and statuses[0].tracker == "order-77"
    assert statuses[0].pricing is not None and not statuses[0].pricing.billable
    rehearsal.act(Read(message_id=sent.id))
    assert (await rehearsal.hears(bot, types.MessageStatus)).status == types.MessageStatusType.READ


@pytest.mark.parametrize("settings", [{"coexistence": "yes"}])
async def test_edits_deletions_and_echoes_arrive_on_a_coexistence_number(rehearsal: Any, bot: Any) -> None:
    (first,) = rehearsal.act(say())
    rehearsal.act(Edit(message_id=first, parts=(Text(text="Dobry wieczór"),)))
    edited = await rehearsal.hears(bot, types.EditedMessage)
    assert (edited.original_message_id, edited.message.text) == (first, "Dobry wieczór")
    rehearsal.act(Delete(message_id=first))
    assert (await rehearsal.hears(bot, types.DeletedMessage)).original_message_id == first
    echo = Message(ids=("?",), author="agent", parts=(Text(text="Tu Ewa"),), at=0.0)
    rehearsal.act(Echo(message=echo))
    assert (await rehearsal.hears(bot, types.OutgoingMessage)).text == "Tu Ewa"


async def test_every_webhook_was_acknowledged(rehearsal: Any, bot: Any) -> None:
    rehearsal.act(say())
    await rehearsal.hears(bot, types.Message)
    assert await rehearsal.stage.quiet("whatsapp", rehearsal.to, timeout_s=5)
    attempts = [each for each in rehearsal.recorder.records if isinstance(each, Attempt)]
    assert attempts and all(each.ok and each.status == 200 for each in attempts)
