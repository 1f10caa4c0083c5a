"""Figures are true: within a hair of the raw latencies, the same however workers are added up, bounded in memory."""

from __future__ import annotations

import math
import random
import subprocess
import sys

import msgspec
import pytest
from hdrh.histogram import HdrHistogram
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chatdrill.errors import UsageError
from chatdrill_load.figures import (
    FOLD_AT,
    HIGHEST_US,
    PERCENTILES,
    Distribution,
    Figures,
    Meter,
    ceiling_us,
    cells_of,
    samples_needed,
)
from chatdrill_load.figures.packed import Packet, pack

BRIEF = settings(max_examples=30, deadline=None)
US = 1e-6

tooks = st.one_of(st.floats(0, 0.01), st.floats(0, 10), st.floats(0, 86_400))
samples = st.lists(st.tuples(st.floats(0, 3000), tooks), min_size=1, max_size=120)
keys = st.tuples(st.sampled_from(["telegram", "whatsapp"]), st.sampled_from(["asks", "pays"]), st.just("reply"))
keyed = st.lists(st.tuples(keys, st.floats(0, 3000), tooks), max_size=80)


def packet_of(taken, **options) -> bytes:
    meter = Meter(**options)
    for key, meant_s, took_s in taken:
        meter.latency(*key)(meant_s, took_s)
        meter.counter(key[0], "answered")(meant_s)
    return meter.snapshot()


def figures_of(*packets: bytes, **options) -> Figures:
    figures = Figures(**options)
    for packet in packets:
        figures.merge(packet)
    return figures


def one(taken) -> Figures:
    return figures_of(packet_of([(("telegram", "asks", "reply"), *sample) for sample in taken]))


def state(figures: Figures):
    """All that figures know, in an order of its own."""
    packet = msgspec.msgpack.decode(figures.snapshot(), type=Packet)
    latencies = {it.key: {w: (s.sum_us, s.max_us, s.cells) for w, s in it.slots.items()} for it in packet.latencies}
    return packet.doublings, latencies, {it.key: it.windows for it in packet.counts}, figures.rows()


def exact(values, percent: float) -> float:
    return sorted(values)[math.ceil(round(len(values) * percent / 100, 9)) - 1]


# -------------------------------------------------------------------------------------------------------- truth


@BRIEF
@given(samples)
def test_every_percentile_is_the_exact_one_and_at_most_a_tenth_of_a_percent_above(taken):
    values = [took_s for _, took_s in taken]
    found = one(taken).latency("reply")
    for percent in (0.1, 10, *PERCENTILES, 99.99, 100):
        truth = exact(values, percent)
        assert truth - US <= found.percentile_s(percent) <= truth * 1.001 + US


@BRIEF
@given(samples)
def test_samples_mean_and_maximum_are_exact(taken):
    values = [took_s for _, took_s in taken]
    found = one(taken).latency("reply")
    assert found.samples == len(values)
    assert found.max_s == pytest.approx(max(values), abs=US)
    assert found.mean_s == pytest.approx(sum(values) / len(values), abs=US)


@BRIEF
@given(samples, tooks, st.booleans())
def test_what_counts_as_within_a_bound_is_within_it(taken, bound_s, or_equal):
    whole_us = round(bound_s * 1e6) / 1e6
    values = [round(took_s * 1e6) for _, took_s in taken]
    count = one(taken).latency("reply").within(whole_us, or_equal=or_equal)
    assert count <= sum(value <= whole_us * 1e6 + 1 for value in values)
    assert count >= sum(value * 1.001 + 2 < whole_us * 1e6 for value in values)


@BRIEF
@given(samples, st.sampled_from(PERCENTILES))
@example([(0.0, 32768.9609375)], 50.0)
def test_a_percentile_below_a_bound_means_that_so_many_are_within_it(taken, percent):
    found = one(taken).latency("reply")
    bound_s = found.percentile_s(percent)
    rank = math.ceil(round(found.samples * percent / 100, 9))
    assert found.within(bound_s) >= rank
    assert found.within(bound_s, or_equal=False) < rank


@given(st.integers(0, HIGHEST_US))
def test_cells_are_those_of_the_library(value_us):
    library = HdrHistogram(1, HIGHEST_US, 3)
    [cell] = cells_of([value_us])
    assert cell == library.get_counts_array_index(value_us)
    assert ceiling_us(cell) == library.get_highest_equivalent_value(value_us)


def test_the_histogram_is_the_one_that_the_library_would_have_recorded():
    chance = random.Random(3)
    taken = [(n / 10, chance.lognormvariate(0, 2)) for n in range(500)]
    library = HdrHistogram(1, HIGHEST_US, 3)
    for _, took_s in taken:
        library.record_value(int(took_s * 1e6 + 0.5))
    histogram = one(taken).histogram("reply")
    assert list(histogram.counts) == list(library.counts)
    assert histogram.get_percentile_to_value_dict([50, 99, 100]) == library.get_percentile_to_value_dict([50, 99, 100])
    both = figures_of(packet_of([((name, "asks", "reply"), 0.0, 1.0) for name in ("tg", "wa")])).histogram("reply")
    assert (both.total_count, both.get_min_value(), both.get_max_value()) == (2, 999_936, 1_000_447)
    assert HdrHistogram.decode(histogram.encode()).total_count == 500


def test_longer_than_a_day_counts_as_a_day_but_for_mean_and_maximum():
    found = one([(0, 200_000.0)]).latency("reply")
    assert (found.max_s, found.mean_s) == (200_000, 200_000)
    assert found.percentile_s(50) == pytest.approx(86_400, rel=0.001)


def test_a_latency_below_nothing_is_a_bug_of_whoever_took_it():
    meter = Meter()
    meter.latency("telegram", "asks", "reply")(5.0, -1.0)
    with pytest.raises(ValueError, match="ended before it began"):
        meter.fold()


def test_no_samples_have_no_figures():
    found = Distribution.of([])
    assert (found.samples, found.max_s, found.mean_s, found.percentile_s(99), found.within(1)) == (0, 0, 0, 0, 0)


def test_figures_arrivals_and_gates_do_without_gevent():
    code = "import sys, chatdrill_load.arrivals, chatdrill_load.figures, chatdrill_load.gates; print(*sys.modules)"
    loaded = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    assert {"locust", "gevent", "numpy"}.isdisjoint(loaded)


# --------------------------------------------------------------------------------------------------------- merging


@BRIEF
@given(keyed, keyed)
def test_figures_of_two_workers_are_those_of_one_that_saw_all(one_took, other_took):
    apart = figures_of(packet_of(one_took), packet_of(other_took))
    together = figures_of(packet_of(one_took + other_took))
    assert state(apart) == state(together)


@BRIEF
@given(keyed, keyed)
def test_the_order_of_the_workers_does_not_matter(one_took, other_took):
    a, b = packet_of(one_took), packet_of(other_took)
    assert state(figures_of(a, b)) == state(figures_of(b, a))


@BRIEF
@given(keyed, st.lists(st.integers(0, 80), max_size=4))
def test_snapshots_in_between_change_nothing(taken, cuts):
    meter, figures = Meter(), Figures()
    for number, (key, meant_s, took_s) in enumerate(taken):
        meter.latency(*key)(meant_s, took_s)
        meter.counter(key[0], "answered")(meant_s)
        if number in cuts:
            figures.merge(meter.snapshot())
    figures.merge(meter.snapshot())
    assert state(figures) == state(figures_of(packet_of(taken)))


@BRIEF
@given(keyed, keyed)
def test_figures_of_figures_are_the_figures(one_took, other_took):
    direct = figures_of(packet_of(one_took), packet_of(other_took))
    relayed = figures_of(figures_of(packet_of(one_took)).snapshot(), figures_of(packet_of(other_took)).snapshot())
    assert state(relayed) == state(direct)


def test_a_snapshot_takes_what_it_tells():
    meter = Meter()
    meter.latency("telegram", "asks", "reply")(1.0, 2.0)
    meter.counter("telegram", "answered")(1.0)
    assert figures_of(meter.snapshot()).latency("reply").samples == 1
    again = figures_of(meter.snapshot())
    assert (again.latency("reply").samples, again.counted("answered")) == (0, 0)


def test_a_meter_that_begins_anew_takes_nothing_from_before_and_counts_time_from_then():
    meter = Meter()
    record, count = meter.latency("telegram", "asks", "reply"), meter.counter("telegram", "answered")
    for meant_s in (95.0, 100.0, 106.0):
        record(meant_s, 1.0)
        count(meant_s)
        if meant_s == 95.0:
            meter.begin_anew(100.0)
    record(99.0, 1.0)
    count(99.0)
    found = figures_of(meter.snapshot())
    assert [window.latency("reply").samples for window in found.windows()] == [1, 1]
    assert found.counted("answered") == 2


@pytest.mark.parametrize(
    ("data", "answer"),
    [
        (b"", "no figures"),
        (b"\x00", "no figures"),
        (pack({"version": 1}), "no figures"),
        (pack({"version": 2}), "version 2, this chatdrill reads 1"),
        (Meter(interval_s=1).snapshot(), "figures by 1 s cannot be added to figures by 5 s"),
    ],
)
def test_what_cannot_be_added_is_refused(data, answer):
    with pytest.raises(UsageError, match=answer):
        Figures().merge(data)


# --------------------------------------------------------------------------------------------------------- windows


@BRIEF
@given(keyed, st.integers(1, 12))
def test_the_windows_add_up_to_the_whole_and_are_no_more_than_allowed(taken, most):
    figures = figures_of(packet_of(taken, windows_max=most), windows_max=most)
    windows = figures.windows()
    assert len(windows) <= most
    assert sum(window.latency("reply").samples for window in windows) == len(taken)
    assert sum(window.counted("answered") for window in windows) == figures.counted("answered") == len(taken)


@BRIEF
@given(keyed)
def test_a_latency_lies_in_the_window_in_which_it_was_meant(taken):
    for window in figures_of(packet_of(taken)).windows():
        here = [took_s for _, meant_s, took_s in taken if window.t_s <= meant_s < window.t_s + window.length_s]
        found = window.latency("reply")
        assert found.samples == len(here)
        assert not here or found.max_s == pytest.approx(max(here), abs=US)


@BRIEF
@given(keyed, st.integers(1, 12), st.integers(1, 12))
def test_windows_of_any_number_hold_the_same(taken, meters, whole):
    coarse = figures_of(packet_of(taken, windows_max=meters), windows_max=whole)
    assert coarse.rows() == figures_of(packet_of(taken)).rows()


def test_windows_double_when_a_soak_takes_days():
    meter, figures = Meter(windows_max=100), Figures(windows_max=100)
    for minute in range(3 * 24 * 60):
        meter.latency("telegram", "asks", "reply")(minute * 60.0, 1.0)
        if minute % 100 == 0:
            figures.merge(meter.snapshot())
    figures.merge(meter.snapshot())
    windows = figures.windows()
    assert 50 <= len(windows) <= 100
    assert windows[0].length_s == 5 * 2**10
    assert sum(window.latency("reply").samples for window in windows) == 3 * 24 * 60


def test_what_waits_and_what_is_kept_is_bounded():
    meter, figures = Meter(), Figures()
    record = meter.latency("telegram", "asks", "reply")
    chance = random.Random(5)
    for n in range(20 * FOLD_AT):
        record(n / 10, chance.lognormvariate(0, 3))
    [waiting] = meter._waiting.values()
    assert len(waiting) < 2 * FOLD_AT
    packet = meter.snapshot()
    figures.merge(packet)
    [series] = figures._series.values()
    assert len(series._open) <= 8
    assert series.histogram.counts_len == 28_672


def test_an_empty_window_is_there_and_empty():
    figures = one([(1, 1), (16, 1)])
    assert [window.latency("reply").samples for window in figures.windows()] == [1, 0, 0, 1]
    assert [window.t_s for window in figures.windows()] == [0, 5, 10, 15]


# ------------------------------------------------------------------------------------------------- tables, counters


def test_the_table_has_every_key_and_sums_where_there_are_several():
    taken = [((platform, name, "reply"), 0.0, 1.0) for platform in ("tg", "wa") for name in ("asks", "pays")]
    rows = figures_of(packet_of([*taken, (("tg", "", "ack"), 0.0, 0.1)])).rows()
    found = {(row.kind, row.platform, row.name): row.samples for row in rows}
    assert found == {
        ("ack", "tg", ""): 1,
        ("reply", "*", "*"): 4,
        **{
            ("reply", platform, name): n
            for platform in ("tg", "wa")
            for name, n in (("*", 2), ("asks", 1), ("pays", 1))
        },
    }


def test_a_sum_that_says_nothing_new_is_left_out():
    taken = [(("tg", name, "reply"), 0.0, 1.0) for name in ("asks", "pays")]
    assert [(row.platform, row.name) for row in figures_of(packet_of(taken)).rows()] == [
        ("tg", "*"),
        ("tg", "asks"),
        ("tg", "pays"),
    ]


@pytest.mark.parametrize(("samples", "few"), [(1, PERCENTILES), (10, (95, 99, 99.9)), (100, (99.9,)), (1000, ())])
def test_a_percentile_with_too_few_samples_is_given_and_marked(samples, few):
    [row] = one([(0, 1.0)] * samples).rows()
    assert row.few == few
    assert all(value == pytest.approx(1, rel=0.001) for value in row.percentiles_s.values())


@given(st.integers(1, 5000), st.sampled_from([50, 90, 95, 99, 99.9]))
def test_a_percentile_is_marked_exactly_where_it_cannot_differ_from_the_maximum(samples, percent):
    rank = math.ceil(round(samples * percent / 100, 9))
    assert (samples < samples_needed(percent)) == (rank == samples)


def test_failures_are_told_by_kind_and_by_platform():
    meter = Meter()
    for detail, n in (("timeout", 2), ("refused", 1)):
        meter.counter("telegram", "failed", detail)(0.0, n)
    meter.counter("whatsapp", "failed", "timeout")(0.0)
    figures = figures_of(meter.snapshot())
    assert figures.details("failed") == {"refused": 1, "timeout": 3}
    assert figures.details("failed", platform="whatsapp") == {"timeout": 1}
    assert (figures.counted("failed"), figures.counted("failed", platform="telegram")) == (4, 3)
