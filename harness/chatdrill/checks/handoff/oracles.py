"""Patterns of a scenario as parameters of a check."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from chatdrill.checks.parameters import Parameter

Patterns = tuple[str, ...]


def patterns(*default: str) -> Parameter:
    """A list of regular expressions, or one; upper and lower case are the same. ``{name}`` stands for a fact of the scenario."""
    return Parameter(default, _read)


def _read(value: Any) -> Patterns:
    items = [value] if isinstance(value, str) else value
    if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
        raise ValueError(f"expected a list of regular expressions, got {value!r}")
    for item in items:
        try:
            re.compile(item)
        except re.error as error:
            raise ValueError(f"{item!r} is no regular expression: {error}") from error
    return tuple(items)


def compiled(given: Sequence[str], facts: Mapping[str, Any]) -> tuple[re.Pattern[str], ...]:
    """The patterns, with the scenario's facts filled in by their literal texts."""
    return tuple(re.compile(_filled(pattern, facts), re.IGNORECASE) for pattern in given)


def _filled(pattern: str, facts: Mapping[str, Any]) -> str:
    for name, value in facts.items():
        pattern = pattern.replace(f"{{{name}}}", re.escape(str(value)))
    return pattern
