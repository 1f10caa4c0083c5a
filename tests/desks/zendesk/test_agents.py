"""What agents do: the events, the webhooks, and who owns the ticket afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    Accept,
    AgentTyping,
    Close,
    Contact,
    Decline,
    DeleteReply,
    EditReply,
    Elapse,
    Media,
    Note,
    Rate,
    Release,
    Reopen,
    Reply,
    SetPresence,
    SetState,
    TakeOver,
    Text,
    Transfer,
)
from chatdrill_fakes.desks.zendesk import desk
from desks.zendesk.kit import PNG, Account, answer, header, tags

HELLO = Reply(agent="bob", parts=(Text(text="Hello, Bob here"),))
ASSIGNED = ["ticket.group_assignment_changed", "ticket.agent_assignment_changed"]


def plain(account: Account) -> str:
    number = str(account.ticket())
    account.updates()
    return number


def talking(account: Account) -> str:
    talk = account.handed_over()
    account.updates()
    return talk


# (act, events, webhooks, owner) one after the other at one ticket of the Ticketing API
PLAIN: list[tuple[Any, list[str], list[str], str]] = [
    (
        Accept(agent="bob"),
        ["assigned", "accepted", "state_changed"],
        [*ASSIGNED, "ticket.status_changed"],
        "agent",
    ),
    (HELLO, ["entry_added"], ["ticket.comment_added"], "agent"),
    (Note(agent="bob", text="private"), ["entry_added"], ["ticket.comment_added"], "agent"),
    (AgentTyping(agent="bob"), ["agent_typed"], [], "agent"),
    (Transfer(agent="bob", to_agent="eva"), ["assigned"], ASSIGNED, "agent"),
    (Transfer(agent="eva", to_team="Support"), ["assigned"], ASSIGNED, "queue"),
    (TakeOver(agent="eva"), ["assigned", "accepted"], ASSIGNED, "agent"),
    (SetState(agent="eva", state="pending"), ["state_changed"], ["ticket.status_changed"], "agent"),
    (SetState(agent="eva", state="snoozed"), ["state_changed"], ["ticket.status_changed"], "agent"),
    (SetState(agent="eva", state="solved"), ["state_changed", "ticket_closed"], ["ticket.status_changed"], "bot"),
    (Rate(agent="", score=2, comment="slow"), ["rated"], ["ticket.csat_received"], "bot"),
    (Reopen(agent="eva"), ["state_changed", "ticket_reopened"], ["ticket.status_changed"], "agent"),
    (Close(agent="eva"), ["state_changed", "ticket_closed"], ["ticket.status_changed"], "bot"),
    (Elapse(agent="", what="close_solved"), ["state_changed"], ["ticket.status_changed"], "bot"),
]

# the same at a conversation: the switchboard tells nothing of what agents do among themselves
TALK: list[tuple[Any, list[str], list[str], str]] = [
    (Accept(agent="bob"), ["assigned", "accepted", "state_changed"], [], "agent"),
    (HELLO, ["entry_added"], ["conversation:message"], "agent"),
    (Note(agent="bob", text="private"), ["entry_added"], [], "agent"),
    (AgentTyping(agent="bob"), ["agent_typed"], [], "agent"),
    (Transfer(agent="bob", to_team="Billing"), ["assigned"], [], "queue"),
    (TakeOver(agent="eva"), ["assigned", "accepted"], [], "agent"),
    (SetState(agent="eva", state="solved"), ["state_changed"], [], "agent"),
    (Reopen(agent="eva"), ["state_changed"], [], "agent"),
    (
        Close(agent="eva"),
        ["state_changed", "state_changed", "ticket_closed"],
        ["conversation:message", "switchboard:releaseControl"],
        "bot",
    ),
    (Rate(agent="", score=5), ["rated"], [], "bot"),
]


@pytest.mark.parametrize(("begin", "story"), [(plain, PLAIN), (talking, TALK)])
def test_each_act_has_its_events_its_webhooks_and_its_owner(account: Account, begin: Any, story: Any) -> None:
    ticket = begin(account)
    assert account.owner(ticket) == "queue"
    for act, events, kinds, owner in story:
        told = tags(account.act(ticket, act))
        assert (act, told, account.kinds(), account.owner(ticket)) == (act, events, kinds, owner)


def test_an_agents_message_is_told_apart_from_the_bots(account: Account) -> None:
    talk = talking(account)
    account.act(talk, HELLO)
    (told,) = account.sunco_events()
    message, bob = told["payload"]["message"], account.state.seats["bob"].id
    assert message["author"] == {"type": "business", "displayName": "Bob Berg", "subtypes": ["agent"]}
    assert message["metadata"] == {"__zendesk_msg.agent.id": bob}
    assert message["source"] == {"type": "zd:agentWorkspace"} and message["content"]["text"] == "Hello, Bob here"
    assert told["payload"]["conversation"]["activeSwitchboardIntegration"]["integrationType"] == "zd:agentWorkspace"


def test_answering_a_conversation_takes_it_and_answering_a_ticket_only_opens_it(account: Account) -> None:
    assert tags(account.act(talking(account), HELLO)) == ["assigned", "accepted", "state_changed", "entry_added"]
    ticket = plain(account)
    assert tags(account.act(ticket, HELLO)) == ["entry_added", "state_changed"] and account.owner(ticket) == "agent"
    assert account.state.tickets[ticket].assignee is None


@pytest.mark.parametrize("begin", [plain, talking])
def test_an_agents_file_can_be_downloaded_by_the_bot(account: Account, begin: Any) -> None:
    ticket = begin(account)
    photo = Media(kind="photo", file=account.file(name="a b.png"), caption=Text(text="see"))
    entry = account.act(ticket, Reply(agent="bob", parts=(photo,)))[-1 if begin is talking else 0]
    payloads = account.payloads()
    if begin is talking:
        content = payloads[0]["events"][0]["payload"]["message"]["content"]
        assert (content["type"], content["text"]) == ("image", "see")
        link = content["mediaUrl"]
    else:
        link = next(each["event"]["attachment"]["content_url"] for each in payloads if "attachment" in each["event"])
    got = account.call("GET", link.partition("/zendesk")[2], auth=None)
    assert got.response is not None and got.response.body == PNG and header(got, "content-type") == "image/png"
    assert entry.entry.files[0].sha256 == photo.file.sha256  # type: ignore[attr-defined,union-attr]


@pytest.mark.parametrize("begin", [plain, talking])
def test_a_deleted_reply_is_redacted(account: Account, begin: Any) -> None:
    ticket = begin(account)
    events = account.act(ticket, HELLO)
    entry = next(event.entry for event in events if "entry_added" in tags([event]))  # type: ignore[attr-defined,union-attr]
    account.updates()
    (changed,) = account.act(ticket, DeleteReply(agent="bob", entry_id=entry.id))
    assert (changed.entry_id, changed.deleted) == (entry.id, True)  # type: ignore[attr-defined,union-attr]
    assert account.kinds() == (["ticket.comment_redacted"] if begin is plain else [])
    with pytest.raises(UsageError):
        account.act(ticket, DeleteReply(agent="bob", entry_id="1"))


def test_a_conversation_released_goes_on_by_mail_and_the_bot_speaks_again(account: Account) -> None:
    talk = talking(account)
    account.act(talk, Accept(agent="bob"))
    assert tags(account.act(talk, Release(agent="bob"))) == ["entry_added", "ticket_closed"]
    message, released = account.sunco_events()
    assert message["payload"]["message"]["activity"] == {"type": "ticket:transfer:email"}
    assert (released["type"], released["payload"]["reason"]) == ("switchboard:releaseControl", "transferToEmail")
    assert account.owner(talk) == "bot" and account.say(talk, "hello bot").events == ()


def test_the_end_is_said_in_the_conversation_and_by_the_switchboard(account: Account) -> None:
    talk = talking(account)
    account.act(talk, Close(agent="bob"))
    line, released = account.sunco_events()
    assert line["payload"]["message"]["author"] == {"type": "business", "subtypes": ["activity"]}
    assert line["payload"]["message"]["activity"] == {"type": "ticket:closed"}
    assert released["payload"]["reason"] == "ticketClosed"
    assert "activeSwitchboardIntegration" not in released["payload"]["conversation"]


def test_an_account_may_give_control_back_with_solved() -> None:
    account = Account(handback="solved")
    talk = account.handed_over()
    assert tags(account.act(talk, SetState(agent="bob", state="solved")))[-1] == "ticket_closed"
    assert account.owner(talk) == "bot"


def test_presence_is_told_to_whom_wants_to_know() -> None:
    account = Account(webhook_as="support")
    (event,) = account.act("", SetPresence(agent="bob", presence="away"))
    assert (tags([event]), event.ticket) == (["presence_changed"], None)
    (told,) = account.payloads()
    assert told["type"] == "zen:event-type:agent.unified_state_changed"
    assert told["detail"]["agent_id"] == account.state.seats["bob"].id
    assert (told["event"]["previous_unified_state"], told["event"]["new_unified_state"]) == ("Online", "Away")


@pytest.mark.parametrize(
    "act",
    [
        Decline(agent="bob"),
        EditReply(agent="bob", entry_id="1", text="x"),
        Release(agent="bob"),
        Reply(agent="bob", parts=(Contact(name="Eva", phone="+1"),)),
        Reply(agent="bob", parts=(Text(text="x"),), reply_to="1"),
        SetState(agent="bob", state="closed"),
        SetState(agent="bob", state="new"),
    ],
)
def test_what_agents_cannot_do_is_refused_with_a_reason(account: Account, act: Any) -> None:
    ticket = plain(account)
    with pytest.raises(Unsupported, match=r"zendesk"):
        account.act(ticket, act)
    assert not account.updates()


def test_what_cannot_be_now_is_refused(account: Account) -> None:
    talk = talking(account)
    account.act(talk, Accept(agent="bob"))
    for act in (Accept(agent="eva"), Reopen(agent="bob"), Rate(agent="", score=5), Transfer(agent="bob", to_team="?")):
        with pytest.raises(UsageError):
            account.act(talk, act)
    with pytest.raises(UsageError, match="bob"):
        account.act(talk, Note(agent="bo", text="x"))
    with pytest.raises(UsageError, match="no ticket"):
        account.act("1", HELLO)
    with pytest.raises(UsageError, match="close_solved"):
        account.act(talk, Elapse(agent="", what="close_solve"))
    account.act(talk, Close(agent="bob"))
    with pytest.raises(UsageError, match="never changes"):
        account.act(talk, HELLO)


def test_no_agent_writes_while_the_bot_has_control(account: Account) -> None:
    talk = account.handed_over()
    account.control(talk, "passControl", "bot")
    with pytest.raises(UsageError, match="the bot has control"):
        account.act(talk, HELLO)
    with pytest.raises(Unsupported, match="passControl"):
        account.act(talk, TakeOver(agent="bob"))


def test_a_ticket_of_the_bots_own_is_the_bots(account: Account) -> None:
    number = account.ticket(assignee_id=account.state.api_user_id)
    assert account.owner(number) == "bot" and account.owner("nothing") == "bot"
    account.act(number, TakeOver(agent="bob"))
    assert account.owner(number) == "agent"


def test_hiring_twice_changes_nothing_and_agents_are_users(account: Account) -> None:
    before = dict(account.state.seats)
    desk.hire(account.state, before["bob"].agent)
    assert account.state.seats == before
    told = answer(account.api("GET", f"users/{before['bob'].id}"))["user"]
    assert (told["role"], told["name"], told["email"]) == ("agent", "Bob Berg", "bob@chatdrill.example")


def test_every_act_is_declared(account: Account) -> None:
    done = {str(act.__struct_config__.tag) for act, *_ in (*PLAIN, *TALK)} | {"delete_reply", "release", "set_presence"}
    assert done == desk.capabilities.acts and {"decline", "edit_reply"} <= set(desk.capabilities.lacks)
