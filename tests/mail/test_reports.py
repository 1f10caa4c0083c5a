"""Bounces, notes of reading, complaints."""

from __future__ import annotations

import pytest

from chatdrill.model import Event, Read, Receipt
from chatdrill_fakes.platforms.email.reports import STATUSES
from mail.kit import OWN, Account, parsed


@pytest.mark.parametrize("status", STATUSES)
def test_a_bounce_names_the_mail_and_why(status: str) -> None:
    account = Account().talked()
    (letter,) = account.updates(Event(name="bounce", data={"status": status}))
    mail = parsed(letter.body)
    assert mail.get_content_type() == "multipart/report" and mail.get_param("report-type") == "delivery-status"
    assert letter.sender == "" and letter.recipient == OWN
    text = letter.body.decode()
    assert f"Status: {status}" in text and "<0.answer@bench.example>" in text


def test_a_mail_that_is_taken_can_come_back_later() -> None:
    account = Account()
    account.says()
    account.updates(Event(name="bounces_later", data={"status": "5.2.2"}))
    (later,) = account.replies().later
    assert later.act == Receipt(message_id="<0.answer@bench.example>", status="failed")
    assert "Status: 5.2.2" in account.updates(later.act)[0].body.decode()  # type: ignore[arg-type]


def test_nobody_reports_to_an_empty_sender() -> None:
    account = Account()
    account.says()
    account.updates(Event(name="bounces_later"))
    assert account.gives(account.answer().as_bytes(), account.envelope(sender="")).later == ()


def test_reading_is_told_only_if_it_was_asked_for() -> None:
    account = Account().talked()
    assert account.updates(Read(message_id="<0.answer@bench.example>")) == []
    account.replies(Disposition_Notification_To=OWN)
    note = account.mail(Read(message_id="<1.answer@bench.example>"))
    assert note.get_param("report-type") == "disposition-notification" and "displayed" in note.as_string()


def test_a_complaint_brings_the_mail_back() -> None:
    text = Account().talked().happens("complaint").as_string()
    assert "Feedback-Type: abuse" in text and "It left this morning." in text


def test_delivery_is_told_where_the_envelope_asks_for_it() -> None:
    account = Account()
    account.says()
    handled = account.gives(account.answer().as_bytes(), account.envelope(notices=("NOTIFY=SUCCESS,FAILURE",)))
    (later,) = handled.later
    assert "Action: delivered" in account.updates(later.act)[0].body.decode()  # type: ignore[arg-type]
