"""``parse_mode`` HTML, with the complaints and the byte offsets of the real server (tdlib/td, parse_html, 022d602)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from chatdrill_fakes.platforms.telegram.entities import Entity
from chatdrill_fakes.platforms.telegram.errors import ApiError, bad_request
from chatdrill_fakes.platforms.telegram.links import checked_link, linked_user

_TAGS = frozenset(
    [
        "a",
        "b",
        "strong",
        "i",
        "em",
        "s",
        "strike",
        "del",
        "u",
        "ins",
        "tg-spoiler",
        "tg-emoji",
        "tg-time",
        "span",
        "pre",
        "code",
        "blockquote",
    ],
)
_PLAIN = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "u": "underline",
    "ins": "underline",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
}
_SPECIAL = re.compile("[<&]")
_SPACE = " \t\r\n\0\v"
_TAG_END = re.compile(r"[ \t\r\n\0\v>]")
_CHARACTER = re.compile(r"&(?:#x(?P<hex>[0-9A-Fa-f]*)|#(?P<dec>[0-9]*)|(?P<name>[A-Za-z]*));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_ATTRIBUTE = re.compile(r"[^ \t\r\n\0\v=>/\"']*")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_FORMAT = re.compile(r"[rR]|[tTdDwW]*")


@dataclass
class _Open:
    """A tag that waits for its end."""

    name: str
    argument: str
    date: int
    offset: int
    place: int


@dataclass
class _Parser:
    source: str
    place: int = 0
    length: int = 0
    out: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    has_surrogates: bool = False

    def fail(self, message: str, at: int) -> ApiError:
        return cannot_parse(f"{message} at byte offset {byte_offset(self.source, at)}")

    def emit(self, text: str) -> None:
        self.out.append(text)
        self.length += len(text)

    def peek(self) -> str:
        return self.source[self.place : self.place + 1]

    def skip_spaces(self) -> None:
        while self.peek() and self.peek() in _SPACE:
            self.place += 1


def parse_html(source: str) -> tuple[str, list[Entity]]:
    """The text without tags and its entities; raises ``ApiError``."""
    p = _Parser(source)
    while found := _SPECIAL.search(source, p.place):
        p.emit(source[p.place : found.start()])
        p.place = found.start()
        if found[0] == "&":
            _character(p)
        elif source.startswith("</", p.place):
            _close(p)
        else:
            _start(p)
    p.emit(source[p.place :])
    if p.open:
        raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{p.open[-1].name}"')
    if p.has_surrogates:
        raise cannot_parse(
            "Text contains invalid Unicode characters after decoding HTML entities, check for unmatched surrogate code "
            "units"
        )
    # The language of a <code> counts only inside a <pre>.
    return "".join(p.out), [e._replace(value=None) if e.kind == "code" else e for e in p.entities]


def cannot_parse(message: str) -> ApiError:
    """The error of a text whose markup is wrong."""
    return bad_request(f"Can't parse entities: {message}")


def byte_offset(source: str, place: int) -> int:
    """Where the code point ``place`` lies in the UTF-8 text that the bot sent."""
    return len(source[:place].encode("utf-8", "replace"))


def _character(p: _Parser) -> None:
    char, p.place = _decode(p.source, p.place)
    if "\ud800" <= char <= "\udfff":
        p.has_surrogates, char = True, "?"
    p.emit(char)


def _decode(source: str, place: int) -> tuple[str, int]:
    """The character that ``&...;`` at ``place`` stands for (``&`` itself if nothing), and where to go on."""
    found = _CHARACTER.match(source, place)
    assert found is not None  # the pattern matches a lone "&"
    if found["name"] is not None:
        return (_NAMED[found["name"]], found.end()) if found["name"] in _NAMED else ("&", place + 1)
    digits = found["hex"] if found["hex"] is not None else found["dec"]
    if len(found[0].rstrip(";")) >= 10 or not digits:
        return "&", place + 1
    code = int(digits, 16 if found["hex"] is not None else 10)
    return (chr(code), found.end()) if 0 < code < 0x10FFFF else ("&", place + 1)


# ------------------------------------------------------------------------------------------------- start tags


def _start(p: _Parser) -> None:
    begin = p.place
    end = _TAG_END.search(p.source, begin + 1)
    if end is None:
        raise p.fail("Unclosed start tag", begin)
    name = p.source[begin + 1 : end.start()].lower()
    if name not in _TAGS:
        raise p.fail(f'Unsupported start tag "{name}"', begin)
    p.place = end.start()
    argument, date = "", 0
    while p.peek() != ">":
        p.skip_spaces()
        if p.peek() == ">":
            break
        key, value = _attribute(p, name, begin)
        if (name, key) == ("tg-time", "unix"):
            date = int(value[:11]) if re.fullmatch(r"[+-]?[0-9]+", value[:11]) else 0
        elif (name, key) in _ARGUMENTS:
            argument = _ARGUMENTS[name, key](value, argument)
    p.place += 1
    if name == "span" and argument != "spoiler":
        raise p.fail('Tag "span" must have class "tg-spoiler"', begin)
    p.open.append(_Open(name, argument, date, p.length, len(p.out)))


def _attribute(p: _Parser, tag: str, begin: int) -> tuple[str, str]:
    """One ``name=value`` (or bare ``name``) of a start tag."""
    found = _ATTRIBUTE.match(p.source, p.place)
    assert found is not None  # may be empty
    if not found[0]:
        raise p.fail(f'Empty attribute name in the tag "{tag}"', begin)
    p.place = found.end()
    p.skip_spaces()
    if p.peek() == "":
        raise p.fail(f'Unclosed start tag "{tag}"', begin)
    if p.peek() != "=":
        return found[0], ""
    p.place += 1
    p.skip_spaces()
    if p.peek() == "":
        raise p.fail(f'Unclosed start tag "{tag}"', begin)
    value = _quoted(p) if p.peek() in "'\"" else _name_token(p)
    if p.peek() == "":
        raise p.fail("Unclosed start tag", begin)
    return found[0], value


def _name_token(p: _Parser) -> str:
    found = _NAME_TOKEN.match(p.source, p.place)
    assert found is not None  # may be empty
    p.place = found.end()
    if p.peek() and p.peek() not in _SPACE and p.peek() != ">":
        raise p.fail("Unexpected end of name token", found.start())
    return found[0].lower()


def _quoted(p: _Parser) -> str:
    quote = p.peek()
    p.place += 1
    value: list[str] = []
    while p.peek() not in ("", quote):
        if p.peek() == "&":
            char, p.place = _decode(p.source, p.place)
            value.append(char)
        else:
            value.append(p.peek())
            p.place += 1
    p.place += 1 if p.peek() else 0
    joined = "".join(value)
    p.has_surrogates = p.has_surrogates or any("\ud800" <= char <= "\udfff" for char in joined)
    return joined


def _after(prefix: str) -> Callable[[str, str], str]:
    return lambda value, old: value[len(prefix) :] if value.startswith(prefix) else old


_ARGUMENTS: dict[tuple[str, str], Callable[[str, str], str]] = {
    ("a", "href"): lambda value, _: value,
    ("code", "class"): _after("language-"),
    ("span", "class"): _after("tg-"),
    ("tg-emoji", "emoji-id"): lambda value, _: value,
    ("blockquote", "expandable"): lambda _value, _old: "1",
    ("tg-time", "format"): lambda value, _: value,
}


# --------------------------------------------------------------------------------------------------- end tags


def _close(p: _Parser) -> None:
    begin = p.place
    if not p.open:
        raise p.fail("Unexpected end tag", begin)
    end = _TAG_END.search(p.source, begin + 2)
    p.place = len(p.source) if end is None else end.start()
    name = p.source[begin + 2 : p.place].lower()
    p.skip_spaces()
    if p.peek() != ">":
        raise p.fail("Unclosed end tag", begin)
    p.place += 1
    tag = p.open[-1]
    if name and name != tag.name:
        where = byte_offset(p.source, begin)
        raise cannot_parse(f'Unmatched end tag at byte offset {where}, expected "</{tag.name}>", found "</{name}>"')
    if p.length > tag.offset:
        _add(p, tag)
    p.open.pop()


def _add(p: _Parser, tag: _Open) -> None:
    length = p.length - tag.offset
    if tag.name in _PLAIN:
        p.entities.append(Entity(tag.offset, length, _PLAIN[tag.name]))
        return
    entity = _FINISH[tag.name](p, tag, length)
    if entity is not None:
        p.entities.append(entity)


def _link(p: _Parser, tag: _Open, length: int) -> Entity | None:
    return link_entity(tag.offset, length, tag.argument or "".join(p.out[tag.place :]))


def link_entity(offset: int, length: int, url: str) -> Entity | None:
    """A mention for ``tg://user?id=``, a link for any other address, nothing for what is none."""
    user = linked_user(url)
    if user is not None:
        return Entity(offset, length, "text_mention", user)
    checked = checked_link(url)
    return Entity(offset, length, "text_link", checked) if checked else None


def _last_if(p: _Parser, kind: str, tag: _Open, length: int) -> Entity | None:
    last = p.entities[-1] if p.entities else None
    return last if last and (last.kind, last.offset, last.length) == (kind, tag.offset, length) else None


def _pre(p: _Parser, tag: _Open, length: int) -> Entity:
    code = _last_if(p, "code", tag, length)
    if code and code.value:
        p.entities.pop()
        return code._replace(kind="pre")
    return Entity(tag.offset, length, "pre")


def _code(p: _Parser, tag: _Open, length: int) -> Entity:
    pre = _last_if(p, "pre", tag, length)
    if pre and tag.argument:
        p.entities.pop()
        return pre._replace(value=tag.argument)
    return Entity(tag.offset, length, "code", tag.argument or None)


def _quote(_p: _Parser, tag: _Open, length: int) -> Entity:
    return Entity(tag.offset, length, "expandable_blockquote" if tag.argument else "blockquote")


def _emoji(_p: _Parser, tag: _Open, length: int) -> Entity:
    return Entity(tag.offset, length, "custom_emoji", emoji_id(tag.argument))


def emoji_id(text: str) -> str:
    """A custom emoji's id; raises ``ApiError`` for what is none."""
    if not re.fullmatch("-?[0-9]{1,19}", text) or int(text) == 0:
        raise cannot_parse("Invalid custom emoji identifier specified")
    return text


def _time(_p: _Parser, tag: _Open, length: int) -> Entity | None:
    if not _FORMAT.fullmatch(tag.argument):
        raise cannot_parse("Invalid date-time format specified")
    return Entity(tag.offset, length, "date_time", (tag.date, tag.argument)) if tag.date > 0 else None


_FINISH: dict[str, Callable[[_Parser, _Open, int], Any]] = {
    "a": _link,
    "pre": _pre,
    "code": _code,
    "blockquote": _quote,
    "tg-emoji": _emoji,
    "tg-time": _time,
}
