"""Tokens, and what is asked before any call of the CRM."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chatdrill.wire import Handled, HttpRequest
from desks.amocrm.kit import DEFAULTS, NOW, TOKEN, Account, error

CLIENT = {name: DEFAULTS[name] for name in ("client_id", "client_secret", "redirect_uri")}
CODE = {**CLIENT, "grant_type": "authorization_code", "code": DEFAULTS["code"]}
REFRESH = {**CLIENT, "grant_type": "refresh_token", "refresh_token": DEFAULTS["refresh_token"]}


def exchange(account: Account, body: Any) -> Handled:
    content = body if isinstance(body, bytes) else msgspec.json.encode(body)
    return account.handle(HttpRequest("POST", "/oauth2/access_token", (("Content-Type", "application/json"),), content))


def hint(handled: Handled) -> str:
    assert handled.response is not None and handled.response.status == 400
    body = msgspec.json.decode(handled.response.body)
    assert body["type"].endswith("OAuthProblemJson")
    return str(body["hint"])


def test_a_code_is_exchanged_once_for_a_pair(account: Account) -> None:
    pair = account.ok(exchange(account, CODE))
    assert (pair["token_type"], pair["expires_in"], pair["server_time"]) == ("Bearer", 86400, int(NOW))
    assert pair["access_token"].startswith("eyJ") and pair["refresh_token"].startswith("def502")
    account.ok(account.crm("GET", "/account", token=pair["access_token"]))
    assert hint(exchange(account, CODE)) == "Authorization code has been revoked"


@pytest.mark.parametrize(("age", "good"), [(1199, True), (1200, False)])
def test_a_code_lives_twenty_minutes(account: Account, age: int, good: bool) -> None:
    account.crm("GET", "/account")
    account.now += age
    handled = exchange(account, CODE)
    assert handled.response is not None and (handled.response.status == 200) is good
    assert good or hint(handled) == "Authorization code has expired"


def test_a_refresh_ends_the_old_pair(account: Account) -> None:
    old = account.ok(exchange(account, CODE))
    new = account.ok(exchange(account, {**REFRESH, "refresh_token": old["refresh_token"]}))
    account.ok(account.crm("GET", "/account", token=new["access_token"]))
    assert error(account.crm("GET", "/account", token=old["access_token"]))[0] == 401
    again = exchange(account, {**REFRESH, "refresh_token": old["refresh_token"]})
    assert hint(again) == "Token has been revoked"


@pytest.mark.parametrize(("age", "status"), [(86399, 200), (86400, 401)])
def test_an_access_token_lives_a_day(account: Account, age: int, status: int) -> None:
    token = account.ok(exchange(account, CODE))["access_token"]
    account.now += age
    response = account.crm("GET", "/account", token=token).response
    assert response is not None and response.status == status


def test_a_refresh_token_lives_three_months(account: Account) -> None:
    account.crm("GET", "/account")
    account.now += 90 * 86400
    assert hint(exchange(account, REFRESH)) == "Token has expired"


def test_the_given_token_expires_unless_it_is_long_lived() -> None:
    short, long = Account(long_lived="no"), Account()
    for account in (short, long):
        account.ok(account.crm("GET", "/account"))
        account.now += 86400
    assert error(short.crm("GET", "/account")) == (401, "The access token has expired")
    long.ok(long.crm("GET", "/account"))
    token = short.ok(exchange(short, REFRESH))["access_token"]
    short.ok(short.crm("GET", "/account", token=token))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"client_id": "x"}, "client_id"),
        ({"client_secret": None}, "client_secret"),
        ({"redirect_uri": "https://other"}, "redirect_uri"),
        ({"grant_type": "password"}, "grant type"),
        ({"code": "x"}, "authorization code"),
        ({"grant_type": "refresh_token", "refresh_token": 5}, "refresh token"),
    ],
)
def test_wrong_credentials_are_refused(account: Account, change: dict[str, Any], words: str) -> None:
    assert words in hint(exchange(account, {**CODE, **change}))


def test_a_body_that_is_no_object_is_refused(account: Account) -> None:
    assert all(hint(exchange(account, body)) for body in (b"", b"[]", b"\xff"))


# ------------------------------------------------------------------------------------------------------ the gate


@pytest.mark.parametrize("token", [None, "wrong", ""])
def test_without_a_token_nothing_is_let_in(account: Account, token: str | None) -> None:
    handled = account.crm("GET", "/account", token=token)
    assert error(handled)[0] == 401 and handled.response is not None
    assert handled.response.header("content-type") == "application/problem+json"
    body = msgspec.json.decode(handled.response.body)
    assert (body["title"], body["type"]) == ("Unauthorized", "https://httpstatus.es/401")


def test_an_unpaid_account_answers_402() -> None:
    assert error(Account(paid="no").crm("GET", "/account"))[0] == 402


def test_seven_calls_a_second_are_let_in() -> None:
    account = Account(rate_limits="yes")
    seven = [account.crm("GET", "/account").response for _ in range(7)]
    assert all(response is not None and response.status == 200 for response in seven)
    assert error(account.crm("GET", "/account")) == (429, "Too many requests per second")
    account.now += 1
    account.ok(account.crm("GET", "/account"))


def test_who_goes_on_too_fast_is_blocked() -> None:
    account = Account(rate_limits="yes", block_after="2")
    for _ in range(7):
        account.ok(account.crm("GET", "/account"))
    statuses = [error(account.crm("GET", "/account"))[0] for _ in range(3)]
    account.now += 60
    assert [*statuses, error(account.crm("GET", "/account"))[0]] == [429, 429, 403, 403]


def test_the_chats_are_not_counted() -> None:
    account = Account(rate_limits="yes")
    for number in range(20):
        account.ok(account.send(str(number), f"m-{number}", silent=True))


def test_no_secret_is_shown(account: Account) -> None:
    pair = account.ok(exchange(account, CODE))
    handled = exchange(account, {**REFRESH, "refresh_token": pair["refresh_token"]})
    shown = repr(handled.call) + repr(account.state)
    secrets = [DEFAULTS[name] for name in ("client_secret", "code", "refresh_token", "channel_secret")]
    assert handled.call is not None and handled.call.arguments["grant_type"] == "refresh_token"
    assert not any(
        secret in shown for secret in (*secrets, TOKEN, *pair.values()) if isinstance(secret, str) and len(secret) > 8
    )
