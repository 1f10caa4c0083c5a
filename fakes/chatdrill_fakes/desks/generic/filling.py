"""Templates: any JSON value with ``{names}`` in its texts. A text that is one name alone keeps the value's type."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import msgspec

_NAME = re.compile(r"\{\{|\}\}|\{(\w+)\}")
_ALONE = re.compile(r"\{(\w+)\}")


def fill(template: Any, names: Mapping[str, Any]) -> Any:
    """The template with every name in its place; raises ``KeyError`` for a name that is not given."""
    if isinstance(template, str):
        if (alone := _ALONE.fullmatch(template)) is not None:
            return names[alone[1]]
        return _NAME.sub(lambda match: match[0][0] if match[1] is None else _text(names[match[1]]), template)
    if isinstance(template, Mapping):
        return {fill_text(key, names): fill(value, names) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, names) for value in template]
    return template


def fill_text(template: str, names: Mapping[str, Any]) -> str:
    """The same for what must become a text."""
    return _text(fill(template, names))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()


def names_in(template: Any) -> Iterator[str]:
    """The names that a template uses."""
    if isinstance(template, str):
        yield from (match[1] for match in _NAME.finditer(template) if match[1] is not None)
    elif isinstance(template, Mapping):
        for key, value in template.items():
            yield from names_in(key)
            yield from names_in(value)
    elif isinstance(template, list):
        for value in template:
            yield from names_in(value)
