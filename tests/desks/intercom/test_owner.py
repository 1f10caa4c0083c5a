"""Who owns a conversation, step by step."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from chatdrill.model import Accept, Close, Note, Release, Reply, SetState, TakeOver, Transfer
from chatdrill_fakes.desks.intercom import desk as intercom
from desks.intercom.kit import BOT, TEAM, WORDS, Desk

Step = Callable[[Desk, str], object]


def act(what: object) -> Step:
    return lambda desk, ticket: desk.act(ticket, what)  # type: ignore[arg-type]


STEPS: dict[str, Step] = {
    "customer writes": lambda desk, ticket: desk.say(ticket),
    "bot writes": lambda desk, ticket: desk.speak(ticket),
    "bot notes": lambda desk, ticket: desk.speak(ticket, kind="note"),
    "bot gives to team": lambda desk, ticket: desk.assign(ticket),
    "bot gives to bob": lambda desk, ticket: desk.assign(ticket, "admin", desk.id()),
    "bot gives to itself": lambda desk, ticket: desk.assign(ticket, "admin", BOT),
    "bot gives to nobody": lambda desk, ticket: desk.assign(ticket, "admin", "0"),
    "bot closes": lambda desk, ticket: desk.manage(ticket, "close"),
    "bob accepts": act(Accept(agent="bob")),
    "bob takes over": act(TakeOver(agent="bob")),
    "bob replies": act(Reply(agent="bob", parts=WORDS)),
    "bob notes": act(Note(agent="bob", text="hm")),
    "bob passes on": act(Transfer(agent="bob", to_team="Billing")),
    "bob snoozes": act(SetState(agent="bob", state="snoozed")),
    "bob releases": act(Release(agent="bob")),
    "bob closes": act(Close(agent="bob")),
}

TABLE = [
    ("customer writes > bot writes > bot notes", "bot bot bot"),
    ("bot gives to team > bot writes > bob notes > bob accepts", "queue queue queue agent"),
    ("bot gives to bob > bob closes > customer writes", "agent bot agent"),
    ("bot gives to itself > bot gives to team > bob accepts", "bot queue agent"),
    ("bot gives to team > bot gives to itself > customer writes", "queue bot bot"),
    ("bob replies > customer writes > bob closes", "agent agent bot"),
    ("bob takes over > bob snoozes > customer writes > bob releases", "agent agent agent bot"),
    ("bot gives to team > bob accepts > bob passes on", "queue agent queue"),
    ("bot gives to bob > bot gives to nobody", "agent bot"),
    ("bot gives to team > bob replies > bot closes > customer writes", "queue agent bot queue"),
    ("bob replies > bob releases > bot gives to team", "agent bot queue"),
]


@pytest.mark.parametrize(("steps", "owners"), TABLE)
def test_the_owner_follows_the_assignee_and_the_human_word(desk: Desk, steps: str, owners: str) -> None:
    ticket = desk.conversation()
    found = []
    for step in steps.split(" > "):
        STEPS[step](desk, ticket)
        found.append(desk.owner(ticket))
    assert found == owners.split()


@pytest.mark.parametrize(("steps", "owners"), TABLE)
def test_the_end_is_told_exactly_when_people_let_go(desk: Desk, steps: str, owners: str) -> None:
    ticket = desk.conversation()
    held = False
    for step in steps.split(" > "):
        desk.kinds()
        STEPS[step](desk, ticket)
        now = desk.owner(ticket) in ("queue", "agent")
        assert desk.kinds().count("ticket_closed") == (held and not now), step
        held = now


def test_a_conversation_that_nobody_knows_is_the_bots(desk: Desk) -> None:
    assert intercom.owner(desk.state, "12") == "bot" and TEAM in desk.state.teams


def test_a_customer_who_writes_after_the_end_reopens_the_same_one(desk: Desk) -> None:
    ticket = desk.conversation()
    for step in ("bot gives to bob", "bob closes"):
        STEPS[step](desk, ticket)
    desk.hooks(), desk.kinds()
    shown = desk.say(ticket)
    assert (shown["state"], shown["conversation_parts"]["conversation_parts"][-1]["part_type"]) == ("open", "open")
    assert desk.kinds() == ["state_changed", "entry_added", "ticket_reopened"]
    assert desk.told() == ["conversation.user.replied"]


def test_a_note_on_a_closed_conversation_leaves_it_closed(desk: Desk) -> None:
    ticket = desk.conversation()
    desk.manage(ticket, "close")
    assert desk.speak(ticket, kind="note")["state"] == "closed"
