"""What agents do: what becomes true, what is told, and who owns the dialog then."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    Accept,
    AgentTyping,
    Assigned,
    Close,
    Decline,
    DeleteReply,
    EditReply,
    Elapse,
    Location,
    Note,
    Rate,
    Rated,
    Release,
    Reopen,
    Reply,
    SetPresence,
    SetState,
    TakeOver,
    Text,
    Transfer,
)
from chatdrill_fakes.desks.bitrix24 import desk
from desks.bitrix24.kit import Portal, answer, error, names

WORDS = (Text(text="Guten Tag!"),)


def test_a_dialog_goes_from_queue_to_agent_to_bot(portal: Portal) -> None:
    assert portal.owner("1") == "bot"
    chat = portal.sent()
    assert portal.owner(chat) == "queue"
    assert names(portal.accept(chat)) == ["Assigned", "Accepted", "StateChanged", "EntryAdded"]
    assert portal.owner(chat) == "agent"
    assert names(portal.act(chat, Close(agent="bob"))) == ["StateChanged", "TicketClosed"]
    assert portal.owner(chat) == "bot"


def test_routing_is_automatic_and_a_takeover_is_not(portal: Portal) -> None:
    offered = portal.send().events[-1]
    assert isinstance(offered, Assigned) and (offered.agent, offered.automatic) == ("bob", True)
    chat = next(iter(portal.state.tickets))
    accepted = portal.accept(chat)[0]
    taken = portal.act(chat, TakeOver(agent="eva"))[0]
    assert isinstance(accepted, Assigned) and accepted.automatic
    assert isinstance(taken, Assigned) and (taken.agent, taken.automatic) == ("eva", False)


def test_a_reply_takes_the_dialog_first(portal: Portal, chat: str) -> None:
    events = portal.act(chat, Reply(agent="eva", parts=WORDS))
    assert names(events) == ["Assigned", "Accepted", "StateChanged", "EntryAdded", "EntryAdded"]
    assert portal.state.tickets[chat].assignee == "eva"


def test_a_colleague_who_writes_does_not_take_it(portal: Portal, chat: str) -> None:
    portal.accept(chat)
    assert names(portal.act(chat, Reply(agent="eva", parts=WORDS))) == ["EntryAdded"]
    assert portal.state.tickets[chat].assignee == "bob"


def test_a_declined_dialog_is_offered_to_the_next(portal: Portal, chat: str) -> None:
    assert portal.state.tickets[chat].offered == "bob"
    assert names(portal.act(chat, Decline(agent="bob"))) == ["Declined", "Assigned"]
    assert portal.state.tickets[chat].offered == "eva" and portal.owner(chat) == "queue"


def test_a_note_goes_to_nobody_outside(portal: Portal, chat: str) -> None:
    portal.bind("ONOPENLINEMESSAGEADD")
    (added,) = portal.act(chat, Note(agent="bob", text="she is angry"))
    assert added.entry.public is False and added.entry.author == "agent"
    assert not portal.updates()


def test_typing_is_told_to_nobody(portal: Portal, chat: str) -> None:
    assert names(portal.act(chat, AgentTyping(agent="bob"))) == ["AgentTyped"]
    assert not portal.updates()


def test_a_transfer_waits_for_its_agent(portal: Portal, chat: str) -> None:
    portal.accept(chat)
    events = portal.act(chat, Transfer(agent="bob", to_agent="eva"))
    assert names(events) == ["StateChanged", "Assigned", "EntryAdded"] and portal.owner(chat) == "queue"
    portal.accept(chat, "eva")
    assert portal.owner(chat) == "agent" and portal.state.tickets[chat].assignee == "eva"


def test_a_transfer_to_a_team_is_one_to_its_line(portal: Portal, chat: str) -> None:
    portal.act(chat, Transfer(agent="eva", to_team="Billing"))
    dialog = portal.state.tickets[chat]
    assert dialog.team == "Billing" and dialog.offered == "bob" and dialog.code.startswith("chatdrill|107|")
    with pytest.raises(UsageError, match="no open line"):
        portal.act(chat, Transfer(agent="eva", to_team="Sales"))


def test_after_the_end_the_same_chat_begins_a_new_session(portal: Portal, chat: str) -> None:
    portal.act(chat, Close(agent="bob"))
    (finish,) = portal.told("ONIMCONNECTORDIALOGFINISH")
    handled = portal.send("And now?", "tg-1002")
    assert answer(handled)["result"]["DATA"]["RESULT"][0]["session"]["CHAT_ID"] == chat
    assert names(handled.events) == ["TicketReopened", "StateChanged", "EntryAdded", "HandoffAsked", "Assigned"]
    (start,) = portal.told("ONIMCONNECTORDIALOGSTART")
    old, new = (each["data"]["DATA"][0]["session"] for each in (finish, start))
    assert old["closed"] == "Y" and new["closed"] == "N" and new["parent_id"] == old["id"]


def test_start_and_finish_have_the_documented_shape(portal: Portal) -> None:
    portal.bind("ONSESSIONSTART", "ONSESSIONFINISH")
    chat = portal.sent()
    dialog = portal.state.tickets[chat]
    expected = {
        "connector": {
            "connector_id": "chatdrill",
            "line_id": "107",
            "chat_id": "tg-42",
            "user_id": str(dialog.user_id),
        },
        "session": {"id": str(dialog.session.id), "closed": "N", "parent_id": "0", "close_term": "10"},
        "chat": {"id": chat},
        "user": {"id": str(dialog.user_id)},
    }
    told = [(each["event"], each["data"]) for each in portal.told(None)]
    whole = {"CONNECTOR": "chatdrill", "LINE": "107", "DATA": [expected]}
    assert told == [("ONIMCONNECTORDIALOGSTART", whole), ("ONSESSIONSTART", {"DATA": [expected]})]
    portal.act(chat, Close(agent="bob"))
    assert [each.kind for each in portal.updates()] == ["ONIMCONNECTORDIALOGFINISH", "ONSESSIONFINISH"]


def test_an_event_that_no_user_caused_has_no_tokens(portal: Portal) -> None:
    portal.sent()
    (told,) = portal.told("ONIMCONNECTORDIALOGSTART")
    assert "access_token" not in told["auth"] and "user_id" not in told["auth"]
    assert told["auth"]["application_token"] == portal.state.settings["application_token"]


def test_an_agent_can_begin_again(portal: Portal, chat: str) -> None:
    with pytest.raises(UsageError, match="open session"):
        portal.act(chat, Reopen(agent="bob"))
    portal.act(chat, Close(agent="bob"))
    assert "TicketReopened" in names(portal.act(chat, Reopen(agent="eva")))
    assert portal.owner(chat) == "agent"


def test_only_ones_own_message_is_changed(portal: Portal, chat: str) -> None:
    entry = portal.reply(chat)
    for act in (EditReply(agent="eva", entry_id=entry, text="x"), DeleteReply(agent="eva", entry_id=entry)):
        with pytest.raises(UsageError, match="no message of 'eva'"):
            portal.act(chat, act)
    assert names(portal.act(chat, DeleteReply(agent="bob", entry_id=entry))) == ["EntryChanged"]


@pytest.mark.parametrize(
    "act",
    [
        SetState(agent="bob", state="pending"),
        Release(agent="bob"),
        Rate(agent="", score=5),
        Reply(agent="bob", parts=(Location(latitude=1, longitude=2),)),
    ],
)
def test_what_agents_cannot_do_is_explained(portal: Portal, chat: str, act: Any) -> None:
    with pytest.raises(Unsupported, match=r"bitrix24: .{30}"):
        portal.act(chat, act)
    assert not portal.updates()


@pytest.mark.parametrize(
    ("chat", "act"),
    [
        ("1", Accept(agent="bob")),
        ("", Accept(agent="nobody")),
        ("", Decline(agent="eva")),
        ("", Reply(agent="bob", parts=WORDS, reply_to="1")),
        ("", Elapse(agent="", what="tea_time")),
        ("", Transfer(agent="bob", to_agent="nobody")),
        ("1", SetPresence(agent="nobody", presence="online")),
    ],
)
def test_what_cannot_be_now_is_a_mistake_of_the_scenario(portal: Portal, chat: str, act: Any) -> None:
    waiting = portal.sent()
    with pytest.raises(UsageError):
        portal.act(chat or waiting, act)


def test_a_dialog_is_accepted_once_and_closed_once(portal: Portal, chat: str) -> None:
    portal.accept(chat)
    with pytest.raises(UsageError, match="'bob' has chat"):
        portal.accept(chat, "eva")
    portal.act(chat, Close(agent="bob"))
    for act in (Close(agent="bob"), Accept(agent="bob")):
        with pytest.raises(UsageError, match="is closed"):
            portal.act(chat, act)


@pytest.mark.parametrize(("said", "score", "word"), [("1", 5.0, "like"), ("0", 1.0, "dislike")])
def test_a_customer_rates_by_a_digit(said: str, score: float, word: str) -> None:
    portal = Portal(vote="yes")
    chat = portal.sent()
    portal.accept(chat)
    assert "SurveyAsked" in names(portal.act(chat, Close(agent="bob")))
    handled = portal.send(said, "tg-2")
    (rated,) = [each for each in handled.events if isinstance(each, Rated)]
    assert (rated.score, rated.word, rated.agent) == (score, word, "bob")
    assert portal.owner(chat) == "bot"
    assert "Rated" not in names(portal.send("1", "tg-3").events) and portal.owner(chat) == "queue"


def test_a_rating_that_comes_too_late_is_a_message() -> None:
    portal = Portal(vote="yes")
    chat = portal.sent()
    portal.configure(VOTE_TIME_LIMIT=60)
    portal.accept(chat)
    portal.act(chat, Close(agent="bob"))
    portal.now += 61
    assert "Rated" not in names(portal.send("1", "tg-2").events) and portal.owner(chat) == "queue"


def test_the_whole_round_is_in_the_agents_hands_by_api_too(portal: Portal, chat: str) -> None:
    portal.reply(chat)
    token = portal.told("ONIMCONNECTORMESSAGEADD")[0]["auth"]["access_token"]
    steps = [
        ("operator.skip", "queue"),
        ("operator.answer", "agent"),
        ("operator.finish", "bot"),
        ("session.start", "agent"),
    ]
    for method, owner in [*steps, ("operator.spam", "bot"), ("session.intercept", "agent"), ("session.join", "agent")]:
        assert portal.result(f"imopenlines.{method}", {"CHAT_ID": chat}, token=token) is True
        assert portal.owner(chat) == owner, method
    eva = portal.state.seats["eva"].id
    assert portal.result("imopenlines.operator.transfer", {"CHAT_ID": chat, "TRANSFER_ID": eva}) is True
    assert portal.state.tickets[chat].offered == "eva"
    assert portal.result("imopenlines.operator.another.finish", {"CHAT_ID": chat}, token=token) is True
    assert error(portal.call("imopenlines.operator.skip", {"CHAT_ID": chat}, token=token))[1] == "ACCESS_DENIED_KICK"


def test_the_administrator_finishes_what_another_has(portal: Portal, chat: str) -> None:
    portal.accept(chat)
    assert error(portal.call("imopenlines.operator.finish", {"CHAT_ID": chat}))[1] == "ACCESS_DENIED"
    assert portal.result("imopenlines.operator.another.finish", {"CHAT_ID": chat}) is True
    assert portal.owner(chat) == "bot"
    assert portal.told("ONIMCONNECTORDIALOGFINISH")[0]["data"]["DATA"][0]["session"]["closed"] == "Y"
    assert portal.result("imopenlines.operator.another.finish", {"CHAT_ID": chat}) is True


@pytest.mark.parametrize("method", ["operator.answer", "operator.skip", "operator.finish", "session.join"])
def test_operators_calls_need_a_chat_and_an_operator(portal: Portal, chat: str, method: str) -> None:
    assert error(portal.call(f"imopenlines.{method}", {"CHAT_ID": 1}))[1] == "CHAT_ID"
    assert error(portal.call(f"imopenlines.{method}", {"CHAT_ID": chat}))[1] == "ACCESS_DENIED"


def test_an_agent_is_hired_once(portal: Portal) -> None:
    before = (dict(portal.state.seats), list(portal.state.line.queue))
    desk.hire(portal.state, portal.state.seats["bob"].agent)
    assert (portal.state.seats, portal.state.line.queue) == before
