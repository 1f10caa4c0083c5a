"""YAML without its traps, and with the place of everything in it.

Only ``true``, ``false``, ``null``, ``~``, an empty value and plain decimal numbers are special; ``no``, ``on``, ``1:30``,
``010`` and ``2026-03-02`` are text. Keys are text and must not repeat. Tags are refused, aliases are expanded within
bounds. Every value and key keeps its line and column (both from 1).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Self

import yaml

from chatdrill.errors import ScenarioError

Place = tuple[int, int]
Path = tuple[str | int, ...]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_WORDS: dict[str, bool | None] = {"true": True, "false": False, "null": None, "~": None, "": None}
_INTEGER = re.compile(r"0|-?[1-9]\d{0,17}")
_DECIMAL = re.compile(r"-?(?:0|[1-9]\d*)\.\d+")
_DEPTH_MAX = 64
_NODES_MAX = 200_000


class Decimal(float):
    """A decimal number that remembers how it was written: ``10.50`` as text is ``10.50``."""

    def __new__(cls, written: str) -> Self:
        number = super().__new__(cls, written)
        number._written = written
        return number

    _written: str

    def __str__(self) -> str:
        return self._written


@dataclass
class Document:
    """One YAML document: plain data, and the place of each value and of each key by path."""

    data: Any
    values: dict[Path, Place] = field(default_factory=dict)
    keys: dict[Path, Place] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """Where the value at ``path`` stands, or the nearest thing around it."""
        while path not in self.values and path:
            path = path[:-1]
        return self.values.get(path, (1, 1))

    def key_place(self, path: Path) -> Place:
        """Where the key of ``path`` stands."""
        return self.keys.get(path) or self.place(path)


def read_documents(text: str, where: str) -> list[Document]:
    """The documents of a YAML stream. Raises ``ScenarioError`` that names ``where``, line and column."""
    try:
        return [_place_all(node, where) for node in _Reader(text, where).documents()]
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, column = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = ", ".join(filter(None, (error.context, error.problem)))
        raise ScenarioError(f"not YAML: {problem}", where=f"{where}:{line}:{column}") from error
    except yaml.YAMLError as error:  # characters that YAML does not allow
        raise ScenarioError(f"not YAML: {str(error).splitlines()[0]}", where=where) from error


@dataclass(slots=True)
class _Node:
    """A scalar (``content`` is its value), a list of nodes, or a list of key-place-node entries."""

    kind: str
    content: Any
    place: Place


class _Reader:
    def __init__(self, text: str, where: str) -> None:
        self._events: Iterator[Any] = iter(yaml.parse(text, Loader=_LOADER))
        self._where = where
        self._anchors: dict[str, _Node | None] = {}

    def documents(self) -> Iterator[_Node]:
        for event in self._events:
            if isinstance(event, yaml.DocumentStartEvent):
                self._anchors = {}
                yield self._node(next(self._events), 0)

    def _node(self, event: Any, depth: int) -> _Node:
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(str(event.anchor), place)
        if event.tag is not None:
            tag = event.tag.replace("tag:yaml.org,2002:", "!!")
            raise self._error(f"tags such as {tag} have no meaning here; leave it out", place)
        if depth > _DEPTH_MAX:
            raise self._error(f"nested deeper than {_DEPTH_MAX} levels", place)
        if event.anchor:
            self._anchors[event.anchor] = None  # open: an alias to it now would never end
        node = self._collection(event, depth, place)
        if event.anchor:
            self._anchors[event.anchor] = node
        return node

    def _collection(self, event: Any, depth: int, place: Place) -> _Node:
        if isinstance(event, yaml.ScalarEvent):
            return _Node("scalar", read_scalar(event.value) if event.implicit[0] else event.value, place)
        if isinstance(event, yaml.SequenceStartEvent):
            return _Node("list", list(self._items(depth)), place)
        return _Node("mapping", self._entries(depth), place)

    def _items(self, depth: int) -> Iterator[_Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> dict[str, tuple[Place, _Node]]:
        entries: dict[str, tuple[Place, _Node]] = {}
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            place = (event.start_mark.line + 1, event.start_mark.column + 1)
            if not isinstance(event, yaml.ScalarEvent) or event.tag is not None:
                raise self._error("a key must be plain text", place)
            if event.value in entries:
                first = entries[event.value][0]
                raise self._error(f"the key {event.value!r} is here twice (first in line {first[0]})", place)
            entries[event.value] = (place, self._node(next(self._events), depth + 1))
        return entries

    def _alias(self, anchor: str, place: Place) -> _Node:
        node = self._anchors.get(anchor)
        if node is None:
            known = "contains itself" if anchor in self._anchors else "was never defined"
            raise self._error(f"the alias *{anchor} {known}", place)
        return node

    def _error(self, problem: str, place: Place) -> ScenarioError:
        return ScenarioError(problem, where=f"{self._where}:{place[0]}:{place[1]}")


def read_scalar(text: str) -> Any:
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return Decimal(text) if _DECIMAL.fullmatch(text) else text


def _place_all(root: _Node, where: str) -> Document:
    """Turn nodes into data. An alias is expanded where it stands, with the places of what it stands for."""
    document = Document(None)
    count = 0

    def build(node: _Node, path: Path) -> Any:
        nonlocal count
        count += 1
        if count > _NODES_MAX:
            line, column = root.place
            problem = f"more than {_NODES_MAX} values after its aliases are expanded"
            raise ScenarioError(problem, where=f"{where}:{line}:{column}")
        document.values[path] = node.place
        if node.kind == "list":
            return [build(item, (*path, index)) for index, item in enumerate(node.content)]
        if node.kind == "mapping":
            return {key: entry(key, place, item, path) for key, (place, item) in node.content.items()}
        return node.content

    def entry(key: str, place: Place, item: _Node, path: Path) -> Any:
        document.keys[(*path, key)] = place
        return build(item, (*path, key))

    document.data = build(root, ())
    return document
