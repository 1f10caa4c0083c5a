"""Writing Markdown in which what people wrote means nothing: it can neither draw tables nor call people."""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatdrill.trace.transcript.phrases import one_line

_SPECIAL = re.compile(r"([\\`*_\[\]<>#|~&$^]|:(?=//))")
_BACKTICKS = re.compile("`+")


def fenced(text: str, language: str) -> Iterator[str]:
    """A code block whose fence is longer than any run of backticks in it."""
    longest = max(map(len, _BACKTICKS.findall(text)), default=0)
    fence = "`" * max(3, longest + 1)
    yield f"{fence}{language}"
    yield from text.split("\n")
    yield fence


def md(text: str) -> str:
    """One line of text in which nothing means anything to Markdown or HTML."""
    return _SPECIAL.sub(r"\\\1", one_line(text, 2000)).replace("@", "@\u2060")


def code(text: str) -> str:
    """A code span, whatever is in it."""
    flat = one_line(text, 500)
    fence = "`" * (max(map(len, _BACKTICKS.findall(flat)), default=0) + 1)
    gap = " " if "`" in flat else ""
    return f"{fence}{gap}{flat}{gap}{fence}"
