"""What agents do: events, notifications, and what they cannot do here."""

from __future__ import annotations

import msgspec
import pytest

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    Accept,
    AgentAct,
    AgentTyping,
    Assigned,
    Close,
    Decline,
    DeleteReply,
    EditReply,
    Elapse,
    EntryAdded,
    EntryChanged,
    Location,
    Media,
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
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.intercom import desk as intercom
from desks.intercom.kit import BASE, BOT, PNG, WORDS, Desk, queued

ADMIN = "conversation.admin."
ACTS: list[tuple[AgentAct, list[str], list[str], str]] = [
    (Accept(agent="bob"), ["assigned", "accepted"], ["assigned"], "agent"),
    (TakeOver(agent="bob"), ["assigned", "accepted"], ["assigned"], "agent"),
    (Reply(agent="bob", parts=WORDS), ["entry_added"], ["replied"], "agent"),
    (Note(agent="bob", text="hm"), ["entry_added"], ["noted"], "queue"),
    (AgentTyping(agent="bob"), ["agent_typed"], [], "queue"),
    (Transfer(agent="bob", to_agent="eve"), ["assigned"], ["assigned"], "agent"),
    (Transfer(agent="bob", to_team="Billing"), ["assigned"], ["assigned"], "queue"),
    (SetState(agent="bob", state="snoozed"), ["state_changed"], ["snoozed"], "queue"),
    (SetState(agent="bob", state="closed"), ["state_changed", "ticket_closed"], ["closed"], "bot"),
    (SetState(agent="bob", state="open"), [], [], "queue"),
    (Close(agent="bob"), ["state_changed", "ticket_closed"], ["closed"], "bot"),
    (Release(agent="bob"), ["assigned", "ticket_closed"], ["assigned"], "bot"),
]


@pytest.mark.parametrize(("act", "events", "topics", "owner"), ACTS, ids=lambda value: str(value)[:30])
def test_an_act_has_its_events_and_its_notifications(
    desk: Desk, act: AgentAct, events: list[str], topics: list[str], owner: str
) -> None:
    ticket = queued(desk)
    desk.act(ticket, act)
    assert (desk.kinds(), desk.told(), desk.owner(ticket)) == (events, [ADMIN + word for word in topics], owner)


def test_every_act_is_declared_as_possible_or_as_lacking() -> None:
    done = {msgspec.to_builtins(act)["act"] for act, *_ in ACTS}
    done |= {"decline", "delete_reply", "reopen", "rate", "set_presence", "elapse"}
    assert done == intercom.capabilities.acts and "edit_reply" in intercom.capabilities.lacks


def test_a_declined_conversation_goes_back_to_the_queue(desk: Desk) -> None:
    ticket = queued(desk)
    with pytest.raises(UsageError, match="not assigned to bob"):
        desk.act(ticket, Decline(agent="bob"))
    desk.assign(ticket, "admin", desk.id())
    desk.hooks(), desk.kinds()
    desk.act(ticket, Decline(agent="bob"))
    assert (desk.kinds(), desk.owner(ticket)) == (["declined", "assigned"], "queue")
    assert desk.told() == ["conversation.admin.assigned"]


def test_an_agents_words_and_files_reach_the_bot(desk: Desk) -> None:
    ticket = queued(desk)
    file = describe(PNG, desk.state.blobs, name="sole.png")
    desk.act(ticket, Reply(agent="bob", parts=(Text(text="Is it <this>?"), Media(kind="photo", file=file))))
    (part,) = desk.hooks()[0]["data"]["item"]["conversation_parts"]["conversation_parts"]
    assert part["body"] == "<p>Is it &lt;this&gt;?</p>" and part["app_package_code"] is None
    assert part["author"] == {"id": desk.id(), "type": "admin", "name": "Bob Ray", "email": "bob@support.example"}
    url = part["attachments"][0]["url"]
    got = desk.call("GET", url.removeprefix(BASE), token=None).response
    assert url.startswith(BASE) and got is not None and got.body == PNG
    event = desk.seen[-1]
    assert isinstance(event, EntryAdded) and (event.entry.author, event.entry.text) == ("agent", "Is it <this>?")


def test_a_deleted_reply_is_told_as_redacted(desk: Desk) -> None:
    ticket = queued(desk)
    desk.act(ticket, Reply(agent="bob", parts=WORDS))
    event = desk.seen[-1]
    assert isinstance(event, EntryAdded)
    desk.hooks()
    with pytest.raises(UsageError, match="eve has written no"):
        desk.act(ticket, DeleteReply(agent="eve", entry_id=event.entry.id))
    desk.act(ticket, DeleteReply(agent="bob", entry_id=event.entry.id))
    assert desk.seen[-1] == EntryChanged(ticket=ticket, entry_id=event.entry.id, deleted=True)
    (hook,) = desk.hooks()
    (part,) = hook["data"]["item"]["conversation_parts"]["conversation_parts"]
    assert hook["topic"] == "conversation_part.redacted" and part["redacted"] is True


def test_a_closed_conversation_is_reopened_by_an_agent(desk: Desk) -> None:
    ticket = queued(desk)
    desk.act(ticket, Close(agent="bob"))
    desk.hooks(), desk.kinds()
    desk.act(ticket, Reopen(agent="bob"))
    assert (desk.kinds(), desk.told()) == (["state_changed", "ticket_reopened"], ["conversation.admin.opened"])
    with pytest.raises(UsageError, match="open already"):
        desk.act(ticket, Reopen(agent="bob"))


def test_a_reply_does_not_open_a_closed_conversation(desk: Desk) -> None:
    ticket = queued(desk)
    desk.act(ticket, Close(agent="bob"))
    desk.act(ticket, Reply(agent="bob", parts=WORDS))
    assert desk.ok("GET", f"/conversations/{ticket}")["state"] == "closed" and desk.owner(ticket) == "bot"


def test_an_agents_snooze_lasts_a_day(desk: Desk) -> None:
    ticket = queued(desk)
    desk.act(ticket, SetState(agent="bob", state="snoozed"))
    assert desk.ok("GET", f"/conversations/{ticket}")["snoozed_until"] == int(desk.now) + 86_400
    desk.act(ticket, Elapse(agent="", what="unsnooze"))
    assert desk.ok("GET", f"/conversations/{ticket}")["state"] == "open"


def test_a_rating_is_stored_for_the_agent_who_closed(desk: Desk) -> None:
    ticket = queued(desk)
    with pytest.raises(UsageError, match="no agent had it"):
        desk.act(ticket, Rate(agent="", score=5))
    desk.act(ticket, Accept(agent="bob"))
    desk.act(ticket, Close(agent="bob"))
    desk.hooks()
    rated = desk.act(ticket, Rate(agent="", score=4, comment="fine"))
    assert rated == [Rated(ticket=ticket, score=4, word="4", agent="bob", comment="fine")]
    (hook,) = desk.hooks()
    rating = hook["data"]["item"]["conversation_rating"]
    assert hook["topic"] == "conversation.rating.added" and (rating["rating"], rating["remark"]) == (4, "fine")
    assert rating["teammate"] == {"type": "admin", "id": desk.id()} and rating["contact"]["external_id"] == "tg-42"
    with pytest.raises(UsageError, match="from 1 to 5"):
        desk.act(ticket, Rate(agent="", score=6))


@pytest.mark.parametrize(("csat", "asked"), [("yes", 1), ("no", 0)])
def test_a_workflow_asks_for_a_rating_if_it_is_set_up(csat: str, asked: int) -> None:
    desk = Desk(csat=csat)
    ticket = queued(desk)
    desk.act(ticket, TakeOver(agent="bob"))
    desk.act(ticket, Close(agent="bob"))
    assert desk.kinds().count("survey_asked") == asked


def test_presence_is_told(desk: Desk) -> None:
    for presence in ("away", "online", "offline", "online"):
        desk.act("", SetPresence(agent="bob", presence=presence))
    desk.act("", SetPresence(agent="bob", presence="online"))
    assert desk.kinds() == ["presence_changed"] * 4
    updated = "admin.away_mode_updated"
    assert desk.told() == [updated, updated, "admin.logged_out", "admin.logged_in"]


@pytest.mark.parametrize(
    ("act", "error", "words"),
    [
        (EditReply(agent="bob", entry_id="1", text="x"), Unsupported, "edited reply"),
        (Reply(agent="bob", parts=WORDS, reply_to="1"), Unsupported, "quoted"),
        (Reply(agent="bob", parts=(Location(latitude=1, longitude=2),)), Unsupported, "text and files"),
        (Reply(agent="bob", parts=()), UsageError, "text or a file"),
        (SetState(agent="bob", state="pending"), Unsupported, "tickets only"),
        (SetState(agent="bob", state="new"), Unsupported, "tickets only"),
        (Transfer(agent="bob"), UsageError, "to_agent or to_team"),
        (Transfer(agent="bob", to_agent="evo"), UsageError, "'eve'"),
        (Transfer(agent="bob", to_team="Biling"), UsageError, "'Billing'"),
        (Note(agent="bo", text="x"), UsageError, "'bob'"),
        (Elapse(agent="", what="lunch"), UsageError, "unsnooze"),
    ],
    ids=lambda value: str(value)[:30],
)
def test_what_cannot_be_is_explained(desk: Desk, act: AgentAct, error: type[Exception], words: str) -> None:
    ticket = queued(desk)
    with pytest.raises(error, match=words):
        desk.act(ticket, act)
    assert desk.kinds() == [] and desk.told() == []


def test_an_act_needs_a_conversation_that_waits(desk: Desk) -> None:
    ticket = desk.conversation()
    with pytest.raises(UsageError, match="nothing waits"):
        desk.act(ticket, Accept(agent="bob"))
    with pytest.raises(UsageError, match="no conversation"):
        desk.act("12", Note(agent="bob", text="x"))
    desk.act(ticket, Close(agent="bob"))
    with pytest.raises(UsageError, match="closed already"):
        desk.act(ticket, Close(agent="bob"))


@pytest.mark.parametrize(
    ("state", "category"), [("open", "in_progress"), ("pending", "waiting_on_customer"), ("solved", "resolved")]
)
def test_a_ticket_has_more_states(desk: Desk, state: str, category: str) -> None:
    ticket = desk.conversation()
    desk.ok("POST", f"/conversations/{ticket}/convert", {"ticket_type_id": "53"})
    desk.hooks()
    desk.act(ticket, msgspec.convert({"act": "set_state", "agent": "bob", "state": state}, SetState))
    assert desk.ok("GET", f"/tickets/{ticket}")["ticket_state"]["category"] == category
    assert desk.told()[0] == "ticket.state.updated" and desk.state.tickets[ticket].state == state


# ------------------------------------------------------------------------------------------------ the queue


def test_a_balanced_team_gives_no_agent_more_than_the_limit() -> None:
    desk = Desk(distribution="load_balanced")  # Bob holds two at once
    who = desk.contact()
    tickets = [desk.conversation(who) for _ in range(3)]
    for ticket in tickets:
        desk.assign(ticket)
    assert [desk.owner(ticket) for ticket in tickets] == ["agent", "agent", "queue"]
    assert Assigned(ticket=tickets[0], agent="bob", team="Support", automatic=True) in desk.seen
    desk.act(tickets[0], Close(agent="bob"))
    assert desk.owner(tickets[2]) == "agent" and desk.state.tickets[tickets[2]].assignee == "bob"


def test_a_round_robin_takes_turns_and_leaves_out_who_is_away() -> None:
    desk = Desk(distribution="round_robin")
    intercom.hire(desk.state, msgspec.structs.replace(desk.state.seats["bob"].agent, key="cid"))
    who = desk.contact()
    given = []
    for n in range(4):
        if n == 3:
            desk.act("", SetPresence(agent="cid", presence="away"))
        ticket = desk.conversation(who)
        desk.assign(ticket)
        given.append(desk.state.tickets[ticket].assignee)
    assert given == ["bob", "cid", "bob", "bob"]


def test_who_comes_back_gets_what_waits() -> None:
    desk = Desk(distribution="load_balanced")
    desk.act("", SetPresence(agent="bob", presence="offline"))
    ticket = queued(desk)
    assert desk.owner(ticket) == "queue"
    desk.act("", SetPresence(agent="bob", presence="online"))
    assert desk.owner(ticket) == "agent"


def test_replies_to_an_agent_who_is_away_go_back_to_the_team(desk: Desk) -> None:
    ticket = queued(desk)
    desk.act(ticket, Accept(agent="bob"))
    desk.ok("PUT", f"/admins/{desk.id()}/away", {"away_mode_enabled": True, "away_mode_reassign": True})
    desk.hooks(), desk.kinds()
    shown = desk.say(ticket)
    assert shown["admin_assignee_id"] is None and desk.owner(ticket) == "queue"
    assert desk.kinds() == ["entry_added", "assigned"]
    assert desk.told() == ["conversation.user.replied", "conversation.admin.assigned"]


def test_new_conversations_may_go_to_the_team_by_themselves() -> None:
    desk = Desk(default_team="yes")
    ticket = desk.conversation()
    assert desk.kinds()[-2:] == ["assigned", "handoff_asked"] and desk.owner(ticket) == "queue"
    (part,) = desk.hooks()[-1]["data"]["item"]["conversation_parts"]["conversation_parts"]
    assert (part["part_type"], part["author"]["type"]) == ("default_assignment", "bot") and part["author"]["id"] != BOT
