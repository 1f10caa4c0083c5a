"""WhatsApp's "Export chat": a text of lines, alone or in a zip with the media. iOS and Android write it differently, and each by
the customs of the phone's language.

Written down from exports of both (2019 to 2025). Times are the phone's, to the minute on Android, without a zone.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath

from chatdrill.errors import ExportError
from chatdrill.importing.dialog import Dialog, Place, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.kinds import attached, kind_of_name, of_kind
from chatdrill.importing.reader import Options, Reader
from chatdrill.importing.readers.whatsapp_words import (
    FIRST_WORDS,
    IS_CHANGED,
    IS_DELETED,
    IS_NOTICE,
    LEFT_OUT,
    LEFT_OUT_WORDS,
    NOONS,
    SUFFIXES,
    left_out_kind,
)

_MARKS = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\ufeff"
_SPACE = "[ \u00a0\u202f\u2009]"
_NOON = "|".join(rf"\.?{_SPACE}?".join(word) + r"\.?" for word in sorted(NOONS, key=len, reverse=True))
_LINE = re.compile(
    rf"[{_MARKS}]*\[?(\d{{1,4}})\u200f?([./-]){_SPACE}?(\d{{1,2}})\u200f?\2{_SPACE}?(\d{{1,4}})\.?(?:[,،]| à| às)?{_SPACE}"
    rf"(?:({_NOON}){_SPACE}?)?(\d{{1,2}})[:.](\d{{2}})(?:[:.](\d{{2}}))?(?:{_SPACE}?({_NOON}))?(?:\]| [-\u2013]) "
    r"(.*)",
    re.DOTALL | re.IGNORECASE,
)
_ATTACHED = re.compile(r"<[^:<>]{1,30}: ([^<>/\\]+\.\w{1,5})>")
_NAMED_FILE = re.compile(r"([^\n/\\]+\.\w{2,5}) \([^()\n]{3,40}\)(?:\n|$)")
_MAP = re.compile(
    r"https://(?:maps\.google\.com/(?:maps)?\?q=|www\.google\.com/maps\?q=)(-?\d{1,3}\.\d+),(-?\d{1,3}\.\d+)"
)
_HEAD_LINES = 40
_UNDECIDED_LINES = 50_000
_KEPT_MINUTES = 10_000
_SENDER_MAX = 100
_NOTICE_MAX = 80  # characters of what says that something is not there
_ODD = frozenset(_MARKS)
_BARE = str.maketrans("", "", _MARKS)


def _sniff(name: str, head: str) -> bool:
    return name.lower().endswith(".txt") and any(_LINE.match(line) for line in head.splitlines()[:_HEAD_LINES])


def _read(export: Export, names: Sequence[str], options: Options) -> Iterator[Dialog]:
    for name in names:
        order = options.dates or _order(text for _, text in export.lines(name))
        title = _title(export, name)
        yield Dialog(
            title=title or "WhatsApp chat",
            format="whatsapp",
            where=export.where(name),
            turns=partial(_turns, export, name, order),
            platform="whatsapp",
            is_local=True,
        )


_TITLES = re.compile(
    r"(?:WhatsApp Chat (?:with|-) |Чат WhatsApp с (?:контактом )?|Czat WhatsApp z |WhatsApp-Chat mit |Chat de WhatsApp con )(.+)"
)


def _title(export: Export, name: str) -> str | None:
    stems = (PurePosixPath(name).stem, export.path.stem)
    found = next((match for stem in stems if (match := _TITLES.match(stem.translate(_BARE)))), None)
    return found[1].strip() if found else None


# ------------------------------------------------------------------------------------------------- dates


def _order(lines: Iterable[str]) -> str:
    """``dmy``, ``mdy`` or ``ymd``: by a number that can be no month, else by what goes forward in time, else by the signs."""
    forward, seen = {"dmy": 0, "mdy": 0}, {"dmy": (0, 0, 0), "mdy": (0, 0, 0)}
    sign, has_noon = "", False
    for _, line in zip(range(_UNDECIDED_LINES), lines, strict=False):
        found = _LINE.match(line)
        if found is None:
            continue
        one, sign, two, three = int(found[1]), found[2], int(found[3]), int(found[4])
        has_noon = has_noon or found[9] is not None
        if one > 31:
            return "ymd"
        if one > 12 or two > 12:
            return "dmy" if one > 12 else "mdy"
        for name, day in (("dmy", (three, two, one)), ("mdy", (three, one, two))):
            forward[name] -= day < seen[name]
            seen[name] = day
    if forward["dmy"] != forward["mdy"]:
        return max(forward, key=forward.__getitem__)
    return "mdy" if sign == "/" and has_noon else "dmy"


class _Clock:
    """Unix seconds from what stands before a message, kept by the minute: most lines share theirs with the one before."""

    def __init__(self, order: str) -> None:
        self._places = {"dmy": (4, 3, 1), "mdy": (4, 1, 3), "ymd": (1, 3, 4)}[order]
        self._minutes: dict[tuple[str | None, ...], float] = {}

    def at(self, found: re.Match[str]) -> float:
        key = found.group(1, 3, 4, 5, 6, 7, 9)
        minute = self._minutes.get(key)
        if minute is None:
            if len(self._minutes) > _KEPT_MINUTES:
                self._minutes.clear()
            minute = self._minutes[key] = self._minute(found)
        second = found[8]
        return minute + int(second) if second else minute

    def _minute(self, found: re.Match[str]) -> float:
        hours, minute, noon = int(found[6]), int(found[7]), found[5] or found[9]
        if noon:
            is_late = NOONS["".join(noon.lower().replace(".", "").split())]
            hours = hours % 12 + (12 if is_late else 0)
        if hours > 23 or minute > 59:
            raise ValueError(f"{found[6]}:{found[7]} is no time")
        return float(self._day(found) + hours * 3600 + minute * 60)

    def _day(self, found: re.Match[str]) -> int:
        year, month, day = (int(found[place]) for place in self._places)
        year += 2000 if year < 100 else 0
        if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]):
            raise ValueError(f"{found[1]}{found[2]}{found[3]}{found[2]}{found[4]} is no date")
        return calendar.timegm((year, month, day, 0, 0, 0))


# ------------------------------------------------------------------------------------------------- messages


def _turns(export: Export, name: str, order: str) -> Iterator[Turn]:
    at_of, match = _Clock(order).at, _LINE.match
    at, head, body = 0.0, "", list[str]()
    number, begun = 0, False
    for number, line in export.lines(name):
        found = match(line)
        if found is None:
            body.append(line)
            continue
        if begun and (turn := _turn(at, head, body)) is not None:
            yield turn
        try:
            at = at_of(found)
        except ValueError as error:
            where = export.where(name, number)
            raise ExportError(f"{error}; the order of day and month: --dates dmy or mdy", where=where) from error
        head, body, begun = found[10], [], True
    if not begun:
        raise ExportError("no line of it looks like a message of WhatsApp's", where=export.where(name, number or None))
    if (turn := _turn(at, head, body)) is not None:
        yield turn


def _turn(at: float, head: str, more: list[str]) -> Turn | None:
    who, colon, text = head.partition(":")
    if not colon or len(who) > _SENDER_MAX:
        return None
    who = who.rstrip()
    text = text[1:] if text[:1] == " " else text
    if more:
        text = "\n".join([text, *more]).rstrip("\n")
    if _may_be_special(text) or (not who.isascii() and who[0] in _MARKS + "~"):
        return _special(at, who.translate(_BARE).strip("~ \u202f\u00a0"), text)
    return Turn(at=at, who=who, text=text) if text else None


def _may_be_special(text: str) -> bool:
    """A quick look that spares most messages the slow one."""
    if "<" in text or "://" in text or ")" in text or (not text.isascii() and not _ODD.isdisjoint(text)):
        return True
    if len(text) > _NOTICE_MAX:
        return False
    words = text.lower().split(None, 5)
    return not FIRST_WORDS.isdisjoint(words[:2]) or (len(words) < 5 and not LEFT_OUT_WORDS.isdisjoint(words))


def _special(at: float, who: str, text: str) -> Turn | None:
    """A message that may be more than words."""
    is_marked = text.startswith(tuple(_MARKS))
    bare = text.translate(_BARE)
    changed = IS_CHANGED.search(bare)
    bare = bare[: changed.start()].rstrip() if changed else bare
    if IS_DELETED.search(bare) or ((is_marked or not who) and IS_NOTICE.search(bare)):
        return None
    kind = left_out_kind(bare)
    files = (of_kind(kind),) if kind else ()
    if kind:
        bare = LEFT_OUT.sub("", bare, count=1).strip()
    named = _ATTACHED.search(bare) or _NAMED_FILE.match(bare)
    if named and (
        named.re is _ATTACHED or is_marked or SUFFIXES.search(named[0]) or kind_of_name(named[1]) != "document"
    ):
        files = (attached(named[1]),)
        bare = (bare[: named.start()] + bare[named.end() :]).strip()
    point = _MAP.search(bare)
    place = Place(latitude=float(point[1]), longitude=float(point[2])) if point else None
    if not (bare or files or place):
        return None
    return Turn(at=at, who=who, text="" if place else bare, files=files, place=place, changed=bool(changed))


WHATSAPP = Reader("whatsapp", "WhatsApp: Export chat (.txt, .zip)", _sniff, _read)
