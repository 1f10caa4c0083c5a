"""Calls and queues by the REST API."""

from __future__ import annotations

import pytest

from sms_twilio.kit import ROOT, THEIRS, answer, code
from sms_twilio.voice.phone import Phone
from sms_twilio.voice.test_queues import into_the_queue


@pytest.fixture
def phone() -> Phone:
    phone = Phone()
    into_the_queue(phone)
    return phone


def sid(phone: Phone) -> str:
    return next(iter(phone.state.line.calls))


def queue(phone: Phone) -> str:
    [found] = answer(phone.call("GET", f"{ROOT}/Queues.json"))["queues"]
    return f"{ROOT}/Queues/{found['sid']}"


def test_a_call_is_read_led_elsewhere_and_ended(phone: Phone) -> None:
    path = f"{ROOT}/Calls/{sid(phone)}.json"
    assert answer(phone.call("GET", path))["from"] == THEIRS
    assert [one["status"] for one in answer(phone.call("GET", f"{ROOT}/Calls.json?Status=in-progress"))["calls"]] == [
        "in-progress"
    ]
    before = len(phone.state.outbox)
    assert answer(phone.call("POST", path, {"Url": "http://127.0.0.1:9/else"}))["status"] == "in-progress"
    told = [update.kind for update in phone.state.outbox][before:]
    assert told == ["call.left", "call.redirect"]
    assert answer(phone.call("POST", path, {"Status": "completed"}))["status"] == "completed"
    assert code(phone.call("POST", path, {"Status": "completed"})) == 21220


@pytest.mark.parametrize(("given", "expected"), [({"Url": "nowhere"}, 21205), ({}, 20001), ({"Status": "busy"}, 20001), ({"Twiml": "<Say/>"}, 20001), ({"Twiml": "x" * 4001}, 20001)])  # fmt: skip
def test_a_call_is_not_led_nowhere(phone: Phone, given: dict[str, str], expected: int) -> None:
    assert code(phone.call("POST", f"{ROOT}/Calls/{sid(phone)}.json", given)) == expected


def test_words_can_be_given_with_the_call(phone: Phone) -> None:
    handled = phone.call(
        "POST", f"{ROOT}/Calls/{sid(phone)}.json", {"Twiml": "<Response><Say>Goodbye</Say></Response>"}
    )
    phone._take(handled)
    assert phone.heard == ["Goodbye"]


def test_a_queue_and_its_members_are_read(phone: Phone) -> None:
    path = queue(phone)
    phone.now += 5
    assert answer(phone.call("GET", f"{path}.json"))["current_size"] == 1
    [member] = answer(phone.call("GET", f"{path}/Members.json"))["queue_members"]
    assert (member["call_sid"], member["position"], member["wait_time"]) == (sid(phone), 1, 5)
    assert answer(phone.call("GET", f"{path}/Members/Front.json"))["call_sid"] == sid(phone)


def test_the_first_in_line_is_taken_out(phone: Phone) -> None:
    path = queue(phone)
    assert phone.call("POST", f"{path}/Members/Front.json", {"Url": "http://127.0.0.1:9/agent"}).response.status == 200  # type: ignore[union-attr]
    assert answer(phone.call("GET", f"{path}.json"))["current_size"] == 0
    assert code(phone.call("POST", f"{path}/Members/Front.json", {"Url": "http://127.0.0.1:9/agent"})) == 20404


def test_a_queue_is_made_resized_and_removed(phone: Phone) -> None:
    made = answer(phone.call("POST", f"{ROOT}/Queues.json", {"FriendlyName": "returns", "MaxSize": "1"}))
    path = f"{ROOT}/Queues/{made['sid']}.json"
    assert made["max_size"] == 1 and answer(phone.call("POST", path, {"MaxSize": "5000"}))["max_size"] == 5000
    assert code(phone.call("POST", f"{ROOT}/Queues.json", {"FriendlyName": "returns"})) == 20001
    assert code(phone.call("POST", path, {"MaxSize": "5001"})) == 20001
    assert phone.call("DELETE", path).response.status == 204 and code(phone.call("GET", path)) == 20404  # type: ignore[union-attr]


def test_a_queue_with_callers_stays(phone: Phone) -> None:
    assert code(phone.call("DELETE", f"{queue(phone)}.json")) == 20001


def test_a_bot_cannot_call_anybody(phone: Phone) -> None:
    call = phone.call("POST", f"{ROOT}/Calls.json", {"To": THEIRS}).call
    assert call is not None and call.support == "refused" and "not emulated" in (call.note or "")


def test_a_number_tells_and_changes_where_calls_go(phone: Phone) -> None:
    [number] = answer(phone.call("GET", f"{ROOT}/IncomingPhoneNumbers.json"))["incoming_phone_numbers"]
    assert number["voice_url"] == "http://127.0.0.1:9/voice" and number["capabilities"]["voice"]
    phone.call(
        "POST",
        f"{ROOT}/IncomingPhoneNumbers/{number['sid']}.json",
        {"VoiceUrl": "http://127.0.0.1:9/new", "StatusCallback": "http://127.0.0.1:9/end"},
    )
    assert (phone.state.voice_url, phone.state.voice_status_callback) == (
        "http://127.0.0.1:9/new",
        "http://127.0.0.1:9/end",
    )
