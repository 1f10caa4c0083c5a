"""The parameters of checks: what they are by default, and how a value that somebody wrote is read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from chatdrill.engine.durations import seconds
from chatdrill.errors import did_you_mean

Parameters = Mapping[str, Any]


@dataclass(frozen=True)
class Parameter:
    """``default`` as a person writes it; ``read`` turns it into what the check uses, or raises ``ValueError``."""

    default: Any
    read: Callable[[Any], Any] = lambda value: value


def duration(default: str | None) -> Parameter:
    """A time such as ``10s``; the check gets seconds."""
    return Parameter(default, lambda value: None if value is None else seconds(value))


def whole(default: int) -> Parameter:
    """A whole number of at least one."""

    def read(value: Any) -> int:
        try:
            number = int(value)
        except (TypeError, ValueError):
            number = 0
        if number < 1 or isinstance(value, bool):
            raise ValueError(f"expected a whole number of at least 1, got {value!r}")
        return number

    return Parameter(default, read)


def words(*default: str) -> Parameter:
    """A list of words, or one text with commas."""

    def read(value: Any) -> tuple[str, ...]:
        items = value.split(",") if isinstance(value, str) else value
        if not isinstance(items, list | tuple) or not all(isinstance(item, str) for item in items):
            raise ValueError(f"expected a list of words, got {value!r}")
        return tuple(item.strip() for item in items if item.strip())

    return Parameter(default, read)


def choice(default: str, *others: str) -> Parameter:
    """One of a few words."""

    known = (default, *others)

    def read(value: Any) -> str:
        if value not in known:
            raise ValueError(f"expected {' or '.join(known)}, got {value!r}{did_you_mean(str(value), known)}")
        return str(value)

    return Parameter(default, read)
