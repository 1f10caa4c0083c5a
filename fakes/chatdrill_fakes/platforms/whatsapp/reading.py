"""Reading the body of a call: each value with the path under which Meta's error messages name it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping
from typing import Any

from chatdrill_fakes.families.meta import GraphError, object_argument
from chatdrill_fakes.platforms.whatsapp.errors import problem

_EMOJI = re.compile("[\U0001f000-\U0001faff\u2600-\u27bf\u2b05-\u2b55\ufe0f]")


class Node:
    """An object of the body. ``path`` reads ``interactive['action']['buttons'][0]``."""

    __slots__ = ("path", "value")

    def __init__(self, value: Mapping[str, Any], path: str) -> None:
        self.value = value
        self.path = path

    @classmethod
    def read(cls, value: Any, path: str) -> Node:
        """A value that must be an object; a string may hold it as JSON (forms)."""
        value = value if isinstance(value, dict) else object_argument(value)
        if not isinstance(value, dict):
            raise problem(100, f"Param {path} must be a JSON object.")
        return cls(value, path)

    def at(self, name: str) -> str:
        """The path of a field."""
        return f"{self.path}['{name}']"

    def has(self, name: str) -> bool:
        """True if a field is there and not empty."""
        return self.value.get(name) not in (None, "", [], {})

    def node(self, name: str) -> Node:
        """A required object."""
        if self.value.get(name) is None:
            raise problem(131008, f"Param {self.at(name)} is required.")
        return Node.read(self.value[name], self.at(name))

    def optional(self, name: str) -> Node | None:
        """An object that may be missing."""
        return self.node(name) if self.value.get(name) is not None else None

    def nodes(self, name: str, least: int, most: int, what: str = "") -> list[Node]:
        """A list of objects whose length must lie between two bounds."""
        value = object_argument(self.value.get(name))
        if value is None:
            raise problem(131008, f"Param {self.at(name)} is required.")
        if not isinstance(value, list):
            raise problem(100, f"Param {self.at(name)} must be an array.")
        if not least <= len(value) <= most:
            raise self.wrong(f"{what or self.at(name)} count invalid. Min: {least}, Max: {most}, got {len(value)}")
        return [Node.read(each, f"{self.at(name)}[{i}]") for i, each in enumerate(value)]

    def text(self, name: str, most: int | None = None, *, what: str = "") -> str:
        """A required text of at most ``most`` characters (131009 with ``what`` in words, else 100 with the path)."""
        value = self.value.get(name)
        if not isinstance(value, str) and isinstance(value, bool | dict | list):
            raise problem(100, f"Param {self.at(name)} must be a string.")
        if value == "" and what:
            raise self.wrong(f"{what} length invalid. Min length: 1, Max length: {most}")
        if value is None or value == "":
            raise problem(131008, f"Param {self.at(name)} is required.")
        return self._bounded(str(value), name, most, what)

    def optional_text(self, name: str, most: int | None = None, *, what: str = "") -> str | None:
        """A text that may be missing or empty."""
        return self.text(name, most, what=what) if self.value.get(name) not in (None, "") else None

    def _bounded(self, text: str, name: str, most: int | None, what: str) -> str:
        if most is not None and len(text) > most:
            if what:
                raise self.wrong(f"{what} length invalid. Min length: 1, Max length: {most}")
            raise problem(100, f"Param {self.at(name)} must be at most {most} characters long.")
        return text

    def number(self, name: str, least: float, most: float) -> float:
        """A required number, or a string that holds one."""
        value = self.value.get(name)
        if value is None or value == "":
            raise problem(131008, f"Param {self.at(name)} is required.")
        try:
            number = float(value) if isinstance(value, str | int | float) else math.nan
        except (ValueError, OverflowError):
            number = math.nan
        if not least <= number <= most:
            raise problem(100, f"Param {self.at(name)} must be a number between {least:g} and {most:g}.")
        return number

    def choice(self, name: str, options: Iterable[str], default: str | None = None) -> str:
        """One of several words, in any letter case."""
        value = self.value.get(name, default)
        word = value.lower() if isinstance(value, str) else ""
        known = tuple(options)
        if word in known:
            return word
        if value is None:
            raise problem(131008, f"Param {self.at(name)} is required.")
        raise problem(100, f'Param {self.at(name)} must be one of {{{", ".join(known).upper()}}} - got "{value}".')

    def wrong(self, details: str) -> GraphError:
        """Error 131009 about a value below this object."""
        return problem(131009, details)


def has_emoji(text: str) -> bool:
    """True if a text has a pictograph in it."""
    return _EMOJI.search(text) is not None


def unique(values: Iterable[str], what: str) -> None:
    """Raise 131009 if a value appears twice."""
    seen: set[str] = set()
    for value in values:
        if value in seen:
            raise problem(131009, f"Duplicated {what}: {value}")
        seen.add(value)
