"""Callers wait, leave, and are taken."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from sms_twilio.voice.phone import Phone

WAITS = '<Enqueue waitUrl="/wait" action="/left">support</Enqueue><Say>Behind</Say>'
BARE = "<Enqueue>support</Enqueue><Say>Behind</Say>"


@pytest.fixture
def phone() -> Phone:
    return Phone()


def into_the_queue(phone: Phone, words: str = WAITS) -> None:
    phone.calls(words)
    phone.passes(0)


def test_the_music_is_asked_for_in_rounds(phone: Phone) -> None:
    into_the_queue(phone)
    kind, path, told = phone.newest
    assert (kind, path, told["QueuePosition"], told["CurrentQueueSize"], told["QueueTime"]) == (
        "call.wait",
        "/wait",
        "1",
        "1",
        "0",
    )
    phone.plays('<Pause length="9"/>')
    [again] = phone.passes(10)
    assert again["QueueTime"] == "9" and again["QueueSid"] == told["QueueSid"]


def test_an_empty_round_takes_time(phone: Phone) -> None:
    into_the_queue(phone)
    phone.plays("")
    assert phone.passes(0.9) == [] and len(phone.passes(0.2)) == 1


def test_strangers_wait_ahead(phone: Phone) -> None:
    phone.does("queue", ahead=2, average_s=240)
    into_the_queue(phone)
    assert {"QueuePosition": "3", "CurrentQueueSize": "3", "AvgQueueTime": "240"}.items() <= phone.newest[2].items()


def test_who_leaves_is_told_why(phone: Phone) -> None:
    into_the_queue(phone)
    phone.plays('<Gather numDigits="1" action="/chat"><Say>Press 1</Say></Gather>')
    phone.does("keys", digits="1")
    phone.plays("<Say>We have sent it.</Say><Leave/><Say>never</Say>")
    phone.passes(5)
    kind, path, told = phone.newest
    assert (kind, path, told["QueueResult"]) == ("call.left", "/left", "leave")
    phone.plays("<Say>Bye</Say>")
    assert phone.heard == ["Press 1", "We have sent it.", "Bye"]


def test_without_an_action_the_document_goes_on_behind_the_queue(phone: Phone) -> None:
    into_the_queue(phone, BARE.replace("<Enqueue>", '<Enqueue waitUrl="/wait">'))
    phone.plays("<Leave/>")
    phone.passes(0)
    assert phone.heard == ["Behind"] and phone.does("calls") != []


def test_who_hangs_up_has_left(phone: Phone) -> None:
    into_the_queue(phone)
    phone.passes(7)
    phone.does("hangs up")
    assert {"QueueResult": "hangup", "QueueTime": "7", "CallStatus": "completed"}.items() <= phone.newest[2].items()
    call = phone.plays("<Say>never</Say>").call
    assert call is not None and "gone on" in (call.note or "") and phone.heard == []


def test_an_agent_answers_and_hangs_up(phone: Phone) -> None:
    into_the_queue(phone)
    phone.plays('<Gather numDigits="1" action="/chat"><Play>/hold.mp3</Play></Gather>')
    phone.does("agent answers")
    assert phone.does("keys", digits="1") == [] and phone.passes(300) == []
    phone.does("agent hangs up")
    assert phone.newest[0] == "call.left" and phone.newest[2]["QueueResult"] == "bridged"


@pytest.mark.parametrize("name", ["agent answers", "agent hangs up"])
def test_an_agent_needs_somebody_who_waits(phone: Phone, name: str) -> None:
    phone.calls("<Say>Hi</Say>")
    with pytest.raises(Unsupported, match="agent"):
        phone.does(name)


@pytest.mark.parametrize(("name", "ahead", "result"), [("x" * 64, 0, None), ("x" * 65, 0, "error"), ("", 0, "error"), ("support", 999, None), ("support", 1000, "queue-full")])  # fmt: skip
def test_a_queue_has_bounds(phone: Phone, name: str, ahead: int, result: str | None) -> None:
    phone.does("queue", ahead=ahead)
    into_the_queue(phone, WAITS.replace("support", name))
    assert phone.newest[2].get("QueueResult") == result and phone.newest[0] == (
        "call.wait" if result is None else "call.left"
    )


def test_verbs_that_do_not_belong_into_the_music_are_left_out(phone: Phone) -> None:
    into_the_queue(phone)
    call = phone.plays("<Enqueue>other</Enqueue><Say>Music</Say>").call
    assert call is not None and "not allowed while the caller waits" in (call.note or "") and phone.heard == ["Music"]
