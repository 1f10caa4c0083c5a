"""Signatures, tries and the fallback address."""

from __future__ import annotations

import hashlib

import pytest

from chatdrill.model import Event, Text, Write
from chatdrill.wire import HttpFailure, HttpResponse
from chatdrill_fakes.platforms.twilio import platform
from chatdrill_fakes.platforms.twilio.objects import form
from chatdrill_fakes.platforms.twilio.webhooks import signed
from sms_twilio.kit import HOOK, TOKEN, Account, fields

HI = Write(parts=(Text(text="Hi"),))


def test_a_form_is_signed_with_its_address_and_its_fields_by_name() -> None:
    """A vector that Twilio's own validator (twilio-python 9.13.0) has confirmed."""
    told = [
        ("ToCountry", "US"), ("MessageSid", "SM00000000000000000000000000000001"), ("NumMedia", "0"), ("Body", "Hello & привет"),
        ("From", "+12025550147"), ("To", "+12025550199"), ("AccountSid", "AC00000000000000000000000000000001"), ("ApiVersion", "2010-04-01"),
    ]  # fmt: skip
    request = signed("https://bot.example.test/sms?tenant=7", TOKEN, "SM1", form(told))
    assert request.header("X-Twilio-Signature") == "Xz2XMzYsETmpTVTrXZ4uck24Ac4="


def test_json_is_signed_by_its_hash_in_the_address(account: Account) -> None:
    """The second vector, confirmed likewise."""
    request = signed("https://bot.example.test/json", TOKEN, "x", b'{"status":"ok","n":1}')
    assert request.url.endswith("bodySHA256=e42a2a84e07d049d69475d8cee200a6a5af22bb4142a607d29b81dbeef3bc89d")
    assert request.header("X-Twilio-Signature") == "BSd78oFY/fI5iOb3Io0JC5i6O44="
    (update,) = account.updates(Event(name="event_stream"))
    told = platform.request(account.state, (update,), account.now)
    assert told.url == f"{HOOK}?bodySHA256={hashlib.sha256(told.body).hexdigest()}" and told.body.startswith(b"[")


def test_a_get_has_the_fields_in_its_address() -> None:
    account = Account(method="GET")
    request = platform.request(account.state, account.updates(HI), account.now)
    assert (request.method, request.body) == ("GET", b"") and request.url.startswith(f"{HOOK}?ToCountry=US&")


@pytest.mark.parametrize(
    ("fragment", "answer", "tries"),
    [
        ("", HttpFailure("refused"), 2),
        ("", HttpFailure("timeout"), 1),
        ("", HttpResponse(500), 1),
        ("#rc=3&rp=all", HttpResponse(500), 4),
        ("#rc=3&rp=5xx", HttpResponse(404), 1),
        ("#rc=2&rp=4xx,5xx", HttpResponse(404), 3),
        ("#rc=9&rp=rt", HttpFailure("timeout"), 6),
        ("#rc=x&rp=ct", HttpFailure("refused"), 2),
    ],
)
def test_how_often_is_tried_stands_in_the_address(account: Account, fragment: str, answer: object, tries: int) -> None:
    account.state.webhook_url = HOOK + fragment
    updates = account.updates(HI)
    assert platform.request(account.state, updates, account.now).url == HOOK
    ack = platform.read_ack(account.state, updates, answer, account.now)  # type: ignore[arg-type]
    assert not ack.ok and ack.attempts_max == tries


def test_what_fails_for_good_goes_to_the_fallback_address_once() -> None:
    account = Account(fallback_url="http://127.0.0.1:9/fallback")
    updates = account.updates(HI)
    platform.read_ack(account.state, updates, HttpResponse(500), account.now)
    (again,) = account.state.outbox
    told = fields(again)
    assert (told["ErrorCode"], told["ErrorUrl"], told["MessageSid"]) == ("11200", HOOK, updates[0].id)
    assert platform.request(account.state, (again,), account.now).url == "http://127.0.0.1:9/fallback"
    account.state.outbox.clear()
    platform.read_ack(account.state, (again,), HttpResponse(500), account.now)
    assert len(account.state.outbox) == 0 and account.state.debugger == [11200, 11200]


def test_a_try_has_the_same_token(account: Account) -> None:
    updates = account.updates(HI)
    first, again = (
        platform.request(account.state, updates, account.now + wait).header("I-Twilio-Idempotency-Token")
        for wait in (0, 9)
    )
    other = platform.request(account.state, account.updates(HI), account.now).header("I-Twilio-Idempotency-Token")
    assert first == again != other
