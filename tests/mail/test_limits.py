"""Numbers: n are taken, n + 1 are refused with the reply that servers give."""

from __future__ import annotations

import pytest

from chatdrill_fakes.platforms.email import limits
from mail.kit import OWN, Account, reply_of


def sized(account: Account, size: int) -> bytes:
    raw = account.answer("").as_bytes()
    line = b"x" * 76 + b"\r\n"
    missing = size - len(raw)
    return raw + line * (missing // 78) + b"y" * (missing % 78)


def test_a_mail_has_25_mib() -> None:
    account = Account()
    account.says()
    assert reply_of(account.gives(sized(account, limits.SIZE_MAX_BYTES))).startswith("250")
    assert reply_of(account.gives(sized(account, limits.SIZE_MAX_BYTES + 1))).startswith("552 5.3.4")


@pytest.mark.parametrize(("size", "reply"), [(limits.SIZE_MAX_BYTES, "250"), (limits.SIZE_MAX_BYTES + 1, "552 5.3.4")])
def test_a_size_is_judged_before_the_mail_comes(size: int, reply: str) -> None:
    assert reply_of(Account().offers(options=(f"SIZE={size}",))).startswith(reply)


def test_headers_have_64_kib() -> None:
    account = Account()
    account.says()
    top, _, body = account.answer().as_bytes().partition(b"\r\n\r\n")
    filler = b"\r\nX-A: " + b"a" * 900
    room = limits.HEADERS_MAX_BYTES - len(top) - len(b"\r\n\r\n")
    fill = filler * (room // len(filler)) + (b"\r\nX-B:" + b"b" * limits.HEADERS_MAX_BYTES)[: room % len(filler)]
    assert reply_of(account.gives(top + fill + b"\r\n\r\n" + body)).startswith("250")
    assert reply_of(account.gives(top + fill + b"b\r\n\r\n" + body)).startswith("554 5.6.0")


@pytest.mark.parametrize(
    ("address", "reply"),
    [
        ("a" * 64 + "@bench.example", "250"),
        ("a" * 65 + "@bench.example", "553 5.1.3"),
        ("a@" + "b" * 247 + ".test", "550 5.1.1"),
        ("a@" + "b" * 248 + ".test", "553 5.1.3"),
        ("no at sign", "553 5.1.3"),
        ("a,b@bench.example", "553 5.1.3"),
    ],
)
def test_parts_of_an_address_have_their_length(address: str, reply: str) -> None:
    assert reply_of(Account().offers(address)).startswith(reply)


def test_a_day_has_as_many_mails_as_the_setting_says() -> None:
    account = Account(rate_limits="yes", daily_max="2")
    account.says()
    assert [reply_of(account.replies())[:3] for _ in range(3)] == ["250", "250", "421"]
    account.now += limits.DAY_S
    assert reply_of(account.replies()).startswith("250")


def test_greylisting_lets_a_sender_pass_after_five_minutes() -> None:
    account = Account(greylist="yes")
    assert reply_of(account.offers()).startswith("451 4.7.1")
    account.now += limits.GREYLIST_S - 1
    assert reply_of(account.offers()).startswith("451 4.7.1")
    account.now += 1
    assert reply_of(account.offers()).startswith("250") and reply_of(account.offers()).startswith("250")


def test_a_null_sender_is_taken() -> None:
    account = Account()
    account.says()
    assert reply_of(account.gives(account.answer().as_bytes(), account.envelope(sender=""))).startswith("250")


def test_the_own_domain_takes_mail_that_nobody_here_sees() -> None:
    account = Account()
    handled = account.gives(account.answer().as_bytes(), account.envelope(OWN))
    assert reply_of(handled).startswith("250") and handled.effects == ()
