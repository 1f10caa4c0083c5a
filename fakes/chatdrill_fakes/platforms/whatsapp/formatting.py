"""Formatting: WhatsApp writes it into the text itself, ``*bold*``, ``_italic_``, ``~strike~``, code and quotes.

Source: WhatsApp Help Center, "How to format your messages" (2025).
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from chatdrill.model import Span, Text
from chatdrill.model.parts import SpanStyle

_STYLES: dict[str, SpanStyle] = {"```": "pre", "*": "bold", "_": "italic", "~": "strike", "`": "code", "> ": "quote"}
_MARKS = {style: mark for mark, style in _STYLES.items()}
_NESTED_MAX = 4  # a quote of bold, italic and struck words
_MARKED = re.compile(r"[*_~`]|^> ", re.MULTILINE)
# A mark holds from one word's start to another's end; only three backticks hold over a line's end.
_MARK = re.compile(
    r"(?<![\w*_~`])(?:(?P<pre>```)(?=\S)(?P<lines>.+?)(?<=\S)```"
    r"|(?P<mark>[*_~`])(?=\S)(?P<words>[^\n]+?)(?<=\S)(?P=mark))(?![\w*_~`])"
    r"|(?:^|(?<=\n))(?P<quote>> )(?P<line>[^\n]+)",
    re.DOTALL,
)


def words(text: str) -> Text:
    """Text as it stands, with spans where WhatsApp shows formatting."""
    return Text(text=text, spans=tuple(_spans(text, 0, _NESTED_MAX))) if _MARKED.search(text) else Text(text=text)


def _spans(text: str, offset: int, levels: int) -> Iterator[Span]:
    for match in _MARK.finditer(text):
        mark = match["pre"] or match["mark"] or match["quote"]
        inside = match["lines"] or match["words"] or match["line"]
        start = offset + match.start() + len(mark)
        yield Span(start, len(inside), _STYLES[mark])
        if levels > 1 and "`" not in mark:  # code shows its marks as they are
            yield from _spans(inside, start, levels - 1)


def marked(text: Text) -> str:
    """Text as the app sends it: formatting that WhatsApp has becomes marks, unless they are there already."""
    inserts: list[tuple[int, int, int, str]] = []  # position; closing before opening; inner before outer; mark
    for span in text.spans:
        mark, end = _MARKS.get(span.style), span.start + span.length
        if mark is None or text.text[max(0, span.start - len(mark)) : span.start] == mark:
            continue
        inserts.append((span.start, 1, -end, mark))
        if span.style != "quote":
            inserts.append((end, 0, -span.start, mark))
    out = text.text
    for position, _, _, mark in sorted(inserts, reverse=True):
        out = out[:position] + mark + out[position:]
    return out
