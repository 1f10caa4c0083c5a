"""Reading what a bot sends: every wrong property is written down, as LINE lists all of them in one answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

import msgspec

from chatdrill_fakes.platforms.line import limits
from chatdrill_fakes.platforms.line.errors import malformed
from chatdrill_fakes.platforms.line.writing import units

_LOOPBACK = ("127.0.0.1", "localhost", "::1")
_JOINER, _LAST_SKIN = "\u200d", range(0x1F3FB, 0x1F400)
EMPTY, SPECIFIED = "May not be empty", "must be specified"


def signs(text: str) -> int:
    """What a reader takes for one sign each (grapheme clusters, as far as accents, joined emojis, skins and flags go)."""
    if text.isascii():
        return len(text)
    count, before, flags = 0, "", 0
    for sign in text:
        is_flag = 0x1F1E6 <= ord(sign) <= 0x1F1FF
        flags = flags + 1 if is_flag else 0
        joined = (
            unicodedata.combining(sign) or unicodedata.category(sign) in ("Mn", "Me", "Cf") or ord(sign) in _LAST_SKIN
        )
        if not (joined or before == _JOINER or (is_flag and flags % 2 == 0)):
            count += 1
        before = sign
    return count


def is_address(value: str, *, strict: bool, schemes: Sequence[str] = ("https",)) -> bool:
    """True for an address that LINE takes; plain http leads to this machine only, and not even there in ``strict``."""
    try:
        parts = urlsplit(value)
        host = parts.hostname
    except ValueError:
        return False
    if not value.isascii() or any(sign <= " " for sign in value):
        return False
    if parts.scheme in ("tel", "line"):
        return parts.scheme in schemes
    if parts.scheme == "http" and "http" not in schemes:
        return host in _LOOPBACK and not strict
    return parts.scheme in schemes and bool(host)


class Problems(msgspec.Struct):
    """What is wrong with a call."""

    strict: bool = False
    found: list[dict[str, str]] = []

    def add(self, message: str, path: str) -> None:
        """One more."""
        self.found.append({"message": message, "property": path})


class Place(msgspec.Struct):
    """An object in a body, and where it stands; ``null`` counts as not there, for SDKs send it."""

    value: dict[str, Any]
    path: str
    problems: Problems

    def at(self, name: str) -> str:
        """The path of a property."""
        return f"{self.path}.{name}" if self.path else name

    def get(self, name: str) -> Any:
        """A property, or ``None``."""
        return self.value.get(name)

    def wrong(self, message: str, name: str) -> None:
        """Something is wrong with a property."""
        self.problems.add(message, self.at(name))

    def text(self, name: str, most: int, *, empty: str = EMPTY, least: int = 0, measure: Any = units) -> str:
        """A string that must be there."""
        value = self.optional(name, most, least=least, measure=measure)
        if not value:
            self.wrong(empty, name)
        return value or ""

    def optional(self, name: str, most: int, *, least: int = 0, measure: Any = units) -> str | None:
        """A string that may be there. Raises ``ApiError`` for another type."""
        value = self.value.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise malformed(f"'{self.at(name)}'")
        if measure(value) > most:
            self.wrong(f"Length must be between {least} and {most}", name)
        return value

    def url(self, name: str, *, required: bool = True) -> str:
        """An https address."""
        value = (
            self.text(name, limits.URL_MAX, measure=len)
            if required
            else self.optional(name, limits.URL_MAX, measure=len)
        )
        if value and not is_address(value, strict=self.problems.strict):
            self.wrong("invalid uri", name)
        return value or ""

    def link(self, name: str, *, required: bool = True) -> str:
        """Where a button leads to."""
        value = (
            self.text(name, limits.LINK_MAX, measure=len, empty=SPECIFIED)
            if required
            else self.optional(name, limits.LINK_MAX, measure=len)
        )
        if value and not is_address(value, strict=False, schemes=("http", "https", "line", "tel")):
            self.wrong("invalid uri", name)
        return value or ""

    def number(self, name: str, least: float, most: float, *, required: bool = True) -> float:
        """A number. Raises ``ApiError`` for another type."""
        value = self.value.get(name)
        if value is None:
            if required:
                self.wrong("May not be null", name)
            return least
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise malformed(f"'{self.at(name)}'")
        if not least <= value <= most:
            self.wrong(f"Must be between {least:g} and {most:g}", name)
            return least
        return value

    def choice(self, name: str, allowed: Sequence[str], *, required: bool = True, shown: Sequence[str] = ()) -> str:
        """One of several words; ``shown`` are those that the error lists, where it does not list all."""
        value = self.value.get(name)
        if value is None and not required:
            return ""
        if not isinstance(value, str) or value not in allowed:
            self.wrong(f"Must be one of the following values: [{', '.join(shown or allowed)}]", name)
            return ""
        return value

    def inner(self, name: str, *, required: bool = True) -> Place | None:
        """An object. Raises ``ApiError`` for another type."""
        value = self.value.get(name)
        if value is None:
            if required:
                self.wrong(SPECIFIED, name)
            return None
        if not isinstance(value, dict):
            raise malformed(f"'{self.at(name)}'")
        return Place(value, self.at(name), self.problems)

    def items(self, name: str, least: int, most: int) -> list[Place]:
        """The objects of a list that must be there. Raises ``ApiError`` for another type."""
        value = self.value.get(name)
        if value is not None and not isinstance(value, list):
            raise malformed(f"'{self.at(name)}'")
        if not least <= len(value or ()) <= most:
            self.wrong(f"Size must be between {least} and {most}", name)
        return self._objects(self.at(name), (value or ())[: most + 1])

    def _objects(self, at: str, values: Sequence[Any]) -> list[Place]:
        found = []
        for number, one in enumerate(values):
            path = f"{at}[{number}]"
            if not isinstance(one, dict):
                raise malformed(f"'{path}'")
            found.append(Place(one, path, self.problems))
        return found
