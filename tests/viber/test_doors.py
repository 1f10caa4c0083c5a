"""One bot whose chats several workers hold."""

from __future__ import annotations

from base64 import b64decode

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.errors import Unsupported
from chatdrill.model import Media, Write
from chatdrill.seeds import Seed, door_of
from chatdrill.wire import HttpRequest
from chatdrill.wire.doors import EVERY_DOOR, Divisible
from chatdrill_fakes.platforms.viber import ids, platform
from viber.kit import BASE, PNG, Account

DOORS = st.integers(0, 99)


def account_of(door: int) -> Account:
    account = Account()
    account.state.chance = Seed(7).door_stream(door, "viber")
    account.to = account.join(account.chat.customer)
    account.chat = account.state.chats[account.to]
    return account


def owner(account: Account, path: str, body: object = None) -> str | None:
    assert isinstance(platform, Divisible)
    content = b"" if body is None else msgspec.json.encode(body)
    return platform.owner_of(account.state, HttpRequest("POST" if content else "GET", path, (), content))


@given(DOORS)
def test_a_customers_id_stays_base64_and_says_whose_it_is(door: int) -> None:
    drawn = ids.user_id(Seed(1).door_stream(door, "ids"))
    assert len(drawn) == 24 and len(b64decode(drawn, validate=True)) == 16
    assert door_of(ids.owned_part(drawn)) == door_of(ids.message_token(Seed(1).door_stream(door, "ids"))) == door


def test_a_call_is_its_customers() -> None:
    account = account_of(42)
    mine = account.to[:21]
    assert owner(account, "/pa/send_message", {"receiver": account.to}) == mine and door_of(mine) == 42
    assert owner(account, "/pa/get_user_details", {"id": account.to}) == mine
    assert owner(account, "/pa/broadcast_message", {"broadcast_list": [account.to]}) == mine
    assert owner(account, "/pa/get_online", {"ids": [account.to]}) == mine


def test_a_file_is_where_its_sender_is() -> None:
    account = account_of(42)
    part = Media(kind="photo", file=account.file(PNG))
    link = account.event(Write(parts=(part,)))["message"]["media"].removeprefix(BASE)
    assert door_of(owner(account, link) or "") == 42
    assert owner(account, f"/download_photo?dlid={account.to.replace('+', '%2B')}") == account.to[:21]


def test_a_change_of_the_account_is_everybodys_and_reading_it_anybodys() -> None:
    account = account_of(1)
    assert owner(account, "/pa/set_webhook", {"url": "x"}) == EVERY_DOOR
    for body in ({}, [], {"receiver": 5}, {"broadcast_list": "x"}):
        for method in ("get_account_info", "send_message", "broadcast_message", "nothing"):
            assert owner(account, f"/pa/{method}", body) is None


def test_a_broadcast_over_several_workers_is_refused() -> None:
    first, second = account_of(1), account_of(2)
    with pytest.raises(Unsupported, match="broadcast_message is about chats of several workers"):
        owner(first, "/pa/broadcast_message", {"broadcast_list": [first.to, second.to]})


def test_nothing_is_lent(account: Account) -> None:
    assert isinstance(platform, Divisible)
    request = HttpRequest("POST", "/pa/send_message")
    assert (list(platform.borrows(account.state, request)), platform.lend(account.state, "x")) == ([], None)
