"""Values out of JSON that anybody may have sent, and moments as templates name them."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

NESTING_MAX = 100  # what Ruby and others parse at most; deeper values could not be written again


def word_of(value: Any) -> str | None:
    """A text, or a number as one; ``None`` for anything else and for nothing."""
    return str(value) if isinstance(value, str | int | float) and not isinstance(value, bool) and value != "" else None


def is_too_deep(value: Any) -> bool:
    """True for what is nested deeper than ``NESTING_MAX``."""
    level, depth = [value] if isinstance(value, dict | list) else [], 0  # the dicts and lists of one depth
    while level and depth < NESTING_MAX:
        inner = [item for each in level for item in (each.values() if type(each) is dict else each)]
        level, depth = [item for item in inner if type(item) is dict or type(item) is list], depth + 1
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
    now_ms = int(now * 1000)
    second, ms = divmod(now_ms, 1000)
    return {"now": second, "now_ms": now_ms, "now_iso": f"{_iso(second)}.{ms:03}Z"}


@lru_cache(maxsize=256)
def _iso(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).isoformat().removesuffix("+00:00")
