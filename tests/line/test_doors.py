"""One channel whose chats several workers hold."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Event
from chatdrill.seeds import Seed, door_of
from chatdrill.wire import HttpRequest
from chatdrill.wire.doors import EVERY_DOOR, Divisible
from chatdrill_fakes.platforms.line import ids, platform
from line.kit import PNG, Account


def account_of(door: int) -> Account:
    account = Account()
    account.state.chance = Seed(7).door_stream(door, "line")
    account.to = account.join(account.chat.customer)
    account.chat = account.state.chats[account.to]
    return account


def owner(account: Account, path: str, body: object = None, method: str = "POST") -> str | None:
    assert isinstance(platform, Divisible)
    content = b"" if body is None else msgspec.json.encode(body)
    return platform.owner_of(account.state, HttpRequest(method, path, (), content))


@pytest.mark.parametrize("door", [0, 42, 99])
def test_every_id_says_whose_it_is(door: int) -> None:
    chance = Seed(1).door_stream(door, "ids")
    made = [
        ids.holder(chance, "U"),
        ids.reply_token(chance),
        ids.message_id(chance),
        ids.opaque(chance),
        ids.event_id(chance, 1.0),
    ]
    assert [door_of(id) for id in made] == [door] * 5
    assert ids.is_holder(made[0], "U") and len(made[4]) == 26


def test_a_call_is_its_customers() -> None:
    account = account_of(42)
    event = account.says()
    mark = event["message"]["markAsReadToken"]
    group = account.event(Event(name="join"))["source"]["groupId"]
    photo = account.sends("photo", PNG)["message"]["id"]
    owners = [
        owner(account, "/v2/bot/message/reply", {"replyToken": event["replyToken"]}),
        owner(account, "/v2/bot/message/push", {"to": account.to}),
        owner(account, "/v2/bot/message/multicast", {"to": [account.to]}),
        owner(account, "/v2/bot/chat/loading/start", {"chatId": account.to}),
        owner(account, "/v2/bot/chat/markAsRead", {"markAsReadToken": mark}),
        owner(account, f"/v2/bot/profile/{account.to}", method="GET"),
        owner(account, f"/v2/bot/group/{group}/summary", method="GET"),
        owner(account, f"/v2/bot/message/{photo}/content", method="GET"),
    ]
    assert [door_of(found or "") for found in owners] == [42] * 8


def test_a_change_of_the_account_is_everybodys_and_reading_it_anybodys() -> None:
    account = account_of(1)
    for path in ("/v2/bot/message/broadcast", "/v2/bot/richmenu", "/v2/oauth/accessToken"):
        assert owner(account, path, {}) == EVERY_DOOR
    assert owner(account, "/v2/bot/info", method="GET") is None
    for body in ({}, [], {"to": 5}, {"to": "x", "messages": 1}):
        assert owner(account, "/v2/bot/message/multicast", body) is None
    assert owner(account, "/v2/nothing", {}) is None


def test_a_multicast_over_several_workers_is_refused() -> None:
    first, second = account_of(1), account_of(2)
    with pytest.raises(Unsupported, match="multicast is about chats of several workers"):
        owner(first, "/v2/bot/message/multicast", {"to": [first.to, second.to]})


def test_nothing_is_lent(account: Account) -> None:
    assert isinstance(platform, Divisible)
    request = HttpRequest("POST", "/v2/bot/message/push")
    assert (list(platform.borrows(account.state, request)), platform.lend(account.state, "x")) == ([], None)
