"""What operators do: events, webhooks, owners; and how a correct bot lives with it."""

from __future__ import annotations

import hashlib
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
    TicketReopened,
    Transfer,
)
from chatdrill.wire import Exchange, HttpRequest, Told, Upload
from chatdrill_fakes.desks.chat2desk import desk
from chatdrill_fakes.desks.chat2desk.rehearsal import Rehearsal
from desks.chat2desk.kit import ANNA, BASE, NOW, PNG, Account, kinds, names, serve

TEXT = (Text(text="Let me see"),)
TAKEN = ["Assigned", "Accepted"]


@pytest.mark.parametrize(
    ("act", "events", "hooks", "owner"),
    [
        (Accept(agent="bob"), TAKEN, ["dialog_transferred"], "agent"),
        (TakeOver(agent="bob"), TAKEN, ["dialog_transferred"], "agent"),
        (Reply(agent="bob", parts=TEXT), [*TAKEN, "EntryAdded"], ["dialog_transferred", "outbox"], "agent"),
        (Note(agent="bob", text="x"), ["EntryAdded"], ["comment"], "queue"),
        (AgentTyping(agent="bob"), ["AgentTyped"], [], "queue"),
        (Transfer(agent="bob", to_agent="eva"), ["Assigned"], ["dialog_transferred"], "agent"),
        (Transfer(agent="bob", to_team="returns"), ["Assigned"], ["dialog_transferred"], "queue"),
        (Close(agent="bob"), ["StateChanged", "TicketClosed"], ["close_request", "close_dialog"], "bot"),
        (
            SetState(agent="bob", state="solved"),
            ["StateChanged", "TicketClosed"],
            ["close_request", "close_dialog"],
            "bot",
        ),
        (Release(agent="bob"), ["StateChanged", "TicketClosed"], ["close_dialog"], "bot"),
        (Elapse(agent="", what="auto_assign", data={"operator": "eva"}), ["Assigned"], ["dialog_transferred"], "queue"),
    ],
)
def test_an_act_on_a_waiting_dialog(
    account: Account, act: Any, events: list[str], hooks: list[str], owner: str
) -> None:
    dialog = account.queued()
    account.told()
    assert names(account.act(dialog, act)) == events
    assert (kinds(account.told()), account.owner(dialog)) == (hooks, owner)


@pytest.mark.parametrize(
    "act",
    [TakeOver(agent="bob"), Reply(agent="bob", parts=TEXT), Reopen(agent="bob")],
    ids=lambda act: type(act).__name__,
)
def test_a_person_may_take_what_the_bot_has(account: Account, act: Any) -> None:
    dialog = account.dialog()
    assert {"Assigned", "Accepted"} <= set(names(account.act(dialog, act))) and account.owner(dialog) == "agent"


def test_an_operator_comes_back_to_a_closed_dialog(account: Account) -> None:
    dialog = account.queued()
    account.act(dialog, Close(agent="bob"))
    events = account.act(dialog, Reopen(agent="bob"))
    assert TicketReopened(ticket=dialog) in events and len(account.state.tickets[dialog].requests) == 2
    with pytest.raises(UsageError, match="is open"):
        account.act(dialog, Reopen(agent="bob"))


def test_a_released_dialog_keeps_its_request(account: Account) -> None:
    dialog = account.queued()
    account.act(dialog, Release(agent="bob"))
    account.told()
    account.hear()
    assert kinds(account.told()) == ["inbox"]


def test_a_second_operator_answers_without_taking(account: Account) -> None:
    dialog = account.queued()
    account.reply(dialog, agent="bob")
    assert names(account.reply(dialog, agent="eva")) == ["EntryAdded"]
    assert account.state.tickets[dialog].assignee == "bob"


def test_whoever_answers_takes_what_was_only_routed_to_another(account: Account) -> None:
    dialog = account.queued()
    account.act(dialog, Elapse(agent="", what="auto_assign", data={"operator": "eva"}))
    assert Assigned(ticket=dialog, agent="bob") in account.reply(dialog, agent="bob")


def test_a_file_of_an_operator_can_be_fetched(account: Account) -> None:
    dialog = account.queued()
    media = Media(kind="photo", file=account.file(name="größe 1?.png"), caption=Text(text="here"))
    (entry,) = [e.entry for e in account.act(dialog, Reply(agent="bob", parts=(media,))) if isinstance(e, EntryAdded)]
    assert (entry.author, entry.text, entry.files[0].sha256) == ("agent", "here", hashlib.sha256(PNG).hexdigest())
    told = account.told()[-1]
    assert told["photo"] == told["attachments"][0]["link"] and told["text"] == "here"
    got = desk.handle(account.state, Exchange(HttpRequest("GET", told["photo"].removeprefix(BASE)), NOW)).response
    assert got is not None and got.body == PNG


@pytest.mark.parametrize(
    ("act", "words"),
    [
        (Decline(agent="bob"), "stays in the queue"),
        (EditReply(agent="bob", entry_id="1", text="x"), "write another"),
        (DeleteReply(agent="bob", entry_id="1"), "take back"),
        (Rate(agent="", score=5), "digit"),
        (SetState(agent="bob", state="pending"), "open or closed"),
        (SetState(agent="bob", state="snoozed"), "open or closed"),
        (Reply(agent="bob", parts=(Location(latitude=1, longitude=2),)), "words and files"),
        (Elapse(agent="", what="eclipse"), "auto_assign"),
    ],
)
def test_what_operators_cannot_do_says_what_happens_instead(account: Account, act: Any, words: str) -> None:
    dialog = account.queued()
    with pytest.raises(Unsupported, match=words):
        account.act(dialog, act)


def test_every_act_is_declared_or_lacking() -> None:
    tags = {str(each.__struct_config__.tag) for each in get_args(AgentAct)}
    assert desk.capabilities.acts | (tags & set(desk.capabilities.lacks)) == tags
    assert not desk.capabilities.acts & set(desk.capabilities.lacks)


@pytest.mark.parametrize(
    "act",
    [
        Accept(agent="ghost"),
        Transfer(agent="bob", to_agent="ghost"),
        Transfer(agent="bob", to_team="ghosts"),
        Elapse(agent="", what="auto_assign"),
        Elapse(agent="", what="outbox_status", data={"message_id": 1}),
        SetPresence(agent="ghost", presence="away"),
    ],
)
def test_nobody_there_is_an_error_of_the_scenario(account: Account, act: Any) -> None:
    dialog = account.queued()
    with pytest.raises(UsageError):
        account.act(dialog, act)
    with pytest.raises(UsageError):
        desk.act(account.state, "7", act, NOW)


def test_a_dialog_that_is_anothers_or_the_bots_cannot_be_accepted(account: Account) -> None:
    dialog = account.dialog()
    for act in (Accept(agent="bob"), Transfer(agent="bob", to_agent="eva")):
        with pytest.raises(UsageError, match="closed"):
            account.act(dialog, act)
    account.act(dialog, TakeOver(agent="eva"))
    with pytest.raises(UsageError, match="eva's"):
        account.act(dialog, Accept(agent="bob"))


def test_an_operator_goes_and_is_hired_once(account: Account) -> None:
    act = SetPresence(agent="eva", presence="offline")
    assert desk.act(account.state, "", act, NOW) == [PresenceChanged(agent="eva", presence="offline")]
    before = account.id_of("eva")
    desk.hire(account.state, account.state.seats["eva"].agent)
    assert account.id_of("eva") == before and account.state.seats["eva"].presence == "offline"


def test_time_in_a_dialog_runs_ahead_of_the_clock(account: Account) -> None:
    dialog = account.queued()
    account.state.tickets[dialog].ahead_s = 86_400
    account.told()
    account.hear()
    account.reply(dialog)
    assert {entry.at for entry in account.state.tickets[dialog].entries[1:]} == {NOW + 86_400}


def test_unknown_dialogs_are_the_bots(account: Account) -> None:
    assert account.owner("7") == "bot"


# ------------------------------------------------------------------------------------------------- rehearsal


@pytest.mark.parametrize("secret", ["", "hush"])
def test_a_correct_bot_mirrors_hands_over_and_passes_on(secret: str) -> None:
    account = Account(webhook_secret=secret)
    bot = Rehearsal(desk.environment(account.state, BASE))

    def call(request: HttpRequest) -> Any:
        return serve(account, request, {"p.png": PNG})

    dialog = bot.hand_over(call, ANNA, [("customer", "Hi"), ("bot", "Hello"), ("customer", "A person!")])
    assert account.owner(dialog) == "queue"
    bot.relay(call, dialog, ANNA, "Still there?", "m7")
    bot.relay_file(call, dialog, ANNA, Upload("f", "p.png", "image/png", PNG), "m8")
    account.reply(dialog, "I am Bob")
    account.act(dialog, Note(agent="bob", text="psst"))
    account.act(dialog, Close(agent="bob"))
    shown = [(entry.author, entry.text) for entry in account.state.tickets[dialog].entries]
    assert shown[:3] == [("customer", "Hi"), ("bot", "Hello"), ("customer", "A person!")]
    assert [entry.origin_id for entry in account.state.tickets[dialog].entries[4:6]] == ["m7", "m8"]
    heard = [told for update in account.updates() for told in bot.read_hook(desk.request(account.state, [update], NOW))]
    assert [told.kind for told in heard if told.kind != "other"] == ["reply", "note", "closed"]
    assert Told("reply", dialog, account.state.tickets[dialog].messages[6].id, "I am Bob") in heard
    assert bot.hand_over(call, ANNA, [("customer", "again")]) == dialog and len(account.state.clients) == 1


def test_a_correct_bot_believes_no_forged_webhook() -> None:
    account = Account(webhook_secret="hush")
    bot = Rehearsal(desk.environment(account.state, BASE))
    account.hear()
    request = desk.request(account.state, account.updates()[:1], NOW)
    for how in ("unsigned", "wrong"):
        with pytest.raises(ValueError, match="signature"):
            bot.read_hook(desk.forge(account.state, request, how, NOW))  # type: ignore[arg-type]
