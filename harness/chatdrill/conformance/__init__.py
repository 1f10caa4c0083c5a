"""The conformance kit: laws that hold for every helpdesk, and laws that hold for every messenger, tried on one.

from chatdrill.conformance import check_desk, check_platform

report = check_platform(platform, sheet)
assert not report.broken, report
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# isort: off
from chatdrill.conformance import talking, wires, declared  # in the order of the laws
from chatdrill.conformance.platforms import PLATFORM_LAWS, check_platform

# isort: on
from chatdrill.conformance.house import LAWS, Correct, House
from chatdrill.conformance.page import platform_page
from chatdrill.conformance.report import Broken, DoesNotApply, Law, Report, Result, Verdict, judge
from chatdrill.conformance.scene import Scene
from chatdrill.wire import Desk


def check_desk(
    desk: Desk[Any], rehearsal: Correct, *, settings: Mapping[str, str] | None = None, laws: Iterable[Law[House]] = LAWS
) -> Report:
    """Try every law on a desk, each with an account of its own. ``rehearsal`` makes a correct bot from ``desk.environment``;
    ``settings`` replaces defaults. What a desk raises that it must not is a broken law."""
    return Report(desk.name, tuple(judge(law, lambda: House(desk, rehearsal, settings)) for law in laws))


__all__ = [
    "LAWS",
    "PLATFORM_LAWS",
    "Broken",
    "DoesNotApply",
    "House",
    "Law",
    "Report",
    "Result",
    "Scene",
    "Verdict",
    "check_desk",
    "check_platform",
    "declared",
    "platform_page",
    "talking",
    "wires",
]
