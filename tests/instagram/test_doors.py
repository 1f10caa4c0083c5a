"""One account whose chats several workers hold."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.model import Write
from chatdrill.seeds import Seed, door_of
from chatdrill.wire import HttpRequest
from chatdrill.wire.doors import EVERY_DOOR, Divisible
from chatdrill_fakes.platforms.instagram import ids, platform
from instagram.kit import APP, BASE, PNG, Account


def account_of(door: int) -> Account:
    account = Account()
    account.state.chance = Seed(7).door_stream(door, "instagram")
    account.to = platform.join(account.state, account.chat.customer, 0.0)
    return account


def owner(account: Account, path: str, body: object = None, method: str = "") -> str | None:
    assert isinstance(platform, Divisible)
    content = b"" if body is None else msgspec.json.encode(body)
    return platform.owner_of(account.state, HttpRequest(method or ("POST" if content else "GET"), path, (), content))


@given(st.integers(0, 99))
def test_every_id_says_whose_it_is(door: int) -> None:
    chance = Seed(1).door_stream(door, "ids")
    number = ids.thread(chance)
    drawn = (number, ids.mid("17841460012345678", number, chance), ids.thread_id("17841460012345678", number, chance))
    assert {door_of(id) for id in drawn} == {door}


def test_a_call_is_its_customers() -> None:
    account = account_of(42)
    mid = account.says()
    assert (
        owner(account, "/v25.0/me/messages", {"recipient": {"id": account.to}, "message": {"text": "a"}}) == account.to
    )
    assert owner(account, f"/v25.0/{mid}") == mid and door_of(mid) == 42
    assert owner(account, f"/v25.0/{account.to}") == account.to
    link = account.event(Write(parts=(account.media(),)))["message"]["attachments"][0]["payload"]["url"]
    assert door_of(owner(account, link.removeprefix(BASE)) or "") == 42


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/v25.0/me/messenger_profile", {"ice_breakers": []}),
        ("/v25.0/me/subscribed_apps", {}),
        (f"/v25.0/{APP}/subscriptions", {}),
    ],
)
def test_a_change_of_the_account_is_everybodys(path: str, body: object) -> None:
    assert owner(account_of(1), path, body) == EVERY_DOOR


def test_what_an_account_is_any_worker_can_say() -> None:
    account = account_of(1)
    for path in (
        "/v25.0/me",
        "/v25.0/me/conversations",
        "/v25.0/debug_token",
        "/ig_messaging_cdn/?asset_id=0&signature=post",
    ):
        assert owner(account, path) is None


def test_an_upload_is_lent_with_its_content() -> None:
    first, second = account_of(1), account_of(2)
    first.serve("https://bot.example/a.png", PNG, "image/png")
    body = {"message": {"attachment": {"type": "image", "payload": {"url": "https://bot.example/a.png"}}}}
    key = first.call("POST", "/v25.0/me/message_attachments", body).json["attachment_id"]
    message = {"attachment": {"type": "image", "payload": {"attachment_id": key}}}
    request = HttpRequest("POST", "/v25.0/me/messages", (), msgspec.json.encode({"message": message}))
    assert isinstance(platform, Divisible) and list(platform.borrows(second.state, request)) == [key]
    platform.borrow(second.state, platform.lend(first.state, key) or b"")
    second.says()
    assert second.send(message).parts[0].kind == "photo" and platform.lend(second.state, "1") is None
