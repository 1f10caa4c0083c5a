"""What is handed to Locust is what was counted."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from chatdrill_load.crowd.rows import Rows

seconds = st.one_of(st.none(), st.floats(0, 100))
requests = st.lists(
    st.tuples(seconds, st.floats(1e9, 1e9 + 5), st.one_of(st.none(), st.sampled_from("xy"))), min_size=1
)


@given(requests)
def test_a_row_counts_every_request_every_time_and_every_failure(made):
    rows = Rows()
    for took_s, at, problem in made:
        rows.of("telegram", "hi").add(took_s, at, problem)
    (row,) = rows.take()
    times = [took_s * 1000 for took_s, _, _ in made if took_s is not None]
    failed = [at for _, at, problem in made if problem is not None]
    assert (row.type, row.name, row.count) == ("telegram", "hi", len(made))
    assert (row.total_ms, row.least_ms, row.most_ms) == (sum(times), min(times, default=0), max(times, default=0))
    assert sum(row.times.values()) == len(times) and set(row.times) == set(map(round, times))
    assert sum(row.seconds.values()) == len(made)
    assert sum(row.failures.values()) == sum(row.failed_seconds.values()) == len(failed)


def test_an_interval_begins_with_no_rows():
    rows = Rows()
    rows.of("telegram", "hi").add(0.1, 1e9)
    rows.of("telegram ack", "hi").add(0.1, 1e9)
    assert [row.type for row in rows.take()] == ["telegram", "telegram ack"]
    assert rows.take() == []
