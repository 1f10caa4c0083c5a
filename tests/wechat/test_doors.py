"""Several workers hold one account."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.errors import Unsupported
from chatdrill.seeds import Seed
from chatdrill.wire import HttpRequest
from chatdrill.wire.doors import EVERY_DOOR, Divisible
from chatdrill_fakes.platforms.wechat import platform
from wechat.kit import MEI, PNG, Account, code

assert isinstance(platform, Divisible)


def door(index: int) -> Account:
    account = Account()
    account.state.chance = Seed(7).door_stream(index, "wechat")
    account.to = account.join(MEI)
    account.chat = account.state.chats[account.to]
    account.says()
    return account


def owner(path: str, body: object = None) -> str | None:
    content = b"" if body is None else msgspec.json.encode(body)
    return platform.owner_of(door(0).state, HttpRequest("GET" if body is None else "POST", path, (), content))  # type: ignore[attr-defined]


def test_ids_end_in_the_mark_of_their_worker() -> None:
    account = door(42)
    assert [id[-2:] for id in (account.to, account.uploaded())] == ["42", "42"] and len(account.to) == 28


def test_a_call_is_that_of_its_customer_or_file() -> None:
    account = door(3)
    assert owner("/cgi-bin/message/custom/send", {"touser": account.to}) == account.to
    assert owner(f"/cgi-bin/user/info?openid={account.to}") == account.to
    assert owner("/cgi-bin/media/get?media_id=abc03") == "abc03"
    assert owner("/mmbiz_jpg/abc03/0") == "abc03"


def test_a_change_of_the_account_is_made_at_every_door() -> None:
    for path in ("token?appid=1", "stable_token", "menu/create", "tags/create"):
        assert owner(f"/cgi-bin/{path}", None if "?" in path else {}) == EVERY_DOOR
    assert owner("/customservice/kfaccount/add", {}) == EVERY_DOOR


def test_a_call_about_two_workers_is_refused() -> None:
    people = [door(1).to, door(2).to]
    with pytest.raises(Unsupported):
        owner("/cgi-bin/tags/members/batchtagging", {"openid_list": people, "tagid": 100})


def test_a_file_of_another_worker_is_borrowed() -> None:
    one, two = door(1), door(2)
    id = one.uploaded("image", PNG)
    body = msgspec.json.encode({"touser": two.to, "msgtype": "image", "image": {"media_id": id}})
    request = HttpRequest("POST", f"/cgi-bin/message/custom/send?access_token={two.token}", (), body)
    assert platform.borrows(two.state, request) == [id]  # type: ignore[attr-defined]
    loan = platform.lend(one.state, id)  # type: ignore[attr-defined]
    platform.borrow(two.state, loan)  # type: ignore[attr-defined]
    assert code(two.handle(request)) == 0 and platform.borrows(two.state, request) == []  # type: ignore[attr-defined]
