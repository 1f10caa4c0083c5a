"""Slack's markup: ``*bold*``, ``_italic_``, ``~strike~``, code, quotes, ``<url|label>``, mentions, and three escaped signs.

Source: docs.slack.dev, Formatting message text (2026-08).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from chatdrill.model import Span, Text
from chatdrill.model.parts import SpanStyle
from chatdrill_fakes.platforms.slack.state import Json

_STYLES: dict[str, SpanStyle] = {"*": "bold", "_": "italic", "~": "strike", "`": "code", "```": "pre"}
_MARKED = re.compile(r"[*_~`<&]|^>", re.MULTILINE)
_TOKEN = re.compile(
    r"<(?P<inner>[^<>\n]{1,4000})>"
    r"|(?<![\w*_~`])(?:(?P<fence>```)(?P<lines>.+?)```|(?P<mark>[*_~`])(?=\S)(?!(?P=mark))(?P<words>[^\n]*?[^\s])(?P=mark))(?![\w*_~`])",
    re.DOTALL,
)
_LINK = re.compile(r"https?://[^\s<>|]+[^\s<>|.,;:!?)'\"]")
_NESTED_MAX = 4  # bold of italic of struck words

Named = Callable[[str], str | None]
"""The name of a person (``U...``) or channel (``C...``)."""


def escaped(words: str) -> str:
    """Words as Slack writes them into ``text``: the three signs of its markup, and what looks like a link."""
    plain = words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;") if _has_signs(words) else words
    return _LINK.sub(lambda link: f"<{link[0]}>", plain) if "://" in plain else plain


def _has_signs(words: str) -> bool:
    return "&" in words or "<" in words or ">" in words


def unescaped(words: str) -> str:
    """The three signs as people read them."""
    return words.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") if "&" in words else words


def rich(words: str, block_id: str) -> Json:
    """The block that a person's app makes of what was typed."""
    elements: list[Json] = []
    at = 0
    for link in _LINK.finditer(words) if "://" in words else ():
        elements += [{"type": "text", "text": words[at : link.start()]}] if link.start() > at else []
        elements.append({"type": "link", "url": link[0]})
        at = link.end()
    if at < len(words):
        elements.append({"type": "text", "text": words[at:]})
    section = {"type": "rich_text_section", "elements": elements}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def shown(words: str, named: Named) -> Text:
    """The bot's markup as a customer reads it: without its signs, with spans for what they meant."""
    if not _MARKED.search(words):
        return Text(text=words)
    out: list[str] = []
    spans: list[Span] = []
    _read(words, out, spans, named, _NESTED_MAX)
    spans.reverse()  # what lies inside was found first
    return Text(text="".join(out), spans=tuple(sorted(spans, key=lambda span: (span.start, -span.length))))


def _read(words: str, out: list[str], spans: list[Span], named: Named, levels: int) -> None:
    at = 0
    for token in _TOKEN.finditer(words):
        out.append(unescaped(words[at : token.start()]))
        at = token.end()
        begin = sum(map(len, out))
        if token["inner"] is not None:
            label, style, value = _reference(token["inner"], named)
            out.append(label)
        else:
            style, value = _STYLES[token["fence"] or token["mark"]], None
            inside = token["lines"] if token["fence"] else token["words"]
            if levels > 1 and style not in ("code", "pre"):
                _read(inside, out, spans, named, levels - 1)
            else:
                out.append(unescaped(inside))
        length = sum(map(len, out)) - begin
        if style is not None and length:
            spans.append(Span(begin, length, style, value))
    out.append(unescaped(words[at:]))


def _reference(inner: str, named: Named) -> tuple[str, SpanStyle | None, str | None]:
    """What stands in angle brackets: label, style and value."""
    target, _, label = unescaped(inner).partition("|")
    sign, rest = target[:1], target[1:]
    if sign in ("@", "#"):
        return f"{sign}{label or named(rest) or rest}", "mention", rest
    if sign == "!":
        word = rest.partition("^")[0]
        return label or f"@{word}", "mention" if word in ("here", "channel", "everyone") else None, word
    return label or target.removeprefix("mailto:"), "link", target
