"""``parse_mode`` Markdown (legacy) and MarkdownV2, as tdlib/td reads them (parse_markdown, parse_markdown_v2, 022d602)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

from chatdrill_fakes.platforms.telegram.entities import Entity
from chatdrill_fakes.platforms.telegram.errors import ApiError
from chatdrill_fakes.platforms.telegram.html import byte_offset, cannot_parse, emoji_id, link_entity

_LANGUAGE = re.compile(r"[^ \t\r\n\0\v`]*")
_NEW_LINE = re.compile(r"\r\n|\n\r|\n|\r")
_EMOJI_LINK = re.compile(r"(?i:tg:(?://)?emoji)\?(?:.*&)?id=(-?[0-9]{1,19})(?:&.*)?")
_TIME_LINK = re.compile(r"(?i:tg:(?://)?time)\?(?P<query>.*)")
_TIME_ARGUMENT = re.compile(r"(?:^|&)(unix|format)=([A-Za-z0-9]{0,10})(?=&|$)")


@dataclass
class _Open:
    """An entity that waits for its end. ``place`` is where its mark stands in the source, ``begin`` in the output."""

    kind: str
    value: str | None
    offset: int
    place: int
    begin: int


@dataclass
class _Parser:
    source: str
    place: int = 0
    length: int = 0
    out: list[str] = field(default_factory=list)
    open: list[_Open] = field(default_factory=list)
    entities: list[Entity] = field(default_factory=list)
    may_quote: bool = True
    in_quote: bool = False

    def at(self, ahead: int = 0) -> str:
        return self.source[self.place + ahead : self.place + ahead + 1]

    def sees(self, text: str) -> bool:
        return self.source.startswith(text, self.place)

    def emit(self, text: str) -> None:
        self.out.append(text)
        self.length += len(text)


def _pre_language(p: _Parser) -> str | None:
    """The language after three back-ticks, and the line break that belongs to the mark; moves past both."""
    found = _LANGUAGE.match(p.source, p.place)
    assert found is not None  # may be empty
    language = None
    if found[0] and found.end() < len(p.source) and p.source[found.end()] != "`":
        language, p.place = found[0], found.end()
    if line := _NEW_LINE.match(p.source, p.place):
        p.place = line.end()
    return language


# ------------------------------------------------------------------------------------------------------ legacy

_LEGACY = {"_": "italic", "*": "bold", "`": "code", "[": "text_link"}
_LEGACY_SPECIAL = re.compile(r"\\[_*`\[]|[_*`\[]")


def parse_markdown(source: str) -> tuple[str, list[Entity]]:
    """Legacy Markdown: no nesting. The text without marks and its entities; raises ``ApiError``."""
    p = _Parser(source)
    while found := _LEGACY_SPECIAL.search(source, p.place):
        p.emit(source[p.place : found.start()])
        p.place = found.end()
        if found[0].startswith("\\"):
            p.emit(found[0][1])
        else:
            _legacy_entity(p, found[0], found.start())
    p.emit(source[p.place :])
    return "".join(p.out), p.entities


def _legacy_entity(p: _Parser, mark: str, begin: int) -> None:
    is_pre = mark == "`" and p.sees("``")
    language = None
    end_mark = "]" if mark == "[" else mark
    if is_pre:
        p.place += 2
        language, end_mark = _pre_language(p), "```"
    end = p.source.find(end_mark, p.place)
    if end < 0:
        raise cannot_parse(f"Can't find end of the entity starting at byte offset {byte_offset(p.source, begin)}")
    inside, offset = p.source[p.place : end], p.length
    p.emit(inside)
    p.place = end + len(end_mark)
    url = inside
    if mark == "[" and p.at() == "(":
        url = p.source[p.place + 1 :].partition(")")[0]
        p.place = min(len(p.source), p.place + 1 + len(url) + 1)
    if not inside:
        return
    kind = "pre" if is_pre else _LEGACY[mark]
    entity = link_entity(offset, len(inside), url) if mark == "[" else Entity(offset, len(inside), kind, language)
    if entity:
        p.entities.append(entity)


# -------------------------------------------------------------------------------------------------- version 2

_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_SPECIAL = re.compile(r"[\\_*\[\]()~`>#+\-=|{}.!\n]")
_SPECIAL_IN_CODE = re.compile(r"[\\`]")
_STARTS = (  # the longer mark first
    ("```", "pre"),
    ("`", "code"),
    ("__", "underline"),
    ("_", "italic"),
    ("*", "bold"),
    ("~", "strikethrough"),
    ("||", "spoiler"),
    ("![", "custom_emoji"),
    ("[", "text_link"),
)
_ENDS = {
    "bold": "*",
    "underline": "__",
    "strikethrough": "~",
    "spoiler": "||",
    "code": "`",
    "pre": "```",
    "text_link": "]",
    "custom_emoji": "]",
}


def parse_markdown_v2(source: str) -> tuple[str, list[Entity]]:
    """MarkdownV2. The text without marks and its entities; raises ``ApiError``."""
    p = _Parser(source)
    while p.place < len(source):
        special = _SPECIAL_IN_CODE if p.open and p.open[-1].kind in ("code", "pre") else _SPECIAL
        found = special.search(source, p.place)
        plain = source[p.place : found.start() if found else len(source)]
        if plain:
            p.emit(plain)
            p.may_quote = p.may_quote and not plain.strip("\r")
        p.place += len(plain)
        if found:
            _special(p)
    if p.in_quote:
        _close_last_quote(p)
    if p.open:
        raise _no_end(p, p.open[-1])
    return "".join(p.out), p.entities


def _special(p: _Parser) -> None:
    char = p.at()
    if char == "\\":
        _escaped(p)
    elif _ends_here(p, char):
        _end(p, char)
    elif char == "\n":
        p.emit("\n")
        p.place += 1
        p.may_quote = True
    elif char == ">":
        _quote_mark(p)
    else:
        _begin(p)


def _escaped(p: _Parser) -> None:
    following = p.at(1)
    if following and "\x01" <= following <= "\x7e":
        p.emit(following)
        p.place += 2
        if following != "\r":
            p.may_quote = following == "\n"
    else:
        p.emit("\\")
        p.place += 1
        p.may_quote = False


def _ends_here(p: _Parser, char: str) -> bool:
    if not p.open:
        return False
    if p.in_quote and char == "\n" and p.at(1) != ">":
        return True
    kind = p.open[-1].kind
    if kind == "italic":
        return char == "_" and p.at(1) != "_"
    return kind != "blockquote" and p.sees(_ENDS[kind])


def _reserved(char: str) -> ApiError:
    return cannot_parse(f"Character '{char}' is reserved and must be escaped with the preceding '\\'")


def _no_end(p: _Parser, entity: _Open) -> ApiError:
    name = "PreCode" if entity.kind == "pre" and entity.value else _NAMES[entity.kind]
    return cannot_parse(f"Can't find end of {name} entity at byte offset {byte_offset(p.source, entity.place)}")


def _quote_mark(p: _Parser) -> None:
    if not p.may_quote:
        raise _reserved(">")
    if not p.in_quote:
        p.in_quote = True
        p.open.append(_Open("blockquote", None, p.length, p.place, len(p.out)))
    p.place += 1


def _begin(p: _Parser) -> None:
    start = next(((mark, kind) for mark, kind in _STARTS if p.sees(mark)), None)
    if start is None:
        raise _reserved(p.at())
    mark, kind = start
    place = p.place
    p.place += len(mark)
    language = _pre_language(p) if kind == "pre" else None
    p.open.append(_Open(kind, language, p.length, place, len(p.out)))


def _end(p: _Parser, char: str) -> None:
    kind = p.open[-1].kind
    if char == "\n":
        _end_quote(p)
        return
    entity = p.open.pop()
    p.place += len(_ENDS.get(kind, "_"))
    value = _VALUES[kind](p, entity) if kind in _VALUES else Entity(entity.offset, 0, kind, entity.value)
    if value is not None and p.length > entity.offset:
        p.entities.append(value._replace(length=p.length - entity.offset))


def _end_quote(p: _Parser) -> None:
    """A line that does not begin with ``>`` ends the quote; ``||`` as its last mark makes it expandable."""
    kind = "blockquote"
    last = p.open[-1]
    if last.kind != "blockquote":
        is_mark = last.kind == "spoiler" and p.source[last.place + 2 : p.place] in ("", "\r")
        if not is_mark:
            raise _no_end(p, last)
        p.open.pop()
        if p.open[-1].kind != "blockquote":
            raise _no_end(p, p.open[-1])
        kind = "expandable_blockquote"
    quote = p.open.pop()
    p.emit("\n")
    p.place += 1
    p.in_quote, p.may_quote = False, True
    p.entities.append(Entity(quote.offset, p.length - quote.offset, kind))


def _close_last_quote(p: _Parser) -> None:
    kind = "blockquote"
    if p.open[-1].kind == "spoiler" and p.open[-1].place == len(p.source) - 2:
        p.open.pop()
        kind = "expandable_blockquote"
    if p.open[-1].kind == "blockquote":
        quote = p.open.pop()
        if p.length > quote.offset:
            p.entities.append(Entity(quote.offset, p.length - quote.offset, kind))


def _address(p: _Parser) -> str:
    """The ``(...)`` after a link's text, without its escapes."""
    p.place += 1
    begin, url = p.place, []
    while p.at() not in ("", ")"):
        step = 1 if p.at() == "\\" and p.at(1) and "\x01" <= p.at(1) <= "\x7e" else 0
        url.append(p.at(step))
        p.place += step + 1
    if p.at() != ")":
        raise cannot_parse(f"Can't find end of a URL at byte offset {byte_offset(p.source, begin)}")
    p.place += 1
    return "".join(url)


def _link(p: _Parser, entity: _Open) -> Entity | None:
    url = _address(p) if p.at() == "(" else "".join(p.out[entity.begin :])
    return link_entity(entity.offset, 0, url)


def _emoji(p: _Parser, entity: _Open) -> Entity | None:
    if p.at() != "(":
        raise cannot_parse("The entity must contain a tg://emoji or tg://time URL")
    url = _address(p)
    if found := _EMOJI_LINK.fullmatch(url):
        return Entity(entity.offset, 0, "custom_emoji", emoji_id(found[1]))
    time = _TIME_LINK.fullmatch(url)
    arguments = dict(_TIME_ARGUMENT.findall(time["query"])) if time else {}
    if not arguments.get("unix", "").isdigit():
        raise cannot_parse("Invalid tg://emoji or tg://time URL specified")
    return Entity(entity.offset, 0, "date_time", (int(arguments["unix"]), arguments.get("format", "")))


_VALUES: dict[str, Callable[[_Parser, _Open], Entity | None]] = {"text_link": _link, "custom_emoji": _emoji}
