"""One app whose chats several workers hold."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Event
from chatdrill.seeds import Seed, door_of
from chatdrill.wire import HttpRequest
from chatdrill.wire.doors import EVERY_DOOR, Divisible
from chatdrill_fakes.platforms.slack import platform
from slack_app.kit import BASE, Account


def account_of(door: int) -> Account:
    account = Account()
    account.state.chance = Seed(7).door_stream(door, "slack")
    account.to = account.join(account.chat.customer)
    account.chat = account.state.chats[account.to]
    account.dm = account.chat.dm
    return account


def owner(account: Account, path: str, body: object = None) -> int | None:
    assert isinstance(platform, Divisible)
    content = b"" if body is None else msgspec.json.encode(body)
    kind = (("Content-Type", "application/json"),)
    id = platform.owner_of(account.state, HttpRequest("POST" if content else "GET", path, kind, content))
    return None if id is None or id == EVERY_DOOR else door_of(id)


def test_a_call_is_its_customers():
    account = account_of(42)
    trigger = account.command()["trigger_id"]
    for path, body in (
        ("chat.postMessage", {"channel": account.dm}),
        ("chat.postMessage", {"channel": account.to}),
        ("conversations.open", {"users": account.to}),
        ("views.open", {"trigger_id": trigger}),
        ("users.info", {"user": account.to}),
    ):
        assert owner(account, f"/api/{path}", body) == 42, path


def test_words_in_the_channel_are_whose_thread_it_is():
    account = account_of(42)
    message, _ = account.told(Event(name="app_mention"))
    assert owner(account, "/api/chat.postMessage", {"channel": account.channel, "thread_ts": message["ts"]}) == 42
    assert owner(account, "/api/chat.postMessage", {"channel": account.channel, "text": "x"}) is None


def test_addresses_that_were_handed_out_lead_back():
    account = account_of(42)
    url = account.command()["response_url"].removeprefix(BASE)
    assert owner(account, url, {"text": "x"}) == 42
    assert owner(account, f"/avatars/{account.to}_48.png") == 42


def test_what_is_nobodys_is_anybodys_and_a_change_everybodys():
    account = account_of(1)
    assert isinstance(platform, Divisible)
    request = HttpRequest("GET", "/api/auth.revoke")
    assert platform.owner_of(account.state, request) == EVERY_DOOR
    for body in ({}, [], {"channel": 5}, {"users": {}}):
        assert owner(account, "/api/conversations.list", body) is None


@pytest.mark.parametrize("path", ["/api/apps.connections.open", "/link/?ticket=x"])
def test_a_websocket_belongs_to_one_worker(path):
    with pytest.raises(Unsupported, match="use one worker"):
        owner(account_of(1), path)


def test_a_conversation_with_customers_of_two_workers_is_refused():
    first, second = account_of(1), account_of(2)
    with pytest.raises(Unsupported, match=r"conversations\.open is about chats of several workers"):
        owner(first, "/api/conversations.open", {"users": f"{first.to},{second.to}"})


def test_nothing_is_lent(account):
    assert isinstance(platform, Divisible)
    request = HttpRequest("POST", "/api/chat.postMessage")
    assert (list(platform.borrows(account.state, request)), platform.lend(account.state, "x")) == ([], None)
