"""The formulas against published figures, exact fractions, brute force and their own limits."""

from __future__ import annotations

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from chatdrill.errors import UsageError
from chatdrill_load.staffing import TimeToHuman, Traffic, erlang_b, erlang_c, read_target, servers_needed, waiting

LOADS = st.floats(0.01, 60)
SHARES = st.floats(0.05, 0.99)


@pytest.mark.parametrize(
    ("servers", "load", "published", "within"),
    [
        # README of the R package ErlangC 0.1.0 (CRAN): 100 calls in half an hour, 180 s each, 14 and 11 agents.
        (14, 10.0, 0.1741319, 1e-7),
        (11, 10.0, 0.6821182, 1e-7),
        # Table C (Erlang C) of a textbook on TETRA trunking: 8 channels at 5 % and 10 at 1 % carry so much.
        (8, 3.87, 0.05, 2e-4),
        (10, 4.08, 0.01, 2e-4),
    ],
)
def test_erlang_c_is_that_of_published_tables(servers: int, load: float, published: float, within: float) -> None:
    assert erlang_c(servers, load) == pytest.approx(published, abs=within)


def test_the_worked_example_of_call_centres_comes_out_to_the_last_digit() -> None:
    # README of the R package ErlangC 0.1.0 (CRAN); the same example stands at callcentrehelper.com.
    found = waiting(Traffic(rate_per_s=100 / 1800, handling_s=180), 14, 20)
    assert found.kept == pytest.approx(0.88835, abs=5e-6)
    assert found.mean_wait_s == pytest.approx(7.83593701177724, rel=1e-12)
    assert found.occupancy == pytest.approx(0.7142857, abs=1e-7)


def test_patience_changes_a_call_centre_as_published() -> None:
    # Garnett, Mandelbaum, Reiman 2002, table 1: 50 agents, 48 calls a minute, one minute each, two minutes of patience.
    patient = waiting(Traffic(rate_per_s=0.8, handling_s=60), 50, 58.1)
    assert (round(patient.mean_wait_s, 1), round(patient.occupancy, 2), round(patient.kept, 2)) == (20.8, 0.96, 0.9)
    leaving = waiting(Traffic(rate_per_s=0.8, handling_s=60, patience_s=120), 50, 20)
    assert (round(leaving.mean_wait_s, 1), round(leaving.abandoned, 3), round(leaving.occupancy, 2)) == (
        3.7,
        0.031,
        0.93,
    )


@given(st.integers(0, 30), st.fractions(Fraction(1, 10), 40, max_denominator=50))
def test_erlang_b_is_the_quotient_of_its_definition(servers: int, load: Fraction) -> None:
    terms = [load**count / math.factorial(count) for count in range(servers + 1)]
    assert erlang_b(servers, float(load)) == pytest.approx(float(terms[-1] / sum(terms)), rel=1e-12)


@pytest.mark.parametrize("servers", [100, 1000, 10_000])
@pytest.mark.parametrize("occupancy", [0.5, 0.95, 0.999])
def test_ten_thousand_servers_are_as_exact_as_logarithms_of_factorials(servers: int, occupancy: float) -> None:
    load = servers * occupancy
    logs = [count * math.log(load) - math.lgamma(count + 1) for count in range(servers + 1)]
    most = max(logs)
    blocked = math.exp(logs[-1] - most) / math.fsum(math.exp(log - most) for log in logs)
    expected = blocked / (1 - occupancy * (1 - blocked))
    assert erlang_c(servers, load) == pytest.approx(expected, rel=1e-8, abs=1e-300)


@given(st.integers(1, 80), LOADS, st.floats(1.01, 3))
def test_more_load_waits_more_and_more_servers_wait_less(servers: int, load: float, more: float) -> None:
    assert erlang_c(servers, load) <= erlang_c(servers, load * more)
    assert erlang_c(servers + 1, load) <= erlang_c(servers, load)


def test_without_load_nobody_waits_and_with_too_much_everybody() -> None:
    assert erlang_c(3, 0) == erlang_c(0, 0) == 0.0
    assert erlang_c(3, 3) == erlang_c(0, 1) == 1.0
    idle = waiting(Traffic(rate_per_s=0, handling_s=60), 0, 5)
    assert (idle.kept, idle.mean_wait_s, idle.occupancy) == (1, 0, 0)
    flooded = waiting(Traffic(rate_per_s=1, handling_s=60), 60, 5)
    assert (flooded.kept, flooded.mean_wait_s) == (0, math.inf)


# ------------------------------------------------------------------------------------------------- patience


def chain(traffic: Traffic, servers: int, states: int = 4000) -> list[float]:
    """The probabilities of so many in the system, by the birth-and-death chain itself."""
    weights = [1.0]
    for count in range(1, states):
        leave = min(count, servers) / traffic.handling_s + max(0, count - servers) / (traffic.patience_s or math.inf)
        weights.append(weights[-1] * traffic.rate_per_s / leave)
    total = math.fsum(weights)
    return [weight / total for weight in weights]


@settings(deadline=None)
@given(st.integers(1, 40), LOADS, st.floats(0.1, 20))
def test_erlang_a_is_the_birth_and_death_chain(servers: int, load: float, patience: float) -> None:
    assume(load - servers < 100 / patience)  # else the weights overflow in the chain, not in the formula
    traffic = Traffic(rate_per_s=load / 60, handling_s=60, patience_s=60 * patience)
    states = chain(traffic, servers)
    queue = math.fsum(max(0, count - servers) * share for count, share in enumerate(states))
    found = waiting(traffic, servers, 10)
    assert found.waits == pytest.approx(math.fsum(states[servers:]), rel=1e-9)
    assert found.mean_wait_s == pytest.approx(queue / traffic.rate_per_s, rel=1e-6, abs=1e-9)
    assert found.abandoned == pytest.approx(found.mean_wait_s / (60 * patience), rel=1e-9)


@settings(deadline=None, max_examples=30)
@given(st.integers(1, 30), st.floats(0.3, 1.5), st.floats(0.2, 5), st.floats(1, 200))
def test_the_share_answered_in_time_is_the_integral_over_the_wait(
    servers: int, occupancy: float, patience: float, bar_s: float
) -> None:
    # Zeltyn, Mandelbaum 2005: the offered wait has the density rate * p(n-1) * exp(rate (1 - e^-tx) / t - n mu x).
    traffic = Traffic(rate_per_s=servers * occupancy / 60, handling_s=60, patience_s=60 * patience)
    theta, states = 1 / (60 * patience), chain(traffic, servers)

    def answered(x: float) -> float:
        exponent = -traffic.rate_per_s * math.expm1(-theta * x) / theta - servers / 60 * x - theta * x
        return traffic.rate_per_s * states[servers - 1] * math.exp(exponent)

    width = bar_s / 2000
    simpson = sum((1, 4, 1)[side] * answered((2 * n + side) * width) for n in range(1000) for side in (0, 1, 2))
    kept = math.fsum(states[:servers]) + simpson * width / 3
    assert waiting(traffic, servers, bar_s).kept == pytest.approx(kept, abs=1e-8)


@given(st.integers(2, 60), st.floats(0.1, 0.97), st.floats(0, 300))
def test_endless_patience_is_erlang_c(servers: int, occupancy: float, bar_s: float) -> None:
    rate = servers * occupancy / 60
    patient = waiting(Traffic(rate_per_s=rate, handling_s=60), servers, bar_s)
    nearly = waiting(Traffic(rate_per_s=rate, handling_s=60, patience_s=1e9), servers, bar_s)
    assert nearly.kept == pytest.approx(patient.kept, abs=1e-4)
    assert nearly.waits == pytest.approx(patient.waits, abs=1e-4)


@pytest.mark.parametrize("load", [1.0, 9900.0, 10_000.0, 20_000.0])
@pytest.mark.parametrize("patience_s", [1.0, 60.0, 1000.0])
def test_erlang_a_neither_overflows_nor_leaves_its_bounds(load: float, patience_s: float) -> None:
    found = waiting(Traffic(rate_per_s=load / 60, handling_s=60, patience_s=patience_s), 10_000, 20)
    assert all(0 <= share <= 1 for share in (found.kept, found.waits, found.abandoned))
    assert 0 <= found.occupancy <= 1 + 1e-9 and 0 <= found.mean_wait_s <= patience_s
    if load > 10_000:
        assert found.abandoned == pytest.approx(0.5, abs=1e-4)  # twice the load: one of two is answered


@pytest.mark.parametrize("load", [1e5, 1.3e5])
def test_an_overrun_floor_answers_what_it_can_whichever_way_the_sum_is_made(load: float) -> None:
    servers = round(load - 22e3)  # customers wait so long that so many give up
    found = waiting(Traffic(rate_per_s=load / 60, handling_s=60, patience_s=60), servers, 20)
    assert found.abandoned == pytest.approx(22e3 / load, rel=1e-6) and found.waits == pytest.approx(1)


def test_without_servers_everybody_gives_up() -> None:
    found = waiting(Traffic(rate_per_s=1, handling_s=60, patience_s=30), 0, 20)
    assert (found.kept, found.abandoned, found.mean_wait_s) == (0, 1, 30)


# ------------------------------------------------------------------------------------------------- how many


@settings(deadline=None)
@given(LOADS, SHARES, st.floats(0, 300), st.integers(1, 6), st.none() | st.floats(20, 600))
def test_the_agents_needed_are_enough_and_one_fewer_is_not(
    load: float, share: float, bar_s: float, per_agent: int, patience_s: float | None
) -> None:
    traffic = Traffic(rate_per_s=load / 60, handling_s=60, patience_s=patience_s)
    agents = servers_needed(traffic, TimeToHuman(share, bar_s), per_agent=per_agent)
    assert waiting(traffic, agents * per_agent, bar_s).kept >= share
    assert waiting(traffic, (agents - 1) * per_agent, bar_s).kept < share


@given(LOADS, st.floats(1, 4), SHARES, st.floats(0, 300))
def test_more_load_never_needs_fewer_agents(load: float, more: float, share: float, bar_s: float) -> None:
    few, many = (Traffic(rate_per_s=each / 60, handling_s=60) for each in (load, load * more))
    target = TimeToHuman(share, bar_s)
    assert servers_needed(few, target) <= servers_needed(many, target)


def test_no_load_needs_nobody_and_the_worked_example_needs_fourteen() -> None:
    target = read_target("80% within 20s")
    assert servers_needed(Traffic(rate_per_s=0, handling_s=180), target) == 0
    assert servers_needed(Traffic(rate_per_s=100 / 1800, handling_s=180), target) == 14


@pytest.mark.parametrize(
    ("text", "share", "bar_s"),
    [
        ("80% within 20s", 0.8, 20),
        ("95 % in 1h30m", 0.95, 5400),
        ("p90 < 2m", 0.9, 120),
        ("p99.5<=500ms", 0.995, 0.5),
        ("time_to_human p90 < 2m", 0.9, 120),
        ("Time_to_human 80% within 20s", 0.8, 20),
    ],
)
def test_a_promise_is_read_as_call_centres_and_as_gates_write_it(text: str, share: float, bar_s: float) -> None:
    assert read_target(text) == TimeToHuman(pytest.approx(share), bar_s)
    assert read_target(read_target(text).plain()) == read_target(text)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("first_reply p95 < 5s", "staffing is for the time to a human, not 'first_reply'"),
        ("time_to_humans p95 < 5s", "did you mean 'time_to_human'"),
        ("fast", "not 'fast'"),
        ("p90 > 2m", "write it like '80% within 20s' or 'p90 < 2m'"),
        ("100% within 20s", "nobody can promise all"),
        ("p0 < 20s", "between 0 and 100"),
        ("p90 < soon", "not a duration: 'soon'"),
        ("", "not a promise"),
    ],
)
def test_what_is_no_promise_is_answered_with_how_to_write_one(text: str, problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        read_target(text)


@pytest.mark.parametrize("wrong", [{"rate_per_s": -1}, {"handling_s": math.inf}, {"patience_s": 0}])
def test_traffic_that_cannot_be_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError):
        Traffic(**{"rate_per_s": 1.0, "handling_s": 60.0, **wrong})
    with pytest.raises(UsageError, match="negative"):
        erlang_c(-1, 1.0)
