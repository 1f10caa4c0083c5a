"""What judging a trace gives: findings, verdicts and measured latencies, as values that reports read."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Literal

import msgspec

Verdict = Literal["pass", "fail", "inconclusive", "error", "none"]
Fault = Literal["bot", "scenario", "harness", "infrastructure"]

Cause = Literal["seed", "chance", "unknown"]

_WORST_FIRST: tuple[Verdict, ...] = ("error", "fail", "inconclusive", "pass", "none")


def worst(verdicts: Iterable[Verdict]) -> Verdict:
    """The worst of several verdicts; ``none`` if there are none."""
    seen = set(verdicts)
    return next((verdict for verdict in _WORST_FIRST if verdict in seen), "none")


class Finding(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One broken promise.

    ``check`` is the id of the check, ``message`` one sentence for a person, ``cites`` the numbers of the records that
    prove it (the first is the message it accuses). ``details`` are labelled lines to print below: ``expected``,
    ``nearest``, ``hint`` ...
    """

    check: str
    verdict: Literal["fail", "inconclusive", "error"]
    fault: Fault
    message: str
    case: str | None = None
    conv: str | None = None
    step: int | None = None
    cites: tuple[int, ...] = ()
    details: dict[str, str] = {}


class CheckResult(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """What one check says about one case. ``evidence`` counts what it looked at (``none`` if that was nothing)."""

    check: str
    verdict: Verdict
    evidence: int = 0
    findings: tuple[Finding, ...] = ()


class Latency(msgspec.Struct, frozen=True, gc=False, kw_only=True, omit_defaults=True):
    """One measured response time: ``seconds`` (real, or of drill time where time is virtual), begun at ``t`` (real seconds
    since the run began).

    ``name``: ``first_response``, ``next_response``, ``time_to_human``, ``resolution`` or ``webhook_ack``. Where a
    ``calendar`` (its name) counted, the seconds are those of drill time in which it was open.
    """

    name: str
    platform: str
    case: str
    t: float
    seconds: float
    calendar: str | None = None
    cites: tuple[int, ...] = ()


class Statistic(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Percentiles of a latency on one platform (``*``: all) by one clock, with the number of samples behind them.

    ``calendar`` is the one whose working time was counted, if one was.
    """

    name: str
    platform: str
    samples: int
    p50_s: float
    p90_s: float
    p95_s: float
    p99_s: float
    max_s: float
    calendar: str | None = None


class CaseJudgement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The verdict on one scenario on one platform with one dataset row."""

    case: str
    name: str
    platform: str
    verdict: Verdict
    seed: int
    persona: str = "patient"
    row: dict[str, Any] = {}
    tags: tuple[str, ...] = ()
    results: tuple[CheckResult, ...] = ()
    latencies: tuple[Latency, ...] = ()
    messages: int = 0
    began_t: float = 0.0
    took_s: float = 0.0
    file: str | None = None
    line: int | None = None
    replay: str = ""

    @property
    def findings(self) -> tuple[Finding, ...]:
        """All findings, in the order of their checks."""
        return tuple(finding for result in self.results for finding in result.findings)


class FailedRepeat(msgspec.Struct, frozen=True, kw_only=True):
    """A repeat that failed. ``again`` are the verdicts of playing it again with the same seed.

    ``cause``: the ``seed`` (it failed each time), ``chance`` of the bot's or of its surroundings (it also passed), or ``unknown``.
    """

    case: str
    verdict: Verdict
    replay: str = ""
    again: tuple[Verdict, ...] = ()
    cause: Cause = "unknown"


class Repeats(msgspec.Struct, frozen=True, kw_only=True):
    """The repeats of one case (its id without the number), judged together.

    ``tries`` passed or failed; ``undecided`` did neither. ``rate`` is the share that passed (``None`` without tries), and ``low`` to
    ``high`` its Wilson interval at 95 %. ``pass_k`` are the chances that 1, 2 ... tries in a row all pass. ``is_enough``: the run
    accepts this rate.
    """

    case: str
    name: str
    platform: str
    verdict: Verdict
    is_enough: bool
    tries: int
    passes: int
    rate: float | None
    low: float
    high: float
    undecided: int = 0
    pass_k: tuple[float, ...] = ()
    failed: tuple[FailedRepeat, ...] = ()
    row: dict[str, Any] = {}
    file: str | None = None
    line: int | None = None

    @property
    def is_flaky(self) -> bool:
        """True if it passed at times and failed at others."""
        return 0 < self.passes < self.tries


class Judgement(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The verdict on a whole run. ``results`` are the checks of the suite as a whole (percentiles and the like), ``repeats`` the
    cases that were played several times: each of their repeats is one of ``cases`` as well."""

    verdict: Verdict
    cases: tuple[CaseJudgement, ...]
    results: tuple[CheckResult, ...] = ()
    statistics: tuple[Statistic, ...] = ()
    repeats: tuple[Repeats, ...] = ()

    @property
    def findings(self) -> tuple[Finding, ...]:
        """The suite's findings, then those of the cases."""
        own = tuple(finding for result in self.results for finding in result.findings)
        return own + tuple(finding for case in self.cases for finding in case.findings)

    def count(self, verdict: Verdict) -> int:
        """How many cases have this verdict."""
        return sum(case.verdict == verdict for case in self.cases)
