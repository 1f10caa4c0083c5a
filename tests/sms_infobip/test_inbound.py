"""What customers send, as Infobip tells it."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Block, Location, Media, Press, Start, Text, Unblock, Write
from chatdrill_fakes.platforms.infobip import platform
from sms_infobip.kit import HOOK, OURS, PNG, THEIRS, Account, answer, status


def test_a_text_is_told_with_infobips_fields(account: Account) -> None:
    told = account.says("Wo ist meine Bestellung?")
    assert (told["from"], told["to"], told["text"], told["keyword"], told["smsCount"]) == (
        THEIRS,
        OURS,
        "Wo ist meine Bestellung?",
        "",
        1,
    )
    assert len(told["messageId"]) == 20 and told["receivedAt"] == "2026-11-20T22:05:45.000+0000"
    assert account.says("я" * 71)["smsCount"] == 2


def test_a_keyword_of_the_number_stands_apart() -> None:
    told = Account(keywords="ORDER").says("order 553 please")
    assert (told["keyword"], told["cleanText"], told["text"]) == ("ORDER", "553 please", "order 553 please")


def test_a_file_is_fetched_with_credentials(account: Account) -> None:
    told = account.told(Write(parts=(Media(kind="photo", file=account.file(), caption=Text(text="torn")),)))
    words, photo = told["message"]
    assert words == {"contentType": "text/plain", "value": "torn"} and photo["contentType"] == "image/png"
    response = account.call("GET", photo["url"]).response
    assert response is not None and response.body == PNG
    refused = account.call("GET", photo["url"], auth=None).response
    assert refused is not None and refused.status == 401


def test_a_press_is_the_number_typed(account: Account) -> None:
    shown = account.sent("What next?\n\n1. Order status\n2. Return")
    assert account.told(Press(button=shown.buttons[1], message_id=shown.id))["text"] == "2"
    assert account.told(Start(payload="ord_553"))["text"] == "ord_553"


def test_stop_puts_on_the_blocklist_and_start_takes_off(account: Account) -> None:
    assert account.told(Block())["text"] == "STOP" and status(account.send()) == 14
    account.updates(Unblock())
    assert status(account.send()) == 26
    free = Account(opt_out="no")
    free.updates(Block())
    assert status(free.send()) == 26


def test_an_answer_carries_the_callback_data_of_what_it_answers(account: Account) -> None:
    assert "callbackData" not in account.says()
    account.send(webhooks={"callbackData": "dlg-77"})
    assert account.says()["callbackData"] == "dlg-77"


def test_several_results_travel_together(account: Account) -> None:
    updates = [*account.updates(Write(parts=(Text(text="one"),))), *account.updates(Write(parts=(Text(text="two"),)))]
    request = platform.request(account.state, updates, account.now)
    assert request.url == HOOK and request.body.endswith(b'"messageCount":2,"pendingMessageCount":0}')
    assert request.body.index(b"one") < request.body.index(b"two")


def test_nobody_sends_a_place_by_sms(account: Account) -> None:
    with pytest.raises(Unsupported, match="carries no location"):
        account.updates(Write(parts=(Location(latitude=1, longitude=2),)))


def test_what_is_delivered_need_not_be_asked_for(account: Account) -> None:
    from chatdrill.wire import HttpResponse

    updates = account.updates(Write(parts=(Text(text="Hi"),)))
    assert platform.read_ack(account.state, updates, HttpResponse(200), account.now).ok
    assert answer(account.call("GET", "/sms/1/inbox/reports"))["messageCount"] == 0
