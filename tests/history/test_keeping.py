"""The file of a history: what goes in comes out, and what is no history is refused."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor

import msgspec
import pytest

from chatdrill.errors import UsageError
from chatdrill.history import History, keeping, summarise
from reports.past import a_case, a_run
from reports.stories import make_run


@pytest.fixture
def history(tmp_path) -> History:
    made = History(tmp_path / "out" / "history.db")
    made.prepare()
    return made


def test_a_run_comes_out_as_it_went_in(history):
    run = make_run()
    kept = summarise(run["judgement"], run["records"], suite="drills", title="t", at=1.5)
    number = history.add(msgspec.structs.replace(kept, seed=2**70))
    found = history.run(number)
    assert (found.seed, found.number, found.by_case) == (2**70, 1, kept.by_case)
    assert msgspec.structs.replace(found, cases=(), seed=0, number=None) == msgspec.structs.replace(
        kept, cases=(), seed=0
    )


def test_suites_have_runs_of_their_own_the_oldest_first(history):
    for number in range(1, 5):
        history.add(a_run(a_case("a"), suite="odd" if number % 2 else "even"))
    assert [one.number for one in history.runs("odd", most=9)] == [1, 3]
    assert [one.number for one in history.runs("odd", most=9, before=3)] == [1]
    assert [one.number for one in history.lines()] == [4, 3, 2, 1] and history.suites() == ["even", "odd"]


def test_the_oldest_runs_of_a_suite_go(history, monkeypatch):
    monkeypatch.setattr(keeping, "RUNS_MAX", 2)
    for suite in ("b", "a", "a", "a"):
        history.add(a_run(a_case("a"), suite=suite))
    assert [one.number for one in history.lines()] == [4, 3, 1]
    with sqlite3.connect(history.path) as base:
        assert base.execute("SELECT DISTINCT run FROM latencies ORDER BY run").fetchall() == [(1,), (3,), (4,)]


def test_several_programs_may_write_at_once(history):
    with ThreadPoolExecutor(4) as pool:
        numbers = list(pool.map(lambda _: History(history.path).add(a_run(a_case("a"))), range(12)))
    assert sorted(numbers) == list(range(1, 13))


def test_a_run_is_found_again_by_its_numbers(history):
    one, other = a_run(a_case("a"), seed=3), a_run(a_case("a", first=[2.0]), seed=3)
    history.add(one), history.add(other)
    assert history.find(one).number == 1 and history.find(a_run(a_case("b"), seed=3)) is None


def test_what_is_no_history_is_refused(tmp_path):
    text, foreign, newer = (tmp_path / name for name in ("text.db", "foreign.db", "newer.db"))
    text.write_text("this is a text, and a rather long one" * 9)
    for path, words in ((foreign, "CREATE TABLE cats (name TEXT)"), (newer, "PRAGMA user_version = 99")):
        with sqlite3.connect(path) as base:
            base.execute(words)
    for path in (text, foreign, newer):
        for use in (History(path).prepare, History(path).suites):
            with pytest.raises(UsageError, match=path.name):
                use()


def test_a_history_that_is_not_there_or_has_no_such_run_says_so(history, tmp_path):
    with pytest.raises(UsageError, match="there is no history"):
        History(tmp_path / "other.db").lines()
    with pytest.raises(UsageError, match="has no run 7"):
        history.run(7)


def test_broken_rows_are_an_error_and_no_crash(history):
    history.add(a_run(a_case("a")))
    with sqlite3.connect(history.path) as base:
        base.execute("UPDATE latencies SET seconds = '[1,'")
    with pytest.raises(UsageError, match="cannot be used"):
        history.run(1)
