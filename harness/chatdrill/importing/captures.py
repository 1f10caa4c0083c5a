"""What a platform's package knows of its own traffic: webhooks and calls, read as turns. Found by entry points of the group
``chatdrill.captures``, one for a platform."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from chatdrill.importing.dialog import Turn

Body = Mapping[str, Any]
Said = Iterator[tuple[str, Turn]]
GROUP = "chatdrill.captures"


@dataclass(frozen=True)
class Capture:
    """``knows(body)``: whether a JSON object is a webhook of the platform's. ``webhook(body, at)`` and ``call(url, body, answer, at)``
    give turns with the chat that each belongs to; ``at`` counts where the vendor gives no time. ``hosts`` are those of the API."""

    platform: str
    hosts: tuple[str, ...]
    knows: Callable[[Body], bool]
    webhook: Callable[[Body, float], Said]
    call: Callable[[str, Body, Body, float], Said]


@lru_cache(maxsize=1)
def captures() -> tuple[Capture, ...]:
    """What all installed platforms know."""
    from importlib.metadata import entry_points

    return tuple(point.load() for point in sorted(entry_points(group=GROUP), key=lambda point: point.name))
