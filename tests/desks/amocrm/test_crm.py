"""Contacts, leads, notes, tasks, users: the calls of a hand-over."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import Assigned, ContactFiled, HandoffAsked, StateChanged, TicketClosed, TicketOpened
from chatdrill_fakes.desks.amocrm.crm.leads import COMPLEX_FIELDS_MAX, COMPLEX_MAX
from chatdrill_fakes.desks.amocrm.crm.reading import LIST_MAX
from chatdrill_fakes.desks.amocrm.state import PIPELINE, WAITING, WON, WORKING
from desks.amocrm.kit import AMOJO, BASE, BOT_USER, CHATS, CUSTOMER, NOW, Account, error, fault, kinds

PHONE = {"field_code": "PHONE", "values": [{"value": "+4912345", "enum_code": "WORK"}]}
ANN = {"name": "Ann", "custom_fields_values": [PHONE], "request_id": "c1"}


def contact(account: Account) -> int:
    return int(account.ok(account.crm("POST", "/contacts", [ANN]))["_embedded"]["contacts"][0]["id"])


def lead(account: Account, **more: Any) -> int:
    return int(account.ok(account.crm("POST", "/leads", [{"name": "Delivery", **more}]))["_embedded"]["leads"][0]["id"])


def user(account: Account, key: str) -> int:
    return account.state.user_id(key)


# ------------------------------------------------------------------------------------------------------- account


def test_the_account_tells_its_id_in_the_chats(account: Account) -> None:
    assert "amojo_id" not in account.ok(account.crm("GET", "/account"))
    found = account.ok(account.crm("GET", "/account?with=amojo_id,amojo_rights,users_groups,task_types,version"))
    assert (found["amojo_id"], found["current_user_id"], found["version"]) == (AMOJO, BOT_USER, 16)
    assert set(found["_embedded"]) == {"amojo_rights", "users_groups", "task_types"}


def test_users_have_an_id_in_the_chats(account: Account) -> None:
    page = account.ok(account.crm("GET", "/users?with=amojo_id,group,role"))
    names = {each["name"]: each for each in page["_embedded"]["users"]}
    assert set(names) == {"Chat bot", "Bob Lis", "Eva Lis"}
    assert names["Bob Lis"]["amojo_id"] == account.state.amojo_ids["bob"]
    assert account.ok(account.crm("GET", f"/users/{user(account, 'bob')}"))["email"] == "bob@shop.example"
    assert error(account.crm("GET", "/users/1"))[0] == 404


def test_the_pipeline_has_the_final_stages(account: Account) -> None:
    (found,) = account.ok(account.crm("GET", "/leads/pipelines"))["_embedded"]["pipelines"]
    assert {142, 143} < {each["id"] for each in found["_embedded"]["statuses"]}
    assert account.ok(account.crm("GET", f"/leads/pipelines/{PIPELINE}")) == found
    assert error(account.crm("GET", "/leads/pipelines/1"))[0] == 404


# ------------------------------------------------------------------------------------------------------ contacts


def test_a_contact_is_made_found_and_changed(account: Account) -> None:
    handled = account.crm("POST", "/contacts", [ANN])
    (made,) = account.ok(handled)["_embedded"]["contacts"]
    assert (made["request_id"], made["_links"]["self"]["href"]) == ("c1", f"{BASE}/api/v4/contacts/{made['id']}")
    filed = ContactFiled(contact=str(made["id"]), keys=("Ann", "PHONE", "+4912345", "WORK", "c1"), name="Ann")
    assert handled.events == (filed,)
    for query in ("%2B4912345", "ann", "49-123-45"):
        (found,) = account.ok(account.crm("GET", f"/contacts?query={query}"))["_embedded"]["contacts"]
        assert found["id"] == made["id"] and found["custom_fields_values"][0]["field_code"] == "PHONE"
    account.ok(account.crm("PATCH", f"/contacts/{made['id']}", {"name": "Anna", "tags_to_add": [{"name": "vip"}]}))
    account.ok(account.crm("PATCH", "/contacts", [{"id": made["id"], "first_name": "A"}]))
    found = account.ok(account.crm("GET", f"/contacts/{made['id']}"))
    assert (found["name"], found["first_name"], found["_embedded"]["tags"][0]["name"]) == ("Anna", "A", "vip")


def test_an_empty_list_has_no_body(account: Account) -> None:
    for path in ("/contacts?query=nobody", "/leads", "/leads/unsorted", "/tasks", "/contacts/chats?contact_id=1"):
        response = account.crm("GET", path).response
        assert response is not None and (response.status, response.body) == (204, b""), path


def test_a_repeated_call_makes_a_second_one(account: Account) -> None:
    assert contact(account) != contact(account) and lead(account, request_id="l") != lead(account, request_id="l")


def test_lists_are_read_in_pages_of_at_most_250(account: Account) -> None:
    for count in (LIST_MAX, 1):
        account.ok(account.crm("POST", "/contacts", [{"name": f"{n}"} for n in range(count)]))
    page = account.ok(account.crm("GET", "/contacts?limit=251"))
    assert len(page["_embedded"]["contacts"]) == LIST_MAX and "page=2" in page["_links"]["next"]["href"]
    last = account.ok(account.crm("GET", "/contacts?limit=250&page=2"))
    assert len(last["_embedded"]["contacts"]) == 1 and set(last["_links"]) == {"self", "first", "prev"}


@pytest.mark.parametrize("count", [0, LIST_MAX + 1])
def test_a_batch_has_one_to_250_things(account: Account, count: int) -> None:
    assert error(account.crm("POST", "/contacts", [{"name": "x"}] * count))[0] == 400


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"name": 5}, ("InvalidType", "name")),
        ({"responsible_user_id": 1}, ("NotSupportedChoice", "responsible_user_id")),
        ({"custom_fields_values": {}}, ("InvalidType", "custom_fields_values")),
        ({"custom_fields_values": [5]}, ("InvalidType", "custom_fields_values.0")),
        ({"custom_fields_values": [{"values": []}]}, ("FieldMissing", "custom_fields_values.0.field_id")),
        ({"custom_fields_values": [{"field_code": "X"}]}, ("NotSupportedChoice", "custom_fields_values.0.field_code")),
        ({"custom_fields_values": [{"field_id": 1, "values": [1]}]}, ("InvalidType", "custom_fields_values.0.values")),
        ({"tags_to_add": ["vip"]}, ("InvalidType", "tags_to_add")),
        ({"_embedded": {"tags": [{}]}}, ("InvalidType", "_embedded.tags")),
    ],
)
def test_a_wrong_contact_is_refused_field_by_field(
    account: Account, change: dict[str, Any], wrong: tuple[str, str]
) -> None:
    assert fault(account.crm("POST", "/contacts", [{**ANN, **change}])) == wrong
    assert not account.state.contacts


def test_an_unknown_custom_field_is_refused_where_fields_are_named() -> None:
    account = Account(custom_fields="101, 102")
    account.ok(account.crm("POST", "/contacts", [{"custom_fields_values": [{"field_id": 101, "values": []}]}]))
    refused = account.crm("POST", "/contacts", [{"custom_fields_values": [{"field_id": 103, "values": []}]}])
    assert fault(refused) == ("NotSupportedChoice", "custom_fields_values.0.field_id")


def test_a_body_that_is_no_list_is_refused(account: Account) -> None:
    for body in (b"", b"{", b"{}", b"[1]", b"\xff", b"[" * 5000):
        assert error(account.crm("POST", "/contacts", body))[0] == 400


# --------------------------------------------------------------------------------------------------------- chats


def test_a_chat_is_linked_to_a_contact_before_its_first_message(account: Account) -> None:
    chat = account.ok(account.chat("POST", f"{CHATS}/chats", {"conversation_id": "my-42", "user": CUSTOMER}))["id"]
    who = contact(account)
    deal = lead(account, _embedded={"contacts": [{"id": who}]}, responsible_user_id=user(account, "bob"))
    answer = account.ok(account.crm("POST", "/contacts/chats", [{"contact_id": who, "chat_id": chat}]))
    (linked,) = answer["_embedded"]["chats"]
    assert (linked["contact_id"], linked["chat_id"], linked["request_id"]) == (who, chat, "0")
    assert kinds(account.send().events) == ["entry_added"] and not account.state.incoming
    assert account.ticket.lead == deal and account.owner() == "agent" and len(account.state.contacts) == 1
    found = account.ok(account.crm("GET", f"/contacts/chats?chat_id={chat}"))["_embedded"]["chats"]
    assert found == account.ok(account.crm("GET", f"/contacts/chats?contact_id={who}"))["_embedded"]["chats"]


def test_a_silent_chat_of_a_contact_is_where_a_new_lead_is_worked_on(account: Account) -> None:
    chat = account.ok(account.chat("POST", f"{CHATS}/chats", {"conversation_id": "my-42", "user": CUSTOMER}))["id"]
    who = contact(account)
    account.ok(account.crm("POST", "/contacts/chats", [{"contact_id": who, "chat_id": chat}]))
    deal = lead(account, _embedded={"contacts": [{"id": who}]})
    assert (account.ticket.chat, account.ticket.lead) == (chat, deal)
    assert kinds(account.send().events) == ["entry_added"] and account.owner() == "queue"


def test_a_chat_that_has_spoken_keeps_its_ticket_when_it_is_linked(account: Account) -> None:
    account.ok(account.send(silent=True))
    chat, who = account.ticket.address, contact(account)
    lead(account, _embedded={"contacts": [{"id": who}]})
    events = account.crm("POST", "/contacts/chats", [{"contact_id": who, "chat_id": chat}]).events
    assert HandoffAsked(ticket=chat) in events and account.state.tickets[chat].asked


@pytest.mark.parametrize("change", [{"contact_id": 1}, {"chat_id": "x"}, {"contact_id": "1"}, {"chat_id": None}])
def test_a_wrong_link_is_refused(account: Account, change: dict[str, Any]) -> None:
    account.ok(account.send(silent=True))
    body = {"contact_id": int(account.ticket.contact or 0), "chat_id": account.ticket.chat, **change}
    assert fault(account.crm("POST", "/contacts/chats", [body]))[1] == next(iter(change))
    assert error(account.crm("GET", "/contacts/chats"))[0] == 400


# --------------------------------------------------------------------------------------------------------- leads


def test_a_lead_alone_is_a_ticket_that_waits_for_somebody(account: Account) -> None:
    who = contact(account)
    body = {"_embedded": {"contacts": [{"id": who}], "tags": [{"name": "bot_handoff"}]}, "request_id": "l1"}
    handled = account.crm("POST", "/leads", [{"name": "Delivery question", **body}])
    (made,) = account.ok(handled)["_embedded"]["leads"]
    opened = next(each for each in handled.events if isinstance(each, TicketOpened))
    assert (opened.ticket, opened.contact, opened.request_key) == (str(made["id"]), str(who), "l1")
    assert "+4912345" in opened.keys and opened.subject == "Delivery question"
    assert kinds(handled.events) == ["ticket_opened", "handoff_asked", "state_changed"] and account.owner() == "queue"
    shown = account.ok(account.crm("GET", f"/leads/{made['id']}?with=contacts"))
    assert shown["_embedded"]["contacts"][0]["id"] == who and shown["_embedded"]["tags"][0]["name"] == "bot_handoff"
    assert "contacts" not in shown and (shown["status_id"], shown["pipeline_id"]) == (WORKING, PIPELINE)


@pytest.mark.parametrize(("key", "owner"), [("bob", "agent"), (None, "queue"), ("bot", "bot")])
def test_who_is_responsible_for_a_new_lead_owns_it(account: Account, key: str | None, owner: str) -> None:
    named = {} if key is None else {"responsible_user_id": BOT_USER if key == "bot" else user(account, key)}
    lead(account, **named)
    assert account.owner() == owner


def test_a_lead_of_somebody_with_a_chat_is_worked_on_in_the_chat(account: Account) -> None:
    account.ok(account.send(silent=True))
    deal = lead(account, _embedded={"contacts": [{"id": int(account.ticket.contact or 0)}]})
    assert account.ticket.lead == deal and account.owner() == "queue"


def test_responsible_user_and_stage_are_changed_and_told(account: Account) -> None:
    account.asked()
    deal, bob, eva = account.ticket.lead, user(account, "bob"), user(account, "eva")
    uid = account.ticket.incoming
    account.ok(account.crm("POST", f"/leads/unsorted/{uid}/accept", {"user_id": bob}))
    account.clear()
    events = account.crm("PATCH", f"/leads/{deal}", {"responsible_user_id": eva, "status_id": WAITING}).events
    ticket = account.ticket.address
    assert StateChanged(ticket=ticket, state="pending", word="Waiting for the customer") in events
    assert Assigned(ticket=ticket, agent="eva") in events
    moved = account.crm_hook("status_lead")["leads"]["status"][0]
    assert (moved["status_id"], moved["old_status_id"]) == (str(WAITING), str(WORKING))
    given = account.crm_hook("responsible_lead")["leads"]["responsible"][0]
    assert (given["responsible_user_id"], given["old_responsible_user_id"]) == (str(eva), str(bob))
    events = account.crm("PATCH", f"/leads/{deal}", {"responsible_user_id": BOT_USER}).events
    assert TicketClosed(ticket=ticket) in events and account.owner() == "bot"


def test_the_bot_may_give_a_silent_chats_lead_to_an_agent(account: Account) -> None:
    account.ok(account.send(silent=True))
    deal = lead(
        account, _embedded={"contacts": [{"id": int(account.ticket.contact or 0)}]}, responsible_user_id=BOT_USER
    )
    events = account.crm("PATCH", "/leads", [{"id": deal, "responsible_user_id": user(account, "bob")}]).events
    assert kinds(events) == ["handoff_asked", "assigned"] and account.owner() == "agent"


def test_the_end_of_a_lead_without_a_chat_is_the_end_of_its_ticket(account: Account) -> None:
    deal = lead(account)
    events = account.crm("PATCH", f"/leads/{deal}", {"status_id": WON}).events
    assert "ticket_closed" in kinds(events) and account.owner() == "bot"
    found = account.ok(account.crm("GET", f"/leads/{deal}"))
    assert (found["status_id"], found["closed_at"]) == (WON, int(NOW))


def test_a_lead_of_earlier_is_changed_without_a_ticket(account: Account) -> None:
    account.closed()
    old = account.ticket.lead
    account.ok(account.crm("PATCH", f"/leads/{old}", {"status_id": WON}))
    account.ok(account.send("Again", "m-2"))
    assert account.ticket.lead != old
    handled = account.crm("PATCH", f"/leads/{old}", {"status_id": WORKING})
    assert account.ok(handled)["id"] == old and handled.events == () and account.owner() == "queue"


def test_tags_and_fields_are_changed(account: Account) -> None:
    deal = lead(
        account, tags_to_add=[{"name": "bot"}], custom_fields_values=[{"field_id": 7, "values": [{"value": "a"}]}]
    )
    change = {"tags_to_add": [{"name": "vip"}], "tags_to_delete": [{"name": "bot"}], "price": 5}
    fields = [{"field_id": 8, "values": [{"value": "b"}]}]
    account.ok(account.crm("PATCH", f"/leads/{deal}", {**change, "custom_fields_values": fields}))
    found = account.ok(account.crm("GET", f"/leads/{deal}"))
    assert [tag["name"] for tag in found["_embedded"]["tags"]] == ["vip"] and found["price"] == 5
    assert [each["field_id"] for each in found["custom_fields_values"]] == [7, 8]
    account.ok(account.crm("PATCH", f"/leads/{deal}", {"_embedded": {"tags": None}}))
    assert account.ok(account.crm("GET", f"/leads/{deal}"))["_embedded"]["tags"] == []


def test_leads_are_found_by_filter(account: Account) -> None:
    account.asked()  # an incoming lead is in no list of leads
    deal, other = lead(account), lead(account, name="Other", status_id=WAITING)
    for query, found in (
        ("?query=deliv", [deal]),
        (f"?filter[id][]={other}", [other]),
        (f"?filter[responsible_user_id]={BOT_USER}", [deal, other]),
        (f"?filter[statuses][0][pipeline_id]={PIPELINE}&filter[statuses][0][status_id]={WAITING}", [other]),
        ("", [deal, other]),
    ):
        page = account.ok(account.crm("GET", f"/leads{query}"))
        assert [each["id"] for each in page["_embedded"]["leads"]] == found, query


@pytest.mark.parametrize(
    ("change", "wrong"),
    [
        ({"price": "5"}, ("InvalidType", "price")),
        ({"status_id": 5}, ("NotSupportedChoice", "status_id")),
        ({"pipeline_id": 5}, ("NotSupportedChoice", "pipeline_id")),
        ({"responsible_user_id": 5}, ("NotSupportedChoice", "responsible_user_id")),
        ({"_embedded": {"contacts": [{"id": 5}]}}, ("NotSupportedChoice", "_embedded.contacts.0.id")),
        ({"_embedded": {"contacts": 5}}, ("InvalidType", "_embedded.contacts")),
    ],
)
def test_a_wrong_lead_is_refused_field_by_field(
    account: Account, change: dict[str, Any], wrong: tuple[str, str]
) -> None:
    assert fault(account.crm("POST", "/leads", [{"name": "x"}, change])) == wrong and not account.state.leads


def test_an_unknown_lead_is_not_found(account: Account) -> None:
    assert error(account.crm("GET", "/leads/5"))[0] == 404
    assert error(account.crm("PATCH", "/leads/5", {"price": 1}))[0] == 404
    assert fault(account.crm("PATCH", "/leads", [{"id": 5}])) == ("NotSupportedChoice", "id")


# ------------------------------------------------------------------------------------------------------- complex


def complex_lead(**more: Any) -> dict[str, Any]:
    return {"name": "x", "_embedded": {"contacts": [ANN]}, "request_id": "l1", **more}


def test_lead_and_contact_are_made_at_once(account: Account) -> None:
    (made,) = account.ok(account.crm("POST", "/leads/complex", [complex_lead()]))
    lead_id, contact_id = next(iter(account.state.leads)), next(iter(account.state.contacts))
    expected = {"id": lead_id, "contact_id": contact_id, "company_id": None, "request_id": ["l1"], "merged": False}
    assert made == expected and account.owner() == "queue"


def test_a_known_contact_is_joined_where_duplicates_are_controlled() -> None:
    for setting, merged, count in (("yes", True, 1), ("no", False, 2)):
        account = Account(duplicate_control=setting)
        contact(account)
        (made,) = account.ok(account.crm("POST", "/leads/complex", [complex_lead()]))
        assert made["merged"] is merged and len(account.state.contacts) == count


@pytest.mark.parametrize(("count", "status"), [(COMPLEX_MAX, 200), (COMPLEX_MAX + 1, 400)])
def test_fifty_leads_at_once(account: Account, count: int, status: int) -> None:
    response = account.crm("POST", "/leads/complex", [complex_lead()] * count).response
    assert response is not None and response.status == status


@pytest.mark.parametrize(("count", "status"), [(COMPLEX_FIELDS_MAX, 200), (COMPLEX_FIELDS_MAX + 1, 400)])
def test_forty_fields_at_once(account: Account, count: int, status: int) -> None:
    fields = [{"field_id": number + 1, "values": [{"value": "x"}]} for number in range(count)]
    response = account.crm("POST", "/leads/complex", [complex_lead(custom_fields_values=fields)]).response
    assert response is not None and response.status == status


def test_a_complex_lead_has_one_contact(account: Account) -> None:
    body = complex_lead(_embedded={"contacts": [ANN, ANN]})
    assert fault(account.crm("POST", "/leads/complex", [body])) == ("TooMany", "_embedded.contacts")
    account.ok(account.crm("POST", "/leads/complex", [{"name": "nobody's"}]))
    unknown = complex_lead(_embedded={"contacts": [{"id": 5}]})
    assert fault(account.crm("POST", "/leads/complex", [unknown]))[1] == "_embedded.contacts.0.id"


def test_a_change_of_a_lead_and_a_contact_is_told(account: Account) -> None:
    account.accepted().clear()
    account.ok(account.crm("PATCH", f"/leads/{account.ticket.lead}", {"price": 7}))
    account.ok(account.crm("PATCH", f"/contacts/{account.ticket.contact}", {"name": "Anna N."}))
    assert account.crm_hook("update_lead")["leads"]["update"][0]["price"] == "7"
    assert account.crm_hook("update_contact")["contacts"]["update"][0]["name"] == "Anna N."
    assert {update.to for update in account.state.outbox} == {account.ticket.address}
