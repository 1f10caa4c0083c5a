"""Trials of a rate: let customers arrive by it, wait until the bot has settled, measure, and judge by the gates."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from chatdrill.engine.durations import say_seconds
from chatdrill_load.capacity import Outcome, Trial, WindowValue, trend
from chatdrill_load.crowd.engine import Engine
from chatdrill_load.figures import Figures
from chatdrill_load.gates import Gate
from chatdrill_load.messages import Arrive, BotGone, News, Tick

DRAIN_S = 10.0
"""Real seconds for those who still talk when a trial is over; who needs longer is sent home, and was not answered in time."""


class Trials:
    """Makes trials with one engine, whose news it takes. ``gone`` says why the bot is not there any more, if it is not."""

    def __init__(self, gates: Sequence[Gate]) -> None:
        self._gates = gates
        self.figures = Figures()
        self.gone: str | None = None

    def heed(self, news: News) -> None:
        """Take in what the engine tells."""
        if isinstance(news, Tick):
            self.figures.merge(news.figures)
        elif isinstance(news, BotGone):
            self.gone = news.why

    async def make(self, engine: Engine, trial: Trial) -> Outcome:
        """Make one trial. The next one begins with an empty house."""
        coming = engine.arrive(Arrive(plan=f"{trial.rate_per_s:.6g}/s", until_s=trial.length_s))
        await asyncio.sleep(trial.settle_s)
        engine.measure_anew()
        self.figures, before = Figures(), engine.arrived
        await asyncio.sleep(trial.measure_s)
        arrived = engine.arrived - before
        await engine.drain(DRAIN_S)
        coming.cancel()
        engine.tick()
        return self._judged(arrived / trial.measure_s)

    def _judged(self, achieved_per_s: float) -> Outcome:
        replies, lag = self.figures.latency("reply"), self.figures.latency("lag")
        return Outcome(
            held=(broke := self._broke()) is None,
            achieved_per_s=achieved_per_s,
            broke=broke,
            lag_s=lag.percentile_s(99.0) if lag.samples else 0.0,
            latency_s=replies.percentile_s(95.0) if replies.samples else None,
        )

    def _broke(self) -> str | None:
        """The first gate that did not hold; a queue that fills all the time breaks the next one if nobody stops it."""
        if self.gone is not None:
            return f"the bot is gone: {self.gone}"
        for gate in self._gates:
            found = gate.judge(self.figures)
            if found.verdict == "fail":
                return found.words
        windows = [
            WindowValue(window.t_s, window.t_s + window.length_s, its.percentile_s(95.0) if its.samples else None)
            for window in self.figures.windows()
            for its in [window.latency("reply")]
        ]
        found_trend = trend(windows)
        return (
            f"the p95 of replies rises all the time, by {say_seconds(found_trend.slope * 60)} a minute"
            if found_trend.is_rising
            else None
        )
