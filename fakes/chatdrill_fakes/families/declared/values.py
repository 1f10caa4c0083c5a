"""Values out of JSON that anybody may have sent, and moments as templates name them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

NESTING_MAX = 100  # what Ruby and others parse at most; deeper values could not be written again


def word_of(value: Any) -> str | None:
    """A text, or a number as one; ``None`` for anything else and for nothing."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "" else None


def is_too_deep(value: Any) -> bool:
    """True for what is nested deeper than ``NESTING_MAX``."""
    level, depth = [value], 0
    while level and depth <= NESTING_MAX:
        inner = [each.values() if isinstance(each, dict) else each for each in level if isinstance(each, (dict, list))]
        level, depth = [item for items in inner for item in items], depth + 1
    return bool(level)


def flat(value: Any) -> list[str]:
    """Texts, however deep in lists."""
    found, left = [], [value]
    while left:
        item = left.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, list):
            left += reversed(item)
    return found


def times(now: float) -> dict[str, Any]:
    """A moment as templates name it."""
    iso = datetime.fromtimestamp(now, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return {"now": int(now), "now_ms": int(now * 1000), "now_iso": iso}
