"""What becomes of a message, and how the bot is told."""

from __future__ import annotations

import pytest

from chatdrill.model import Event
from chatdrill_fakes.platforms.twilio import platform
from sms_twilio.kit import ROOT, Account, answer

HOOK = "http://127.0.0.1:9/status?id=7"


def statuses(account: Account) -> list[str]:
    return [one["MessageStatus"] for one in account.play(account.send(Body="x", StatusCallback=HOOK))]


def test_a_message_goes_from_queued_to_delivered(account: Account) -> None:
    handled = account.send(Body="x", StatusCallback=HOOK)
    sent, delivered = account.play(handled)
    assert (sent["MessageStatus"], sent["SmsStatus"], delivered["MessageStatus"]) == ("sent", "sent", "delivered")
    assert delivered["MessageSid"] == answer(handled)["sid"] and delivered["RawDlrDoneDate"] == "2611202205"
    now = answer(account.call("GET", f"{ROOT}/Messages/{delivered['MessageSid']}.json"))
    assert (now["status"], now["price"], now["date_sent"]) == (
        "delivered",
        "-0.00790",
        "Fri, 20 Nov 2026 22:05:45 +0000",
    )


@pytest.mark.parametrize(
    ("how", "told"),
    [("delivered", ["sent", "delivered"]), ("sent", ["sent"]), ("swapped", ["delivered", "sent"]), ("no", [])],
)
def test_carriers_report_as_they_are_set(how: str, told: list[str]) -> None:
    assert statuses(Account(receipts=how)) == told


def test_without_an_address_nothing_is_told(account: Account) -> None:
    assert account.play(account.send(Body="x")) == []


def test_the_numbers_own_address_counts_where_a_message_has_none() -> None:
    account = Account(status_callback=HOOK)
    assert [one["MessageStatus"] for one in account.play(account.send(Body="x"))] == ["sent", "delivered"]


@pytest.mark.parametrize(
    ("fate", "status"),
    [(30003, "undelivered"), (30006, "undelivered"), (30007, "undelivered"), (30001, "failed"), (30034, "failed")],
)
def test_a_fate_is_told_with_its_code(account: Account, fate: int, status: str) -> None:
    account.updates(Event(name="fate", data={"code": fate}))
    handled = account.send(Body="x", StatusCallback=HOOK)
    (told,) = account.play(handled)
    assert (told["MessageStatus"], told["ErrorCode"]) == (status, str(fate)) and not handled.effects
    assert answer(account.call("GET", f"{ROOT}/Messages/{told['MessageSid']}.json"))["error_code"] == fate
    account.updates(Event(name="fate", data={"code": 0}))
    assert statuses(account) == ["sent", "delivered"]


def test_a_callback_goes_to_its_own_address_signed(account: Account) -> None:
    handled = account.send(Body="x", StatusCallback=HOOK)
    later = handled.later[0]
    (update,) = platform.encode(account.state, later.to, later.act, account.now)  # type: ignore[arg-type]
    request = platform.request(account.state, (update,), account.now)
    assert request.url == HOOK and request.header("X-Twilio-Signature")


def test_many_addresses_are_not_remembered_for_ever(account: Account) -> None:
    for number in range(1200):
        account.state.hook(f"http://127.0.0.1:9/{number}")
    assert len(account.state.hooks) == 1000
