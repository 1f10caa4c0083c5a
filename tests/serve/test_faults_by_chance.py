"""Faults that come by chance: what each does, where it is skipped, and that it is drawn for each customer by itself."""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import replace
from typing import Any, TypeVar

import pytest

from chatdrill.engine.faulting import read_faults
from chatdrill.model import Agent, Receipt, Reply, Text
from chatdrill.seeds import Seed
from chatdrill.serve import Stage
from chatdrill.serve.channel import Role
from chatdrill.serve.faults import KINDS, Weather
from chatdrill.serve.ordeals import renewed
from chatdrill.trace import Acted, Attempt, Dropped, Injected, Recorder
from chatdrill.wire import Coverage, HttpRequest, Retry
from chatdrill_fakes.desks.intercom import desk as intercom
from serve.toy_clock import ToyClock
from serve.toy_desk import ToyDesk
from serve.toys import DELIVERY, Bot, Theatre, Toy, ask, join, until, write

R = TypeVar("R")
LOOSE = replace(DELIVERY, order="first_try")


async def exposed(theatre: Theatre, faults: str, *platforms: Toy, webhook: str | None = None) -> Stage:
    stage = await theatre.open(*(platforms or (Toy(delivery=LOOSE),)), webhook=webhook)
    stage.expose(read_faults(faults))
    return stage


def of(recorder: Recorder, kind: type[R]) -> list[R]:
    return [record for record in recorder.records if isinstance(record, kind)]


def struck(recorder: Recorder) -> list[str]:
    return [one.fault for one in of(recorder, Injected)]


async def send(stage: Stage, to: str, text: str = "hi") -> int:
    return (await ask(stage, "POST", "/toy/send", json.dumps({"to": to, "text": text}).encode()))[0]


# -------------------------------------------------------------------------------------------------------- webhooks


async def test_a_duplicate_follows_the_first(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    stage = await exposed(theatre, "duplicate x2 100%", webhook=bot.url)
    stage.act("toy", anna := join(stage), write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.texts == ["hello"] * 3
    (injected,) = of(recorder, Injected)
    assert (injected.by, injected.bears, injected.conv, injected.updates) == ("chance", "nothing", "case/anna", ("1",))


async def test_the_same_is_told_again_in_a_new_request(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    toy = Toy(delivery=replace(LOOSE, id_header="X-Made"))
    stage = await exposed(theatre, "new-id 100%", toy, webhook=bot.url)
    stage.act("toy", anna := join(stage), write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    await until(lambda: len(of(recorder, Attempt)) == 2)
    assert bot.bodies[0] == bot.bodies[1]
    assert len({line for head in bot.heads for line in head.split(b"\r\n") if line.startswith(b"X-Made")}) == 2
    assert [(one.number, one.updates, one.note) for one in of(recorder, Attempt)] == [
        (number, ("1",), "fault: delivered twice, the second time under a new request id") for number in (1, 2)
    ]


@pytest.mark.parametrize("id", ["7b0a2f5e-6a0c-4b8e-9d2f-3f6f0f3f1a11", "01HZXK3V9QZ7M2P4R6T8W0Y1AB"])
def test_a_new_id_has_the_shape_of_the_old(id: str) -> None:
    def shape(text: str) -> str:
        return re.sub("[a-z]", "a", re.sub("[A-Z]", "A", re.sub("[0-9]", "0", text)))

    other = renewed(HttpRequest("POST", "http://bot", (("X-Id", id),), b""), "x-id").header("X-Id") or ""
    assert other != id and shape(other) == shape(id) and other[:8] == id[:8]


async def test_concurrent_duplicates_are_under_way_together(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    stage = await exposed(theatre, "concurrent-duplicate 100%", webhook=bot.url)
    both = asyncio.Event()

    async def answer(_: bytes) -> bytes:
        if len(bot.bodies) == 2:
            both.set()
        await both.wait()  # the first is answered only once the second is there
        return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    bot.answer = answer
    stage.act("toy", join(stage), write("hello"))
    await until(lambda: len(of(recorder, Attempt)) == 2)
    assert bot.bodies[0] == bot.bodies[1]
    assert sorted(attempt.number for attempt in of(recorder, Attempt)) == [1, 2]


async def test_a_lost_acknowledgement_is_tried_again_by_the_vendors_schedule(
    theatre: Theatre, bot: Bot, clock: ToyClock, recorder: Recorder
) -> None:
    toy = Toy(delivery=replace(LOOSE, retry=Retry(delays_s=(7.0,), attempts_max=2)))
    stage = await exposed(theatre, "lost-ack 100%", toy, webhook=bot.url)
    stage.act("toy", anna := join(stage), write("hello"))
    await until(lambda: clock.slept == [7.0])
    clock.pass_time(7)
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.texts == ["hello", "hello"]
    assert [(attempt.ok, attempt.retry_in_s) for attempt in of(recorder, Attempt)] == [(False, 7.0), (True, None)]
    assert of(recorder, Injected)[0].late_s == 7.0


@pytest.mark.parametrize("kind", ["lost-ack", "unreached"])
async def test_what_would_not_be_tried_again_is_let_through(
    theatre: Theatre, bot: Bot, recorder: Recorder, kind: str
) -> None:
    """A subscription may be served otherwise than its account."""
    stage = await exposed(theatre, f"{kind} 100%", webhook=bot.url)
    stage.channels["toy"].service.read_ack = lambda *_: _ack_once()
    stage.act("toy", anna := join(stage), write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.texts == ["hello"]
    assert struck(recorder) == []


def _ack_once() -> Any:
    from chatdrill.wire import Ack

    return Ack(False, "no", attempts_max=1)


async def test_an_unreached_bot_is_told_at_the_next_attempt(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    stage = await exposed(theatre, "unreached 100%", webhook=bot.url)
    stage.act("toy", anna := join(stage), write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.texts == ["hello"]
    assert [attempt.ok for attempt in of(recorder, Attempt)] == [False, True]


async def test_a_delay_is_drawn_between_its_bounds(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    stage = await exposed(theatre, "delay 10ms-30ms 100%", webhook=bot.url)
    stage.act("toy", anna := join(stage), write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    (injected,) = of(recorder, Injected)
    assert 0.01 <= injected.late_s <= 0.03
    assert injected.bears == "time"


async def test_a_reordered_webhook_is_overtaken(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    stage = await exposed(theatre, "none", webhook=bot.url)
    anna = join(stage)
    stage.expose(read_faults("reorder 100%"))
    stage.act("toy", anna, write("one"))
    await until(lambda: struck(recorder) == ["reorder"])
    stage.expose(())
    stage.act("toy", anna, write("two"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.texts == ["two", "one"]


async def test_a_message_waits_for_its_edit_and_for_nothing_else(
    theatre: Theatre, bot: Bot, clock: ToyClock, recorder: Recorder
) -> None:
    toy = _Editable(delivery=LOOSE)
    stage = await exposed(theatre, "early-edit 100%", toy, webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, write("one"))
    await until(lambda: struck(recorder) == ["early-edit"])
    stage.expose(())
    stage.act("toy", anna, write("two"))
    await until(lambda: bot.texts == ["two"])
    stage.act("toy", anna, Receipt(message_id="m1", status="edited"))  # type: ignore[arg-type]  # the toy's way to edit
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert [json.loads(body).get("text", "edit") for body in bot.bodies] == ["two", "edit", "one"]


class _Editable(Toy):
    """Its customers can edit: what it calls a receipt is the news of that."""

    capabilities = replace(Toy.capabilities, acts=frozenset({"write", "edit"}))

    def _update(self, state: Any, to: str, kind: str, data: dict[str, Any], now: float) -> Any:
        return super()._update(state, to, "message_edit" if kind == "receipt" else kind, data, now)


async def test_a_batch_takes_what_waits_with_it(
    theatre: Theatre, bot: Bot, clock: ToyClock, recorder: Recorder
) -> None:
    stage = await exposed(theatre, "batch x3 1s 100%", webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, write("one|two|three|four"))
    await until(lambda: clock.slept == [1.0])
    clock.pass_time(1)
    await until(lambda: len(bot.bodies) == 1)
    assert [one["text"] for one in json.loads(bot.bodies[0])] == ["one", "two", "three"]
    assert of(recorder, Attempt)[0].updates == ("1", "2", "3")


async def test_what_is_lost_is_never_told(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    stage = await exposed(theatre, "lost 100%", webhook=bot.url)
    stage.act("toy", anna := join(stage), write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.bodies == []
    assert [one.reason for one in of(recorder, Dropped)] == ["fault: lost for good"]


async def test_a_skewed_clock_dates_everything_of_a_conversation(
    theatre: Theatre, bot: Bot, clock: ToyClock, recorder: Recorder
) -> None:
    stage = await exposed(theatre, "skew 60s", webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, write("one"))
    stage.act("toy", anna, write("two"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    off = {json.loads(body)["at"] - clock.now() for body in bot.bodies}
    assert len(off) == 1
    assert 0 < abs(off.pop()) <= 60
    assert struck(recorder) == ["skew"]  # it is told once
    assert {one.at for one in of(recorder, Acted)} == {clock.now()}


# -------------------------------------------------------------------------------------------------------- receipts


class _Receipting(Toy):
    coverage = (Coverage("receipt", "supported"),)


@pytest.mark.parametrize(("kind", "texts"), [("late-receipt 60s", ["hello"]), ("lost-receipt", ["hello"])])
async def test_a_receipt_that_is_late_or_lost_holds_nothing_up(
    theatre: Theatre, bot: Bot, recorder: Recorder, kind: str, texts: list[str]
) -> None:
    stage = await exposed(theatre, f"{kind} 100%", _Receipting(delivery=LOOSE), webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, Receipt(message_id="b1", status="read"), cause="platform")
    stage.act("toy", anna, write("hello"))
    await until(lambda: len(bot.bodies) == 1)
    assert bot.texts == texts
    assert struck(recorder) == [kind.split()[0]]


async def test_a_late_receipt_comes_after_its_time(theatre: Theatre, bot: Bot, clock: ToyClock) -> None:
    stage = await exposed(theatre, "late-receipt 60s 100%", _Receipting(delivery=LOOSE), webhook=bot.url)
    stage.act("toy", anna := join(stage), Receipt(message_id="b1", status="read"), cause="platform")
    await until(lambda: clock.slept == [60.0])
    clock.pass_time(60)
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert json.loads(bot.bodies[0])["receipt"] == "read"


async def test_receipts_change_places(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    stage = await exposed(theatre, "reordered-receipt 100%", _Receipting(delivery=LOOSE), webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, Receipt(message_id="b1", status="delivered"), cause="platform")
    await until(lambda: struck(recorder) == ["reordered-receipt"])
    stage.expose(())
    stage.act("toy", anna, Receipt(message_id="b1", status="read"), cause="platform")
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert [json.loads(body)["receipt"] for body in bot.bodies] == ["read", "delivered"]


# ------------------------------------------------------------------------------------------------------- the desk


async def test_a_desks_webhook_lags_and_a_platforms_does_not(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    stage = await theatre.open(Toy(), desks=(ToyDesk(),), webhook=bot.url)
    stage.expose(read_faults("desk-lag 20ms 100%"))
    office = stage.bureau.office("toydesk")
    office.desk.hire(office.state, Agent(key="bob", first_name="Bob"))
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    _, made = await ask(stage, "POST", "/toydesk/tickets", b'{"who": "toy:toy-1"}')
    stage.bureau.act("toydesk", made["id"], Reply(agent="bob", parts=(Text(text="yes?"),)))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert {(one.fault, one.platform) for one in of(recorder, Injected)} == {("desk-lag", "toydesk")}


# --------------------------------------------------------------------------------------------------- whom it meets


@pytest.mark.parametrize(
    ("kind", "why"),
    [
        ("reorder", "it keeps the order of a chat"),
        ("early-edit", "it keeps the order of a chat"),
        ("late-receipt", "it sends no receipts"),
        ("new-id", "its requests have no id of their own"),
        ("desk-lag", "it is no helpdesk"),
    ],
)
async def test_what_means_nothing_is_skipped_with_a_reason(
    theatre: Theatre, bot: Bot, recorder: Recorder, kind: str, why: str
) -> None:
    stage = await theatre.open(Toy(), webhook=bot.url)
    assert stage.expose(read_faults(f"{kind} 100%"), names=["toy"]) == (f"{kind} is skipped on Toy: {why}",)
    stage.act("toy", anna := join(stage), write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert struck(recorder) == []


def drawn(case: str, others: int = 0) -> list[bool]:
    """Whether each of twenty webhooks of a customer is struck, while others write in between."""
    weather = Weather(Seed(7), ToyClock())  # type: ignore[arg-type]  # as much of a clock as is asked
    weather.set(read_faults("duplicate 30%"))
    account: Any = _Account()
    found = []
    for _ in range(20):
        for other in range(others):
            weather.strike("webhook", account, ("message",), lambda other=other: Role(f"o{other}", f"o{other}/x"))
        found.append(weather.strike("webhook", account, ("message",), lambda: Role(case, f"{case}/anna")) is not None)
    return found


class _Account:
    name = "toy"
    service = Toy(delivery=LOOSE)


def test_what_strikes_a_customer_depends_on_nobody_else() -> None:
    assert drawn("a") == drawn("a", others=3)
    assert drawn("a") != drawn("b")
    assert 0 < sum(drawn("a")) < 20


async def test_a_case_has_a_plan_of_its_own_until_it_is_over(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    stage = await exposed(theatre, "duplicate 100%", webhook=bot.url)
    stage.expose((), case="case")
    anna = join(stage)
    stage.act("toy", anna, write("undisturbed"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    stage.mend("case")
    stage.act("toy", anna, write("again"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.texts == ["undisturbed", "again", "again"]


async def test_a_place_keeps_a_fault_to_itself(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    toys = Toy(delivery=LOOSE), Toy("tin", delivery=LOOSE)
    stage = await exposed(theatre, "duplicate 100% on tin", *toys, webhook=bot.url)
    stage.act("toy", anna := join(stage), write("once"))
    stage.act("tin", boris := join(stage, "boris", "tin"), write("twice"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert await stage.quiet("tin", boris, timeout_s=5)
    assert sorted(bot.texts) == ["once", "twice", "twice"]


def test_every_kind_says_what_it_does() -> None:
    assert all(kind.about and kind.name == name for name, kind in KINDS.items())
    assert intercom.delivery.retry.attempts_max == 2  # tried again after a minute, so lost-ack means something there
