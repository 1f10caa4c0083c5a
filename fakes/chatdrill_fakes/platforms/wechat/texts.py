"""What a customer reads of a bot's words: links show their label, and some of them are choices.

Source: developers.weixin.qq.com, customer messages (2026): anchors in texts, ``weixin://bizmsgmenu``.
"""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qsl, urlsplit

from chatdrill.model import Button, Keyboard, Part, Span, Text

_ANCHOR = re.compile(r"<a\s([^<>]*)>([^<]*)</a>", re.IGNORECASE)
_HREF = re.compile(r"""href\s*=\s*(?:"([^"]*)"|'([^']*)')""", re.IGNORECASE)
CHOICE = "weixin://bizmsgmenu"


def shown(words: str) -> tuple[Part, ...]:
    """A text as parts: the words with their links, and the choices in them."""
    if "<a" not in words and "<A" not in words:
        return (Text(text=words),)
    found: list[str] = []
    spans: list[Span] = []
    choices: list[Button] = []
    end = size = 0
    for match in _ANCHOR.finditer(words):
        before, label, href = words[end : match.start()], match[2], _href(match[1])
        if href is None:
            continue
        found += [before, label]
        size += len(before)
        if href.lower().startswith(CHOICE):
            choices.append(_choice(label, href))
        elif label:
            spans.append(Span(size, len(label), "link", href))
        size += len(label)
        end = match.end()
    text = Text(text="".join((*found, words[end:])), spans=tuple(spans))
    return (text, Keyboard(style="inline", rows=tuple((choice,) for choice in choices))) if choices else (text,)


def _href(attributes: str) -> str | None:
    match = _HREF.search(attributes)
    return None if match is None else html.unescape(match[1] if match[1] is not None else match[2])


def _choice(label: str, href: str) -> Button:
    """What is said is in the address, and may be something else than the label."""
    given = dict(parse_qsl(urlsplit(href).query, keep_blank_values=True))
    said = given.get("msgmenucontent") or label
    more = label if label != said else None
    return Button(title=said, kind="reply", payload=given.get("msgmenuid", ""), description=more)
