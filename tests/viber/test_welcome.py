"""The message in the answer to ``conversation_started``."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chatdrill.model import Press, Start, Text, Write
from chatdrill.wire import Ack, Exchange, Fetched, Handled, HttpResponse, Update
from chatdrill_fakes.platforms.viber import platform
from viber.kit import BASE, LINK, NOW, PNG, Account, answer, keys, status

HELLO = {"sender": {"name": "Acme Help"}, "type": "text", "text": "Hi Olena!", "tracking_data": "ctx=553"}


def acked(account: Account, body: bytes, updates: list[Update] | None = None) -> Ack:
    opening = account.updates(Start(payload="order_553")) if updates is None else updates
    return platform.read_ack(account.state, opening, HttpResponse(200, body=body), NOW)


def welcomed(account: Account, ack: Ack, fetched: dict[str, Fetched] | None = None) -> Handled:
    (call,) = ack.calls
    exchange = Exchange(call, account.now, BASE, "webhook_answer", fetched or {})
    return platform.handle(account.state, exchange)


def welcome(account: Account, message: Any) -> Handled:
    return welcomed(account, acked(account, msgspec.json.encode(message)))


def test_a_message_in_the_answer_to_an_opening_is_shown_once(account: Account) -> None:
    opening = account.updates(Start())
    handled = welcomed(account, acked(account, msgspec.json.encode(HELLO), opening))
    assert [effect.message.text for effect in handled.effects] == ["Hi Olena!"]  # type: ignore[union-attr]
    assert handled.call is not None and handled.call.method == "welcome_message text" and handled.call.ok
    again = welcomed(account, acked(account, msgspec.json.encode(HELLO), opening))
    assert again.effects == () and again.call is not None and again.call.note


def test_a_welcome_subscribes_nobody_and_its_tracking_data_come_back(account: Account) -> None:
    welcome(account, {**HELLO, "keyboard": keys()})
    assert status(account.send(type="text", text="Hi")) == 6
    shown = next(iter(account.chat.messages.values()))
    event = account.event(Press(button=shown.buttons[0], message_id=shown.id))
    assert event["message"] == {"type": "text", "text": "menu", "tracking_data": "ctx=553"}
    assert status(account.send(type="text", text="Hi")) == 0


def test_every_opening_may_be_welcomed(account: Account) -> None:
    assert [len(welcome(account, HELLO).effects) for _ in range(2)] == [1, 1]


@pytest.mark.parametrize("body", [b"", b"ok", b"<html>", b"[]", b'{"status":"ok"}', b"\xff", b"[" * 5000])
def test_what_is_no_message_is_no_welcome(account: Account, body: bytes) -> None:
    assert acked(account, body) == Ack(True)


def test_the_answers_to_other_events_are_not_read(account: Account) -> None:
    said = account.updates(Write(parts=(Text(text="Hi"),)))
    assert acked(account, msgspec.json.encode(HELLO), said) == Ack(True)


def test_a_token_in_the_welcome_is_ignored(account: Account) -> None:
    assert status(welcome(account, {**HELLO, "auth_token": "wrong", "receiver": "x"})) == 0


@pytest.mark.parametrize(
    ("message", "expected"),
    [({"type": "text"}, 4), ({"type": "dance"}, 3), ({**HELLO, "text": "x" * 7001}, 3), ({**HELLO, "min_api_version": 11}, 13)],
)  # fmt: skip
def test_a_welcome_that_is_refused_says_so_in_the_trace(account: Account, message: Any, expected: int) -> None:
    handled = welcome(account, message)
    assert status(handled) == expected and handled.effects == ()
    assert handled.call is not None and not handled.call.ok


def test_a_picture_in_a_welcome_is_looked_at(account: Account) -> None:
    ack = acked(account, msgspec.json.encode({"type": "picture", "text": "", "media": LINK}))
    assert welcomed(account, ack).wait is not None
    assert status(welcomed(account, ack, {LINK: Fetched(PNG, "image/png", status=200)})) == 0


def test_a_welcome_is_not_delivered_nor_counted(account: Account) -> None:
    handled = welcome(account, HELLO)
    assert handled.later == () and account.chat.unanswered == 0 and answer(handled)["message_token"]
