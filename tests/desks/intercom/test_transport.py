"""What holds for every call: token, version, rate, errors, and that nothing a bot sends breaks the desk."""

from __future__ import annotations

import base64

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill.errors import SettingsError
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, HttpRequest
from chatdrill_fakes.desks.intercom import desk as intercom
from chatdrill_fakes.desks.intercom.routes import REFUSED, ROUTES
from deep import tries
from desks.intercom.kit import BASE, NOW, SECRET, TOKEN, Desk


@pytest.mark.parametrize("token", [None, "wrong"])
def test_a_call_needs_the_token(desk: Desk, token: str | None) -> None:
    assert desk.refused("GET", "/admins", token=token) == (401, "unauthorized", "Access Token Invalid")


@pytest.mark.parametrize(("pair", "status"), [(f"{TOKEN}:", 200), ("wrong:", 401), (TOKEN, 401)])
def test_older_clients_send_the_token_as_a_user_name(desk: Desk, pair: str, status: int) -> None:
    basic = (("Authorization", f"Basic {base64.b64encode(pair.encode()).decode()}"),)
    response = desk.call("GET", "/me", token=None, headers=basic).response
    assert response is not None and response.status == status
    broken = desk.call("GET", "/me", token=None, headers=(("Authorization", "Basic %"),)).response
    assert broken is not None and broken.status == 401


@pytest.mark.parametrize("version", ["2.14", "1.0", "Unstable"])
def test_the_answer_echoes_the_version(desk: Desk, version: str) -> None:
    handled = desk.call("GET", "/me", headers=(("Intercom-Version", version),))
    assert handled.response is not None and handled.response.header("intercom-version") == version
    plain = desk.call("GET", "/me").response
    assert plain is not None and plain.header("intercom-version") == "2.14"


def test_an_unknown_version_is_refused(desk: Desk) -> None:
    refused = desk.refused("GET", "/me", headers=(("Intercom-Version", "9.9"),))
    assert refused[:2] == (400, "intercom_version_invalid")


def test_the_rate_is_kept_in_windows_of_ten_seconds() -> None:
    desk = Desk(calls_per_minute="60")
    desk.now = 1_795_212_340.0
    for left in range(9, -1, -1):
        response = desk.call("GET", "/me").response
        assert response is not None and response.header("x-ratelimit-remaining") == str(left)
    message = "The rate limit for the App has been exceeded"
    assert desk.refused("GET", "/me") == (429, "rate_limit_exceeded", message)
    response = desk.call("GET", "/me").response
    assert response is not None and response.header("x-ratelimit-reset") == "1795212350"
    assert response.header("x-ratelimit-limit") == "10"
    desk.now += 10
    assert desk.ok("GET", "/me")["type"] == "admin"


def test_the_rate_limit_can_be_switched_off() -> None:
    desk = Desk(calls_per_minute="6", rate_limits="no")
    assert [desk.ok("GET", "/me")["type"] for _ in range(3)] == ["admin"] * 3


def test_an_unknown_path_is_not_found(desk: Desk) -> None:
    assert desk.refused("GET", "/nothing") == (404, "not_found", "Resource Not Found")
    assert desk.call("PATCH", "/contacts").call.support == "unknown"  # type: ignore[union-attr]


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_not_emulated_answers_loudly(desk: Desk, name: str) -> None:
    method, path = name.split(" ")
    handled = desk.call(method, path.replace("{rest*}", "1/x").replace("{", "").replace("}", ""))
    assert handled.response is not None and handled.response.status == 501
    assert handled.call is not None and (handled.call.support, handled.call.ok) == ("refused", False)


def test_a_body_that_is_no_json_is_refused(desk: Desk) -> None:
    for body in (b"{", b"[1]", b"\xff"):
        assert desk.refused("POST", "/contacts", body)[:2] == (400, "parameter_invalid")


@pytest.mark.parametrize("status", [400, 401, 403, 404, 409, 418, 422, 429, 500, 502, 503])
def test_an_injected_fault_is_worded_as_the_vendor_does(desk: Desk, status: int) -> None:
    response = intercom.refusal(desk.state, status, 7)
    assert response.status == status and response.header("retry-after") == "7"
    assert msgspec.json.decode(response.body)["type"] == "error.list"


def test_no_secret_shows(desk: Desk) -> None:
    files = [{"data": "c2VjcmV0LWJ5dGVz", "name": "a", "content_type": "text/plain"}]
    said = {"type": "user", "user_id": "tg-42", "body": "See", "attachment_files": files}
    handled = desk.call("POST", f"/conversations/{desk.conversation()}/reply", said)
    shown = repr(handled.call) + repr(desk.state)
    assert TOKEN not in shown and SECRET not in shown and "c2VjcmV0LWJ5dGVz" not in shown


def test_the_environment_points_a_bot_at_the_fake(desk: Desk) -> None:
    found = intercom.environment(desk.state, BASE + "/")
    assert found["INTERCOM_API_ROOT"] == BASE and found["INTERCOM_API_KEY"] == TOKEN
    assert {each.env for each in intercom.settings} < set(found)


def test_a_call_with_the_token_is_claimed(desk: Desk) -> None:
    bearer = (("Authorization", f"Bearer {TOKEN}"),)
    assert intercom.claims(HttpRequest("GET", "/me", bearer), desk.state)
    assert not intercom.claims(HttpRequest("GET", "/me"), desk.state)


@pytest.mark.parametrize("wrong", [{"distribution": "fair"}, {"team_id": "a"}, {"version": "9"}])
def test_a_wrong_setting_is_explained(wrong: dict[str, str]) -> None:
    given_settings = {each.name: each.default for each in intercom.settings} | wrong
    with pytest.raises(SettingsError, match=next(iter(wrong))):
        intercom.open(given_settings, Seed(1).stream("t"))


def test_one_seed_gives_the_same_ids() -> None:
    first, second = Desk(), Desk()
    assert [first.conversation(), first.id()] == [second.conversation(), second.id()]
    assert [update.body for update in first.updates()] == [update.body for update in second.updates()]


def test_hiring_again_changes_nothing(desk: Desk) -> None:
    before = desk.id()
    intercom.hire(desk.state, desk.state.seats["bob"].agent)
    assert desk.id() == before and len(desk.state.seats) == 2


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**70), 2**70) | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
_NAMES = (
    "from", "type", "id", "body", "message_type", "admin_id", "assignee_id", "snoozed_until", "query", "pagination",
    "attachment_urls", "attachment_files", "reply_options", "contacts", "ticket_type_id", "ticket_attributes",
    "assignment", "customer", "custom_attributes", "role", "email", "external_id", "created_at", "open", "per_page",
    "ticket_state_id", "conversation_id", "conversation_part_id", "source_id", "user_id", "title", "name", "into",
)  # fmt: skip
_WORDS = st.sampled_from(["user", "admin", "team", "note", "assignment", "snoozed", "53", "0", "AND", "source"])
_BODIES = st.dictionaries(st.sampled_from(_NAMES), _JSON | _WORDS, max_size=6)


@settings(max_examples=tries(50, 300), deadline=None)
@given(st.sampled_from(ROUTES), _BODIES, st.integers(0, 3))
def test_no_value_of_any_field_breaks_a_call(route: object, body: dict[str, object], known: int) -> None:
    desk = Desk()
    ticket = desk.conversation()
    method, path = getattr(route, "method", ""), getattr(route, "path", "")
    names = {"{id}": ticket if known else "12", "{tag_id}": "1", "{contact_id}": "1", "{external_id}": "tg-42"}
    for name, value in {**names, "{sha256}": "0", "{name}": "x"}.items():
        path = path.replace(name, value)
    handled = desk.call(method, path, {"admin_id": "991267459", "type": "admin", **body} if known > 1 else body)
    assert handled.wait is not None or (handled.response is not None and handled.response.body)


@settings(max_examples=tries(50, 200), deadline=None)
@given(st.sampled_from(["GET", "POST", "PUT", "DELETE", "HEAD"]), st.text(max_size=30), st.binary(max_size=60))
def test_no_bytes_to_any_path_break_the_desk(method: str, path: str, body: bytes) -> None:
    desk = Desk()
    headers = (("Authorization", f"Bearer {TOKEN}"), ("Content-Type", "application/json"))
    handled = intercom.handle(desk.state, Exchange(HttpRequest(method, f"/{path}", headers, body), NOW))
    assert handled.response is not None and handled.response.body and handled.call is not None
