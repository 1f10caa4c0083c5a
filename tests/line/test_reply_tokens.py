"""Reply tokens: once, for a minute after the event was told, for twenty after it happened."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.model import Block, Event, Text, Write
from chatdrill.wire import Handled, HttpFailure, HttpResponse
from chatdrill_fakes.platforms.line import platform
from line.kit import Account, shown, status, text, words

INVALID = "Invalid reply token"


def refused(handled: Handled) -> str:
    """Why a reply is refused: LINE's words are always the same, the note has more."""
    assert (status(handled), words(handled)) == (400, INVALID) and handled.call is not None
    return handled.call.note or ""


def test_a_reply_token_works_once_and_for_a_minute(account: Account) -> None:
    first, second = account.says()["replyToken"], account.says()["replyToken"]
    assert [message.text for message in shown(account.reply(first))] == ["Hello"]
    assert "used before" in refused(account.reply(first))
    account.now += 60.1
    assert "60 s old" in refused(account.reply(second))


def test_a_token_that_nobody_was_given_is_invalid(account: Account) -> None:
    assert "nobody" in refused(account.reply("nope"))


def test_a_call_that_is_refused_costs_no_token(account: Account) -> None:
    token = account.says()["replyToken"]
    assert status(account.reply(token, text(""))) == 400
    assert status(account.reply(token)) == 200


def test_five_messages_go_with_one_token(account: Account) -> None:
    token = account.says()["replyToken"]
    assert len(shown(account.reply(token, *[text(str(number)) for number in range(5)]))) == 5


def test_a_token_is_as_old_as_the_webhook(account: Account) -> None:
    (update,) = account.updates(Write(parts=(Text(text="Hi"),)))
    token = msgspec.json.decode(update.body)["replyToken"]
    account.now += 300
    platform.request(account.state, (update,), account.now)
    account.now += 59
    assert status(account.reply(token)) == 200


@pytest.mark.parametrize(("minutes", "ok"), [(10, True), (21, False)])
def test_a_redelivered_event_brings_its_token_back_for_a_minute(minutes: int, ok: bool) -> None:
    account = Account(redelivery="yes")
    (update,) = account.updates(Write(parts=(Text(text="Hi"),)))
    first = platform.request(account.state, (update,), account.now)
    timeout = HttpFailure("timeout")
    assert not platform.read_ack(account.state, (update,), timeout, account.now).ok
    account.now += 60 * minutes
    again = platform.again(account.state, (update,), first, timeout, 2, account.now)
    assert again.body == first.body.replace(b'"isRedelivery":false', b'"isRedelivery":true')
    token = msgspec.json.decode(update.body)["replyToken"]
    assert (status(account.reply(token)) == 200) is ok


def test_without_redelivery_a_failure_is_the_end(account: Account) -> None:
    updates = account.updates(Write(parts=(Text(text="Hi"),)))
    ack = platform.read_ack(account.state, updates, HttpResponse(500), account.now)
    assert (ack.ok, ack.attempts_max, ack.error) == (False, 1, "error_status_code 500")


@pytest.mark.parametrize("name", ["unsend", "unfollow", "leave", "memberLeft", "delivery", "botSuspended"])
def test_what_cannot_be_replied_to_has_no_token(account: Account, name: str) -> None:
    account.says()
    assert "replyToken" not in account.event(Event(name=name))


def test_an_event_in_a_group_is_answered_there(account: Account) -> None:
    event = account.event(Event(name="message", data={"source": "group"}))
    (message,) = shown(account.reply(event["replyToken"], {"type": "textV2", "text": "{all}", "substitution": {
        "all": {"type": "mention", "mentionee": {"type": "all"}}}}))  # fmt: skip
    assert message.text == "@All"


def test_a_reply_to_somebody_who_has_gone_uses_the_token(account: Account) -> None:
    token = account.says()["replyToken"]
    account.event(Block())
    handled = account.reply(token)
    assert (status(handled), shown(handled)) == (200, [])
    assert "used before" in refused(account.reply(token))
