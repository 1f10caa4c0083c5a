"""Templates: any JSON value with ``{names}`` in its texts. A text that is one name alone keeps the value's type."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import lru_cache
from operator import itemgetter
from typing import Any

import msgspec

NAME = re.compile(r"\{\{|\}\}|\{(\w+)\}")
ALONE = re.compile(r"\{(\w+)\}")

Filler = Callable[[Mapping[str, Any]], Any]


def fill(template: Any, names: Mapping[str, Any]) -> Any:
    """The template with every name in its place; raises ``KeyError`` for a name that is not given."""
    if isinstance(template, str):
        return _words(template)(names)
    if isinstance(template, Mapping):
        return {fill_text(key, names): fill(value, names) for key, value in template.items()}
    if isinstance(template, list):
        return [fill(value, names) for value in template]
    return template


@lru_cache(maxsize=1024)
def _words(template: str) -> Filler:
    """What fills in a text, read once: every message fills in the same ones."""
    if (alone := ALONE.fullmatch(template)) is not None:
        return itemgetter(alone[1])
    used = tuple(names_in(template))
    form = NAME.sub(lambda match: match[0][0] if match[1] is None else "%s", template.replace("%", "%%"))
    if not used:
        constant = form % ()
        return lambda _names: constant
    return lambda names: form % tuple([_text(names[name]) for name in used])


def filler(template: Any) -> Filler:
    """What fills in a template, made once for many times. What comes to nothing is left out of its table or list: a request need
    not have every key."""
    if isinstance(template, Mapping):
        return _table([(key, filler(each)) for key, each in template.items()])
    if isinstance(template, list):
        return _list([filler(each) for each in template])
    return _leaf(template)


def full_filler(template: Any) -> Filler:
    """The same, but every key stays."""
    if isinstance(template, Mapping):
        fillers = [(key, full_filler(each)) for key, each in template.items()]
        return lambda names: {key: each(names) for key, each in fillers}
    if isinstance(template, list):
        items = [full_filler(each) for each in template]
        return lambda names: [each(names) for each in items]
    return _leaf(template)


def _leaf(template: Any) -> Filler:
    return _words(template) if isinstance(template, str) else lambda _names: template


def _table(fillers: list[tuple[str, Filler]]) -> Filler:
    def fill_table(names: Mapping[str, Any]) -> Any:
        found = {key: value for key, each in fillers if (value := each(names)) is not None}
        return found if found or not fillers else None

    return fill_table


def _list(fillers: list[Filler]) -> Filler:
    return lambda names: [value for each in fillers if (value := each(names)) is not None]


def fill_text(template: str, names: Mapping[str, Any]) -> str:
    """The same for what must become a text."""
    return _text(_words(template)(names))


def _text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else msgspec.json.encode(value).decode()


def names_in(template: Any) -> Iterator[str]:
    """The names that a template uses."""
    if isinstance(template, str):
        yield from (match[1] for match in NAME.finditer(template) if match[1] is not None)
    elif isinstance(template, Mapping):
        for key, value in template.items():
            yield from names_in(key)
            yield from names_in(value)
    elif isinstance(template, list):
        for value in template:
            yield from names_in(value)
