"""What agents do: events, hooks, owners."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    Accept,
    Accepted,
    AgentAct,
    AgentTyped,
    AgentTyping,
    Assigned,
    Button,
    Close,
    Decline,
    Declined,
    DeleteReply,
    EditReply,
    Elapse,
    Keyboard,
    Location,
    Media,
    Note,
    PresenceChanged,
    Rate,
    Release,
    Reopen,
    Reply,
    SetPresence,
    SetState,
    TakeOver,
    Template,
    Text,
    TicketClosed,
    Transfer,
)
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.amocrm import desk
from desks.amocrm.kit import BASE, BOT_USER, NOW, PNG, Account, kinds


def silent(account: Account) -> Account:
    account.ok(account.send(silent=True))
    return account.clear()


# -------------------------------------------------------------------------------------------- taking and giving


def test_accepting_makes_the_agent_the_owner(account: Account) -> None:
    events = account.asked().act(Accept(agent="bob"))
    ticket = account.ticket.address
    assert events[:2] == [Accepted(ticket=ticket, agent="bob"), Assigned(ticket=ticket, agent="bob")]
    assert kinds(events)[2:] == ["state_changed"] and account.owner() == "agent"
    sent = [kind for kind, _ in account.crm_hooks()]
    assert sent[-4:] == ["delete_unsorted", "add_lead", "add_contact", "update_talk"]
    with pytest.raises(UsageError, match="nobody has asked"):
        account.act(Accept(agent="eva"))


def test_declining_gives_control_back(account: Account) -> None:
    events = account.asked().act(Decline(agent="bob"))
    ticket = account.ticket.address
    assert events[0] == Declined(ticket=ticket, agent="bob") and events[-1] == TicketClosed(ticket=ticket)
    assert account.owner() == "bot"
    gone = account.crm_hook("delete_unsorted")["unsorted"]["delete"][0]
    assert gone["action"] == "decline" and gone["decline_result"] == {"leads": [str(account.ticket.lead)]}
    with pytest.raises(UsageError, match="nothing to decline"):
        account.act(Decline(agent="bob"))


def test_an_agent_may_take_a_chat_that_nobody_asked_for(account: Account) -> None:
    events = silent(account).act(TakeOver(agent="bob"))
    assert kinds(events) == ["accepted", "assigned", "state_changed"] and account.owner() == "agent"
    assert [kind for kind, _ in account.crm_hooks()] == ["add_lead", "add_talk", "update_talk"]


def test_taking_over_an_incoming_lead_accepts_it(account: Account) -> None:
    account.asked().act(TakeOver(agent="bob"))
    assert account.ticket.incoming is None and account.owner() == "agent"


def test_taking_over_from_another_agent_changes_the_responsible_user(account: Account) -> None:
    account.accepted().clear().act(TakeOver(agent="eva"))
    assert account.ticket.assignee == "eva" and account.crm_hook("responsible_lead")


def test_a_transfer_makes_another_user_responsible(account: Account) -> None:
    events = account.accepted().clear().act(Transfer(agent="bob", to_agent="eva"))
    assert events == [Assigned(ticket=account.ticket.address, agent="eva")] and account.owner() == "agent"
    told = account.crm_hook("responsible_lead")["leads"]["responsible"][0]
    assert told["responsible_user_id"] == str(account.state.user_id("eva"))


def test_a_transfer_needs_somebody_to_pass_on_from_and_to(account: Account) -> None:
    with pytest.raises(UsageError, match="has to be accepted"):
        account.asked().act(Transfer(agent="bob", to_agent="eva"))
    account.act(Accept(agent="bob"))
    with pytest.raises(UsageError, match="no account"):
        account.act(Transfer(agent="bob", to_agent="zoe"))
    with pytest.raises(Unsupported, match="name an agent"):
        account.act(Transfer(agent="bob", to_team="orders"))


def test_a_release_makes_the_bot_responsible(account: Account) -> None:
    ticket = account.accepted().clear().ticket.address
    events = account.act(Release(agent="bob"))
    assert events == [TicketClosed(ticket=ticket), Assigned(ticket=ticket, bot=True)] and account.owner() == "bot"
    assert account.crm_hook("responsible_lead")["leads"]["responsible"][0]["responsible_user_id"] == str(BOT_USER)
    with pytest.raises(UsageError, match="nothing to give back"):
        account.act(Release(agent="bob"))


def test_after_a_release_a_loud_message_asks_again(account: Account) -> None:
    account.accepted().act(Release(agent="bob"))
    assert kinds(account.send("Again", "m-2").events) == ["entry_added", "handoff_asked"]
    assert account.owner() == "queue" and kinds(account.act(Decline(agent="bob"))) == ["declined"]
    assert account.owner() == "queue"
    assert kinds(account.act(Accept(agent="eva"))) == ["accepted", "assigned"] and account.owner() == "agent"


# ------------------------------------------------------------------------------------------------------ speaking


def test_a_reply_is_the_hook_of_the_channel(account: Account) -> None:
    account.accepted().clear()
    account.now = NOW + 5.25
    account.reply()
    (hook,) = account.channel_hooks()
    ticket, message = account.ticket, hook["message"]
    person = account.state.conversations[ticket.chat or ""].person
    assert (hook["account_id"], hook["time"]) == ("af9945ff-1490-4cad-807d-945c15d88bec", int(NOW) + 5)
    assert message == {
        "receiver": {"id": person.id, "phone": "+48600100200", "email": "anna@shop.example", "client_id": "tg-42"},
        "sender": {"id": account.state.amojo_ids["bob"]},
        "conversation": {"id": ticket.chat, "client_id": "my-42"},
        "timestamp": int(NOW) + 5,
        "msec_timestamp": int(NOW) * 1000 + 5250,
        "message": {
            "id": ticket.entries[-1].id,
            "type": "text",
            "text": "Hello, Bob here",
            "tag": "",
            "media": "",
            "thumbnail": "",
            "file_name": "",
            "file_size": 0,
        },
    }
    (update,) = account.updates("message")
    assert (update.id, update.to, update.lane) == (ticket.entries[-1].id, ticket.address, f"channel:{ticket.address}")
    entry = ticket.entries[-1]
    assert (entry.author, entry.public, entry.said_by, entry.text) == ("agent", True, "Bob Lis", "Hello, Bob here")


def test_a_source_is_told_back(account: Account) -> None:
    account.ok(account.send(source={"external_id": "shop1"}))
    account.reply()
    assert account.channel_hooks()[0]["message"]["source"] == {"external_id": "shop1"}


def test_who_answers_without_accepting_has_the_conversation(account: Account) -> None:
    events = silent(account).reply()
    assert kinds(events) == ["accepted", "assigned", "entry_added"] and account.owner() == "agent"
    asked = Account().asked()
    asked.reply()
    assert asked.owner() == "agent" and asked.ticket.incoming is not None
    asked.act(Accept(agent="bob"))
    assert asked.owner() == "agent" and asked.ticket.incoming is None


def test_several_files_are_several_hooks_of_one_group(account: Account) -> None:
    account.accepted().clear()
    first, second = (describe(PNG + bytes([n]), account.state.blobs, name=f"{n}.png") for n in range(2))
    parts = (Text(text="see"), Media(kind="photo", file=first), Media(kind="document", file=second))
    events = account.act(Reply(agent="bob", parts=parts))
    said = [hook["message"]["message"] for hook in account.channel_hooks()]
    assert [(each["type"], each["text"], each["file_name"]) for each in said] == [
        ("picture", "see", "0.png"),
        ("file", "", "1.png"),
    ]
    assert said[0]["media_group_id"] == said[1]["media_group_id"] and said[0]["id"] != said[1]["id"]
    assert kinds(events) == ["entry_added", "entry_added"] and said[0]["thumbnail"] and not said[1]["thumbnail"]


def test_an_agents_file_can_be_downloaded(account: Account) -> None:
    account.accepted().clear()
    photo = Media(kind="photo", file=describe(PNG, account.state.blobs), caption=Text(text="here"))
    account.act(Reply(agent="bob", parts=(photo,)))
    said = account.channel_hooks()[0]["message"]["message"]
    assert said["text"] == "here" and "media_group_id" not in said and said["file_size"] == len(PNG)
    served = account.chat("GET", said["media"].removeprefix(BASE)).response
    assert served is not None and served.body == PNG


def test_buttons_and_templates_go_with_the_words(account: Account) -> None:
    account.accepted().clear()
    row = (Button(title="Yes", kind="reply"), Button(title="Site", kind="url", url="https://x"))
    account.act(Reply(agent="bob", parts=(Text(text="Ok?"), Keyboard(style="inline", rows=(row,)))))
    template = Template(name="t-1", language="en", parameters=("Ann",), text="Hello Ann")
    account.act(Reply(agent="bob", parts=(template,)))
    buttons, filled = (hook["message"]["message"] for hook in account.channel_hooks())
    assert buttons["markup"] == {"mode": "inline", "buttons": [[{"text": "Yes"}, {"text": "Site", "url": "https://x"}]]}
    assert filled["text"] == "Hello Ann" and filled["template"]["external_id"] == "t-1"
    assert filled["template"]["params"] == [{"key": "{{1}}", "value": "Ann"}]


def test_a_quote_is_told_with_the_bots_own_id(account: Account) -> None:
    account.accepted().clear()
    quoted = account.ticket.entries[0].id
    account.reply(reply_to=quoted)
    told = account.channel_hooks()[0]["message"]["message"]["reply_to"]["message"]
    assert (told["id"], told["msgid"], told["text"]) == (quoted, "m-1", "Where is my parcel?")


@pytest.mark.parametrize("part", [Location(latitude=1, longitude=2)])
def test_other_parts_cannot_be_sent(account: Account, part: Any) -> None:
    with pytest.raises(Unsupported, match="write the rest out"):
        account.accepted().act(Reply(agent="bob", parts=(part,)))
    with pytest.raises(UsageError, match="words or a file"):
        account.act(Reply(agent="bob", parts=()))


def test_outside_the_window_agents_cannot_write() -> None:
    account = Account(reply_window_s="86400").accepted()
    account.now += 86400
    account.reply()
    account.now += 1
    with pytest.raises(UsageError, match="window is over"):
        account.reply()
    account.state.scopes[account.state.scope_id]["is_time_window_disabled"] = True
    account.reply()


def test_a_ticket_without_chat_and_phone_cannot_be_answered(account: Account) -> None:
    account.ok(account.crm("POST", "/leads", [{"name": "x"}]))
    with pytest.raises(UsageError, match="no phone number"):
        account.reply()
    assert account.owner() == "queue"


def test_a_note_never_reaches_the_channel(account: Account) -> None:
    account.accepted().clear()
    account.act(Note(agent="bob", text="a difficult one"))
    entry = account.ticket.entries[-1]
    assert (entry.text, entry.public, entry.author) == ("a difficult one", False, "agent")
    assert account.channel_hooks() == []
    note = account.crm_hook("note_lead")["leads"]["note"][0]["note"]
    assert note["text"] == "a difficult one" and '"author_name":"Bob Lis"' in note["metadata"]


def test_without_a_lead_a_note_is_the_contacts(account: Account) -> None:
    silent(account).act(Note(agent="bob", text="watch"))
    note = account.crm_hook("note_contact")["contacts"]["note"][0]["note"]
    assert (note["element_type"], note["element_id"]) == ("1", account.ticket.contact)


def test_typing_is_told_on_request_and_every_five_seconds_at_most() -> None:
    account = Account(typing_hooks="yes").accepted().clear()
    ticket = account.ticket.address
    for wait in (0.0, 4.9, 0.1):
        account.now += wait
        assert account.act(AgentTyping(agent="bob")) == [AgentTyped(ticket=ticket, agent="bob")]
    first, second = account.channel_hooks()
    typing = {"user": {"id": account.state.amojo_ids["bob"]}, "conversation": {"id": ticket, "client_id": "my-42"}}
    assert first["action"] == {"typing": {**typing, "expired_at": int(NOW) + 5}} and second != first
    quiet = Account().accepted().clear()
    quiet.act(AgentTyping(agent="bob"))
    assert quiet.channel_hooks() == []


# -------------------------------------------------------------------------------------------------------- status


@pytest.mark.parametrize(
    ("state", "stage"), [("pending", 31653166), ("solved", 142), ("closed", 143), ("open", 31653163)]
)
def test_stages_of_the_pipeline_leave_the_owner_alone(account: Account, state: Any, stage: int) -> None:
    account.accepted().act(SetState(agent="bob", state="pending" if state == "open" else "open"))
    account.clear().act(SetState(agent="bob", state=state))
    assert account.ticket.state == state and account.owner() == "agent"
    assert account.crm_hook("status_lead")["leads"]["status"][0]["status_id"] == str(stage)


@pytest.mark.parametrize("state", ["snoozed", "new"])
def test_some_states_do_not_exist(account: Account, state: Any) -> None:
    with pytest.raises(Unsupported, match="amoCRM"):
        account.accepted().act(SetState(agent="bob", state=state))


def test_an_incoming_lead_has_no_stage_yet(account: Account) -> None:
    with pytest.raises(UsageError, match="accepted first"):
        account.asked().act(SetState(agent="bob", state="solved"))


def test_closing_ends_the_human_part_once(account: Account) -> None:
    events = account.accepted().clear().act(Close(agent="bob"))
    assert events[0] == TicketClosed(ticket=account.ticket.address) and account.owner() == "bot"
    assert account.crm_hook("update_talk")["talk"]["update"][0]["is_in_work"] == "0"
    with pytest.raises(UsageError, match="no open talk"):
        account.act(Close(agent="bob"))


def test_an_agent_may_reopen_what_is_over(account: Account) -> None:
    account.accepted()
    with pytest.raises(UsageError, match="is open"):
        account.act(Reopen(agent="bob"))
    account.act(SetState(agent="bob", state="solved"))
    account.act(Close(agent="bob"))
    events = account.act(Reopen(agent="eva"))
    assert kinds(events).count("ticket_reopened") == 1 and account.owner() == "agent"
    assert account.ticket.assignee == "eva" and account.ticket.state == "open"


def test_a_lead_without_a_chat_is_closed_as_lost_and_reopened(account: Account) -> None:
    account.ok(account.crm("POST", "/leads", [{"responsible_user_id": account.state.user_id("bob")}]))
    assert "ticket_closed" in kinds(account.act(Close(agent="bob"))) and account.owner() == "bot"
    assert "ticket_reopened" in kinds(account.act(Reopen(agent="bob"))) and account.owner() == "agent"


def test_presence_is_the_agents_own(account: Account) -> None:
    events = desk.act(account.state, "", SetPresence(agent="bob", presence="away"), NOW)
    assert events == (PresenceChanged(agent="bob", presence="away"),) and not account.state.outbox
    assert account.state.seats["bob"].presence == "away"


# ------------------------------------------------------------------------------------------------- what is lacking


@pytest.mark.parametrize(
    "act",
    [EditReply(agent="bob", entry_id="x", text="y"), DeleteReply(agent="bob", entry_id="x"), Rate(agent="", score=5)],
)
def test_what_agents_cannot_do_is_explained(account: Account, act: AgentAct) -> None:
    with pytest.raises(Unsupported, match="amoCRM has no"):
        account.accepted().act(act)


def test_every_act_is_possible_or_lacking() -> None:
    names = {str(each.__struct_config__.tag) for each in get_args(AgentAct)}
    lacking = {name for name in desk.capabilities.lacks if "." not in name and name != "part"}
    assert desk.capabilities.acts | lacking == names and not desk.capabilities.acts & lacking


def test_unknown_tickets_agents_and_plans_are_named(account: Account) -> None:
    with pytest.raises(UsageError, match="no ticket"):
        desk.act(account.state, "x", Accept(agent="bob"), NOW)
    with pytest.raises(UsageError, match="no account"):
        account.asked().act(Accept(agent="zoe"))
    with pytest.raises(Unsupported, match="nothing is planned"):
        account.act(Elapse(agent="", what="odd"))


def test_hiring_again_changes_nothing(account: Account) -> None:
    before = account.state.seats["bob"]
    desk.hire(account.state, before.agent)
    assert account.state.seats["bob"] is before and len(account.state.amojo_ids) == 2
