"""What the bot's documents do to a call."""

from __future__ import annotations

import pytest

from chatdrill.wire import HttpFailure, HttpResponse
from chatdrill_fakes.platforms.twilio import platform
from chatdrill_fakes.platforms.twilio.voice.document import NOT_EMULATED
from chatdrill_fakes.platforms.twilio.voice.playing import SORRY
from sms_twilio.voice.phone import Phone


@pytest.fixture
def phone() -> Phone:
    return Phone()


def status(phone: Phone) -> str:
    [call] = phone.state.line.calls.values()
    return call.status


def test_a_document_is_played_in_order(phone: Phone) -> None:
    phone.calls(
        "<Say>One &amp; <break/> a half</Say>", '<Pause length="3"/>', "<Play>hold.mp3</Play>", "<Say>Two</Say>"
    )
    assert phone.heard == ["One & a half"] and status(phone) == "in-progress"
    phone.passes(3.9)
    assert phone.heard[1:] == ["http://127.0.0.1:9/hold.mp3"]
    phone.passes(40)
    assert phone.heard[2:] == ["Two"] and status(phone) == "completed"


@pytest.mark.parametrize(("verb", "ends"), [("<Hangup/>", "completed"), ('<Reject reason="busy"/>', "busy"), ("<Reject/>", "no-answer"), ("", "completed")])  # fmt: skip
def test_a_call_ends_as_the_document_says(phone: Phone, verb: str, ends: str) -> None:
    phone.calls(verb, "<Say>never</Say>" if verb else "")
    phone.passes(1)
    assert status(phone) == ends and phone.heard == []


def test_a_redirect_asks_for_another_document(phone: Phone) -> None:
    phone.calls('<Redirect method="GET">/other?a=1</Redirect><Say>never</Say>')
    phone.passes(1)
    kind, path, told = phone.newest
    assert (kind, path, told["a"]) == ("call.redirect", "/other", "1") and phone.asked[-1].hook.kind == "voice GET"  # type: ignore[union-attr]
    phone.plays("<Say>There</Say>")
    assert phone.heard == ["There"]


def test_text_is_spoken_and_audio_is_played(phone: Phone) -> None:
    phone.does("calls")
    phone.plays("Good morning", kind="text/plain")
    phone.does("calls")
    phone.plays("RIFF", kind="audio/wav")
    assert phone.heard == ["Good morning", "http://127.0.0.1:9/voice"]


def test_an_older_document_is_not_played(phone: Phone) -> None:
    phone.calls('<Gather action="/a"><Say>Press 1</Say></Gather>')
    phone.does("keys", digits="1")
    answer = HttpResponse(200, (("Content-Type", "text/xml"),), b"<Response><Say>late</Say></Response>")
    [late] = platform.read_ack(phone.state, (phone.asked[0],), answer, phone.now).calls
    call = phone.handle(late, "webhook_answer").call
    assert call is not None and "gone on" in (call.note or "") and phone.heard == ["Press 1"]


@pytest.mark.parametrize("verb", [*sorted(NOT_EMULATED), 'Enqueue workflowSid="WW1"'])
def test_what_is_not_emulated_ends_the_call_loudly(phone: Phone, verb: str) -> None:
    call = phone.calls(f"<{verb}/>").call
    assert call is not None and call.support == "refused" and verb.partition("=")[0] in (call.error or "")
    phone.passes(1)
    assert phone.heard == [SORRY] and status(phone) == "completed"


@pytest.mark.parametrize(
    ("words", "note"),
    [
        ("<Sey>x</Sey>", "Sey is no verb"),
        ('<Gather finishOnKey="##"/>', "finishOnKey"),
        ('<Gather numDigits="0"/>', "numDigits"),
        ('<Pause length="x"/>', "length"),
        ('<Redirect method="PUT">/x</Redirect>', "method"),
    ],
)
def test_what_twilio_does_not_know_is_a_warning(phone: Phone, words: str, note: str) -> None:
    call = phone.calls(words).call
    assert call is not None and call.ok and note in (call.note or "") and "12200" in (call.note or "")


@pytest.mark.parametrize(
    "body", [b"", b"no xml", b"<Say/>", b"<!DOCTYPE x><Response/>", b"<Response>" + b"<a>" * 90_000]
)
def test_a_document_that_cannot_be_read_ends_the_call(phone: Phone, body: bytes) -> None:
    phone.does("calls")
    answer = HttpResponse(200, (("Content-Type", "text/xml"),), body)
    ack = platform.read_ack(phone.state, tuple(phone.asked), answer, phone.now)
    if ack.ok:
        handled = phone.handle(ack.calls[0], "webhook_answer")
        assert handled.call is not None and (handled.call.error or "").startswith("12100")
    else:
        assert "11750" in (ack.error or "")
        phone.answer(answer)
    assert status(phone) == "completed"


@pytest.mark.parametrize("words", ["<Redirect>http://[</Redirect>", "<Play>ftp://x/y</Play>", '<Enqueue waitUrl="//[">x</Enqueue>', '<Gather action="file:///x"/>'])  # fmt: skip
def test_an_address_that_is_none_ends_the_call(phone: Phone, words: str) -> None:
    call = phone.calls(words).call
    assert call is not None and (call.error or "").startswith("11100") and status(phone) == "completed"


BAD = [
    HttpResponse(500),
    HttpResponse(404),
    HttpFailure("timeout"),
    HttpResponse(200, (("Content-Type", "application/json"),), b"{}"),
]


@pytest.mark.parametrize("answer", BAD, ids=["500", "404", "timeout", "json"])
def test_without_a_document_the_caller_hears_an_apology(phone: Phone, answer: HttpResponse | HttpFailure) -> None:
    phone.does("calls")
    ack = phone.answer(answer)
    phone.passes(1)
    assert not ack.ok and phone.heard == [SORRY] and status(phone) == "completed" and phone.state.debugger


def test_a_refused_connection_is_tried_once_more(phone: Phone) -> None:
    phone.does("calls")
    assert phone.answer(HttpFailure("refused")).attempts_max == 2 and phone.heard == []
    phone.answer(HttpFailure("refused"))
    phone.passes(1)
    assert phone.heard == [SORRY]


def test_what_fails_goes_to_the_fallback_once() -> None:
    phone = Phone(voice_fallback_url="http://127.0.0.1:9/instead")
    phone.does("calls")
    phone.answer(HttpResponse(500))
    kind, path, told = phone.newest
    assert (kind, path, told["ErrorCode"], told["ErrorUrl"]) == (
        "call.fallback",
        "/instead",
        "11200",
        "http://127.0.0.1:9/voice",
    )
    phone.plays("<Say>Sorry, we are closed.</Say>")
    assert phone.heard == ["Sorry, we are closed."]
