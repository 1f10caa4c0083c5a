"""Calls about the bot itself, and about people."""

from __future__ import annotations

import pytest

from chatdrill.model import Customer
from viber.kit import HOOK, OLENA, Account, answer, status

HOUR_S = 3600


def test_the_account_tells_its_webhook_and_counts_subscribers(account: Account) -> None:
    before = answer(account.call("get_account_info"))
    account.says()
    after = answer(account.call("get_account_info"))
    assert (before["subscribers_count"], after["subscribers_count"]) == (0, 1)
    assert (after["webhook"], after["uri"], after["id"]) == (HOOK, "acmehelp", "pa:5123456789012345678")
    assert after["status"] == 0 and "message" in after["event_types"]


def test_details_come_twice_in_twelve_hours(talk: Account) -> None:
    def ask() -> int:
        return status(talk.call("get_user_details", {"id": talk.to}))

    assert [ask(), ask(), ask()] == [0, 0, 12]
    talk.now += 12 * HOUR_S
    assert ask() == 0


def test_details_have_the_device_and_the_name(talk: Account) -> None:
    user = answer(talk.call("get_user_details", {"id": talk.to}))["user"]
    assert (user["id"], user["name"], user["country"], user["api_version"]) == (talk.to, OLENA.name, "UA", 10)
    assert {"primary_device_os", "viber_version", "mcc", "mnc", "device_type", "avatar"} <= set(user)


def test_details_of_strangers_are_not_told(account: Account) -> None:
    assert status(account.call("get_user_details", {"id": account.to})) == 6
    assert status(account.call("get_user_details", {"id": "nobody"})) == 5
    assert status(account.call("get_user_details", {})) == 4


def test_who_wrote_in_the_last_minute_is_online(talk: Account) -> None:
    other = talk.join(Customer(key="petro", first_name="Petro"))
    ids = {"ids": [talk.to, other, "nobody"]}
    assert [one["online_status"] for one in answer(talk.call("get_online", ids))["users"]] == [0, 4, 4]
    talk.now += 61
    first = answer(talk.call("get_online", ids))["users"][0]
    assert first["online_status_message"] == "offline" and first["last_online"] == int((talk.now - 61) * 1000)


@pytest.mark.parametrize("ids", [None, [], "x", [1]])
def test_presence_needs_a_list_of_ids(talk: Account, ids: object) -> None:
    assert status(talk.call("get_online", {"ids": ids})) == (3 if ids in ("x", [1]) else 4)


def test_there_is_no_public_chat_to_post_to(talk: Account) -> None:
    handled = talk.call("post", {"from": talk.to, "type": "text", "text": "Hi"})
    assert status(handled) == 18 and handled.call is not None and handled.call.support == "refused"
