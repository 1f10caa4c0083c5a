"""Push, multicast, broadcast, narrowcast: who is reached, and what it costs."""

from __future__ import annotations

import pytest

from chatdrill.model import Block
from line.kit import PETRO, Account, answer, response, shown, status, text, words

MESSAGE = "/v2/bot/message"


def usage(account: Account) -> int:
    return int(answer(account.get(f"{MESSAGE}/quota/consumption"))["totalUsage"])


def test_who_cannot_be_reached_is_swallowed_or_refused(account: Account) -> None:
    account.event(Block())
    swallowed = account.push(text())
    assert (status(swallowed), shown(swallowed), usage(account)) == (200, [], 0)
    assert len(answer(swallowed)["sentMessages"]) == 1 and "blocked" in ((swallowed.call and swallowed.call.note) or "")
    assert words(account.push(text(), to="U" + "0" * 32)) == "Failed to send messages"
    assert (
        words(account.push(text(), to="olena"))
        == "The property, 'to', in the request body is invalid (line: -, column: -)"
    )


def test_a_stranger_can_be_written_to_for_a_week() -> None:
    account = Account(friends="no")
    assert shown(account.push(text())) == []
    account.says()
    account.now += 7 * 86_400
    assert len(shown(account.push(text()))) == 1
    account.now += 1
    assert shown(account.push(text())) == []


def test_an_answer_names_each_message_and_how_to_quote_it(account: Account) -> None:
    place = {"type": "location", "title": "Shop", "address": "Kioicho", "latitude": 35.6, "longitude": 139.7}
    first, second = answer(account.push(text(), place))["sentMessages"]
    assert set(first) == {"id", "quoteToken"} and set(second) == {"id"}
    quoting = account.sent(text(quoteToken=first["quoteToken"]))
    assert quoting.reply_to == first["id"]


def test_a_quote_token_is_of_its_chat_only(account: Account) -> None:
    token = account.says()["message"]["quoteToken"]
    other = account.join(PETRO)
    assert status(account.push(text(quoteToken=token), to=other)) == 400
    assert status(account.push(text(quoteToken=token))) == 200


def test_many_are_written_to_at_once(account: Account) -> None:
    other = account.join(PETRO)
    body = {"to": [account.to, other, "U" + "0" * 32], "messages": [text()]}
    many = account.call(f"{MESSAGE}/multicast", body)
    everybody = account.call(f"{MESSAGE}/broadcast", {"messages": [text(), text()]})
    assert (answer(many), len(shown(many)), len(shown(everybody)), usage(account)) == ({}, 2, 4, 4)


def test_a_wrong_id_among_many_is_named(account: Account) -> None:
    handled = account.call(f"{MESSAGE}/multicast", {"to": [account.to, "C" + "0" * 32], "messages": [text()]})
    assert words(handled) == "The property, to[1], in the request body is invalid (line: -, column: -)"


def test_a_narrowcast_goes_to_friends_and_tells_how_far_it_is(account: Account) -> None:
    account.join(PETRO)
    sent = account.call(f"{MESSAGE}/narrowcast", {"messages": [text()], "limit": {"max": 1}})
    assert (status(sent), len(shown(sent))) == (202, 1)
    progress = f"{MESSAGE}/progress/narrowcast?requestId={response(sent).header('x-line-request-id')}"
    assert answer(account.get(progress))["phase"] == "sending"
    account.now += 1
    assert answer(account.get(progress))["successCount"] == 1
    assert status(account.get(f"{MESSAGE}/progress/narrowcast?requestId=x")) == 404


def test_a_months_quota_is_counted_by_recipients() -> None:
    account = Account(quota="2")
    assert answer(account.get(f"{MESSAGE}/quota")) == {"type": "limited", "value": 2}
    account.push(text(), text())
    assert usage(account) == 1
    account.reply(account.says()["replyToken"])
    assert usage(account) == 1
    account.push(text())
    assert (status(account.push(text())), words(account.push(text()))) == (429, "You have reached your monthly limit.")
    account.now += 32 * 86_400
    assert (usage(account), status(account.push(text()))) == (0, 200)


def test_a_day_is_counted_on_the_next(account: Account) -> None:
    account.push(text())
    assert answer(account.get(f"{MESSAGE}/delivery/push?date=20261121")) == {"status": "unready"}
    account.now += 86_400
    assert answer(account.get(f"{MESSAGE}/delivery/push?date=20261121")) == {"status": "ready", "success": 1}
    assert status(account.get(f"{MESSAGE}/delivery/push?date=today")) == 400


def test_messages_are_judged_without_being_sent(account: Account) -> None:
    assert answer(account.call(f"{MESSAGE}/validate/push", {"messages": [text()]})) == {}
    assert status(account.call(f"{MESSAGE}/validate/reply", {"messages": [text("")]})) == 400
    assert usage(account) == 0


@pytest.mark.parametrize(("path", "most"), [("narrowcast", 60), ("multicast", 200), ("validate/push", 2000)])
def test_a_rate_is_kept(account: Account, path: str, most: int) -> None:
    body = {"to": [account.to], "messages": [text()]}
    for _ in range(most):
        assert status(account.call(f"{MESSAGE}/{path}", body)) < 300
    refused = account.call(f"{MESSAGE}/{path}", body)
    assert (status(refused), words(refused)) == (429, "The API rate limit has been exceeded. Try again later.")


def test_rates_can_be_switched_off() -> None:
    account = Account(rate_limits="no")
    assert {status(account.call(f"{MESSAGE}/narrowcast", {"messages": [text()]})) for _ in range(70)} == {202}
