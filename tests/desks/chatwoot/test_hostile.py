"""Whatever a bot sends, it gets an answer."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill_fakes.desks.chatwoot.routes import ROUTES
from deep import tries
from desks.chatwoot.kit import ACCOUNT, BOT, USER, Office, good

_IDS = st.sampled_from(["1", "2", "3", "0", "-1", "x", "99999999999999999999", "%00", "tg-42", "cwInboxChatdrill"])
_SCALARS = st.none() | st.booleans() | st.integers(-(2**60), 2**60) | st.floats(allow_nan=False) | st.text(max_size=8)
_VALUES = st.recursive(
    _SCALARS, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)
_NAMES = st.sampled_from(
    [
        "status",
        "content",
        "message_type",
        "assignee_id",
        "assignee_type",
        "team_id",
        "labels",
        "custom_attributes",
        "snoozed_until",
        "priority",
        "source_id",
        "inbox_id",
        "contact_id",
        "message",
        "webhook",
        "url",
        "subscriptions",
        "working_hours",
        "timezone",
        "channel",
        "submitted_values",
        "identifier",
        "identifier_hash",
        "email",
        "page",
        "phone_number",
        "name",
        "sender_id",
        "sender_type",
        "content_attributes",
        "external_created_at",
        "agent_bot",
        "auto_assignment_config",
        "outgoing_url",
        "additional_attributes",
        "q",
        "before",
        "after",
        "status",
        "private",
    ]
)


@st.composite
def _requests(draw: st.DrawFn) -> tuple[str, str, bytes, str]:
    route = draw(st.sampled_from(ROUTES))
    url = route.path
    while "{" in url:
        start, end = url.index("{"), url.index("}")
        known = {"{account_id}": "1", "{inbox_identifier}": "cwInboxChatdrill"}.get(url[start : end + 1])
        url = url[:start] + (known or draw(_IDS)) + url[end + 1 :]
    sent = draw(st.dictionaries(_NAMES, _VALUES, max_size=6).map(msgspec.json.encode) | st.binary(max_size=40))
    return route.method, url, sent, draw(st.sampled_from([BOT, USER]))


def _desk() -> Office:
    office = Office(csat_survey_enabled="yes", rate_limits="no")
    office.queued()
    office.say("Hi")
    office.status("resolved")
    return office


def _is_told(office: Office, answer: Any) -> bool:
    for update in office.told():
        msgspec.json.decode(update.body)
    return answer is not None and 200 <= answer.status < 600


@settings(max_examples=tries(20, 100), deadline=None)
@given(st.lists(_requests(), min_size=1, max_size=4))
def test_any_body_to_any_call_gets_an_answer(requests: list[tuple[str, str, bytes, str]]) -> None:
    office = _desk()
    for method, url, sent, token in requests:
        handled = office.raw(method, url, sent, ("Content-Type", "application/json"), token=token)
        assert _is_told(office, handled.response) and handled.call is not None
        assert handled.response is not None
        msgspec.json.encode([handled.events, handled.call.arguments])


@settings(max_examples=tries(20, 60), deadline=None)
@given(
    st.text(max_size=60), st.binary(max_size=60), st.sampled_from(["", "multipart/form-data; boundary=b", "text/xml"])
)
def test_any_path_gets_an_answer(path: str, sent: bytes, kind: str) -> None:
    office = _desk()
    handled = office.raw("POST", f"/{path}", sent, ("Content-Type", kind), token=USER)
    assert _is_told(office, handled.response) and handled.response is not None and handled.response.status >= 400


@pytest.mark.parametrize("content_type", ["application/x-www-form-urlencoded", "multipart/form-data; boundary=b"])
def test_a_form_with_brackets_is_read_as_rails_reads_it(office: Office, content_type: str) -> None:
    talk = office.talk()
    path = f"{ACCOUNT}/conversations/{talk}/labels"
    if "multipart" in content_type:
        part = '--b\r\nContent-Disposition: form-data; name="labels[]"\r\n\r\n{}\r\n'
        body = "".join([part.format("vip"), part.format("shoes"), "--b--\r\n"])
    else:
        body = "labels[]=vip&labels%5B%5D=shoes"
    assert good(office.raw("POST", path, body.encode(), ("Content-Type", content_type), token=USER))["payload"] == [
        "vip",
        "shoes",
    ]
    assert good(office.raw("POST", f"{path}?labels[]=one&labels[]=two", token=USER))["payload"] == ["one", "two"]
