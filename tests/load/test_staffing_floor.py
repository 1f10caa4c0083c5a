"""The floor that is replayed, and the agents that it needs hour by hour."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill.errors import UsageError
from chatdrill.seeds import Seed
from chatdrill_load.staffing import Demand, Staffing, agents_needed, mean_patience_s, read_target
from chatdrill_load.staffing.demand import Customer
from chatdrill_load.staffing.floor import Crew, Visit, replay

TARGET = read_target("p90 < 2m")
EXPONENTIAL = [-600 * math.log(1 - (rank + 0.5) / 2000) for rank in range(2000)]  # quantiles; their mean is 600 s
SEED = Seed(11)

people = st.lists(st.tuples(st.floats(0, 50), st.floats(0.5, 60), st.floats(0.5, 60)), max_size=40).map(
    lambda rows: [
        Customer(at, *rest) for at, rest in zip(sorted(row[0] for row in rows), (r[1:] for r in rows), strict=True)
    ]
)


def spans(customers: list[Customer], visits: list[Visit]) -> list[tuple[float, float]]:
    pairs = zip(customers, visits, strict=True)
    return [(one.arrival_s + visit.wait_s, visit.end_s) for one, visit in pairs if visit.end_s < math.inf]


# ------------------------------------------------------------------------------------------------- one floor


def test_an_agent_talks_to_as_many_as_allowed_and_the_rest_wait_in_order() -> None:
    customers = [Customer(0, 10, 99), Customer(1, 10, 99), Customer(2, 10, 99), Customer(3, 10, 5), Customer(4, 10, 99)]
    visits = replay(customers, Crew(agents=1, capacity=2))
    assert visits[:3] == [Visit(0, 10), Visit(0, 11), Visit(8, 20)]
    assert visits[3].wait_s > 5 and visits[3].end_s == math.inf
    assert visits[4] == Visit(7, 21)  # the slot that the one who left would have had


def test_company_slows_an_agent_down_for_as_long_as_it_lasts() -> None:
    customers = [Customer(0, 10, 99), Customer(5, 10, 99)]
    visits = replay(customers, Crew(agents=1, capacity=2, slowdown=1.0))
    # Five seconds alone, then both at half speed: the first is done at 15, the second has half left and is alone.
    assert visits == [Visit(0, 15), Visit(0, 20)]


def test_a_chat_goes_to_the_agent_with_the_fewest() -> None:
    customers = [Customer(0, 10, 99), Customer(0, 10, 99), Customer(1, 10, 99)]
    visits = replay(customers, Crew(agents=2, capacity=5, slowdown=1.0))
    assert visits[:2] in ([Visit(0, 19), Visit(0, 10)], [Visit(0, 10), Visit(0, 19)])


_ROUNDING_S = 1e-9


@given(people, st.integers(1, 4), st.integers(1, 5), st.sampled_from([0.0, 0.3]))
def test_nobody_has_more_chats_than_there_are_slots_and_the_queue_keeps_its_order(
    customers: list[Customer], agents: int, capacity: int, slowdown: float
) -> None:
    taken = spans(customers, replay(customers, Crew(agents=agents, capacity=capacity, slowdown=slowdown)))
    starts = [start for start, _ in taken]
    assert starts == sorted(starts)
    taken = [
        (start, end - _ROUNDING_S) for start, end in taken
    ]  # who follows may seem to come before the other has gone
    assert all(sum(start <= at < end for start, end in taken) <= agents * capacity for at in starts)


@given(people, st.integers(1, 4), st.integers(1, 5))
def test_company_that_costs_nothing_makes_every_slot_a_server(
    customers: list[Customer], agents: int, capacity: int
) -> None:
    plain = replay(customers, Crew(agents=agents, capacity=capacity))
    events = replay(customers, Crew(agents=agents, capacity=capacity, slowdown=1e-15))
    assert [one.end_s for one in events] == pytest.approx([one.end_s for one in plain], rel=1e-9)


@given(people, st.integers(1, 4), st.sampled_from([0.0, 0.3]))
def test_with_more_agents_no_patient_customer_waits_longer(
    customers: list[Customer], agents: int, slowdown: float
) -> None:
    patient = [one._replace(patience_s=math.inf, handling_s=7.0) for one in customers]
    few, many = (replay(patient, Crew(agents=n, capacity=2, slowdown=slowdown)) for n in (agents, agents + 1))
    assert all(b.wait_s <= a.wait_s + 1e-9 for a, b in zip(few, many, strict=True))


def test_without_agents_nobody_is_answered() -> None:
    assert replay([Customer(0, 1, 1)], Crew(agents=0, capacity=5)) == [Visit(math.inf, math.inf)]


# ------------------------------------------------------------------------------------------------- agents an hour


def poisson(rate_per_h: float, hours: float, name: str = "arrivals") -> list[float]:
    chance, times, now_s = SEED.stream(name), [], 0.0
    while (now_s := now_s + chance.expovariate(rate_per_h / 3600)) < hours * 3600:
        times.append(now_s)
    return times


def staffed(arrivals: list[float], hours: float = 1, **more: Any) -> Staffing:
    given = {"handling_s": EXPONENTIAL, "patience_s": None} | {key: more.pop(key) for key in set(more) & PARTS}
    demand = Demand(arrivals_s=arrivals, until_s=hours * 3600, **given)
    return agents_needed(demand, TARGET, **{"seed": SEED, "repeats": 10, **more})


PARTS = {"handling_s", "patience_s"}


@pytest.mark.parametrize("rate_per_h", [30, 200, 600])
@pytest.mark.parametrize("capacity", [1, 5])
def test_exponential_times_give_erlang_c_within_the_interval(rate_per_h: float, capacity: int) -> None:
    hour = staffed(poisson(rate_per_h, 1), capacity=capacity).hours[0]
    assert hour.low <= hour.erlang_c.agents <= hour.high
    assert hour.erlang_c.agents == pytest.approx(hour.agents, abs=1 + hour.agents * 0.05)
    assert hour.kept >= 0.9 and hour.erlang_a is None


@pytest.mark.parametrize("patience_s", [60.0, 300.0])
def test_exponential_patience_gives_erlang_a_within_the_interval(patience_s: float) -> None:
    hour = staffed(poisson(300, 1), patience_s=patience_s).hours[0]
    assert hour.erlang_a is not None and hour.erlang_a.model == "Erlang A"
    assert hour.low <= hour.erlang_a.agents <= hour.high
    assert hour.abandoned > 0 and hour.kept + hour.abandoned <= 1 + 1e-9


def test_the_long_run_of_the_simulation_is_the_long_run_of_the_formula() -> None:
    hour = staffed(poisson(300, 1), capacity=1, repeats=40).hours[0]
    load = hour.rate_per_h / 3600 * 600
    assert hour.occupancy == pytest.approx(load / hour.agents, rel=0.03)


def test_an_hour_without_handoffs_needs_nobody() -> None:
    empty, busy = staffed([3600 + at for at in poisson(60, 1)], hours=2).hours
    assert (empty.agents, empty.low, empty.high, empty.erlang_c.agents, empty.occupancy) == (0, 0, 0, 0, 0)
    assert busy.agents > 0 and empty.kept == 1 and empty.mean_wait_s == 0
    assert staffed([], handling_s=[]).peak == 0


@settings(max_examples=5, deadline=None, derandomize=True)
@given(st.integers(1, 200), st.integers(2, 4))
def test_a_multiple_of_the_load_never_needs_fewer_agents(count: int, times: int) -> None:
    spread = [3600 * (index + 0.5) / count for index in range(count)]
    few, many = staffed(spread).hours[0], staffed(sorted(spread * times)).hours[0]
    assert few.agents <= many.agents and few.erlang_c.agents <= many.erlang_c.agents


def test_what_was_measured_decides_and_not_only_its_mean() -> None:
    arrivals = poisson(300, 1)
    bursts = sorted(3600 * (index // 20) / 15 + index % 20 for index in range(len(arrivals)))
    regular, usual = (staffed(some, handling_s=[600.0]).hours[0] for some in (bursts, arrivals))
    assert regular.erlang_c.agents == usual.erlang_c.agents  # the formula sees the mean only
    assert regular.agents > usual.agents


def test_slower_agents_are_more_agents() -> None:
    arrivals = poisson(120, 1)
    quick, slow = staffed(arrivals, repeats=5).hours[0], staffed(arrivals, repeats=5, slowdown=0.2).hours[0]
    assert slow.agents > quick.agents and slow.erlang_c == quick.erlang_c


def test_ten_minutes_of_measurement_stand_for_their_hour() -> None:
    hour = staffed(poisson(300, 1 / 6), hours=1 / 6).hours[0]
    assert hour.measured_s == 600 and hour.rate_per_h == pytest.approx(hour.handoffs * 6)


def test_a_handoff_in_the_last_second_is_no_rush_hour() -> None:
    hours = staffed([*poisson(60, 1), 3600.5], hours=3601 / 3600).hours
    assert len(hours) == 1 and hours[0].measured_s == 3601
    assert len(list(Demand(arrivals_s=[], until_s=1, handling_s=[]).hours(3600))) == 1


def test_the_same_seed_gives_the_same_agents_and_hours_do_not_disturb_each_other() -> None:
    arrivals = poisson(100, 2)
    both = staffed(arrivals, hours=2)
    assert both == staffed(arrivals, hours=2)
    assert staffed([at for at in arrivals if at < 3600]).hours[0] == both.hours[0]
    assert both.peak == max(hour.agents for hour in both.hours)


# ------------------------------------------------------------------------------------------------- what was measured


def test_patience_is_more_than_the_wait_of_those_who_left() -> None:
    chance = SEED.stream("patience")
    waits, left = [], 0
    for _ in range(20_000):
        offered_s, patience_s = chance.expovariate(1 / 60), chance.expovariate(1 / 300)
        waits.append(min(offered_s, patience_s))
        left += patience_s < offered_s
    assert mean_patience_s(waits, left) == pytest.approx(300, rel=0.05)
    assert mean_patience_s([5.0, 6.0], 0) is None
    with pytest.raises(UsageError, match="3 of 2"):
        mean_patience_s([5.0, 6.0], 3)


@settings(max_examples=20, deadline=None)
@given(st.integers(2, 200), st.integers(0, 99))
def test_drawn_customers_come_at_the_rate_of_the_hour(count: int, seed: int) -> None:
    chance = Seed(seed).stream("given")
    arrivals = [chance.uniform(0, 3600) for _ in range(count)]
    hour = next(Demand(arrivals_s=arrivals, until_s=3600, handling_s=[1.0]).hours(3600))
    drawn = len(hour.customers(Seed(seed), 100 * 3600)) / 100
    assert drawn == pytest.approx(count, abs=6 * math.sqrt(count / 100) + 0.01)


@pytest.mark.parametrize(
    ("wrong", "problem"),
    [
        ({"until_s": 0}, "lasted"),
        ({"arrivals_s": [4000.0]}, "outside the run"),
        ({"handling_s": []}, "was any handoff finished"),
        ({"handling_s": [0.0]}, "handling time"),
        ({"patience_s": []}, "None if nobody gives up"),
        ({"patience_s": 0.0}, "patience"),
        ({"patience_s": [math.inf]}, "patience"),
    ],
)
def test_measurements_that_cannot_be_are_refused(wrong: dict[str, Any], problem: str) -> None:
    with pytest.raises(UsageError, match=problem):
        Demand(**{"arrivals_s": [1.0], "until_s": 3600.0, "handling_s": [60.0], **wrong})


@pytest.mark.parametrize("wrong", [{"capacity": 0}, {"repeats": 0}, {"slowdown": -0.1}, {"hour_s": 0}])
def test_terms_that_cannot_be_are_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UsageError, match="at least one chat"):
        staffed([1.0], **wrong)
