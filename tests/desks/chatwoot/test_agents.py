"""What agents do, what becomes true by it, and what the bot is told."""

from __future__ import annotations

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
    Keyboard,
    Location,
    Media,
    Note,
    PresenceChanged,
    Release,
    Reopen,
    Reply,
    SetPresence,
    SetState,
    TakeOver,
    Text,
    Transfer,
)
from chatdrill_fakes.desks.chatwoot import desk
from desks.chatwoot.kit import NOW, PNG, USER, Office, good, names, path

_CREATED, _UPDATED, _CHANGED = "message_created", "conversation_updated", "conversation_status_changed"
_ANSWER = Reply(agent="bob", parts=(Text(text="Hello"),))
ACTS: dict[str, tuple[list[AgentAct], AgentAct, list[str], list[str]]] = {
    "accept": ([], Accept(agent="bob"), ["Assigned", "Accepted"], [_UPDATED]),
    "first reply": ([Accept(agent="bob")], _ANSWER, ["EntryAdded"], [_CREATED, _UPDATED]),
    "second reply": ([Accept(agent="bob"), _ANSWER], _ANSWER, ["EntryAdded"], [_CREATED]),
    "note": ([], Note(agent="bob", text="vip"), ["EntryAdded"], [_CREATED]),
    "typing": ([], AgentTyping(agent="bob"), ["AgentTyped"], []),
    "transfer": ([Accept(agent="bob")], Transfer(agent="bob", to_agent="eve"), ["Assigned"], [_UPDATED]),
    "snooze": (
        [Accept(agent="bob")],
        SetState(agent="bob", state="snoozed"),
        ["StateChanged"],
        [_CHANGED, _UPDATED],
    ),
    "close": (
        [Accept(agent="bob")],
        Close(agent="bob"),
        ["StateChanged", "TicketClosed"],
        ["conversation_resolved", _CHANGED, _UPDATED],
    ),
    "release": (
        [Accept(agent="bob")],
        Release(agent="bob"),
        ["StateChanged", "TicketClosed"],
        [_CHANGED, _UPDATED],
    ),
    "reopen": (
        [Accept(agent="bob"), Close(agent="bob")],
        Reopen(agent="eve"),
        ["StateChanged", "TicketReopened", "Assigned", "Accepted"],
        ["conversation_opened", _CHANGED, _UPDATED, _UPDATED],
    ),
}


@pytest.mark.parametrize("case", ACTS)
def test_an_act_of_an_agent_makes_its_events_and_webhooks(office: Office, case: str) -> None:
    before, act, events, hooks = ACTS[case]
    office.queued()
    for each in before:
        office.act(each)
    office.told()
    assert (names(office.act(act)), office.kinds()) == (events, hooks)


def test_taking_over_tells_of_the_opening_and_the_assignment(office: Office) -> None:
    office.talk()
    office.told()
    assert names(office.act(TakeOver(agent="bob"))) == ["StateChanged", "Assigned", "Accepted"]
    assert office.kinds() == ["conversation_opened", _CHANGED, _UPDATED, _UPDATED]


def test_an_answer_carries_its_author_text_and_quote(office: Office) -> None:
    office.queued()
    (added,) = office.act(Reply(agent="bob", parts=(Text(text="Hello"),), reply_to="1"))
    assert isinstance(added, EntryAdded)
    entry = added.entry
    assert (entry.author, entry.text, entry.reply_to, entry.said_by, entry.at) == ("agent", "Hello", "1", "Bob", NOW)


def test_a_picture_of_an_agent_can_be_downloaded(office: Office) -> None:
    office.queued()
    office.told()
    media = Media(kind="photo", file=office.file(name="shoe.png"), caption=Text(text="This one"))
    office.act(Reply(agent="bob", parts=(media,)))
    (hook,) = office.hooks(_CREATED)
    (attachment,) = hook["attachments"]
    assert (hook["content"], attachment["file_type"], attachment["file_size"]) == ("This one", "image", len(PNG))
    assert _download(office, attachment["data_url"]) == PNG
    assert _download(office, attachment["thumb_url"])[:2] == b"\xff\xd8"


def _download(office: Office, url: str) -> bytes:
    base = "http://127.0.0.1:8080/chatwoot"
    moved = office.raw("GET", url.removeprefix(base), token=None).response
    assert moved is not None and moved.status == 302
    found = office.raw("GET", (moved.header("location") or "").removeprefix(base), token=None).response
    assert found is not None and found.status == 200
    return found.body


def test_what_an_agent_deletes_is_marked_and_told(office: Office) -> None:
    office.queued()
    (added,) = office.act(_ANSWER)
    assert isinstance(added, EntryAdded)
    office.told()
    assert names(office.act(DeleteReply(agent="bob", entry_id=added.entry.id))) == ["EntryChanged"]
    (hook,) = office.hooks("message_updated")
    assert (hook["content"], hook["content_attributes"]) == ("This message was deleted", {"deleted": True})


def test_an_offer_of_routing_is_declined_by_unassigning(office: Office) -> None:
    office = Office(enable_auto_assignment="yes")
    office.queued()
    assert names(office.act(Decline(agent="bob"))) == ["Declined", "Assigned"]
    assert (office.owner(), office.state.tickets["1"].assignee) == ("queue", None)


def test_routing_assigns_in_turns_those_who_are_online_and_below_the_limit() -> None:
    office = Office(enable_auto_assignment="yes", max_assignment_limit="1")
    office.act(SetPresence(agent="bob", presence="away"))
    found = []
    for key in ("a", "b", "c"):
        talk = office.talk(key)
        found += [event for event in office.status("open", talk).events if isinstance(event, Assigned)]
        office.act(SetPresence(agent="bob", presence="online"))
    assert [(event.agent, event.automatic) for event in found] == [("eve", True), ("bob", True)]


def test_routing_is_no_takeover_until_the_agent_accepts() -> None:
    office = Office(enable_auto_assignment="yes")
    office.queued()
    assert (office.state.tickets["1"].assignee, office.owner()) == ("bob", "queue")
    assert names(office.act(Accept(agent="bob"))) == ["Accepted"]
    assert office.owner() == "agent"


def test_presence_is_shown_in_the_list_of_agents(office: Office) -> None:
    assert office.act(SetPresence(agent="bob", presence="away"), "") == [PresenceChanged(agent="bob", presence="away")]
    agents = {each["name"]: each for each in office.ask("GET", "/api/v1/accounts/1/agents", token=USER)}
    assert (agents["Bob"]["availability_status"], agents["Eve"]["availability_status"]) == ("busy", "online")


def test_a_team_keeps_only_an_assignee_of_its_own(office: Office) -> None:
    office.queued()
    office.act(Accept(agent="eve"))
    office.ask("POST", f"{path()}/assignments", {"team_id": 1})
    assert (office.state.tickets["1"].team, office.state.tickets["1"].assignee) == ("sales", None)


WRONG: dict[str, AgentAct] = {
    "nothing to decline": Decline(agent="bob"),
    "no such agent": Accept(agent="zoe"),
    "no such team": Transfer(agent="bob", to_team="Moon"),
    "no such colleague": Transfer(agent="bob", to_agent="zoe"),
    "not resolved": Reopen(agent="bob"),
    "no such message": DeleteReply(agent="bob", entry_id="99"),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_act_that_cannot_be_now_is_a_usage_error(office: Office, case: str) -> None:
    office.queued()
    with pytest.raises(UsageError):
        office.act(WRONG[case])


def test_nobody_accepts_what_another_has_or_what_is_not_open(office: Office) -> None:
    office.talk()
    with pytest.raises(UsageError, match="pending"):
        office.act(Accept(agent="bob"))
    office.act(TakeOver(agent="eve"))
    with pytest.raises(UsageError, match="eve"):
        office.act(Accept(agent="bob"))


LACKING: dict[str, AgentAct] = {
    "delete the message": EditReply(agent="bob", entry_id="1", text="x"),
    "release": SetState(agent="bob", state="pending"),
    "never new": SetState(agent="bob", state="new"),
    "a location": Reply(agent="bob", parts=(Location(latitude=1, longitude=2),)),
    "keyboard": Reply(agent="bob", parts=(Keyboard(style="inline", rows=()),)),
    "reopen_snoozed": Elapse(agent="", what="auto_resolve"),
}


@pytest.mark.parametrize("words", LACKING)
def test_what_agents_cannot_do_says_what_they_do_instead(office: Office, words: str) -> None:
    office.queued()
    with pytest.raises(Unsupported, match=words):
        office.act(LACKING[words])


def test_hiring_again_changes_nothing(office: Office) -> None:
    seat = office.state.seats["bob"]
    desk.hire(office.state, seat.agent)
    assert office.state.seats["bob"] is seat and len(office.state.users) == 3
    assert len(good(office.call("GET", "/api/v1/accounts/1/teams/1/team_members", token=USER))) == 1
