"""Fields of JSON objects inside arguments, with the complaints of the real server.

Source: tdlib/td, JsonObject::get_required_string_field and its siblings. A ``FieldError`` holds the bare complaint; who
reads the object adds what it was parsing.
"""

from __future__ import annotations

from typing import Any, TypeVar

T = TypeVar("T")
_INT32 = range(-(1 << 31), 1 << 31)
_INT64 = range(-(1 << 63), 1 << 63)
_MISSING = object()


class FieldError(ValueError):
    """A field is missing or of the wrong type; the text is the server's."""


def _number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def text_field(owner: dict[str, Any], name: str, default: str | None = None) -> str:
    """A string; numbers count as their text. Required unless a ``default`` is given."""
    value = owner.get(name, _MISSING)
    if isinstance(value, str):
        return value
    if _number(value):
        return str(value)
    if value is _MISSING:
        return _default(name, default)
    raise FieldError(f'Field "{name}" must be of type String')


def bool_field(owner: dict[str, Any], name: str) -> bool:
    """An optional boolean; false if absent."""
    value = owner.get(name, False)
    if not isinstance(value, bool):
        raise FieldError(f'Field "{name}" must be of type Boolean')
    return value


def int_field(owner: dict[str, Any], name: str, default: int | None = None, *, wide: bool = False) -> int:
    """An integer of 32 (``wide``: 64) bits, also in a string. Required unless a ``default`` is given."""
    value = owner.get(name, _MISSING)
    if value is _MISSING:
        return _default(name, default)
    if not _number(value) and not isinstance(value, str):
        raise FieldError(f'Field "{name}" must be a Number')
    try:
        found = value if isinstance(value, int) else int(str(value)[:40])
    except ValueError:
        found = None
    if found is None or found not in (_INT64 if wide else _INT32):
        raise FieldError(f'Field "{name}" must be a valid Number')
    return found


def object_field(owner: dict[str, Any], name: str) -> dict[str, Any]:
    """A required object."""
    value = owner.get(name, _MISSING)
    if value is _MISSING:
        raise FieldError(f'Can\'t find field "{name}"')
    if not isinstance(value, dict):
        raise FieldError(f'Field "{name}" must be of type Object')
    return value


def array_field(owner: dict[str, Any], name: str) -> list[Any]:
    """An optional array; empty if absent."""
    value = owner.get(name, _MISSING)
    if value is _MISSING:
        return []
    if not isinstance(value, list):
        raise FieldError(f'Field "{name}" must be of type Array')
    return value


def _default(name: str, default: T | None) -> T:
    if default is None:
        raise FieldError(f'Can\'t find field "{name}"')
    return default
