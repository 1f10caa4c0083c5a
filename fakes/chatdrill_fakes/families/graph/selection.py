"""``fields=id,messages.limit(5){id,message}`` and pages of lists, as every node of the Graph API has them."""

from __future__ import annotations

import re
from base64 import b64decode, b64encode
from binascii import Error as Base64Error
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from chatdrill_fakes.families.meta import GraphError

from .call import Asked
from .state import Json, Shared

PAGE_SIZE = 25
_PAGE_MAX = 500
_DEPTH_MAX = 5
_TOKEN = re.compile(r"\s*(\w+)((?:\.\w+\([^()]*\))*)\s*")
_LIMIT = re.compile(r"\.limit\((\d{1,4})\)")


@dataclass(slots=True)
class Field:
    """One field that was asked for, with the fields inside it and how many of a list."""

    name: str
    limit: int = PAGE_SIZE
    inner: list[Field] = field(default_factory=list)


def read_fields(value: Any, default: str) -> list[Field]:
    """Parse ``fields``. Raises error 2500 for what is no field list."""
    text = ",".join(str(one) for one in value) if isinstance(value, list) else str(value or default)
    found, end = _list(text[:2000], 0, 0)
    if end != len(text[:2000]):
        raise _syntax(text[end : end + 20])
    return found


def _list(text: str, at: int, depth: int) -> tuple[list[Field], int]:
    if depth > _DEPTH_MAX:
        raise _syntax(text[at : at + 20])
    found: list[Field] = []
    while token := _TOKEN.match(text, at):
        limit = _LIMIT.search(token[2])
        one = Field(token[1], int(limit[1]) if limit else PAGE_SIZE)
        at = token.end()
        if text[at : at + 1] == "{":
            one.inner, at = _list(text, at + 1, depth + 1)
            if text[at : at + 1] != "}":
                raise _syntax(text[at : at + 20])
            at += 1
        found.append(one)
        if text[at : at + 1] != ",":
            break
        at += 1
    return found, at


def _syntax(near: str) -> GraphError:
    return GraphError(2500, f"Syntax error \"Expected end of string instead of '{near}'\" in fields")


def select(values: Mapping[str, Any], fields: Sequence[Field]) -> Json:
    """The values of the fields asked for, and always the id."""
    names = [one.name for one in fields]
    return {name: values[name] for name in (*names, "id") if values.get(name) is not None}


def page(found: Sequence[Any], asked: Asked[Shared], *, limit: int | None = None) -> Json:
    """One page of a list, by ``limit``, ``after`` and ``before``; ``next`` only where there is more."""
    size = limit if limit is not None else _number(asked.values.get("limit"), PAGE_SIZE)
    size = max(1, min(size, _PAGE_MAX))
    start = _number(_uncursor(asked.values.get("after")), 0)
    before = _uncursor(asked.values.get("before"))
    if before is not None:
        start = max(0, _number(before, 1) - 1 - size)
    shown = found[start : start + size]
    if not shown:
        return {"data": []}
    paging: Json = {"cursors": {"before": _cursor(start + 1), "after": _cursor(start + len(shown))}}
    if start + len(shown) < len(found):
        paging["next"] = (
            f"{asked.exchange.base_url}{asked.exchange.request.path}?limit={size}&after={paging['cursors']['after']}"
        )
    return {"data": list(shown), "paging": paging}


def _cursor(position: int) -> str:
    return b64encode(f"c{position}".encode()).decode().rstrip("=")


def _uncursor(value: Any) -> str | None:
    """The position in a cursor; ``None`` for none, or for one that nobody gave out."""
    if not isinstance(value, str) or not value.isascii():
        return None
    try:
        return b64decode(value + "=" * (-len(value) % 4)).decode("ascii", "replace")[1:]
    except (Base64Error, ValueError):
        return None


def _number(value: Any, default: int) -> int:
    word = str(value)
    return int(word) if word.isascii() and word.isdigit() and len(word) < 9 else default
