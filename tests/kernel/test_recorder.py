"""What is recorded stays recorded: numbered, streamed to disk, readable after a kill."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from chatdrill.clock import WallClock
from chatdrill.errors import TraceError
from chatdrill.model import Message, Sent, Text
from chatdrill.trace import Recorder, RunEnded, Skipped, Took, Trouble, read_trace


def took() -> dict[str, object]:
    message = Message(ids=("1", "2"), author="bot", parts=(Text(text="zażółć 😀\u202e\x00"),), at=1.5)
    return {"platform": "telegram", "call": 3, "effect": Sent(to="5", message=message), "conv": "c"}


def test_a_trace_comes_back_as_it_was(tmp_path):
    recorder = Recorder(WallClock(), path=tmp_path / "sub" / "trace.jsonl")
    made = [
        recorder.record(Took, **took()),
        recorder.record(Skipped, seconds=172800, at=5.0),
        recorder.record(RunEnded),
    ]
    recorder.close()
    assert list(read_trace(tmp_path / "sub" / "trace.jsonl")) == made
    assert [record.n for record in made] == [0, 1, 2]


def test_a_record_made_without_a_file_is_the_same(tmp_path):
    recorder = Recorder(WallClock())
    assert recorder.record(Skipped, seconds=1.0) is recorder.records[0]


def test_listeners_hear_every_record_in_order():
    recorder, heard = Recorder(WallClock()), []
    recorder.listeners.append(heard.append)
    recorder.record(Skipped, seconds=1.0)
    recorder.record(RunEnded)
    assert heard == recorder.records


def test_a_killed_process_loses_nothing_that_was_recorded(tmp_path):
    path = tmp_path / "trace.jsonl"
    code = (
        "import os, sys, pathlib; from chatdrill.clock import WallClock; from chatdrill.trace import Recorder, Skipped;"
        "r = Recorder(WallClock(), path=pathlib.Path(sys.argv[1]));"
        "[r.record(Skipped, seconds=n) for n in range(1000)]; os.kill(os.getpid(), 9)"
    )
    subprocess.run([sys.executable, "-c", code, str(path)], check=False)
    assert [record.seconds for record in read_trace(path)] == list(range(1000))


def test_a_torn_last_line_is_left_out(tmp_path):
    path = tmp_path / "trace.jsonl"
    path.write_bytes(b'{"kind":"skipped","n":0,"t":0.1,"at":1.0,"seconds":2.0}\n{"kind":"skip')
    assert [record.n for record in read_trace(path)] == [0]


def test_a_broken_line_in_the_middle_names_its_place(tmp_path):
    path = tmp_path / "trace.jsonl"
    path.write_bytes(b'{"kind":"nonsense","n":0}\n{"kind":"skipped","n":1,"t":0.1,"at":1.0,"seconds":2.0}\n')
    with pytest.raises(TraceError, match=r"trace\.jsonl:1: not a record of a trace"):
        list(read_trace(path))


def test_a_trace_that_is_not_there_is_a_message(tmp_path):
    with pytest.raises(TraceError, match="cannot read the trace: No such file"):
        list(read_trace(tmp_path / "none.jsonl"))


def test_records_of_one_moment_are_written_together(tmp_path):
    later: list[Callable[[], None]] = []
    recorder = Recorder(WallClock(), path=tmp_path / "trace.jsonl", soon=later.append)
    recorder.record(Skipped, seconds=1.0)
    recorder.record(Skipped, seconds=2.0)
    assert len(later) == 1
    later[0]()
    assert [record.seconds for record in read_trace(tmp_path / "trace.jsonl")] == [1.0, 2.0]
    recorder.close()


def test_a_full_disk_ends_the_writing_and_not_the_run():
    recorder = Recorder(WallClock(), path=Path("/dev/full"))
    recorder.record(Skipped, seconds=1.0)
    recorder.record(Skipped, seconds=2.0)
    assert [type(record) for record in recorder.records] == [Skipped, Trouble, Skipped]
    assert "No space left" in recorder.records[1].what


def test_who_wants_one_kind_of_record_hears_no_other():
    recorder, heard = Recorder(WallClock()), []
    recorder.listen(Skipped, heard.append)
    made = recorder.record(Skipped, seconds=1.0)
    recorder.record(RunEnded)
    assert heard == [made]


def test_a_book_has_all_records_of_its_case_also_where_none_are_kept():
    recorder = Recorder(WallClock(), keep=False)
    book = recorder.books["mine"] = []
    made = [recorder.record(Skipped, case=case, seconds=1.0) for case in ("mine", "other", None, "mine")]
    assert book == [made[0], made[3]]
    assert recorder.records == []
