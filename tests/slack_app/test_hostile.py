"""Whatever a bot sends or answers, the fake answers in Slack's words, quickly, and grows by nothing."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlencode

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.model import Event, Form, Text, Write
from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.platforms.slack import platform, schema
from chatdrill_fakes.platforms.slack.routes import ROUTES
from deep import tries
from slack_app.kit import MODAL, NOW, Account, answer, error

LAX = settings(max_examples=tries(20, 4000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = [
    "channel", "channel_id", "channels", "user", "users", "user_id", "text", "blocks", "attachments", "thread_ts", "ts", "timestamp",
    "name", "view", "view_id", "trigger_id", "hash", "files", "file", "id", "type", "elements", "element", "accessory", "options",
    "option_groups", "label", "title", "fields", "value", "action_id", "block_id", "url", "image_url", "alt_text", "metadata", "limit",
    "cursor", "types", "oldest", "latest", "status", "chunks", "markdown_text", "message_ts", "filename", "length", "emoji", "style",
]  # fmt: skip
SHAPES = [
    "ANNA", "ROOM", "C0CHATDRILL", *schema.BLOCKS, *schema.ELEMENTS, "modal", "home", "plain_text", "mrkdwn", "1790000000.000100", "1e999",
    "https://[", "9" * 400, "\x00", "\ud83d", "-1", "next:5", "<@U1|", "*_~`", "im,mpim", "[]", "{", "{}", '[{"type":"section"}]',
]  # fmt: skip
words = st.one_of(st.sampled_from(SHAPES), st.text(max_size=20), st.integers(), st.booleans(), st.none(), st.floats())
values = st.recursive(
    words,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)),
    max_leaves=12,
)
bodies = st.dictionaries(st.sampled_from(NAMES), values, max_size=8)


def encoded(body: Any, account: Account) -> bytes:
    """JSON as a careless client writes it: ``NaN``, lone halves of a character and all."""
    known = json.dumps(body).replace('"ANNA"', json.dumps(account.to)).replace('"ROOM"', json.dumps(account.dm))
    return known.encode("utf-8", "surrogatepass")


@LAX
@given(method=st.sampled_from(sorted(ROUTES)), body=bodies, is_json=st.booleans())
def test_no_argument_breaks_a_method(account: Account, method: str, body: dict[str, Any], is_json: bool) -> None:
    account.state.trouble = ""
    token = account.state.settings["app_token"] if method.startswith("apps.") else account.state.token
    headers = (("Authorization", f"Bearer {token}"), ("Content-Type", "application/json"))
    content = encoded(body, account)
    if not is_json:
        flat = {key: value if isinstance(value, str) else json.dumps(value) for key, value in body.items()}
        content = urlencode(flat, errors="replace").encode()
        headers = (headers[0], ("Content-Type", "application/x-www-form-urlencoded"))
    handled = account.handle(HttpRequest("POST", f"/api/{method}", headers, content))
    assert answer(handled)["ok"] in (True, False) and handled.call is not None
    account.play(handled)


@LAX
@given(blocks=st.lists(st.fixed_dictionaries({"type": st.sampled_from(sorted(schema.BLOCKS))}, optional=dict.fromkeys([name for name in NAMES if name != "type"], values)), max_size=4))  # fmt: skip
def test_no_blocks_break_a_message_or_a_view(account: Account, blocks: list[dict[str, Any]]) -> None:
    for method, body in (
        ("chat.postMessage", {"channel": "ANNA", "blocks": blocks}),
        ("views.publish", {"user_id": "ANNA", "view": {"type": "home", "blocks": blocks}}),
    ):
        headers = (("Authorization", f"Bearer {account.state.token}"), ("Content-Type", "application/json"))
        handled = account.handle(HttpRequest("POST", f"/api/{method}", headers, encoded(body, account)))
        assert answer(handled)["ok"] in (True, False)


@LAX
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "get"]),
    url=st.text(max_size=60),
    body=st.binary(max_size=200),
)
def test_no_request_breaks_the_listener(account: Account, method: str, url: str, body: bytes) -> None:
    roots = (
        "/",
        "/api/",
        "/files-pri/",
        "/upload/v1/",
        "/commands/",
        "/services/",
        "/link/",
        "/avatars/",
        "/oauth/v2/authorize?",
    )
    for root in roots:
        request = HttpRequest(method, f"{root}{url}", (("Authorization", f"Bearer {account.state.token}"),), body)
        handled = account.handle(request)
        platform.claims(request, account.state)
        assert handled.response is not None and handled.response.status < 500


@LAX
@given(code=st.integers(100, 599), body=st.binary(max_size=200) | bodies.map(lambda body: json.dumps(body).encode()))
def test_no_answer_of_the_bot_breaks_the_delivery(account: Account, code: int, body: bytes) -> None:
    acts = (Write(parts=(Text(text="Hi"),)), Event(name="slash_command"), Event(name="block_suggestion"))
    for act in acts:
        for got in (HttpResponse(code, body=body), HttpFailure("garbage")):
            ack = platform.read_ack(account.state, account.updates(act), got, NOW)
            for call in ack.calls:
                assert account.handle(call, "webhook_answer").response is not None


@LAX
@given(body=bodies | values)
def test_no_answer_breaks_a_modal_or_a_response_url(account: Account, body: Any) -> None:
    command = account.command()
    account.call("views.open", trigger_id=command["trigger_id"], view=MODAL)
    content = encoded(body, account)
    account.acked(Write(parts=(Form(name="survey", values={"t": "x"}),)), content)
    url = command["response_url"].removeprefix("http://127.0.0.1:8080/slack")
    handled = account.handle(HttpRequest("POST", url, (("Content-Type", "application/json"),), content))
    assert handled.response is not None and handled.response.status < 500


@pytest.mark.parametrize("depth", [100, 900, 5000])
def test_deep_blocks_are_refused_or_read(account: Account, depth: int) -> None:
    nested = '{"elements":[' * depth + "]}" * depth
    block = '{"type":"rich_text","elements":[' + nested + "]}"
    body = '{"text":"x","channel":"' + account.to + '","blocks":[' + block + "]}"
    headers = (("Authorization", f"Bearer {account.state.token}"), ("Content-Type", "application/json"))
    handled = account.handle(HttpRequest("POST", "/api/chat.postMessage", headers, body.encode()))
    assert answer(handled)["ok"] or error(handled) in ("invalid_json", "msg_blocks_too_long")


def test_refused_calls_leave_nothing_behind(account: Account) -> None:
    for number in range(500):
        account.call("chat.postMessage", channel=f"C{number}", text="x")
        account.call("chat.postMessage", channel=account.to, text="x", blocks=[{"type": f"t{number}"}])
        account.call("views.open", trigger_id=f"{number}.1", view=MODAL)
        account.call(f"no.{number}")
    state = account.state
    assert (len(state.rooms), len(state.calls), len(state.triggers), len(account.chat.messages)) == (2, 0, 0, 0)


def test_addresses_and_triggers_do_not_pile_up(account: Account) -> None:
    for _ in range(3000):
        account.command()
        account.now += 10
    assert len(account.state.triggers) < 1100 and len(account.state.replies) < 1100
