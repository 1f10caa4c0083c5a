"""Every limit at n and at n + 1."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Customer
from chatdrill_fakes.platforms.viber import platform
from viber.kit import Account, answer, status

PICTURE = {"type": "picture", "media": "https://a.test/p.jpg"}
FILE = {"type": "file", "media": "https://a.test/f", "size": 1}


def url_of(length: int) -> str:
    return "https://a.test/".ljust(length, "x")


def limit(name: str) -> int:
    return int(next(each.value for each in platform.limits if each.name == name))


LENGTHS = {
    "text": lambda n: {"type": "text", "text": "ї" * n},
    "caption": lambda n: {**PICTURE, "text": "👟" * n},
    "tracking_data": lambda n: {"type": "text", "text": "x", "tracking_data": "t" * n},
    "sender.name": lambda n: {"type": "text", "text": "x", "sender": {"name": "n" * n}},
    "contact.name": lambda n: {"type": "contact", "contact": {"name": "n" * n, "phone_number": "+1"}},
    "contact.phone_number": lambda n: {"type": "contact", "contact": {"name": "n", "phone_number": "1" * n}},
    "file_name": lambda n: {**FILE, "file_name": "f.pdf".rjust(n, "f")},
    "url": lambda n: {"type": "url", "media": url_of(n)},
}


@pytest.mark.parametrize("name", LENGTHS)
def test_a_length_is_taken_and_one_more_is_not(talk: Account, name: str) -> None:
    most = limit(name)
    assert status(talk.send(**LENGTHS[name](most))) == 0
    over = talk.send(**LENGTHS[name](most + 1))
    assert status(over) == 3 and f"{most + 1} characters, {most} are allowed" in answer(over)["status_message"]


@pytest.mark.parametrize(("name", "method", "key"), [("broadcast_list", "broadcast_message", "broadcast_list"), ("get_online", "get_online", "ids")])  # fmt: skip
def test_a_list_is_taken_and_one_more_is_not(talk: Account, name: str, method: str, key: str) -> None:
    most, more = limit(name), {"type": "text", "text": "x"}
    ids = [f"{number:022}==" for number in range(most + 1)]
    assert status(talk.call(method, {key: ids[:most], **more})) == 0
    assert status(talk.call(method, {key: ids, **more})) == 3


def test_a_body_has_thirty_kibibytes(talk: Account) -> None:
    most = limit("body")
    body = b'{"receiver":"%b","type":"text","text":"x","alt_text":"' % talk.to.encode()
    whole = body.ljust(most - 2, b"x") + b'"}'
    assert (len(whole), status(talk.call("send_message", whole))) == (most, 0)
    assert status(talk.call("send_message", whole[:-2] + b'x"}')) == 3


def test_a_hundred_messages_an_hour_go_unanswered(talk: Account) -> None:
    hi: dict[str, Any] = {"type": "text", "text": "Hi"}
    assert {status(talk.send(**hi)) for _ in range(limit("unanswered"))} == {0}
    over = answer(talk.send(**hi))
    assert over["status"] == 12 and over["message_token"] and over["chat_hostname"]
    talk.says()
    assert status(talk.send(**hi)) == 0


def test_the_next_clock_hour_begins_anew(talk: Account) -> None:
    talk.now = talk.now // 3600 * 3600 + 3599
    for _ in range(limit("unanswered")):
        talk.sent(type="text", text="Hi")
    assert status(talk.send(type="text", text="Hi")) == 12
    talk.now += 1
    assert status(talk.send(type="text", text="Hi")) == 0


def test_five_hundred_broadcasts_in_ten_seconds(talk: Account) -> None:
    body = {"broadcast_list": [talk.join(Customer(key="p", first_name="P"))], "type": "text", "text": "Hi"}
    assert {status(talk.call("broadcast_message", body)) for _ in range(limit("broadcasts"))} == {0}
    assert status(talk.call("broadcast_message", body)) == 12
    talk.now += 10
    assert status(talk.call("broadcast_message", body)) == 0


def test_without_rate_limits_nothing_is_too_much() -> None:
    account = Account(rate_limits="no")
    account.says()
    assert {status(account.send(type="text", text="Hi")) for _ in range(150)} == {0}


def test_every_limit_has_a_number_a_unit_and_a_source() -> None:
    assert all(each.value > 0 and each.unit and ".viber.com" in each.source for each in platform.limits)
