"""A reader as somebody else would write it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from chatdrill.importing.dialog import Dialog, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.reader import Options, Reader


def _read(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    for name in names:
        said = [Turn(at=0, who="somebody", text=text) for number, text in export.lines(name) if number > 1]
        yield Dialog("mine", "mine", export.where(name), lambda said=said: iter(said))


MINE = Reader("mine", "a format of my own", lambda _, head: head.startswith("MINE"), _read)
