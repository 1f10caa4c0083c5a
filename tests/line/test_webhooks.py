"""The webhook's address and its test."""

from __future__ import annotations

import pytest

from chatdrill.wire import Exchange, Fetch, Fetched, HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.platforms.line import platform
from chatdrill_fakes.platforms.line.webhooks import answer_words, signature
from line.kit import AUTH, BASE, HOOK, JSON, SECRET, Account, answer, status, words

ENDPOINT, TEST = "/v2/bot/channel/webhook/endpoint", "/v2/bot/channel/webhook/test"


def test_the_endpoint_is_set_without_being_asked(account: Account) -> None:
    assert status(account.call(ENDPOINT, {"endpoint": "https://bot.example/line"}, "PUT")) == 200
    assert answer(account.get(ENDPOINT)) == {"endpoint": "https://bot.example/line", "active": True}
    account.state.webhook_url = None
    assert words(account.get(ENDPOINT)) == "Webhook endpoint not found"


@pytest.mark.parametrize("url", ["", "x", "http://bot.example/line", "https://bot.example/" + "x" * 481, 5, None])
def test_an_endpoint_is_https_and_not_too_long(account: Account, url: object) -> None:
    handled = account.call(ENDPOINT, {"endpoint": url}, "PUT")
    assert (status(handled), words(handled), account.state.webhook_url) == (400, "Invalid webhook endpoint URL", HOOK)


def test_a_test_is_a_signed_webhook_without_events(account: Account) -> None:
    request = HttpRequest("POST", TEST, (AUTH, JSON), b"{}")
    wait = platform.handle(account.state, Exchange(request, account.now, BASE)).wait
    assert isinstance(wait, Fetch)
    (asked,) = wait.requests
    assert asked.url == HOOK and asked.body.endswith(b'"events":[]}')
    assert asked.header("x-line-signature") == signature(SECRET, asked.body)


@pytest.mark.parametrize(
    ("got", "success", "code", "reason"),
    [
        (Fetched(status=200), True, 200, "OK"),
        (Fetched(status=500, error="status 500"), False, 500, "ERROR_STATUS_CODE"),
        (Fetched(error="timeout"), False, 0, "REQUEST_TIMEOUT"),
        (Fetched(error="refused"), False, 0, "COULD_NOT_CONNECT"),
    ],
)
def test_a_test_says_what_became_of_it(account: Account, got: Fetched, success: bool, code: int, reason: str) -> None:
    account.fetched = {HOOK: got}
    found = answer(account.call(TEST, {}))
    assert (found["success"], found["statusCode"], found["reason"]) == (success, code, reason)
    assert found["timestamp"] == "2026-11-20T22:05:45.000Z"


def test_a_failure_is_worded_as_in_the_console() -> None:
    assert answer_words(HttpResponse(503)) == "error_status_code 503"
    assert answer_words(HttpFailure("timeout")) == "request_timeout Request timeout"
    assert answer_words(HttpFailure("refused")).startswith("could_not_connect")
    assert answer_words(HttpFailure("garbage")).startswith("unclassified")


def test_there_is_no_handshake(account: Account) -> None:
    assert platform.handshake(account.state) is None
    assert platform.read_handshake(account.state, HttpResponse(500)) is None
