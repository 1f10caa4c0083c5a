"""What callers do, as the bot is told of it."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Button, Press
from sms_twilio.kit import OURS, THEIRS
from sms_twilio.voice.phone import Phone

MENU = (
    '<Gather numDigits="1" action="/choice"><Say>Press 1 for a chat, 2 for an agent.</Say></Gather><Say>Goodbye</Say>'
)
ORDER = '<Gather finishOnKey="#" action="/order"><Say>Your order number</Say></Gather>'


@pytest.fixture
def phone() -> Phone:
    return Phone()


def test_a_call_is_told_with_twilios_fields(phone: Phone) -> None:
    phone.does("calls")
    kind, path, told = phone.newest
    assert (kind, path, told["CallStatus"], told["Direction"]) == ("call", "/voice", "ringing", "inbound")
    assert (
        told["From"] == told["Caller"] == THEIRS
        and told["To"] == told["Called"] == OURS
        and told["CallSid"][:2] == "CA"
    )


def test_without_an_address_of_its_own_a_call_is_told_where_messages_are() -> None:
    phone = Phone(voice_url="")
    phone.does("calls")
    assert phone.newest[:2] == ("call", "/sms") and phone.asked[-1].hook is None


@pytest.mark.parametrize(("caller", "number"), [("anonymous", "+266696687"), ("unavailable", "+86282452253"), (THEIRS[:-1] + "8", THEIRS[:-1] + "8")])  # fmt: skip
def test_a_caller_can_show_another_number_or_none(phone: Phone, caller: str, number: str) -> None:
    phone.does("calls", caller=caller, forwarded_from="+12025550100")
    assert phone.newest[2]["From"] == number and phone.newest[2]["ForwardedFrom"] == "+12025550100"


def test_keys_are_told_where_the_gather_says(phone: Phone) -> None:
    phone.calls(MENU)
    assert phone.heard == ["Press 1 for a chat, 2 for an agent."]
    phone.does("keys", digits="2")
    kind, path, told = phone.newest
    assert (kind, path, told["Digits"], told["CallStatus"]) == ("call.gather", "/choice", "2", "in-progress")
    assert phone.passes(60) == [] and phone.heard[1:] == []  # the rest of the document is not played


@pytest.mark.parametrize(
    ("menu", "keyed", "told"), [(ORDER, "553#99", "553"), (ORDER, "553", "553"), (MENU, "12", "1")]
)
def test_a_gather_ends_as_it_says(phone: Phone, menu: str, keyed: str, told: str) -> None:
    phone.calls(menu)
    phone.does("keys", digits=keyed)
    assert phone.newest[2]["Digits"] == told


def test_the_keys_that_are_named_can_be_pressed(phone: Phone) -> None:
    handled = phone.calls(MENU)
    message = handled.effects[0].message  # type: ignore[union-attr]
    assert [button.title for button in message.buttons] == ["1", "2"]
    phone._acts(Press(button=Button(title="1", kind="reply", payload="1"), message_id=message.id))
    assert phone.newest[2]["Digits"] == "1"


def test_who_keys_nothing_hears_the_rest_after_the_timeout(phone: Phone) -> None:
    phone.calls(MENU)
    said_s = len(phone.heard[0]) / 15
    assert phone.passes(said_s + 4.9) == [] and phone.heard[1:] == []
    phone.passes(0.2)
    assert phone.heard[1:] == ["Goodbye"]
    assert phone.does("keys", digits="1") == []


def test_nothing_keyed_is_told_where_that_is_asked_for(phone: Phone) -> None:
    phone.calls('<Gather actionOnEmptyResult="true" action="/choice" timeout="2"/>')
    assert phone.passes(1.9) == [] and [told["Digits"] for told in phone.passes(0.2)] == [""]


def test_words_are_told_where_somebody_listens(phone: Phone) -> None:
    phone.calls('<Gather input="speech" action="/words"><Say>What is it about?</Say></Gather>')
    assert phone.does("keys", digits="1") == []
    phone.does("speaks", words="my order", confidence=0.5)
    assert (
        phone.newest[1] == "/words"
        and {"SpeechResult": "my order", "Confidence": "0.5"}.items() <= phone.newest[2].items()
    )


def test_the_end_of_a_call_is_told() -> None:
    phone = Phone(voice_status_callback="http://127.0.0.1:9/calls")
    phone.calls(ORDER)
    phone.passes(2)
    phone.does("hangs up")
    kind, path, told = phone.newest
    assert (kind, path, told["CallStatus"], told["CallDuration"], told["Duration"]) == (
        "call.status",
        "/calls",
        "completed",
        "2",
        "1",
    )
    assert phone.passes(60) == [] and told["CallbackSource"] == "call-progress-events"


@pytest.mark.parametrize("name", ["keys", "speaks", "hangs up", "agent answers", "agent hangs up"])
def test_what_needs_a_call_says_so(phone: Phone, name: str) -> None:
    with pytest.raises(Unsupported, match="'calls' begins one"):
        phone.does(name)


@pytest.mark.parametrize(("name", "data"), [("keys", {"digits": "1a"}), ("keys", {}), ("speaks", {}), ("calls", {"caller": "nobody"}), ("queue", {"ahead": -1})])  # fmt: skip
def test_what_no_phone_can_do_is_refused(phone: Phone, name: str, data: dict[str, object]) -> None:
    phone.does("calls")
    with pytest.raises(Unsupported):
        phone.does(name, **data)


def test_a_caller_with_two_calls_is_heard_in_the_newer_one(phone: Phone) -> None:
    phone.calls(MENU)
    first = phone.newest[2]["CallSid"]
    phone.calls(MENU)
    phone.does("keys", digits="1")
    assert phone.newest[2]["CallSid"] != first
    phone.does("hangs up")
    phone.does("keys", digits="1")
    assert phone.newest[2]["CallSid"] == first
