"""Where things lie in a request: ``customer.phone``, ``items[].url``, ``path:id``, ``query:key``, ``header:X-Id``, ``=word``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
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
    return finder(place)(body, request, params)


def inside(place: str, body: Any) -> Any:
    """What lies at a place of the body."""
    return _walk(_steps(place), body)


@lru_cache(maxsize=1024)
def finder(place: str) -> Callable[[Any, HttpRequest, Mapping[str, str]], Any]:
    """What looks at a place, as ``find`` does; made once, for every call looks at the same ones."""
    source, colon, name = place.partition(":")
    if place.startswith("="):
        return lambda _body, _request, _params: place[1:]
    if not colon:
        steps = _steps(place)
        if steps == ((place, False),):  # what most places are
            return lambda body, _request, _params: body.get(place) if type(body) is dict else _walk(steps, body)
        return lambda body, _request, _params: _walk(steps, body)
    if source == "path":
        return lambda _body, _request, params: params.get(name)
    if source == "header":
        return lambda _body, request, _params: request.header(name)
    return lambda _body, request, _params: dict(request.query).get(name)


@lru_cache(maxsize=1024)
def _steps(place: str) -> tuple[tuple[str, bool], ...]:
    """The names on the way to a place, each with whether it goes on into every element of a list."""
    if place == ".":
        return ()
    return tuple((step.removesuffix("[]"), step.endswith("[]")) for step in place.split("."))


def _walk(steps: tuple[tuple[str, bool], ...], value: Any) -> Any:
    for number, (name, into_each) in enumerate(steps, 1):
        if isinstance(value, dict):
            value = value.get(name)
        else:
            value = value[int(name)] if isinstance(value, list) and _is_index(name, value) else None
        if into_each:
            return [_walk(steps[number:], item) for item in value] if isinstance(value, list) else None
        if value is None:
            return None
    return value


def _is_index(name: str, value: list[Any]) -> bool:
    return name.isascii() and name.isdecimal() and len(name) < 10 and int(name) < len(value)
