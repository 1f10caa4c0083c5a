"""How wide text is on a terminal, in cells, and how to break it into lines."""

from __future__ import annotations

import re
import unicodedata

_WORDS = re.compile(r"\s*\S+")


def cells(text: str) -> int:
    """Cells that the text takes: wide characters two, combining marks and joiners none."""
    return len(text) if text.isascii() else sum(map(_cell, text))


def _cell(char: str) -> int:
    if unicodedata.category(char) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1


def wrap(text: str, columns: int) -> list[str]:
    """The text in lines of at most ``columns`` cells, broken between words where possible."""
    return [row for line in text.split("\n") for row in _wrap_line(line.rstrip(), columns)]


def _wrap_line(line: str, columns: int) -> list[str]:
    rows: list[str] = []
    for word in _WORDS.findall(line):
        if rows and cells(rows[-1]) + cells(word) <= columns:
            rows[-1] += word
        else:
            rows.extend(_chop(word.lstrip() if rows else word, columns))
    return rows or [""]


def _chop(word: str, columns: int) -> list[str]:
    pieces = [""]
    for char in word:
        if cells(pieces[-1]) + _cell(char) > columns:
            pieces.append("")
        pieces[-1] += char
    return pieces


def pad(text: str, columns: int) -> str:
    """The text, filled up with spaces to ``columns`` cells."""
    return text + " " * max(0, columns - cells(text))
