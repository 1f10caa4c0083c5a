"""The knee of the latency curve, the recovery after a spike and latency that keeps rising."""

from __future__ import annotations

import math

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill.seeds import Seed
from chatdrill_load.capacity import WindowValue, knee, recovery_s, trend


def windows(*values: float | None, width_s: float = 5.0) -> list[WindowValue]:
    return [WindowValue(index * width_s, (index + 1) * width_s, value) for index, value in enumerate(values)]


# ------------------------------------------------------------------------------------------------- the knee


def test_the_curve_of_the_papers_figure_bends_where_the_paper_says() -> None:
    # Satopää et al. 2011, figure 2: y = 5 - 1 / (x + 0.1) at ten points bends at 0.22. Turned round, it rises as latency does.
    points = [(1 - x / 9, 1 / (x / 9 + 0.1) - 5) for x in range(10)]
    found = knee(points)
    assert found is not None and found.rate_per_s == pytest.approx(1 - 0.2222, abs=1e-3)
    assert found.latency_s == pytest.approx(-1.8966, abs=1e-3)


@given(st.floats(0.1, 1e4), st.floats(1e-3, 1e3), st.floats(0, 10))
def test_a_knee_does_not_depend_on_the_units(rate: float, latency: float, base: float) -> None:
    points = [(x, 1 / (100 - x)) for x in (1, 2, 4, 8, 16, 32, 64, 80, 90, 95, 99)]
    found, same = knee(points), knee([(x * rate, y * latency + base) for x, y in points])
    assert found is not None and same is not None
    assert same.rate_per_s == pytest.approx(found.rate_per_s * rate)


def test_the_knee_of_a_cliff_is_at_its_foot() -> None:
    points = [(rate, 0.1 + rate / 1000 if rate <= 50 else 9.0) for rate in range(5, 100, 5)]
    found = knee(points)
    assert found is not None and found.rate_per_s == 50


@pytest.mark.parametrize("latency", [lambda x: 1.0, lambda x: 0.3 + x, lambda x: math.sqrt(x)])
def test_a_curve_that_does_not_bend_upwards_has_no_knee(latency: object) -> None:
    assert knee([(x, latency(x)) for x in range(1, 20)]) is None


def test_repeats_of_a_rate_count_as_their_mean_and_the_order_does_not_matter() -> None:
    points = [(1, 1.0), (2, 1.1), (3, 1.2), (4, 1.4), (5, 9.0)]
    repeated = [(5, 10.0), *reversed(points[:4]), (5, 8.0)]
    assert knee(repeated) == knee(points) is not None
    assert knee(points[:3]) is None


# ------------------------------------------------------------------------------------------------- recovery


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((1, 9, 9, 1, 1), 10.0),  # the spike ends at 5 s, the last late window at 15 s
        ((9, 1, 1, 1, 1), 0.0),
        ((9, 9, 1, 9, 1), 15.0),  # back for a moment is not back
        ((9, 9, 9, 9, 9), None),
        ((1, 1, 1, 1, 9), None),
        ((9, 9, None, None, 1), 5.0),  # windows in which nobody wrote say nothing
        ((9, math.inf, math.inf, 1, 1), 10.0),
        ((9, 1, 1, math.inf, None), None),
        ((9, None, None, None, None), None),
        ((), None),
    ],
)
def test_recovery_lasts_until_latency_is_within_the_bar_for_good(
    values: tuple[float | None, ...], expected: float | None
) -> None:
    assert recovery_s(windows(*values), 5.0, 5.0) == expected


def test_a_bot_must_stay_recovered_as_long_as_asked() -> None:
    assert recovery_s(windows(9, 9, 1, 1), 5.0, 5.0, stays_s=10) == 5.0
    assert recovery_s(windows(9, 9, 1, 1), 5.0, 5.0, stays_s=11) is None


@given(st.lists(st.floats(0, 10), min_size=1, max_size=40), st.floats(0, 10), st.floats(0, 10))
def test_a_wider_bar_never_makes_recovery_longer(values: list[float], one: float, other: float) -> None:
    wide, narrow = (recovery_s(windows(*values), bar, 0.0) for bar in (max(one, other), min(one, other)))
    assert narrow is None or (wide is not None and wide <= narrow)


@settings(max_examples=20, deadline=None)
@given(st.floats(1, 300), st.floats(1.2, 5))
def test_a_queue_that_drains_recovers_when_it_is_empty(spike_s: float, speed: float) -> None:
    """A spike piles up one second of work a second; afterwards the bot works it off at ``speed - 1``."""
    backlog = [max(0.0, spike_s - (speed - 1) * (t - spike_s) if t > spike_s else t) for t in range(1, 2000)]
    found = recovery_s(windows(*backlog, width_s=1.0), 0.0, spike_s)
    assert found == pytest.approx(spike_s / (speed - 1), abs=1.0)


# ------------------------------------------------------------------------------------------------- over time


def test_latency_that_keeps_rising_is_seen_through_stalls() -> None:
    found = trend(windows(*[0.2 + 0.1 * index + (3 if index % 7 == 0 else 0) for index in range(30)]))
    assert found.is_rising and found.slope == pytest.approx(0.02, rel=0.2)  # 0.1 s in each window of 5 s


@given(st.integers(0, 10**6))
def test_steady_noise_and_a_single_stall_are_no_trend(seed: int) -> None:
    chance = Seed(seed).stream("noise")
    values = [math.exp(chance.gauss(0, 0.1)) for _ in range(40)]
    values[chance.randrange(40)] = 30.0
    assert not trend(windows(*values)).is_rising


def test_windows_without_a_value_have_no_trend() -> None:
    assert trend([]) == trend(windows(None, math.inf)) and not trend([]).is_rising
    assert trend(windows(2.0, None)).median_s == 2.0
