"""Two ways to log in: at Instagram itself, and by the token of a Page."""

from __future__ import annotations

from urllib.parse import urlencode

import pytest

from chatdrill.errors import SettingsError
from chatdrill.wire import Fetched, HttpRequest
from chatdrill_fakes.families.meta import handshake_url
from chatdrill_fakes.platforms.instagram import platform
from instagram.kit import APP, OWN, PAGE, Account

SECRET = "chatdrill-instagram-secret"


def test_the_account_is_read_by_both_logins() -> None:
    own, page = Account(), Account(login="page")
    me = own.call("GET", "/v25.0/me", fields="id,user_id,username,account_type").json
    assert (me["user_id"], me["account_type"]) == (OWN, "BUSINESS") and me["id"] != OWN
    linked = page.call("GET", f"/v25.0/{PAGE}", fields="instagram_business_account").json
    assert linked == {"instagram_business_account": {"id": OWN}, "id": PAGE}
    assert page.call("GET", f"/v25.0/{OWN}", fields="username").json == {"username": "acme.shop", "id": OWN}
    accounts = (one.call("GET", "/v25.0/me/accounts").json["data"] for one in (own, page))
    assert [[each["id"] for each in found] for found in accounts] == [[], [PAGE]]


def test_each_login_has_fields_of_its_own() -> None:
    own, page = Account(), Account(login="page")
    body = {"subscribed_fields": "messages,message_echoes,message_edit"}
    assert own.call("POST", "/v25.0/me/subscribed_apps", body).json == {"success": True}
    assert page.call("POST", "/v25.0/me/subscribed_apps", body).code == (100, None)
    assert own.call("GET", "/v25.0/me/subscribed_apps").json["data"][0]["id"] == APP
    own.call("DELETE", "/v25.0/me/subscribed_apps")
    assert own.state.fields == frozenset()


def test_a_code_becomes_a_token_which_is_exchanged_and_refreshed(account: Account) -> None:
    form = {
        "client_id": APP,
        "client_secret": SECRET,
        "grant_type": "authorization_code",
        "code": "AQ",
        "redirect_uri": "https://a.b/",
    }
    headers = (("Content-Type", "application/x-www-form-urlencoded"),)
    request = HttpRequest("POST", "/oauth/access_token", headers, urlencode(form).encode())
    given = account.ask(request).json
    assert platform.claims(request, account.state) and given["user_id"] == int(account.state.scoped_id)
    token = given["access_token"]
    long = account.call("GET", "/access_token", grant_type="ig_exchange_token", client_secret=SECRET).json
    fresh = account.call("GET", "/refresh_access_token", grant_type="ig_refresh_token").json
    assert long == fresh == {"access_token": token, "token_type": "bearer", "expires_in": 60 * 86_400}
    known = account.call("GET", "/v25.0/debug_token", app=True, input_token=token).json["data"]
    assert known["is_valid"] and "instagram_business_manage_messages" in known["scopes"]


@pytest.mark.parametrize(("login", "path"), [("instagram", "me"), ("instagram", OWN), ("page", "me"), ("page", PAGE)])
def test_a_message_is_sent_by_every_name_of_the_account(login: str, path: str) -> None:
    account = Account(login=login)
    account.says()
    body = {"recipient": {"id": account.to}, "message": {"text": "hi"}}
    assert account.call("POST", f"/v25.0/{path}/messages", body).status == 200
    assert account.call("POST", "/v25.0/104837562910475/messages", body).code == (100, 33)


def test_the_callback_is_saved_after_its_handshake(account: Account) -> None:
    url, path = "http://127.0.0.1:8000/hook", f"/v25.0/{APP}/subscriptions"
    body = {"object": "instagram", "callback_url": url, "verify_token": "s", "fields": "messages"}
    wait = account.call("POST", path, body, app=True).handled.wait
    (asked,) = wait.urls  # type: ignore[union-attr]
    challenge = asked.partition("hub.challenge=")[2].partition("&")[0]
    assert asked == handshake_url(url, "s", challenge)
    account.fetched[asked] = Fetched(b"no")
    assert account.call("POST", path, body, app=True).code == (2200, None) and account.state.webhook_url is None
    account.fetched[asked] = Fetched(challenge.encode())
    assert account.call("POST", path, body, app=True).json == {"success": True} and account.state.webhook_url == url
    assert account.call("GET", path, app=True).json["data"][0]["object"] == "instagram"
    assert account.call("POST", path, {**body, "object": "page"}, app=True).code == (100, None)


def test_a_batch_answers_every_call(talk: Account) -> None:
    send = f"recipient=%7B%22id%22%3A%22{talk.to}%22%7D&message=%7B%22text%22%3A%22hi%22%7D"
    calls = [
        {"method": "GET", "relative_url": "me?fields=username"},
        {"method": "POST", "relative_url": "me/messages", "body": send},
    ]
    answers = talk.call("POST", "/v25.0/", {"batch": calls}).json
    assert [one["code"] for one in answers] == [200, 200]


def test_a_login_that_nobody_knows_is_a_mistake_in_the_settings() -> None:
    with pytest.raises(SettingsError, match="did you mean 'instagram'"):
        Account(login="instagrm")


def test_what_belongs_to_another_product_is_not_claimed(account: Account) -> None:
    token = account.state.app_token
    other = HttpRequest("POST", f"/v25.0/{APP}/subscriptions?object=page&access_token={token}")
    stranger = HttpRequest("POST", "/v25.0/me/messages?access_token=EAAchatdrillmessenger")
    assert not platform.claims(other, account.state) and not platform.claims(stranger, account.state)
