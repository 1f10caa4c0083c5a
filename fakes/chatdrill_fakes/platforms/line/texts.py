"""Texts with emojis, and texts with substitutions. Source: developers.line.biz, Messaging API reference: text messages (2026-08)."""

from __future__ import annotations

import re
from typing import Any

from chatdrill.model import Text
from chatdrill.model.parts import Span
from chatdrill_fakes.platforms.line import ids, limits
from chatdrill_fakes.platforms.line.drafts import Draft
from chatdrill_fakes.platforms.line.errors import malformed
from chatdrill_fakes.platforms.line.reading import SPECIFIED, Place

EMOJI = "$"
"""What stands in a text for an emoji of LINE's own."""
_PIECE = re.compile(r"\{\{|\}\}|\{([^{}]*)\}|[{}]")
_KEY = re.compile(r"[0-9A-Za-z_]{1,20}")


def read(place: Place, draft: Draft) -> None:
    """The first kind: ``$`` stands where an emoji is."""
    words = place.text("text", limits.TEXT_MAX)
    spans = tuple(_emojis(place, words)) if place.value.get("emojis") is not None else ()
    draft.quote = place.optional("quoteToken", limits.URL_MAX)
    draft.parts = (Text(text=words, spans=spans),)


def _emojis(place: Place, words: str) -> list[Span]:
    found = []
    wide = words.encode("utf-16-le", "surrogatepass")
    for one in place.items("emojis", 0, limits.EMOJIS_MAX):
        index = int(one.number("index", 0, limits.TEXT_MAX))
        name = _emoji(one)
        if wide[2 * index : 2 * index + 2] != EMOJI.encode("utf-16-le"):
            one.wrong("must point at a placeholder ($)", "index")
            continue
        found.append(Span(before(wide, index), 1, "custom_emoji", name))
    return found


def before(wide: bytes, index: int) -> int:
    """How many code points stand before a place of a text in UTF-16, which LINE counts in its units."""
    return len(wide[: 2 * index].decode("utf-16-le", "replace"))


def _emoji(place: Place) -> str:
    return f"{place.text('productId', 64, empty=SPECIFIED)}/{place.text('emojiId', 64, empty=SPECIFIED)}"


def read_v2(place: Place, draft: Draft) -> None:
    """The second kind: a name in braces is replaced; two braces are one."""
    words = place.text("text", limits.TEXT_MAX)
    given = place.get("substitution") or {}
    if not isinstance(given, dict):
        raise malformed(f"'{place.at('substitution')}'")
    if len(given) > limits.SUBSTITUTIONS_MAX:
        place.wrong(f"Size must be between 0 and {limits.SUBSTITUTIONS_MAX}", "substitution")
    known = {
        key: _substitution(place, key, value, draft) for key, value in [*given.items()][: limits.SUBSTITUTIONS_MAX]
    }
    if sum(span.style == "mention" for _, span in known.values()) > limits.MENTIONS_MAX:
        place.wrong(f"at most {limits.MENTIONS_MAX} mentions", "substitution")
    draft.quote = place.optional("quoteToken", limits.URL_MAX)
    draft.parts = (_filled(place, words, known),)


def _substitution(place: Place, key: str, value: Any, draft: Draft) -> tuple[str, Span]:
    path = f"{place.at('substitution')}.{key[:40]}"
    if not isinstance(value, dict):
        raise malformed(f"'{path}'")
    if not _KEY.fullmatch(key):
        place.problems.add("invalid key", path)
    one = Place(value, path, place.problems)
    if one.choice("type", ("mention", "emoji")) == "emoji":
        return EMOJI, Span(0, 0, "custom_emoji", _emoji(one))
    draft.mentions = draft.mentions or one.get("type") == "mention"
    whom = _mentioned(one)
    return f"@{whom}", Span(0, 0, "mention", whom)


def _mentioned(place: Place) -> str:
    mentionee = place.inner("mentionee") if place.get("type") == "mention" else None
    if mentionee is None or mentionee.choice("type", ("user", "all")) != "user":
        return "All"
    if not ids.is_holder(mentionee.get("userId"), "U"):
        mentionee.wrong("invalid user id", "userId")
        return "All"
    return str(mentionee.get("userId"))


def _filled(place: Place, words: str, known: dict[str, tuple[str, Span]]) -> Text:
    """The words as the customer reads them."""
    spans: list[Span] = []
    text, last = "", 0
    for piece in _PIECE.finditer(words):
        text += words[last : piece.start()]
        last = piece.end()
        if piece[0] in ("{{", "}}"):
            text += piece[0][0]
        elif piece[1] in known:
            shown, span = known[piece[1]]
            spans.append(Span(len(text), len(shown), span.style, span.value))
            text += shown
        else:
            place.wrong("placeholder without a substitution", "text")
            break
    return Text(text=text + words[last:], spans=tuple(spans))
