"""What can be taken, looked up and changed."""

from __future__ import annotations

import pytest

from sms_infobip.kit import Account, answer

DUE = {"schedule": {"bulkId": "bulk-9", "sendAt": "2026-11-22T10:00:00.000+0000"}}
BULK, STATUS = "/sms/1/bulks?bulkId=bulk-9", "/sms/1/bulks/status?bulkId=bulk-9"


def test_what_waits_is_handed_out_once(account: Account) -> None:
    account.says("one")
    account.says("two")
    first = answer(account.call("GET", "/sms/1/inbox/reports?limit=1"))
    assert ([one["text"] for one in first["results"]], first["pendingMessageCount"]) == (["one"], 1)
    assert len(account.state.outbox) == 1
    assert len(answer(account.call("GET", "/sms/1/inbox/reports?limit=5000"))["results"]) == 1
    account.play(account.send())
    assert [one["status"]["id"] for one in answer(account.call("GET", "/sms/3/reports"))["results"]] == [5]
    assert answer(account.call("GET", "/sms/1/reports"))["results"] == []


def test_logs_show_what_was_sent(account: Account) -> None:
    one = answer(account.send("one"))["messages"][0]["messageId"]
    account.older("two")
    assert [
        log.get("content", {}).get("text", log.get("text"))
        for log in answer(account.call("GET", "/sms/3/logs"))["results"]
    ] == ["two", "one"]
    assert [log["messageId"] for log in answer(account.call("GET", f"/sms/1/logs?messageId={one}"))["results"]] == [one]
    account.now += 49 * 3600
    assert answer(account.call("GET", "/sms/1/logs"))["results"] == []


@pytest.mark.parametrize(
    ("text", "count", "left"),
    [("a" * 10, 1, 150), ("a" * 161, 2, 145), ("€", 1, 158), ("я", 1, 69), ("😀" * 36, 2, 62)],
)
def test_a_preview_counts_segments(account: Account, text: str, count: int, left: int) -> None:
    (shown,) = answer(account.call("POST", "/sms/1/preview", {"text": text}))["previews"]
    assert (shown["messageCount"], shown["charactersRemaining"]) == (count, left)


def test_a_bulk_can_be_moved_paused_and_canceled(account: Account) -> None:
    sent = account.send("Later", options=DUE)
    assert answer(account.call("GET", BULK))["sendAt"] == "2026-11-22T10:00:00.000+0000"
    moved = account.call("PUT", BULK, {"sendAt": "2026-11-23T10:00:00.000+0000"})
    account.now = 1795341600.0 - sent.later[0].after_s
    assert account.play(sent) == [] and account.seen() == []  # it was put off
    assert answer(account.call("PUT", STATUS, {"status": "PAUSED"}))["status"] == "PAUSED"
    account.now = 1795428000.0 - moved.later[0].after_s
    assert account.play(moved) == [] and account.seen() == []
    resumed = account.call("PUT", STATUS, {"status": "PENDING"})
    account.play(resumed)
    assert account.seen() == ["Later"] and answer(account.call("GET", STATUS))["status"] == "FINISHED"
    refused = account.call("PUT", STATUS, {"status": "CANCELED"}).response
    assert refused is not None and refused.status == 400


def test_a_conversion_is_taken(account: Account) -> None:
    id = answer(account.send())["messages"][0]["messageId"]
    assert answer(account.call("POST", f"/ct/1/log/end/{id}"))["processKey"]
    missing = account.call("POST", "/ct/1/log/end/1").response
    assert missing is not None and missing.status == 404
