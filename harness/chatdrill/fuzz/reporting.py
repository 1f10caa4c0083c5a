"""What fuzzing found, for people and for the reporters: the small conversations with all that is wrong about them."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

import msgspec

from chatdrill.checks.results import CaseJudgement, CheckResult, Finding, Judgement, worst
from chatdrill.fuzz.finding import Failure, Fuzzed
from chatdrill.fuzz.leaking import LEAKS
from chatdrill.fuzz.playing import Played, records_of
from chatdrill.run.execute import Result
from chatdrill.run.registry import load_reporter
from chatdrill.trace import Record

_WIDTH = 100
_SHOWN_MAX = 4
"""Conversations of one failure that are shown; more than a few cannot be read."""


def show(failure: Failure, *, color: bool = False, width: int = _WIDTH) -> str:
    """A failure on a terminal: what is wrong, the conversation, and how it is played again."""
    lines = [*_head(failure), _transcript(failure, color=color, width=width)]
    if failure.file is not None:
        lines.append(f"kept as    {failure.file}")
    return "\n".join(filter(None, lines)) + "\n"


def _head(failure: Failure) -> list[str]:
    said = f"{failure.messages} message{'s'[: failure.messages != 1]} of the customer"
    lines = [
        f"{failure.check}: {failure.message.splitlines()[0]}",
        f"  {said}, found in dialog {failure.dialogs_until}{_HOW[failure.how]}",
    ]
    if failure.how == "flaky":
        lines.append(f"  it came in {failure.rate:.0%} of the tries to play it again")
    if failure.others:
        lines.append(f"  it takes {1 + len(failure.others)} conversations at once")
    if failure.dialog.faults:
        lines.append(f"  with the faults {failure.dialog.faults}")
    return lines


_HOW = {
    "alone": "",
    "together": ", comes only beside other conversations",
    "flaky": ", flaky",
}


def _transcript(failure: Failure, *, color: bool, width: int) -> str:
    played = failure.played[:_SHOWN_MAX]
    if failure.check == LEAKS:
        return textwrap.indent("it shows in many conversations, one after the other, and in none alone", "  ")
    if not played:
        return textwrap.indent("it could not be played again", "  ")
    judgement = Judgement(verdict="fail", cases=tuple(_named(judged(one), failure) for one in played))
    draw = load_reporter("failure")
    text: bytes = draw(records=records_of(played), judgement=judgement, color=color, width=width)
    return text.decode()


def _named(case: CaseJudgement, failure: Failure) -> CaseJudgement:
    return msgspec.structs.replace(case, replay=failure.replay or case.replay, file=failure.file)


def judged(one: Played) -> CaseJudgement:
    """The judgement of a dialog with all that is held against it, the user's own properties as well."""
    own = [finding for result in one.judgement.results for finding in result.findings]
    more = [finding for finding in one.findings if finding not in own]
    added = tuple(CheckResult(check=each.check, verdict=each.verdict, evidence=1, findings=(each,)) for each in more)
    results = (*one.judgement.results, *added)
    return msgspec.structs.replace(one.judgement, results=results, verdict=worst(result.verdict for result in results))


def result_of(fuzzed: Fuzzed) -> Result:
    """The small conversations as a run, for the reporters. Each was played in a session of its own, so their records are numbered anew."""
    records: list[Record] = []
    cases: dict[str, CaseJudgement] = {}
    for failure in fuzzed.failures:
        played = [one for one in failure.played[:_SHOWN_MAX] if one.name not in cases]
        if not played:
            continue
        own = records_of(played)
        by = (records[-1].n + 1 if records else 0) - own[0].n
        records += [_moved(record, by) for record in (own[1:] if records else own)]
        for one in played:
            cases[one.name] = _named(_cited(judged(one), by), failure)
    verdict = worst(case.verdict for case in cases.values()) if cases else "pass" if fuzzed.dialogs else "none"
    return Result(records, Judgement(verdict=verdict, cases=tuple(cases.values())), interrupted=fuzzed.interrupted)


def _moved(record: Record, by: int) -> Record:
    call = getattr(record, "call", None)
    more = {"call": call + by} if isinstance(call, int) else {}
    moved: Record = msgspec.structs.replace(record, n=record.n + by, **more)
    return moved


def _cited(case: CaseJudgement, by: int) -> CaseJudgement:
    def move(findings: Sequence[Finding]) -> tuple[Finding, ...]:
        return tuple(msgspec.structs.replace(each, cites=tuple(n + by for n in each.cites)) for each in findings)

    results = tuple(msgspec.structs.replace(result, findings=move(result.findings)) for result in case.results)
    return msgspec.structs.replace(case, results=results)
