"""A run in numbers: each case with its verdict and its response times. What is compared, and what a history keeps."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from chatdrill.checks.repeats import BAD
from chatdrill.checks.results import CaseJudgement, Judgement, Latency, Verdict, worst
from chatdrill.checks.sla.promises import ACK
from chatdrill.engine.copies import copied
from chatdrill.trace import CaseBegan, Record, RunBegan

_BY = " by "


class CaseSummary(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One case of a run, its repeats together.

    ``case`` is its id without the number of a repeat: the same in every run. ``tries`` passed or failed, ``passes`` of them passed.
    ``failed`` are the checks that spoke against it, ``row`` is its dataset row in words. ``latencies`` are seconds by measure (``measure_parts``), in the order of the trace;
    how fast webhooks were accepted is not among them.
    """

    case: str
    name: str
    platform: str
    verdict: Verdict
    tries: int = 0
    passes: int = 0
    messages: int = 0
    took_s: float = 0.0
    failed: tuple[str, ...] = ()
    row: str = ""
    latencies: dict[str, tuple[float, ...]] = {}


class RunSummary(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A run. ``at`` is when it was played (Unix seconds of the real world; 0 where nobody knows), ``number`` what a history calls it.
    ``suite`` says which runs are runs of the same; ``clock`` and ``speed`` by which time its latencies were measured."""

    suite: str
    verdict: Verdict
    cases: tuple[CaseSummary, ...]
    number: int | None = None
    at: float = 0.0
    title: str = ""
    version: str = ""
    seed: int = 0
    bot: str = ""
    clock: str = "real"
    speed: float = 1.0
    desk: str = ""
    took_s: float = 0.0

    @property
    def by_case(self) -> Mapping[str, CaseSummary]:
        """The cases by their ids."""
        return {one.case: one for one in self.cases}

    def count(self, verdict: Verdict) -> int:
        """How many cases have this verdict."""
        return sum(one.verdict == verdict for one in self.cases)


def summarise(
    judgement: Judgement, records: Sequence[Record], *, suite: str, title: str = "", at: float = 0.0
) -> RunSummary:
    """The summary of a judged run."""
    began = next((record for record in records[:1] if isinstance(record, RunBegan)), None)
    about = (
        {}
        if began is None
        else {
            "version": began.version,
            "seed": began.seed,
            "bot": began.bot,
            "clock": began.clock,
            "speed": began.speed,
        }
    )
    desk = next((record.desk for record in records if isinstance(record, CaseBegan) and record.desk), "")
    cases = tuple(_summaries(judgement))
    took_s = records[-1].t if records else 0.0
    facts = {**about, "desk": desk or "", "took_s": round(took_s, 3), "title": title, "at": at}
    return RunSummary(suite=suite, verdict=judgement.verdict, cases=cases, **facts)  # type: ignore[arg-type]


def _summaries(judgement: Judgement) -> Iterable[CaseSummary]:
    groups: dict[str, list[CaseJudgement]] = {}
    for case in judgement.cases:
        copy = copied(case.case)
        groups.setdefault(case.case if copy is None else copy.case, []).append(case)
    said = {one.case: one.verdict for one in judgement.repeats}
    return (_summary(case, group, said.get(case)) for case, group in groups.items())


def _summary(case: str, group: Sequence[CaseJudgement], verdict: Verdict | None) -> CaseSummary:
    first, passes = group[0], sum(one.verdict == "pass" for one in group)
    return CaseSummary(
        case=case,
        name=first.name,
        platform=first.platform,
        verdict=verdict or worst(one.verdict for one in group),
        tries=passes + sum(one.verdict in BAD for one in group),
        passes=passes,
        messages=sum(one.messages for one in group),
        took_s=round(sum(one.took_s for one in group), 3),
        row=", ".join(f"{key} {value}" for key, value in first.row.items()),
        failed=tuple(dict.fromkeys(finding.check for one in group for finding in one.findings)),
        latencies=_latencies(latency for one in group for latency in one.latencies),
    )


def _latencies(latencies: Iterable[Latency]) -> dict[str, tuple[float, ...]]:
    found: dict[str, list[float]] = {}
    for one in latencies:
        if one.name != ACK:
            measure = one.name if one.calendar is None else f"{one.name}{_BY}{one.calendar}"
            found.setdefault(measure, []).append(round(one.seconds, 6))
    return {measure: tuple(values) for measure, values in found.items()}


def measure_parts(measure: str) -> tuple[str, str | None]:
    """The latency that a measure is of, and the calendar that counted: ``first_response by shop``."""
    name, _, calendar = measure.partition(_BY)
    return name, calendar or None
