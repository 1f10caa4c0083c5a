"""Hostile input, and what the bot may answer to a delivery."""

from __future__ import annotations

import re
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdrill.model import Accept
from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.desks.botframework import desk
from chatdrill_fakes.desks.botframework.routes import ROUTES
from desks.botframework.kit import NOW, Hub, asking

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64) | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=10,
)
FIELDS = st.sampled_from(
    [
        *("type", "name", "text", "from", "value", "attachments", "channelData", "relatesTo", "timestamp", "id"),
        *("members", "bot", "activity", "activities", "topicName", "originalBase64", "pageSize", "continuationToken"),
        *("locale", "replyToId", "contentUrl", "grant_type"),
    ]
)
TYPES = st.sampled_from(["message", "event", "endOfConversation", "messageUpdate", "messageDelete", "typing", "x"])


@given(st.sampled_from(ROUTES), TYPES, st.dictionaries(FIELDS, JSON, max_size=4))
def test_no_arguments_break_a_call(found: Any, kind: str, values: dict[str, Any]) -> None:
    hub = Hub()
    hub.asked()
    path = re.sub(r"\{(\w+)\}", lambda part: {"conversation": "cnv-1"}.get(part[1], "cnv-1|0000001"), found.path)
    handled = hub.call(found.method, path, {"type": kind, "name": "handoff.initiate", "text": "x", **values})
    assert handled.wait is not None or (handled.response is not None and handled.response.status < 500)


@given(st.text(max_size=60), st.binary(max_size=60), st.sampled_from(["GET", "POST", "PUT", "DELETE"]))
def test_no_bytes_break_the_fake(path: str, body: bytes, method: str) -> None:
    hub = Hub()
    for url in (f"/{path}", f"/v3/conversations/{path}/activities", f"/v3/attachments/{path}"):
        handled = hub.call(method, url, body)
        assert handled.response is not None and handled.response.body
        assert isinstance(desk.claims(HttpRequest(method, url), hub.state), bool)


@given(st.text(min_size=1, max_size=20))
def test_any_conversation_id_can_be_told_in_a_header(id: str) -> None:
    hub = Hub()
    handled = hub.post(asking(), id)
    for ticket in hub.state.tickets:
        hub.act(Accept(agent="bob"), ticket)
    for update in hub.state.outbox:
        request = desk.request(hub.state, [update], NOW)
        assert all(value.isascii() and value.isprintable() for _, value in request.headers)
    assert handled.response is not None


@given(st.integers(100, 599))
def test_three_statuses_are_success(code: int) -> None:
    assert desk.read_ack(Hub().state, (), HttpResponse(code), NOW).ok is (code in (200, 201, 202))
    assert not desk.read_ack(Hub().state, (), HttpFailure("refused"), NOW).ok


@pytest.mark.parametrize(("code", "word"), [(401, "Unauthorized"), (429, "Throttled"), (503, "ServiceError")])
def test_a_refusal_is_an_error_of_the_connector(hub: Hub, code: int, word: str) -> None:
    found = desk.refusal(hub.state, code, 7)
    assert (found.status, found.header("retry-after")) == (code, "7")
    assert msgspec.json.decode(found.body)["error"]["code"] == word
