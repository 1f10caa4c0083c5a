"""The Page Inbox as a helpdesk: whose a thread is, what agents do in it, and what the bot is told."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    Accept,
    Accepted,
    AgentTyping,
    Assigned,
    Block,
    Close,
    Decline,
    Delete,
    Edit,
    EditReply,
    EntryAdded,
    EntryChanged,
    EntryFailed,
    HandoffAsked,
    Note,
    PresenceChanged,
    Rate,
    Release,
    Reopen,
    Reply,
    Sent,
    SetPresence,
    SetState,
    TakeOver,
    Text,
    TicketClosed,
    TicketOpened,
    TicketReopened,
    Transfer,
)
from chatdrill_fakes.platforms.messenger.inbox import desk
from messenger.inbox_kit import BOT, DAY_S, INBOX, OTHER, Inbox

# ------------------------------------------------------------------------------------------------ handing over


def test_every_thread_stands_in_the_inbox_from_its_first_word(inbox: Inbox) -> None:
    inbox.send("hi, Anna")
    (opened,) = inbox.of(TicketOpened)
    entries = [event.entry for event in inbox.of(EntryAdded)]
    assert (opened.ticket, opened.keys, opened.name) == (inbox.anna, (inbox.anna,), "Anna Huber")
    assert [(entry.author, entry.text) for entry in entries] == [("customer", "hello"), ("bot", "hi, Anna")]
    assert inbox.owner == "bot" and inbox.seen() == []


def test_who_has_not_written_yet_has_no_ticket() -> None:
    inbox = Inbox()
    assert inbox.seen() == [] and inbox.owner == "bot"


def test_a_thread_that_the_bot_passes_waits_in_the_queue(inbox: Inbox) -> None:
    assert inbox.passed(metadata="needs human") == {"success": True}
    (asked,) = inbox.of(HandoffAsked)
    (owner,) = inbox.call("GET", f"me/thread_owner?recipient={inbox.anna}")["data"]
    assert (asked.ticket, asked.fields) == (inbox.anna, {"metadata": "needs human"})
    assert owner["thread_owner"] == {"app_id": INBOX, "expiration": int(inbox.now) + DAY_S}
    assert inbox.owner == "queue"


def test_metadata_that_is_an_object_is_shown_by_its_fields(inbox: Inbox) -> None:
    inbox.passed(metadata='{"order": "553"}')
    assert inbox.of(HandoffAsked)[0].fields == {"order": "553"}


def test_metadata_has_a_thousand_characters_at_most(inbox: Inbox) -> None:
    assert inbox.passed(metadata="x" * 1001) == (100, None)
    assert inbox.owner == "bot"
    assert inbox.passed(metadata="x" * 1000) == {"success": True}


def test_a_message_can_hand_over_with_it(inbox: Inbox) -> None:
    inbox.send("Eva will help", thread_control={"app_id": INBOX, "control_type": "pass"})
    assert isinstance(inbox.events[-3], EntryAdded)
    assert inbox.owner == "queue" and len(inbox.of(HandoffAsked)) == 1


def test_the_bot_is_silent_while_the_inbox_has_the_thread(taken: Inbox) -> None:
    error = taken.send("one more thing")["error"]
    assert (error["code"], error["error_subcode"]) == (10, 2018300)
    assert "one more thing" not in [event.entry.text for event in taken.of(EntryAdded)]


def test_only_the_owner_extends_releases_and_passes(taken: Inbox) -> None:
    assert taken.passed() == (10, 2018105)
    assert taken.control("release") == (10, 2018105)
    assert taken.control("extend", duration=60) == (10, 2018105)


def test_what_customers_write_meanwhile_is_on_standby_and_in_the_ticket(taken: Inbox) -> None:
    taken.says("my boots squeak")
    array, event = taken.told[-1]
    assert (array, event["message"]["text"]) == ("standby", "my boots squeak")
    assert taken.of(EntryAdded)[-1].entry.text == "my boots squeak"


def test_standby_has_to_be_subscribed_to() -> None:
    inbox = Inbox({"subscribed_fields": "messages"})
    inbox.says("hello")
    inbox.passed()
    inbox.says("is anybody there?")
    inbox.writes("yes")
    inbox.act(Close(agent="bob"))
    assert [event["message"]["text"] for _, event in inbox.told] == ["hello"]


# ------------------------------------------------------------------------------------------------- giving back


def test_closing_passes_the_thread_back_to_the_bot(taken: Inbox) -> None:
    taken.act(Close(agent="bob"))
    array, event = taken.told[-1]
    told = {"previous_owner_app_id": INBOX, "new_owner_app_id": BOT}
    assert (array, event["pass_thread_control"]) == ("messaging", told)
    assert event["sender"] == {"id": taken.anna}
    assert taken.owner == "bot" and len(taken.of(TicketClosed)) == 1
    assert "error" not in taken.send("The bot is back")


def test_a_release_gives_the_thread_back_and_leaves_it_open(taken: Inbox) -> None:
    taken.act(Release(agent="bob"))
    assert taken.told[-1][1]["pass_thread_control"]["new_owner_app_id"] == BOT
    assert taken.owner == "bot" and not taken.of(TicketClosed)
    with pytest.raises(UsageError, match="not the inbox's"):
        taken.act(Close(agent="bob"))


def test_the_default_app_takes_a_thread_back(taken: Inbox) -> None:
    assert taken.control("take", metadata="the customer wants the bot") == {"success": True}
    assert taken.owner == "bot" and len(taken.of(TicketClosed)) == 1


def test_without_a_default_app_nobody_takes_a_thread_back() -> None:
    inbox = Inbox(default_app="none")
    inbox.says("hello")
    inbox.passed()
    assert inbox.control("take") == (10, 2018171) and inbox.owner == "queue"


def test_a_released_thread_goes_to_the_default_app() -> None:
    inbox = Inbox(default_app="inbox")
    inbox.says("hello")
    inbox.act(Close(agent="bob"))
    assert inbox.owner == "bot"
    assert inbox.control("release") == {"success": True} and inbox.owner == "queue"


def test_the_platforms_own_default_app_comes_first() -> None:
    inbox = Inbox({"default_app": INBOX})
    inbox.says("hello")
    assert inbox.told[-1][0] == "standby" and inbox.owner == "queue"


def test_agents_see_that_the_bot_asks_for_a_thread(taken: Inbox) -> None:
    assert taken.control("request", metadata="please") == {"success": True}
    entry = taken.of(EntryAdded)[-1].entry
    assert (entry.author, entry.public, entry.kind) == ("system", False, "request") and "please" in entry.text
    assert taken.owner == "agent"


def test_a_thread_can_be_handed_over_again(taken: Inbox) -> None:
    taken.act(Close(agent="bob"))
    taken.passed()
    assert len(taken.of(TicketReopened)) == 1 and len(taken.of(TicketOpened)) == 1
    assert taken.owner == "queue"


def test_a_third_app_is_nobody_here(inbox: Inbox) -> None:
    inbox.control("pass", target_app_id=OTHER)
    assert inbox.owner == "none"


# -------------------------------------------------------------------------------------------------- the timeout


def test_a_thread_that_idles_for_a_day_goes_back_untold(queued: Inbox) -> None:
    before = len(queued.told)
    closed = queued.elapse()
    assert any(isinstance(event, TicketClosed) for event in closed)
    assert queued.owner == "bot" and len(queued.told) == before and not queued.timers


def test_a_word_of_the_customers_begins_the_day_anew(taken: Inbox) -> None:
    taken.now += 3600
    taken.says("still there?")
    taken.now -= 3600
    assert taken.elapse() == [] and taken.owner == "agent"
    assert [later.after_s for later in taken.timers] == [pytest.approx(3600)]


def test_what_is_said_after_the_day_is_the_bots(queued: Inbox) -> None:
    queued.now += DAY_S
    closed, said = [one for one in queued.says("hello again") if isinstance(one, TicketClosed | EntryAdded)]
    assert isinstance(closed, TicketClosed) and isinstance(said, EntryAdded)
    assert queued.told[-1][0] == "messaging"


# ------------------------------------------------------------------------------------------------------- agents


def test_who_accepts_is_assigned_and_the_bot_is_not_told(queued: Inbox) -> None:
    before = len(queued.told)
    queued.act(Accept(agent="bob"))
    assert queued.of(Assigned)[-1].agent == queued.of(Accepted)[-1].agent == "bob"
    assert queued.owner == "agent" and len(queued.told) == before


def test_there_is_nothing_to_accept_in_anothers_thread(taken: Inbox) -> None:
    with pytest.raises(UsageError, match="bob has it"):
        taken.act(Accept(agent="eve"))
    taken.act(Close(agent="bob"))
    with pytest.raises(UsageError, match="the bot has it"):
        taken.act(Accept(agent="eve"))


def test_an_agents_words_go_to_the_customer_directly(taken: Inbox) -> None:
    taken.writes("Bob here")
    (effect,) = taken.effects
    entry = taken.of(EntryAdded)[-1].entry
    assert isinstance(effect, Sent) and (effect.message.author, effect.message.text) == ("agent", "Bob here")
    assert (entry.id, entry.author, entry.said_by) == (effect.message.id, "agent", "Bob")
    assert taken.page.chats[taken.anna].messages[entry.id] == effect.message


def test_an_agents_words_reach_the_bot_as_an_echo_on_standby(taken: Inbox) -> None:
    taken.writes("Bob here")
    (array, echo), (_, delivery) = taken.told[-2:]
    mid = taken.of(EntryAdded)[-1].entry.id
    assert array == "standby" and echo["recipient"] == {"id": taken.anna}
    assert echo["message"] == {"mid": mid, "is_echo": True, "app_id": 26390203743090, "text": "Bob here"}
    assert delivery["delivery"]["mids"] == [mid]


def test_a_reply_quotes_what_it_answers(taken: Inbox) -> None:
    quoted = taken.of(EntryAdded)[0].entry.id
    taken.act(Reply(agent="bob", parts=(Text(text="this one?"),), reply_to=quoted))
    assert taken.told[-2][1]["message"]["reply_to"] == {"mid": quoted}


def test_words_and_pictures_are_messages_of_their_own(taken: Inbox) -> None:
    taken.sends(Text(text="look"), taken.photo())
    assert [len(effect.message.media) for effect in taken.effects if isinstance(effect, Sent)] == [1, 0]
    assert [bool(event.entry.files) for event in taken.of(EntryAdded)[-2:]] == [True, False]


def test_who_writes_uncalled_takes_the_thread(inbox: Inbox) -> None:
    inbox.writes("I have looked it up")
    taken = [event["take_thread_control"] for _, event in inbox.told if "take_thread_control" in event]
    assert taken == [{"previous_owner_app_id": BOT, "new_owner_app_id": INBOX}]
    assert inbox.owner == "agent" and not inbox.of(HandoffAsked)
    assert [kind for kind, event in inbox.told if "take_thread_control" in event] == ["messaging"]


def test_a_takeover_comes_before_the_first_word(inbox: Inbox) -> None:
    inbox.act(TakeOver(agent="eve"))
    assert inbox.owner == "agent" and inbox.of(Assigned)[-1].agent == "eve"
    assert "take_thread_control" in inbox.told[-1][1]
    assert inbox.act(TakeOver(agent="eve")) == []


def test_a_colleague_gets_the_thread_but_no_team(taken: Inbox) -> None:
    taken.act(Transfer(agent="bob", to_agent="eve"))
    assert taken.of(Assigned)[-1].agent == "eve" and taken.owner == "agent"
    with pytest.raises(Unsupported, match="no teams"):
        taken.act(Transfer(agent="eve", to_team="returns"))


def test_notes_and_typing_stay_inside(taken: Inbox) -> None:
    before = len(taken.told)
    taken.act(Note(agent="bob", text="complains often"))
    taken.act(AgentTyping(agent="bob"))
    entry = taken.of(EntryAdded)[-1].entry
    assert (entry.text, entry.public) == ("complains often", False)
    assert not taken.effects and len(taken.told) == before


def test_done_is_closed_and_can_be_opened_again(taken: Inbox) -> None:
    with pytest.raises(UsageError, match="not done"):
        taken.act(Reopen(agent="bob"))
    taken.act(SetState(agent="bob", state="solved"))
    assert taken.owner == "bot" and len(taken.of(TicketClosed)) == 1
    taken.act(Reopen(agent="bob"))
    assert taken.owner == "agent" and len(taken.of(TicketReopened)) == 1


def test_who_blocked_the_page_does_not_get_the_words(taken: Inbox) -> None:
    taken.happens(Block())
    taken.writes("are you there?")
    (failed,) = taken.of(EntryFailed)
    assert failed.entry_id == taken.of(EntryAdded)[-1].entry.id and "isn't available" in failed.reason
    assert not taken.effects


def test_a_person_may_write_for_seven_days(inbox: Inbox) -> None:
    inbox.now += 7 * DAY_S
    inbox.writes("sorry for the wait")
    inbox.now += 1
    inbox.writes("and once more")
    assert [one.message.text for one in inbox.effects if isinstance(one, Sent)] == ["sorry for the wait"]
    assert "window" in inbox.of(EntryFailed)[0].reason


def test_a_message_has_two_thousand_characters_at_most(taken: Inbox) -> None:
    with pytest.raises(UsageError, match="2000"):
        taken.writes("x" * 2001)


def test_changed_and_deleted_messages_are_shown_as_that(taken: Inbox) -> None:
    taken.says("order 535")
    mid = taken.of(EntryAdded)[-1].entry.id
    taken.happens(Edit(message_id=mid, parts=(Text(text="order 553"),)))
    taken.happens(Delete(message_id=mid))
    first, second = taken.of(EntryChanged)
    assert (first.text, first.deleted, second.deleted) == ("order 553", False, True)


def test_agents_come_and_go(inbox: Inbox) -> None:
    assert inbox.act(SetPresence(agent="bob", presence="away")) == [PresenceChanged(agent="bob", presence="away")]


@pytest.mark.parametrize(
    "act",
    [
        Decline(agent="bob"),
        EditReply(agent="bob", entry_id="1", text="x"),
        Rate(agent="", score=5),
        SetState(agent="bob", state="snoozed"),
    ],
)
def test_what_agents_cannot_do_is_said(taken: Inbox, act: Any) -> None:
    with pytest.raises(Unsupported):
        taken.act(act)


def test_unknown_agents_and_threads_are_named(taken: Inbox) -> None:
    with pytest.raises(UsageError, match="'zoe'"):
        taken.act(Accept(agent="zoe"))
    with pytest.raises(UsageError, match="'77'"):
        desk.act(taken.state, "77", Accept(agent="bob"), taken.now)
