"""Who may call, and how often."""

from __future__ import annotations

from base64 import urlsafe_b64encode
from hashlib import sha256
from hmac import digest
from typing import Any

import msgspec
import pytest

from chatdrill.errors import SettingsError
from chatdrill.wire import HttpRequest
from chatdrill_fakes.desks.zendesk import desk
from desks.zendesk.kit import APP, BASE, Account, answer, basic, header, status

KEY = "app_5f4eaef81e3dcc117c7ba48a"


def jwt(account: Account, *, kid: str = KEY, secret: str | None = None, scope: str = "app", alg: str = "HS256") -> Any:
    def packed(value: Any) -> bytes:
        return urlsafe_b64encode(msgspec.json.encode(value)).rstrip(b"=")

    signed = packed({"alg": alg, "kid": kid}) + b"." + packed({"scope": scope})
    mac = digest((secret or account.state.settings["key_secret"]).encode(), signed, sha256)
    return ("Authorization", "Bearer " + (signed + b"." + urlsafe_b64encode(mac).rstrip(b"=")).decode())


@pytest.mark.parametrize(
    "auth",
    [
        None,
        basic("bot@chatdrill.example", "zdChatdrillApiTokenZdChatdrillApiToken00"),
        basic("bot@chatdrill.example/token", "wrong"),
        basic("nobody@chatdrill.example/token", "zdChatdrillApiTokenZdChatdrillApiToken00"),
        ("Authorization", "Bearer wrong"),
        ("Authorization", "Basic %%%"),
    ],
)
def test_without_the_token_support_does_not_know_anybody(account: Account, auth: Any) -> None:
    refused = account.api("GET", "users/me", auth=auth)
    assert (status(refused), answer(refused)) == (401, {"error": "Couldn't authenticate you"})


def test_an_oauth_token_is_the_api_users(account: Account) -> None:
    told = account.api("GET", "users/me", auth=("Authorization", f"Bearer {account.state.settings['oauth_token']}"))
    assert answer(told)["user"]["email"] == "bot@chatdrill.example"


@pytest.mark.parametrize(
    "auth",
    [
        None,
        basic(KEY, "wrong"),
        basic("app_0", "scChatdrillKeySecretScChatdrillKeySecret"),
        ("Authorization", "Bearer x.y.z"),
    ],
)
def test_without_the_key_sunshine_does_not_know_anybody(account: Account, auth: Any) -> None:
    refused = account.call("GET", APP, auth=auth)
    assert (status(refused), answer(refused)["errors"][0]["code"]) == (401, "unauthorized")


def test_a_json_web_token_is_as_good_as_the_key(account: Account) -> None:
    assert status(account.call("GET", APP, auth=jwt(account))) == 200
    for wrong in ({"kid": "app_0"}, {"secret": "x"}, {"scope": "all"}, {"alg": "none"}):
        assert status(account.call("GET", APP, auth=jwt(account, **wrong))) == 401


def test_the_token_of_an_integration_does_not_administrate(account: Account) -> None:
    own = account.integration_auth()
    for method, path in (("GET", "switchboards"), ("POST", "switchboards"), ("POST", "integrations")):
        refused = account.sunco(method, path, {"type": "custom"} if method == "POST" else None, auth=own)
        assert (status(refused), answer(refused)["errors"][0]["code"]) == (403, "forbidden")


def test_what_is_no_json_is_refused(account: Account) -> None:
    assert status(account.api("POST", "tickets", b"{")) == 400
    assert status(account.api("POST", "tickets", b"[]")) == 400
    assert status(account.api("POST", "tickets", {})) == 400
    assert answer(account.sunco("POST", "users", b"{"))["errors"][0]["code"] == "bad_request"


def test_an_unknown_path_is_the_vendors_404(account: Account) -> None:
    support, sunco = account.api("GET", "nothing"), account.sunco("GET", "nothing")
    assert (status(support), answer(support)["error"]) == (404, "InvalidEndpoint")
    assert (status(sunco), answer(sunco)["errors"][0]["code"]) == (404, "not_found")
    assert support.call is not None and support.call.support == "unknown"


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/api/v2/triggers"),
        ("GET", "/api/v2/tickets/count"),
        ("GET", "/api/v2/users/count"),
        ("POST", f"{APP}/keys"),
    ],
)
def test_what_is_not_emulated_answers_loudly(account: Account, method: str, path: str) -> None:
    refused = account.call(method, path)
    assert status(refused) == 501 and refused.call is not None and refused.call.support == "refused"
    assert "chatdrill does not emulate" in (refused.call.error or "")


# ---------------------------------------------------------------------------------------------------------- rates


@pytest.mark.parametrize(("plan", "count"), [("team", 200), ("professional", 400), ("enterprise", 700)])
def test_the_plan_bounds_the_calls_of_a_minute(plan: str, count: int) -> None:
    account = Account(plan=plan)
    codes = [status(account.api("GET", "users/me")) for _ in range(count + 1)]
    assert codes == [200] * count + [429]
    refused = account.api("GET", "users/me")
    assert refused.response is not None
    assert refused.response.body == b"Number of allowed API requests per minute exceeded"
    assert int(header(refused, "retry-after") or 0) >= 1
    account.now += 60
    assert status(account.api("GET", "users/me")) == 200


def test_answers_say_how_much_of_the_minute_is_left(account: Account) -> None:
    told = account.api("GET", "users/me")
    assert (header(told, "x-rate-limit"), header(told, "x-rate-limit-remaining")) == ("400", "399")


@pytest.mark.parametrize(
    ("method", "path", "code"),
    [("GET", "tickets/99", 404), ("GET", "webhooks", 200), ("GET", "search", 501), ("POST", "tickets", 400)],
)
def test_whatever_the_answer_is_it_says_what_is_left(account: Account, method: str, path: str, code: int) -> None:
    told = account.api(method, path, b"{" if method == "POST" else None)
    assert (status(told), header(told, "x-rate-limit-remaining"), header(told, "ratelimit-reset")) == (
        code,
        "399",
        "60",
    )


def test_what_is_refused_for_its_rate_says_when_the_minute_is_over(account: Account) -> None:
    assert account.state.calls is not None
    account.state.calls.count = 1
    account.api("GET", "users/me")
    account.now += 20
    told = account.api("GET", "users/me")
    assert (status(told), header(told, "retry-after"), header(told, "ratelimit-reset")) == (429, "40", "40")
    assert (header(told, "x-rate-limit"), header(told, "x-rate-limit-remaining")) == ("1", "0")


def test_a_minute_takes_no_more_than_its_calls_however_they_are_spread() -> None:
    account = Account(plan="team")
    codes = []
    for _ in range(240):
        codes.append(status(account.api("GET", "users/me")))
        account.now += 0.2
    assert (codes.count(200), codes.count(429)) == (200, 40)


def test_one_user_updates_one_ticket_thirty_times_in_ten_minutes(account: Account) -> None:
    number = account.ticket()
    codes = [status(account.update(number, comment={"body": str(n)})) for n in range(31)]
    assert codes == [200] * 30 + [429]
    assert status(account.update(account.ticket(), comment={"body": "another ticket"})) == 200
    account.now += 600
    assert status(account.update(number, comment={"body": "later"})) == 200


def test_an_account_updates_a_hundred_tickets_in_a_minute(account: Account) -> None:
    numbers = [account.ticket() for _ in range(101)]
    assert [status(account.update(number, subject="x")) for number in numbers] == [200] * 100 + [429]


def test_rates_can_be_switched_off() -> None:
    account = Account(rate_limits="no", plan="team")
    number = account.ticket()
    assert {status(account.update(number, subject=str(n))) for n in range(250)} == {200}


# ------------------------------------------------------------------------------------------------------- the face


def test_requests_are_claimed_by_their_credentials(account: Account) -> None:
    def claimed(path: str, *headers: Any) -> bool:
        return desk.claims(HttpRequest("GET", path, headers), account.state)

    assert claimed("/api/v2/users/me", account.support_auth()) and not claimed("/api/v2/users/me")
    assert claimed(APP, account.sunco_auth()) and not claimed("/v2/apps/x") and not claimed("/bot1/getMe")
    assert claimed("/attachments/token/x/?name=a") and claimed("/sc/attachments/v2/x/a.png")


def test_the_environment_names_what_a_bot_needs(account: Account) -> None:
    found = desk.environment(account.state, BASE + "/")
    assert found["ZENDESK_API_ROOT"] == BASE and found["SUNCO_KEY_ID"] == KEY
    assert {each.env for each in desk.settings} < set(found)


def test_no_secret_is_seen(account: Account) -> None:
    hook = {"name": "b", "status": "active", "http_method": "POST", "request_format": "json"}
    body = {"webhook": {**hook, "endpoint": "http://127.0.0.1/SECRETPATH", "authentication": {"data": "SECRETPATH"}}}
    made = account.api("POST", "webhooks", body)
    secrets = [account.state.settings[each.name] for each in desk.settings if each.secret]
    secrets += [each.hook.secret for each in account.state.support_hooks.values()] + ["SECRETPATH"]
    assert made.call is not None
    assert not any(secret in repr(account.state) or secret in repr(made.call) for secret in secrets)


@pytest.mark.parametrize("code", [400, 401, 403, 404, 409, 422, 423, 429, 500, 503, 418])
def test_an_injected_refusal_is_in_the_vendors_words(account: Account, code: int) -> None:
    refused = desk.refusal(account.state, code, 7)
    assert (refused.status, refused.header("retry-after")) == (code, "7")
    assert refused.body


@pytest.mark.parametrize(
    "wrong", [{"plan": "free"}, {"handback": "x"}, {"webhook_as": "x"}, {"routing": "x"}, {"account_id": "x"}]
)
def test_a_wrong_setting_is_refused_with_the_nearest(wrong: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match="zendesk"):
        Account(**wrong)
