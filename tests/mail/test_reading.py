"""Mails are read as acts, however they came: what is new in them, who wrote, and what became of the bot's."""

from __future__ import annotations

import json
from email.message import EmailMessage
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chatdrill.clock import WallClock
from chatdrill.importing.captures import captures
from chatdrill.importing.exports import Export
from chatdrill.importing.quotes import unquoted
from chatdrill.importing.reader import Options, read_export
from chatdrill.model import Act, Contact, Event, Media, Press, Read, Receipt, Sent, Text, Write
from chatdrill.model.parts import Button
from chatdrill.recording.scribe import Scribe
from chatdrill.serve.errands import Outcome
from chatdrill.trace import Acted, Recorder, Took
from chatdrill.wire import HttpRequest, HttpResponse, Said
from chatdrill.wire.files import describe
from chatdrill.wire.smtp import DATA, Envelope, asked
from chatdrill_fakes.platforms.email.wire import platform
from deep import tries
from mail.kit import Account

LAX = settings(max_examples=tries(80, 5000), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
PLAIN = (
    b"Return-Path: <eva@client.example>\r\nFrom: =?utf-8?b?RXZhIMWBxIVrYQ==?= <Eva+shop@Client.example>\r\nTo: support@shop.example\r\n"
    b"Subject: Order\r\n 77\r\nDate: Mon, 21 Sep 2026 16:05:00 +0200\r\nMessage-ID: <1@client.example>\r\nX-Newer: yes\r\n\r\nWhere is it?\r\n"
)  # fmt: skip


def delivered(raw: bytes) -> HttpRequest:
    return asked(DATA, Envelope(sender="eva@client.example", recipients=("support@shop.example",)), raw)


def read(raw: bytes) -> Said:
    (said,) = platform.decode(Account().state, delivered(raw))
    return said


def back(account: Account, act: Act) -> Said:
    """What is made of an act, and read of that."""
    (letter,) = account.updates(act)
    (said,) = platform.decode(account.state, platform.request(account.state, [letter], account.now))
    return said


def test_a_mail_of_anybody_is_read() -> None:
    assert read(PLAIN) == Said(
        to="eva@client.example", act=Write(parts=(Text(text="Where is it?"),)), at=1789999500.0, ids=("<1@client.example>",),
        update="<1@client.example>", person={"first_name": "Eva", "last_name": "Łąka", "email": "eva@client.example"},
    )  # fmt: skip


@pytest.mark.parametrize("client", ["gmail", "outlook", "apple", "yandex", "thunderbird", "bare"])
@pytest.mark.parametrize("html", ["yes", "no"])
def test_what_a_reply_quotes_was_not_said_by_it(client: str, html: str) -> None:
    account = Account(client=client, html=html).talked()
    assert back(account, Write(parts=(Text(text="Thank you!\n\nAnd when?"),))).act == Write(
        parts=(Text(text="Thank you!\n\nAnd when?"),)
    )


def test_words_files_and_cards_are_one_mail() -> None:
    account = Account().talked()
    files = [Media(kind=kind, file=describe(body, account.state.blobs, name=name)) for kind, body, name in (
        ("photo", b"\x89PNG\r\n\x1a\n....", "shoe.png"), ("document", b"%PDF-1.4 x", "чек.pdf"), ("animation", b"GIF89a......", "a.gif"),
    )]  # fmt: skip
    card = Contact(name="Eva Lang", phone="+436601234567", email="eva@client.example")
    act = back(account, Write(parts=(Text(text="See"), *files, card))).act
    assert isinstance(act, Write) and act.parts[0] == Text(text="See") and act.parts[-1] == card
    assert [(part.kind, part.file.name) for part in act.parts[1:4]] == [  # type: ignore[union-attr]
        ("photo", "shoe.png"), ("document", "чек.pdf"), ("animation", "a.gif")
    ]  # fmt: skip


@pytest.mark.parametrize("charset", ["windows-1251", "koi8-r", "utf-8"])
@pytest.mark.parametrize("encoding", ["8bit", "quoted-printable", "base64"])
def test_words_are_read_however_they_are_coded(charset: str, encoding: str) -> None:
    account = Account(charset=charset, encoding=encoding)
    assert back(account, Write(parts=(Text(text="Где заказ?"),))).act == Write(parts=(Text(text="Где заказ?"),))


@pytest.mark.parametrize("status", ["delivered", "failed"])
def test_reports_of_delivery_are_receipts(status: Any) -> None:
    account = Account().talked()
    receipt = Receipt(message_id=next(iter(account.chat.answers)), status=status)
    said = back(account, receipt)
    assert (said.act, said.to) == (receipt, account.to)


def test_a_note_that_it_was_read_is_that() -> None:
    account = Account().talked()
    of = next(iter(account.chat.answers))
    assert back(account, Event(name="read_note")).act == Read(message_id=of)


@pytest.mark.parametrize(
    ("name", "unread"),
    [
        ("bounce_delayed", "report delayed"), ("bounce_without_mail", "report failed"), ("complaint", "complaint"),
        ("out_of_office", "automatic mail"), ("vacation", "automatic mail"), ("newsletter", "automatic mail"), ("bounce_qmail", "automatic mail"),
    ],
)  # fmt: skip
def test_what_nobody_wrote_is_kept_under_a_name(name: str, unread: str) -> None:
    said = back(Account().talked(), Event(name=name))
    assert said.unread == unread and isinstance(said.act, Event) and said.act.data["subject"]


def test_a_typed_number_is_words() -> None:
    account = Account().talked()
    pressed = Press(
        button=Button(title="Status", kind="reply", payload="1"), message_id=next(iter(account.chat.answers))
    )
    assert back(account, pressed).act == Write(parts=(Text(text="1"),))


@pytest.mark.parametrize("parser", ["mailgun", "sendgrid", "sendgrid-raw"])
@pytest.mark.parametrize("with_file", [False, True])
def test_a_service_tells_the_same_mail(parser: str, with_file: bool) -> None:
    account = Account(parser=parser).talked()
    account.state.webhook_url = "http://127.0.0.1:9/mail"
    file = Media(kind="document", file=describe(b"%PDF-1.4 x", account.state.blobs, name="a.pdf"))
    said = back(account, Write(parts=(Text(text="Gdzie?"), *([file] if with_file else []))))
    assert (
        isinstance(said.act, Write)
        and said.act.parts[0] == Text(text="Gdzie?")
        and len(said.act.parts) == 1 + with_file
    )
    assert said.to == account.to and said.ids == (account.chat.thread[-1],) and said.person["first_name"] == "Anna"
    assert said.at == int(account.now)


def test_a_service_may_leave_fields_out() -> None:
    form = {
        "sender": "eva@client.example",
        "recipient": "a@b.example",
        "from": "eva@client.example",
        "body-plain": "Hi",
    }
    for fields in (form, {**form, "message-headers": "torn", "stripped-text": "Hi"}):
        request = HttpRequest(
            "POST", "/", (("Content-Type", "application/x-www-form-urlencoded"),), urlencode(fields).encode()
        )
        (said,) = platform.decode(Account().state, request)
        assert said.act == Write(parts=(Text(text="Hi"),)) and (said.ids, said.at) == ((), None)


UNREADABLE = [
    b"",
    b"x",
    b"{",
    b"[]",
    b"From: nobody\r\n\r\nx",
    b"Subject: x\r\n\r\nHi",
    b"\xff" * 40,
    b"a=b",
    b"envelope=1&from=x",
]


@pytest.mark.parametrize("body", UNREADABLE)
def test_what_is_no_mail_is_refused(body: bytes) -> None:
    for request in (
        delivered(body),
        HttpRequest("POST", "/", (), body),
        HttpRequest("POST", "/", (("Content-Type", "application/json"),), body),
    ):
        with pytest.raises(ValueError):
            platform.decode(Account().state, request)


HEADS = ["From: a@b.example", "Content-Type: multipart/report; boundary=x", "Content-Type: message/delivery-status", "Date: Mon, 99 Foo 2026",
         "Date: 1 Jan 99999999 00:00:00 +9999", "Auto-Submitted: ;", "Message-ID: <>", "Content-Transfer-Encoding: base64", "Action: failed",
         "Original-Recipient: rfc822;", "--x", "--x--", "", "Content-Type: text/vcard", "TEL:1", "Content-Type: text/plain; charset=idna"]  # fmt: skip


@LAX
@given(
    lines=st.lists(st.one_of(st.sampled_from(HEADS), st.text(max_size=12)), max_size=12), junk=st.binary(max_size=40)
)
def test_no_mail_breaks_the_reader(lines: list[str], junk: bytes) -> None:
    account = Account()
    raw = "\r\n".join(["From: a@b.example", *lines]).encode("utf-8", "replace") + junk
    form = urlencode(
        {"sender": "a", "from": lines[0] if lines else "", "body-plain": "\n".join(lines)}, errors="replace"
    ).encode()
    for request in (
        delivered(raw),
        delivered(junk),
        HttpRequest("POST", "/", (("Content-Type", "application/x-www-form-urlencoded"),), form),
    ):
        try:
            for said in platform.decode(account.state, request):
                platform.meet(account.state, said, account.chat.customer, account.now)
                msgspec.json.encode(said)
        except ValueError:
            continue


# ------------------------------------------------------------------------------------------------ recording, importing


def test_webhooks_of_a_service_are_recorded_and_mail_by_smtp_is_observed() -> None:
    clock = WallClock()
    recorder = Recorder(clock)
    scribe = Scribe(recorder, clock, [platform], {})
    form = {
        "sender": "eva@client.example",
        "recipient": "a@b.example",
        "from": "Eva <eva@client.example>",
        "body-plain": "Hi",
        "Message-Id": "<7@x>",
    }
    request = HttpRequest(
        "POST", "/hooks/email", (("Content-Type", "application/x-www-form-urlencoded"),), urlencode(form).encode()
    )
    scribe.webhook_answered("email", request, scribe.webhook_came("email", request), Outcome(HttpResponse(200), 0.1))
    mail = EmailMessage()
    for name, value in {
        "From": "help@shop.example",
        "To": "eva@client.example",
        "Subject": "Re: Hi",
        "Message-ID": "<own@shop.example>",
    }.items():
        mail[name] = value
    mail.set_content("Hello\n1. Yes\n2. No")
    envelope = Envelope(
        sender="bounces@shop.example", recipients=("eva@client.example",), user="theirs", password="their-own-secret"
    )
    scribe.called(
        "email", asked(DATA, envelope, mail.as_bytes()), HttpResponse(200, (), b"250 2.0.0 Ok: queued as 1"), 0.1
    )
    (acted,), (took,) = ([one for one in recorder.records if isinstance(one, kind)] for kind in (Acted, Took))
    assert (
        isinstance(acted, Acted)
        and acted.ids == ("<7@x>",)
        and isinstance(took, Took)
        and isinstance(took.effect, Sent)
    )
    assert took.effect.message.id == "<own@shop.example>" and [one.title for one in took.effect.message.buttons] == [
        "Yes",
        "No",
    ]
    assert took.conv == acted.conv and not scribe.unread


def test_captured_webhooks_are_turns_in_har_and_lines(tmp_path: Path) -> None:
    (capture,) = [one for one in captures() if one.platform == "email"]
    account = Account(parser="sendgrid")
    account.state.webhook_url = "http://127.0.0.1:9/mail"
    file = Media(kind="document", file=describe(b"%PDF-1.4 x", account.state.blobs, name="a.pdf"))
    entries, lines = [], []
    for text, files in (("Where is it?", ()), ("See the file", (file,))):
        (letter,) = account.updates(Write(parts=(Text(text=text), *files)))
        request = platform.request(account.state, [letter], account.now)
        body = {"mimeType": request.header("content-type"), "text": request.body.decode()}
        entries.append(
            {
                "startedDateTime": "2026-11-21T06:05:45Z",
                "request": {"url": "https://bot.test/mail", "postData": body},
                "response": {"status": 200},
            }
        )
        lines.append({"at": 1.0, "body": request.body.decode()})
    (tmp_path / "mail.har").write_text(json.dumps({"log": {"creator": {}, "entries": entries}}), "utf-8")
    (tmp_path / "hooks.jsonl").write_text(json.dumps(lines[0]), "utf-8")
    (dialog,) = read_export(Export(tmp_path / "mail.har"), None, Options())
    (line,) = read_export(Export(tmp_path / "hooks.jsonl"), None, Options())
    assert [turn.text for turn in dialog.turns()] == ["Where is it?", "See the file"] and dialog.platform == "email"
    assert [turn.text for turn in line.turns()] == ["Where is it?"] and not capture.knows({"envelope": "x"})


def test_answers_between_the_lines_are_read() -> None:
    said = back(Account().talked(), Event(name="between_quotes"))
    assert isinstance(said.act, Write) and isinstance(said.act.parts[0], Text) and said.act.parts[0].text
    assert unquoted("> Yes?\nYes.\n> When?\nNow.") == "Yes.\nNow."


def test_a_phone_signs_for_its_owner() -> None:
    assert unquoted("Danke\n\nVon meinem iPhone gesendet") == "Danke"
    assert unquoted("I sent it from my office") == "I sent it from my office"
