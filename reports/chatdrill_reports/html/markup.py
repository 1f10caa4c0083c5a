"""Turning what people wrote into HTML: escaped always, formatted where the message says so, linked only where safe."""

from __future__ import annotations

import zlib
from itertools import pairwise
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from chatdrill.model import Span, Text
from chatdrill.trace.transcript.phrases import plain

_SCHEMES = frozenset({"http", "https", "mailto", "tel"})
_ELEMENTS = {"bold": "b", "italic": "i", "underline": "u", "strike": "s", "code": "code", "pre": "code"}
_CLASSES = frozenset({"quote", "spoiler", "mention"})
AVATAR_HUES = 10


def rich(text: Text) -> Markup:
    """The text with its formatting. Spans may overlap: each stretch between two of their ends is marked up alone."""
    length = len(text.text)
    ends = {min(max(0, end), length) for span in text.spans for end in (span.start, span.start + span.length)}
    pieces = (_stretch(text, start, end) for start, end in pairwise(sorted({0, length, *ends})))
    return Markup("").join(pieces)


def _stretch(text: Text, start: int, end: int) -> Markup:
    piece = escape(plain(text.text[start:end]))
    for span in text.spans:
        if span.start <= start and end <= span.start + span.length:
            piece = _dress(span, piece)
    return piece


def _dress(span: Span, inner: Markup) -> Markup:
    if span.style == "link":
        url = safe_url(span.value)
        return Markup('<a href="{}" rel="noopener noreferrer">{}</a>').format(url, inner) if url else inner
    if span.style in _CLASSES:
        return Markup('<span class="{}">{}</span>').format(span.style, inner)
    element = _ELEMENTS.get(span.style)
    return Markup("<{0}>{1}</{0}>").format(Markup(element), inner) if element else inner


def safe_url(url: str | None) -> str | None:
    """The address if it is one that may become a link (web, mail, telephone), else ``None``."""
    try:
        return url if url and urlsplit(url).scheme in _SCHEMES else None
    except ValueError:
        return None


def initials(name: str) -> str:
    """Up to two letters that stand for a name: ``AN`` for ``Anna Nowak``."""
    letters = [next((char for char in word if char.isalnum()), "") for word in name.split()]
    found = [letter.upper() for letter in letters if letter]
    return "".join(found[:1] + found[1:][-1:])[:2] or "?"


def hue(name: str) -> int:
    """The colour of a name's avatar: the same name, the same colour."""
    return zlib.crc32(name.encode("utf-8", "replace")) % AVATAR_HUES


def tag(part: Any) -> str:
    """The name of a part: ``text``, ``media`` ..."""
    return str(part.__struct_config__.tag)
