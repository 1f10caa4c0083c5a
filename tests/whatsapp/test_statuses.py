"""What the bot is told of its own messages."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Block, Event, Read, Receipt, Referral, Text, Unblock, Write
from chatdrill_fakes.platforms.whatsapp import platform
from whatsapp.kit import ANNA, NOW, Account, answer, error

FREE = {"billable": False, "pricing_model": "PMP", "type": "free_customer_service", "category": "service"}
HELLO = {"type": "template", "template": {"name": "hello_world", "language": {"code": "en_US"}}}
TEXT = {"type": "text", "text": {"body": "Hallo"}}


def said(**more: Any) -> Write:
    return Write(parts=(Text(text="Hallo"),), **more)


def statuses(account: Account, act: Any) -> list[dict[str, Any]]:
    return [status for change in account.changes(act) for status in change["value"]["statuses"]]


def test_a_delivered_text_is_reported_sent_then_delivered(open_account: Account) -> None:
    handled = open_account.send(TEXT)
    found = open_account.play(handled)
    assert [status["status"] for status in found] == ["sent", "delivered"]
    assert set(found[0]) == {"id", "status", "timestamp", "recipient_id", "pricing"}
    assert found[0]["id"] == answer(handled)["messages"][0]["id"] and found[0]["recipient_id"] == open_account.to
    assert found[0]["pricing"] == found[1]["pricing"] == FREE


def test_reading_reports_every_unread_message_once(open_account: Account) -> None:
    first, second = open_account.send_text("1"), open_account.send_text("2")
    for message in (first, second):
        open_account.updates(Receipt(message_id=message, status="sent"))
    read = statuses(open_account, Read(message_id=second))
    assert [(status["id"], status["status"]) for status in read] == [(first, "read"), (second, "read")]
    assert statuses(open_account, Read(message_id=second)) == []


def test_pricing_comes_with_sent_and_with_one_of_delivered_and_read(open_account: Account) -> None:
    sent = open_account.send_text()
    priced = [
        "pricing" in statuses(open_account, Receipt(message_id=sent, status=status))[0]
        for status in ("sent", "delivered", "read", "played")
    ]
    assert priced == [True, True, False, False]


def test_hearing_a_voice_note_is_not_priced(open_account: Account) -> None:
    sent = open_account.send_text()
    told = [statuses(open_account, Receipt(message_id=sent, status=status))[0] for status in ("sent", "played")]
    assert ["pricing" in status for status in told] == [True, False]


def test_a_failed_status_says_what_was_wrong(open_account: Account) -> None:
    handled = open_account.send({"type": "reaction", "reaction": {"message_id": "wamid.no", "emoji": "👍"}})
    (failed,) = open_account.play(handled)
    assert "wamid.no" in failed["errors"][0]["error_data"]["details"]


def test_a_message_that_is_read_at_once_is_never_reported_delivered(open_account: Account) -> None:
    sent = open_account.send_text()
    assert [status["status"] for status in statuses(open_account, Read(message_id=sent))] == ["sent", "read"]
    assert statuses(open_account, Receipt(message_id=sent, status="delivered")) == []


def test_an_update_of_a_status_is_known_by_message_and_status(open_account: Account) -> None:
    sent = open_account.send_text()
    (update,) = open_account.updates(Receipt(message_id=sent, status="sent"))
    assert (update.id, update.kind, update.lane) == (f"{sent}:sent", "statuses.sent", open_account.to)


def test_contacts_come_with_good_news_only(open_account: Account) -> None:
    sent, failed = open_account.send_text("1"), open_account.send_text("2")
    (good,) = open_account.changes(Receipt(message_id=sent, status="sent"))
    (bad,) = open_account.changes(Receipt(message_id=failed, status="failed", error=131049))
    assert good["value"]["contacts"][0]["wa_id"] == open_account.to and "contacts" not in bad["value"]


def test_a_text_outside_the_window_is_accepted_and_fails_later(open_account: Account) -> None:
    open_account.now += 86_401
    handled = open_account.send(TEXT)
    (failed,) = open_account.play(handled)
    assert handled.response is not None and handled.response.status == 200
    assert failed["status"] == "failed" and failed["errors"][0]["code"] == 131047
    assert set(failed["errors"][0]) == {"code", "title", "message", "error_data", "href"}
    assert handled.effects == () and handled.call is not None and "131047" in (handled.call.note or "")


def test_the_window_is_open_until_its_last_second(open_account: Account) -> None:
    open_account.now += 86_400
    assert [status["status"] for status in open_account.play(open_account.send(TEXT))] == ["sent", "delivered"]


def test_a_skipped_pause_closes_the_window_of_that_chat_only(open_account: Account) -> None:
    other = platform.join(open_account.state, ANNA, 0.0)
    platform.encode(open_account.state, other, said(), NOW)
    open_account.chat.ahead_s = 90_000.0
    assert open_account.play(open_account.send(TEXT))[0]["status"] == "failed"
    assert open_account.send({**TEXT, "to": other}).effects


def test_a_template_needs_no_window(account: Account) -> None:
    found = account.play(account.send(HELLO))
    assert [status["status"] for status in found] == ["sent", "delivered"]
    assert found[0]["pricing"] == {**FREE, "billable": True, "type": "regular", "category": "utility"}


def test_a_utility_template_inside_the_window_is_free(open_account: Account) -> None:
    assert open_account.play(open_account.send(HELLO))[0]["pricing"] == {**FREE, "category": "utility"}


@pytest.mark.parametrize(("version", "told"), [("v23.0", True), ("v24.0", False), ("v25.0", False)])
def test_older_graph_versions_tell_of_conversations(version: str, told: bool) -> None:
    account = Account(graph_version=version)
    account.updates(said())
    sent, delivered = account.play(account.send(TEXT))
    assert ("conversation" in sent) is told
    if told:
        assert set(sent["conversation"]) == {"id", "expiration_timestamp", "origin"}
        assert delivered["conversation"] == {"id": sent["conversation"]["id"], "origin": {"type": "service"}}


def test_an_answer_to_an_advertisement_opens_a_free_entry_point(account: Account) -> None:
    account.updates(said(referral=Referral(source="ad")))
    sent = account.play(account.send(HELLO))[0]
    assert sent["pricing"] == {**FREE, "type": "free_entry_point", "category": "referral_conversion"}
    assert sent["conversation"]["expiration_timestamp"] == str(int(NOW) + 3 * 86_400)
    assert sent["conversation"]["origin"] == {"type": "referral_conversion"}


def test_an_answer_that_fails_opens_no_free_entry_point(account: Account) -> None:
    account.updates(said(referral=Referral(source="ad")))
    account.updates(Event(name="next_send_fails", data={"code": 131049}))
    account.play(account.send(TEXT))
    assert account.chat.free_entry_until is None and account.chat.ad_at == NOW


def test_a_blocked_business_is_not_told_but_its_messages_fail(open_account: Account) -> None:
    open_account.updates(Block())
    (failed,) = open_account.play(open_account.send(TEXT))
    assert failed["errors"][0]["code"] == 131026
    open_account.updates(Unblock())
    assert open_account.send(TEXT).effects


def test_a_message_to_nobody_is_accepted_and_fails_right_away(account: Account) -> None:
    handled = account.send({**HELLO, "to": "+4917000000000"})
    (update,) = account.state.outbox
    (failed,) = msgspec.json.decode(update.body)["changes"][0]["value"]["statuses"]
    assert answer(handled)["contacts"] == [{"input": "+4917000000000", "wa_id": "4917000000000"}]
    assert (failed["recipient_id"], failed["errors"][0]["code"]) == ("4917000000000", 131026)
    assert handled.effects == () and handled.later == ()


def test_a_customer_who_stopped_marketing_gets_none(open_account: Account) -> None:
    open_account.updates(Event(name="user_preferences"))
    for entry in open_account.state.templates.values():
        entry.category = "MARKETING"
    (failed,) = open_account.play(open_account.send(HELLO))
    assert failed["errors"][0]["code"] == 131050


def test_callback_data_come_back_in_every_status(open_account: Account) -> None:
    found = open_account.play(open_account.send({**TEXT, "biz_opaque_callback_data": "camp-9"}))
    assert [status["biz_opaque_callback_data"] for status in found] == ["camp-9", "camp-9"]


def test_a_reaction_is_sent_and_never_delivered(open_account: Account) -> None:
    target = next(iter(open_account.chat.messages))
    handled = open_account.send({"type": "reaction", "reaction": {"message_id": target, "emoji": "👍"}})
    assert [status["status"] for status in open_account.play(handled)] == ["sent"]


def test_a_reaction_to_an_unknown_message_fails_later(open_account: Account) -> None:
    handled = open_account.send({"type": "reaction", "reaction": {"message_id": "wamid.no", "emoji": "👍"}})
    assert open_account.play(handled)[0]["errors"][0]["code"] == 131009 and handled.effects == ()


def test_a_message_to_a_user_id_names_it_in_its_statuses(open_account: Account) -> None:
    handled = open_account.send({**TEXT, "to": None, "recipient": open_account.chat.user_id})
    assert answer(handled)["contacts"] == [{"input": open_account.chat.user_id, "user_id": open_account.chat.user_id}]
    assert open_account.play(handled)[0]["recipient_user_id"] == open_account.chat.user_id


@pytest.mark.parametrize(
    ("quirk", "expected"),
    [
        ("no_delivered", ["sent"]),
        ("statuses_swapped", ["delivered", "sent"]),
        ("statuses_doubled", ["sent", "sent", "delivered", "delivered"]),
    ],
)
def test_a_quirk_bends_the_row_of_statuses(quirk: str, expected: list[str]) -> None:
    account = Account(quirks=quirk)
    account.updates(said())
    assert [status["status"] for status in account.play(account.send(TEXT))] == expected


def test_without_receipts_nothing_is_reported() -> None:
    account = Account(receipts="no")
    account.updates(said())
    handled = account.send(TEXT)
    assert handled.later == () and account.updates(Read(message_id=answer(handled)["messages"][0]["id"])) == []


def test_a_customer_without_read_receipts_reads_in_silence() -> None:
    account = Account(quirks="no_read")
    account.updates(said())
    assert account.updates(Read(message_id=account.send_text())) == []


def test_a_receipt_for_an_unknown_message_is_refused(account: Account) -> None:
    with pytest.raises(Unsupported, match=r"no message 'wamid\.no'"):
        account.updates(Receipt(message_id="wamid.no", status="sent"))


@pytest.mark.parametrize(("code", "at_once"), [(131049, False), (131016, True), (133004, True)])
def test_an_injected_error_shows_at_once_or_later_as_its_code_does(
    open_account: Account, code: int, at_once: bool
) -> None:
    open_account.updates(Event(name="next_send_fails", data={"code": code}))
    handled = open_account.send(TEXT)
    shown = error(handled)[1] if at_once else open_account.play(handled)[0]["errors"][0]["code"]
    assert shown == code
    assert open_account.send(TEXT).effects
