"""The engine of a crowd in this process, against a real bot: what each conversation comes to, told while it goes on."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

import pytest

from chatdrill.errors import UsageError
from chatdrill.trace import Acted, CaseBegan, read_trace
from chatdrill_load.crowd.engine import Engine
from chatdrill_load.figures import ANSWERED, FAILED, LATE, MORE, TURNED_AWAY, UNANSWERED, Figures, Meter
from chatdrill_load.messages import (
    Arrive,
    BotGone,
    Choice,
    Ended,
    Failed,
    Finished,
    Job,
    News,
    Opened,
    Play,
    Stop,
    Tick,
)
from load.conftest import BAD_BOT, ECHO


class Crowd:
    """An engine and all that it has told."""

    def __init__(self, folder: Path, bot: str, *, scenario: str = ECHO, **flags: object) -> None:
        (folder / "echo.drill.yaml").write_text(scenario, "utf-8")
        command = f"{sys.executable} {BAD_BOT} {bot}"
        usual = {"platforms": ["whatsapp"], "speed": 50, "settle": "0s", "reply_timeout": "1s", "port": 0}
        own = {"command": command, "webhook": "http://127.0.0.1:{port}/{platform}", **flags}
        job = Job(
            flags=usual | own, folder=str(folder), paths=["echo.drill.yaml"], seed=1, out=str(folder / "out"), keep=1
        )
        self.news: list[News] = []
        self.figures = Figures()
        self.trace = folder / "out" / "trace-0.jsonl"
        self.engine = Engine(job, self._told)

    def _told(self, news: News) -> None:
        self.news.append(news)
        if isinstance(news, Tick):
            self.figures.merge(news.figures)

    def all(self, kind: type) -> list:
        return [news for news in self.news if isinstance(news, kind)]

    async def arrivals(self, plan: str, until_s: float, **more: object) -> None:
        """Open, let customers arrive, let them finish, close."""
        await self.engine.open()
        coming = self.engine.arrive(Arrive(plan=plan, until_s=until_s, **more))  # type: ignore[arg-type]
        await asyncio.wait([coming], timeout=until_s + 1)
        await self.engine.stop(Stop(patience_s=30.0))
        await self.engine.close()


@pytest.fixture
def crowd(tmp_path: Path, request: pytest.FixtureRequest) -> Crowd:
    return Crowd(tmp_path, getattr(request, "param", "good"))


async def test_everybody_who_is_due_is_answered_and_counted(crowd: Crowd) -> None:
    await crowd.arrivals("20/s", 1.0)
    opened, finished, last = crowd.all(Opened)[0], crowd.all(Finished)[0], crowd.all(Tick)[-1]
    assert opened.problems == {} and finished.broken_off == 0
    assert (last.now.arrived, last.now.ended, last.now.failed, last.now.open, last.now.waiting) == (20, 20, 0, 0, 0)
    assert crowd.figures.counted(ANSWERED) == 40
    assert crowd.figures.latency("first_reply").samples == crowd.figures.latency("next_reply").samples == 20


@pytest.mark.parametrize(
    ("crowd", "counted"),
    [
        ("twice", {(MORE, LATE): 10, (FAILED,): 5}),  # the last of all may come when the customer is gone
        ("refuse", {(UNANSWERED,): 5, (FAILED,): 5}),
        ("hang", {(UNANSWERED,): 5, (FAILED,): 5}),
    ],
    indirect=["crowd"],
)
async def test_what_a_bad_bot_does_is_counted_and_its_transcripts_are_kept(
    crowd: Crowd, counted: dict[tuple[str, ...], int]
) -> None:
    await crowd.arrivals("10/s", 0.5)
    assert {kinds: sum(map(crowd.figures.counted, kinds)) for kinds in counted} == counted
    assert len([record for record in read_trace(crowd.trace) if isinstance(record, CaseBegan)]) == 5
    assert {bad.case for tick in crowd.all(Tick) for bad in tick.bad} == {
        record.case for record in read_trace(crowd.trace) if isinstance(record, CaseBegan)
    }


@pytest.mark.parametrize("crowd", ["hang"], indirect=True)
async def test_a_question_that_is_never_answered_counts_as_long_as_it_waited(crowd: Crowd) -> None:
    await crowd.arrivals("10/s", 0.5)
    replies = crowd.figures.latency("reply")
    assert replies.samples == 5 and replies.percentile_s(50.0) >= 1.0


@pytest.mark.parametrize("crowd", ["flood"], indirect=True)
async def test_a_flood_is_stopped_and_what_comes_later_is_late(crowd: Crowd) -> None:
    await crowd.arrivals("4/s", 0.5)
    assert crowd.figures.counted(FAILED) == 2
    assert crowd.figures.counted(MORE) + crowd.figures.counted(LATE) > 50


@pytest.mark.parametrize("crowd", ["crash"], indirect=True)
async def test_a_bot_that_dies_is_told_at_once(crowd: Crowd) -> None:
    await crowd.engine.open()
    crowd.engine.arrive(Arrive(plan="10/s"))
    async with asyncio.timeout(30):
        while not crowd.all(BotGone):
            await asyncio.sleep(0.02)
    await crowd.engine.close()
    assert "exit code 7" in crowd.all(BotGone)[0].why


@pytest.mark.parametrize("crowd", ["exit"], indirect=True)
async def test_a_bot_that_does_not_come_up_is_a_problem_of_the_opening(crowd: Crowd) -> None:
    await crowd.engine.open()
    await crowd.engine.close()
    assert "no configuration found" in crowd.all(Opened)[0].problems["whatsapp"]


async def test_who_may_not_come_in_is_measured_from_when_they_were_due(crowd: Crowd) -> None:
    await crowd.arrivals("100/s", 1.0, customers_max=1)
    now = crowd.all(Tick)[-1].now
    assert max(tick.now.open for tick in crowd.all(Tick)) <= 1
    assert now.arrived + crowd.figures.counted(TURNED_AWAY) == 100
    assert crowd.figures.latency("first_reply").max_s > 0.5


async def test_a_conversation_that_was_asked_for_is_told_when_it_is_over(crowd: Crowd) -> None:
    await crowd.engine.open()
    crowd.engine.play(Play(ticket=7, choice=Choice(words="Echo", personas=(("patient", 1),))))
    await crowd.engine.stop(Stop(patience_s=30.0))
    await crowd.engine.close()
    (ended,) = crowd.all(Ended)
    assert (ended.ticket, ended.verdict, ended.problem) == (7, "pass", None)


async def test_who_still_talks_at_the_end_is_broken_off(crowd: Crowd) -> None:
    await crowd.engine.open()
    crowd.engine.play(Play(ticket=1))
    await crowd.engine.close(interrupted=True)
    assert crowd.all(Finished)[0].broken_off == 1
    assert crowd.all(Tick)[-1].now.failed == 0  # nobody knows what the bot would have said


async def test_a_bot_elsewhere_is_loaded_only_by_its_owner(tmp_path: Path) -> None:
    crowd = Crowd(tmp_path, "good", command=None, webhook="http://10.255.255.1:9/{platform}")
    with pytest.raises(UsageError, match="--i-own-this-target"):
        await crowd.engine.open()
    await crowd.engine.close()


async def test_measuring_anew_forgets_what_was_meant_before(crowd: Crowd) -> None:
    await crowd.engine.open()
    await asyncio.wait([crowd.engine.arrive(Arrive(plan="20/s", until_s=0.5))])
    await crowd.engine.drain(30.0)
    crowd.engine.measure_anew()
    crowd.figures = Figures()
    await asyncio.wait([crowd.engine.arrive(Arrive(plan="20/s", until_s=0.25))])
    await crowd.engine.stop(Stop(patience_s=30.0))
    await crowd.engine.close()
    assert crowd.figures.latency("first_reply").samples == 5


async def test_figures_that_cannot_be_taken_are_told_and_not_left_out(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    await crowd.engine.open()
    with monkeypatch.context() as patch:
        patch.setattr(Meter, "snapshot", lambda _: 1 / 0)
        while not crowd.all(Failed):
            await asyncio.sleep(0.01)
    await crowd.engine.close()
    assert "ZeroDivisionError" in crowd.all(Failed)[0].what


async def test_nobody_writes_before_they_mean_to(crowd: Crowd) -> None:
    """A bot that answers at once would have answered before it was asked."""
    await crowd.arrivals("40/s", 1.0)
    acts = [record for record in read_trace(crowd.trace) if isinstance(record, Acted) and record.cause == "step"]
    assert len(acts) == 80 and all(act.meant_at is not None and act.meant_at <= act.t for act in acts)


async def test_what_the_scenario_waits_for_at_first_is_not_held_against_the_bot(tmp_path: Path) -> None:
    crowd = Crowd(tmp_path, "good", scenario=ECHO.replace("steps:\n", "steps:\n  - waits: 50s\n"), skip_over="0s")
    await crowd.arrivals("10/s", 0.5)
    replies = crowd.figures.latency("first_reply")
    assert replies.samples == 5 and replies.percentile_s(50.0) < 0.5  # of the second that the pause took


@pytest.mark.parametrize(("until_s", "least", "most"), [(0.6, 6, 6), (600.0, 0, 1)])
async def test_an_end_that_is_told_a_moment_early_keeps_nobody_out_who_is_due(
    crowd: Crowd, until_s: float, least: int, most: int
) -> None:
    await crowd.engine.open()
    crowd.engine.arrive(Arrive(plan="10/s", until_s=until_s))
    crowd.engine.rest()
    await crowd.engine.stop(Stop(patience_s=30.0))
    await crowd.engine.close()
    assert least <= crowd.all(Tick)[-1].now.arrived <= most
