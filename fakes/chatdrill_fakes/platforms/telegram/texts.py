"""Texts with their entities: read from a call or a customer's part, cleaned, trimmed and searched as the vendor does."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

from chatdrill.model import Text
from chatdrill_fakes.platforms.telegram import encoding
from chatdrill_fakes.platforms.telegram.arguments import Arguments, BadJson
from chatdrill_fakes.platforms.telegram.detect import find_entities
from chatdrill_fakes.platforms.telegram.entities import (
    Entity,
    fix,
    from_spans,
    merge,
    to_json,
    to_spans,
    utf16_offsets,
)
from chatdrill_fakes.platforms.telegram.errors import bad_request
from chatdrill_fakes.platforms.telegram.fields import FieldError, int_field, object_field, text_field
from chatdrill_fakes.platforms.telegram.html import link_entity, parse_html
from chatdrill_fakes.platforms.telegram.limits import ENTITIES_MAX, TEXT_INPUT_MAX_BYTES
from chatdrill_fakes.platforms.telegram.markdown import parse_markdown, parse_markdown_v2
from chatdrill_fakes.platforms.telegram.state import TelegramState

_MODES: dict[str, Callable[[str], tuple[str, list[Entity]]]] = {
    "html": parse_html,
    "markdown": parse_markdown,
    "markdownv2": parse_markdown_v2,
}
_DIRTY = re.compile("[\0-\t\x0b-\x1f\u2028-\u202e\u030a\u0333\u033f]")
_TO_SPACE = re.compile("[\0-\t\x0b\x0c\x0e-\x1f]")
_REMOVED = re.compile("[\r\u2028-\u202e\u030a\u0333\u033f]")
_VISIBLE = re.compile(
    "[^ \n\xa0\u1680\u180e\u2000-\u200f\u202e\u202f\u205f\u2800\u3000\ufeff\ufffc\U000e0000-\U000e007f]",
)


class Draft(NamedTuple):
    """A text as it was asked for. ``is_utf16``: its entities still count UTF-16 code units."""

    text: str
    entities: list[Entity]
    is_utf16: bool = False


class Formatted(NamedTuple):
    """A text as it will stand in the chat."""

    text: str
    entities: tuple[Entity, ...] = ()

    @property
    def part(self) -> Text:
        """The same in neutral words."""
        return Text(text=self.text, spans=to_spans(self.entities) if self.entities else ())

    def fields(self, state: TelegramState, name: str = "text", entities: str = "entities") -> dict[str, Any]:
        """The same in a message's JSON."""
        found: dict[str, Any] = {name: encoding.text(self.text)}
        if self.entities:
            found[entities] = to_json(self.text, self.entities, lambda user_id: known_user(state, user_id))
        return found


def known_user(state: TelegramState, user_id: int) -> Any:
    """The encoded ``User`` of someone the bot has met, or ``None``."""
    if user_id == state.bot_id:
        return state.bot_json
    chat = state.chats.get(str(user_id))
    return chat.user_json if chat is not None and (chat.opened or chat.is_seen) else None


# ------------------------------------------------------------------------------------------------ from a call


def read_draft(text: str, mode: str, entities: Any) -> Draft:
    """A text and how it is formatted: ``mode`` wins over ``entities`` (parsed JSON). Raises ``ApiError``."""
    if len(text) * 4 > TEXT_INPUT_MAX_BYTES and len(text.encode("utf-8", "replace")) > TEXT_INPUT_MAX_BYTES:
        raise bad_request("Text is too long")
    mode = mode.lower()
    if text and mode and mode != "none":
        if mode not in _MODES:
            raise bad_request("Unsupported parse_mode")
        return Draft(*_MODES[mode](text))
    if not isinstance(entities, list):
        return Draft(text, [])
    found = [entity for value in entities if (entity := _read_entity(value)) is not None]
    return Draft(text, found, is_utf16=True)


def read_text(arguments: Arguments, name: str = "text", entities: str = "entities") -> Draft:
    """The text, ``parse_mode`` and entities of a call. Raises ``ApiError``."""
    given: Any = None
    if arguments.has(entities):
        try:
            given = arguments.json(entities)
        except BadJson:
            given = None  # the server ignores what it cannot read here
    return read_draft(arguments.text(name), arguments.text("parse_mode"), given)


def _read_entity(value: Any) -> Entity | None:
    try:
        if not isinstance(value, dict):
            raise FieldError("expected an Object")
        offset, length = int_field(value, "offset"), int_field(value, "length")
        kind = text_field(value, "type")
        if kind in _FOUND_BY_SERVER:
            return None
        if kind not in _READERS:
            raise FieldError("Unsupported type specified" if kind else "Type is not specified")
        return _READERS[kind](Entity(offset, length, kind), value)
    except FieldError as error:
        raise bad_request(f"Can't parse MessageEntity: {error}") from error


def _plain(entity: Entity, _value: dict[str, Any]) -> Entity:
    return entity


def _pre(entity: Entity, value: dict[str, Any]) -> Entity:
    return entity._replace(value=text_field(value, "language", "") or None)


def _link(entity: Entity, value: dict[str, Any]) -> Entity:
    return entity._replace(value=text_field(value, "url"))


def _mention(entity: Entity, value: dict[str, Any]) -> Entity:
    return entity._replace(value=int_field(object_field(value, "user"), "id", wide=True))


def _emoji(entity: Entity, value: dict[str, Any]) -> Entity:
    return entity._replace(value=str(int_field(value, "custom_emoji_id", wide=True)))


def _date(entity: Entity, value: dict[str, Any]) -> Entity:
    style = text_field(value, "date_time_format", "")
    if not re.fullmatch("[rR]|[tTdDwW]*", style):
        raise FieldError("Invalid date-time format specified")
    return entity._replace(value=(int_field(value, "unix_time"), style))


_FOUND_BY_SERVER = frozenset(
    ["mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bank_card_number"]
)
_READERS: dict[str, Callable[[Entity, dict[str, Any]], Entity]] = {
    "bold": _plain,
    "italic": _plain,
    "underline": _plain,
    "strikethrough": _plain,
    "spoiler": _plain,
    "code": _plain,
    "blockquote": _plain,
    "expandable_blockquote": _plain,
    "pre": _pre,
    "text_link": _link,
    "text_mention": _mention,
    "custom_emoji": _emoji,
    "date_time": _date,
}


# -------------------------------------------------------------------------------------------- into the chat


def finish(state: TelegramState, draft: Draft, *, may_be_empty: bool = False) -> Formatted:
    """Clean and trim the text, put its entities right and find further ones. Raises ``ApiError``."""
    formatted = _finish_marked(state, draft) if draft.entities else _finish_plain(draft.text)
    if not formatted.text and not may_be_empty:
        raise bad_request("Text must be non-empty")
    return formatted


@lru_cache(maxsize=1024)
def _finish_plain(text: str) -> Formatted:
    """A text without entities of its own, empty if nothing visible is in it. Scenarios and bots say the same to many."""
    is_clean = (text.isascii() and text.isprintable()) or not _DIRTY.search(text)  # the first is nearly free
    text = (text if is_clean else _clean(text)).strip(" \n")
    return Formatted(text, tuple(find_entities(text)[:ENTITIES_MAX])) if _VISIBLE.search(text) else Formatted("")


def _finish_marked(state: TelegramState, draft: Draft) -> Formatted:
    text = draft.text
    entities = _in_code_points(text, draft.entities) if draft.is_utf16 else draft.entities
    if any(e.kind in _CHECKED for e in entities):
        entities = [checked for e in entities if (checked := _checked(state, e)) is not None]
    text, entities = _trim_marked(*_clean_marked(text, fix(entities)))
    if not _VISIBLE.search(text):
        return Formatted("")
    return Formatted(text, tuple(merge(entities, find_entities(text))[:ENTITIES_MAX]))


def from_part(state: TelegramState, part: Text) -> Formatted:
    """What a customer wrote, as the servers keep it; raises ``ApiError`` if nothing visible is in it."""
    text = encoding.clean(part.text)
    return finish(state, Draft(text, from_spans(part.spans, len(text)) if part.spans else []))


_CHECKED = frozenset(("text_link", "text_mention"))


def _checked(state: TelegramState, entity: Entity) -> Entity | None:
    """Without links that are none and mentions of people the bot does not know."""
    if entity.kind == "text_link":
        return link_entity(entity.offset, entity.length, entity.value)
    if entity.kind == "text_mention" and known_user(state, entity.value) is None:
        return None
    return entity


def _in_code_points(text: str, entities: list[Entity]) -> list[Entity]:
    places = {unit: place for place, unit in enumerate(utf16_offsets(text))}
    end = max(places)
    return [_moved(text, e, places, end) for e in entities if _is_sane(e)]


def _is_sane(entity: Entity) -> bool:
    if not 0 <= entity.offset <= 1_000_000:
        raise bad_request(f"Receive an entity with incorrect offset {entity.offset}")
    if not 0 <= entity.length <= 1_000_000:
        raise bad_request(f"Receive an entity with incorrect length {entity.length}")
    return entity.length > 0


def _moved(text: str, entity: Entity, places: dict[int, int], end: int) -> Entity:
    if entity.offset > end:
        raise bad_request(f"Entity begins after the end of the text at UTF-16 offset {entity.offset}")
    if entity.end > end:
        raise bad_request(
            f"Entity beginning at UTF-16 offset {entity.offset} ends after the end of the text at UTF-16 offset {entity.end}"
        )
    if entity.offset not in places:
        where = _bytes_before(text, places[entity.offset + 1])
        raise bad_request(f"Entity begins in a middle of a UTF-16 symbol at byte offset {where}")
    if entity.end not in places:
        where = _bytes_before(text, places[entity.end + 1])
        raise bad_request(
            f"Entity beginning at UTF-16 offset {entity.offset} ends in a middle of a UTF-16 symbol at byte offset {where}"
        )
    start = places[entity.offset]
    return entity._replace(offset=start, length=places[entity.end] - start)


def _bytes_before(text: str, place: int) -> int:
    return len(text[:place].encode("utf-8", "replace"))


def _clean(text: str) -> str:
    return _REMOVED.sub("", _TO_SPACE.sub(" ", text))


def _clean_marked(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    if not _DIRTY.search(text):
        return text, entities
    kept = [0]
    for char in text:
        kept.append(kept[-1] + (0 if _REMOVED.match(char) else 1))
    moved = [e._replace(offset=kept[e.offset], length=kept[e.end] - kept[e.offset]) for e in entities]
    return _clean(text), fix(moved)


def _trim_marked(text: str, entities: list[Entity]) -> tuple[str, list[Entity]]:
    """White space is trimmed at the end always, at the beginning up to the first entity."""
    if text and text[0] not in " \n" and text[-1] not in " \n":
        return text, entities
    text = text.rstrip(" \n")
    cut = [e._replace(length=min(e.end, len(text)) - e.offset) for e in entities if e.offset < len(text)]
    room = cut[0].offset if cut else len(text)
    start = min(room, len(text) - len(text.lstrip(" \n")))
    moved = [e._replace(offset=e.offset - start) for e in cut]
    return text[start:], moved if cut == entities else fix(moved)
