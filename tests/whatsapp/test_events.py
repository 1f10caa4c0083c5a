"""Management webhooks, and what the account does because of them."""

from __future__ import annotations

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Event, Text, Write
from chatdrill_fakes.platforms.whatsapp import platform
from chatdrill_fakes.platforms.whatsapp.management import FREE_FIELDS
from whatsapp.kit import NOW, Account, error


def test_data_override_a_payload_key_by_key(account: Account) -> None:
    data = {"event": "REJECTED", "reason": "INVALID_FORMAT", "message_template_category": None}
    (change,) = account.changes(Event(name="message_template_status_update", data=data))
    assert change["value"]["event"] == "REJECTED" and change["value"]["reason"] == "INVALID_FORMAT"
    assert change["value"]["message_template_name"] == "parcel_update"
    assert "message_template_category" not in change["value"]


@pytest.mark.parametrize("name", FREE_FIELDS)
def test_a_field_without_a_standard_payload_carries_the_given_one(account: Account, name: str) -> None:
    (change,) = account.changes(Event(name=name, data={"a": {"b": 1}}))
    assert change == {"value": {"a": {"b": 1}}, "field": name}


def test_two_equal_events_are_two_updates(account: Account) -> None:
    first, second = (account.updates(Event(name="security"))[0] for _ in range(2))
    assert first.id != second.id and first.lane == second.lane == "account" and first.to is None


def test_an_event_of_the_account_needs_no_customer() -> None:
    account = Account()
    account.state.chats.clear()
    assert platform.encode(account.state, "", Event(name="account_update"), NOW)
    with pytest.raises(Unsupported, match="needs a customer"):
        platform.encode(account.state, "", Event(name="request_welcome"), NOW)
    with pytest.raises(Unsupported, match="nobody with the address"):
        platform.encode(account.state, "", Write(parts=(Text(text="x"),)), NOW)


def test_a_resumed_preference_lets_marketing_through(open_account: Account) -> None:
    for entry in open_account.state.templates.values():
        entry.category = "MARKETING"
    open_account.updates(Event(name="user_preferences"))
    open_account.updates(Event(name="user_preferences", data={"user_preferences": [{"value": "resume"}]}))
    hello = {"name": "hello_world", "language": {"code": "en_US"}}
    assert open_account.send({"type": "template", "template": hello}).effects


def test_a_category_update_changes_what_the_template_costs(account: Account) -> None:
    named = {"message_template_name": "hello_world", "message_template_language": "en_US"}
    account.updates(Event(name="template_category_update", data=named))
    hello = {"name": "hello_world", "language": {"code": "en_US"}}
    sent = account.play(account.send({"type": "template", "template": hello}))[0]
    assert sent["pricing"]["category"] == "marketing"


def test_an_unknown_error_cannot_be_injected(open_account: Account) -> None:
    with pytest.raises(Unsupported, match="no error 131927"):
        open_account.updates(Event(name="next_send_fails", data={"code": 131927}))
    assert open_account.send_text()


def test_the_legacy_status_of_a_deletion_names_the_last_message(open_account: Account) -> None:
    (change,) = open_account.changes(Event(name="status_deleted"))
    (status,) = change["value"]["statuses"]
    assert (status["id"], status["status"]) == (next(iter(open_account.chat.messages)), "deleted")


def test_a_message_to_a_changed_identity_needs_its_new_hash(open_account: Account) -> None:
    (change,) = open_account.changes(Event(name="customer_identity_changed"))
    known = change["value"]["messages"][0]["identity"]["hash"]
    body = {"type": "text", "text": {"body": "Hallo"}, "recipient_identity_key_hash": "old="}
    assert error(open_account.send(body)) == (400, 137000)
    assert open_account.send({**body, "recipient_identity_key_hash": known}).effects


def test_a_changed_number_is_where_the_customer_is_reached(open_account: Account) -> None:
    open_account.updates(Event(name="user_changed_number", data={"wa_id": "4915199900000"}))
    body = {"type": "text", "text": {"body": "Hallo"}}
    assert open_account.send({**body, "to": "4915199900000"}).effects
    assert open_account.send({**body, "to": "4915155501234"}).effects == ()
    assert error(open_account.send({"to": "1"}))[0] == 400


def test_a_changed_number_brings_a_new_user_id(open_account: Account) -> None:
    old = open_account.chat.user_id
    open_account.updates(Event(name="user_changed_number", data={"wa_id": "4915199900000"}))
    (change,) = open_account.changes(Write(parts=(Text(text="x"),)))
    assert change["value"]["contacts"][0]["user_id"] == open_account.chat.user_id != old
    body = {"to": None, "type": "text", "text": {"body": "Hallo"}}
    assert open_account.send({**body, "recipient": open_account.chat.user_id}).effects
    assert open_account.send({**body, "recipient": old}).effects == ()


def test_a_known_identity_is_named_in_contacts_and_statuses(open_account: Account) -> None:
    open_account.updates(Event(name="customer_identity_changed"))
    (change,) = open_account.changes(Write(parts=(Text(text="x"),)))
    known = change["value"]["contacts"][0]["identity_key_hash"]
    sent = open_account.play(open_account.send({"type": "text", "text": {"body": "Hallo"}}))[0]
    assert sent["recipient_identity_key_hash"] == known == open_account.chat.identity_hash


def test_a_system_message_names_a_hidden_number_by_its_user_id() -> None:
    account = Account(quirks="hidden_numbers")
    message = account.message(Event(name="customer_identity_changed"))
    assert "from" not in message and message["from_user_id"] == account.chat.user_id


def test_an_echo_of_any_type_can_be_made() -> None:
    account = Account(coexistence="yes")
    data = {"type": "revoke", "text": None, "revoke": {"original_message_id": "wamid.OUTAPP1"}}
    (change,) = account.changes(Event(name="message_echo", data=data))
    (echo,) = change["value"]["message_echoes"]
    assert change["field"] == "smb_message_echoes" and echo["revoke"] == data["revoke"] and "text" not in echo


def test_a_flagged_template_can_still_be_sent(account: Account) -> None:
    named = {"message_template_name": "hello_world", "message_template_language": "en_US"}
    account.updates(Event(name="message_template_status_update", data={"event": "FLAGGED", **named}))
    hello = {"name": "hello_world", "language": {"code": "en_US"}}
    assert account.send({"type": "template", "template": hello}).effects
