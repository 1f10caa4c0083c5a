"""Sending by the newer, the older and the oldest API."""

from __future__ import annotations

import pytest

from chatdrill.wire import Fetched
from sms_infobip.kit import NOW, OURS, PNG, THEIRS, Account, answer, message, status

LINK = "http://127.0.0.1:9/p.png"
DUE = {"schedule": {"bulkId": "bulk-9", "sendAt": "2026-11-22T10:00:00.000+0000"}}


def test_the_newer_api_is_answered_as_infobip_does(account: Account) -> None:
    said = answer(account.send("Ваш заказ в пути", id="bench-1"))
    (one,) = said["messages"]
    assert (one["messageId"], one["destination"], one["details"]) == ("bench-1", THEIRS, {"messageCount": 1})
    assert (one["status"]["groupName"], one["status"]["name"]) == ("PENDING", "PENDING_ACCEPTED") and said["bulkId"]


def test_the_older_api_is_answered_as_infobip_does(account: Account) -> None:
    said = answer(account.older())
    assert list(said) == ["messages"] and said["messages"][0]["smsCount"] == 1 and said["messages"][0]["to"] == THEIRS
    single = account.call("POST", "/sms/2/text/single", {"from": OURS, "to": [THEIRS, "41790000099"], "text": "Hi"})
    assert [one["to"] for one in answer(single)["messages"]] == [THEIRS, "41790000099"] and len(single.effects) == 1


def test_a_message_can_stand_in_the_address(account: Account) -> None:
    query = f"username=chatdrill&password=chatdrill-infobip-password&from={OURS}&to={THEIRS}&text=Hi+there"
    handled = account.call("GET", f"/sms/1/text/query?{query}", auth=None)
    assert status(handled) == 26 and handled.effects[0].message.text == "Hi there"  # type: ignore[union-attr]
    assert handled.call is not None and "password" not in handled.call.arguments


def test_an_mms_shows_its_links(account: Account) -> None:
    account.fetched[LINK] = Fetched(PNG, "image/png")
    segments = [{"type": "TEXT", "text": "A shoe"}, {"type": "LINK", "contentUrl": LINK}]
    body = {"messages": [{"sender": OURS, "destinations": [{"to": THEIRS}], "content": {"messageSegments": segments}}]}
    (effect,) = account.call("POST", "/mms/2/messages", body).effects
    assert effect.message.text == "A shoe" and effect.message.media[0].file.size_bytes == len(PNG)  # type: ignore[union-attr]


def test_one_call_can_be_about_many(account: Account) -> None:
    body = {"messages": [message("one"), message("two", to="Anna"), message("three", to="41790000077")]}
    handled = account.call("POST", "/sms/3/messages", body)
    assert [one["status"]["id"] for one in answer(handled)["messages"]] == [26, 52, 26]
    assert (
        len(handled.effects) == 1
        and handled.call is not None
        and "52 REJECTED_DESTINATION" in (handled.call.error or "")
    )


@pytest.mark.parametrize(
    ("text", "taken"), [("a" * 3825, True), ("a" * 3826, False), ("я" * 1675, True), ("я" * 1676, False)]
)
def test_a_text_has_up_to_twenty_five_segments(account: Account, text: str, taken: bool) -> None:
    assert status(account.send(text)) == (26 if taken else 25)


def test_a_torn_character_is_noted(account: Account) -> None:
    call = account.send("half \ufffd").call
    assert call is not None and call.ok and "torn" in (call.note or "")


def test_a_scheduled_message_is_shown_when_it_is_due(account: Account) -> None:
    handled = account.send("Now", options=DUE, webhooks={"delivery": {"url": "http://127.0.0.1:9/r"}})
    (due,) = handled.later
    assert not handled.effects and NOW + due.after_s == 1795341600.0
    account.now = 1795341600.0 - due.after_s
    assert [one["status"]["id"] for one in account.play(handled)] == [5] and account.seen() == ["Now"]


def test_nobody_can_schedule_beyond_half_a_year(account: Account) -> None:
    assert account.send(options={"schedule": {"sendAt": "2027-05-19T00:00:00.000+0000"}}).later
    response = account.send(options={"schedule": {"sendAt": "2027-05-21T00:00:00.000+0000"}}).response
    assert response is not None and response.status == 400
