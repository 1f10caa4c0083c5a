"""JSON documents of any size: the outside is decoded, what there are many of stays raw until it is asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec

from chatdrill.errors import ExportError
from chatdrill.importing.exports import Export, line_at

T = TypeVar("T")
_AT_BYTE = re.compile(r"\(byte (\d+)\)")


@contextmanager
def document(export: Export, name: str, type: Any) -> Iterator[Any]:
    """A JSON document as ``type``; ``msgspec.Raw`` in it may be decoded until the end of the block.

    Raises ``ExportError`` with the line where the text stops being JSON, or says what is not as expected.
    """
    with export.buffer(name) as text:
        try:
            made = msgspec.json.decode(text, type=type)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise _problem(export, name, text, error) from None
        yield made
        del made


def _problem(export: Export, name: str, text: Any, error: Exception) -> ExportError:
    said, found = str(error), _AT_BYTE.search(str(error))
    if isinstance(error, RecursionError):
        return ExportError("JSON that is nested too deep to be an export", where=export.where(name))
    if "truncated" in said:
        return ExportError(f"the file ends in the middle: {said}", where=export.where(name, line_at(text, len(text))))
    line = line_at(text, int(found[1])) if found else None
    if isinstance(error, msgspec.ValidationError):
        return ExportError(f"not as this format is known: {said}", where=export.where(name, line))
    return ExportError(f"not JSON: {said}", where=export.where(name, line))


def items(raws: Any, type: type[T], export: Export, name: str, what: str = "message") -> Iterator[T]:
    """Raw values one by one as ``type``. Raises ``ExportError`` with the number of the one that is not as expected."""
    decoder = msgspec.json.Decoder(type, strict=False)
    for number, raw in raws:
        try:
            yield decoder.decode(raw)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise ExportError(
                f"{what} {number} is not as this format is known: {error}", where=export.where(name)
            ) from None
