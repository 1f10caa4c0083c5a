"""Events that only Instagram has, and threads that change hands."""

from __future__ import annotations

import pytest

from chatdrill.model import Event, Text, Write
from instagram.kit import APP, INBOX, OWN, Account

SAY = Write(parts=(Text(text="anyone?"),))


@pytest.mark.parametrize(
    ("name", "keys"),
    [
        ("optin", "type payload title notification_messages_token notification_messages_timezone token_expiry_timestamp user_token_status"),
        ("pass_thread_control", "previous_owner_app_id new_owner_app_id metadata"),
        ("take_thread_control", "previous_owner_app_id new_owner_app_id metadata"),
        ("request_thread_control", "requested_owner_app_id metadata"),
        ("referral", "ref source type"),
    ],
)  # fmt: skip
def test_each_event_is_told_key_by_key(talk: Account, name: str, keys: str) -> None:
    assert list(talk.event(Event(name=name))[name]) == keys.split()


@pytest.mark.parametrize("name", ["comments", "live_comments", "mentions"])
def test_what_is_public_is_a_change_dated_in_seconds(account: Account, name: str) -> None:
    (entry,) = account.entries(Event(name=name))
    assert (entry["id"], entry["time"], entry["changes"][0]["field"]) == (OWN, 1795212345, name)
    assert not account.chat.opened and not account.chat.consented


def test_while_another_app_owns_the_thread_messages_are_on_standby(talk: Account) -> None:
    talk.updates(Event(name="take_thread_control"))
    (update,) = talk.updates(SAY)
    assert update.kind == "standby" and b'"standby":[' in update.body and b'"messaging"' not in update.body
    assert talk.send({"text": "hi"}).code == (100, 2534037)


def test_a_thread_is_passed_and_comes_back(talk: Account) -> None:
    passed = {"recipient": {"id": talk.to}, "target_app_id": INBOX}
    assert talk.call("POST", "/v25.0/me/pass_thread_control", passed).json == {"success": True}
    owner = talk.call("GET", "/v25.0/me/thread_owner", recipient=talk.to).json["data"][0]["thread_owner"]
    receivers = talk.call("GET", "/v25.0/me/secondary_receivers").json["data"]
    assert (owner["app_id"], receivers[0]["id"]) == (INBOX, INBOX)
    talk.updates(Event(name="pass_thread_control"))
    assert talk.send({"text": "hi"}).status == 200


def test_the_default_app_takes_extends_and_releases() -> None:
    talk = Account(default_app=APP)
    talk.says()
    body = {"recipient": {"id": talk.to}}
    talk.call("POST", "/v25.0/me/pass_thread_control", {**body, "target_app_id": INBOX})
    for edge, more in (("take", {}), ("extend", {"duration": 3600}), ("release", {})):
        assert talk.call("POST", f"/v25.0/me/{edge}_thread_control", {**body, **more}).json == {"success": True}


def test_a_thread_that_idles_is_the_bots_again(talk: Account) -> None:
    talk.updates(Event(name="take_thread_control"))
    talk.now += 86_401
    assert talk.event(SAY)["message"]["text"] == "anyone?"


def test_the_owner_switches_access_to_messages_off_and_on(talk: Account) -> None:
    talk.updates(Event(name="message_access", data={"enabled": False}))
    refused = talk.send({"text": "hi"})
    talk.updates(Event(name="message_access", data={"enabled": True}))
    assert (refused.status, refused.code, talk.send({"text": "hi"}).status) == (403, (200, 2534041), 200)
