"""Mail that a service between takes and tells by webhook."""

from __future__ import annotations

import hashlib
import hmac
import json
from urllib.parse import parse_qs

import pytest

from chatdrill.model import Media, Text, Write
from chatdrill.wire import HttpFailure, HttpRequest, HttpResponse, read_arguments
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.email.wire import platform
from mail.kit import ANNA, Account, parsed


def told(parser: str = "mailgun", *, with_file: bool = False) -> tuple[Account, HttpRequest]:
    account = Account(parser=parser)
    account.state.webhook_url = "http://127.0.0.1:9/mail"
    parts: list[Text | Media] = [Text(text="Gdzie jest zamówienie?")]
    if with_file:
        parts.append(Media(kind="document", file=describe(b"%PDF-1.4 x", account.state.blobs, name="a.pdf")))
    return account, platform.request(account.state, account.updates(Write(parts=tuple(parts))), account.now)


def test_mailgun_signs_time_and_token() -> None:
    account, request = told()
    fields = {name: values[0] for name, values in parse_qs(request.body.decode()).items()}
    signed = f"{fields['timestamp']}{fields['token']}".encode()
    key = account.state.settings["signing_key"].encode()
    assert fields["signature"] == hmac.new(key, signed, hashlib.sha256).hexdigest() and len(fields["token"]) == 50
    assert fields["stripped-text"] == "Gdzie jest zamówienie?" and fields["sender"] == account.to
    heads = dict(json.loads(fields["message-headers"]))
    assert heads["Message-ID"] == fields["Message-Id"]


def test_mailgun_sends_files_as_parts_of_a_form() -> None:
    _, request = told(with_file=True)
    arguments = read_arguments(request)
    assert arguments.values["attachment-count"] == "1"
    assert arguments.files["attachment-1"].content == b"%PDF-1.4 x"


def test_sendgrid_tells_the_envelope_in_json() -> None:
    account, request = told("sendgrid", with_file=True)
    values = read_arguments(request).values
    assert json.loads(str(values["envelope"])) == {"to": ["support@bench.example"], "from": account.to}
    assert values["attachments"] == "1" and values["text"] == "Gdzie jest zamówienie?"


def test_sendgrid_can_tell_the_whole_mail() -> None:
    _, request = told("sendgrid-raw")
    mail = parsed(str(read_arguments(request).values["email"]).encode())
    assert str(mail["From"]).startswith(ANNA.name)


@pytest.mark.parametrize("parser", ["mailgun", "sendgrid", "sendgrid-raw"])
def test_a_webhook_that_comes_again_is_the_same(parser: str) -> None:
    account = Account(parser=parser)
    account.state.webhook_url = "http://127.0.0.1:9/mail"
    letters = account.updates(Write(parts=(Text(text="Hello"),)))
    assert platform.request(account.state, letters, account.now) == platform.request(
        account.state, letters, account.now + 99
    )


def test_mailgun_tries_for_eight_hours_and_heeds_406() -> None:
    account, _ = told()
    letters = account.updates(Write(parts=(Text(text="Hello"),)))
    minutes, now = [], account.now
    while True:
        ack = platform.read_ack(account.state, letters, HttpFailure("timeout"), now)
        if ack.retry_after_s is None:
            break
        minutes.append(round(ack.retry_after_s / 60))
        now += ack.retry_after_s
    assert minutes == [10, 15, 30, 60, 120, 240] and ack.attempts_max == 1
    assert platform.read_ack(account.state, letters, HttpResponse(406), account.now).attempts_max == 1
    assert platform.read_ack(account.state, letters, HttpResponse(200), account.now).ok


def test_a_server_says_again_or_never() -> None:
    account = Account()
    letters = account.updates(Write(parts=(Text(text="Hello"),)))
    later = platform.read_ack(account.state, letters, HttpResponse(451, (), b"4.7.1 Later"), account.now)
    never = platform.read_ack(account.state, letters, HttpResponse(550, (), b"5.1.1 No"), account.now)
    assert not later.ok and later.attempts_max is None and never.attempts_max == 1 and never.error == "550 5.1.1 No"
