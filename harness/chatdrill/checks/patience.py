"""The check of what the bot does after a refusal: it waits as long as it is asked to, and it stops at some time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

import msgspec

from chatdrill.checks.evidence import CaseEvidence
from chatdrill.checks.parameters import Parameters, whole
from chatdrill.checks.refusals import is_temporary, retry_after_s
from chatdrill.checks.registry import Outcome, case_check
from chatdrill.engine.durations import say_seconds
from chatdrill.trace import Acted, Called

_EARLY = 0.9
"""Of the time that is asked for: clocks and timers are not exact."""
_CITES_MAX = 10

Same = tuple[str, str | None, bytes]


@case_check(
    "patience",
    "After a refusal the bot waits as long as the platform asks, and does not make the same call without end.",
    broken="the bot did not wait as it was asked to, or made a refused call without end",
    tries=whole(20),
)
def patience(case: CaseEvidence, parameters: Parameters, outcome: Outcome) -> None:
    """Looks at calls to the platform that were refused for now, and at the same calls (equal arguments, same customer) after them,
    until the customer's next word. What the helpdesk asks for is HO-51."""
    for refused, again in _stories(case):
        outcome.evidence += len(refused)
        _accuse_hasty(case, refused, again, outcome)
        _accuse_endless(refused, parameters["tries"], outcome)


def _stories(case: CaseEvidence) -> Iterator[tuple[list[Called], list[Called]]]:
    """What was refused for now, and all the calls that are the same, one after the other."""
    if not any(not call.ok and is_temporary(call) for call in case.snags):
        return
    refused: dict[Same, list[Called]] = defaultdict(list)
    calls: dict[Same, list[Called]] = defaultdict(list)
    for record in case.records:
        if isinstance(record, Acted) and record.cause == "step":
            yield from _told(refused, calls, record.conv)
        elif isinstance(record, Called) and case.began.is_messenger(record.platform) and record.arguments:
            calls[_same(record)].append(record)
            if not record.ok and is_temporary(record):
                refused[_same(record)].append(record)
    for conv in {key[1] for key in refused}:
        yield from _told(refused, calls, conv)


def _told(
    refused: dict[Same, list[Called]], calls: dict[Same, list[Called]], conv: str | None
) -> Iterator[tuple[list[Called], list[Called]]]:
    for key in [key for key in refused if key[1] == conv]:
        yield refused.pop(key), calls.pop(key)


def _same(call: Called) -> Same:
    """A call that a fault refused has a path instead of a method, so what tells calls apart are their arguments."""
    return call.platform, call.conv, msgspec.json.encode(call.arguments, order="sorted")


def _accuse_hasty(case: CaseEvidence, refused: list[Called], again: list[Called], outcome: Outcome) -> None:
    for before in refused:
        asked_s = retry_after_s(before)
        following = next((call for call in again if call.n > before.n), None)
        if following is None or asked_s <= 0:
            continue
        waited_s = case.seconds_between(before, following)
        if waited_s < asked_s * _EARLY:
            outcome.fail(
                f"the same call came again after {say_seconds(waited_s)}; the platform had asked for {say_seconds(asked_s)}",
                cites=(following.n, before.n),
                conv=before.conv,
            )
            return


def _accuse_endless(refused: list[Called], tries: int, outcome: Outcome) -> None:
    if len(refused) > tries:
        outcome.fail(
            f"the bot made the same call {len(refused)} times, and each was refused (the limit is {tries})",
            cites=tuple(call.n for call in refused[-_CITES_MAX:]),
            conv=refused[0].conv,
        )
