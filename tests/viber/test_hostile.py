"""Whatever a bot sends or answers, the fake answers in its own words, quickly, and grows by nothing."""

from __future__ import annotations

import json
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.model import Start, Text, Write
from chatdrill.wire import Exchange, HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.platforms.viber import contents, keyboards, platform
from chatdrill_fakes.platforms.viber.routes import ROUTES
from deep import tries
from viber.kit import NOW, TOKEN, Account, answer, status

LAX = settings(max_examples=tries(30, 4000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
NAMES = [
    "receiver", "type", "text", "media", "thumbnail", "size", "duration", "file_name", "contact", "location", "lat", "lon",
    "name", "phone_number", "sticker_id", "sender", "avatar", "keyboard", "rich_media", "tracking_data", "min_api_version",
    "broadcast_list", "ids", "id", "url", "event_types", "send_name", "chat_id", "alt_text", "auth_token",
    *keyboards.KEYBOARD, "Buttons", *keyboards.BUTTON,
]  # fmt: skip
SHAPES = [
    "OLENA", *contents.TYPES, "keyboard", "http://127.0.0.1:9/x", "https://[", "#FFFFFF", "reply", "open-url", "7" * 30, "1e999",
    "\x00", "\ud83d", "-1", "hidden", "replace_me_with_user_name",
]  # fmt: skip
words = st.one_of(st.sampled_from(SHAPES), st.text(max_size=30), st.integers(), st.booleans(), st.none(), st.floats())
values = st.recursive(
    words,
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)),
    max_leaves=10,
)
bodies = st.dictionaries(st.sampled_from(NAMES), values, max_size=8)


def encoded(body: Any, to: str) -> bytes:
    """JSON as a careless client writes it: ``NaN``, lone halves of a character and all."""
    return json.dumps(body).replace('"OLENA"', json.dumps(to)).encode("utf-8", "surrogatepass")


@LAX
@given(method=st.sampled_from(sorted(ROUTES)), body=bodies)
def test_no_argument_breaks_a_method(talk: Account, method: str, body: dict[str, Any]) -> None:
    handled = talk.call(method, encoded(body, talk.to))
    talk.state.webhook_url = "http://127.0.0.1:9/hook"
    assert isinstance(status(handled), int) and handled.call is not None
    talk.play(handled)


@LAX
@given(message=st.fixed_dictionaries({"type": st.sampled_from([*contents.TYPES])}, optional=dict.fromkeys(NAMES[2:], values)))  # fmt: skip
def test_no_message_breaks_a_send_or_a_welcome(talk: Account, message: dict[str, Any]) -> None:
    body = encoded({**message, "receiver": talk.to}, talk.to)
    assert isinstance(status(talk.call("send_message", body)), int)
    opening = talk.updates(Start())
    ack = platform.read_ack(talk.state, opening, HttpResponse(200, body=body), NOW)
    for call in ack.calls:
        handled = platform.handle(talk.state, Exchange(call, NOW, "http://x", "webhook_answer"))
        assert handled.wait is not None or isinstance(answer(handled)["status"], int)


@LAX
@given(
    method=st.sampled_from(["GET", "POST", "PUT", "HEAD", "get"]),
    url=st.text(max_size=60),
    body=st.binary(max_size=200),
)
def test_no_request_breaks_the_listener(talk: Account, method: str, url: str, body: bytes) -> None:
    for path in (f"/{url}", f"/pa/{url}", f"/1/share/2/long/vibes/{url}", f"/download_photo?{url}"):
        request = HttpRequest(method, path, (("X-Viber-Auth-Token", TOKEN),), body)
        handled = talk.handle(request)
        platform.claims(request, talk.state)
        assert handled.response is not None and handled.response.status < 500


@LAX
@given(code=st.integers(100, 599), body=st.binary(max_size=200))
def test_no_answer_of_the_bot_breaks_the_delivery(account: Account, code: int, body: bytes) -> None:
    updates = account.updates(Start())
    for got in (HttpResponse(code, body=body), HttpFailure("garbage")):
        assert platform.read_ack(account.state, updates, got, NOW).ok is (got == HttpResponse(200, body=body))


@LAX
@given(text=st.text(min_size=1, max_size=200))
def test_every_text_arrives_as_it_was_written(account: Account, text: str) -> None:
    try:
        text.encode()
    except UnicodeEncodeError:
        return
    assert account.event(Write(parts=(Text(text=text),)))["message"]["text"] == text


@pytest.mark.parametrize("depth", [100, 900, 5000])
def test_a_deep_body_is_refused_or_read(talk: Account, depth: int) -> None:
    nested = b'{"a":' * depth + b"1" + b"}" * depth
    keyboard = b'{"receiver":"%b","keyboard":{"Type":%b,"Buttons":[1]}}' % (talk.to.encode(), nested)
    for body in (nested, keyboard):
        assert status(talk.call("send_message", body[: 30 * 1024])) in (3, 4)


def test_refused_calls_leave_nothing_behind(talk: Account) -> None:
    for number in range(1000):
        talk.call("send_message", {"receiver": f"nobody-{number}", "type": "text", "text": "x"})
        talk.call("send_message", {"receiver": talk.to, "type": "text", "text": "x" * 7001})
    assert (len(talk.state.chats), len(talk.chat.messages), len(talk.state.links)) == (1, 1, 0)


def test_a_body_is_json_to_the_last_byte(account: Account) -> None:
    (update,) = account.updates(Write(parts=(Text(text='"\\/\u2028</script>'),)))
    assert msgspec.json.decode(update.body)["message"]["text"] == '"\\/\u2028</script>'
