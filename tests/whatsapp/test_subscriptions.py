"""Callbacks: the handshake, the app's subscription, the overrides and who gets what."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec
import pytest

from chatdrill.model import Event, Text, Write
from chatdrill.wire import Exchange, Fetch, Fetched, Handled, HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.platforms.whatsapp import platform
from whatsapp.kit import ACCOUNT, APP, BASE, NUMBER, SECRET, TOKEN, Account, answer, error

HOOK = "http://127.0.0.1:9001/hook"
WABA = f"/v25.0/{ACCOUNT}/subscribed_apps"
SUBSCRIBE = {"object": "whatsapp_business_account", "callback_url": HOOK, "verify_token": "s3cret"}
OVERRIDE = {"override_callback_uri": HOOK, "verify_token": "t2"}


def well_behaved(account: Account, method: str, path: str, body: dict[str, Any]) -> Handled:
    """A call whose callback answers the handshake as it should."""
    asked = account.call(method, path, body)
    assert isinstance(asked.wait, Fetch)
    (url,) = asked.wait.urls
    challenge = parse_qs(urlsplit(url).query)["hub.challenge"][0]
    return account.call(method, path, body, fetched={url: Fetched(challenge.encode())})


def target(account: Account, act: Any) -> str:
    return platform.request(account.state, account.updates(act), account.now).url


SAY = Write(parts=(Text(text="Hallo"),))
ACCOUNT_EVENT = Event(name="account_review_update")


def test_subscribing_an_app_asks_its_callback_first(account: Account) -> None:
    account.state.webhook_url = None
    handled = account.call("POST", f"/v25.0/{APP}/subscriptions", SUBSCRIBE)
    assert isinstance(handled.wait, Fetch) and account.state.webhook_url is None
    query = parse_qs(urlsplit(handled.wait.urls[0]).query)
    assert query["hub.mode"] == ["subscribe"] and query["hub.verify_token"] == ["s3cret"]
    assert query["hub.challenge"][0].isdecimal()


def test_a_callback_that_answers_well_is_stored_and_listed(account: Account) -> None:
    body = {**SUBSCRIBE, "fields": "messages,security"}
    assert answer(well_behaved(account, "POST", f"/{APP}/subscriptions", body)) == {"success": True}
    assert account.state.webhook_url == HOOK
    (row,) = answer(account.call("GET", f"/{APP}/subscriptions"))["data"]
    assert row["callback_url"] == HOOK and [field["name"] for field in row["fields"]] == ["messages", "security"]


@pytest.mark.parametrize("got", [Fetched(b"Forbidden"), Fetched(error="status 403"), Fetched(error="refused")])
def test_a_callback_that_answers_badly_is_not_stored(account: Account, got: Fetched) -> None:
    path = f"/{APP}/subscriptions"
    asked = account.call("POST", path, SUBSCRIBE)
    assert isinstance(asked.wait, Fetch)
    handled = account.call("POST", path, SUBSCRIBE, fetched={asked.wait.urls[0]: got})
    assert error(handled) == (400, 2200) and account.state.webhook_url != HOOK


def test_a_callback_outside_the_loopback_is_taken_on_trust(account: Account) -> None:
    body = {**SUBSCRIBE, "callback_url": "https://bot.example/hook"}
    asked = account.call("POST", f"/{APP}/subscriptions", body)
    assert isinstance(asked.wait, Fetch)
    trusted = {asked.wait.urls[0]: Fetched(error="unreachable")}
    assert answer(account.call("POST", f"/{APP}/subscriptions", body, fetched=trusted)) == {"success": True}


def test_the_app_token_is_given_for_id_and_secret_and_subscribes(account: Account) -> None:
    query = f"grant_type=client_credentials&client_id={APP}&client_secret={SECRET}"
    token = answer(account.call("GET", f"/v25.0/oauth/access_token?{query}", token=None))["access_token"]
    assert token == f"{APP}|{SECRET}"
    assert account.call("POST", f"/{APP}/subscriptions", SUBSCRIBE, token=token).wait is not None
    wrong = account.call("GET", f"/oauth/access_token?client_id={APP}&client_secret=x", token=None)
    assert error(wrong) == (400, 100)
    assert error(account.call("POST", f"/{APP}/subscriptions", SUBSCRIBE, token="x")) == (401, 190)
    assert error(account.call("POST", f"/{APP}/subscriptions", SUBSCRIBE, token=None)) == (401, 104)


def test_only_subscribed_fields_are_told(account: Account) -> None:
    well_behaved(account, "POST", f"/{APP}/subscriptions", {**SUBSCRIBE, "fields": "messages"})
    assert account.updates(SAY) and account.updates(ACCOUNT_EVENT) == []


def test_an_account_without_the_app_tells_nothing(account: Account) -> None:
    assert answer(account.call("DELETE", WABA)) == {"success": True}
    assert account.updates(SAY) == [] and answer(account.call("GET", WABA))["data"] == []
    assert answer(account.call("POST", WABA)) == {"success": True}
    assert account.updates(SAY)


def test_overrides_count_for_messages_only_and_the_number_s_wins(account: Account) -> None:
    app_hook = account.state.webhook_url
    assert answer(well_behaved(account, "POST", WABA, OVERRIDE)) == {"success": True}
    assert target(account, SAY) == HOOK and target(account, ACCOUNT_EVENT) == app_hook
    other = {"webhook_configuration": {**OVERRIDE, "override_callback_uri": f"{HOOK}2"}}
    assert answer(well_behaved(account, "POST", f"/v25.0/{NUMBER}", other)) == {"success": True}
    assert target(account, SAY) == f"{HOOK}2"
    shown = answer(account.call("GET", f"/{NUMBER}?fields=webhook_configuration"))["webhook_configuration"]
    assert shown == {"phone_number": f"{HOOK}2", "whatsapp_business_account": HOOK, "application": app_hook}


def test_an_override_is_listed_and_taken_back(account: Account) -> None:
    well_behaved(account, "POST", WABA, OVERRIDE)
    (row,) = answer(account.call("GET", WABA))["data"]
    assert row["override_callback_uri"] == HOOK and row["whatsapp_business_api_data"]["id"] == APP
    account.call("POST", WABA)
    account.call("POST", f"/{NUMBER}", {"webhook_configuration": {"override_callback_uri": ""}})
    assert target(account, SAY) == account.state.webhook_url != HOOK


def test_the_verify_token_of_an_override_is_not_recorded(account: Account) -> None:
    handled = well_behaved(account, "POST", f"/{NUMBER}", {"webhook_configuration": OVERRIDE})
    assert handled.call is not None and handled.call.arguments == {
        "webhook_configuration": {"override_callback_uri": HOOK}
    }


@pytest.mark.parametrize("url", [f"https://bot.example/{'x' * 181}", "bot.example/hook", "http://["])
def test_a_callback_must_be_an_address_of_200_characters_at_most(account: Account, url: str) -> None:
    assert error(account.call("POST", f"/{APP}/subscriptions", {**SUBSCRIBE, "callback_url": url})) == (400, 100)


def test_the_handshake_of_a_given_address_is_checked(account: Account) -> None:
    request = platform.handshake(account.state)
    assert request is not None and request.method == "GET"
    query = dict(request.query)
    assert query["hub.verify_token"] == "chatdrill-verify"
    good = HttpResponse(200, body=query["hub.challenge"].encode())
    assert platform.read_handshake(account.state, good) is None
    assert "status 403" in (platform.read_handshake(account.state, HttpResponse(403)) or "")
    assert "refused" in (platform.read_handshake(account.state, HttpFailure("refused")) or "")


def test_without_an_address_there_is_no_handshake(account: Account) -> None:
    account.state.webhook_url = None
    assert platform.handshake(account.state) is None


def test_several_updates_travel_as_entries_of_one_body(account: Account) -> None:
    updates = account.updates(SAY) + account.updates(SAY)
    request = platform.request(account.state, updates, account.now)
    body = msgspec.json.decode(request.body)
    assert body["object"] == "whatsapp_business_account" and len(body["entry"]) == 2
    assert all(update.body in request.body for update in updates)


@pytest.mark.parametrize(
    ("got", "ok"),
    [
        (HttpResponse(200), True),
        (HttpResponse(201), False),
        (HttpResponse(500), False),
        (HttpFailure("timeout"), False),
    ],
)
def test_only_status_200_acknowledges(account: Account, got: HttpResponse | HttpFailure, ok: bool) -> None:
    ack = platform.read_ack(account.state, account.updates(SAY), got, account.now)
    assert ack.ok is ok and bool(ack.error) is not ok


def test_the_account_is_told_from_others_by_path_or_token(account: Account) -> None:
    def claims(path: str, token: str = "other") -> bool:
        return platform.claims(HttpRequest("GET", path, (("Authorization", f"Bearer {token}"),)), account.state)

    assert claims(f"/v25.0/{NUMBER}/messages") and claims(f"/{ACCOUNT}") and claims("/v25.0/me", TOKEN)
    assert claims("/whatsapp_business/attachments/?mid=1") and claims(f"/oauth/access_token?client_id={APP}")
    assert not claims("/v25.0/me/messages") and not claims("/v25.0/998877/messages")
    assert not claims("/oauth/access_token?client_id=1") and not claims("/")
    assert claims(f"/{APP}/subscriptions") and not claims(f"/{APP}/subscriptions?object=page", TOKEN)


def test_media_links_lead_to_where_the_bot_reached_the_fake() -> None:
    account = Account()
    account.state.base_url = ""
    platform.handle(account.state, Exchange(HttpRequest("GET", "/"), account.now, BASE))
    assert account.state.base_url == BASE
    assert platform.environment(account.state, f"{BASE}/")["WHATSAPP_API_ROOT"] == BASE
