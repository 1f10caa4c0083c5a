"""Incoming leads and talks: asking for a person, and the end of it."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.model import (
    Accept,
    Accepted,
    Close,
    Decline,
    Elapse,
    HandoffAsked,
    Rated,
    SetState,
    SurveyAsked,
    TicketClosed,
    TicketReopened,
)
from chatdrill_fakes.desks.amocrm.state import PIPELINE, UNSORTED, WORKING
from desks.amocrm.kit import BOT_USER, DEFAULTS, NOW, Account, error, fault, kinds

FORM = {
    "source_uid": "s-1",
    "source_name": "Site",
    "metadata": {"form_id": "f", "form_name": "Form", "form_page": "https://shop.example"},
    "request_id": "u1",
}


def uid(account: Account) -> str:
    assert account.ticket.incoming is not None
    return account.ticket.incoming


# -------------------------------------------------------------------------------------------------------- asking


def test_a_loud_message_asks_for_a_person(account: Account) -> None:
    events = account.send().events
    assert kinds(events) == ["contact_filed", "ticket_opened", "entry_added", "handoff_asked"]
    assert account.owner() == "queue" and account.ticket.state == "new"
    assert [kind for kind, _ in account.crm_hooks()] == ["add_unsorted", "add_talk", "add_message"]


def test_an_incoming_lead_of_a_chat_is_read(account: Account) -> None:
    account.asked()
    page = account.ok(account.crm("GET", "/leads/unsorted?filter[category][]=chats"))
    (found,) = page["_embedded"]["unsorted"]
    assert (found["uid"], found["category"], found["pipeline_id"]) == (uid(account), "chats", PIPELINE)
    assert found["metadata"] == {
        "from": "Anna Nowak",
        "to": DEFAULTS["channel_id"],
        "received_at": int(NOW),
        "service": "amo.ext.chatdrill",
        "client": {"name": "Anna Nowak", "avatar": None},
        "origin": {"chat_id": account.ticket.chat, "ref": None, "visitor_uid": None},
        "last_message_text": "Where is my parcel?",
        "source_name": "amo.ext.chatdrill",
    }
    assert found["_embedded"]["leads"][0]["id"] == account.ticket.lead
    assert account.ok(account.crm("GET", f"/leads/unsorted/{uid(account)}")) == found
    response = account.crm("GET", "/leads/unsorted?filter[category][]=mail").response
    assert response is not None and response.status == 204


def test_a_bot_may_accept_in_the_name_of_a_user(account: Account) -> None:
    bob = account.asked().state.user_id("bob")
    id = uid(account)
    handled = account.crm("POST", f"/leads/unsorted/{id}/accept", {"user_id": bob, "status_id": WORKING})
    answer = account.ok(handled)
    assert (answer["uid"], answer["_embedded"]["leads"][0]["id"]) == (id, account.ticket.lead)
    assert Accepted(ticket=account.ticket.address, agent="bob") in handled.events and account.owner() == "agent"
    assert error(account.crm("POST", f"/leads/unsorted/{id}/accept"))[0] == 404
    assert account.state.leads[account.ticket.lead or 0]["responsible_user_id"] == bob


def test_what_the_bot_accepts_for_itself_is_its_own(account: Account) -> None:
    handled = account.asked().crm("POST", f"/leads/unsorted/{uid(account)}/accept")
    assert TicketClosed(ticket=account.ticket.address) in handled.events and account.owner() == "bot"


def test_a_bot_may_take_its_request_back(account: Account) -> None:
    id = uid(account.asked())
    handled = account.crm("DELETE", f"/leads/unsorted/{id}/decline", {"user_id": BOT_USER})
    assert set(account.ok(handled)) == {"uid", "pipeline_id", "category", "created_at", "_embedded"}
    assert kinds(handled.events)[-1] == "ticket_closed" and account.owner() == "bot"
    assert error(account.crm("GET", f"/leads/{account.ticket.lead}"))[0] == 404
    assert error(account.crm("GET", f"/contacts/{account.ticket.contact}"))[0] == 404


def test_after_a_refusal_the_next_loud_message_asks_anew(account: Account) -> None:
    account.asked().act(Decline(agent="bob"))
    events = account.send("Please!", "m-2").events
    assert kinds(events)[0] == "contact_filed" and HandoffAsked(ticket=account.ticket.address) in events
    assert account.owner() == "queue" and len(account.state.tickets) == 1


@pytest.mark.parametrize("change", [{"user_id": 5}, {"user_id": "x"}, {"status_id": 5}])
def test_a_wrong_acceptance_is_refused(account: Account, change: dict[str, Any]) -> None:
    assert fault(account.asked().crm("POST", f"/leads/unsorted/{uid(account)}/accept", change))
    assert account.owner() == "queue"


def test_a_chat_is_linked_to_a_lead_that_is_there(account: Account) -> None:
    bob = account.asked().state.user_id("bob")
    body = [{"name": "Old", "responsible_user_id": bob}]
    deal = account.ok(account.crm("POST", "/leads", body))["_embedded"]["leads"][0]["id"]
    chat = next(each for each in account.state.tickets.values() if each.chat)
    link = {"link": {"entity_id": deal, "entity_type": "leads"}}
    answer = account.ok(account.crm("POST", f"/leads/unsorted/{chat.incoming}/link", link))
    assert answer["_embedded"]["leads"][0]["id"] == deal == chat.lead
    assert chat.assignee == "bob" and not account.state.incoming


@pytest.mark.parametrize("link", [None, {}, {"entity_id": 5, "entity_type": "leads"}, 5])
def test_a_wrong_link_is_refused(account: Account, link: object) -> None:
    assert fault(account.asked().crm("POST", f"/leads/unsorted/{uid(account)}/link", {"link": link}))


def test_a_form_is_an_incoming_lead_without_a_chat(account: Account) -> None:
    phone = {"field_code": "PHONE", "values": [{"value": "+4912345"}]}
    inner = {"contacts": [{"name": "Ann", "custom_fields_values": [phone]}], "leads": [{"name": "Call me"}]}
    handled = account.crm("POST", "/leads/unsorted/forms", [{**FORM, "_embedded": inner}])
    (made,) = account.ok(handled)["_embedded"]["unsorted"]
    assert made["request_id"] == "u1" and kinds(handled.events)[-1] == "handoff_asked"
    assert account.owner() == "queue" and account.state.leads[account.ticket.lead or 0]["status_id"] == UNSORTED
    account.act(Accept(agent="bob"))
    assert account.owner() == "agent"
    link = {"link": {"entity_id": account.ticket.lead, "entity_type": "leads"}}
    assert error(account.crm("POST", f"/leads/unsorted/{made['uid']}/link", link))[0] == 404


def test_a_call_is_an_incoming_lead(account: Account) -> None:
    metadata = {"service_code": "pbx", "uniq": "c1", "duration": 54, "phone": 79998888888}
    account.ok(account.crm("POST", "/leads/unsorted/sip", [{**FORM, "metadata": metadata}]))
    body = {**FORM, "metadata": {"uniq": "x"}}
    assert fault(account.crm("POST", "/leads/unsorted/sip", [body]))[1] == "metadata.service_code"
    assert fault(account.crm("POST", "/leads/unsorted/forms", [{"source_uid": "x"}]))[1] == "source_name"
    assert error(account.crm("POST", "/leads/unsorted/chats", [FORM]))[0] == 404


def test_the_summary_counts(account: Account) -> None:
    account.asked()
    account.now += 60
    account.act(Accept(agent="bob"))
    account.ok(account.crm("POST", "/leads/unsorted/forms", [FORM]))
    found = account.ok(account.crm("GET", "/leads/unsorted/summary"))
    assert (found["total"], found["accepted"], found["declined"], found["average_sort_time"]) == (1, 1, 0, 60)
    assert found["categories"] == {
        "sip": {"total": 0},
        "mail": {"total": 0},
        "forms": {"total": 1},
        "chats": {"total": 0},
    }


# --------------------------------------------------------------------------------------------------------- talks


def talk(account: Account) -> dict[str, Any]:
    assert account.ticket.talk is not None
    return account.ok(account.crm("GET", f"/talks/{account.ticket.talk.id}"))  # type: ignore[no-any-return]


def close(account: Account, **body: object) -> Any:
    assert account.ticket.talk is not None
    return account.crm("POST", f"/talks/{account.ticket.talk.id}/close", body)


def test_a_talk_is_read(account: Account) -> None:
    found = talk(account.asked())
    assert {name: found[name] for name in ("rate", "is_in_work", "is_read", "missed_at", "origin", "entity_type")} == {
        "rate": 0,
        "is_in_work": True,
        "is_read": False,
        "missed_at": None,
        "origin": "amo.ext.chatdrill",
        "entity_type": "lead",
    }
    assert (found["chat_id"], found["entity_id"]) == (account.ticket.chat, account.ticket.lead)
    assert found["_embedded"]["leads"][0]["id"] == account.ticket.lead
    account.accepted().reply()
    assert talk(account)["is_read"] is True
    assert error(account.crm("GET", "/talks/5"))[0] == 404


def test_closing_a_talk_gives_control_back_once(account: Account) -> None:
    account.accepted()
    handled = close(account, force_close=True)
    assert (handled.response.status, handled.response.body) == (202, b"")
    assert kinds(handled.events) == ["ticket_closed", "state_changed"] and account.owner() == "bot"
    assert error(close(account, force_close=True))[0] == 422
    assert talk(account)["is_in_work"] is False
    assert fault(close(account, force_close="yes")) == ("InvalidType", "force_close")


def test_closing_the_talk_of_an_incoming_lead_ends_the_request(account: Account) -> None:
    handled = close(account.asked(), force_close=True)
    assert TicketClosed(ticket=account.ticket.address) in handled.events and account.owner() == "bot"
    events = account.send("Hello?", "m-2").events
    assert HandoffAsked(ticket=account.ticket.address) in events and account.owner() == "queue"
    account.act(Accept(agent="bob"))
    assert account.owner() == "agent"


def test_a_silent_message_after_the_end_is_the_bots(account: Account) -> None:
    assert kinds(account.closed().send("Thanks", "m-2", silent=True).events) == ["entry_added"]
    assert account.owner() == "bot"


def test_a_loud_message_after_the_end_reopens_the_talk_of_an_open_lead(account: Account) -> None:
    first = account.closed().ticket.lead
    events = account.clear().send("One more thing", "m-2").events
    assert TicketReopened(ticket=account.ticket.address) in events and "handoff_asked" in kinds(events)
    assert (account.owner(), account.ticket.assignee, account.ticket.lead) == ("agent", "bob", first)
    assert account.crm_hook("update_talk")["talk"]["update"][0]["is_in_work"] == "1"


def test_a_loud_message_after_a_final_stage_and_the_end_makes_a_new_incoming_lead(account: Account) -> None:
    first = account.accepted().ticket.lead
    account.act(SetState(agent="bob", state="solved"))
    assert account.owner() == "agent" and "handoff_asked" not in kinds(account.send("Ok", "m-2").events)
    account.act(Close(agent="bob"))
    events = account.send("Again", "m-3").events
    assert kinds(events)[1:3] == ["ticket_reopened", "state_changed"] and "handoff_asked" in kinds(events)
    assert account.owner() == "queue" and account.ticket.lead != first and len(account.state.tickets) == 1


# ------------------------------------------------------------------------------------------------------- ratings


def rating() -> Account:
    account = Account(nps="yes").accepted().clear()
    account.act(Close(agent="bob"))
    return account


def test_the_rating_bot_asks_before_the_talk_is_closed() -> None:
    account = rating()
    asked = account.channel_hooks()[0]["message"]
    assert asked["sender"]["id"] == DEFAULTS["bot_id"] and asked["message"]["markup"]["mode"] == "inline"
    assert account.owner() == "agent" and account.ticket.entries[-1].author == "system"
    assert error(close(account))[0] == 422


@pytest.mark.parametrize(("text", "score"), [("10", 5.0), ("0", 1.0), (" 5 ", 3.0)])
def test_the_answer_is_the_rating_of_who_served(text: str, score: float) -> None:
    account = rating()
    events = account.send(text, "m-2", silent=True).events
    assert Rated(ticket=account.ticket.address, score=score, word=text.strip(), agent="bob") in events
    assert kinds(events)[-2:] == ["ticket_closed", "state_changed"] and account.owner() == "bot"
    assert talk(account)["rate"] == int(text)


@pytest.mark.parametrize("text", ["11", "great", "-1", "5.5", ""])
def test_anything_else_is_no_rating(text: str) -> None:
    account = rating()
    events = account.send(text or "?", "m-2").events
    assert "rated" not in kinds(events) and account.owner() == "agent"
    assert "rated" not in kinds(account.send("7", "m-3").events)


def test_a_number_outside_a_survey_is_no_rating(account: Account) -> None:
    assert "rated" not in kinds(account.accepted().send("5", "m-2").events)


def test_a_rating_that_never_comes_closes_the_talk() -> None:
    account = Account(nps="yes").accepted()
    handled = close(account)
    assert SurveyAsked(ticket=account.ticket.address) in handled.events and handled.later[0].after_s == 86400
    assert isinstance(handled.later[0].act, Elapse)
    assert "ticket_closed" in kinds(account.act(handled.later[0].act)) and account.owner() == "bot"


def test_an_enforced_end_asks_for_no_rating() -> None:
    account = Account(nps="yes").accepted()
    assert "survey_asked" not in kinds(close(account, force_close=True).events) and account.owner() == "bot"


def test_a_talk_that_nobody_answers_is_missed() -> None:
    account = Account(missed_after_s="300")
    (later,) = account.send().later
    account.now += later.after_s
    assert isinstance(later.act, Elapse) and account.act(later.act) == []
    assert talk(account)["missed_at"] == int(NOW) + 300
    answered = Account(missed_after_s="300").accepted()
    answered.reply()
    answered.act(later.act)
    assert talk(answered)["missed_at"] is None
