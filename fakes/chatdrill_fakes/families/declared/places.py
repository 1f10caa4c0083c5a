"""Where things lie in a request: ``customer.phone``, ``items[].url``, ``path:id``, ``query:key``, ``header:X-Id``, ``=word``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from chatdrill.wire import HttpRequest

_STEP = re.compile(r"[^.\[\]]+(\[\])?")
_SOURCES = ("path", "query", "header")


def problem_of(place: str) -> str | None:
    """What is wrong with a place, or ``None``."""
    source, colon, name = place.partition(":")
    if colon:
        if source not in _SOURCES:
            return f"{place!r} begins with none of {', '.join(f'{each}:' for each in _SOURCES)}"
        return None if name else f"{place!r} names nothing behind {source}:"
    if place.startswith("="):
        return None
    steps = place.split(".")
    return None if all(_STEP.fullmatch(step) for step in steps) else f"{place!r} is no place such as 'items[].url'"


def find(place: str, body: Any, request: HttpRequest, params: Mapping[str, str]) -> Any:
    """What lies there, or ``None``. A list's ``[]`` gives what lies in each element."""
    source, colon, name = place.partition(":")
    if place.startswith("="):
        return place[1:]
    if not colon:
        return inside(place, body)
    if source == "path":
        return params.get(name)
    return request.header(name) if source == "header" else dict(request.query).get(name)


def inside(place: str, body: Any) -> Any:
    """What lies at a place of the body."""
    if place == ".":
        return body
    if type(body) is dict and "." not in place and "[" not in place:  # what most places are
        return body.get(place)
    return _walk(place.split("."), body)


def _walk(steps: list[str], value: Any) -> Any:
    if not steps:
        return value
    step, rest = steps[0], steps[1:]
    name = step.removesuffix("[]")
    if isinstance(value, dict):
        found = value.get(name)
    else:
        found = value[int(name)] if isinstance(value, list) and _is_index(name, value) else None
    if step.endswith("[]"):
        return [_walk(rest, item) for item in found] if isinstance(found, list) else None
    return _walk(rest, found)


def _is_index(name: str, value: list[Any]) -> bool:
    return name.isascii() and name.isdecimal() and len(name) < 10 and int(name) < len(value)
