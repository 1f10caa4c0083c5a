"""What a crowd writes down, and what it counts: those that failed, the slowest, and customers who gave up."""

from __future__ import annotations

import random
from io import BytesIO
from pathlib import Path

import pytest

from chatdrill.checks import CHECKS
from chatdrill.trace import CaseBegan, RunBegan, read_trace
from chatdrill_load.crowd.keeping import Keeping
from chatdrill_load.figures import ABANDONED, UNANSWERED
from chatdrill_load.messages import SLOWEST, Bad, Choice, Play, Slow, Stop, Tick
from chatdrill_load.transcripts import draw_transcript
from load.test_engine import Crowd


def began(case: str) -> CaseBegan:
    return CaseBegan(
        n=0, t=0.0, at=0.0, case=case, name=case, platform="whatsapp", seed=1, persona="", customers={}, steps=[]
    )


def test_the_slowest_of_a_run_are_kept_whatever_came_of_them(tmp_path: Path) -> None:
    keeping, seconds = Keeping(tmp_path / "trace.jsonl"), random.Random(1).sample(range(1000), 500)
    told: list[Slow] = []
    for number, took_s in enumerate(seconds):
        keeping.offer(f"case-{took_s}", float(took_s), [began(f"case-{took_s}")], None)
        told += keeping.take_slow(number / 10)
    told += keeping.take_slow(50.0, at_last=True)
    keeping.close()
    slowest = sorted(told, key=lambda slow: -slow.seconds)[:SLOWEST]
    assert [slow.seconds for slow in slowest] == sorted(seconds, reverse=True)[:SLOWEST]
    kept = [record.case for record in read_trace(tmp_path / "trace.jsonl") if isinstance(record, CaseBegan)]
    assert {slow.case for slow in slowest} <= set(kept) and len(kept) == len(set(kept)) < 60


class Disk(BytesIO):
    """A file on a disk that has room for so many bytes, and takes a part of what is too much, as disks do."""

    room = 300

    def write(self, data) -> int:
        if self.tell() >= self.room:
            raise OSError(28, "No space left on device")
        return super().write(bytes(data)[: self.room - self.tell()])

    def truncate(self, size: int | None = None) -> int:
        self.seek(size or 0)
        return super().truncate(size)


def test_a_full_disk_holds_whole_conversations_and_is_told_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keeping, disk = Keeping(tmp_path / "trace.jsonl"), Disk()
    monkeypatch.setattr(keeping, "_open", lambda: disk)
    places = [keeping.keep([began(f"case-{number}")]) for number in range(9)]
    assert places[0] is not None and places[-1] is None
    assert disk.getvalue().endswith(b"}\n") and disk.getvalue().count(b"\n") == sum(
        place is not None for place in places
    )
    assert keeping.take_lost() == [f"{tmp_path}/trace.jsonl could not be written any more: No space left on device"]
    assert keeping.take_lost() == []


async def test_a_conversation_that_is_told_can_be_read_while_the_run_goes_on(tmp_path: Path) -> None:
    crowd = Crowd(tmp_path, "twice")
    await crowd.engine.open()
    crowd.engine.play(Play(ticket=1))
    await crowd.engine.stop(Stop(patience_s=30.0))
    crowd.engine.tick()
    (bad,), (slow,) = crowd.all(Tick)[-1].bad, crowd.all(Tick)[-1].slow
    page = draw_transcript(bad)
    assert isinstance(page, bytes) and b"You said: Hello there" in page and b"the bot" in page
    assert (slow.case, slow.place) == (bad.case, bad.place) and slow.seconds > 0
    await crowd.engine.close()
    assert [type(record) for record in read_trace(crowd.trace)].count(RunBegan) == 1


def test_a_transcript_that_is_not_there_is_explained(tmp_path: Path) -> None:
    assert "of another machine" in str(
        draw_transcript(Bad("Echo #1-1", "why", str(tmp_path / "trace-1.jsonl"), (10, 20)))
    )
    assert "was not kept" in str(draw_transcript(Slow("Echo #1-1", 2.0, "out/trace-1.jsonl")))


async def test_a_customer_who_gives_up_is_counted(tmp_path: Path) -> None:
    crowd = Crowd(tmp_path, "hang", reply_timeout="60s")
    await crowd.arrivals("10/s", 0.5, choice=Choice(personas=(("impatient", 1),)))
    assert crowd.all(Tick)[-1].now.abandoned == crowd.figures.counted(ABANDONED) == 5
    assert crowd.figures.counted(UNANSWERED) == 5


def test_every_check_of_a_conversation_has_words_for_those_who_do_not_know_it() -> None:
    plain = [check for check in CHECKS.values() if check.scope == "case" and not check.id.startswith("HO-")]
    assert [check.id for check in plain if not check.broken] == []
