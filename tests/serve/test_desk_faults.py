"""Faults on the way between a desk and the bot: what they strike, and what they leave behind."""

from __future__ import annotations

import asyncio
import json

import pytest

from chatdrill.model import Agent, Customer, Reply, Text
from chatdrill.serve import DeliverOptions, Fault, Stage
from chatdrill.trace import Attempt, Called, Dropped, Filed, Recorder
from chatdrill_fakes.desks.intercom import desk as intercom
from serve.toy_clock import ToyClock
from serve.toy_desk import ToyDesk
from serve.toys import Bot, Theatre, Toy, ask, join, until, write

BOB = Agent(key="bob", first_name="Bob")


async def staged(theatre: Theatre, webhook: str) -> tuple[Stage, str, str]:
    stage = await theatre.open(Toy(), desks=(ToyDesk(),), webhook=webhook)
    office = stage.bureau.office("toydesk")
    office.desk.hire(office.state, BOB)
    anna = join(stage)
    _, made = await ask(stage, "POST", "/toydesk/tickets", b'{"who": "toy:toy-1"}')
    return stage, anna, made["id"]


def say(stage: Stage, ticket: str, *texts: str) -> None:
    for text in texts:
        stage.bureau.act("toydesk", ticket, Reply(agent="bob", parts=(Text(text=text),)))


def texts(bot: Bot) -> list[str]:
    return [json.loads(body)["text"] for body in bot.bodies]


async def test_a_call_is_carried_out_though_its_answer_is_lost(theatre: Theatre, recorder: Recorder, bot: Bot) -> None:
    stage, _, _ = await staged(theatre, bot.url)
    stage.break_by(Fault(where="api", kind="drop", platform="toydesk"))
    with pytest.raises((ConnectionError, ValueError, IndexError)):
        await ask(stage, "POST", "/toydesk/tickets", b'{"who": "toy:toy-1"}')
    assert list(stage.bureau.office("toydesk").state.tickets) == ["1", "2"]
    call = [one for one in recorder.records if isinstance(one, Called)][-1]
    assert call.ok and call.note == "fault: handled, but the answer was lost"


async def test_a_lost_webhook_is_lost_and_the_next_arrives(theatre: Theatre, recorder: Recorder, bot: Bot) -> None:
    stage, anna, ticket = await staged(theatre, bot.url)
    stage.break_by(Fault(where="webhook", kind="drop", platform="toydesk"))
    say(stage, ticket, "one", "two")
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert texts(bot) == ["two"]
    assert [one.reason for one in recorder.records if isinstance(one, Dropped)] == ["fault: lost for good"]


async def test_a_late_webhook_keeps_its_place(theatre: Theatre, bot: Bot) -> None:
    stage, anna, ticket = await staged(theatre, bot.url)
    stage.break_by(Fault(where="webhook", kind="delay", platform="toydesk", delay_s=0.02))
    say(stage, ticket, "one", "two")
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert texts(bot) == ["one", "two"]


@pytest.mark.parametrize("kind", ["delay", "swap"])
async def test_what_was_held_up_is_not_sent_once_the_case_is_over(
    theatre: Theatre, recorder: Recorder, clock: ToyClock, bot: Bot, kind: str
) -> None:
    stage, anna, ticket = await staged(theatre, bot.url)
    stage.break_by(Fault(where="webhook", kind=kind, platform="toydesk", delay_s=0.02))
    say(stage, ticket, "one")
    await until(lambda: not stage.bureau.office("toydesk").pending.of(ticket) or clock.slept != [] or kind == "delay")
    stage.leave("toy", anna)
    clock.pass_time(1)
    boris = join(stage, "boris")
    stage.act("toy", boris, write("is anybody there"))
    assert await stage.quiet("toy", boris, timeout_s=5)
    await until(lambda: len(bot.bodies) == 1)
    assert [one for one in recorder.records if isinstance(one, Attempt) and one.platform == "toydesk"] == []


async def test_a_fault_of_one_case_spares_a_webhook_in_which_another_travels(theatre: Theatre, bot: Bot) -> None:
    stage = await theatre.open(webhook=bot.url, deliver=DeliverOptions(batch=3))
    anna = join(stage)
    boris = stage.join("toy", Customer(key="boris", first_name="Boris"), case="other", conv="other/boris")
    stage.break_by(Fault(where="webhook", kind="drop", case="case", times=None))
    stage.act("toy", anna, write("hello"))
    stage.act("toy", boris, write("hello too"))
    assert await stage.quiet("toy", boris, timeout_s=5)
    assert [update["text"] for body in bot.bodies for update in json.loads(body)] == ["hello", "hello too"]


async def test_a_fault_of_one_case_strikes_a_call_that_names_but_the_desks_contact(theatre: Theatre) -> None:
    stage = await theatre.open(Toy(), desks=(intercom,))
    token = stage.bureau.office("intercom").state.settings["token"]
    heads = (f"Authorization: Bearer {token}", "Content-Type: application/json", "Intercom-Version: 2.14")
    join(stage)
    person = json.dumps({"role": "user", "external_id": "toy:toy-1", "name": "Anna"}).encode()
    _, contact = await ask(stage, "POST", "/intercom/contacts", person, *heads)
    stage.break_by(Fault(where="api", kind="status", status=503, platform="intercom", case="case"))
    begun = json.dumps({"from": {"type": "user", "id": contact["id"]}, "body": "Hi"}).encode()
    statuses = [(await ask(stage, "POST", "/intercom/conversations", begun, *heads))[0] for _ in range(2)]
    assert statuses == [503, 200]


@pytest.mark.parametrize("wrong", [{"times": 0}, {"copies": 0}, {"retry_after_s": -1}, {"status": 99}, {"delay_s": -1}])
def test_a_fault_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="must be"):
        Fault(where="api", kind="status", **wrong)


async def test_a_flood_of_calls_is_answered_and_nothing_is_lost(theatre: Theatre, recorder: Recorder, bot: Bot) -> None:
    stage, _, _ = await staged(theatre, bot.url)
    answers = await asyncio.gather(
        *(ask(stage, "POST", "/toydesk/tickets", b'{"who": "toy:toy-1"}') for _ in range(200))
    )
    assert {status for status, _ in answers} == {200}
    assert len(stage.bureau.office("toydesk").state.tickets) == 201
    opened = [one for one in recorder.records if isinstance(one, Filed) and one.event.ticket == "201"]
    assert opened and all(one.conv == "case/anna" for one in opened)
