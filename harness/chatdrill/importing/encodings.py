"""Which encoding a text is in: UTF-8 and UTF-16 by their marks and bytes, else the code page whose letters make sense."""

from __future__ import annotations

import codecs
import io
from collections.abc import Callable, Iterator
from typing import IO

from chatdrill.errors import ExportError

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_BLOCK_BYTES = 256 * 1024
_LINE_MAX_CHARS = 8 * 1024 * 1024
_MOJIBAKE_MIN = 0.5  # share of letters among the bytes above ASCII that must be Russian for cp1251 to be it

Place = Callable[[int], str]


def detect(head: bytes, given: str | None = None) -> str:
    """The encoding of a text by its first bytes; ``given`` wins. Raises ``ExportError`` for one that Python does not know."""
    if given is not None:
        return _known(given)
    for mark, name in _MARKS:
        if head.startswith(mark):
            return name
    if head[1:64:2].count(0) > len(head[:64]) // 8:
        return "utf-16-le"
    if head[0:64:2].count(0) > len(head[:64]) // 8:
        return "utf-16-be"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return _code_page(head)
    return "utf-8"


def _known(name: str) -> str:
    try:
        return codecs.lookup(name).name
    except LookupError as error:
        raise ExportError(f"no encoding is called {name!r}; for instance utf-8, utf-16, cp1251, cp1250") from error


def _code_page(head: bytes) -> str:
    high = bytes(byte for byte in head if byte >= 0x80)
    # A damaged UTF-8 text is nearly all UTF-8: better say so than read it as letters that nobody wrote.
    whole = head.decode("utf-8", errors="replace")
    if whole.count("\ufffd") * 10 < len(high):
        return "utf-8"
    russian = sum(byte >= 0xC0 or byte in (0xA8, 0xB8) for byte in high)
    letters = sum(head[at] >= 0xC0 and head[at - 1] >= 0xC0 for at in range(1, len(head)))
    # In Polish single letters are above ASCII, in Russian whole words are.
    return "cp1251" if russian >= _MOJIBAKE_MIN * len(high) and letters * 2 > len(high) else "cp1250"


def is_utf8(head: bytes, given: str | None) -> bool:
    """Whether the bytes can be read as they are."""
    return detect(head, given) in ("utf-8", "utf-8-sig")


def recoded(file: IO[bytes], head: bytes, given: str | None, place: Place) -> Iterator[bytes]:
    """The text in UTF-8, block by block; UTF-8 passes as it is, whatever its bytes, for a parser to judge."""
    name = detect(head, given)
    if name in ("utf-8", "utf-8-sig"):
        while block := file.read(_BLOCK_BYTES):
            yield block
        return
    for text in _decoded(file, name, place):
        yield text.encode("utf-8", errors="replace")


def decoded_lines(file: IO[bytes], head: bytes, given: str | None, place: Place) -> Iterator[tuple[int, str]]:
    """The lines of a text, numbered from 1. Only ``\\n`` and ``\\r\\n`` end a line: others stand inside messages.

    Raises ``ExportError`` that names the line where the bytes stop being text.
    """
    number, rest = 1, ""
    for text in _decoded(file, detect(head, given), place):
        *lines, rest = (rest + text).split("\n")
        for line in lines:
            yield number, line.removesuffix("\r")
            number += 1
        if len(rest) > _LINE_MAX_CHARS:
            raise ExportError("a line of more than 8 million characters: this is no exported text", where=place(number))
    if rest:
        yield number, rest.removesuffix("\r")


def _decoded(file: IO[bytes], name: str, place: Place) -> Iterator[str]:
    decoder = codecs.getincrementaldecoder(name)(errors="replace" if name.startswith("cp") else "strict")
    lines = 1
    while True:
        block = file.read(_BLOCK_BYTES)
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            lines += bytes(error.object[: error.start]).count(b"\n")
            raise ExportError(
                f"this is not {name.upper()} ({error.reason}); the file is damaged, or in another encoding: --encoding NAME",
                where=place(lines),
            ) from error
        if not block:
            if text:
                yield text
            return
        lines += text.count("\n")
        yield text


def as_text(head: bytes, given: str | None = None) -> str:
    """The beginning of a document as text, for those who sniff at it."""
    return io.TextIOWrapper(io.BytesIO(head), detect(head, given), errors="replace", newline="").read().lstrip("\ufeff")
