"""The manners of the API: token, mode, quotas, unknown paths, hostile input; lists; and what is declared."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.errors import SettingsError
from chatdrill.model import PresenceChanged
from chatdrill.wire import Exchange, HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.desks.chat2desk import desk
from chatdrill_fakes.desks.chat2desk.hooks import EVENTS
from chatdrill_fakes.desks.chat2desk.routes import ROUTES
from desks.chat2desk.kit import BASE, NOW, TOKEN, Account, answer, refused

MISSING = "You have to specify your token. See API manual on info@chat2desk.com"


@pytest.mark.parametrize(
    ("token", "message"),
    [(None, MISSING), ("", MISSING), ("nope", "You need to auth"), (f"Bearer {TOKEN}", "You need to auth")],
)
def test_the_token_stands_bare_in_the_header(account: Account, token: str | None, message: str) -> None:
    handled = account.call("GET", "/companies/api_info", token=token)
    assert refused(handled) == (401, message)
    assert token != f"Bearer {TOKEN}" or (handled.call is not None and "without Bearer" in str(handled.call.error))


@pytest.mark.parametrize(("mode", "status"), [("demo", 403), ("read-only", 403), ("full", 200)])
def test_a_token_that_only_reads_writes_nothing(mode: str, status: int) -> None:
    account = Account(mode=mode)
    handled = account.call("POST", "/clients", {"phone": "48600"})
    assert handled.response is not None and handled.response.status == status
    assert account.data("GET", "/companies/api_info")["mode"] == mode


def test_300_calls_in_a_minute_are_too_many_by_one(account: Account) -> None:
    for _ in range(300):
        account.data("GET", "/help/roles")
    assert refused(account.call("GET", "/help/roles")) == (429, "Number of API requests exceeded")
    account.now += 0.21
    account.data("GET", "/help/roles")


def test_calls_are_not_counted_with_rate_limits_off() -> None:
    account = Account(rate_limits="no")
    assert [account.data("GET", "/help/roles") for _ in range(301)]


def test_the_quota_of_a_month_ends_and_begins_anew() -> None:
    account = Account(calls_per_month="2")
    assert [account.data("GET", "/companies/api_info")["requests_this_month"] for _ in range(2)] == [1, 2]
    assert refused(account.call("GET", "/channels")) == (429, "API calls exceeded API limit per month")
    account.now += 31 * 86_400
    assert account.data("GET", "/companies/api_info")["requests_this_month"] == 1


@pytest.mark.parametrize(
    ("method", "path"), [("GET", "/horoscope"), ("DELETE", "/clients/1"), ("GET", ""), ("PATCH", "/messages")]
)
def test_an_unknown_path_is_a_page_not_found(account: Account, method: str, path: str) -> None:
    handled = account.call(method, path)
    assert refused(handled) == (404, "Page not found")
    assert handled.call is not None and handled.call.support == "unknown"


@pytest.mark.parametrize("url", ["/", "/v2/clients", "/uploads/x/y", "/v1clients"])
def test_nothing_lives_outside_of_v1(account: Account, url: str) -> None:
    request = HttpRequest("GET", url, (("Authorization", TOKEN),))
    response = desk.handle(account.state, Exchange(request, NOW, BASE)).response
    assert response is not None and response.status == 404


def test_broken_json_is_told_as_such(account: Account) -> None:
    status, message = refused(account.call("POST", "/clients", b'{"phone": '))
    assert status == 400 and "invalid JSON" in message


def test_a_form_is_as_good_as_json(account: Account) -> None:
    headers = (("Authorization", TOKEN), ("Content-Type", "application/x-www-form-urlencoded"))
    request = HttpRequest("POST", "/v1/clients", headers, b"phone=48600100200&channel_id=15")
    handled = desk.handle(account.state, Exchange(request, NOW, BASE))
    assert answer(handled)["data"]["phone"] == "48600100200"


@pytest.mark.parametrize(
    ("path", "shape"),
    [
        ("/channels", {"id", "name", "phone", "transports"}),
        ("/operators_groups", {"id", "name", "operator_ids"}),
        (
            "/operators",
            {"id", "email", "phone", "role", "online", "offline_type", "first_name", "last_name", "last_visit"}
            | {"opened_dialogs", "status_id", "external_id", "avatar", "two_factor"},
        ),
    ],
)
def test_lists_have_their_shape(account: Account, path: str, shape: set[str]) -> None:
    body = answer(account.call("GET", path))
    assert all(set(each) == shape for each in body["data"]) and body["meta"]["total"] == len(body["data"]) > 0
    assert not account.data("GET", "/templates") and not account.data("GET", "/scenarios")
    assert account.data("GET", "/companies/info")["company_name"] == "Atelier"
    assert all(account.data("GET", f"/help/{topic}") for topic in ("api_modes", "roles", "dialog_states", "transports"))
    assert account.data("GET", "/help/tickets")["statuses"]


def test_a_status_says_whether_an_operator_is_there(account: Account) -> None:
    bob = account.id_of("bob")
    handled = account.call("PUT", f"/operators/{bob}", {"status_id": 2})
    assert handled.events == (PresenceChanged(agent="bob", presence="away"),)
    assert (answer(handled)["data"]["online"], answer(handled)["data"]["offline_type"]) == (0, "break")
    assert [each["id"] for each in account.data("GET", "/operators?online=1")] == [account.id_of("eva")]
    assert refused(account.call("PUT", "/operators/1", {"status_id": 2})) == (404, "Operator not found")


# ------------------------------------------------------------------------------------------------ hostile input

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
FIELDS = st.sampled_from(
    [
        *("phone", "transport", "channel_id", "nickname", "custom_fields", "external_id", "client_id", "text", "type"),
        *("operator_id", "open_dialog", "dont_open_dialog", "inline_buttons", "body", "from_client", "location"),
        *("limit", "offset", "order", "read", "start_id", "start_date", "state", "group_id", "status_id", "tag_ids"),
        *("assignee_type", "assignee_id", "request_id", "url", "events", "channels", "name", "subject", "status"),
        *("force_assign", "reporter_id", "online", "tags", "dialog_id"),
    ]
)
GOOD = {"body": "x", "from_client": {"id": "tg-42"}, "text": "x", "phone": "48600", "subject": "x"}


@given(st.sampled_from(ROUTES), st.dictionaries(FIELDS, JSON, max_size=4))
def test_no_arguments_break_a_call(found: Any, values: dict[str, Any]) -> None:
    account = Account()
    heard = account.hear()
    ids = {"messages": "message_id", "clients": "client_id", "requests": "request_id"}
    id = str(heard[ids.get(found.path.split("/")[1], "dialog_id")])
    body = {**GOOD, "client_id": heard["client_id"], **values}
    handled = account.call(found.method, found.path.replace("{id}", id), body)
    assert handled.wait is not None or (handled.response is not None and handled.response.status < 500)
    assert handled.response is None or answer(handled)["status"] in ("success", "error")


@given(st.text(max_size=60), st.binary(max_size=60), st.sampled_from(["GET", "POST", "PUT", "DELETE", "X"]))
def test_no_bytes_break_the_fake(path: str, body: bytes, method: str) -> None:
    account = Account()
    for url in (f"/{path}", f"/v1/{path}", f"/uploads/{path}"):
        handled = desk.handle(account.state, Exchange(HttpRequest(method, url, (("Authorization", TOKEN),), body), NOW))
        assert handled.response is not None and handled.response.body
        assert isinstance(desk.claims(HttpRequest(method, url), account.state), bool)


@given(st.integers(100, 599), st.binary(max_size=40))
def test_any_2xx_is_success(status: int, body: bytes) -> None:
    account = Account()
    assert desk.read_ack(account.state, (), HttpResponse(status, (), body), NOW).ok is (200 <= status < 300)
    assert not desk.read_ack(account.state, (), HttpFailure("timeout"), NOW).ok


@pytest.mark.parametrize(("status", "message"), [(401, "You need to auth"), (429, "Number of API requests exceeded")])
def test_a_refusal_is_an_envelope(account: Account, status: int, message: str) -> None:
    found = desk.refusal(account.state, status, 7)
    assert (found.status, found.header("retry-after")) == (status, "7")
    assert msgspec.json.decode(found.body) == {"status": "error", "message": message}


# ---------------------------------------------------------------------------------------------------- declared


def test_every_proof_of_the_coverage_is_a_test() -> None:
    for each in desk.coverage:
        file, _, test = each.proof.partition("::")
        assert f"def {test}(" in (Path(__file__).parents[3] / file).read_text(), each.name


def test_every_call_and_event_has_a_line_in_the_coverage() -> None:
    named = {each.name for each in desk.coverage}
    assert {found.name for found in ROUTES} | set(EVENTS) == named and len(named) == len(desk.coverage)
    assert all(each.note for each in desk.coverage if each.status != "supported")
    support = {found.name: found.support for found in ROUTES}
    assert all(support.get(each.name, each.status) == each.status for each in desk.coverage)


def test_every_limit_has_a_source_with_a_year() -> None:
    assert all(re.search(r"20\d\d", limit.source) and limit.value > 0 for limit in desk.limits)


def test_the_environment_names_what_a_bot_needs(account: Account) -> None:
    found = desk.environment(account.state, f"{BASE}/")
    assert (found["CHAT2DESK_TOKEN"], found["CHAT2DESK_API_ROOT"]) == (TOKEN, BASE)
    assert "CHAT2DESK_MODE" not in found


def test_no_secret_shows_in_the_repr_of_the_state_or_in_a_call() -> None:
    account = Account(webhook_secret="hush-hush")
    body = {"url": "http://127.0.0.1:9/bot/s3cr3t", "events": ["inbox"]}
    call = account.call("POST", "/webhooks", body).call
    assert call is not None and "url" not in call.arguments
    assert not [word for word in (TOKEN, "hush-hush", "s3cr3t") if word in repr(account.state)]


@pytest.mark.parametrize(
    "settings",
    [
        {"mode": "write"},
        {"transport": "pigeon"},
        {"signature_hash": "md4"},
        {"channel_id": "x"},
        {"max_open_dialogs": "-1"},
        {"office_hours": "nine"},
    ],
)
def test_a_setting_that_cannot_be_is_refused(settings: dict[str, str]) -> None:
    with pytest.raises(SettingsError, match=next(iter(settings))):
        Account(**settings)
