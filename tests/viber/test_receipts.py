"""Delivered, seen and failed."""

from __future__ import annotations

from chatdrill.model import Read, Receipt, Text, Write
from viber.kit import Account


def speaking(**settings: str) -> tuple[Account, list[str]]:
    account = Account(**settings)
    account.says()
    return account, [account.sent(type="text", text=text).id for text in ("one", "two", "three")]


def seen(account: Account, token: str) -> list[str]:
    return [str(event["message_token"]) for event in account.told(Read(message_id=token))]


def test_delivered_comes_from_every_device() -> None:
    account, (token, *_) = speaking(devices="3")
    updates = account.updates(Receipt(message_id=token, status="delivered"))
    assert [update.kind for update in updates] == ["delivered"] * 3
    assert len({update.id for update in updates}) == 3 and token in updates[0].id


def test_a_sent_message_is_delivered_a_moment_later(talk: Account) -> None:
    handled = talk.send(type="text", text="Hi")
    (event,) = talk.play(handled)
    assert (event["event"], event["user_id"]) == ("delivered", talk.to)


def test_seen_is_told_of_the_last_unread_message() -> None:
    account, tokens = speaking()
    assert seen(account, tokens[1]) == [tokens[1]]
    assert seen(account, tokens[2]) == [tokens[2]]
    assert seen(account, tokens[2]) == []


def test_seen_can_be_told_of_all_unread_messages() -> None:
    account, tokens = speaking(seen="all")
    assert seen(account, tokens[2]) == tokens


def test_that_a_message_was_sent_the_answer_has_said(talk: Account) -> None:
    token = talk.sent(type="text", text="Hi").id
    assert talk.told(Receipt(message_id=token, status="sent")) == []
    assert [one["event"] for one in talk.told(Receipt(message_id=token, status="read"))] == ["seen"]
    assert talk.told(Read(message_id=token)) == []


def test_a_failed_receipt_says_why(talk: Account) -> None:
    token = talk.sent(type="text", text="Hi").id
    assert talk.event(Receipt(message_id=token, status="failed"))["desc"] == "message validation failed"


def test_receipts_can_be_switched_off() -> None:
    account, (token, *_) = speaking(receipts="no", devices="2")
    assert account.told(Receipt(message_id=token, status="delivered")) == seen(account, token) == []
    assert account.send(type="text", text="x").later == ()


def test_a_customers_own_message_may_be_reported_as_delivered() -> None:
    account = Account(delivered_inbound="yes")
    events = account.told(Write(parts=(Text(text="Hi"),)))
    assert [event["event"] for event in events] == ["message", "delivered"]
    assert events[0]["message_token"] == events[1]["message_token"]
