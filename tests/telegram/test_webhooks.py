"""Webhooks: setting them, what is sent, and what the bot's answer means."""

from __future__ import annotations

import base64
import json

import pytest

from chatdrill.model import Text, Write
from chatdrill.wire import Exchange, HttpFailure, HttpResponse
from chatdrill_fakes.platforms.telegram import platform

URL = "https://bots.acme.test/tg/hook"
JSON = (("Content-Type", "application/json"),)


@pytest.fixture
def hooked(drill):
    drill.answer("setWebhook", url=URL, secret_token="s3cr3t_A-1")
    return drill


def _update(drill):
    return drill.queue(Write(parts=(Text(text="hi"),)))


def _ack(drill, answer):
    return platform.read_ack(drill.state, _update(drill), answer, drill.now)


def _delivered(drill):
    return platform.request(drill.state, _update(drill), drill.now)


# ----------------------------------------------------------------------------------------------- setting


def test_setting_and_deleting_say_what_they_did(drill):
    assert drill.answer("setWebhook", url=URL) == {"ok": True, "result": True, "description": "Webhook was set"}
    assert drill.state.webhook_url == URL
    assert drill.answer("setWebhook", url=URL)["description"] == "Webhook is already set"
    assert drill.answer("setWebhook", url=URL, secret_token="a")["description"] == "Webhook was set"
    assert drill.answer("setWebhook", url="")["description"] == "Webhook was deleted"
    assert drill.state.webhook_url is None
    assert drill.answer("deleteWebhook")["description"] == "Webhook is already deleted"


def test_setting_and_dropping_wake_whoever_delivers(drill):
    woken = []
    drill.write("old")
    drill.state.outbox.listeners.append(lambda: woken.append(True))
    drill.call("setWebhook", url=URL, drop_pending_updates=True)
    assert woken and len(drill.state.outbox) == 0


@pytest.mark.parametrize(
    ("arguments", "error"),
    [
        ({"url": "ftp://x.y"}, "invalid webhook URL specified"),
        ({"url": "https://"}, "invalid webhook URL specified"),
        ({"url": "https://a b.test/"}, "invalid webhook URL specified"),
        ({"url": "https://a.test:99999/"}, "invalid webhook URL specified"),
        ({"url": URL, "secret_token": "x" * 257}, "secret token is too long"),
        ({"url": URL, "secret_token": "x y"}, "secret token contains unallowed characters"),
    ],
)
def test_wrong_settings_are_refused(drill, arguments, error):
    assert drill.error("setWebhook", **arguments) == f"400 Bad Request: {error}"


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://bots.acme.test/", "An HTTPS URL must be provided for webhook"),
        ("https://bots.acme.test:8080/", "Webhook can be set up only on ports 80, 88, 443 or 8443"),
        ("https://10.0.0.5/", "IP address 10.0.0.5 is reserved"),
        ("https://localhost/", "IP address 127.0.0.1 is reserved"),
        ("https://[2606:4700::1]/", "IPv6-only addresses are not allowed"),
    ],
)
def test_the_clouds_conditions_hold_where_the_setting_is_strict(make_drill, url, error):
    strict, lax = make_drill(strict="yes", rate_limits="no"), make_drill(rate_limits="no")
    assert strict.error("setWebhook", url=url) == f"400 Bad Request: bad webhook: {error}"
    assert lax.call("setWebhook", url=url) is True


def test_setting_twice_within_a_second_is_too_fast(make_drill):
    drill = make_drill()
    drill.call("setWebhook", url=URL)
    assert drill.error("setWebhook", url=URL) == "429 Too Many Requests: retry after 1"
    drill.now += 1.5
    assert drill.call("setWebhook", url=URL) is True


def test_a_certificate_is_uploaded(drill, read):
    read(drill.upload("setWebhook", {"certificate": ("c.pem", b"-----BEGIN")}, url=URL))
    assert drill.call("getWebhookInfo")["has_custom_certificate"] is True
    handled = drill.upload("setWebhook", {"certificate": ("c.pem", bytes((3 << 20) + 1))}, url=URL)
    description = json.loads(handled.response.body)["description"]
    assert description == "Bad Request: certificate size is too big (3145729 bytes)"


def test_the_information_without_a_webhook(drill):
    assert drill.handle("getWebhookInfo").response.body == (
        b'{"ok":true,"result":{"url":"","has_custom_certificate":false,"pending_update_count":0}}'
    )


def test_the_information_tells_of_the_last_error(hooked):
    _ack(hooked, HttpResponse(500))
    hooked.call("setWebhook", url=URL, secret_token="s3cr3t_A-1", allowed_updates=["callback_query", "message", "junk"])
    assert hooked.call("getWebhookInfo") == {
        "url": URL,
        "has_custom_certificate": False,
        "pending_update_count": 1,
        "last_error_date": int(hooked.now),
        "last_error_message": "Wrong response from the webhook: 500 Internal Server Error",
        "max_connections": 40,
        "ip_address": "<unknown>",
        "allowed_updates": ["message", "callback_query"],
    }


# ---------------------------------------------------------------------------------------------- delivering


def test_the_request_carries_the_secret_and_the_update(hooked):
    request = _delivered(hooked)
    assert (request.method, request.url) == ("POST", URL)
    assert request.header("X-Telegram-Bot-Api-Secret-Token") == "s3cr3t_A-1"
    assert request.header("content-type") == "application/json"
    assert json.loads(request.body)["message"]["text"] == "hi"


def test_the_headers_come_in_the_vendors_order(hooked):
    names = [name for name, _ in _delivered(hooked).headers]
    assert names == [
        "X-Telegram-Bot-Api-Secret-Token",
        "Content-Type",
        "Content-Length",
        "Connection",
        "Accept-Encoding",
    ]


def test_the_information_shows_the_address_that_needs_no_looking_up(drill):
    drill.call("setWebhook", url="http://localhost:8080/hook")
    assert drill.call("getWebhookInfo")["ip_address"] == "127.0.0.1"
    drill.call("setWebhook", url=URL, ip_address="203.0.113.7")
    assert drill.call("getWebhookInfo")["ip_address"] == "203.0.113.7"


def test_no_secret_is_shown(make_drill):
    drill = make_drill(rate_limits="no")
    token = drill.state.token
    arguments = {"url": f"https://bot:p4ss@bot.test/{token}", "secret_token": "s3cr3t_A-1"}
    call = drill.handle("setWebhook", arguments).call
    assert call.ok and call.arguments == {"url": "https://***@bot.test/***", "secret_token": "***"}
    shown = repr(drill.state) + repr(call)
    assert not any(secret in shown for secret in (token, "p4ss", "s3cr3t_A-1", "chatdrill-secret"))


def test_without_a_secret_there_is_no_header(drill):
    drill.call("setWebhook", url=URL)
    assert _delivered(drill).header("X-Telegram-Bot-Api-Secret-Token") is None


def test_a_webhook_from_the_settings_has_the_declared_secret(drill):
    drill.state.webhook_url = "http://127.0.0.1:8080/hook"
    request = _delivered(drill)
    assert request.url == "http://127.0.0.1:8080/hook"
    assert request.header("X-Telegram-Bot-Api-Secret-Token") == "chatdrill-secret"


def test_a_user_in_the_url_becomes_basic_authorization(drill):
    drill.call("setWebhook", url="https://user:p%40ss@bots.acme.test/hook?x=1")
    request = _delivered(drill)
    assert request.url == "https://bots.acme.test/hook?x=1"
    assert request.header("Authorization") == "Basic " + base64.b64encode(b"user:p@ss").decode()


def test_any_2xx_is_success_and_nothing_else(hooked):
    assert all(_ack(hooked, HttpResponse(status)).ok for status in (200, 202, 204, 299))
    for status in (100, 302, 404, 500):
        assert not _ack(hooked, HttpResponse(status)).ok


@pytest.mark.parametrize(
    ("kind", "message"),
    [
        ("timeout", "Read timeout expired"),
        ("refused", "Can't connect to the webhook: Connection refused"),
        ("reset", "Webhook connection closed"),
    ],
)
def test_a_webhook_that_does_not_answer_is_an_error(hooked, kind, message):
    assert _ack(hooked, HttpFailure(kind)).error == message
    assert hooked.call("getWebhookInfo")["last_error_message"] == message


@pytest.mark.parametrize(("header", "wanted"), [("7", 7.0), ("99999", 3600.0), ("0", None), ("soon", None)])
def test_retry_after_is_heeded(hooked, header, wanted):
    assert _ack(hooked, HttpResponse(503, (("Retry-After", header),))).retry_after_s == wanted


def test_a_webhook_that_is_gone_for_a_day_is_deleted(hooked):
    _ack(hooked, HttpResponse(410))
    hooked.now += 22 * 3600
    _ack(hooked, HttpResponse(410))
    assert hooked.state.webhook_url == URL
    hooked.now += 2 * 3600
    _ack(hooked, HttpResponse(410))
    assert hooked.state.webhook_url is None


def test_failures_are_retried_at_once_and_then_ever_later(hooked):
    retry = platform.delivery.retry
    delays = [retry.delay_s(n, 0.0, hooked.state.chance) for n in range(1, 10)]
    assert delays == [0, 2, 4, 8, 16, 32, 64, 90, 90] and platform.delivery.order == "strict"
    assert retry.delay_s(2, 86_399.0, hooked.state.chance) is None


# --------------------------------------------------------------------------------- a method in the answer

REPLIES = [
    ("application/json", b'{"method":"sendMessage","chat_id":%d,"text":"We got it"}'),
    ("application/x-www-form-urlencoded", b"method=sendMessage&chat_id=%d&text=We+got+it"),
    ("multipart/form-data; boundary=x", (b'--x\r\nContent-Disposition: form-data; name="method"\r\n\r\nsendMessage\r\n'
     b'--x\r\nContent-Disposition: form-data; name="chat_id"\r\n\r\n%d\r\n'
     b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\nWe got it\r\n--x--\r\n')),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "body"), REPLIES)
def test_a_method_in_the_answer_is_carried_out(hooked, kind, body):
    ack = _ack(hooked, HttpResponse(200, (("Content-Type", kind),), body % int(hooked.to)))
    (call,) = ack.calls
    handled = platform.handle(hooked.state, Exchange(request=call, now=hooked.now, source="webhook_answer"))
    assert handled.call.method == "sendMessage" and handled.effects[0].message.text == "We got it"


@pytest.mark.parametrize(
    "method", ["getMe", "GETupdates", "setWebhook", "deletewebhook", "close", "logOut", "", 5, "../x", "sendMessage\n"]
)
def test_some_methods_in_the_answer_are_ignored(hooked, method):
    body = json.dumps({"method": method}).encode()
    assert _ack(hooked, HttpResponse(200, JSON, body)).calls == ()


@pytest.mark.parametrize(
    "answer", [(200, (), b'{"method":"sendMessage"}'), (200, JSON, b"OK"), (500, JSON, b'{"method":"x"}')]
)
def test_other_answers_hold_no_call(hooked, answer):
    assert _ack(hooked, HttpResponse(*answer)).calls == ()


def test_the_bot_says_how_many_connections_it_can_take(drill):
    drill.call("setWebhook", url="https://bot.example/hook", max_connections=7)
    assert drill.state.connections_max == 7
    drill.call("deleteWebhook")
    assert drill.state.connections_max is None
