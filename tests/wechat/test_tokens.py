"""Access tokens, and the account's quotas."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Event
from wechat.kit import DAY, Account, answer, code

OWNER = {"appid": "wx5a1c0ffee0123456", "secret": "9f2b6c1d4e8a7035b1c2d3e4f5061728", "grant_type": "client_credential"}


def plain(account: Account) -> str:
    body = answer(account.call("token", token="", **OWNER))
    assert body["expires_in"] == 7200
    return str(body["access_token"])


def stable(account: Account, **more: Any) -> tuple[str, int]:
    body = answer(account.call("stable_token", {**OWNER, **more}, token=""))
    return body["access_token"], body["expires_in"]


def works(account: Account, token: str) -> int:
    return code(account.call("user/get", token=token))


def test_a_new_token_leaves_the_one_before_five_minutes(account: Account) -> None:
    first, second = plain(account), plain(account)
    account.now += 300
    assert [works(account, each) for each in (first, second)] == [0, 0]
    account.now += 1
    assert [works(account, each) for each in (first, second)] == [40001, 0]


def test_a_token_lives_two_hours(account: Account) -> None:
    token = plain(account)
    account.now += 7200
    assert works(account, token) == 0
    account.now += 1
    assert works(account, token) == 42001


def test_a_stable_token_stays_the_same_until_its_last_five_minutes(account: Account) -> None:
    first, life_s = stable(account)
    account.now += 6899
    assert (life_s, stable(account)) == (7200, (first, 301))
    account.now += 1
    second, _ = stable(account)
    assert second != first and [works(account, each) for each in (first, second)] == [0, 0]


def test_both_kinds_of_token_live_side_by_side(account: Account) -> None:
    tokens = [plain(account), stable(account)[0]]
    assert [works(account, each) for each in tokens] == [0, 0]


def test_a_forced_refresh_ends_the_token_at_once_and_is_rare(account: Account) -> None:
    first, _ = stable(account)
    second, _ = stable(account, force_refresh=True)
    assert [works(account, each) for each in (first, second)] == [40001, 0]
    again = {**OWNER, "force_refresh": True}
    account.now += 29
    assert code(account.call("stable_token", again, token="")) == 45011
    for _ in range(19):
        account.now += 30
        assert code(account.call("stable_token", again, token="")) == 0
    account.now += 30
    assert code(account.call("stable_token", again, token="")) == 45009


@pytest.mark.parametrize(
    ("changed", "expected"),
    [({"appid": "wx1"}, 40013), ({"appid": ""}, 41002), ({"secret": ""}, 41004), ({"secret": "x"}, 40125), ({"secret": "0" * 32}, 40001),
     ({"grant_type": "x"}, 40002)],
)  # fmt: skip
def test_only_the_account_gets_tokens(account: Account, changed: dict[str, str], expected: int) -> None:
    given = {**OWNER, **changed}
    handled = account.call("token", token="", **given)
    assert code(handled) == code(account.call("stable_token", given, token="")) == expected
    assert handled.call is not None and "secret" not in handled.call.arguments


def test_errors_end_in_something_new_each_time(account: Account) -> None:
    words = [answer(account.call("user/get", token="x" * 20))["errmsg"] for _ in range(2)]
    assert words[0] != words[1] and all(" rid: " in each for each in words)


def test_quotas_are_counted_by_the_day_and_can_be_cleared(account: Account) -> None:
    assert [works(account, account.token) for _ in range(501)][-2:] == [0, 45009]
    assert code(account.call("clear_quota", {"appid": OWNER["appid"]})) == 0
    assert works(account, account.token) == 0
    for _ in range(9):
        account.call("clear_quota", {"appid": OWNER["appid"]})
    assert code(account.call("clear_quota", {"appid": OWNER["appid"]})) == 48006
    account.state.used["user/get:2026-11-21"] = 500
    account.now += DAY
    assert works(account, account.token) == 0


def test_a_test_account_may_call_less() -> None:
    account = Account(account_type="test")
    assert [works(account, account.token) for _ in range(101)][-2:] == [0, 45009]


def test_quotas_can_be_switched_off() -> None:
    account = Account(rate_limits="no")
    assert {works(account, account.token) for _ in range(600)} == {0}


def test_a_scenario_can_end_tokens_and_order_errors(talk: Account) -> None:
    token = stable(talk)[0]
    assert talk.updates(Event(name="token_expired")) == []
    assert [works(talk, each) for each in (token, talk.token)] == [42001, 42001]
    talk.token = stable(talk)[0]
    assert works(talk, talk.token) == 0
    talk.updates(Event(name="token_replaced"))
    assert works(talk, talk.token) == 40001
    talk.token = stable(talk)[0]
    talk.updates(Event(name="api_error", data={"errcode": 45011, "times": 2}))
    assert [code(talk.text()) for _ in range(3)] == [45011, 45011, 0]
    talk.updates(Event(name="account_status", data={"errcode": 48004}))
    assert works(talk, talk.token) == 48004
    talk.updates(Event(name="account_status", data={"errcode": 0}))
    assert works(talk, talk.token) == 0
