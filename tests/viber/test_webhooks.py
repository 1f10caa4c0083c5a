"""The webhook: how it is set and checked, signed, filtered and acknowledged."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import msgspec
import pytest

from chatdrill.model import Read, Receipt, Start, Text, Write
from chatdrill.seeds import Seed
from chatdrill.wire import Fetch, Fetched, Handled, HttpFailure, HttpRequest, HttpResponse
from chatdrill_fakes.platforms.viber import platform
from viber.kit import HOOK, NOW, TOKEN, Account, answer, status

URL = "http://127.0.0.1:9/viber"


def set_webhook(account: Account, got: Fetched | None = None, **body: Any) -> Handled:
    """The call, and what the address answers to the check."""
    asked = account.call("set_webhook", {"url": URL, **body}, fetched={})
    assert isinstance(asked.wait, Fetch)
    (request,) = asked.wait.requests
    return account.call("set_webhook", {"url": URL, **body}, fetched={request.url: got or Fetched(status=200)})


def test_an_address_is_asked_by_a_signed_callback_before_anything_changes(account: Account) -> None:
    asked = account.call("set_webhook", {"url": URL}, fetched={})
    assert isinstance(asked.wait, Fetch) and account.state.webhook_url == HOOK
    (request,) = asked.wait.requests
    body = msgspec.json.decode(request.body)
    assert request.method == "POST" and body["event"] == "webhook" and body["timestamp"] == int(NOW * 1000)
    proof = hmac.new(TOKEN.encode(), request.body, hashlib.sha256).hexdigest()
    assert request.header("X-Viber-Content-Signature") == dict(request.query)["sig"] == proof


def test_an_address_that_answers_well_is_stored(account: Account) -> None:
    body = answer(set_webhook(account))
    assert (body["status"], account.state.webhook_url) == (0, URL)
    assert body["event_types"] == [
        "subscribed", "unsubscribed", "webhook", "conversation_started", "client_status", "action", "delivered", "failed",
        "message", "seen",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "got",
    [
        Fetched(error="refused"),
        Fetched(error="timeout"),
        Fetched(error="status 401", status=401),
        Fetched(b"", status=204),
    ],
)
def test_an_address_that_answers_otherwise_is_status_1(account: Account, got: Fetched) -> None:
    handled = set_webhook(account, got)
    assert answer(handled) == {"status": 1, "status_message": "invalidUrl", "chat_hostname": "SN-CHAT-05_"}
    assert account.state.webhook_url == HOOK and handled.call is not None and handled.call.note


def test_an_address_outside_this_machine_is_taken_on_trust(account: Account) -> None:
    assert status(set_webhook(account, Fetched(error="unreachable"))) == 0


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ({}, 4),
        ({"url": 5}, 3),
        ({"url": "bot.test"}, 1),
        ({"url": URL, "event_types": "seen"}, 3),
        ({"url": "ftp://x"}, 1),
        ({"url": "http://["}, 1),
        ({"url": "http://"}, 1),
    ],
)
def test_a_call_that_cannot_be_meant_is_refused(account: Account, body: dict[str, Any], expected: int) -> None:
    assert status(account.call("set_webhook", body)) == expected


def test_a_strict_account_wants_https() -> None:
    account = Account(strict="yes")
    assert status(account.call("set_webhook", {"url": URL})) == 1
    assert status(account.call("set_webhook", {"url": "https://bot.test/viber"})) == 0


def test_an_empty_address_takes_the_webhook_away(account: Account) -> None:
    for update in account.updates(Start()):
        account.state.outbox.put(update)
    assert answer(account.call("set_webhook", {"url": ""})) == {"status": 0, "status_message": "ok", "event_types": []}
    assert account.state.webhook_url is None and len(account.state.outbox) == 0  # what was missed is lost


def test_events_that_nobody_asked_for_do_not_come(account: Account) -> None:
    body = answer(set_webhook(account, event_types=["delivered", "made_up"]))
    assert body["event_types"] == ["subscribed", "unsubscribed", "webhook", "delivered", "message"]
    account.says()
    token = account.sent(type="text", text="Hi").id
    assert account.told(Start()) == account.told(Read(message_id=token)) == []
    assert account.told(Receipt(message_id=token, status="delivered"))


def test_messages_come_in_any_case(account: Account) -> None:
    set_webhook(account, event_types=[])
    assert account.says()["event"] == "message" and account.told(Start()) == []


def test_names_are_told_once_they_were_asked_for(account: Account) -> None:
    set_webhook(account, send_name=True, send_photo=True)
    assert {"name": "Olena K."}.items() <= account.says()["sender"].items()
    set_webhook(account)
    assert account.says()["sender"]["name"] == "Subscriber"


@pytest.mark.parametrize(("url", "joined"), [("http://h/x", "http://h/x?sig="), ("http://h/x?a=1#f", "http://h/x?a=1&sig=")])  # fmt: skip
def test_the_signature_stands_in_the_header_and_at_the_end_of_the_query(
    account: Account, url: str, joined: str
) -> None:
    account.state.webhook_url = url
    updates = account.updates(Write(parts=(Text(text="Привіт 👋"),)))
    request = platform.request(account.state, updates, NOW)
    proof = hmac.new(TOKEN.encode(), updates[0].body, hashlib.sha256).hexdigest()
    assert (request.url, request.header("x-viber-content-signature"), request.body) == (
        joined + proof, proof, updates[0].body,
    )  # fmt: skip
    assert "Привіт 👋".encode() in request.body


def test_the_check_can_be_made_without_a_call(account: Account) -> None:
    account.state.asked_at = NOW
    request = platform.handshake(account.state)
    assert request is not None and msgspec.json.decode(request.body)["timestamp"] == int(NOW * 1000)
    assert platform.read_handshake(account.state, HttpResponse(200)) is None
    assert "status 202" in str(platform.read_handshake(account.state, HttpResponse(202)))
    assert "refused" in str(platform.read_handshake(account.state, HttpFailure("refused")))
    account.state.webhook_url = None
    assert platform.handshake(account.state) is None


@pytest.mark.parametrize(
    ("got", "ok"), [(HttpResponse(200), True), (HttpResponse(201), False), (HttpResponse(500), False), (HttpFailure("reset"), False)]
)  # fmt: skip
def test_only_status_200_is_success(account: Account, got: Any, ok: bool) -> None:
    updates = account.updates(Start())
    assert platform.read_ack(account.state, updates, got, NOW).ok is ok


def test_a_failed_callback_comes_six_times_again_within_an_hour_or_so() -> None:
    retry, chance = platform.delivery.retry, Seed(1).stream("retry")
    delays = [retry.delay_s(failures, 0.0, chance) for failures in range(1, 8)]
    assert delays == [5, 30, 120, 600, 1200, 1800, None]
    assert 3600 <= sum(delay or 0 for delay in delays) < 3900


def test_a_request_without_a_prefix_is_claimed_by_its_path_or_its_token(account: Account) -> None:
    requests = [
        HttpRequest("POST", "/pa/send_message"),
        HttpRequest("POST", "/other", (("X-Viber-Auth-Token", TOKEN),)),
        HttpRequest("POST", "/send_message"),
        HttpRequest("POST", "/pa/other"),
    ]
    assert [platform.claims(request, account.state) for request in requests] == [True, True, False, False]
