"""What people's apps make of what was typed, read as words with their formatting. Source: docs.slack.dev, Rich text block (2026-08)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from chatdrill.model import Span, Text
from chatdrill.model.parts import SpanStyle
from chatdrill_fakes.platforms.slack.mrkdwn import Named

Json = Mapping[str, Any]
_STYLES: tuple[SpanStyle, ...] = ("bold", "italic", "strike", "code", "underline")
_BLOCKS: dict[str, SpanStyle] = {"rich_text_preformatted": "pre", "rich_text_quote": "quote"}
_NESTED_MAX = 8
_SIGNS_MAX = 10
_HALF = re.compile("[\\x00-\\x1f\\ud800-\\udfff]")


@dataclass
class _Page:
    named: Named
    text: str = ""
    spans: list[Span] = field(default_factory=list)

    def add(self, words: str, style: SpanStyle | None = None, value: str | None = None) -> None:
        if style is not None and words:
            self.spans.append(Span(len(self.text), len(words), style, value))
        self.text += words

    def line(self) -> None:
        if self.text and not self.text.endswith("\n"):
            self.text += "\n"


def read(block: Json, named: Named) -> Text:
    """The words of a block; ``named`` knows the names of people and channels."""
    page = _Page(named)
    _read(page, block.get("elements"), _NESTED_MAX)
    return Text(text=page.text, spans=tuple(page.spans))


def _read(page: _Page, elements: Any, levels: int) -> None:
    for number, element in enumerate(elements if isinstance(elements, list) and levels else (), start=1):
        if not isinstance(element, dict):
            continue
        inner = element.get("elements")
        if inner is None:
            _inline(page, element)
            continue
        if levels < _NESTED_MAX or number > 1:
            page.line()
        begin, kind = len(page.text), str(element.get("type"))
        if kind == "rich_text_list":
            _list(page, element, levels)
        else:
            _read(page, inner, levels - 1)
        style = _BLOCKS.get(kind)
        if style is not None and len(page.text) > begin:
            page.spans.append(Span(begin, len(page.text) - begin, style))


def _list(page: _Page, block: Json, levels: int) -> None:
    is_ordered = block.get("style") == "ordered"
    for number, item in enumerate(block["elements"] if isinstance(block["elements"], list) else (), start=1):
        if isinstance(item, dict):
            page.line()
            page.add(f"{number}. " if is_ordered else "\N{BULLET} ")
            _read(page, item.get("elements"), levels - 1)


def _inline(page: _Page, element: Json) -> None:
    words, style, value = _INLINE.get(str(element.get("type")), _words)(page, element)
    begin = len(page.text)
    page.add(words, style, value)
    given = element.get("style")
    styles = given if isinstance(given, dict) else {}
    for name in _STYLES:
        if styles.get(name) and words:
            page.spans.append(Span(begin, len(words), name))


Inline = tuple[str, SpanStyle | None, str | None]


def _words(_page: _Page, element: Json) -> Inline:
    return str(element.get("text") or element.get("fallback") or element.get("value") or ""), None, None


def _link(_page: _Page, element: Json) -> Inline:
    url = str(element.get("url") or "")
    return str(element.get("text") or url), "link", url


def _person(page: _Page, element: Json) -> Inline:
    id = str(element.get("user_id") or element.get("usergroup_id"))
    return f"@{page.named(id) or id}", "mention", id


def _channel(page: _Page, element: Json) -> Inline:
    id = str(element.get("channel_id"))
    return f"#{page.named(id) or id}", "mention", id


def _broadcast(_page: _Page, element: Json) -> Inline:
    whom = str(element.get("range"))
    return f"@{whom}", "mention", whom


def _emoji(_page: _Page, element: Json) -> Inline:
    """Slack names it and, but for those of the workspace, says which signs it is made of."""
    try:
        signs = [chr(int(code, 16)) for code in str(element.get("unicode") or "").split("-")[:_SIGNS_MAX]]
    except (ValueError, OverflowError):
        signs = []
    made = "".join(signs)
    return made if made and not _HALF.search(made) else f":{element.get('name')}:", None, None


_INLINE: dict[str, Callable[[_Page, Json], Inline]] = {
    "link": _link,
    "user": _person,
    "usergroup": _person,
    "channel": _channel,
    "broadcast": _broadcast,
    "emoji": _emoji,
}
