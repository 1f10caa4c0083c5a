"""The statuses: every answer is HTTP 200, and what went wrong is a number inside."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Event
from chatdrill_fakes.platforms.viber import platform
from chatdrill_fakes.platforms.viber.errors import NAMES
from viber.kit import Account, answer, keys, status

TEXT = {"type": "text", "text": "Hi"}


@pytest.mark.parametrize("number", [number for number in NAMES if number])
def test_every_status_can_be_met(talk: Account, number: int) -> None:
    talk.updates(Event(name="api_error", data={"status": number}))
    handled = talk.send(**TEXT)
    assert status(handled) == number and answer(handled)["status_message"]
    assert handled.call is not None and not handled.call.ok and NAMES[number] in str(handled.call.error)
    assert status(talk.send(**TEXT)) == 0


def test_a_standing_of_the_account_meets_every_send(talk: Account) -> None:
    talk.updates(Event(name="account_status", data={"status": 23}))
    assert [status(talk.send(**TEXT)) for _ in range(2)] == [23, 23]
    talk.updates(Event(name="account_status", data={"status": 0}))
    assert status(talk.send(**TEXT)) == 0


@pytest.mark.parametrize(
    ("token", "words"), [(None, "missing_auth_token"), ("", "missing_auth_token"), ("wrong", "invalidAuthToken")]
)
def test_a_wrong_token_is_status_2(talk: Account, token: str | None, words: str) -> None:
    body = answer(talk.call("get_account_info", {}, token=token))
    assert (body["status"], body["status_message"]) == (2, words)


def test_a_right_header_does_not_excuse_a_wrong_body(talk: Account) -> None:
    assert status(talk.call("get_account_info", {"auth_token": "wrong"})) == 2


MISSING = [
    {"receiver": None, **TEXT},
    {"type": "text"},
    {"type": "text", "text": ""},
    {},
    {"type": "picture"},
    {"type": "video", "media": "https://a.test/v.mp4"},
    {"type": "file", "media": "https://a.test/f", "size": 1},
    {"type": "file", "media": "https://a.test/f", "file_name": "f"},
    {"type": "contact"},
    {"type": "contact", "contact": {"name": "Shop"}},
    {"type": "location", "location": {"lat": 1}},
    {"type": "sticker"},
    {"type": "url"},
    {"type": "rich_media", "min_api_version": 7},
]


@pytest.mark.parametrize("message", MISSING)
def test_what_is_not_there_is_status_4_and_named(talk: Account, message: dict[str, Any]) -> None:
    handled = talk.send(**message)
    assert status(handled) == 4 and "is required" in answer(handled)["status_message"]


BAD = [
    {"type": "dance"},
    {"type": 7},
    {"type": "text", "text": 7},
    {"type": "text", "text": "Hi", "sender": "Acme"},
    {"type": "text", "text": "Hi", "sender": {"name": 5}},
    {"type": "text", "text": "Hi", "min_api_version": "x"},
    {"type": "text", "text": "Hi", "tracking_data": {"step": 2}},
    {"type": "picture", "media": "p.jpg"},
    {"type": "picture", "media": "ftp://a.test/p.jpg"},
    {"type": "picture", "media": "http://[", "text": ""},
    {"type": "video", "media": "https://a.test/v.mp4", "size": "big"},
    {"type": "location", "location": {"lat": 91, "lon": 0}},
    {"type": "location", "location": {"lat": 0, "lon": -181}},
    {"type": "location", "location": {"lat": True, "lon": 0}},
    {"type": "contact", "contact": "Shop"},
    {"type": "sticker", "sticker_id": "x"},
    {"receiver": 5, **TEXT},
]


@pytest.mark.parametrize("message", BAD)
def test_what_cannot_be_read_is_status_3(talk: Account, message: dict[str, Any]) -> None:
    assert status(talk.send(**message)) == 3


@pytest.mark.parametrize("body", [b"{", b"[]", b"5", b'"x"', b"\xff", b"a=b", b"[" * 5000])
def test_a_body_that_is_no_object_is_status_3(talk: Account, body: bytes) -> None:
    assert status(talk.call("send_message", body)) == 3


def test_who_never_wrote_is_status_6_and_a_stranger_status_5(account: Account) -> None:
    assert status(account.send(**TEXT)) == 6
    assert status(account.send(**{"receiver": "AAAAAAAAAAAAAAAAAAAAAA==", **TEXT})) == 5


def test_a_refused_message_changes_nothing(talk: Account) -> None:
    talk.sent(type="text", text="?", keyboard=keys(), tracking_data="t")
    before = (list(talk.chat.messages), talk.chat.tracking, talk.chat.keyboard, talk.chat.unanswered)
    assert status(talk.send(type="text", text="x" * 7001, tracking_data="other")) == 3
    assert (list(talk.chat.messages), talk.chat.tracking, talk.chat.keyboard, talk.chat.unanswered) == before


def test_too_many_requests_are_told_with_http_200_and_a_gateway_speaks_for_itself(talk: Account) -> None:
    busy, down = (platform.refusal(talk.state, number, 3) for number in (429, 503))
    assert (busy.status, down.status) == (200, 503) and b'"status":12' in busy.body


@pytest.mark.parametrize("data", [{"status": "x"}, {"status": -1}, {"status": True}, {"times": 0}, {"times": "2"}])
def test_odd_data_of_an_injected_error_are_refused_in_words(talk: Account, data: dict[str, Any]) -> None:
    with pytest.raises(Unsupported, match=r"viber: (status|times) must be"):
        talk.updates(Event(name="api_error", data=data))
