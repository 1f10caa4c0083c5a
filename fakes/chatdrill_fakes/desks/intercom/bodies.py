"""Bodies are HTML at Intercom: plain text comes back wrapped."""

from __future__ import annotations

import html
import re

from chatdrill_fakes.families.desks import plain_words

_TAG = re.compile(
    r"</?(?:p|br|b|strong|i|em|u|a|ul|ol|li|h[1-6]|div|img|pre|code|blockquote|html|body)\b[^<>]*>", re.IGNORECASE
)
_BLOCK = re.compile(r"<(?:p|ul|ol|h[1-6]|div|pre|blockquote)\b", re.IGNORECASE)
_FRAME = re.compile(r"</?(?:html|body)\b[^<>]*>", re.IGNORECASE)
_UNSAFE = re.compile(r"<(script|style)\b.*?</\1\s*>", re.IGNORECASE | re.DOTALL)

DELETED = "<p><i>This message was deleted</i></p>"


def from_words(text: str) -> tuple[str, str]:
    """Body and text of what somebody typed: markup in it is words."""
    return f"<p>{html.escape(text, quote=False).replace(chr(10), '<br>')}</p>", text


def from_markup(text: str) -> tuple[str, str]:
    """Body and text of what may have HTML in it; without any tag it is words."""
    if not _TAG.search(text):
        return from_words(text)
    inner = _FRAME.sub("", _UNSAFE.sub("", text)).strip()
    body = inner if _BLOCK.search(inner) else f"<p>{inner}</p>"
    return body, plain_words(body)
