"""What agents do: events, activities to the bot, owners; and how a correct bot lives with it."""

from __future__ import annotations

from typing import Any, get_args

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
    EntryFailed,
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
    Text,
    Transfer,
)
from chatdrill.wire import HttpRequest, Told, Upload
from chatdrill.wire.files import describe
from chatdrill_fakes.desks.botframework import desk
from chatdrill_fakes.desks.botframework.rehearsal import Rehearsal
from desks.botframework.kit import ANNA, APP, BASE, HUB_TOKEN, NOW, PNG, Hub, asking, names, said, serve

TEXT = (Text(text="Let me see"),)
TAKEN = ["Assigned", "StateChanged", "Accepted"]
OVER = ["StateChanged", "TicketClosed"]


@pytest.mark.parametrize(
    ("act", "events", "words", "owner"),
    [
        (Accept(agent="bob"), TAKEN, ["accepted"], "agent"),
        (TakeOver(agent="bob"), TAKEN, ["accepted"], "agent"),
        (Reply(agent="bob", parts=TEXT), [*TAKEN, "EntryAdded"], ["accepted", "message"], "agent"),
        (Decline(agent="bob"), ["Declined"], [], "queue"),
        (Note(agent="bob", text="x"), ["EntryAdded"], [], "queue"),
        (AgentTyping(agent="bob"), ["AgentTyped"], ["typing"], "queue"),
        (Transfer(agent="bob", to_agent="eva"), ["Assigned"], [], "queue"),
        (Transfer(agent="bob", to_team="returns"), ["Assigned"], [], "queue"),
        (Close(agent="bob"), OVER, ["completed"], "bot"),
        (SetState(agent="bob", state="solved"), OVER, ["completed"], "bot"),
        (Release(agent="bob"), ["TicketClosed"], ["completed"], "bot"),
        (Elapse(agent="", what="accept_timeout"), ["HandoffFailed"], ["failed"], "bot"),
    ],
)
def test_an_act_on_a_waiting_conversation(hub: Hub, act: Any, events: list[str], words: list[str], owner: str) -> None:
    hub.asked()
    assert names(hub.act(act)) == events
    assert (hub.words(), hub.owner()) == (words, owner)


def test_a_person_may_take_what_the_bot_has(hub: Hub) -> None:
    for ticket, act in (("a", TakeOver(agent="bob")), ("b", Reply(agent="bob", parts=TEXT))):
        hub.asked(ticket)
        hub.act(Close(agent="bob"), ticket)
        hub.told()
        hub.act(act, ticket)
        assert hub.words()[0] == "accepted" and hub.owner(ticket) == "agent"


def test_a_colleague_gets_it_without_a_word_to_the_bot(hub: Hub) -> None:
    hub.asked()
    hub.act(Accept(agent="bob"))
    hub.told()
    assert hub.act(Transfer(agent="bob", to_agent="eva")) == [Assigned(ticket="cnv-1", agent="eva")]
    assert names(hub.reply(agent="eva")) == names(hub.reply(agent="bob")) == ["EntryAdded"]
    assert names(hub.act(TakeOver(agent="bob"))) == ["Assigned", "Accepted"]
    assert (hub.owner(), hub.words()) == ("agent", ["message", "message"])


def test_the_next_of_a_team_accepts_anew(hub: Hub) -> None:
    hub.asked()
    hub.act(Accept(agent="bob"))
    hub.act(Transfer(agent="bob", to_team="returns"))
    assert hub.owner() == "queue"
    hub.act(Accept(agent="eva"))
    assert hub.words() == ["accepted", "accepted"]


def test_an_agents_message_has_its_golden_shape(hub: Hub) -> None:
    hub.asked()
    hub.act(Accept(agent="bob"))
    media = Media(kind="photo", file=describe(PNG, hub.state.blobs, name="p.png"), caption=Text(text="here"))
    (added,) = hub.act(Reply(agent="bob", parts=(media,), reply_to="cnv-1|0000001"))
    assert isinstance(added, EntryAdded) and (added.entry.author, added.entry.said_by) == ("agent", "Bob Lis")
    (attachment,) = (told := hub.told()[-1]).pop("attachments")
    got = hub.call("GET", attachment.pop("contentUrl").removeprefix(BASE), token=None).response
    assert got is not None and got.body == PNG and attachment == {"contentType": "image/png", "name": "p.png"}
    assert told == {
        "type": "message",
        "id": added.entry.id,
        "timestamp": "2026-11-20T22:05:45.2500000Z",
        "serviceUrl": f"{BASE}/",
        "channelId": "agenthub",
        "from": {"id": hub.state.seats["bob"].id, "name": "Bob Lis", "role": "user"},
        "conversation": {"id": "cnv-1"},
        "recipient": {"id": APP, "name": "Bot", "role": "bot"},
        "text": "here",
        "textFormat": "plain",
        "replyToId": "cnv-1|0000001",
    }


def test_a_status_has_its_golden_shape(hub: Hub) -> None:
    hub.asked()
    hub.act(Accept(agent="bob"))
    (told,) = hub.told()
    assert (told["type"], told["name"], told["value"]) == ("event", "handoff.status", {"state": "accepted"})
    assert told["conversation"] == {"id": "cnv-1"} and told["from"]["id"] == "hub"


def test_an_agent_changes_and_deletes_a_message(hub: Hub) -> None:
    hub.asked()
    hub.reply("Helo")
    id = hub.shown()[-1].id
    hub.told()
    changed = EntryChanged(ticket="cnv-1", entry_id=id, text="Hello")
    assert hub.act(EditReply(agent="bob", entry_id=id, text="Hello")) == [changed]
    hub.act(EditReply(agent="bob", entry_id=id, text="Hello!"))
    gone = EntryChanged(ticket="cnv-1", entry_id=id, deleted=True)
    assert hub.act(DeleteReply(agent="bob", entry_id=id)) == [gone]
    keys = [update.id for update in hub.state.outbox]
    told = hub.told()
    assert [each["type"] for each in told] == ["messageUpdate", "messageUpdate", "messageDelete"]
    assert {each["id"] for each in told} == {id} and len(set(keys)) == 3 and told[1]["text"] == "Hello!"
    with pytest.raises(UsageError, match="wrote no message"):
        hub.act(DeleteReply(agent="bob", entry_id=id))


def test_nobody_changes_the_words_of_others(hub: Hub) -> None:
    hub.asked()
    hub.reply()
    for entry in hub.shown():
        with pytest.raises(UsageError):
            hub.act(EditReply(agent="eva", entry_id=entry.id, text="x"))


def test_every_act_is_declared_or_lacking() -> None:
    tags = {str(each.__struct_config__.tag) for each in get_args(AgentAct)}
    assert desk.capabilities.acts | (tags & set(desk.capabilities.lacks)) == tags
    assert not desk.capabilities.acts & set(desk.capabilities.lacks)


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Reopen(agent="bob"), "takes over"),
        (Rate(agent="", score=5), "no survey"),
        *((SetState(agent="bob", state=state), "accepted, failed") for state in ("new", "open", "pending", "snoozed")),
        (Reply(agent="bob", parts=(Location(latitude=1, longitude=2),)), "words and files"),
        (Elapse(agent="", what="eclipse"), "accept_timeout"),
    ],
)
def test_what_agents_cannot_do_says_what_happens_instead(hub: Hub, act: Any, words: str) -> None:
    hub.asked()
    with pytest.raises(Unsupported, match=words):
        hub.act(act)


@pytest.mark.parametrize(
    "act",
    [
        Accept(agent="ghost"),
        Transfer(agent="bob", to_agent="ghost"),
        Transfer(agent="bob", to_team="ghosts"),
        SetPresence(agent="ghost", presence="away"),
    ],
)
def test_nobody_there_is_an_error_of_the_scenario(hub: Hub, act: Any) -> None:
    hub.asked()
    with pytest.raises(UsageError):
        hub.act(act)
    with pytest.raises(UsageError):
        hub.act(Accept(agent="bob"), "nowhere")


@pytest.mark.parametrize(
    "act", [Accept(agent="bob"), Decline(agent="bob"), Close(agent="bob"), Release(agent="bob"), Transfer(agent="bob")]
)
def test_what_the_bot_has_can_only_be_taken_over(hub: Hub, act: Any) -> None:
    hub.asked()
    hub.act(Close(agent="bob"))
    with pytest.raises(UsageError):
        hub.act(act)


def test_an_offer_to_another_cannot_be_accepted() -> None:
    hub = Hub(auto_assign="yes")
    hub.asked()
    with pytest.raises(UsageError, match="offered to bob"):
        hub.act(Accept(agent="eva"))


def test_an_agent_goes_and_is_hired_once(hub: Hub) -> None:
    act = SetPresence(agent="eva", presence="offline")
    assert hub.act(act) == [PresenceChanged(agent="eva", presence="offline")]
    seat = hub.state.seats["eva"]
    desk.hire(hub.state, seat.agent)
    assert hub.state.seats["eva"] is seat


# ---------------------------------------------------------------------------------------------- the bot's side


def test_an_activity_carries_the_token_and_a_redelivery_is_the_same(hub: Hub) -> None:
    hub.asked()
    hub.reply()
    updates = list(hub.state.outbox)
    first, second = ([desk.request(hub.state, [update], now) for update in updates] for now in (NOW, NOW + 900))
    assert first == second and {update.lane for update in updates} == {"cnv-1"}
    assert first[0].url == "http://127.0.0.1:9/api/messages"
    assert (
        first[0].header("Authorization") == f"Bearer {HUB_TOKEN}" and first[0].header("x-ms-conversation-id") == "cnv-1"
    )


def test_a_forged_activity_has_no_token_or_a_wrong_one(hub: Hub) -> None:
    hub.asked()
    hub.reply()
    request = desk.request(hub.state, list(hub.state.outbox)[:1], NOW)
    bot = Rehearsal(desk.environment(hub.state, BASE))
    for how in ("unsigned", "wrong"):
        forged = desk.forge(hub.state, request, how, NOW)  # type: ignore[arg-type]
        assert forged.body == request.body
        with pytest.raises(ValueError, match="token"):
            bot.read_hook(forged)
    with pytest.raises(Unsupported, match="old"):
        desk.forge(hub.state, request, "stale", NOW)


def test_an_agent_sees_that_a_lost_message_did_not_get_through(hub: Hub) -> None:
    hub.asked()
    hub.reply()
    status, message = hub.state.outbox
    (failed,) = desk.dropped(hub.state, [status, message], NOW)
    assert isinstance(failed, EntryFailed) and failed.entry_id == hub.shown()[-1].id
    assert desk.delivery.retry.attempts_max == 1 and not desk.capabilities.retries_hooks


def test_without_an_endpoint_nothing_is_told(hub: Hub) -> None:
    hub.state.webhook_url = None
    hub.asked()
    hub.reply()
    assert not list(hub.state.outbox) and hub.shown()[-1].text == "Let me see"


def test_a_correct_bot_hands_over_and_passes_on() -> None:
    hub = Hub(extra_state="position")
    bot = Rehearsal(desk.environment(hub.state, BASE))

    def call(request: HttpRequest) -> Any:
        return serve(hub, request)

    ticket = bot.hand_over(call, ANNA, [("customer", "Hi"), ("bot", "Hello"), ("customer", "A person!")])
    bot.relay(call, ticket, ANNA, "Still there?", "m7")
    bot.relay_file(call, ticket, ANNA, Upload("f", "p.png", "image/png", PNG), "m8")
    shown = hub.shown(ticket)
    assert [entry.author for entry in shown] == ["customer", "bot", "customer", "customer", "customer"]
    assert [entry.origin_id for entry in shown[3:]] == ["m7", "m8"] and shown[4].files[0].size_bytes == len(PNG)
    hub.reply("I am Bob", ticket=ticket)
    hub.act(Note(agent="bob", text="psst"), ticket)
    hub.act(Close(agent="bob"), ticket)
    heard = [told for update in hub.state.outbox for told in bot.read_hook(desk.request(hub.state, [update], NOW))]
    assert [told.kind for told in heard] == ["other", "accepted", "reply", "closed"]
    assert Told("reply", ticket, shown[5].id, "I am Bob") == heard[2]


def test_history_and_requests_work_in_any_order(hub: Hub) -> None:
    hub.post(asking(said("one")))
    hub.post(said("two"))
    hub.post(asking(said("three")))
    assert [entry.text for entry in hub.shown()] == ["one", "two", "three"]
