"""The ground everything stands on: seeds, clocks, error help, rates, the outbox, the public face."""

from __future__ import annotations

import asyncio
import subprocess
import sys

import pytest

import chatdrill
from chatdrill import errors
from chatdrill.clock import WallClock, iso
from chatdrill.errors import did_you_mean
from chatdrill.seeds import Seed
from chatdrill.wire import Bucket, Outbox, Retry, Update, Window


def update(number: str) -> Update:
    return Update(number, "message", "anna", "anna", b"{}", 0.0)


# ----------------------------------------------------------------------------------------------------- chance


def test_a_seed_gives_the_same_stream_in_every_process():
    code = "from chatdrill.seeds import Seed; print(Seed(7).child('case').stream('persona', 'anna').hex(24))"
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip()
    assert Seed(7).child("case").stream("persona", "anna").hex(24) == there


def test_streams_of_different_names_are_independent():
    seed = Seed(7)
    assert len({seed.stream(name).random() for name in ("a", "b", "a b")} | {seed.child("a").stream("b").random()}) == 4


def test_drawing_more_in_one_stream_does_not_shift_another():
    seed = Seed(3)
    first = seed.stream("names").random()
    seed.stream("gaps").random()
    assert seed.stream("names").random() == first


@pytest.mark.parametrize("count", [0, 1, 16, 30])
def test_hexadecimal_digits_are_those_that_choices_would_draw(count):
    quick, plain = Seed(7).stream("ids"), Seed(7).stream("ids")
    assert quick.hex(count) == "".join(plain.choices("0123456789abcdef", k=count))
    assert quick.random() == plain.random()


@pytest.mark.parametrize("count", [1, 2, 16, 40])
def test_digits_have_their_length_and_no_leading_zero(count):
    drawn = [Seed(number).stream("ids").digits(count) for number in range(200)]
    assert {len(text) for text in drawn} == {count}
    assert count == 1 or not any(text.startswith("0") for text in drawn)


# ------------------------------------------------------------------------------------------------------- time


def test_a_scaled_clock_runs_faster_than_the_machine():
    clock = WallClock(speed=1000, start=1_000_000.0)
    before, real = clock.now(), clock.monotonic()
    while clock.monotonic() - real < 0.002:
        pass
    assert clock.now() - before >= 2.0


async def test_sleep_takes_drill_seconds():
    clock = WallClock(speed=10_000)
    began = asyncio.get_running_loop().time()
    await clock.sleep(60)
    assert asyncio.get_running_loop().time() - began < 1.0


@pytest.mark.parametrize("speed", [0, -1, float("nan")])
def test_a_clock_cannot_stand_still_or_run_backwards(speed):
    with pytest.raises(ValueError, match="speed must be positive"):
        WallClock(speed=speed)


def test_drill_time_is_written_in_utc():
    assert iso(0) == "1970-01-01T00:00:00Z"
    assert iso(1795212345.9) == "2026-11-20T22:05:45Z"


# ------------------------------------------------------------------------------------------------------ rates


def test_a_bucket_gives_its_burst_and_then_says_how_long_to_wait():
    bucket = Bucket(per_s=2, burst=3)
    assert [bucket.take(100.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert bucket.take(100.0) == pytest.approx(0.5)
    assert bucket.take(100.5) == 0.0


def test_a_refused_take_costs_nothing():
    bucket = Bucket(per_s=1, burst=1)
    bucket.take(0.0)
    assert bucket.take(0.0) == bucket.take(0.0)


def test_a_bucket_does_not_mind_a_clock_that_steps_back():
    bucket = Bucket(per_s=1, burst=1)
    bucket.take(1000.0)
    assert bucket.take(0.0) > 0
    assert bucket.take(1001.0) == 0.0


def test_a_window_takes_its_count_and_nothing_more_until_it_is_over():
    window = Window(count=2, period_s=60)
    assert [window.take(at) for at in (100.0, 130.0, 150.0)] == [0.0, 0.0, 10.0]
    assert (window.left(150.0), window.resets_in(150.0)) == (0, 10.0)
    assert (window.left(160.0), window.take(160.0), window.resets_in(160.0)) == (2, 0.0, 60.0)


def test_a_window_does_not_mind_a_clock_that_steps_back():
    window = Window(count=1, period_s=60)
    assert (window.take(1000.0), window.take(0.0)) == (0.0, 60.0)


def test_retries_follow_the_schedule_until_they_give_up():
    retry = Retry(delays_s=(0, 2, 4), attempts_max=5)
    assert [retry.delay_s(n, 0.0, Seed(1).stream("x")) for n in range(1, 6)] == [0, 2, 4, 4, None]


def test_retries_end_when_the_time_is_over():
    retry = Retry(delays_s=(10,), give_up_after_s=25)
    assert [retry.delay_s(n, 10.0 * (n - 1), Seed(1).stream("x")) for n in (1, 2, 3)] == [10, 10, None]


# ----------------------------------------------------------------------------------------------------- outbox


def test_the_outbox_keeps_the_order_and_tells_its_listeners():
    outbox, told = Outbox(), []
    outbox.listeners.append(lambda: told.append(len(outbox)))
    first, second = update("1"), update("2")
    outbox.put(first)
    outbox.put(second)
    assert list(outbox) == [first, second]
    assert told == [1, 2]


def test_updates_with_the_same_id_are_two_things():
    outbox = Outbox()
    one, twin = update("1"), update("1")
    outbox.put(one)
    outbox.put(twin)
    assert outbox.remove(one)
    assert not outbox.remove(one)
    assert [item is twin for item in outbox] == [True]


# ----------------------------------------------------------------------------------------------------- errors


def test_a_near_word_is_suggested():
    assert did_you_mean("telegam", ["telegram", "whatsapp"]) == "; did you mean 'telegram'?"


def test_few_known_words_are_listed_where_none_is_near():
    assert did_you_mean("fax", ["telegram", "whatsapp"]) == "; known: telegram, whatsapp"


def test_the_error_tree_is_drawn_as_it_is():
    drawn = {word for line in (errors.__doc__ or "").splitlines() for word in line.split()}
    classes = {name for name, value in vars(errors).items() if isinstance(value, type) and issubclass(value, Exception)}
    assert classes <= drawn


# ------------------------------------------------------------------------------------------------ public face


def test_the_public_face_is_what_it_says():
    listed = {name for names in chatdrill._HOMES.values() for name in names}
    assert listed == set(chatdrill.__all__) == set(dir(chatdrill))
    assert all(getattr(chatdrill, name) is not None for name in chatdrill.__all__)


def test_an_unknown_name_of_the_face_is_an_ordinary_error():
    with pytest.raises(AttributeError, match="no attribute 'Scenari'"):
        chatdrill.Scenari  # noqa: B018


def test_no_platform_imports_another_and_importing_one_loads_no_other():
    code = (
        "import sys; from chatdrill.run.registry import load_platform; load_platform('telegram');"
        "print([m for m in sys.modules if m.endswith(('platforms.whatsapp', 'platforms.messenger'))])"
    )
    there = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert there.stdout.strip() == "[]"
