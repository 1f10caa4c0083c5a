"""Mail of machines and of odd programs."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Event
from chatdrill_fakes.platforms.email.events import EVENT_NAMES, SILENT
from mail.kit import Account, parsed


@pytest.mark.parametrize("name", sorted(EVENT_NAMES))
def test_every_declared_event_is_told_or_prepared(name: str) -> None:
    letters = Account().talked().updates(Event(name=name))
    assert (not letters) == (name in SILENT)
    for letter in letters:
        assert parsed(letter.body)["From"] and b"\n" not in letter.body.replace(b"\r\n", b"")


def test_automatic_mail_is_marked_as_its_kind_marks_itself() -> None:
    account = Account().talked()
    assert account.happens("out_of_office")["Auto-Submitted"] == "auto-generated"
    assert account.happens("vacation")["Precedence"] == "bulk"
    assert account.happens("newsletter")["List-Id"] and account.happens("auto_reply_unmarked")["Auto-Submitted"] is None
    (letter,) = account.updates(Event(name="out_of_office"))
    assert letter.sender == ""


def test_the_same_mail_again_has_the_same_id() -> None:
    account = Account()
    first = account.says()
    assert account.happens("same_mail_again")["Message-ID"] == first["Message-ID"]


def test_words_and_headers_of_an_event_can_be_given() -> None:
    mail = Account().talked().happens("out_of_office", text="Back on Monday", headers={"X-Loop": "1", "Date": None})
    assert "Back on Monday" in mail.as_string() and mail["X-Loop"] == "1" and mail["Date"] is None


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("out_of_ofice", {}),
        ("bounce", {"status": "9.9.9"}),
        ("refused", {"reply": "yes"}),
        ("refused", {"times": 0}),
        ("bounces_later", {"status": 5}),
        ("html_only", {"text": 5}),
        ("html_only", {"headers": {"A": "b\nc"}}),
    ],
)
def test_an_event_that_makes_no_sense_is_refused(name: str, data: dict[str, object]) -> None:
    with pytest.raises(Unsupported):
        Account().talked().updates(Event(name=name, data=data))


def test_nothing_comes_back_before_the_bot_has_written() -> None:
    with pytest.raises(Unsupported, match="not written"):
        Account().updates(Event(name="bounce"))
