"""Whatever a bot sends or answers, the fake answers in its own words, quickly, and grows by nothing."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.errors import SettingsError
from chatdrill.model import Text, Write
from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.platforms.line import messages, platform
from chatdrill_fakes.platforms.line.routes import ROUTES
from deep import tries
from line.kit import AUTH, JSON, NOW, Account, answer, status

LAX = settings(max_examples=tries(30, 4000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = [
    "to", "replyToken", "messages", "type", "text", "altText", "template", "contents", "columns", "actions", "action", "label", "data",
    "quickReply", "items", "emojis", "index", "productId", "emojiId", "substitution", "mentionee", "userId", "sender", "name", "iconUrl",
    "originalContentUrl", "previewImageUrl", "duration", "trackingId", "latitude", "longitude", "title", "address", "baseUrl", "baseSize",
    "width", "height", "area", "x", "y", "body", "hero", "layout", "uri", "mode", "initial", "size", "areas", "bounds", "selected",
    "chatBarText", "richMenuId", "richMenuAliasId", "userIds", "chatId", "loadingSeconds", "markAsReadToken", "endpoint", "quoteToken",
    "grant_type", "client_assertion", "limit", "max", "recipient", "notificationDisabled", "defaultAction", "altUri", "desktop",
]  # fmt: skip
MESSAGE = [
    "text", "altText", "template", "contents", "quickReply", "emojis", "substitution", "sender", "originalContentUrl", "latitude", "baseSize",
]  # fmt: skip
SHAPES = [
    "OLENA", *messages.KINDS, "buttons", "confirm", "carousel", "image_carousel", "bubble", "box", "button", "postback", "message",
    "datetimepicker", "richmenuswitch", "mention", "emoji", "user", "https://a.test/x", "https://[", "$ {who} {{ }", "7" * 30, "1e999",
    "\x00", "\ud83d", "-1", "date", "a.b.c",
]  # fmt: skip
words = st.one_of(st.sampled_from(SHAPES), st.text(max_size=30), st.integers(), st.booleans(), st.none(), st.floats())
values = st.recursive(
    words,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)),
    max_leaves=8,
)
bodies = st.dictionaries(st.sampled_from(NAMES), values, max_size=8)


def encoded(body: Any, to: str) -> bytes:
    """JSON as a careless client writes it: ``NaN``, lone halves of a character and all."""
    return json.dumps(body).replace('"OLENA"', json.dumps(to)).encode("utf-8", "surrogatepass")


def path_of(path: str, to: str) -> str:
    for hole in ("{userId}", "{groupId}", "{roomId}", "{id}", "{menuId}", "{alias}", "{kind}", "{chatId}"):
        path = path.replace(hole, to)
    return path


@LAX
@given(route=st.sampled_from(ROUTES), body=bodies)
def test_no_argument_breaks_a_call(account: Account, route: Any, body: dict[str, Any]) -> None:
    handled = account.call(path_of(route.path, account.to), encoded(body, account.to), route.verb)
    assert 200 <= status(handled) < 500 and handled.call is not None


@LAX
@given(
    message=st.fixed_dictionaries({"type": st.sampled_from([*messages.KINDS])}, optional=dict.fromkeys(MESSAGE, values))
)
def test_no_message_breaks_a_send(account: Account, message: dict[str, Any]) -> None:
    account.state.limited = False
    body = encoded({"to": account.to, "messages": [message]}, account.to)
    assert status(account.call("/v2/bot/message/push", body)) in (200, 400)


@LAX
@given(
    inner=st.fixed_dictionaries(
        {"type": st.sampled_from(["buttons", "confirm", "carousel", "image_carousel", "bubble"])},
        optional=dict.fromkeys(
            ["text", "title", "actions", "columns", "contents", "body", "hero", "defaultAction"], values
        ),
    )
)
def test_no_template_and_no_bubble_breaks_a_send(account: Account, inner: dict[str, Any]) -> None:
    account.state.limited = False
    for message in ({"type": "template", "template": inner}, {"type": "flex", "contents": inner}):
        body = encoded({"to": account.to, "messages": [{"altText": "x", **message}]}, account.to)
        assert status(account.call("/v2/bot/message/push", body)) in (200, 400)


@LAX
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "DELETE", "get"]),
    url=st.text(max_size=60),
    body=st.binary(max_size=200),
)
def test_no_request_breaks_the_listener(account: Account, method: str, url: str, body: bytes) -> None:
    for path in (
        f"/{url}",
        f"/v2/bot/{url}",
        f"/v2/bot/message/{url}/content",
        f"/oauth2/{url}",
        f"/v2/bot/profile/{url}",
    ):
        request = HttpRequest(method, path, (AUTH, JSON), body)
        handled = account.handle(request)
        platform.claims(request, account.state)
        assert handled.response is not None and handled.response.status < 500


@LAX
@given(code=st.integers(100, 599), body=st.binary(max_size=200))
def test_no_answer_of_the_bot_breaks_the_delivery(account: Account, code: int, body: bytes) -> None:
    updates = account.updates(Write(parts=(Text(text="Hi"),)))
    assert platform.read_ack(account.state, updates, HttpResponse(code, body=body), NOW).ok is (200 <= code < 300)
    assert not platform.read_ack(account.state, updates, HttpFailure("garbage"), NOW).ok


@pytest.mark.parametrize("depth", [100, 900, 5000, 100_000])
def test_a_deep_body_is_refused_or_read(account: Account, depth: int) -> None:
    box, end = b'{"type":"box","layout":"vertical","contents":[' * depth, b"]}" * depth
    flex = b'{"type":"flex","altText":"x","contents":{"type":"bubble","body":' + box + end + b"}}"
    for message in (b'{"a":' * depth + b"1" + b"}" * depth, flex):
        body = b'{"to":"%b","messages":[%b]}' % (account.to.encode(), message)
        assert status(account.call("/v2/bot/message/push", body)) in (400, 413)


def test_refused_calls_leave_nothing_behind(account: Account) -> None:
    account.state.limited = False
    for number in range(500):
        account.push({"type": "text", "text": "x"}, to=f"U{number:032x}", key=f"00000000-0000-0000-0000-{number:012}")
        account.push({"type": "text", "text": "x" * 5001})
        account.reply(f"{number:032x}")
    state = account.state
    assert (len(state.chats), len(account.chat.messages), len(state.accepted), len(state.links), len(state.quotes)) == (
        1,
        0,
        0,
        0,
        0,
    )


@pytest.mark.parametrize(
    ("name", "value"), [("quota", "many"), ("quota", "-1"), ("preparing_s", "x"), ("user_id", "me")]
)
def test_a_setting_that_cannot_be_read_is_told(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"line.{name}"):
        Account(**{name: value})


def test_a_body_is_json_to_the_last_byte(account: Account) -> None:
    (update,) = account.updates(Write(parts=(Text(text='"\\/\u2028</script>'),)))
    assert msgspec.json.decode(update.body)["message"]["text"] == '"\\/\u2028</script>'
    assert answer(account.get("/v2/bot/info"))["displayName"] == "Acme Help"
