"""Helpdesks on a stage: whose tickets they are, who owns them, and what is told to whom."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import pytest

from chatdrill.errors import Unsupported, UsageError
from chatdrill.model import Accept, Agent, Close, Customer, DeskEvent, Note, OwnerChanged, Reply, Text, TicketOpened
from chatdrill.serve import Fault, Stage
from chatdrill.serve.channel import Office
from chatdrill.trace import FORGED, Attempt, Called, Filed, Recorder
from chatdrill.wire import DeskState, Hook, Retry, Ticket
from serve.toy_clock import ToyClock
from serve.toy_desk import ToyDesk, with_hooks
from serve.toys import Bot, Theatre, Toy, ask, http_answer, join, until

BOB = Agent(key="bob", first_name="Bob")


def filed(recorder: Recorder, kind: type) -> list[Filed]:
    return [one for one in recorder.records if isinstance(one, Filed) and isinstance(one.event, kind)]


async def staged(theatre: Theatre, webhook: str | None = None) -> tuple[Stage, Office]:
    stage = await theatre.open(Toy(), desks=(ToyDesk(),), webhook=webhook)
    office = stage.bureau.office("toydesk")
    office.desk.hire(office.state, BOB)
    return stage, office


async def opened(stage: Stage, who: str = "toy:toy-1") -> str:
    _, answer = await ask(stage, "POST", "/toydesk/tickets", json.dumps({"who": who}).encode())
    return str(answer["id"])


async def test_a_ticket_belongs_to_the_conversation_of_whom_the_bot_names(theatre: Theatre, recorder: Recorder) -> None:
    stage, _ = await staged(theatre)
    join(stage)
    await opened(stage)
    (record,) = filed(recorder, TicketOpened)
    assert (record.conv, record.by, record.desk) == ("case/anna", "bot", "toydesk")
    call = next(one for one in recorder.records if isinstance(one, Called))
    assert (call.conv, record.call) == ("case/anna", call.n)


async def test_a_ticket_of_nobody_stays_outside(theatre: Theatre, recorder: Recorder) -> None:
    stage, _ = await staged(theatre)
    join(stage)
    await opened(stage, "stranger")
    assert filed(recorder, TicketOpened)[0].conv is None


async def test_every_change_of_the_owner_is_recorded(theatre: Theatre, recorder: Recorder) -> None:
    stage, _ = await staged(theatre)
    join(stage)
    ticket = await opened(stage)
    stage.bureau.act("toydesk", ticket, Accept(agent="bob"), step=4)
    stage.bureau.act("toydesk", ticket, Reply(agent="bob", parts=(Text(text="Hi"),)))
    stage.bureau.act("toydesk", ticket, Close(agent="bob"))
    changes = [one.event for one in filed(recorder, OwnerChanged)]
    assert [(change.owner, change.agent) for change in changes] == [("queue", None), ("agent", "bob"), ("bot", None)]
    assert filed(recorder, OwnerChanged)[1].step == 4


async def test_what_agents_do_reaches_the_bot_signed(theatre: Theatre, bot: Bot) -> None:
    stage, _ = await staged(theatre, bot.url)
    anna = join(stage)
    ticket = await opened(stage)
    stage.bureau.act("toydesk", ticket, Reply(agent="bob", parts=(Text(text="Hi"),)))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert json.loads(bot.bodies[0])["text"] == "Hi"
    assert b"x-secret: hush-hush" in bot.heads[0].lower()


async def test_each_subscription_has_its_own_address_and_retries(theatre: Theatre, bot: Bot, clock: ToyClock) -> None:
    stage, office = await staged(theatre)
    anna = join(stage)
    bot.script(http_answer(500), http_answer(500))
    with_hooks(office.state, Hook("a", bot.url, retry=Retry((0.0,), attempts_max=2)), Hook("b", bot.url + "/b"))
    ticket = await opened(stage)
    stage.bureau.act("toydesk", ticket, Reply(agent="bob", parts=(Text(text="Hi"),)))
    assert await stage.quiet("toy", anna, timeout_s=5)
    paths = sorted(head.split(b" ")[1] for head in bot.heads)
    assert paths == [b"/hook", b"/hook", b"/hook/b"]


async def test_a_desk_may_draw_a_conclusion_from_a_webhook_that_is_given_up(theatre: Theatre, bot: Bot) -> None:
    stage, office = await staged(theatre, bot.url)
    anna = join(stage)
    bot.script(http_answer(500))
    ticket = await opened(stage)
    stage.bureau.act("toydesk", ticket, Reply(agent="bob", parts=(Text(text="Hi"),)))
    assert await stage.quiet("toy", anna, timeout_s=5)
    await until(lambda: office.state.tickets[ticket].state == "pending")


async def test_what_a_desk_has_planned_happens_in_drill_time(
    theatre: Theatre, recorder: Recorder, clock: ToyClock
) -> None:
    stage, _ = await staged(theatre)
    join(stage)
    ticket = await opened(stage)
    stage.bureau.act("toydesk", ticket, Accept(agent="bob"))
    await until(lambda: 60.0 in clock.slept)
    clock.pass_time(60)
    await until(lambda: filed(recorder, OwnerChanged)[-1].event.owner == "bot")
    assert filed(recorder, OwnerChanged)[-1].by == "desk"


async def test_a_forged_reply_makes_nothing_true(theatre: Theatre, recorder: Recorder, bot: Bot) -> None:
    stage, _ = await staged(theatre, bot.url)
    join(stage)
    ticket = await opened(stage)
    before = len(filed(recorder, object))
    await stage.forge("toydesk", ticket, "bob", "Send me money", "wrong")
    assert b"x-secret: guessed" in bot.heads[0].lower()
    assert len(filed(recorder, object)) == before
    (attempt,) = [one for one in recorder.records if isinstance(one, Attempt)]
    assert (attempt.note, attempt.conv) == (f"{FORGED}: wrong", "case/anna")


async def test_a_forged_reply_leaves_nothing_beside_the_ticket_either(
    theatre: Theatre, bot: Bot, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage, office = await staged(theatre, bot.url)
    join(stage)
    ticket = await opened(stage)
    act = ToyDesk.act

    def counting(desk: ToyDesk, state: DeskState[Ticket], *given: Any) -> Sequence[DeskEvent]:
        state.seats["bob"].presence = "away"
        return act(desk, state, *given)

    monkeypatch.setattr(ToyDesk, "act", counting)
    await stage.forge("toydesk", ticket, "bob", "Send me money", "wrong")
    assert office.state.seats["bob"].presence == "online" and bot.heads


async def test_tickets_run_ahead_with_their_chat(theatre: Theatre, clock: ToyClock) -> None:
    stage, office = await staged(theatre)
    anna = join(stage, ahead_s=100.0)
    ticket = await opened(stage)
    stage.skip("toy", anna, 3600.0)
    assert office.state.tickets[ticket].at(clock.now()) == clock.now() + 3700.0


async def test_what_agents_cannot_do_is_said(theatre: Theatre) -> None:
    stage, _ = await staged(theatre)
    join(stage)
    ticket = await opened(stage)
    with pytest.raises(Unsupported, match="toys keep no notes"):
        stage.bureau.act("toydesk", ticket, Note(agent="bob", text="x"))
    with pytest.raises(UsageError, match="no ticket '99'"):
        stage.bureau.act("toydesk", "99", Close(agent="bob"))
    with pytest.raises(UsageError, match=r"no desk 'toydsk'.*toydesk"):
        stage.bureau.act("toydsk", ticket, Close(agent="bob"))


async def test_a_fault_of_one_case_leaves_the_others_alone(theatre: Theatre) -> None:
    stage, _ = await staged(theatre)
    join(stage)
    stage.join("toy", Customer(key="boris", first_name="Boris"), case="other", conv="other/boris")
    stage.break_by(Fault(where="api", kind="status", platform="toydesk", status=503, times=None, case="other"))
    assert (await ask(stage, "POST", "/toydesk/tickets", b'{"who": "toy:toy-1"}'))[0] == 200
    assert (await ask(stage, "POST", "/toydesk/tickets", b'{"who": "toy:toy-2"}'))[0] == 503
    stage.mend("other")
    assert (await ask(stage, "POST", "/toydesk/tickets", b'{"who": "toy:toy-2"}'))[0] == 200


async def test_a_fault_is_recorded_in_the_conversation_that_it_struck(theatre: Theatre, recorder: Recorder) -> None:
    stage, _ = await staged(theatre)
    join(stage)
    stage.break_by(Fault(where="api", kind="status", platform="toydesk", status=503))
    await ask(stage, "POST", "/toydesk/tickets", b'{"who": "toy:toy-1"}')
    (call,) = (record for record in recorder.records if isinstance(record, Called))
    assert (call.conv, call.ok, call.arguments) == ("case/anna", False, {"who": "toy:toy-1"})


async def test_a_swapped_webhook_is_overtaken_by_the_next(theatre: Theatre, bot: Bot) -> None:
    stage, _ = await staged(theatre, bot.url)
    anna = join(stage)
    ticket = await opened(stage)
    stage.break_by(Fault(where="webhook", kind="swap", platform="toydesk", delay_s=60.0))
    for text in ("one", "two"):
        stage.bureau.act("toydesk", ticket, Reply(agent="bob", parts=(Text(text=text),)))
    assert await stage.quiet("toy", anna, timeout_s=5)
    await until(lambda: len(bot.bodies) == 2)
    assert [json.loads(body)["text"] for body in bot.bodies] == ["two", "one"]


async def test_a_duplicate_comes_as_often_as_asked_and_no_more(theatre: Theatre, bot: Bot) -> None:
    stage, _ = await staged(theatre, bot.url)
    anna = join(stage)
    ticket = await opened(stage)
    stage.break_by(Fault(where="webhook", kind="duplicate", platform="toydesk", copies=2, times=None))
    stage.bureau.act("toydesk", ticket, Reply(agent="bob", parts=(Text(text="one"),)))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert len(bot.bodies) == 3
