"""Who may speak: the state machine of a conversation."""

from __future__ import annotations

import pytest

from chatdrill.model import (
    Accept,
    Close,
    HandoffAsked,
    Note,
    Release,
    Reopen,
    Reply,
    SetState,
    TakeOver,
    Text,
    TicketClosed,
    TicketReopened,
    Transfer,
)
from desks.chatwoot.kit import USER, Office, names, path

_HELLO = (Text(text="Hello"),)


def test_a_new_conversation_is_the_active_bots(office: Office) -> None:
    office.talk()
    assert (office.state.tickets["1"].status, office.owner()) == ("pending", "bot")


def test_without_a_bot_a_new_conversation_is_in_the_queue_and_asks_for_a_person() -> None:
    office = Office(active_bot="no")
    office.contact()
    handled = office.call("POST", "/public/api/v1/inboxes/cwInboxChatdrill/contacts/tg-42/conversations", {})
    assert names(handled.events) == ["TicketOpened", "StateChanged", "HandoffAsked"]
    assert office.owner() == "queue"


def test_an_active_bot_has_a_conversation_first_whatever_status_was_asked_for(office: Office) -> None:
    office.contact()
    made = office.ask("POST", "/api/v1/accounts/1/conversations", {"source_id": "tg-42", "status": "open"})
    assert made["status"] == "pending"


def test_a_blocked_contact_gets_a_resolved_conversation(office: Office) -> None:
    contact = office.contact()
    office.ask("PATCH", f"/api/v1/accounts/1/contacts/{contact['id']}", {"blocked": True}, token=USER)
    assert office.state.tickets[office.talk()].status == "resolved"


@pytest.mark.parametrize("token", [None, USER])
def test_opening_a_pending_conversation_asks_for_a_person(office: Office, token: str | None) -> None:
    office.talk()
    handled = office.status("open", token=token or "cwBotTokenChatdrill")
    assert [type(event) for event in handled.events].count(HandoffAsked) == 1
    assert office.owner() == "queue"


def test_the_hand_off_keeps_the_assigned_agent_bot(office: Office) -> None:
    office.talk()
    office.ask("POST", f"{path()}/assignments", {"assignee_id": 1, "assignee_type": "AgentBot"})
    office.status("open")
    meta = office.ask("GET", path())["meta"]
    assert (meta["assignee_type"], meta["assignee"]["type"]) == ("AgentBot", "agent_bot")


def test_assigning_a_bot_takes_the_conversation_from_the_agent_but_leaves_its_status(office: Office) -> None:
    office.queued()
    office.act(Accept(agent="bob"))
    office.ask("POST", f"{path()}/assignments", {"assignee_id": 1, "assignee_type": "AgentBot"})
    assert (office.state.tickets["1"].status, office.owner()) == ("open", "queue")


def test_assigning_a_user_takes_the_conversation_from_the_bot(office: Office) -> None:
    office.talk()
    office.ask("POST", f"{path()}/assignments", {"assignee_id": 1, "assignee_type": "AgentBot"})
    office.ask("POST", f"{path()}/assignments", {"assignee_id": 2})
    assert office.ask("GET", path())["meta"]["assignee_type"] == "User"


STEPS = {
    "accepted": ((Accept(agent="bob"),), "agent"),
    "answered without being assigned": ((Reply(agent="bob", parts=_HELLO),), "agent"),
    "only a note": ((Note(agent="bob", text="hm"),), "queue"),
    "snoozed": ((Accept(agent="bob"), SetState(agent="bob", state="snoozed")), "agent"),
    "snoozed in the queue": ((SetState(agent="bob", state="snoozed"),), "queue"),
    "to another agent": ((Accept(agent="bob"), Transfer(agent="bob", to_agent="eve")), "agent"),
    "to a team": ((Accept(agent="bob"), Transfer(agent="bob", to_team="Sales")), "queue"),
    "given back": ((Accept(agent="bob"), Release(agent="bob")), "bot"),
    "resolved": ((Accept(agent="bob"), Close(agent="bob")), "bot"),
    "opened again": ((Accept(agent="bob"), Close(agent="bob"), Reopen(agent="eve")), "agent"),
}


@pytest.mark.parametrize("case", STEPS)
def test_the_owner_follows_from_status_and_person(office: Office, case: str) -> None:
    office.queued()
    acts, owner = STEPS[case]
    for act in acts:
        office.act(act)
    assert office.owner() == owner


def test_a_resolved_conversation_without_a_bot_is_nobodys() -> None:
    office = Office(active_bot="no")
    office.talk()
    office.act(Close(agent="bob"))
    assert office.owner() == "none"


def test_an_answer_does_not_open_the_bots_conversation(office: Office) -> None:
    office.talk()
    office.act(Reply(agent="bob", parts=_HELLO))
    assert (office.state.tickets["1"].status, office.owner()) == ("pending", "bot")


def test_taking_over_opens_and_assigns_without_a_request(office: Office) -> None:
    office.talk()
    assert "HandoffAsked" not in names(office.act(TakeOver(agent="bob")))
    assert (office.owner(), office.state.tickets["1"].assignee) == ("agent", "bob")


@pytest.mark.parametrize(("bot", "status", "owner"), [("yes", "pending", "bot"), ("no", "open", "queue")])
def test_a_word_after_the_end_wakes_the_same_conversation(bot: str, status: str, owner: str) -> None:
    office = Office(active_bot=bot)
    office.queued()
    office.act(Accept(agent="bob"))
    office.act(Close(agent="bob"))
    office.say("One more thing")
    assert (office.state.tickets["1"].status, office.owner()) == (status, owner)


def test_a_word_wakes_what_was_snoozed_for_its_agent(office: Office) -> None:
    office.queued()
    office.act(Accept(agent="bob"))
    office.act(SetState(agent="bob", state="snoozed"))
    office.say("Are you there?")
    assert (office.state.tickets["1"].status, office.owner()) == ("open", "agent")


def test_a_muted_conversation_stays_resolved(office: Office) -> None:
    office.queued()
    office.ask("POST", f"{path()}/mute", token=USER)
    office.say("Hello?")
    assert office.state.tickets["1"].status == "resolved"
    office.ask("POST", f"{path()}/unmute", token=USER)
    office.say("Hello?")
    assert office.state.tickets["1"].status == "pending"


def test_the_human_part_ends_once_and_begins_again_as_a_reopening(office: Office) -> None:
    office.queued()
    office.act(Accept(agent="bob"))
    ended = office.act(Close(agent="bob"))
    office.say("again")
    again = office.status("open").events
    assert [type(event) for event in ended].count(TicketClosed) == 1
    assert [type(event) for event in again].count(TicketReopened) == 1


def test_whom_a_former_episode_has_left_as_assignee_does_not_hold_the_next(office: Office) -> None:
    office.queued()
    office.act(Accept(agent="bob"))
    office.act(Close(agent="bob"))
    office.say("again")
    office.status("open")
    assert (office.state.tickets["1"].assignee, office.owner()) == ("bob", "queue")
    office.act(Accept(agent="eve"))
    assert (office.state.tickets["1"].assignee, office.owner()) == ("eve", "agent")


def test_the_bot_resolving_its_own_conversation_ends_no_human_part(office: Office) -> None:
    office.talk()
    assert "TicketClosed" not in names(office.status("resolved").events)


def test_the_customer_resolves_once_and_cannot_open_again(office: Office) -> None:
    office.queued()
    url = "/public/api/v1/inboxes/cwInboxChatdrill/contacts/tg-42/conversations/1/toggle_status"
    assert "TicketClosed" in names(office.call("POST", url).events)
    assert office.call("POST", url).events == ()
    assert office.state.tickets["1"].status == "resolved"


def test_a_ticket_that_nobody_knows_is_the_bots(office: Office) -> None:
    assert office.owner("77") == "bot"


def test_a_snooze_with_a_time_ends_by_itself(office: Office) -> None:
    office.queued()
    asked = {"status": "snoozed", "snoozed_until": int(office.now) + 3600}
    handled = office.call("POST", f"{path()}/toggle_status", asked)
    (later,) = handled.later
    office.now += later.after_s
    office.act(later.act)
    assert office.state.tickets["1"].status == "open"


def test_a_snooze_that_was_ended_before_is_not_ended_again(office: Office) -> None:
    office.queued()
    asked = {"status": "snoozed", "snoozed_until": int(office.now) + 3600}
    (later,) = office.call("POST", f"{path()}/toggle_status", asked).later
    office.act(Close(agent="bob"))
    office.now += later.after_s
    assert office.act(later.act) == []
