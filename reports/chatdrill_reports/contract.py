"""What a reporter is, and what it is given.

A reporter turns a judged trace into the bytes of one document, or of a folder of them. It reads and draws; it never judges. Reporters are found
by the entry points of the group ``chatdrill.reporters``. Each is a function that takes the fields of ``Report`` as
keywords, so that whoever calls it needs nothing of this package.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, Required, TypedDict, Unpack

from chatdrill.checks.evidence import Evidence
from chatdrill.checks.results import CaseJudgement, Finding, Judgement
from chatdrill.checks.service import ServiceMetrics, service_metrics
from chatdrill.coverage import Coverage
from chatdrill.history import CaseTrend, Past
from chatdrill.trace import CaseBegan, Record, Stalled, barred_hosts
from chatdrill.trace.transcript import Relays, Transcripts
from chatdrill_reports.faults import Injections, injections
from chatdrill_reports.relaying import relays
from chatdrill_reports.tiers import Tier, tier


class BlobSource(Protocol):
    """Where the bytes of files lie, by hex SHA-256: a ``chatdrill.model.Blobs`` or a dictionary."""

    def __contains__(self, sha256: str, /) -> bool:
        """True if the content is at hand."""

    def get(self, sha256: str, /) -> bytes | None:
        """The content; asked only for what is at hand."""


@dataclass(frozen=True, kw_only=True)
class Report:
    """A judged run. ``command`` is what repeats the whole run, ``coverage`` what the customers met, if somebody asked, ``past`` what came
    before, where that is known, and ``files`` the other reports that are written, by their formats."""

    records: Sequence[Record]
    judgement: Judgement
    blobs: BlobSource = field(default_factory=dict[str, bytes])
    title: str = ""
    command: str = ""
    coverage: Coverage | None = None
    past: Past | None = None
    files: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def transcripts(self) -> Transcripts:
        """The records, sorted by case."""
        return Transcripts(self.records, relays=self._relays if self.has_desk else None)

    @cached_property
    def has_desk(self) -> bool:
        """True if there was a helpdesk behind the bot."""
        return any(isinstance(record, CaseBegan) and record.desk is not None for record in self.records)

    @cached_property
    def evidence(self) -> Evidence:
        """The records as checks see them."""
        return Evidence.of(self.records)

    @cached_property
    def service(self) -> ServiceMetrics | None:
        """The service metrics; ``None`` without a helpdesk."""
        return service_metrics(self.evidence) if self.has_desk else None

    @cached_property
    def injections(self) -> Injections | None:
        """The faults that were injected; ``None`` where nobody asked for any."""
        return injections(self.records)

    @cached_property
    def barred(self) -> Mapping[str, str]:
        """The hosts that the bot wanted to reach and was kept from, with how often."""
        return barred_hosts(self.records)

    def trend_of(self, case: str) -> CaseTrend | None:
        """What earlier runs say of a case, by its id without the number of a repeat."""
        return self._trends.get(case)

    @cached_property
    def _trends(self) -> Mapping[str, CaseTrend]:
        told = None if self.past is None else self.past.trends
        return {} if told is None else {one.now.case: one for one in told.cases}

    def _relays(self, case: str) -> Relays | None:
        return relays(self.evidence.cases.get(case))

    @cached_property
    def time(self) -> Tier | None:
        """How time went; ``None`` for a trace that does not say it."""
        run = self.transcripts.run
        return tier(run, stalled=any(isinstance(record, Stalled) for record in self.records)) if run else None


class Run(TypedDict, total=False):
    """The fields of a ``Report`` as keywords."""

    records: Required[Sequence[Record]]
    judgement: Required[Judgement]
    blobs: BlobSource
    title: str
    command: str
    coverage: Coverage | None
    past: Past | None
    files: Mapping[str, str]


class Reporter(Protocol):
    """A report format: ``render(records=..., judgement=..., blobs=..., title=..., command=...)``, and ``coverage``, ``past`` and
    ``files`` where they are known."""

    def __call__(self, **run: Unpack[Run]) -> bytes | Mapping[str, bytes]:
        """The document, or several by their names in a folder. Never raises for anything a trace may hold."""


def numbered_findings(judgement: Judgement) -> Mapping[int, tuple[CaseJudgement | None, Finding]]:
    """All findings by the number under which every report shows them (from 1): the suite's, then those of the cases."""
    own = [(None, finding) for result in judgement.results for finding in result.findings]
    cases = [(case, finding) for case in judgement.cases for finding in case.findings]
    return dict(enumerate([*own, *cases], start=1))
