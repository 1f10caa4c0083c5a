"""The conformance kit: laws that hold for every helpdesk, tried on one.

from chatdrill.conformance import LAWS, check_desk

report = check_desk(desk, Rehearsal)
assert not report.broken, report
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# isort: off
from chatdrill.conformance import talking, wires, declared  # in the order of the laws

# isort: on
from chatdrill.conformance.house import Correct, House
from chatdrill.conformance.report import LAWS, Broken, DoesNotApply, Law, Report, Result, Verdict
from chatdrill.wire import Desk


def check_desk(
    desk: Desk[Any], rehearsal: Correct, *, settings: Mapping[str, str] | None = None, laws: Iterable[Law] = LAWS
) -> Report:
    """Try every law on a desk, each with an account of its own. ``rehearsal`` makes a correct bot from ``desk.environment``;
    ``settings`` replaces defaults. What a desk raises that it must not is a broken law."""
    return Report(desk.name, tuple(_result(law, desk, rehearsal, settings) for law in laws))


def _result(law: Law, desk: Desk[Any], rehearsal: Correct, settings: Mapping[str, str] | None) -> Result:
    verdict: Verdict = "holds"
    detail = ""
    try:
        law.prove(House(desk, rehearsal, settings))
    except Broken as error:
        verdict, detail = "broken", str(error)
    except DoesNotApply as error:
        verdict, detail = "does not apply", str(error)
    except Exception as error:  # noqa: BLE001  whatever a desk throws is the finding
        verdict, detail = "broken", f"{type(error).__name__}: {error}"
    return Result(law, verdict, detail)


__all__ = [
    "LAWS",
    "Broken",
    "DoesNotApply",
    "House",
    "Law",
    "Report",
    "Result",
    "check_desk",
    "declared",
    "talking",
    "wires",
]
