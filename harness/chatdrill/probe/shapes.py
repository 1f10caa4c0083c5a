"""What is done to bodies: fields are added, the text is altered, JSON is written otherwise, strings are made long."""

from __future__ import annotations

import json
from typing import Any

NOVELTY = "chatdrill_novelty"
"""A field that no vendor has."""
MARK = "CHATDRILLMARK"
"""Stands in a text for what only bytes can say."""


def as_json(body: bytes) -> Any:
    """The value of a JSON body; raises ``ValueError`` for any other."""
    return json.loads(body)


def compact(value: object) -> bytes:
    """JSON without spaces, every character beyond ASCII escaped."""
    return json.dumps(value, separators=(",", ":")).encode()


def with_novelties(value: Any) -> Any:
    """The value with a new field in every object."""
    if isinstance(value, dict):
        known = {key: with_novelties(item) for key, item in value.items()}
        return {**known, NOVELTY: {"since": "next year", "list": [1, None]}}
    return [with_novelties(item) for item in value] if isinstance(value, list) else value


def emptied(body: bytes) -> bytes | None:
    """The JSON object with nothing in its lists; ``None`` where it has none. Raises ``ValueError`` for no JSON."""
    value = as_json(body)
    if not isinstance(value, dict) or not any(isinstance(item, list) for item in value.values()):
        return None
    return compact({key: [] if isinstance(item, list) else item for key, item in value.items()})


def padded(body: bytes, size: int) -> bytes:
    """The JSON object with one long string more, so that it has ``size`` bytes; raises ``ValueError`` for no object."""
    value = as_json(body)
    if not isinstance(value, dict):
        raise ValueError("not an object")  # noqa: TRY004  callers catch one kind
    empty = compact({**value, NOVELTY: ""})
    return compact({**value, NOVELTY: "x" * max(0, size - len(empty))})


def rewritten(body: bytes) -> bytes:
    """The same JSON as another program would write it: with spaces, characters as they are, slashes bare."""
    again = json.dumps(as_json(body), ensure_ascii=False).encode()
    return again if again != body else again + b"\n"
