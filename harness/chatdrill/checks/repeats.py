"""Repeats of one case, judged together: how often it passes, whether that is enough, and whether the seed decides it.

Everything is read from a trace: the ids of the cases say what is a repeat of what, the settings of the run what is enough. What was
played again with the same seed has traces of its own, whose judgements ``attributed`` lays beside.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from chatdrill.checks.rates import mean_powers, pass_powers, wilson
from chatdrill.checks.results import CaseJudgement, Cause, FailedRepeat, Judgement, Repeats, Verdict, worst
from chatdrill.engine.copies import copied, repeat_of

PASS_K = 8
"""As far as pass^k is told, where nobody says it."""
BAD: tuple[Verdict, ...] = ("fail", "error")


def is_repeated(settings: Mapping[str, Any]) -> bool:
    """True if the settings of a run ask for repeats."""
    return _number(settings, "repeat", 1) > 1


def repeats_of(cases: Sequence[CaseJudgement], settings: Mapping[str, Any]) -> tuple[Repeats, ...]:
    """The repeats of each case, in the order in which the first of them began; nothing for a run without repeats."""
    groups: dict[str, list[CaseJudgement]] = {}
    for case in cases if is_repeated(settings) else ():
        copy = copied(case.case)
        if copy is not None and copy.repeat is not None:
            groups.setdefault(copy.case, []).append(case)
    return tuple(_together(name, sorted(group, key=_number_of), settings) for name, group in groups.items())


def _number_of(case: CaseJudgement) -> int:
    return repeat_of(case.case) or 0


def _together(name: str, group: Sequence[CaseJudgement], settings: Mapping[str, Any]) -> Repeats:
    first, verdicts = group[0], [case.verdict for case in group]
    passes, failed = verdicts.count("pass"), sum(map(verdicts.count, BAD))
    tries = passes + failed
    interval = wilson(passes, tries)
    is_enough = (
        tries > 0 and passes / tries >= _least(settings) and interval.low >= _number(settings, "min_pass_sure", 0)
    )
    return Repeats(
        case=name,
        name=first.name,
        platform=first.platform,
        verdict=_verdict(verdicts, is_enough),
        is_enough=is_enough,
        tries=tries,
        passes=passes,
        undecided=len(group) - tries,
        rate=passes / tries if tries else None,
        low=interval.low,
        high=interval.high,
        pass_k=pass_powers(passes, tries, int(_number(settings, "pass_k", PASS_K))),
        failed=tuple(
            FailedRepeat(case=case.case, verdict=case.verdict, replay=case.replay)
            for case in group
            if case.verdict in BAD
        ),
        row=first.row,
        file=first.file,
        line=first.line,
    )


def _verdict(verdicts: Sequence[Verdict], is_enough: bool) -> Verdict:
    """Failed repeats are forgiven where enough passed. Where none failed and it is still not enough, they were too few to tell."""
    if is_enough:
        return worst(verdict for verdict in verdicts if verdict not in BAD)
    return worst([*verdicts, "inconclusive"] if "pass" in verdicts else verdicts)


def _least(settings: Mapping[str, Any]) -> float:
    """The share that must pass: all, unless somebody says less or asks for a lower bound alone."""
    return _number(settings, "min_pass", 0 if _number(settings, "min_pass_sure", 0) else 1)


def _number(settings: Mapping[str, Any], name: str, otherwise: float) -> float:
    """A number of the settings; a trace from elsewhere may have anything in its place."""
    value = settings.get(name)
    return value if isinstance(value, int | float) and not isinstance(value, bool) else otherwise


def verdict_of(repeats: Sequence[Repeats], cases: Sequence[CaseJudgement]) -> Verdict:
    """The verdict on all cases: repeats count together, the others each for itself."""
    alone = [case.verdict for case in cases if not repeats or repeat_of(case.case) is None]
    return worst([*(one.verdict for one in repeats), *alone])


def overall(repeats: Sequence[Repeats]) -> tuple[float, ...]:
    """pass^1, pass^2 ...: the mean over all cases."""
    return mean_powers(one.pass_k for one in repeats)


# -------------------------------------------------------------------------------------- again, with the same seed


def to_replay(judgement: Judgement) -> list[str]:
    """The repeats that failed although others of the same case passed: the seed may decide that, or chance of the bot's own."""
    return [failed.case for one in judgement.repeats if one.is_flaky for failed in one.failed]


def attributed(judgement: Judgement, again: Sequence[Judgement]) -> Judgement:
    """The judgement with what came of playing failed repeats ``again`` with the same seed."""
    seen: dict[str, list[Verdict]] = {}
    for other in again:
        for case in other.cases:
            seen.setdefault(case.case, []).append(case.verdict)
    told = tuple(_told(one, seen) for one in judgement.repeats)
    return msgspec.structs.replace(judgement, repeats=told) if seen else judgement


def _told(one: Repeats, seen: Mapping[str, Sequence[Verdict]]) -> Repeats:
    failed = tuple(_explained(failed, tuple(seen.get(failed.case, ()))) for failed in one.failed)
    return msgspec.structs.replace(one, failed=failed)


def _explained(failed: FailedRepeat, again: tuple[Verdict, ...]) -> FailedRepeat:
    return msgspec.structs.replace(failed, again=again, cause=_cause(again))


def _cause(again: Sequence[Verdict]) -> Cause:
    if "pass" in again:
        return "chance"
    return "seed" if again and all(verdict in BAD for verdict in again) else "unknown"
