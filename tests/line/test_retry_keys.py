"""X-Line-Retry-Key: what was accepted under it is not done again for a day."""

from __future__ import annotations

import pytest

from line.kit import AUTH, JSON, KEY, Account, answer, response, shown, status, text, words

HEADERS = (AUTH, JSON, ("x-line-retry-key", KEY))


def test_the_same_key_is_accepted_before_and_names_what_was_sent(account: Account) -> None:
    first, again = account.push(text(), key=KEY), account.push(text(), key=KEY)
    assert (status(first), status(again), words(again)) == (200, 409, "The retry key is already accepted")
    assert answer(again)["sentMessages"] == answer(first)["sentMessages"] and shown(again) == []
    accepted = response(again).header("x-line-accepted-request-id")
    assert accepted == response(first).header("x-line-request-id") != response(again).header("x-line-request-id")


def test_a_key_is_forgotten_after_a_day(account: Account) -> None:
    account.push(text(), key=KEY)
    account.now += 86_400
    assert status(account.push(text(), key=KEY)) == 409
    account.now += 1
    assert status(account.push(text(), key=KEY)) == 200


def test_a_call_that_was_refused_leaves_its_key(account: Account) -> None:
    assert status(account.push(text(""), key=KEY)) == 400
    assert status(account.push(text(), key=KEY)) == 200


def test_a_multicast_tells_no_messages(account: Account) -> None:
    body = {"to": [account.to], "messages": [text()]}
    account.call("/v2/bot/message/multicast", body, headers=HEADERS)
    again = account.call("/v2/bot/message/multicast", body, headers=HEADERS)
    assert (status(again), "sentMessages" in answer(again)) == (409, False)


@pytest.mark.parametrize("path", ["/v2/bot/message/reply", "/v2/bot/chat/loading/start", "/v2/bot/richmenu"])
def test_other_calls_take_no_key(account: Account, path: str) -> None:
    assert (
        status(account.call(path, {"replyToken": account.says()["replyToken"], "messages": [text()]}, headers=HEADERS))
        == 400
    )


def test_a_key_is_a_uuid(account: Account) -> None:
    assert status(account.push(text(), key="again")) == 400
