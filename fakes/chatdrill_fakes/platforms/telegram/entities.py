"""Entities: stretches of text with a meaning. Inside chatdrill they count code points, on the wire UTF-16 code units.

The rules of nesting, splitting and merging are those of tdlib/td (MessageEntity, commit 022d602): what the real server
answers differs from what the bot sent wherever entities overlap, and a bot that compares them finds out here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

from chatdrill.model import Span
from chatdrill_fakes.platforms.telegram.encoding import text as json_text

SPLITTABLE = frozenset(("bold", "italic", "underline", "strikethrough", "spoiler"))
QUOTES = frozenset(("blockquote", "expandable_blockquote"))
_OPAQUE = frozenset(("code", "pre", "date_time"))  # nothing may lie inside
_CONTINUOUS = frozenset(
    [
        "mention",
        "hashtag",
        "bot_command",
        "url",
        "email",
        "text_link",
        "text_mention",
        "cashtag",
        "phone_number",
        "bank_card_number",
        "custom_emoji",
    ]
)
_PRIORITY = {
    "blockquote": 0,
    "expandable_blockquote": 0,
    "pre": 11,
    "code": 20,
    "date_time": 30,
    "text_link": 49,
    "text_mention": 49,
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
_STYLES: dict[str, Any] = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strikethrough": "strike",
    "spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "quote",
    "expandable_blockquote": "quote",
    "text_link": "link",
    "text_mention": "mention",
    "mention": "mention",
    "custom_emoji": "custom_emoji",
}
_KINDS = {
    "bold": "bold",
    "italic": "italic",
    "underline": "underline",
    "strike": "strikethrough",
    "spoiler": "spoiler",
    "code": "code",
    "pre": "pre",
    "quote": "blockquote",
    "link": "text_link",
    "custom_emoji": "custom_emoji",
}
_VALUE_FIELDS = {"pre": "language", "text_link": "url", "custom_emoji": "custom_emoji_id"}


class Entity(NamedTuple):
    """``kind`` as the vendor names it; ``value`` is the link, language, emoji id, user id or (date, format)."""

    offset: int
    length: int
    kind: str
    value: Any = None

    @property
    def end(self) -> int:
        """The offset after the last code point."""
        return self.offset + self.length


def order(entity: Entity) -> tuple[int, int, int]:
    """The vendor's order: by place, the longer first, then by kind."""
    return entity.offset, -entity.length, _PRIORITY.get(entity.kind, 50)


# --------------------------------------------------------------------------------------------- overlaps


def fix(entities: Iterable[Entity]) -> list[Entity]:
    """Sort, and split or drop what overlaps in ways the vendor does not allow."""
    ordered = sorted((e for e in entities if e.length > 0), key=order)
    return ordered if _is_valid(ordered) else _resolve(ordered, [])


def merge(entities: list[Entity], found: list[Entity]) -> list[Entity]:
    """Add automatically ``found`` entities where ``entities`` leave room for them."""
    return _resolve(entities, found) if found else entities


def _resolve(entities: list[Entity], found: list[Entity]) -> list[Entity]:
    splittable = [e for e in entities if e.kind in SPLITTABLE]
    quotes = _disjoint(e for e in entities if e.kind in QUOTES)
    solid = _disjoint(e for e in entities if e.kind not in SPLITTABLE and e.kind not in QUOTES)
    solid = _outside(solid, quotes)
    for new in _outside(found, quotes):
        if all(new.end <= old.offset or old.end <= new.offset for old in solid):
            solid.append(new)
    others = sorted((*solid, *quotes), key=order)
    return sorted((*others, *_split(splittable, others)), key=order)


def _disjoint(entities: Iterable[Entity]) -> list[Entity]:
    kept: list[Entity] = []
    for entity in sorted(entities, key=order):
        if not kept or entity.offset >= kept[-1].end:
            kept.append(entity)
    return kept


def _outside(entities: Iterable[Entity], quotes: list[Entity]) -> list[Entity]:
    """Without those that cross the border of a quote."""
    return [e for e in entities if not any(_crosses(e, quote) for quote in quotes)]


def _crosses(entity: Entity, quote: Entity) -> bool:
    apart = entity.end <= quote.offset or quote.end <= entity.offset
    return not apart and not (quote.offset <= entity.offset and entity.end <= quote.end)


def _split(entities: list[Entity], others: list[Entity]) -> list[Entity]:
    """Cut at every border of ``others`` and at every start of another style; drop what lies in code."""
    joined = [piece for kind in sorted(SPLITTABLE) for piece in _joined([e for e in entities if e.kind == kind])]
    cuts = sorted({e.offset for e in joined} | {place for e in others for place in (e.offset, e.end)})
    pieces = [piece for entity in joined for piece in _cut(entity, cuts)]
    code = [e for e in others if e.kind in _OPAQUE]
    return [p for p in pieces if not any(c.offset <= p.offset and p.end <= c.end for c in code)]


def _joined(entities: list[Entity]) -> list[Entity]:
    """Entities of one style, touching ones made one."""
    found: list[Entity] = []
    for entity in sorted(entities, key=order):
        if found and entity.offset <= found[-1].end:
            last = found[-1]
            found[-1] = last._replace(length=max(last.end, entity.end) - last.offset)
        else:
            found.append(entity)
    return found


def _cut(entity: Entity, cuts: list[int]) -> list[Entity]:
    borders = [entity.offset, *(c for c in cuts if entity.offset < c < entity.end), entity.end]
    return [entity._replace(offset=a, length=b - a) for a, b in pairwise(borders)]


def _is_valid(entities: list[Entity]) -> bool:
    nested: list[Entity] = []
    last_end: dict[str, int] = {}
    for entity in entities:
        while nested and entity.offset >= nested[-1].end:
            nested.pop()
        if nested and not _may_nest(entity, nested):
            return False
        if entity.kind in SPLITTABLE:
            if last_end.get(entity.kind, -1) >= entity.offset:
                return False
            last_end[entity.kind] = entity.end
        nested.append(entity)
    return True


def _may_nest(entity: Entity, nested: list[Entity]) -> bool:
    kinds = {e.kind for e in nested}
    if entity.end > nested[-1].end or entity.kind in kinds or nested[-1].kind in _OPAQUE or kinds & SPLITTABLE:
        return False
    if entity.kind in _OPAQUE:
        return kinds <= QUOTES
    if entity.kind in _CONTINUOUS or entity.kind in QUOTES:
        return not kinds & _CONTINUOUS and not (entity.kind in QUOTES and kinds & QUOTES)
    return True


# ------------------------------------------------------------------------------------- to and from the wire


def to_json(text: str, entities: Sequence[Entity], users: Callable[[int], Any]) -> list[dict[str, Any]]:
    """Entities as the vendor writes them; ``users`` gives the ``User`` of a mentioned id."""
    units = utf16_offsets(text)
    return [_entity_json(e, units, users) for e in entities]


def _entity_json(entity: Entity, units: Sequence[int], users: Callable[[int], Any]) -> dict[str, Any]:
    offset = units[entity.offset]
    found: dict[str, Any] = {"offset": offset, "length": units[entity.end] - offset, "type": entity.kind}
    if entity.value is None:
        return found
    if entity.kind == "text_mention":
        found["user"] = users(entity.value)
    elif entity.kind == "date_time":
        found["unix_time"], style = entity.value
        if style:
            found["date_time_format"] = style
    else:
        found[_VALUE_FIELDS[entity.kind]] = json_text(entity.value)
    return found


def utf16_offsets(text: str) -> Sequence[int]:
    """The UTF-16 offset of every code point of ``text``, and of its end."""
    if text.isascii() or max(text) < "\U00010000":
        return range(len(text) + 1)
    offsets = [0]
    for char in text:
        offsets.append(offsets[-1] + (2 if char >= "\U00010000" else 1))
    return offsets


def to_spans(entities: Iterable[Entity]) -> tuple[Span, ...]:
    """The formatting among ``entities`` in neutral words."""
    return tuple(
        Span(e.offset, e.length, _STYLES[e.kind], None if e.value is None else str(e.value))
        for e in entities
        if e.kind in _STYLES
    )


def from_spans(spans: Iterable[Span], length: int) -> list[Entity]:
    """Neutral formatting of a text of ``length`` code points as entities; mentions are found in the text itself."""
    found = []
    for span in spans:
        start, end = max(0, span.start), min(length, span.start + span.length)
        if span.style == "mention" and (span.value or "").isdigit():
            found.append(Entity(start, end - start, "text_mention", int(span.value or 0)))
        elif span.style in _KINDS:
            kind = _KINDS[span.style]
            found.append(Entity(start, end - start, kind, span.value if kind in _VALUE_FIELDS else None))
    return fix(found)
