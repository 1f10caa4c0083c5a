"""What twilio-python sends is taken, and what the fake sends is believed by its validator."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import requests
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client
from twilio.twiml.messaging_response import MessagingResponse

from chatdrill.model import Block, Event, Media, Text, Write
from chatdrill.wire.files import describe
from sms_twilio.kit import PNG

SAYS = Write(parts=(Text(text="Where is заказ 553? a/b & c=d +1"),))


async def test_a_text_is_believed(rehearsal, bot):
    rehearsal.act(SAYS)
    told = await rehearsal.hears(bot, "/sms")
    assert (told["Body"], told["From"], bot.refused) == (SAYS.parts[0].text, rehearsal.to, 0)


async def test_files_are_believed_and_downloaded(rehearsal, bot):
    file = describe(PNG, rehearsal.channel.state.blobs, name="p.png")
    rehearsal.act(Write(parts=(Media(kind="photo", file=file),)))
    told = await rehearsal.hears(bot, "/sms")
    account = bot.client.username, bot.client.password
    assert (await rehearsal.does(requests.get, told["MediaUrl0"], auth=account)).content == PNG
    listed = await rehearsal.does(bot.client.messages(told["MessageSid"]).media.list)
    assert [one.content_type for one in listed] == ["image/png"]


async def test_json_is_believed_by_its_hash(rehearsal, bot):
    rehearsal.act(Event(name="event_stream"))
    assert "specversion" in await rehearsal.hears(bot, "/sms")


async def test_twiml_is_sent(rehearsal, bot):
    reply = MessagingResponse()
    reply.message("First", action="/status")
    reply.message().body("Second")
    bot.answer = str(reply).encode()
    rehearsal.act(SAYS)
    told = [(await rehearsal.hears(bot, "/status"))["MessageStatus"] for _ in range(2)]
    assert rehearsal.texts == ["First", "Second"] and told == ["sent", "delivered"]


async def test_a_message_is_sent_and_its_life_is_told(rehearsal, bot):
    made = await rehearsal.does(
        bot.client.messages.create,
        to=rehearsal.to,
        from_=bot.number,
        body="Заказ 77",
        status_callback=f"{bot.root}/status",
    )
    assert made.status == "queued" and made.num_segments == "1" and rehearsal.texts == ["Заказ 77"]
    assert [(await rehearsal.hears(bot, "/status"))["MessageStatus"] for _ in range(2)] == ["sent", "delivered"]
    found = await rehearsal.does(bot.client.messages(made.sid).fetch)
    assert (found.status, found.price, found.direction) == ("delivered", "-0.00790", "outbound-api")


async def test_every_kind_of_send_is_journaled(rehearsal, bot):
    create, service = bot.client.messages.create, rehearsal.channel.state.service
    when = datetime.fromtimestamp(rehearsal.channel.at(None, datetime.now(UTC).timestamp()), UTC) + timedelta(hours=1)
    await rehearsal.does(create, to=rehearsal.to, messaging_service_sid=service, body="by service")
    await rehearsal.does(
        create, to=rehearsal.to, from_=bot.number, media_url=["https://a.test/p.png", "https://a.test/q.png"]
    )
    made = await rehearsal.does(
        create, to=rehearsal.to, messaging_service_sid=service, body="x", schedule_type="fixed", send_at=when
    )
    assert made.status == "scheduled"
    assert (await rehearsal.does(bot.client.messages(made.sid).update, status="canceled")).status == "canceled"
    assert [name for name, ok in rehearsal.calls if ok] == [
        "POST Messages SMS",
        "POST Messages MMS",
        "POST Messages scheduled",
        "POST Message",
    ]


async def test_lists_redaction_feedback_and_deletion(rehearsal, bot):
    for number in range(3):
        made = await rehearsal.does(bot.client.messages.create, to=rehearsal.to, from_=bot.number, body=str(number))
    listed = await rehearsal.does(bot.client.messages.list, to=rehearsal.to, page_size=2)
    assert [one.body for one in listed] == ["2", "1", "0"]
    assert (await rehearsal.does(bot.client.messages(made.sid).update, body="")).body == ""
    assert (
        await rehearsal.does(bot.client.messages(made.sid).feedback.create, outcome="confirmed")
    ).outcome == "confirmed"
    await rehearsal.until(lambda: rehearsal.channel.state.sms[made.sid].status == "delivered")
    assert await rehearsal.does(bot.client.messages(made.sid).delete)


async def test_the_number_is_found_and_its_webhook_set(rehearsal, bot):
    (number,) = await rehearsal.does(bot.client.incoming_phone_numbers.list, phone_number=bot.number)
    changed = await rehearsal.does(number.update, sms_url=f"{bot.root}/sms/other")
    assert changed.sms_url.endswith("/sms/other") and changed.capabilities["sms"]
    rehearsal.act(SAYS)
    assert await rehearsal.hears(bot, "/sms/other")


async def test_who_opted_out_is_not_written_to(rehearsal, bot):
    rehearsal.act(Block())
    assert (await rehearsal.hears(bot, "/sms"))["Body"] == "STOP"
    with pytest.raises(TwilioRestException) as refused:
        await rehearsal.does(bot.client.messages.create, to=rehearsal.to, from_=bot.number, body="x")
    assert (refused.value.code, refused.value.status) == (21610, 400)


async def test_a_key_opens_and_a_wrong_token_does_not(rehearsal, bot):
    settings = rehearsal.channel.settings
    by_key = Client(settings["api_key"], settings["api_secret"], settings["account_sid"])
    assert await rehearsal.does(by_key.messages.create, to=rehearsal.to, from_=bot.number, body="x")
    with pytest.raises(TwilioRestException) as refused:
        await rehearsal.does(Client(settings["account_sid"], "0" * 32).messages("SM0").fetch)
    assert refused.value.code == 20003


async def test_a_webhook_signed_with_another_token_is_refused(rehearsal, bot):
    from twilio.request_validator import RequestValidator

    bot.validator = RequestValidator("0" * 32)
    rehearsal.act(SAYS)
    await rehearsal.until(lambda: rehearsal.attempts == [False])
    assert bot.refused == 1
