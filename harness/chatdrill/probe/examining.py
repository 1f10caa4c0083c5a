"""The examination: every probe in turn, whatever the bot does, within the time."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from chatdrill.clock import Clock
from chatdrill.conformance.house import Correct
from chatdrill.errors import BotError, UsageError
from chatdrill.probe import trials  # noqa: F401  they register themselves
from chatdrill.probe.bench import Bench, Bounds
from chatdrill.probe.line import Deaf, Gone
from chatdrill.probe.register import PROBES, Probe, with_needs
from chatdrill.probe.results import SERIOUS, Examination, Outcome, Result
from chatdrill.probe.sources import ChannelSource, OfficeSource, Source
from chatdrill.serve import Stage
from chatdrill.trace import Recorder
from chatdrill.wire import Examinable, Matter, Rule

_LEAST_S = 0.5
"""With less than this left, no probe is begun."""

_FULL = (
    "The server's queue of connections is full: serve them at the same time, and let more of them wait (the backlog)"
)


def _source(stage: Stage, clock: Clock, url: str, name: str, correct: Correct | None) -> Source:
    if name in stage.channels:
        return ChannelSource(stage, name, url)
    if correct is None:
        raise UsageError(f"{name} cannot be examined: nobody has shown how a correct bot speaks to it")
    stage.set_webhook(name, url)
    return OfficeSource(stage.bureau.office(name), url, correct, clock.now)


class Examiner:
    """Examines the endpoint ``url`` of one platform or desk on an open stage, which delivers nothing meanwhile. ``examination``
    grows as it goes, so that an interrupted one can be reported. ``correct`` makes a bot as it should be, from a desk's
    environment; a desk needs one, to have tickets. ``only`` these probes are tried, where some are named, with those that they need.

    Raises ``UsageError`` for a desk without.
    """

    def __init__(
        self,
        stage: Stage,
        recorder: Recorder,
        clock: Clock,
        url: str,
        name: str,
        bounds: Bounds,
        correct: Correct | None = None,
        only: Collection[str] = (),
    ) -> None:
        self._stage = stage
        self._clock = clock
        self._bench = Bench(stage, recorder, clock, url, _source(stage, clock, url, name, correct), bounds)
        service = self._bench.service
        self._rules: Mapping[Matter, Rule] = service.rules if isinstance(service, Examinable) else {}
        self._gone_at: str | None = None
        self._probes = with_needs(only) if only else tuple(PROBES.values())
        self.examination = Examination(target=stage.redact(url), service=name, title=service.title)

    async def examine(self) -> Examination:
        """Try everything. Raises ``BotError`` if nothing listens at the address when it begins."""
        began = self._clock.monotonic()
        try:
            (await self._bench.line()).close()
        except (Gone, Deaf) as error:
            raise BotError(f"{error}; start the bot, or say where it takes its webhooks") from error
        for probe in self._probes:
            start = self._clock.monotonic()
            outcome = self._without_secrets(await self._outcome(probe))
            now = self._clock.monotonic()
            rule = self._rules.get(probe.matter, probe.rule) if probe.matter else probe.rule
            made = Result(probe=probe.id, title=probe.title, outcome=outcome, rule=rule, took_s=now - start)
            self.examination.results.append(made)
            self.examination.took_s, self.examination.called = now - began, self._bench.calls
        return self.examination

    async def _outcome(self, probe: Probe) -> Outcome:
        why_not = self._why_not(probe)
        if why_not is not None:
            return Outcome("not applicable", "nothing", reason=why_not)
        try:
            return await probe.examine(self._bench)
        except Deaf as error:
            return Outcome("serious", "to connect", str(error), _FULL)
        except Gone as error:
            self._gone_at = probe.id
            before = next((each.probe for each in reversed(self.examination.results) if each.outcome.came), "nothing")
            reason = f"The bot went away: start it again by a supervisor, and look into its log for what {before!r} did to it"
            return Outcome("critical", f"to connect, after {before}", str(error), reason)

    def _why_not(self, probe: Probe) -> str | None:
        if self._gone_at is not None:
            return "not tried, because the bot has gone"
        if self._bench.left_s < _LEAST_S:
            return "not tried: the bot took so long for the others that the time was over"
        failed = [each for each in self.examination.results if each.probe in probe.needs and each.verdict in SERIOUS]
        return f"not tried, because {failed[0].probe} failed" if failed else None

    def _without_secrets(self, outcome: Outcome) -> Outcome:
        hide = self._stage.redact
        return Outcome(outcome.verdict, hide(outcome.tried), hide(outcome.came), hide(outcome.reason))
