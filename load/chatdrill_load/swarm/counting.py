"""Locust's statistics from a crowd's rows: added whole, as a worker's are, not request by request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from locust import stats as locust_stats
from locust.env import Environment
from locust.stats import RequestStats, StatsEntry, StatsError

from chatdrill_load.messages import Row


def add_rows(environment: Environment, rows: Iterable[Row]) -> None:
    """Add what a crowd has counted. Listeners of ``events.request`` other than Locust's own are called for each request; that is
    slower."""
    heard = _has_listeners(environment)
    for row in rows:
        if heard:
            _fire(environment, row)
        else:
            _extend(environment.stats, row)


def _has_listeners(environment: Environment) -> bool:
    """Locust listens to its own event in ``RequestStats``' name, through the environment."""
    return not all(map(_is_locusts, environment.events.request._handlers))


def _is_locusts(handler: Any) -> bool:
    return str(getattr(handler, "__module__", "")).startswith("locust.")


def _extend(stats: RequestStats, row: Row) -> None:
    entry = _entry(stats, row)
    stats.get(row.name, row.type).extend(entry)
    stats.total.extend(entry)
    for problem, count in row.failures.items():
        key = StatsError.create_key(row.type, row.name, problem)
        error = stats.errors.setdefault(key, StatsError(row.type, row.name, problem))
        error.occurred()
        error.occurrences += count - 1


def _entry(stats: RequestStats, row: Row) -> StatsEntry:
    entry = StatsEntry(stats, row.name, row.type)
    entry.num_requests = row.count
    entry.num_none_requests = row.count - sum(row.times.values())
    entry.num_failures = sum(row.failures.values())
    entry.total_response_time = round(row.total_ms)
    entry.min_response_time = round(row.least_ms) if row.times else None
    entry.max_response_time = round(row.most_ms)
    for ms, count in row.times.items():
        bucket = locust_stats.bucket_response_time(ms)
        entry.response_times[bucket] = entry.response_times.get(bucket, 0) + count
    _by_second(entry.num_reqs_per_sec, row.seconds)
    _by_second(entry.num_fail_per_sec, row.failed_seconds)
    entry.last_request_timestamp = float(max(row.seconds, default=0))
    return entry


def _by_second(into: dict[int, int], counts: Mapping[int, int]) -> None:
    for second, count in counts.items():
        into[second] = into.get(second, 0) + count


def _fire(environment: Environment, row: Row) -> None:
    problems = [Exception(problem) for problem, count in row.failures.items() for _ in range(count)]
    times: list[float | None] = [float(ms) for ms, count in row.times.items() for _ in range(count)]
    times += [None] * (row.count - len(times))
    # Who failed got no answer, or a bad one: the slowest are as likely as any.
    blamed = [None] * (row.count - len(problems)) + problems
    for ms, problem in zip(times, blamed, strict=True):
        environment.events.request.fire(
            request_type=row.type,
            name=row.name,
            response_time=ms,
            response_length=0,
            exception=problem,
            context={},
            start_time=float(max(row.seconds, default=0)),
        )
