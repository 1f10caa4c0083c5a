"""Webhooks of the CRM: subscriptions, forms, and how they are repeated."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.seeds import Seed
from chatdrill.wire import HttpFailure, HttpResponse
from chatdrill_fakes.desks.amocrm import desk
from chatdrill_fakes.desks.amocrm.crm.webhooks import EVENTS, WEBHOOKS_MAX
from chatdrill_fakes.desks.amocrm.declared import ONCE
from chatdrill_fakes.desks.amocrm.hooks import BAD_ANSWERS_MAX, BAD_ANSWERS_S
from desks.amocrm.kit import CRM_HOOK, DEFAULTS, NOW, SCOPE, Account, error, fault

URL = "http://127.0.0.1:9/amo?key=secret"


def subscribe(account: Account, *settings: str, url: str = URL) -> Any:
    return account.crm("POST", "/webhooks", {"destination": url, "settings": list(settings)})


def test_an_address_subscribes_to_events() -> None:
    account = Account(crm_webhook="")
    handled = subscribe(account, "add_talk")
    made = account.ok(handled)
    assert handled.response is not None and handled.response.status == 201
    assert handled.call is not None and "secret" not in repr(handled.call)
    assert (made["destination"], made["settings"], made["disabled"]) == (URL, ["add_talk"], False)
    account.asked()
    assert [update.kind for update in account.state.outbox] == ["add_talk"]
    (update,) = account.state.outbox
    assert update.hook is not None and (update.hook.url, update.hook.ack_timeout_s) == (URL, 2.0)


def test_subscribing_again_changes_the_settings() -> None:
    account = Account(crm_webhook="")
    first, second = account.ok(subscribe(account, "add_talk")), account.ok(subscribe(account, "add_lead"))
    assert first["id"] == second["id"] and len(account.state.webhooks) == 1
    found = account.ok(account.crm("GET", "/webhooks"))["_embedded"]["webhooks"]
    assert found[0]["settings"] == ["add_lead"]
    response = account.crm("GET", "/webhooks?filter[destination]=http://other").response
    assert response is not None and response.status == 204


def test_an_address_is_taken_off_the_list(account: Account) -> None:
    response = account.crm("DELETE", "/webhooks", {"destination": CRM_HOOK}).response
    assert response is not None and response.status == 204
    account.asked()
    assert account.crm_hooks() == []
    assert error(account.crm("DELETE", "/webhooks", {"destination": CRM_HOOK}))[0] == 404
    assert fault(account.crm("DELETE", "/webhooks", {})) == ("FieldMissing", "destination")


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"settings": ["odd"]}, "settings.0"),
        ({"settings": []}, "settings"),
        ({"settings": "add_lead"}, "settings"),
        ({"destination": "ftp://x"}, "destination"),
        ({"destination": "https://пример.рф/x"}, "destination"),
        ({"destination": "http://[x"}, "destination"),
        ({"destination": None}, "destination"),
    ],
)
def test_a_wrong_subscription_is_refused(account: Account, change: dict[str, Any], where: str) -> None:
    assert fault(account.crm("POST", "/webhooks", {"destination": URL, "settings": ["add_lead"], **change}))[1] == where


def test_an_account_has_a_hundred_webhooks() -> None:
    account = Account(crm_webhook="")
    for number in range(WEBHOOKS_MAX):
        account.ok(subscribe(account, "add_lead", url=f"{URL}&n={number}"))
    assert error(subscribe(account, "add_lead"))[0] == 422
    account.ok(subscribe(account, "add_talk", url=f"{URL}&n=0"))


# --------------------------------------------------------------------------------------------------------- forms


def test_a_message_is_told_in_brackets(account: Account) -> None:
    account.asked()
    told = account.crm_hook("add_message")
    (message,) = told["message"]["add"]
    ticket = account.ticket
    assert ticket.talk is not None
    assert message == {
        "id": ticket.entries[0].id,
        "chat_id": ticket.chat,
        "talk_id": str(ticket.talk.id),
        "contact_id": ticket.contact,
        "text": "Where is my parcel?",
        "created_at": str(int(NOW)),
        "origin": "amo.ext.chatdrill",
        "type": "incoming",
        "author": {"id": message["author"]["id"], "name": "Anna Nowak", "type": "external"},
        "element_type": "2",
        "element_id": str(ticket.lead),
        "entity_type": "lead",
        "entity_id": str(ticket.lead),
    }
    links = {"self": "https://chatdrill.amocrm.ru"}
    assert told["account"] == {"subdomain": "chatdrill", "id": DEFAULTS["account_id"], "_links": links}
    assert account.updates("add_message")[0].id == message["id"]


def test_the_form_is_what_the_vendor_sends(account: Account) -> None:
    account.asked()
    (update,) = account.updates("add_talk")
    request = desk.request(account.state, (update,), NOW)
    assert (request.method, request.url, request.body) == ("POST", CRM_HOOK, update.body)
    assert request.header("content-type") == "application/x-www-form-urlencoded"
    assert request.header("x-signature") is None
    assert b"talk%5Badd%5D%5B0%5D%5Bis_in_work%5D=1" in request.body
    assert b"account%5B_links%5D%5Bself%5D=https%3A%2F%2Fchatdrill.amocrm.ru" in request.body


def test_acceptance_and_refusal_are_deletions_of_an_incoming_lead(account: Account) -> None:
    account.accepted()
    ticket = account.ticket
    added = account.crm_hook("add_unsorted")["unsorted"]["add"][0]
    gone = account.crm_hook("delete_unsorted")["unsorted"]["delete"][0]
    assert (gone["action"], gone["uid"], gone["category"]) == ("accept", added["uid"], "chats")
    assert gone["accept_result"] == {"leads": [str(ticket.lead)], "contacts": [ticket.contact]}
    lead = account.crm_hook("add_lead")["leads"]["add"][0]
    assert (lead["id"], lead["responsible_user_id"]) == (str(ticket.lead), str(account.state.user_id("bob")))
    contact = account.crm_hook("add_contact")["contacts"]["add"][0]
    assert (contact["id"], contact["type"]) == (ticket.contact, "contact")
    assert contact["linked_leads_id"] == {str(ticket.lead): {"ID": str(ticket.lead)}}
    assert contact["custom_fields"][0]["code"] == "PHONE"


def test_an_agents_message_and_a_file_are_told(account: Account) -> None:
    account.accepted().clear().reply()
    message = account.crm_hook("add_message")["message"]["add"][0]
    assert (message["type"], message["author"]["type"], message["author"]["name"]) == (
        "outgoing",
        "internal",
        "Bob Lis",
    )


# ---------------------------------------------------------------------------------------------------- repetition


def outcomes(account: Account, *statuses: int) -> list[float | None]:
    """When the next attempt is made, after each of several answers."""
    account.asked()
    (update,) = account.updates("add_talk")
    assert update.hook is not None and update.hook.retry is not None
    waits: list[float | None] = []
    for number, status in enumerate(statuses, 1):
        answer = HttpResponse(status) if status else HttpFailure("timeout")
        ack = desk.read_ack(account.state, (update,), answer, NOW)
        assert not ack.ok
        over = ack.attempts_max is not None and number >= ack.attempts_max
        waits.append(None if over else update.hook.retry.delay_s(number, 0.0, Seed(1).stream("x")))
    return waits


@pytest.mark.parametrize(
    ("statuses", "waits"),
    [
        ((500,) * 5, [300.0, 900.0, 900.0, 3600.0, None]),
        ((499,) * 5, [300.0, 900.0, 900.0, 3600.0, None]),
        ((404,) * 3, [300.0, 900.0, None]),
        ((302,) * 3, [300.0, 900.0, None]),
        ((0,) * 3, [300.0, 900.0, None]),
        ((404, 404, 503, 404), [300.0, 900.0, 900.0, None]),
    ],
)
def test_a_webhook_is_repeated_as_the_last_answer_allows(
    account: Account, statuses: tuple[int, ...], waits: list[float | None]
) -> None:
    assert outcomes(account, *statuses) == waits


@pytest.mark.parametrize(("status", "crm", "channel"), [(200, True, True), (204, True, False), (100, True, False)])
def test_what_counts_as_accepted(account: Account, status: int, crm: bool, channel: bool) -> None:
    account.accepted().reply()
    form, hook = account.updates("add_talk")[0], account.updates("message")[0]
    answer = HttpResponse(status)
    assert desk.read_ack(account.state, (form,), answer, NOW).ok is crm
    assert desk.read_ack(account.state, (hook,), answer, NOW).ok is channel
    assert desk.read_ack(account.state, (hook,), HttpFailure("timeout"), NOW).error == "timeout"


def test_a_hook_of_the_channel_is_sent_once(account: Account) -> None:
    account.accepted().reply()
    (hook,) = account.updates("message")
    assert hook.hook is None and desk.delivery.retry == ONCE
    assert ONCE.delay_s(1, 0.0, Seed(1).stream("x")) is None
    assert desk.dropped(account.state, (hook,), NOW) == ()


def test_a_redelivery_is_the_same_to_the_byte(account: Account) -> None:
    account.accepted().reply()
    for update in (*account.updates("message"), *account.updates("add_talk")):
        first, again = (desk.request(account.state, (update,), NOW + wait) for wait in (0, 900))
        assert first == again


@pytest.mark.parametrize(("count", "disabled"), [(BAD_ANSWERS_MAX, False), (BAD_ANSWERS_MAX + 1, True)])
def test_a_hook_with_too_many_bad_answers_is_switched_off(account: Account, count: int, disabled: bool) -> None:
    account.asked()
    (update,) = account.updates("add_talk")
    desk.read_ack(account.state, (update,), HttpResponse(500), NOW - BAD_ANSWERS_S)
    for _ in range(count):
        desk.read_ack(account.state, (update,), HttpResponse(500), NOW)
    (found,) = account.ok(account.crm("GET", "/webhooks"))["_embedded"]["webhooks"]
    assert found["disabled"] is disabled
    account.clear().send("More", "m-2")
    assert bool(account.crm_hooks()) is not disabled


def test_the_scope_is_put_into_the_address(account: Account) -> None:
    account.accepted().reply()
    (hook,) = account.updates("message")
    assert desk.request(account.state, (hook,), NOW).url == f"http://127.0.0.1:9/amo/{SCOPE}"


def test_every_event_that_can_be_subscribed_to_is_declared() -> None:
    named = {each.name.removeprefix("webhook ") for each in desk.coverage}
    assert set(EVENTS) <= named and len(EVENTS) == len(set(EVENTS))
