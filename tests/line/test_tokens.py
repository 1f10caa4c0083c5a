"""Channel access tokens."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from chatdrill.wire import Handled
from line.kit import SECRET, Account, answer, status

CLIENT = {"grant_type": "client_credentials", "client_id": "1656789012", "client_secret": SECRET}
JWT = "eyJhbGciOiJSUzI1NiIsImtpZCI6ImsxIn0.eyJpc3MiOiIxNjU2Nzg5MDEyIn0.c2lnbmVk"
ASSERTION = {
    "grant_type": "client_credentials",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
    "client_assertion": JWT,
}


def form(account: Account, path: str, **fields: str) -> Handled:
    headers = (("Content-Type", "application/x-www-form-urlencoded"),)
    return account.call(path, urlencode(fields).encode(), headers=headers)


def works(account: Account, token: str) -> bool:
    return status(account.call("/v2/bot/info", None, "GET", headers=(("Authorization", f"Bearer {token}"),))) == 200


@pytest.mark.parametrize(
    ("path", "fields", "life"),
    [
        ("/v2/oauth/accessToken", CLIENT, 2_592_000),
        ("/oauth2/v2.1/token", ASSERTION, 2_592_000),
        ("/oauth2/v3/token", CLIENT, 900),
        ("/oauth2/v3/token", ASSERTION, 900),
    ],
)
def test_a_token_is_issued_used_verified_and_revoked(path: str, fields: dict[str, str], life: int) -> None:
    account = Account()
    issued = answer(form(account, path, **fields))
    token = issued["access_token"]
    assert issued["expires_in"] == life and issued["token_type"] == "Bearer" and works(account, token)
    known = answer(form(account, "/v2/oauth/verify", access_token=token))
    assert known == {"client_id": "1656789012", "expires_in": life, "scope": "P CM"}
    account.now += life
    assert not works(account, token)


def test_a_revoked_token_counts_no_more(account: Account) -> None:
    token = answer(form(account, "/v2/oauth/accessToken", **CLIENT))["access_token"]
    assert status(form(account, "/v2/oauth/revoke", access_token=token)) == 200
    assert not works(account, token)
    assert answer(form(account, "/v2/oauth/verify", access_token=token))["error"] == "invalid_request"


def test_the_oldest_of_thirty_gives_way_and_a_key_has_no_more_than_thirty(account: Account) -> None:
    tokens = [answer(form(account, "/v2/oauth/accessToken", **CLIENT))["access_token"] for _ in range(31)]
    assert [works(account, token) for token in (tokens[0], tokens[1])] == [False, True]
    last = [form(account, "/oauth2/v2.1/token", **ASSERTION) for _ in range(31)][-1]
    assert (status(last), answer(last)["message"]) == (
        400,
        "The maximum number of access tokens has already been issued",
    )


@pytest.mark.parametrize(
    "change",
    [{"client_secret": "x"}, {"client_id": "x"}, {"grant_type": "x"}, {"client_secret": ""}],
)
def test_a_wrong_client_gets_none(account: Account, change: dict[str, str]) -> None:
    assert status(form(account, "/v2/oauth/accessToken", **{**CLIENT, **change})) == 400


@pytest.mark.parametrize("jwt", ["x", "a.b.c", "e30.e30.x", "..", JWT.replace("eyJpc3Mi", "eyJpc3M")])
def test_a_wrong_assertion_gets_none(account: Account, jwt: str) -> None:
    assert status(form(account, "/oauth2/v2.1/token", **{**ASSERTION, "client_assertion": jwt})) == 400
