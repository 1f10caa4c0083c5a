"""How updates reach the bot."""

from __future__ import annotations

import asyncio
import dataclasses
import json

import pytest

from chatdrill.errors import BotError, SettingsError, Unsupported, UsageError
from chatdrill.model import Typing
from chatdrill.serve import DeliverOptions, Stage
from chatdrill.trace import Attempt, BotState, Called, Dropped, Recorder, Skipped, Took
from chatdrill.wire import HttpRequest, Retry
from serve.toy_clock import ToyClock
from serve.toys import DELIVERY, OK, Bot, Theatre, Toy, http_answer, join, until, write


def of(recorder: Recorder, kind: type) -> list:
    return [record for record in recorder.records if isinstance(record, kind)]


async def test_an_act_reaches_the_bot_and_is_recorded(theatre: Theatre, recorder: Recorder, bot: Bot) -> None:
    stage = await theatre.open(webhook=bot.url)
    anna = join(stage)
    acted = stage.act("toy", anna, write("hello"), step=3, meant_at=0.5)
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.texts == ["hello"]
    assert (acted.ids, acted.updates, acted.step, acted.meant_at) == (("m1",), ("1",), 3, 0.5)
    (attempt,) = of(recorder, Attempt)
    assert (attempt.ok, attempt.status, attempt.number, attempt.conv) == (True, 200, 1, "case/anna")
    assert attempt.body == bot.bodies[0].decode()


async def test_one_lane_is_served_in_order_though_the_first_fails(theatre: Theatre, clock: ToyClock, bot: Bot) -> None:
    bot.script(http_answer(500), http_answer(503))
    stage = await theatre.open(webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, write("one|two|three"))
    await until(lambda: clock.slept == [0.0, 2.0])
    clock.pass_time(2)
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.texts == ["one", "one", "one", "two", "three"]


async def test_a_stuck_lane_does_not_hold_up_another(theatre: Theatre, bot: Bot) -> None:
    async def answer(body: bytes) -> bytes:
        return http_answer(500) if b"anna" in body else OK

    bot.answer = answer
    stage = await theatre.open(webhook=bot.url)
    anna, boris = join(stage), join(stage, "boris")
    stage.act("toy", anna, write("anna"))
    stage.act("toy", boris, write("boris"))
    assert await stage.quiet("toy", boris, timeout_s=5)
    assert not await stage.quiet("toy", anna, timeout_s=0.01)


async def test_first_try_order_lets_the_next_pass_after_one_failure(
    theatre: Theatre, clock: ToyClock, bot: Bot
) -> None:
    bot.script(http_answer(500))
    slow = dataclasses.replace(DELIVERY, order="first_try", retry=Retry(delays_s=(9.0,), attempts_max=3))
    stage = await theatre.open(Toy(delivery=slow), webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, write("one|two"))
    await until(lambda: len(bot.bodies) == 2)
    clock.pass_time(9)
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.texts == ["one", "two", "one"]


async def test_a_redelivery_is_byte_identical(theatre: Theatre, bot: Bot) -> None:
    bot.script(http_answer(500))
    stage = await theatre.open(webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert len(bot.bodies) == 2
    assert bot.bodies[0] == bot.bodies[1]
    assert bot.heads[0] == bot.heads[1]


async def test_each_try_is_made_anew_where_the_vendor_has_it_so(theatre: Theatre, bot: Bot) -> None:
    class Again(Toy):
        def again(self, state, updates, request, answer, number, now):  # type: ignore[no-untyped-def]
            return self.request(state, updates, now)

    bot.script(http_answer(500))
    stage = await theatre.open(Again(), webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.bodies[0] == bot.bodies[1]
    assert [b"X-Made: %d" % number in head for number, head in enumerate(bot.heads, 1)] == [True, True]


async def test_a_sealed_webhook_is_opened_for_the_trace(theatre: Theatre, recorder: Recorder, bot: Bot) -> None:
    class Sealed(Toy):
        def opened(self, state: object, request: HttpRequest) -> bytes:
            return request.body.upper()

    stage = await theatre.open(Sealed(), webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert of(recorder, Attempt)[0].body == bot.bodies[0].decode().upper()


async def test_retries_follow_the_schedule_and_then_the_update_is_given_up(
    theatre: Theatre, clock: ToyClock, recorder: Recorder, bot: Bot
) -> None:
    bot.script(*[http_answer(500, b"no good")] * 9)
    stage = await theatre.open(webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    for delay in (2, 4):
        await until(lambda: clock.slept[-1:] == [delay])  # noqa: B023  awaited at once
        clock.pass_time(delay)
    assert await stage.quiet("toy", anna, timeout_s=5)
    attempts = of(recorder, Attempt)
    assert [(a.number, a.retry_in_s) for a in attempts] == [(1, 0.0), (2, 2.0), (3, 4.0), (4, None)]
    assert {(a.error, a.answer) for a in attempts} == {("status 500", "no good")}
    assert [d.reason for d in of(recorder, Dropped)] == ["not accepted in 4 attempts"]


async def test_retry_after_overrides_the_schedule(
    theatre: Theatre, clock: ToyClock, recorder: Recorder, bot: Bot
) -> None:
    bot.script(http_answer(429, b"", "Retry-After: 33"))
    stage = await theatre.open(webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    await until(lambda: clock.slept == [33.0])
    clock.pass_time(33)
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert of(recorder, Attempt)[0].retry_in_s == 33


async def test_an_answer_may_end_the_attempts(theatre: Theatre, recorder: Recorder, bot: Bot) -> None:
    bot.script(http_answer(410))
    stage = await theatre.open(webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert [d.reason for d in of(recorder, Dropped)] == ["not accepted in 1 attempt"]


async def test_without_retries_the_first_failure_is_the_last(theatre: Theatre, recorder: Recorder, bot: Bot) -> None:
    bot.script(http_answer(500))
    stage = await theatre.open(webhook=bot.url, deliver=DeliverOptions(retries=False))
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert [d.reason for d in of(recorder, Dropped)] == ["not accepted, and retries are switched off"]


async def test_an_update_expires_in_the_time_of_its_chat(
    theatre: Theatre, clock: ToyClock, recorder: Recorder, bot: Bot
) -> None:
    stage = await theatre.open(Toy(expires_s=100))
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    stage.skip("toy", anna, 101)
    stage.set_webhook("toy", bot.url)
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert [d.reason for d in of(recorder, Dropped)] == ["expired"]
    assert bot.bodies == []
    assert of(recorder, Skipped)[0].at == clock.now() + 101


async def test_concurrency_is_bounded(theatre: Theatre, bot: Bot) -> None:
    gate, open_now = asyncio.Event(), []

    async def answer(_: bytes) -> bytes:
        open_now.append(1)
        await gate.wait()
        return OK

    bot.answer = answer
    stage = await theatre.open(webhook=bot.url, deliver=DeliverOptions(concurrency=3))
    customers = [join(stage, f"c{number}") for number in range(10)]
    for customer in customers:
        stage.act("toy", customer, write("hi"))
    await until(lambda: len(open_now) == 3)
    assert not await stage.quiet("toy", customers[9], timeout_s=0.05)
    assert len(open_now) == 3
    gate.set()
    assert await stage.quiet("toy", customers[9], timeout_s=5)
    assert bot.connections == 3


async def test_waiting_updates_travel_together_and_keep_their_order(
    theatre: Theatre, recorder: Recorder, bot: Bot
) -> None:
    stage = await theatre.open(webhook=bot.url, deliver=DeliverOptions(batch=3))
    anna, boris = join(stage), join(stage, "boris")
    stage.act("toy", anna, write("a1|a2"))
    stage.act("toy", boris, write("b1|b2"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert await stage.quiet("toy", boris, timeout_s=5)
    assert [update["text"] for update in json.loads(bot.bodies[0])] == ["a1", "a2", "b1"]
    first, second = of(recorder, Attempt)
    assert (first.convs, first.conv, first.case) == (("case/anna", "case/boris"), None, "case")
    assert (second.updates, second.conv) == (("4",), "case/boris")


async def test_a_bot_that_does_not_answer_in_time_is_tried_again(
    theatre: Theatre, recorder: Recorder, bot: Bot
) -> None:
    slow = [True]

    async def answer(_: bytes) -> bytes:
        if slow.pop() if slow else False:
            await asyncio.Event().wait()
        return OK

    bot.answer = answer
    stage = await theatre.open(webhook=bot.url, deliver=DeliverOptions(ack_timeout_s=0.05))
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    first, second = of(recorder, Attempt)
    assert first.error == "timeout: no answer within 0.05 s"
    assert first.took_s > 0.02  # counted from the write, the time-out from before it
    assert second.ok


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (None, "reset: the connection was closed without an answer"),
        (b"hello?\r\n\r\n", "garbage: the answer is not HTTP/1.1"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nshort", "reset: the connection was closed in the middle"),
    ],
)
async def test_a_bot_that_misbehaves_fails_its_attempt_in_words(
    theatre: Theatre, recorder: Recorder, bot: Bot, reply: bytes | None, error: str
) -> None:
    bot.script(reply, None)
    stage = await theatre.open(webhook=bot.url, deliver=DeliverOptions(retries=False))
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    await until(lambda: bool(bot.bodies))
    bot.hang_up()
    assert await stage.quiet("toy", anna, timeout_s=5)
    (attempt,) = of(recorder, Attempt)
    assert attempt.error is not None
    assert attempt.error.startswith(error)


@pytest.mark.parametrize("url", ["http://127.0.0.1:1/hook", "nonsense", "ftp://127.0.0.1/", "http://[::1/"])
async def test_an_address_where_no_bot_is_fails_in_words(theatre: Theatre, recorder: Recorder, url: str) -> None:
    stage = await theatre.open(webhook=url, deliver=DeliverOptions(retries=False))
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    (attempt,) = of(recorder, Attempt)
    assert attempt.status is None
    assert (attempt.error or "").startswith("refused: ")


async def test_a_call_inside_the_answer_is_executed(theatre: Theatre, recorder: Recorder, bot: Bot) -> None:
    stage = await theatre.open(webhook=bot.url)
    anna = join(stage)
    bot.script(http_answer(200, json.dumps({"to": anna, "text": "hi"}).encode()))
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    (called,) = of(recorder, Called)
    (took,) = of(recorder, Took)
    assert (called.source, called.method, took.call, took.conv) == ("webhook_answer", "send", called.n, "case/anna")


async def test_updates_wait_until_a_webhook_is_set(theatre: Theatre, recorder: Recorder, bot: Bot) -> None:
    stage = await theatre.open()
    anna = join(stage)
    stage.act("toy", anna, write("one|two"))
    assert not await stage.quiet("toy", anna, timeout_s=0.01)
    stage.set_webhook("toy", bot.url)
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.texts == ["one", "two"]
    assert [state.detail for state in of(recorder, BotState)] == [f"toy: {bot.url}"]


async def test_a_webhook_that_moves_takes_the_waiting_updates_along(
    theatre: Theatre, clock: ToyClock, bot: Bot
) -> None:
    stage = await theatre.open(webhook="http://127.0.0.1:1/")
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    await until(lambda: clock.slept == [0.0, 2.0])
    stage.set_webhook("toy", bot.url)
    clock.pass_time(2)
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.texts == ["hello"]


async def test_leaving_drops_what_waits_also_between_attempts(
    theatre: Theatre, clock: ToyClock, recorder: Recorder, bot: Bot
) -> None:
    bot.script(*[http_answer(500)] * 9)
    stage = await theatre.open(webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, write("one|two"))
    await until(lambda: clock.slept == [0.0, 2.0])
    stage.leave("toy", anna)
    assert await stage.quiet("toy", anna, timeout_s=0)
    clock.pass_time(100)
    assert [(d.reason, d.updates) for d in of(recorder, Dropped)] == [("case ended", ("1", "2"))]
    assert bot.texts == ["one", "one"]


async def test_updates_that_the_bot_drops_are_recorded_and_their_lane_goes_on(
    theatre: Theatre, clock: ToyClock, recorder: Recorder, bot: Bot
) -> None:
    bot.script(http_answer(500), http_answer(500))
    stage = await theatre.open(webhook=bot.url)
    anna = join(stage)
    stage.act("toy", anna, write("old"))
    await until(lambda: clock.slept == [0.0, 2.0])
    stage.channels["toy"].state.outbox.clear()
    stage.act("toy", anna, write("new"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert [d.reason for d in of(recorder, Dropped)] == ["the bot asked to drop it"]
    assert bot.texts == ["old", "old", "new"]


async def test_a_kept_alive_connection_that_died_is_replaced_once(
    theatre: Theatre, recorder: Recorder, bot: Bot
) -> None:
    stage = await theatre.open(webhook=bot.url)
    anna = join(stage)
    bot.script(OK, None, OK)
    for text in ("one", "two"):
        stage.act("toy", anna, write(text))
        assert await stage.quiet("toy", anna, timeout_s=5)
    assert bot.texts == ["one", "two", "two"]
    notes = [attempt.note for attempt in of(recorder, Attempt)]
    assert notes == [None, "sent again on a fresh connection: the kept-alive one was closed without an answer"]


async def test_a_webhook_is_checked_by_the_platforms_handshake(theatre: Theatre, bot: Bot) -> None:
    bot.script(http_answer(200, b"42"), http_answer(200, b"43"))
    stage = await theatre.open(Toy(checks=True), webhook=bot.url)
    await stage.check_webhook("toy")
    with pytest.raises(BotError, match=r"did not pass the platform's check: expected 42, got b'43'"):
        await stage.check_webhook("toy")


async def test_a_missing_webhook_and_wrong_names_are_told(theatre: Theatre) -> None:
    stage = await theatre.open()
    with pytest.raises(BotError, match="no webhook address"):
        await stage.check_webhook("toy")
    with pytest.raises(UsageError, match="did you mean 'toy'"):
        stage.set_webhook("toi", "http://127.0.0.1/")
    with pytest.raises(UsageError, match="let one join first"):
        stage.act("toy", "nobody", write("hello"))
    with pytest.raises(Unsupported):
        stage.act("toy", join(stage), Typing())


def test_an_unknown_setting_is_named_with_the_nearest(recorder: Recorder, clock: ToyClock) -> None:
    from chatdrill.seeds import Seed

    stage = Stage(clock=clock, seed=Seed(1), recorder=recorder)
    with pytest.raises(SettingsError, match="did you mean 'token'"):
        stage.add(Toy(), {"tokn": "x"})


async def test_hundreds_of_customers_at_once_each_get_their_own(theatre: Theatre, recorder: Recorder, bot: Bot) -> None:
    stage = await theatre.open(webhook=bot.url)
    customers = [join(stage, f"c{number}") for number in range(300)]
    for number, customer in enumerate(customers):
        stage.act("toy", customer, write(f"{number}a|{number}b"))
    assert all(await asyncio.gather(*(stage.quiet("toy", customer, timeout_s=20) for customer in customers)))
    for number in range(300):
        assert [text for text in bot.texts if text.startswith(f"{number}") and text[:-1] == f"{number}"] == [
            f"{number}a",
            f"{number}b",
        ]
    assert all(json.loads(a.body or "")["to"] == customers[int(a.conv[6:])] for a in of(recorder, Attempt))
