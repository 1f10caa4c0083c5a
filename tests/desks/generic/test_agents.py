"""What agents do at the desk of the example, and how its webhooks are signed, tried again and forged."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import (
    Accept,
    AgentAct,
    AgentTyping,
    Close,
    Decline,
    DeleteReply,
    Keyboard,
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
from chatdrill.wire import HttpFailure, HttpResponse
from desks.generic.kit import HOOK, NOW, SECRET, Office, names

_ANSWER = Reply(agent="bob", parts=(Text(text="Hello"),))


ACTS: dict[str, tuple[list[AgentAct], AgentAct, list[str], list[str], str]] = {
    "accept": (
        [],
        Accept(agent="bob"),
        ["StateChanged", "Assigned", "Accepted"],
        ["ticket.status", "ticket.accepted"],
        "agent",
    ),
    "decline": ([], Decline(agent="bob"), ["Declined"], [], "queue"),
    "reply": ([Accept(agent="bob")], _ANSWER, ["EntryAdded"], ["message.created"], "agent"),
    "reply from the queue": (
        [],
        _ANSWER,
        ["StateChanged", "Assigned", "EntryAdded"],
        ["ticket.status", "message.created"],
        "agent",
    ),
    "note": ([], Note(agent="bob", text="vip"), ["EntryAdded"], ["note.created"], "queue"),
    "typing": ([Accept(agent="bob")], AgentTyping(agent="bob"), ["AgentTyped"], ["agent.typing"], "agent"),
    "transfer": ([Accept(agent="bob")], Transfer(agent="bob", to_agent="eve"), ["Assigned"], [], "agent"),
    "to a team": (
        [Accept(agent="bob")],
        Transfer(agent="bob", to_team="night"),
        ["StateChanged", "Assigned"],
        ["ticket.status"],
        "queue",
    ),
    "snooze": (
        [Accept(agent="bob")],
        SetState(agent="bob", state="snoozed"),
        ["StateChanged"],
        ["ticket.status"],
        "agent",
    ),
    "close": (
        [Accept(agent="bob")],
        Close(agent="bob"),
        ["StateChanged", "Assigned", "TicketClosed"],
        ["ticket.status", "ticket.closed"],
        "bot",
    ),
    "release": (
        [Accept(agent="bob")],
        Release(agent="bob"),
        ["StateChanged", "Assigned", "TicketClosed"],
        ["ticket.status"],
        "bot",
    ),
    "reopen": (
        [Close(agent="bob")],
        Reopen(agent="bob"),
        ["StateChanged", "TicketReopened"],
        ["ticket.status"],
        "queue",
    ),
    "take over": (
        [],
        TakeOver(agent="bob"),
        ["StateChanged", "Assigned", "Accepted"],
        ["ticket.status", "ticket.accepted"],
        "agent",
    ),
}


@pytest.mark.parametrize("case", ACTS)
def test_an_act_of_an_agent_makes_its_events_webhooks_and_owner(office: Office, case: str) -> None:
    before, act, events, told, owner = ACTS[case]
    office.ticket()
    for each in before:
        office.act(each)
    office.told()
    assert names(office.act(act)) == events
    assert ([update.kind for update in office.told()], office.owner()) == (told, owner)


def test_a_webhook_is_signed_over_its_time_and_body(office: Office) -> None:
    office.ticket()
    office.act(_ANSWER)
    for request in office.requests():
        right = hmac.new(SECRET.encode(), b"1768471200." + request.body, hashlib.sha256).hexdigest()
        assert (request.url, request.content_type, request.header("x-timestamp")) == (
            HOOK,
            "application/json",
            "1768471200",
        )
        assert request.header("x-signature") == f"sha256={right}"


def test_a_redelivered_webhook_keeps_its_body(office: Office) -> None:
    office.ticket()
    office.act(_ANSWER)
    updates = office.told()[-1:]
    first, second = (office.desk.request(office.state, updates, at) for at in (NOW, NOW + 5))
    assert first.body == second.body and first.header("x-timestamp") != second.header("x-timestamp")
    assert updates[0].id.encode() in first.body


def test_a_failed_webhook_is_tried_again_after_the_declared_pauses(office: Office) -> None:
    office.ticket()
    office.act(_ANSWER)
    (update, _) = office.told()
    assert update.hook is not None and update.hook.retry is not None
    delays = [update.hook.retry.delay_s(n, 0.0, office.state.chance) for n in (1, 2, 3, 4)]
    assert (delays, update.hook.ack_timeout_s) == ([5.0, 30.0, 120.0, None], 10.0)


@pytest.mark.parametrize(
    ("answer", "ok"), [(HttpResponse(204), True), (HttpResponse(404), False), (HttpFailure("timeout"), False)]
)
def test_any_2xx_is_an_acknowledgement(office: Office, answer: HttpResponse | HttpFailure, ok: bool) -> None:
    assert office.desk.read_ack(office.state, [], answer, NOW).ok is ok
    assert office.desk.dropped(office.state, [], NOW) == ()


@pytest.mark.parametrize("how", ["unsigned", "wrong", "stale"])
def test_a_forged_webhook_has_no_valid_fresh_signature(office: Office, how: str) -> None:
    office.ticket()
    office.act(_ANSWER)
    request = office.requests()[0]
    forged = office.desk.forge(office.state, request, how, NOW)  # type: ignore[arg-type]
    stamp, given = forged.header("x-timestamp") or "", forged.header("x-signature")
    right = hmac.new(SECRET.encode(), stamp.encode() + b"." + request.body, hashlib.sha256).hexdigest()
    assert forged.body == request.body and (given == f"sha256={right}") is (how == "stale")
    assert (given is None) is (how == "unsigned") and (how != "stale" or NOW - int(stamp) > 300)


WRONG: dict[str, AgentAct] = {
    "nothing to accept": Accept(agent="eve"),
    "no such agent": Accept(agent="zoe"),
    "not over": Reopen(agent="bob"),
    "no such message": DeleteReply(agent="bob", entry_id="x"),
    "no such colleague": Transfer(agent="bob", to_agent="zoe"),
    "not offered": Decline(agent="eve"),
}


@pytest.mark.parametrize("case", WRONG)
def test_an_act_that_cannot_be_now_is_a_usage_error(office: Office, case: str) -> None:
    office.ticket()
    office.act(Accept(agent="bob"))
    with pytest.raises(UsageError):
        office.act(WRONG[case])


def test_what_the_file_does_not_declare_is_unsupported_in_its_name(office: Office) -> None:
    office.ticket()
    lacking = (
        Rate(agent="", score=5),
        SetState(agent="bob", state="solved"),
        Reply(agent="bob", parts=(Keyboard(style="inline", rows=()),)),
    )
    for act in lacking:
        with pytest.raises(Unsupported, match=r"example\.yaml|Keyboard"):
            office.act(act)


def test_presence_is_about_no_ticket(office: Office) -> None:
    assert office.act(SetPresence(agent="bob", presence="away"), "") == [PresenceChanged(agent="bob", presence="away")]
    assert office.state.seats["bob"].presence == "away"


def test_a_ticket_that_nobody_knows_is_the_bots_and_cannot_be_worked_on(office: Office) -> None:
    assert office.owner("T-9") == "bot"
    with pytest.raises(UsageError, match="T-9"):
        office.act(Accept(agent="bob"), "T-9")
