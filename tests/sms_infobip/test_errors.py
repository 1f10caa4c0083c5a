"""Refused calls and rejected messages."""

from __future__ import annotations

import pytest

from chatdrill.errors import SettingsError, Unsupported
from chatdrill.model import Event
from chatdrill_fakes.platforms.infobip.statuses import REJECTED
from sms_infobip.kit import OURS, THEIRS, Account, answer, status


@pytest.mark.parametrize("wanted", sorted(REJECTED))
def test_every_rejection_can_be_met(account: Account, wanted: int) -> None:
    account.updates(Event(name="rejected", data={"status": wanted}))
    handled = account.send()
    assert status(handled) == wanted and not handled.effects and handled.call is not None and not handled.call.ok
    assert status(account.send()) == 26


def test_what_is_not_emulated_is_loud(account: Account) -> None:
    hexed = {"messages": [{"sender": OURS, "destinations": [{"to": THEIRS}], "content": {"hex": "48"}}]}
    for path, body in (
        ("/sms/2/binary/advanced", {}),
        ("/subscriptions/1/subscription/SMS", {}),
        ("/sms/3/messages", hexed),
    ):
        handled = account.call("POST", path, body)
        assert handled.response is not None and handled.response.status == 400
        assert (
            handled.call is not None and handled.call.support == "refused" and "chatdrill" in (handled.call.note or "")
        )


def test_the_newer_api_names_what_is_wrong_by_place(account: Account) -> None:
    (wrong,) = answer(account.send(destinations=[]))["violations"]
    assert wrong == {"property": "messages[0].destinations", "violation": "must not be empty"}


def test_the_older_api_does_so_in_another_shape(account: Account) -> None:
    fault = answer(account.older(destinations=[]))["requestError"]["serviceException"]
    assert (
        fault["validationErrors"] == {"messages[0].destinations": ["must not be empty"]}
        and fault["messageId"] == "BAD_REQUEST"
    )


def test_the_same_words_twenty_one_times_are_a_flood(account: Account) -> None:
    assert [status(account.send("Hi")) for _ in range(21)] == [26] * 20 + [20]
    assert status(account.send("Ho")) == 26
    account.now += 3600
    assert status(account.send("Hi")) == 26


def test_too_many_calls_in_a_second_are_refused(account: Account) -> None:
    statuses = [account.call("GET", "/sms/1/reports").response.status for _ in range(101)]  # type: ignore[union-attr]
    assert statuses == [200] * 100 + [429]


@pytest.mark.parametrize(
    ("to", "wanted"), [("+41790000001", 26), ("0041790000001", 26), ("Anna", 52), ("12", 52), ("", 51), ("1" * 64, 52)]
)
def test_a_destination_is_a_number(account: Account, to: str, wanted: int) -> None:
    assert status(account.send(to=to)) == wanted


def test_a_number_of_sixty_five_signs_is_none(account: Account) -> None:
    response = account.send(to="1" * 65).response
    assert response is not None and response.status == 400


def test_odd_settings_and_events_are_refused(account: Account) -> None:
    with pytest.raises(SettingsError, match="webhook_auth"):
        Account(webhook_auth="maybe")
    with pytest.raises(SettingsError, match="without plus"):
        Account(sender="+447860099299")
    with pytest.raises(Unsupported, match="status must be one of"):
        account.updates(Event(name="rejected", data={"status": 26}))
