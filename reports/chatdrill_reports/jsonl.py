"""The report for programs: one JSON object a line.

``{"kind": "case", ...}`` with its findings for every conversation, ``{"kind": "suite_check", ...}`` for every check of
the run as a whole, ``{"kind": "repeats", ...}`` for every case that was played several times, ``{"kind": "statistic", ...}`` for every row of percentiles, where a helpdesk was in play
``{"kind": "service", ...}`` with its service metrics for all platforms (``*``) and for each (``null``: nothing was measured),
``{"kind": "comparison", ...}`` and ``{"kind": "trend", ...}`` where something is known of earlier runs (the fields are those of
``chatdrill.history``), and last ``{"kind": "run", ...}`` with the verdict, the counts, and how time went: ``clock`` and ``bot_clock`` as in the trace, ``unseen`` (what the run cannot
show for it) in words. The fields are those of ``chatdrill.checks.results`` and ``chatdrill.checks.service``.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Unpack

import msgspec

from chatdrill.checks.repeats import overall
from chatdrill.checks.results import CaseJudgement
from chatdrill.history import Past
from chatdrill.history.telling import why
from chatdrill.trace import RunBegan
from chatdrill_reports.contract import Report, Run
from chatdrill_reports.service import plain
from chatdrill_reports.words import VERDICTS

_OWN_FIELDS = ("results", "latencies")
_LATENCY_FIELDS = ("name", "seconds", "calendar")


def render(**run: Unpack[Run]) -> bytes:
    """The lines, in UTF-8."""
    return b"".join(msgspec.json.encode(line) + b"\n" for line in _lines(Report(**run)))


def _lines(report: Report) -> Iterator[dict[str, Any]]:
    judgement = report.judgement
    yield from map(_case, judgement.cases)
    for result in judgement.results:
        yield {"kind": "suite_check", **_plain(result)}
    for one in judgement.repeats:
        yield {"kind": "repeats", **_plain(one)}
    for statistic in judgement.statistics:
        yield {"kind": "statistic", **_plain(statistic)}
    if report.past is not None:
        yield from _past(report.past)
    if report.service is not None:
        for service in (report.service.overall, *report.service.platforms):
            yield {"kind": "service", **plain(service)}
    yield _run(report)


def _case(case: CaseJudgement) -> dict[str, Any]:
    fields = {name: value for name, value in _plain(case).items() if name not in _OWN_FIELDS}
    checks = {result.check: result.verdict for result in case.results}
    latencies = [
        {name: value for name in _LATENCY_FIELDS if (value := getattr(one, name)) is not None} for one in case.latencies
    ]
    return {"kind": "case", **fields, "checks": checks, "findings": _plain(case.findings), "latencies": latencies}


def _run(report: Report) -> dict[str, Any]:
    began, judgement = report.transcripts.run, report.judgement
    about = {"seed": began.seed, "bot": began.bot, "version": began.version, **_time(report, began)} if began else {}
    counts = {verdict: judgement.count(verdict) for verdict in VERDICTS}
    power = {"pass_k": overall(judgement.repeats)} if judgement.repeats else {}
    outcome = {**power, "verdict": judgement.verdict, "cases": len(judgement.cases), "counts": counts}
    return {"kind": "run", "title": report.title, **about, **outcome, "findings": len(judgement.findings)}


def _past(past: Past) -> Iterator[dict[str, Any]]:
    """``{"kind": "comparison", ...}`` beside the baseline, and ``{"kind": "trend", ...}`` for each case that is not as it always was."""
    found, told = past.comparison, past.trends
    if found is not None:
        yield {"kind": "comparison", "baseline": past.baseline_name, "run": past.now.number, **_plain(found._asdict())}
    for one in told.cases if told is not None else ():
        if one.slower or one.kind not in ("steady", "new"):
            about = {"case": one.now.case, "name": one.now.name, "platform": one.now.platform, "trend": one.kind}
            yield {
                "kind": "trend",
                **about,
                "why": why(one),
                **_plain({"verdicts": one.verdicts, "slower": one.slower}),
            }


def _time(report: Report, began: RunBegan) -> dict[str, Any]:
    clock = {"clock": began.clock, "speed": began.speed, "bot_clock": began.bot_clock}
    return {**clock, "bot_clock_why": began.bot_clock_why, "unseen": report.time.unseen if report.time else ""}


def _plain(value: Any) -> Any:
    return msgspec.to_builtins(value)
