"""Delivery reports and clicks."""

from __future__ import annotations

import pytest

from chatdrill.model import Event
from chatdrill_fakes.platforms.infobip import platform
from sms_infobip.kit import HOOK, Account, answer

REPORTS = "http://127.0.0.1:9/reports"
NEWER = {"delivery": {"url": REPORTS, "intermediateReport": True}, "callbackData": "dlg-77"}


def test_a_report_has_the_shape_of_its_api(account: Account) -> None:
    operator, handset = account.play(account.send(webhooks=NEWER))
    assert [operator["status"]["name"], handset["status"]["name"]] == ["DELIVERED_TO_OPERATOR", "DELIVERED_TO_HANDSET"]
    assert (
        handset["sender"]
        and handset["messageCount"] == 1
        and handset["error"]["groupName"] == "OK"
        and handset["callbackData"] == "dlg-77"
    )
    (old,) = account.play(account.older(notifyUrl=REPORTS))
    assert old["from"] and old["smsCount"] == 1 and old["error"]["groupName"] == "Ok"


@pytest.mark.parametrize(
    ("error", "name"),
    [
        (1, "UNDELIVERABLE_NOT_DELIVERED"),
        (375, "UNDELIVERABLE_REJECTED_OPERATOR"),
        (4101, "EXPIRED_EXPIRED"),
        (607, "UNDELIVERABLE_NOT_DELIVERED"),
    ],
)
def test_a_fate_is_told_with_its_error(account: Account, error: int, name: str) -> None:
    account.updates(Event(name="fate", data={"error": error}))
    handled = account.send(webhooks=NEWER)
    (told,) = account.play(handled)
    assert (told["status"]["name"], told["error"]["id"]) == (name, error) and not handled.effects
    account.updates(Event(name="fate", data={"error": 0}))
    assert len(account.play(account.send(webhooks=NEWER))) == 2


def test_who_wants_no_report_gets_none(account: Account) -> None:
    assert account.play(account.send(webhooks={"delivery": {"url": REPORTS, "notify": False}})) == []
    assert Account(receipts="no").send(webhooks=NEWER).later == ()


def test_the_accounts_own_address_counts_where_a_message_has_none() -> None:
    account = Account(delivery_url=REPORTS)
    assert [one["status"]["id"] for one in account.play(account.send())] == [5]


def test_a_report_goes_to_its_address_in_an_envelope(account: Account) -> None:
    later = account.send(webhooks=NEWER).later[-1]
    updates = platform.encode(account.state, later.to, later.act, account.now)  # type: ignore[arg-type]
    request = platform.request(account.state, updates, account.now)
    assert (
        request.url == REPORTS and request.body.startswith(b'{"results":[{"bulkId"') and request.header("Authorization")
    )


def test_a_click_goes_to_its_address(account: Account) -> None:
    handled = account.send(options={"tracking": {"trackingUrl": "http://127.0.0.1:9/click"}})
    (update,) = account.updates(Event(name="clicked"))
    request = platform.request(account.state, (update,), account.now)
    assert request.url == "http://127.0.0.1:9/click" and request.body.startswith(b'{"notificationType":"CLICKED"')
    assert answer(handled)["messages"][0]["messageId"].encode() in request.body
    (lone,) = Account().updates(Event(name="clicked"))
    assert lone.hook is not None and lone.hook.url == HOOK
