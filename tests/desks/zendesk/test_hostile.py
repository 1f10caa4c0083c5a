"""Whatever a bot sends, the desk answers; nothing escapes, and nothing is answered by an empty yes."""

from __future__ import annotations

from typing import Any

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.wire import Fetched, Handled
from chatdrill_fakes.desks.zendesk.routes import ROUTES
from deep import tries
from desks.zendesk.kit import Account

LAX = settings(max_examples=tries(40, 150), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
EMPTY = {204}
NAMES = [
    "ticket", "user", "comment", "body", "author_id", "public", "uploads", "status", "assignee_id", "group_id", "tags",
    "custom_fields", "requester", "requester_id", "safe_update", "updated_stamp", "external_id", "email", "name", "id",
    "satisfaction_rating", "score", "ids", "webhook", "subscriptions", "endpoint", "html_body", "ticket_id", "comments",
    "author", "type", "userExternalId", "content", "text", "mediaUrl", "metadata", "participants", "profile", "triggers",
    "target", "switchboardIntegration", "integrationId", "messageHistoryCount", "page[size]", "page[after]", "items",
    "coordinates", "priority", "via_followup_source_id", "deliverStandbyEvents", "externalId", "subtypes", "created_at",
]  # fmt: skip
WORDS = ["user", "business", "text", "image", "file", "tg-42", "http://a.b/c", "new", "solved", "closed", "next", "good",
         "personal", "sdkGroup", "TICKET", "TALK", "-1", "9" * 30, "\x00", "2026-01-15T10:00:00Z", "zd:agentWorkspace"]  # fmt: skip
words = st.one_of(
    st.sampled_from(WORDS), st.text(max_size=30), st.integers(), st.booleans(), st.none(), st.floats(allow_nan=False)
)
values = st.recursive(
    words,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)),
    max_leaves=10,
)
bodies = st.dictionaries(st.sampled_from(NAMES), values, max_size=6)


def is_answer(handled: Handled) -> bool:
    if handled.response is None:
        return handled.wait is not None
    status = handled.response.status
    return 200 <= status < 600 and (bool(handled.response.body) or status in EMPTY)


def filled(path: str, account: Account, talk: str, number: int) -> str:
    known = {
        "{app}": account.state.settings["app_id"],
        "{cid}": talk,
        "{user}": "tg-42",
        "{sid}": account.state.switchboard.id if account.state.switchboard else "0",
        "{siid}": next(iter(account.state.stations), "0"),
        "{iid}": account.state.settings["integration_id"],
        "{id}": str(number),
    }
    for name, value in known.items():
        path = path.replace(name, value)
    return path


@LAX
@given(route=st.sampled_from(ROUTES), body=bodies)
def test_no_body_breaks_a_call(route: Any, body: dict[str, Any]) -> None:
    account = Account(rate_limits="no")
    talk, number = account.handed_over(), account.ticket()
    content = (
        msgspec.json.encode(body).replace(b'"TICKET"', str(number).encode()).replace(b'"TALK"', f'"{talk}"'.encode())
    )
    path = filled(route.path, account, talk, number)
    handled = account.call(route.method, path, content)
    if handled.wait is not None:
        read = {url: Fetched(error="refused") for url in handled.wait.urls}  # type: ignore[union-attr]
        handled = account.call(route.method, path, content, fetched=read)
    assert is_answer(handled) and handled.response is not None


@LAX
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "X"]),
    path=st.one_of(
        st.text(max_size=40).map(lambda text: f"/{text}"),
        st.text(max_size=20).map(lambda text: f"/api/v2/tickets/{text}"),
        st.text(max_size=20).map(lambda text: f"/sc/v2/apps/5ebee0975ac5304b664a12fa/{text}"),
        st.text(max_size=20).map(lambda text: f"/attachments/token/{text}"),
    ),
    kind=st.sampled_from(["application/json", "multipart/form-data; boundary=b", "text/plain", "", "\x00;"]),
    body=st.binary(max_size=120),
)
def test_no_request_breaks_the_router(account: Account, method: str, path: str, kind: str, body: bytes) -> None:
    assert is_answer(account.call(method, path, body, kind=kind))


@LAX
@given(header=st.text(max_size=60))
def test_no_credentials_break_the_gate(account: Account, header: str) -> None:
    for path in ("/api/v2/users/me", "/v2/apps/5ebee0975ac5304b664a12fa"):
        for shown in (header, f"Basic {header}", f"Bearer {header}"):
            refused = account.call("GET", path, auth=("Authorization", shown))
            assert refused.response is not None and refused.response.status in (401, 429)
