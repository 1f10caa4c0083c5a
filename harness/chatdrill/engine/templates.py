"""``{name}`` in the texts of a scenario.

A name is replaced by its value. ``{{name}}`` writes ``{name}``; any other brace is just a brace, so that ``\\d{6}`` and
JSON need no escaping. Replacing happens twice: when a case is made (variables, dataset row, platform) and when a step is
played (identities, captured values); a value that looks like a name itself is never replaced again.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

from chatdrill.errors import ScenarioError, did_you_mean

_NAME = r"[^\W\d]\w*(?:\.[^\W\d]\w*)?"
_HOLE = re.compile(rf"\{{\{{({_NAME})\}}\}}|\{{({_NAME})\}}")
_LOOKS_LIKE_HOLE = re.compile(rf"\{{{_NAME}\}}")


def plain(value: object) -> str:
    """A variable's value as text: ``553``, ``2.5``, ``true``; nothing for ``None``."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)


def bare(data: Any) -> Any:
    """Plain data whose decimal numbers are just numbers, however they were written."""
    if isinstance(data, float):
        return float(data)
    if isinstance(data, Mapping):
        return {str(key): bare(value) for key, value in data.items()}
    return [bare(item) for item in data] if isinstance(data, list | tuple) else data


def looks_unfilled(text: str) -> bool:
    """Whether something like ``{name}`` stands in ``text``."""
    return _LOOKS_LIKE_HOLE.search(text) is not None


def names(text: str) -> frozenset[str]:
    """The names that ``text`` asks for."""
    return frozenset(name for _, name in _HOLE.findall(text) if name)


def fill(text: str, values: Mapping[str, str], *, quote: Callable[[str], str] = str) -> str:
    """Replace the names that have a value and leave everything else, escapes included, for later."""

    def value(found: re.Match[str]) -> str:
        name = found[2]
        if name is None or name not in values:
            return found[0]
        return escaped(quote(values[name]))

    return _HOLE.sub(value, text)


def escaped(value: str) -> str:
    """``value`` so that ``render`` gives it back as it is."""
    return _LOOKS_LIKE_HOLE.sub(lambda hole: "{" + hole[0] + "}", value)


def render(text: str, values: Mapping[str, str], *, quote: Callable[[str], str] = str) -> str:
    """Replace every name and resolve the escapes. Raises ``ScenarioError`` for a name without a value."""

    def value(found: re.Match[str]) -> str:
        literal, name = found[1], found[2]
        if literal is not None:
            return "{" + literal + "}"
        if name not in values:
            raise ScenarioError(unknown_name(name, values))
        return quote(values[name])

    return _HOLE.sub(value, text)


def rename(text: str, old: str, new: str) -> str:
    """``{old.field}`` becomes ``{new.field}``."""

    def name(found: re.Match[str]) -> str:
        owner, _, field = (found[2] or "").partition(".")
        return f"{{{new}.{field}}}" if owner == old and field else found[0]

    return _HOLE.sub(name, text)


def unknown_name(name: str, known: Mapping[str, Any] | frozenset[str]) -> str:
    """The sentence about a name that nobody gave a value."""
    hint = did_you_mean(name, known)
    return f"{{{name}}} has no value here{hint} (to write the braces themselves, double them: {{{{{name}}}}})"


_VERBATIM_BELOW = frozenset({"data", "values"})


def map_texts(data: Any, change: Callable[[str, str], str], key: str = "") -> Any:
    """Apply ``change(text, key)`` to every text with a brace in plain data; ``key`` is the field the text stands in."""
    if isinstance(data, str):
        return change(data, key) if "{" in data else data
    if isinstance(data, dict):
        inner = key in _VERBATIM_BELOW  # a vendor's own field names mean nothing to us
        return {name: map_texts(item, change, key if inner else name) for name, item in data.items()}
    if isinstance(data, list | tuple):
        return type(data)(map_texts(item, change, key) for item in data)
    return data
