"""The laws of a messenger."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

# isort: off
from chatdrill.conformance.platforms import (
    hooks,
    talk,
    reading,
    declared,
    calls,
    hostile,
    inside,
)  # in the order of the laws

# isort: on
from chatdrill.conformance.report import Law, Report, judge
from chatdrill.conformance.scene import LAWS, Scene
from chatdrill.wire import Platform
from chatdrill.wire.sheets import Sheet

PLATFORM_LAWS = LAWS


def check_platform(
    platform: Platform[Any],
    sheet: Sheet,
    *,
    settings: Mapping[str, str] | None = None,
    laws: Iterable[Law[Scene]] = PLATFORM_LAWS,
    effort: int = 1,
) -> Report:
    """Try every law on a platform, each with an account of its own. ``settings`` replaces defaults and those of the sheet;
    ``effort`` times as much is drawn as usual. What a platform raises that it must not is a broken law."""
    return Report(platform.name, tuple(judge(law, lambda: Scene(platform, sheet, settings, effort)) for law in laws))


__all__ = ["PLATFORM_LAWS", "calls", "check_platform", "declared", "hooks", "hostile", "inside", "reading", "talk"]
