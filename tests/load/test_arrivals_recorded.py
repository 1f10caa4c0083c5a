"""Recorded arrivals are replayed as they were, from whatever file has them."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chatdrill.clock import WallClock
from chatdrill.errors import UsageError
from chatdrill.model import Start
from chatdrill.seeds import Seed
from chatdrill.trace import Acted, Recorder
from chatdrill_load.arrivals import read_arrivals
from chatdrill_load.arrivals.curve import Curve, counted
from deep import tries


def times(tmp_path, text: str, plan: str = "recorded it.txt", name: str = "it.txt", **options) -> list[float]:
    (tmp_path / name).write_text(text)
    return list(read_arrivals(plan, base=tmp_path).times(Seed(1).stream("arrivals"), **options))


@pytest.mark.parametrize(
    "text",
    [
        "5\n5.5\n7\n",
        "7\n\n5\n5.5\n",
        "\n\nid;t\n1;5\n2;5.5\n3;7\n",
        "1700000005\n1700000005.5\n1700000007\n",
        "2026-11-20T09:00:05Z\n2026-11-20T09:00:05.500Z\n2026-11-20 10:00:07+01:00\n",
        "2026-11-20 09:00:05\n2026-11-20T09:00:05.500\n2026-11-20 09:00:07\n",
        "id,Created_At\n1,5\n2,5.5\n3,7\n\n",
        "5;anna\n5.5;bob\n7;\n",
        "time\n5\n5.5\n7\n",
        "\ufeffname\ttime\nanna\t5\nbob\t5.5\neve\t7\n",
    ],
)
def test_the_first_arrival_is_moment_0_however_it_is_written(tmp_path, text):
    assert times(tmp_path, text) == pytest.approx([0, 0.5, 2])


def test_a_column_may_be_named_and_time_may_go_faster(tmp_path):
    text = "time,first seen\n1,0\n2,10\n"
    assert times(tmp_path, text, 'recorded it.txt column "first seen" x2') == [0, 5]
    assert times(tmp_path, text, "recorded it.txt x0.5") == [0, 2]


def test_a_file_may_have_spaces_in_its_name(tmp_path):
    assert times(tmp_path, "1\n2\n", 'recorded "last friday.txt" x 2', "last friday.txt") == [0, 0.5]


def test_workers_share_a_recording(tmp_path):
    text = "0\n1\n2\n3\n4\n"
    assert times(tmp_path, text, share=(0, 2)) == [0, 2, 4]
    assert times(tmp_path, text, share=(1, 2)) == [1, 3]
    assert times(tmp_path, text, until_s=2) == [0, 1]


def test_a_trace_has_one_arrival_for_each_conversation_when_it_was_meant(tmp_path):
    recorder = Recorder(WallClock(), path=tmp_path / "it.jsonl")
    for conv, meant_at in (("a/x", 1.0), ("b/x", 1.5), ("a/x", 2.0), ("c/x", 4.0), (None, 0.0)):
        recorder.record(Acted, conv=conv, act=Start(), meant_at=meant_at)
    recorder.close()
    arrivals = read_arrivals("recorded it.jsonl", base=tmp_path)
    assert list(arrivals.times(Seed(1).stream("a"))) == [0, 0.5, 3]


@given(st.lists(st.floats(0, 5000), min_size=1, max_size=200).map(sorted), st.floats(20, 90))
@settings(max_examples=tries(20, 40), deadline=None)
def test_the_rate_of_a_recording_has_each_arrival_once(moments, width_s):
    curve = Curve(counted(moments, width_s))
    assert curve.count_until(moments[-1] + width_s) == pytest.approx(len(moments))


def test_poisson_takes_the_rate_of_a_recording_only(tmp_path):
    text = "".join(f"{n / 100}\n" for n in range(60_000))
    exact, random = times(tmp_path, text), times(tmp_path, text, "poisson recorded it.txt")
    assert len(random) == pytest.approx(len(exact), rel=0.03)
    assert random[:5] != exact[:5]
    arrivals = read_arrivals("recorded it.txt", base=tmp_path)
    assert (arrivals.rate_at(300), arrivals.count_until(300)) == (pytest.approx(100, rel=1e-3), 30_001)


def test_all_arrivals_at_once_have_a_rate(tmp_path):
    (tmp_path / "it.txt").write_text("7\n7\n7\n")
    arrivals = read_arrivals("recorded it.txt", base=tmp_path)
    assert (arrivals.rate_at(0), arrivals.count_until(0)) == (3, 3)


@pytest.mark.parametrize(
    ("text", "plan", "answer"),
    [
        ("", "recorded it.txt", "there is no arrival in it"),
        ("1\nsoon\n", "recorded it.txt", "it.txt:2: neither seconds nor an ISO time: 'soon'"),
        ("time,x\n1,2\n,3\n", "recorded it.txt", "it.txt:3: neither seconds"),
        ("1\nnan\n", "recorded it.txt", "'nan'"),
        ("begun,x\n1,2\n", "recorded it.txt", "name one: recorded it.txt column begun"),
        ("begun,x\n1,2\n", "recorded it.txt column begn", "did you mean 'begun'?"),
        ("1\n2\n", "recorded it.txt column begun", "no columns"),
        ("1\n2\n", "recorded it.txt x0", "for ever"),
    ],
)
def test_what_is_no_recording_is_answered_with_file_and_line(tmp_path, text, plan, answer):
    with pytest.raises(UsageError) as caught:
        times(tmp_path, text, plan)
    assert answer in str(caught.value)


def test_a_torn_trace_and_a_picture_are_no_recordings(tmp_path):
    (tmp_path / "it.jsonl").write_text('{"kind": "no such"}\n\n{"kind": "nor this"}\n')
    (tmp_path / "it.png").write_bytes(b"\x89PNG\xff\xfe")
    for name in ("it.jsonl", "it.png"):
        with pytest.raises(UsageError, match=name):
            read_arrivals(f"recorded {name}", base=tmp_path)


def test_the_clocks_of_a_recording_may_change(tmp_path):
    before = dt.datetime(2026, 10, 25, 2, 59, tzinfo=dt.timezone(dt.timedelta(hours=2)))
    after = dt.datetime(2026, 10, 25, 2, 1, tzinfo=dt.timezone(dt.timedelta(hours=1)))
    assert times(tmp_path, f"{before.isoformat()}\n{after.isoformat()}\n") == [0, 120]
