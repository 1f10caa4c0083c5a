"""Reading what a bot sends as PHP would: numbers out of strings, flags, lists that are objects with numbers for keys."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from chatdrill.wire import HttpRequest, read_arguments
from chatdrill_fakes.families.desks.brackets import nested

_NUMBER = re.compile(r"\s*([+-]?\d{1,15})")
_DEEP_MAX = 24
_LONG = 20_000
_HIDDEN = frozenset({"auth", "client_secret", "refresh_token", "client_id", "bottoken", "bot_token", "token"})


def arguments_of(request: HttpRequest) -> dict[str, Any]:
    """All arguments of a request, brackets and JSON alike, as one tree. Never raises."""
    read = read_arguments(request)
    given = {**nested(read.pairs), **(read.values if read.encoding == "json" else {})}
    return {str(key): shallow(value) for key, value in given.items()}


def shallow(value: Any, depth: int = 0) -> Any:
    """The value without what lies absurdly deep."""
    if depth > _DEEP_MAX:
        return ""
    if isinstance(value, Mapping):
        return {str(key): shallow(item, depth + 1) for key, item in value.items()}
    if isinstance(value, list):
        return [shallow(item, depth + 1) for item in value]
    return value


def shown(value: Any) -> Any:
    """The value as a trace may show it: no secrets, no contents of files."""
    if isinstance(value, dict):
        return {key: shown(item) for key, item in value.items() if key.lower() not in _HIDDEN}
    if isinstance(value, list):
        return [shown(item) for item in value]
    return f"({len(value)} characters)" if isinstance(value, str) and len(value) > _LONG else value


def number(value: Any) -> int:
    """What PHP's ``(int)`` makes of it; 0 for what is none."""
    if isinstance(value, bool | float):
        return int(value) if abs(value) < 1e15 else 0
    found = _NUMBER.match(str(value)) if isinstance(value, str | int) else None
    return int(found[1]) if found else 0


def text(value: Any) -> str:
    """A scalar as text; nothing for anything else."""
    if isinstance(value, bool):
        return "1" if value else ""
    return str(value) if isinstance(value, str | int | float) else ""


def flag(value: Any, default: bool = False) -> bool:
    """``Y``, ``1`` and true; ``default`` where nothing is said."""
    return default if value is None or value == "" else text(value).upper() in ("Y", "1", "TRUE")


def rows(value: Any) -> list[Any]:
    """A list, however a form spelt it."""
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []


def table(value: Any) -> dict[str, Any]:
    """An object; an empty one for anything else."""
    return value if isinstance(value, dict) else {}


def upper(value: Mapping[str, Any]) -> dict[str, Any]:
    """The same with upper-case names: the portal does not mind their case."""
    return {key.upper(): item for key, item in value.items()}


def iso(at: float) -> str:
    """A moment as the portal writes it."""
    return datetime.fromtimestamp(int(at), UTC).isoformat()
