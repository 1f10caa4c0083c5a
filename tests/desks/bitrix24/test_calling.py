"""The envelope: paths, encodings, authentication, errors, rates."""

from __future__ import annotations

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill_fakes.desks.bitrix24 import desk
from chatdrill_fakes.desks.bitrix24.calls import PAGE
from chatdrill_fakes.desks.bitrix24.methods import METHODS
from deep import tries
from desks.bitrix24.kit import CODE, FORM, NOW, TOKEN, Portal, answer, error

_SHAPES = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text(max_size=8), st.sampled_from(["1", "Y", "chat1", "[b]x"])
    ),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["0", "ID", "user", "message", "chat", "id", "text", "CODE", "name"]), inner),
    ),
    max_leaves=6,
)
_NAMES = [
    "CONNECTOR", "LINE", "MESSAGES", "CHAT_ID", "fields", "FIELDS", "ID", "cmd", "event", "handler", "filter", "order",
    "botId", "dialogId", "BOT_ID", "DIALOG_ID", "MESSAGE", "PARAMS", "CONFIG_ID", "entityTypeId", "TYPE", "values",
    "start", "USER_ID", "TRANSFER_ID", "select",
]  # fmt: skip


@pytest.mark.parametrize("path", ["server.time", "server.time.json", "SERVER.TIME", "server.time/"])
@pytest.mark.parametrize("way", ["GET", "POST"])
def test_a_method_is_called_by_any_spelling_of_its_path(portal: Portal, path: str, way: str) -> None:
    handled = portal.raw(way, f"/rest/{path}?auth={TOKEN}")
    body = answer(handled)
    assert body["result"] == "2026-11-20T22:05:45+00:00"
    assert handled.call is not None and handled.call.method == "server.time"
    assert body["time"]["start"] == NOW and body["time"]["operating_reset_at"] == NOW + 600
    assert set(body["time"]) >= {"finish", "duration", "processing", "date_start", "date_finish", "operating"}


def test_brackets_and_json_say_the_same(portal: Portal) -> None:
    body = b"fields[TITLE]=Parcel&fields[PHONE][0][VALUE]=%2B49&fields[PHONE][][VALUE]=%2B50&auth=" + TOKEN.encode()
    made = answer(portal.raw("POST", "/rest/crm.lead.add", body, FORM))["result"]
    row = portal.result("crm.lead.get", {"ID": made})
    assert row["TITLE"] == "Parcel" and [each["VALUE"] for each in row["PHONE"]] == ["+49", "+50"]


def test_a_bearers_header_will_do(portal: Portal) -> None:
    from chatdrill.wire import Exchange, HttpRequest

    request = HttpRequest("POST", "/rest/profile", (("Authorization", f"Bearer {TOKEN}"),))
    handled = desk.handle(portal.state, Exchange(request, NOW))
    assert answer(handled)["result"]["ADMIN"] is True


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/rest/profile", (401, "NO_AUTH_FOUND", "Wrong authorization data")),
        ("/rest/profile?auth=wrong", (401, "NO_AUTH_FOUND", "Wrong authorization data")),
        ("/rest/1/wrong/profile", (401, "NO_AUTH_FOUND", "Wrong authorization data")),
        (f"/rest/2/{CODE}/profile", (401, "NO_AUTH_FOUND", "Wrong authorization data")),
        (f"/rest/1/{CODE}/no.such.thing", (404, "ERROR_METHOD_NOT_FOUND", "Method not found!")),
        ("/elsewhere", (404, "ERROR_METHOD_NOT_FOUND", "Method not found!")),
    ],
)
def test_what_cannot_be_is_refused_in_the_portals_words(portal: Portal, url: str, expected: object) -> None:
    assert error(portal.raw("GET", url)) == expected


@pytest.mark.parametrize("method", ["imconnector.send.messages", "event.bind", "imconnector.status", "app.info"])
def test_an_incoming_webhook_is_no_application(portal: Portal, method: str) -> None:
    words = "Current authorization type is denied for this method Application context required"
    assert error(portal.hooked(method)) == (403, "WRONG_AUTH_TYPE", words)


def test_a_scope_that_was_not_given_is_missed() -> None:
    portal = Portal(scope="imopenlines")
    assert error(portal.call("crm.lead.list"))[:2] == (403, "insufficient_scope")
    assert portal.call("imopenlines.config.list.get").call.ok


def test_what_is_not_emulated_answers_loudly(portal: Portal) -> None:
    handled = portal.call("im.message.add", {"DIALOG_ID": "chat1"})
    assert error(handled)[0] == 501
    assert handled.call is not None and handled.call.support == "refused" and not handled.call.ok


def test_an_unknown_method_is_marked_as_such(portal: Portal) -> None:
    handled = portal.call("imconnector.send.message")
    assert handled.call is not None and handled.call.support == "unknown" and not handled.call.ok


def test_the_fifty_first_call_at_once_is_too_much(portal: Portal) -> None:
    taken = [portal.call("server.time").response.status for _ in range(51)]
    assert taken == [200] * 50 + [503]
    assert error(portal.call("server.time")) == (503, "QUERY_LIMIT_EXCEEDED", "Too many requests")
    portal.now += 1.0
    assert [portal.call("server.time").response.status for _ in range(3)] == [200, 200, 503]


def test_the_rate_can_be_switched_off_and_is_wider_for_an_enterprise() -> None:
    free, large = Portal(rate_limits="no"), Portal(enterprise="yes")
    assert {free.call("server.time").response.status for _ in range(300)} == {200}
    assert [large.call("server.time").response.status for _ in range(251)][-2:] == [200, 503]


def test_a_refresh_token_works_once_and_its_access_token_an_hour(portal: Portal) -> None:
    own = portal.state.settings
    url = f"/oauth/token/?grant_type=refresh_token&client_id={own['client_id']}&client_secret={own['client_secret']}"
    url += f"&refresh_token={own['refresh_token']}"
    first = answer(portal.raw("GET", url))
    assert first["expires_in"] == 3600 and first["member_id"] == own["member_id"] and first["status"] == "L"
    assert first["client_endpoint"] == "https://chatdrill.bitrix24.com/rest/"
    assert error(portal.raw("GET", url))[:2] == (400, "invalid_grant")
    assert portal.call("profile", token=first["access_token"]).response.status == 200
    portal.now += 3600
    assert error(portal.call("profile", token=first["access_token"]))[:2] == (401, "expired_token")


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ("grant_type=refresh_token&client_id=x", "invalid_client"),
        ("grant_type=refresh_token&client_id={id}&client_secret=x", "invalid_client"),
        ("grant_type=password&client_id={id}&client_secret={secret}", "unsupported_grant_type"),
        ("grant_type=authorization_code&client_id={id}&client_secret={secret}&code=1", "invalid_grant"),
    ],
)
def test_the_oauth_server_refuses_what_is_wrong(portal: Portal, said: str, code: str) -> None:
    own = portal.state.settings
    query = said.format(id=own["client_id"], secret=own["client_secret"])
    assert error(portal.raw("GET", f"/oauth/token/?{query}"))[1] == code


def test_the_first_token_ends_too_if_it_shall() -> None:
    portal = Portal(tokens_expire="yes")
    portal.result("profile")
    portal.now += 3599
    portal.result("profile")
    portal.now += 1
    assert error(portal.call("profile"))[:2] == (401, "expired_token")


def test_a_list_comes_by_fifties(portal: Portal) -> None:
    portal.state.bucket.burst = portal.state.bucket.tokens = 500.0
    for number in range(PAGE + 1):
        portal.result("crm.lead.add", {"fields": {"TITLE": f"{number}"}})
    first = answer(portal.call("crm.lead.list"))
    second = answer(portal.call("crm.lead.list", {"start": 50}))
    assert (len(first["result"]), first["total"], first["next"]) == (50, 51, 50)
    assert len(second["result"]) == 1 and "next" not in second


def test_a_batch_keeps_failures_apart_and_uses_results(portal: Portal) -> None:
    commands = {"a": "crm.lead.add?fields[TITLE]=Box", "b": "crm.lead.get?ID=$result[a]", "c": "no.such", "d": "batch"}
    found = portal.result("batch", {"halt": 0, "cmd": commands})
    assert found["result"]["b"]["TITLE"] == "Box"
    assert found["result_error"]["c"]["error"] == "ERROR_METHOD_NOT_FOUND"
    assert found["result_error"]["d"]["error"] == "ERROR_BATCH_METHOD_NOT_ALLOWED"
    assert set(found) == {"result", "result_error", "result_total", "result_next", "result_time"}


def test_a_batch_that_halts_stops_at_the_first_failure(portal: Portal) -> None:
    found = portal.result("batch", {"halt": 1, "cmd": ["no.such", "server.time"]})
    assert found["result"] == [] and list(found["result_error"][0]) == ["error", "error_description"]


def test_a_batch_takes_fifty_calls_and_no_more(portal: Portal) -> None:
    assert len(portal.result("batch", {"cmd": ["server.time"] * 50})["result"]) == 50
    handled = portal.call("batch", {"cmd": ["server.time"] * 51})
    assert error(handled) == (400, "ERROR_BATCH_LENGTH_EXCEEDED", "Max batch length exceeded")


def test_no_secret_is_shown(portal: Portal) -> None:
    handled = portal.call("imbot.register", {"CODE": "x", "CLIENT_ID": "hush", "fields": {"botToken": "hush"}})
    shown = repr(handled.call) + repr(portal.state)
    own = portal.state.settings
    for name in ("access_token", "refresh_token", "client_secret", "application_token", "webhook_code"):
        assert own[name] not in shown
    assert "hush" not in repr(handled.call) and "'CODE': 'x'" in repr(handled.call)


@pytest.mark.parametrize(
    ("status", "code"), [(429, "OPERATION_TIME_LIMIT"), (503, "QUERY_LIMIT_EXCEEDED"), (500, "INTERNAL_SERVER_ERROR")]
)
def test_an_injected_fault_looks_like_the_portals(portal: Portal, status: int, code: str) -> None:
    response = desk.refusal(portal.state, status, 3)
    assert response.status == status and msgspec.json.decode(response.body)["error"] == code


@settings(max_examples=tries(50, 300), deadline=None)
@given(
    method=st.sampled_from([*sorted(METHODS), "batch"]),
    args=st.dictionaries(st.sampled_from(_NAMES), _SHAPES, max_size=5),
)
def test_no_argument_breaks_a_method(method: str, args: dict[str, object]) -> None:
    portal = Portal(rate_limits="no")
    portal.sent()
    try:
        handled = portal.call(method, args)
    except (OverflowError, msgspec.ValidationError, TypeError):
        return  # the test's own encoder
    assert (handled.response is None) == (handled.wait is not None)
    assert handled.wait is not None or {"result", "error"} & set(answer(handled))


@settings(max_examples=tries(40, 150), deadline=None)
@given(
    way=st.sampled_from(["GET", "POST", "PUT", "DELETE"]),
    path=st.text(max_size=30),
    prefix=st.sampled_from(["/", "/rest/", f"/rest/1/{CODE}/", "/oauth/token/", "/bitrix/services/main/ajax.php?"]),
    kind=st.sampled_from(["", "application/json", FORM, "multipart/form-data; boundary=x"]),
    body=st.binary(max_size=60),
)
def test_no_bytes_break_the_desk(way: str, path: str, prefix: str, kind: str, body: bytes) -> None:
    handled = Portal().raw(way, prefix + path, body, kind)
    assert handled.response is not None and handled.response.body
