"""Webhooks: subscriptions, shapes, signatures, redelivery."""

from __future__ import annotations

import hashlib
import hmac
from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import Close, Elapse, EntryDelivered, EntryFailed, Note
from chatdrill_fakes.desks.chat2desk import desk
from chatdrill_fakes.desks.chat2desk.hooks import EVENTS
from desks.chat2desk.kit import NOW, Account, kinds, refused

URL = "http://127.0.0.1:9/other"


def test_a_webhook_is_made_listed_changed_and_deleted(account: Account) -> None:
    made = account.data("POST", "/webhooks", {"url": URL, "name": "bot", "events": ["outbox", "inbox"]})
    assert made == {
        "id": made["id"],
        "url": URL,
        "name": "bot",
        "events": ["inbox", "outbox"],
        "channels": [],
        "status": "enable",
    }
    path = f"/webhooks/{made['id']}"
    changed = account.data("PUT", path, {"events": ["close_dialog"], "channels": [15]})
    assert (changed["events"], changed["channels"], changed["url"]) == (["close_dialog"], [15], URL)
    assert account.data("GET", "/webhooks") == [changed]
    account.data("DELETE", path)
    assert account.data("GET", "/webhooks") == []
    assert refused(account.call("DELETE", path)) == (404, "Webhook not found")


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"url": "ftp://x"}, "url"),
        ({"url": None}, "url"),
        ({"events": ["telepathy"]}, "events"),
        ({"events": []}, "events"),
        ({"events": None}, "events"),
        ({"channels": 15}, "channels"),
    ],
)
def test_a_wrong_webhook_is_refused(account: Account, change: dict[str, Any], field: str) -> None:
    status, errors = refused(account.call("POST", "/webhooks", {"url": URL, "events": ["inbox"], **change}))
    assert status == 400 and set(errors) == {field} and not account.state.hooks


def test_a_webhook_hears_what_it_wants_of_its_channels(account: Account) -> None:
    account.state.webhook_url = None
    wanted = account.data("POST", "/webhooks", {"url": URL, "events": ["inbox"], "channels": [15]})["id"]
    account.data("POST", "/webhooks", {"url": URL, "events": ["inbox"], "channels": [16]})
    dialog = account.queued()
    (update,) = account.updates()
    assert update.hook is account.state.hooks[str(wanted)] and (update.kind, update.to) == ("inbox", dialog)
    assert desk.request(account.state, [update], NOW).url == URL


def test_what_is_under_way_to_a_deleted_webhook_is_not_sent(account: Account) -> None:
    account.state.webhook_url = None
    id = account.data("POST", "/webhooks", {"url": URL, "events": ["inbox"]})["id"]
    account.hear()
    account.data("DELETE", f"/webhooks/{id}")
    assert not account.updates()


def test_the_single_hooks_of_old_hear_messages_and_endings(account: Account) -> None:
    account.state.webhook_url = None
    account.data("POST", "/companies/web_hook", {"url": URL})
    account.data("POST", "/companies/chat_close_web_hook", {"url": f"{URL}2"})
    account.act(account.queued(), Close(agent="bob"))
    assert kinds(account.told()) == ["inbox", "close_dialog"]
    info = account.data("GET", "/companies/api_info")
    assert (info["hook"], info["chat_close_web_hook"]) == (URL, f"{URL}2")
    account.data("POST", "/companies/web_hook", {"url": ""})
    assert account.data("GET", "/companies/api_info")["hook"] is None and account.data("GET", "/webhooks") == []


@pytest.mark.parametrize("event", ["new_tag", "new_qr_code", "imported_message"])
def test_an_event_that_never_comes_may_be_subscribed_to(account: Account, event: str) -> None:
    account.data("POST", "/webhooks", {"url": URL, "events": [event]})
    account.state.webhook_url = None
    account.act(account.queued(), Close(agent="bob"))
    assert not account.updates()


def a_day_at_the_desk(account: Account) -> dict[str, dict[str, Any]]:
    """Everything that can be told, once."""
    heard = account.hear("Hi")
    dialog, client = str(heard["dialog_id"]), heard["client_id"]
    account.data("PUT", f"/clients/{client}", {"comment": "x"})
    for kind, id in (("client", client), ("request", heard["request_id"])):
        account.data("POST", "/tags/assign_to", {"tag_ids": [1], "assignee_type": kind, "assignee_id": id})
        account.data("DELETE", "/tags/1/delete_from", {f"{kind}_id": id})
    account.reply(dialog, "Good morning")
    sent = account.state.tickets[dialog].messages[-1].id
    account.act(dialog, Note(agent="bob", text="patient"))
    account.act(dialog, Elapse(agent="", what="outbox_status", data={"message_id": sent, "status": "read"}))
    ticket = account.data("POST", "/tickets", {"client_id": client, "subject": "x"})["id"]
    account.data("PUT", f"/tickets/{ticket}", {"status": "done"})
    account.data("DELETE", f"/tickets/{ticket}")
    account.act(dialog, Close(agent="bob"))
    account.act(dialog, Elapse(agent="", what="blacklist"))
    return {body["hook_type"]: body for body in account.told()}


MESSAGE = {
    *("hook_type", "message_id", "type", "text", "transport", "client_id", "operator_id", "dialog_id", "channel_id"),
    *("request_id", "is_new_request", "is_new_client", "event_time", "photo", "video", "audio", "pdf", "coordinates"),
    *("attachments", "client", "extra_data", "insta_comment"),
}


def test_every_event_has_its_golden_shape(account: Account) -> None:
    told = a_day_at_the_desk(account)
    assert set(EVENTS) - set(told) == {"new_tag", "new_qr_code", "imported_message"}
    assert all(set(told[event]) == MESSAGE for event in ("inbox", "outbox", "comment"))
    person = {"id": told["inbox"]["client_id"], "phone": "tg-42", "name": "Ann", "external_id": None}
    assert told["inbox"]["client"] == {**person, "assigned_name": None, "client_phone": None}
    assert told["inbox"]["event_time"].endswith("Z") and told["inbox"]["is_new_client"]
    bob = account.id_of("bob")
    assert [told[event]["operator_id"] for event in ("inbox", "outbox", "comment")] == [None, bob, bob]
    assert set(told["dialog_transferred"]) == {"hook_type", "dialog_id", "operator_id", "client_id"}
    assert set(told["close_dialog"]) == set(told["dialog_transferred"])
    assert {"request_id", "client_id", "operator_id"} < set(told["close_request"])
    for event in ("new_client", "client_updated", "client_added_to_blacklist"):
        assert {"id", "phone", "name", "channels"} < set(told[event]) and "client" not in told[event]
    status = {"message_id": told["outbox"]["message_id"], "client_id": person["id"], "status": "read"}
    assert told["outbox_status"] == {"hook_type": "outbox_status", "data": status}
    assert set(told["new_ticket"]) == {"hook_type", "ticket"} and "reporter_id" in told["new_ticket"]["ticket"]


def test_receipts_are_known_at_the_desk(account: Account) -> None:
    dialog = account.dialog()
    account.reply(dialog)
    sent = account.state.tickets[dialog].messages[-1].id
    for status, event in (("delivered", EntryDelivered), ("failed", EntryFailed)):
        data = {"message_id": sent, "status": status}
        (told,) = account.act(dialog, Elapse(agent="", what="outbox_status", data=data))
        assert isinstance(told, event) and told.entry_id == sent


def test_a_client_on_the_blacklist_is_not_heard_and_not_written_to(account: Account) -> None:
    heard = account.hear()
    account.act(str(heard["dialog_id"]), Elapse(agent="", what="blacklist"))
    inbox = {"body": "x", "from_client": {"id": "tg-42"}}
    assert refused(account.call("POST", "/messages/inbox", inbox))[0] == 400
    assert refused(account.call("POST", "/messages", {"client_id": heard["client_id"], "text": "x"}))[0] == 400


# ------------------------------------------------------------------------------------------------ signatures


def test_webhooks_are_not_signed_unless_there_is_a_secret() -> None:
    account = Account(webhook_secret="")
    account.hear()
    request = desk.request(account.state, account.updates()[:1], NOW)
    assert request.headers == (("Content-Type", "application/json"),)
    with pytest.raises(Unsupported, match="webhook_secret"):
        desk.forge(account.state, request, "wrong", NOW)


@pytest.mark.parametrize("kind", ["sha1", "sha256", "sha512"])
def test_the_signature_is_an_hmac_of_the_bytes(kind: str) -> None:
    account = Account(webhook_secret="s", signature_header="X-C2D", signature_hash=kind)
    account.hear("Żółw")
    for update in account.updates():
        request = desk.request(account.state, [update], NOW)
        assert request.header("x-c2d") == hmac.new(b"s", update.body, getattr(hashlib, kind)).hexdigest()


def test_a_forged_webhook_has_no_signature_or_a_wrong_one() -> None:
    account = Account(webhook_secret="s")
    account.hear()
    request = desk.request(account.state, account.updates()[:1], NOW)
    unsigned, wrong = (desk.forge(account.state, request, how, NOW) for how in ("unsigned", "wrong"))  # type: ignore[arg-type]
    assert unsigned.header("X-Signature") is None
    assert wrong.header("X-Signature") not in (None, request.header("X-Signature"))
    assert request.body == unsigned.body == wrong.body
    with pytest.raises(Unsupported, match="no date"):
        desk.forge(account.state, request, "stale", NOW)


def test_a_redelivery_is_the_same_bytes_and_webhooks_of_a_client_keep_their_order(account: Account) -> None:
    account.queued()
    first, second = (
        [desk.request(account.state, [update], now) for update in account.updates()] for now in (NOW, NOW + 900)
    )
    assert first == second and len({update.lane for update in account.updates()}) == 1
    assert len({update.id for update in account.updates()}) == len(account.updates())


def test_a_webhook_is_tried_once_and_nothing_follows(account: Account) -> None:
    account.hear()
    assert desk.delivery.retry.attempts_max == 1 and not desk.capabilities.retries_hooks
    assert desk.dropped(account.state, account.updates(), NOW) == () and desk.handshake(account.state) is None
