"""Search queries and pages. Source: Intercom's OpenAPI description 2.14, the three search calls and pagination."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import msgspec

from chatdrill_fakes.desks.intercom.errors import invalid
from chatdrill_fakes.desks.intercom.reading import Call, mapping, text_of
from chatdrill_fakes.desks.intercom.state import IntercomState

FILTERS_MAX, NESTED_MAX, PER_PAGE_MAX = 15, 2, 150
"""Filters of one group, groups inside each other, objects on a page. Source: search conversations, 2.14."""

Json = dict[str, Any]


def _same(have: Any, want: Any) -> bool:
    if isinstance(have, list):
        return any(_same(one, want) for one in have)
    if isinstance(have, bool) or isinstance(want, bool):
        return str(have).lower() == str(want).lower()
    return have is want if have is None or want is None else str(have) == str(want)


def _number(value: Any) -> float | None:
    try:
        return None if isinstance(value, bool) else float(value)
    except (TypeError, ValueError):
        return None


def _less(have: Any, want: Any) -> bool:
    left, right = _number(have), _number(want)
    return left is not None and right is not None and left < right


def _within(have: Any, want: Any) -> bool:
    values = have if isinstance(have, list) else [have]
    return any(str(want).lower() in str(one).lower() for one in values if one is not None)


_OPERATORS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": _same,
    "!=": lambda have, want: not _same(have, want),
    "IN": lambda have, want: isinstance(want, list) and any(_same(have, one) for one in want),
    "NIN": lambda have, want: not (isinstance(want, list) and any(_same(have, one) for one in want)),
    "<": _less,
    ">": lambda have, want: _less(want, have),
    "<=": lambda have, want: not _less(want, have) and _number(have) is not None,
    ">=": lambda have, want: not _less(have, want) and _number(have) is not None,
    "~": _within,
    "!~": lambda have, want: not _within(have, want),
    "^": lambda have, want: str(have or "").lower().startswith(str(want).lower()),
    "$": lambda have, want: str(have or "").lower().endswith(str(want).lower()),
}


def _pick(thing: Any, path: str) -> Any:
    for name in path.split("."):
        thing = thing.get(name) if isinstance(thing, Mapping) else None
    return thing


def matches(state: IntercomState, query: Any, thing: Json, depth: int = 0) -> bool:
    """True if an object answers a query; raises 400 for one that is malformed or too large."""
    if not isinstance(query, dict):
        raise invalid(state, "query is invalid")
    operator, value = text_of(query.get("operator")), query.get("value")
    if operator in ("AND", "OR"):
        if not isinstance(value, list) or len(value) > FILTERS_MAX or depth >= NESTED_MAX:
            limits = f"at most {FILTERS_MAX} filters in a group and {NESTED_MAX} nested groups are allowed"
            raise invalid(state, f"Invalid query: {limits}")
        found = [matches(state, one, thing, depth + 1) for one in value]
        return all(found) if operator == "AND" else any(found)
    field = text_of(query.get("field"))
    if operator not in _OPERATORS or not field:
        raise invalid(state, f"'{operator or field}' is not a valid operator or field")
    return _OPERATORS[operator](_pick(thing, field), value)


def found(visit: Call, things: Sequence[tuple[Json, Json]], query: Any) -> list[Json]:
    """The second of each pair whose first (what is searched) answers ``query``; the query is checked in any case."""
    matches(visit.state, query, {})
    return [shown for searched, shown in things if matches(visit.state, query, searched)]


def page(visit: Call, things: Sequence[Json], *, per_page: int, options: Json | None = None) -> tuple[list[Json], Json]:
    """One page of ``things`` and its ``pages`` object; ``options`` are those of a search, if not in the query string."""
    wanted = mapping(visit, "pagination") if options is None else options
    size = _size(visit, wanted.get("per_page", visit.values.get("per_page")), per_page)
    start = _start(visit, wanted.get("starting_after", visit.values.get("starting_after")))
    pages: Json = {
        "type": "pages",
        "page": start // size + 1,
        "per_page": size,
        "total_pages": -(-len(things) // size),
    }
    if start + size < len(things):
        pages["next"] = {"per_page": size, "starting_after": cursor(start + size)}
    return list(things[start : start + size]), pages


def cursor(offset: int) -> str:
    """A cursor: opaque to the bot."""
    return base64.b64encode(msgspec.json.encode([offset])).decode()


def _start(visit: Call, value: Any) -> int:
    if value in (None, ""):
        return 0
    try:
        (offset,) = msgspec.json.decode(base64.b64decode(text_of(value), validate=True), type=list[int])
    except (binascii.Error, ValueError, msgspec.DecodeError):
        raise invalid(visit.state, "starting_after is not a valid cursor") from None
    return max(0, min(offset, 10**9))


def _size(visit: Call, value: Any, default: int) -> int:
    number = _number(default if value is None else value)
    if number is None or not 1 <= number <= PER_PAGE_MAX:
        raise invalid(visit.state, f"per_page must be a number between 1 and {PER_PAGE_MAX}")
    return int(number)
