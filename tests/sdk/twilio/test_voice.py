"""Calls with twilio-python, unmodified: documents by its ``VoiceResponse``, webhooks through its ``RequestValidator``, calls and queues by its client."""

from __future__ import annotations

import pytest

pytest.importorskip("twilio.rest", reason="twilio is not installed")

from twilio.twiml.voice_response import Gather, VoiceResponse

from chatdrill.model import Event, Media, Sent
from chatdrill.trace import Took


def menu() -> str:
    gather = Gather(
        num_digits=3, action="/sms/order?step=1", input="dtmf speech", timeout=8, finish_on_key="#", language="ru-RU"
    )
    gather.say("Наберите номер заказа", language="ru-RU")
    document = VoiceResponse()
    document.append(gather)
    document.redirect("/sms/queue")
    return str(document)


def queued() -> str:
    document = VoiceResponse()
    document.enqueue("support", wait_url="/sms/wait", wait_url_method="POST", action="/sms/left")
    return str(document)


def offered() -> str:
    gather = Gather(num_digits=1, action="/sms/chat", timeout=3)
    gather.say("Press 1 to go on in a chat")
    gather.play("/hold.mp3")
    document = VoiceResponse()
    document.append(gather)
    return str(document)


def left() -> str:
    document = VoiceResponse()
    document.say("We have sent you the link")
    document.leave()
    return str(document)


@pytest.fixture
def phone(bot):
    """A bot with the documents of a queue."""
    bot.documents |= {"/sms": menu(), "/sms/order": queued(), "/sms/wait": offered(), "/sms/chat": left()}
    bot.documents["/sms/left"] = str(VoiceResponse())
    return bot


def heard(rehearsal) -> list[str]:
    took = [each.effect for each in rehearsal.recorder.records if isinstance(each, Took)]
    spoken = [effect.message for effect in took if isinstance(effect, Sent) and effect.message.media]
    return [
        message.text for message in spoken if isinstance(message.media[0], Media) and message.media[0].kind == "voice"
    ]


async def test_a_caller_goes_through_the_queue_and_out_of_it(rehearsal, phone):
    rehearsal.act(Event(name="calls"))
    assert (await rehearsal.hears(phone, "/sms"))["CallStatus"] == "ringing"
    await rehearsal.until(lambda: heard(rehearsal) == ["Наберите номер заказа"])
    rehearsal.act(Event(name="keys", data={"digits": "553#"}))
    assert (await rehearsal.hears(phone, "/sms/order"))["Digits"] == "553"
    waits = await rehearsal.hears(phone, "/sms/wait")
    assert waits["QueuePosition"] == "1"
    await rehearsal.until(lambda: len(heard(rehearsal)) == 2)
    rehearsal.act(Event(name="keys", data={"digits": "1"}))
    assert (await rehearsal.hears(phone, "/sms/chat"))["Digits"] == "1"
    await rehearsal.until(lambda: len(heard(rehearsal)) == 3)
    sent = await rehearsal.does(
        phone.client.messages.create, to=waits["From"], from_=phone.number, body="https://t.me/b?start=x"
    )
    assert sent.status == "queued" and phone.refused == 0


async def test_calls_and_queues_are_read_and_led_by_the_client(rehearsal, phone):
    rehearsal.act(Event(name="calls"))
    await rehearsal.hears(phone, "/sms")
    await rehearsal.until(lambda: heard(rehearsal) != [])
    rehearsal.act(Event(name="speaks", data={"words": "my order"}))
    assert (await rehearsal.hears(phone, "/sms/order"))["SpeechResult"] == "my order"
    sid = (await rehearsal.hears(phone, "/sms/wait"))["CallSid"]
    client = phone.client
    assert (await rehearsal.does(client.calls(sid).fetch)).status == "in-progress"
    [queue] = await rehearsal.does(client.queues.list)
    assert (queue.friendly_name, queue.current_size) == ("support", 1)
    [member] = await rehearsal.does(client.queues(queue.sid).members.list)
    assert member.call_sid == sid and member.position == 1
    phone.documents["/sms/agent"] = queued()
    taken = await rehearsal.does(client.queues(queue.sid).members("Front").update, url=f"{phone.root}/sms/agent")
    assert (await rehearsal.hears(phone, "/sms/agent"))["CallSid"] == sid and taken is not None
    ended = await rehearsal.does(client.calls(sid).update, status="completed")
    assert ended.status == "completed" and [one.sid for one in await rehearsal.does(client.calls.list)] == [sid]


async def test_the_end_of_a_call_is_told_and_believed(rehearsal, phone):
    [number] = await rehearsal.does(phone.client.incoming_phone_numbers.list)
    changed = await rehearsal.does(
        number.update, status_callback=f"{phone.root}/calls?x=1", voice_url=f"{phone.root}/voice"
    )
    assert changed.voice_url.endswith("/voice")
    phone.documents["/voice"] = menu()
    rehearsal.act(Event(name="calls"))
    await rehearsal.hears(phone, "/voice")
    await rehearsal.until(lambda: heard(rehearsal) != [])
    rehearsal.act(Event(name="hangs up"))
    told = await rehearsal.hears(phone, "/calls")
    assert (told["CallStatus"], told["CallbackSource"]) == ("completed", "call-progress-events") and phone.refused == 0


def voicemail() -> str:
    document = VoiceResponse()
    document.record(action="/sms/recorded", finish_on_key="#", recording_status_callback="/sms/fate")
    return str(document)


def through() -> str:
    document = VoiceResponse()
    dial = document.dial(action="/sms/dialed", timeout=20, caller_id="+12025550199", record="record-from-answer")
    dial.number("+12025550111")
    dial.sip("sip:bob@desk.example.test")
    return str(document)


async def test_a_caller_is_put_through_and_recorded(rehearsal, bot):
    bot.documents |= {
        "/sms": through(),
        "/sms/dialed": voicemail(),
        "/sms/recorded": str(VoiceResponse()),
        "/sms/fate": "",
    }
    rehearsal.act(Event(name="calls"))
    await rehearsal.hears(bot, "/sms")
    line = rehearsal.channel.state.line
    await rehearsal.until(lambda: line.of(rehearsal.to).dial is not None)
    rehearsal.act(Event(name="agent is busy"))
    assert (await rehearsal.hears(bot, "/sms/dialed"))["DialCallStatus"] == "busy"
    await rehearsal.until(lambda: line.of(rehearsal.to).tape is not None)
    rehearsal.act(Event(name="speaks", data={"words": "Please call me back"}))
    rehearsal.act(Event(name="keys", data={"digits": "#"}))
    fate = await rehearsal.hears(bot, "/sms/fate")
    told = await rehearsal.hears(bot, "/sms/recorded")
    assert (fate["RecordingStatus"], fate["RecordingUrl"]) == ("completed", told["RecordingUrl"])
    read = await rehearsal.does(bot.client.recordings(told["RecordingSid"]).fetch)
    assert (read.duration, read.source, read.call_sid) == (told["RecordingDuration"], "RecordVerb", told["CallSid"])
    listed = await rehearsal.does(bot.client.calls(told["CallSid"]).recordings.list)
    assert [one.sid for one in listed] == [read.sid] and bot.refused == 0
    assert await rehearsal.does(bot.client.recordings(read.sid).delete)
