"""Rates, and limits of what customers do; what a call shows is proved by the laws of tests/conformance."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Edit, Event, Text
from chatdrill_fakes.platforms.instagram import limits as numbers
from chatdrill_fakes.platforms.instagram import platform
from instagram.kit import MP4, Account


@pytest.fixture
def talk() -> Account:
    """A customer who has just written to an account with rates."""
    account = Account(rate_limits="yes")
    account.says()
    return account


def test_every_number_that_is_enforced_is_declared() -> None:
    declared = {one.value for one in platform.limits}
    enforced = {name: value for name, value in vars(numbers).items() if isinstance(value, int | float)}
    assert [name for name, value in enforced.items() if value not in declared] == []


def test_a_message_is_edited_five_times_at_most(talk: Account) -> None:
    mid = talk.says()
    for number in range(1, 6):
        event = talk.event(Edit(message_id=mid, parts=(Text(text=f"no {number}"),)))
        assert event["message_edit"]["num_edit"] == number
    with pytest.raises(Unsupported, match="5 times"):
        talk.updates(Edit(message_id=mid, parts=(Text(text="no 6"),)))


def test_the_twenty_newest_messages_have_details() -> None:
    talk = Account()
    talk.says()
    mids = [talk.says(str(number)) for number in range(21)]
    assert talk.call("GET", f"/v25.0/{mids[1]}", fields="message").json["message"] == "1"
    assert talk.call("GET", f"/v25.0/{mids[0]}").code == (9000001, None)
    thread = talk.chat.thread_id
    listed = talk.call("GET", f"/v25.0/{thread}/messages", fields="message").json["data"]
    assert len(listed) == 22 and [("message" in one) for one in listed[:21]] == [True] * 20 + [False]


@pytest.mark.parametrize(("kind", "count"), [("text", 300), ("video", 10)])
def test_sends_have_a_rate(talk: Account, kind: str, count: int) -> None:
    talk.state.engaged |= {str(number) for number in range(100)}
    talk.serve("https://bot.example/v.mp4", MP4, "video/mp4")
    message = (
        {"text": "x"}
        if kind == "text"
        else {"attachment": {"type": kind, "payload": {"url": "https://bot.example/v.mp4"}}}
    )
    codes = [talk.send(message).status for _ in range(count)]
    assert codes == [200] * count and talk.send(message).code == (613, 2534040)


def test_the_day_has_two_hundred_calls_for_everybody_who_wrote(talk: Account) -> None:
    for _ in range(200):
        talk.now += 0.01
        assert talk.send({"text": "x"}).status == 200
    assert talk.send({"text": "x"}).code == (80002, None)
    talk.now += 86_401
    talk.says()
    assert talk.send({"text": "x"}).status == 200


def test_conversations_are_read_twice_a_second(talk: Account) -> None:
    asked = [talk.call("GET", "/v25.0/me/conversations", platform="instagram").status for _ in range(3)]
    assert asked == [200, 200, 400]


def test_an_error_is_asked_for_by_a_scenario(talk: Account) -> None:
    talk.updates(Event(name="api_error", data={"code": 190, "subcode": 463}))
    refused = talk.send({"text": "hi"})
    assert (refused.status, refused.code) == (401, (190, 463)) and "Session has expired on" in refused.json["error"][
        "message"
    ]
    assert talk.send({"text": "hi"}).status == 200
