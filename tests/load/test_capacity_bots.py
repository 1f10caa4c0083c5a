"""The search against simulated bots whose capacity is known, by a formula or by how they are made."""

from __future__ import annotations

import heapq
import math
from collections.abc import Callable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill.seeds import Seed
from chatdrill_load.capacity import Capacity, Outcome, Plan, Search, Trial
from chatdrill_load.staffing import erlang_c
from deep import tries

Bot = Callable[[Trial], Outcome]
Sojourn = Callable[[float], float]
WORDS = "reply p95 was too long"
BAR_S = 0.5
CUSTOMERS = (
    12_000  # measured in a trial near the capacity; with fewer, p95 itself is uncertain by more than the precision
)
CHANCE = 0.02  # repeats that agree by chance may put an end of the interval on the wrong side of the truth by so little
LATE = 0.05  # the gate is "p95 within BAR_S"
SEEDS = st.integers(0, 10**6)
few = settings(max_examples=4, deadline=None, derandomize=True)
many = settings(max_examples=tries(50, 100), deadline=None, derandomize=True)


def searched(bot: Bot, **plan: float) -> Capacity:
    search = Search(Plan(**{"start_per_s": 1.0, "settle_s": 0.0, "time_max_s": 10**9, **plan}))
    while isinstance(step := search.next(), Trial):
        search.tell(bot(step))
    return step


def judged(trial: Trial, latency_s: float, bar_s: float = BAR_S) -> Outcome:
    held = latency_s <= bar_s
    return Outcome(held=held, broke=None if held else WORDS, achieved_per_s=trial.rate_per_s, latency_s=latency_s)


def contains(found: Capacity, truth: float, slack: float = 0.0) -> bool:
    return found.low_per_s * (1 - slack) <= truth <= found.high_per_s * (1 + slack)


def crossing(late: Sojourn, most: float) -> float:
    """The rate at which the probability of a late reply is just what the gate allows."""
    low, high = 0.0, most
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if late(middle) <= LATE else (low, middle)
    return low


# ------------------------------------------------------------------------------------------------- true queues


def queue(seed: int, servers: int, service_s: Callable[..., float]) -> Bot:
    """Poisson arrivals at ``servers`` of them; the 95th percentile of all replies that were measured."""
    trials = iter(range(10**6))

    def bot(trial: Trial) -> Outcome:
        chance = Seed(seed).stream(str(next(trials)))
        latencies = sorted(sojourns(trial, chance.expovariate, [0.0] * servers, lambda: service_s(chance)))
        return judged(trial, latencies[math.ceil(0.95 * len(latencies)) - 1])

    return bot


def sojourns(
    trial: Trial, gap_s: Callable[[float], float], free_s: list[float], service_s: Callable[[], float]
) -> Iterator[float]:
    now_s = 0.0
    while (now_s := now_s + gap_s(trial.rate_per_s)) < trial.length_s:
        end_s = max(now_s, free_s[0]) + service_s()
        heapq.heapreplace(free_s, end_s)
        if now_s >= trial.settle_s:
            yield end_s - now_s


def mmc_late(servers: int, mu: float) -> Sojourn:
    """P(wait + service > BAR_S) in M/M/c (D. Gross, C. Harris, "Fundamentals of Queueing Theory", section 2.3)."""

    def late(rate: float) -> float:
        spare = servers - 1 - rate / mu
        waits = erlang_c(servers, rate / mu)
        return math.exp(-mu * BAR_S) * (1 - waits * math.expm1(-mu * BAR_S * spare) / spare)

    return late


def md1_late(service_s: float) -> Sojourn:
    """P(wait > BAR_S - service) in M/D/1 (A. K. Erlang, 1909; C. D. Crommelin, 1932)."""

    def late(rate: float) -> float:
        bar_s, kept = BAR_S - service_s, 0.0
        for count in range(math.floor(bar_s / service_s) + 1):
            power = rate * (bar_s - count * service_s)
            kept += (-power) ** count / math.factorial(count) * math.exp(power)
        return 1 - (1 - rate * service_s) * kept

    return late


@few
@given(seed=SEEDS, servers=st.sampled_from([2, 4, 6]))
def test_the_interval_contains_the_capacity_of_an_mmc_queue(seed: int, servers: int) -> None:
    truth = crossing(mmc_late(servers, 10.0), servers * 10.0 - 1e-6)
    bot = queue(seed, servers, lambda chance: chance.expovariate(10.0))
    found = searched(bot, measure_s=CUSTOMERS / truth, settle_s=10.0)
    assert contains(found, truth, CHANCE) and found.limited_by == "bot" and found.broke_first == WORDS


@few
@given(seed=SEEDS, service_s=st.sampled_from([0.08, 0.1, 0.15]))
def test_the_interval_contains_the_capacity_of_an_md1_queue(seed: int, service_s: float) -> None:
    truth = crossing(md1_late(service_s), 1 / service_s - 1e-6)
    found = searched(queue(seed, 1, lambda _: service_s), measure_s=CUSTOMERS / truth, settle_s=10.0)
    assert contains(found, truth, CHANCE) and found.limited_by == "bot"


# ------------------------------------------------------------------------------------------------- made curves


def curve(latency_s: Callable[[float], float]) -> Bot:
    return lambda trial: judged(trial, latency_s(trial.rate_per_s))


@many
@given(truth=st.floats(1.0, 10**5), precision=st.sampled_from([0.01, 0.05, 0.2]), factor=st.sampled_from([1.5, 2, 10]))
def test_a_cliff_is_found_to_the_precision_asked_for(truth: float, precision: float, factor: float) -> None:
    found = searched(
        curve(lambda rate: 0.1 if rate <= truth else 9.0), precision=precision, factor=factor, trials_max=99
    )
    assert contains(found, truth) and found.rate_per_s == found.low_per_s and found.is_precise
    assert found.high_per_s <= found.low_per_s * (1 + precision) * (1 + 1e-9)


@many
@given(base_s=st.floats(0.0, 0.4), truth=st.floats(2.0, 5000.0))
def test_a_bot_that_slows_down_bit_by_bit_has_a_capacity_and_no_knee(base_s: float, truth: float) -> None:
    found = searched(curve(lambda rate: base_s + (BAR_S - base_s) * rate / truth))
    assert contains(found, truth * (1 - 1e-9)) or contains(found, truth * (1 + 1e-9))
    assert found.knee is None


@many
@given(seed=SEEDS, mu=st.floats(20.0, 2000.0), spread=st.floats(0.0, 0.3))
def test_noise_widens_the_interval_and_the_truth_stays_in_it(seed: int, mu: float, spread: float) -> None:
    chance = Seed(seed).stream("noise")
    truth = mu - math.log(1 / LATE) / BAR_S  # M/M/1: p95 of the sojourn is ln 20 / (mu - rate)

    def latency_s(rate: float) -> float:
        p95_s = math.log(1 / LATE) / (mu - rate) if rate < mu else 60.0
        return p95_s * math.exp(chance.gauss(0.0, spread))

    assert contains(searched(curve(latency_s), repeats=5, trials_max=80), truth, CHANCE)


@many
@given(seed=SEEDS, truth=st.floats(5.0, 500.0))
def test_one_false_alarm_in_ten_does_not_hide_the_capacity(seed: int, truth: float) -> None:
    chance = Seed(seed).stream("alarms")

    def bot(trial: Trial) -> Outcome:
        return judged(trial, 9.0 if trial.rate_per_s > truth or chance.random() < 0.1 else 0.1)

    assert contains(searched(bot, repeats=5, trials_max=120), truth)


def test_a_bot_that_wears_out_is_found_between_what_it_was_and_what_it_became() -> None:
    left = iter(100 * 0.99**trial for trial in range(1000))

    def bot(trial: Trial) -> Outcome:
        return judged(trial, 0.1 if trial.rate_per_s <= next(left) else 9.0)

    found = searched(bot, trials_max=80)
    assert next(left) * 0.95 <= found.rate_per_s <= 100


@many
@given(truth=st.floats(1.0, 1000.0))
def test_a_bot_that_never_recovers_is_found_out_and_what_it_held_before_is_kept(truth: float) -> None:
    broken: list[float] = []

    def bot(trial: Trial) -> Outcome:
        if trial.rate_per_s > truth:
            broken.append(trial.rate_per_s)
        return judged(trial, 9.0 if broken else 0.1)

    found = searched(bot, trials_max=80)
    assert found.limited_by == "recovery" and contains(found, truth)
    assert found.rate_per_s == found.low_per_s and found.high_per_s == broken[0]
    assert len(found.trials) < 30 and "does not recover" in found.words()


@many
@given(truth=st.floats(2.0, 1000.0), rest=st.integers(1, 2))
def test_a_bot_that_needs_a_rest_after_an_overload_is_not_called_dead(truth: float, rest: int) -> None:
    tired = 0

    def bot(trial: Trial) -> Outcome:
        nonlocal tired
        was_tired, tired = tired > 0, max(0, tired - 1)
        if trial.rate_per_s > truth:
            tired = rest
        return judged(trial, 9.0 if was_tired or trial.rate_per_s > truth else 0.1)

    found = searched(bot, trials_max=120)
    assert found.limited_by == "bot" and contains(found, truth)


# ------------------------------------------------------------------------------------------------- the generator


@many
@given(most=st.floats(2.0, 1000.0), truth=st.floats(2.0, 1000.0), lags=st.booleans())
def test_a_generator_at_its_end_is_not_taken_for_the_bot(most: float, truth: float, lags: bool) -> None:
    def bot(trial: Trial) -> Outcome:
        behind = trial.rate_per_s > most
        held = trial.rate_per_s <= truth and not (behind and lags)
        return Outcome(
            held=held,
            broke=None if held else WORDS,
            achieved_per_s=min(trial.rate_per_s, most / 2) if behind else trial.rate_per_s,
            lag_s=5.0 if behind else 0.0,
        )

    found = searched(bot, measure_s=1000.0)
    assert contains(found, truth)
    if found.limited_by == "generator":
        assert found.rate_per_s <= most <= found.rate_per_s * 1.06 and "generator" in found.words()
    else:
        assert found.rate_per_s <= truth <= found.rate_per_s * 1.06 and truth <= most * 1.06


@pytest.mark.parametrize(("achieved", "lag_s", "limited_by"), [(1.0, 3.0, "generator"), (0.5, 0.0, "generator")])
def test_a_generator_that_is_late_or_short_at_the_lowest_rate_says_nothing_of_the_bot(
    achieved: float, lag_s: float, limited_by: str
) -> None:
    def bot(trial: Trial) -> Outcome:
        return Outcome(held=False, broke=WORDS, achieved_per_s=achieved * trial.rate_per_s, lag_s=lag_s)

    found = searched(bot, measure_s=1000.0)
    assert found.limited_by == limited_by and found.rate_per_s == 0 and found.high_per_s == math.inf
    assert "nothing is known about the bot" in found.words()
