"""Mails as the reference bot reads and writes them."""

from __future__ import annotations

import datetime as dt
from email import message_from_bytes, policy

import pytest

from chatdrill_scenarios.shoebot.mails import Incoming, Thread, compose, new_id, own_words, read, user_of

OWN = "support@bench.example"


@pytest.mark.parametrize(
    "text",
    [
        "Thanks!\n\nOn Mon, Sep 21, 2026 at 5:13 PM Bench <support@bench.example> wrote:\n\n> Hello\n",
        "Thanks!\n\n________________________________\nFrom: Bench\nSent: today\n\nHello",
        "Thanks!\n\nSent from my iPhone\n\n> On 21 Sep 2026, at 17:13, Bench wrote:\n> \n> Hello",
        '21.09.2026, 17:13, "Bench" <support@bench.example>:\n> Hello\n\nThanks!',
        "> Hello\n\nThanks!\n\n> bye",
        "Thanks!\n-- \nAnna Nowak\nDirector",
    ],
)
def test_only_what_was_written_now_counts(text: str) -> None:
    assert own_words(text) == "Thanks!"


@pytest.mark.parametrize(
    "text", ["> d", "> d\n\nOn Mon, Sep 21, 2026 at 5:13 PM Bench <b@c.example> wrote:\n\n> Hello\n"]
)
def test_an_arrow_that_quotes_nobody_is_the_customers_own(text: str) -> None:
    assert own_words(text) == "> d"


@pytest.mark.parametrize(
    ("sender", "heads", "automatic"),
    [
        ("a@b.example", {"from": "a@b.example"}, False),
        ("", {"from": "a@b.example"}, True),
        ("a@b.example", {"from": "a@b.example", "auto-submitted": "auto-replied"}, True),
        ("a@b.example", {"from": "a@b.example", "auto-submitted": "no"}, False),
        ("a@b.example", {"from": "No-Reply@b.example"}, True),
        ("a@b.example", {"from": "a@b.example", "precedence": "bulk"}, True),
        ("a@b.example", {"from": "a@b.example", "list-id": "<x>"}, True),
        ("a@b.example", {"from": "a@b.example", "subject": "Automatic reply: Re: x"}, True),
        (OWN, {"from": OWN}, True),
    ],
)
def test_what_nobody_wrote_is_known(sender: str, heads: dict[str, str], automatic: bool) -> None:
    assert Incoming(sender, heads, "").is_automatic(OWN) is automatic


def test_an_answer_stands_in_its_thread_and_says_what_it_is() -> None:
    thread = Thread("a@b.example", "Question", "<2@b>", ["<1@b>", "<2@b>"])
    at = dt.datetime(2026, 9, 21, tzinfo=dt.UTC)
    raw = compose(("Shop", OWN), thread, "<9@bench.example>", at, "Witaj, świecie", [], by_person=False)
    mail = message_from_bytes(raw, policy=policy.default)
    assert mail["Subject"] == "Re: Question" and mail["In-Reply-To"] == "<2@b>"
    assert mail["References"] == "<1@b> <2@b>" and mail["Auto-Submitted"] == "auto-replied"
    assert mail.get_content().strip() == "Witaj, świecie"


def test_the_bots_own_ids_say_whose_thread_it_is() -> None:
    id = new_id("anna@b.example", "4711", "bench.example")
    assert user_of(["<x@y>", id, "<z@b>"], "bench.example") == "anna@b.example"
    assert user_of(["<a.b@bench.example>", "<x@y>"], "bench.example") is None


def test_a_wrong_charset_is_seen_through() -> None:
    raw = b"From: a@b.example\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n" + "Привет".encode("cp1251")
    assert read(raw, "a@b.example").text == "Привет"


def test_what_a_page_shows_is_no_file_of_the_customers() -> None:
    raw = (
        b'From: a@b.example\r\nContent-Type: multipart/related; boundary="x"\r\n\r\n--x\r\nContent-Type: text/html\r\n\r\n'
        b"<p>Hello<br>you</p>\r\n--x\r\nContent-Type: image/png\r\nContent-ID: <a>\r\nContent-Disposition: inline\r\n\r\nx\r\n--x--\r\n"
    )
    mail = read(raw, "a@b.example")
    assert mail.text == "Hello\nyou" and mail.files == ()
