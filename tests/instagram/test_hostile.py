"""Whatever a bot sends, the fake answers in Meta's words, quickly, and grows by nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.wire import HttpRequest
from chatdrill_fakes.platforms.instagram import platform
from chatdrill_fakes.platforms.instagram.graph.routes import ROUTES
from deep import tries
from instagram.kit import Account

LAX = settings(max_examples=tries(20, 5000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = [
    "recipient", "id", "comment_id", "message", "text", "attachment", "attachments", "type", "payload", "url", "attachment_id",
    "template_type", "elements", "buttons", "title", "quick_replies", "content_type", "sender_action", "message_id", "reaction",
    "reply_to", "mid", "messaging_type", "tag", "thread_control", "control_type", "fields", "platform", "ice_breakers", "question",
    "persistent_menu", "call_to_actions", "locale", "subscribed_fields", "object", "callback_url", "verify_token", "batch", "method",
    "relative_url", "target_app_id", "duration", "user_id", "limit", "after", "input_token", "grant_type", "client_secret", "code",
]  # fmt: skip
SHAPES = ["TO", "MINE", "image", "template", "generic", "button", "like_heart", "MEDIA_SHARE", "react", "text", "instagram",
          "HUMAN_AGENT", "http://127.0.0.1:9/x", "https://[", "1e999", "\x00", "\ud83d", "-1", "7" * 40, "id{", "default"]  # fmt: skip
words = st.one_of(st.sampled_from(SHAPES), st.text(max_size=30), st.integers(), st.booleans(), st.none(), st.floats())
values = st.recursive(
    words,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)),
    max_leaves=10,
)
PLACES = {"page": "me", "conversation": "THREAD", "message": "MINE", "user": "TO", "app": "614052937184620", "root": ""}


def path_of(account: Account, place: str, edge: str) -> str:
    words = {"THREAD": account.chat.thread_id, "MINE": next(iter(account.chat.messages)), "TO": account.to}
    node = words.get(PLACES[place], PLACES[place])
    return f"/v25.0/{node}/{edge}".replace("//", "/").rstrip("/")


@LAX
@given(
    route=st.sampled_from(sorted(ROUTES)),
    body=st.dictionaries(st.sampled_from(NAMES), values, max_size=8),
    app=st.booleans(),
)
def test_no_argument_breaks_a_call(talk: Account, route: tuple[str, str, str], body: dict[str, Any], app: bool) -> None:
    place, edge, method = route
    mine = next(iter(talk.chat.messages))
    plain = json.dumps(body).replace('"TO"', json.dumps(talk.to)).replace('"MINE"', json.dumps(mine))
    token = talk.state.app_token if app else talk.state.page_token
    headers = (("Content-Type", "application/json"), ("Authorization", f"Bearer {token}"))
    request = HttpRequest(method, path_of(talk, place, edge), headers, plain.encode("utf-8", "surrogatepass"))
    handled = talk.ask(request).handled
    assert handled.wait is not None or (handled.response is not None and handled.response.status < 500)


@LAX
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "get"]),
    url=st.text(max_size=60),
    body=st.binary(max_size=200),
)
def test_no_request_breaks_the_listener(talk: Account, method: str, url: str, body: bytes) -> None:
    for path in (f"/{url}", f"/v25.0/me/{url}", f"/ig_messaging_cdn/?{url}", f"/v/{url}", f"/v25.0/?batch={url}"):
        request = HttpRequest(method, path, (("Authorization", f"Bearer {talk.state.page_token}"),), body)
        platform.claims(request, talk.state)
        handled = talk.ask(request).handled
        assert handled.wait is not None or (
            handled.response is not None and handled.response.status in (*range(500), 501)
        )


@pytest.mark.parametrize("depth", [99, 2000, 100_000])
def test_a_deep_body_is_refused_or_read(talk: Account, depth: int) -> None:
    nested = b'{"a":' * depth + b"1" + b"}" * depth
    for body in (nested, b'{"recipient":{"id":"%b"},"message":%b}' % (talk.to.encode(), nested)):
        headers = (("Content-Type", "application/json"), ("Authorization", f"Bearer {talk.state.page_token}"))
        assert talk.ask(HttpRequest("POST", "/v25.0/me/messages", headers, body)).status == 400


def test_refused_calls_leave_nothing_behind(talk: Account) -> None:
    for number in range(300):
        talk.call("POST", "/v25.0/me/messages", {"recipient": {"id": str(10**15 + number)}, "message": {"text": "x"}})
        talk.send({"text": "x" * 1001})
        talk.call("GET", f"/ig_messaging_cdn/?asset_id={number}&signature=x")
    assert (len(talk.state.chats), len(talk.chat.messages), len(talk.state.cdn), len(talk.state.mids)) == (1, 1, 0, 1)
