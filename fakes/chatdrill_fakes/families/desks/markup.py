"""Plain words out of what desks wrap them in, so that a message can be compared with itself."""

from __future__ import annotations

import html
import re

_BREAKS = re.compile(r"<br\s*/?>|</p>\s*<p[^>]*>|\[br\]", re.IGNORECASE)
_TAGS = re.compile(r"</?[a-zA-Z][^<>]*>|\[/?(?:b|i|u|s|url|size|color|quote|code|user)(?:=[^\]]*)?\]", re.IGNORECASE)


def plain_words(text: str) -> str:
    """``text`` without HTML and BB markup; line breaks stay."""
    return html.unescape(_TAGS.sub("", _BREAKS.sub("\n", text))).strip()
