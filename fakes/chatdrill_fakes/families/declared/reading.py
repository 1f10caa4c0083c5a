"""A place in the file, and what must stand there: every mistake is told with file, line and the nearest word known."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, TypeVar

from chatdrill.engine.yamlmarks import Document, Path, read_documents
from chatdrill.errors import ScenarioError, SettingsError, did_you_mean

W = TypeVar("W", bound=str)
_KINDS = {dict: "a table", list: "a list", str: "a text", bool: "true or false", int: "a number", float: "a number"}


class Spot:
    """A value in the file, with its place."""

    def __init__(self, document: Document, file: str, path: Path, value: Any) -> None:
        self._document, self._file, self._path = document, file, path
        self.value = value

    @property
    def line(self) -> int:
        """Where it stands."""
        return self._document.place(self._path)[0]

    def wrong(self, problem: str) -> SettingsError:
        """The error that says what is wrong here."""
        line, column = self._document.place(self._path)
        return SettingsError(f"{self._file}:{line}:{column}: {problem}")

    def _name(self) -> str:
        return ".".join(map(str, self._path)) or "the file"

    def _must(self, kinds: tuple[type, ...]) -> Any:
        if (isinstance(self.value, bool) and bool not in kinds) or not isinstance(self.value, kinds):
            raise self.wrong(f"{self._name()} must be {_KINDS[kinds[0]]}, not {self.value!r}")
        return self.value

    # -- tables and lists

    def at(self, key: str | int) -> Spot:
        """The value of a key that is there."""
        return Spot(self._document, self._file, (*self._path, key), self.value[key])

    def table(self, known: Iterable[str] | None = None, needed: Iterable[str] = ()) -> Mapping[str, Spot]:
        """A table by key. ``known`` are the keys it may have (any, if not said), ``needed`` those that it must."""
        value, names = self._must((dict,)), None if known is None else tuple(known)
        for key in value:
            if names is not None and key not in names:
                line, column = self._document.key_place((*self._path, key))
                hint = did_you_mean(key, names)
                raise SettingsError(f"{self._file}:{line}:{column}: {self._name()} knows no key {key!r}{hint}")
        for key in needed:
            if key not in value:
                raise self.wrong(f"{self._name()} lacks the key {key!r}")
        return {key: self.at(key) for key in value}

    def key(self, key: str) -> Spot:
        """The key itself, as a text with a place."""
        return _Key(self._document, self._file, (*self._path, key), key)

    def with_value(self, value: Any) -> Spot:
        """The same place with another value: a table without some of its keys."""
        return Spot(self._document, self._file, self._path, value)

    def items(self) -> Iterator[Spot]:
        """The elements of a list."""
        return (self.at(number) for number in range(len(self._must((list,)))))

    # -- values

    def text(self) -> str:
        """A text; a number is one."""
        if isinstance(self.value, int | float) and not isinstance(self.value, bool):
            return str(self.value)
        return str(self._must((str,)))

    def word(self, known: Iterable[W], what: str) -> W:
        """One of some words."""
        text, words = self.text(), tuple(known)
        if text not in words:
            raise self.wrong(f"unknown {what} {text!r}{did_you_mean(text, words)}")
        return words[words.index(text)]

    def truth(self) -> bool:
        """True or false."""
        return bool(self._must((bool,)))

    def number(self, *, least: float = 0) -> float:
        """A number, not below ``least``."""
        value = self._must((float, int))
        if value < least:
            raise self.wrong(f"{self._name()} must be {least:g} or more, not {value}")
        return float(value)

    def texts(self) -> dict[str, str]:
        """A table of texts."""
        return {key: spot.text() for key, spot in self.table().items()}


class _Key(Spot):
    """A key of a table."""

    def wrong(self, problem: str) -> SettingsError:
        """The error that says what is wrong with it."""
        line, column = self._document.key_place(self._path)
        return SettingsError(f"{self._file}:{line}:{column}: {problem}")


def read_file(text: str, file: str, what: str = "desk") -> Spot:
    """The file's one document; raises ``SettingsError``."""
    try:
        documents = read_documents(text, file)
    except ScenarioError as error:
        raise SettingsError(str(error)) from error
    if len(documents) != 1:
        raise SettingsError(f"{file}: a {what} is one YAML document, not {len(documents)}")
    return Spot(documents[0], file, (), documents[0].data)
