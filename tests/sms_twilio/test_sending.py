"""Sending by the REST API."""

from __future__ import annotations

import pytest

from chatdrill.model import Media, Sent
from chatdrill.wire import Fetched
from sms_twilio.kit import ACCOUNT, NOW, OURS, PNG, ROOT, THEIRS, Account, answer, code, texts

LINK, SERVICE = "http://127.0.0.1:9/p.png", "MG8c1f5b2e7d9a4064b3e8f1a2c5d7906e"


def test_an_sms_is_answered_as_twilio_does(account: Account) -> None:
    handled = account.send(Body="Заказ 77 в пути")
    said = answer(handled)
    assert handled.response is not None and handled.response.status == 201
    assert (said["status"], said["direction"], said["num_segments"]) == ("queued", "outbound-api", "1")
    assert (said["from"], said["to"], said["account_sid"], said["price"]) == (OURS, THEIRS, ACCOUNT, None)
    assert (
        said["date_created"] == "Fri, 20 Nov 2026 22:05:45 +0000"
        and said["uri"] == f"{ROOT}/Messages/{said['sid']}.json"
    )
    assert texts(handled) == ["Заказ 77 в пути"]


def test_a_service_decides_later_who_sends(account: Account) -> None:
    said = answer(account.send(From=None, MessagingServiceSid=SERVICE, Body="Hi"))
    assert (said["from"], said["status"], said["num_segments"], said["messaging_service_sid"]) == (
        None,
        "accepted",
        "0",
        SERVICE,
    )


def test_files_are_read_and_shown(account: Account) -> None:
    account.fetched[LINK] = Fetched(PNG, "image/png")
    message = account.sent(Body="A shoe\n1. Buy", MediaUrl=[LINK, "https://far.test/x.pdf"])
    (media, far) = message.media
    assert media.file.size_bytes == len(PNG) and media.kind == "photo" and far.file.url == "https://far.test/x.pdf"
    assert message.id.startswith("MM") and message.buttons[0].title == "Buy" and isinstance(message.parts[1], Media)


@pytest.mark.parametrize(
    ("got", "fate"), [(Fetched(b"x" * 5_300_000, "image/png"), 30019), (Fetched(error="status 404"), 11200)]
)
def test_a_file_that_cannot_be_sent_fails_later(account: Account, got: Fetched, fate: int) -> None:
    account.fetched[LINK] = got
    handled = account.send(Body="x", MediaUrl=LINK, StatusCallback="http://127.0.0.1:9/s")
    assert not handled.effects and account.play(handled)[-1]["ErrorCode"] == str(fate)


def test_nobody_is_shown_what_goes_to_a_number_outside_the_drill(account: Account) -> None:
    handled = account.send(To="+12025550188", Body="x")
    assert handled.response is not None and handled.response.status == 201
    assert not handled.effects and handled.call is not None and "nobody" in (handled.call.note or "")


def test_a_torn_character_is_noted(account: Account) -> None:
    handled = account.send(Body="половина \ufffd")
    assert handled.call is not None and handled.call.ok and "torn at place 9" in (handled.call.note or "")


@pytest.mark.parametrize(
    ("ahead_s", "accepted"), [(299, False), (300, True), (35 * 86_400, True), (35 * 86_400 + 1, False)]
)
def test_a_schedule_has_a_window(account: Account, ahead_s: int, accepted: bool) -> None:
    from datetime import UTC, datetime

    at = datetime.fromtimestamp(NOW + ahead_s, UTC).isoformat()
    handled = account.send(From=None, MessagingServiceSid=SERVICE, ScheduleType="fixed", SendAt=at, Body="x")
    assert (answer(handled).get("status") == "scheduled") is accepted and not handled.effects


def test_a_scheduled_message_is_shown_when_it_is_due(account: Account) -> None:
    handled = account.send(MessagingServiceSid=SERVICE, ScheduleType="fixed", SendAt="2026-11-22T10:00:00Z", Body="Now",
                           StatusCallback="http://127.0.0.1:9/s")  # fmt: skip
    (due,) = handled.later
    assert NOW + due.after_s == 1795341600.0
    assert [one["MessageStatus"] for one in account.play(handled)] == ["queued", "sent", "delivered"]
    assert account.seen() == ["Now"]
    assert account.play(handled) == [] and account.seen() == []


def test_a_schedule_needs_a_service(account: Account) -> None:
    assert code(account.send(ScheduleType="fixed", SendAt="2026-11-22T10:00:00Z", Body="x")) == 20001


def test_the_queue_of_a_sender_holds_ten_hours(account: Account) -> None:
    account.state.queue.take(account.now, 35_999)
    assert texts(account.send(Body="x")) == ["x"]
    assert code(account.send(Body="x")) == 21611
    account.now += 1
    assert texts(account.send(Body="x")) == ["x"]


def test_without_an_ending_the_answer_is_xml(account: Account) -> None:
    handled = account.call("POST", f"{ROOT}/Messages", {"To": account.to, "From": OURS, "Body": "<&>"})
    assert handled.response is not None and isinstance(handled.effects[0], Sent)
    assert handled.response.body.startswith(b"<?xml") and b"<Body>&lt;&amp;&gt;</Body>" in handled.response.body
    refused = account.call("POST", f"{ROOT}/Messages", {})
    assert refused.response is not None and b"<RestException><Code>21604</Code>" in refused.response.body
