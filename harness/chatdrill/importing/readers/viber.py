"""Viber's backup of messages ("Email message history"): a CSV for each chat, without a heading.

The columns are date, time, sender, the sender's number (empty for oneself, whose name is ``Me``), text; some versions leave the number out.
Times are the phone's.
"""

from __future__ import annotations

import calendar
import csv
import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import PurePosixPath

from chatdrill.errors import ExportError
from chatdrill.importing.dialog import Dialog, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.kinds import of_kind
from chatdrill.importing.reader import Options, Reader
from chatdrill.model import MediaKind

_DATE = re.compile(r"\s*(\d{1,4})[./-](\d{1,2})[./-](\d{1,4})\.?\s*$")
_TIME = re.compile(r"\s*(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([AaPp])?\.?\s?[Mm]?\.?\s*$")
_PHONE = re.compile(r"\+?[\d ()-]{7,20}$|$")
_ROW = re.compile(r'"?\d{1,4}[./-]\d{1,2}[./-]\d{1,4}\.?"?[,;]"?\s?\d{1,2}:\d{2}')
_WORDS: dict[str, MediaKind] = {
    "photo message": "photo",
    "video message": "video",
    "sticker message": "sticker",
    "voice message": "voice",
    "file message": "document",
    "фотосообщение": "photo",
    "видеосообщение": "video",
    "стикер": "sticker",
    "голосовое сообщение": "voice",
}
_DATE_ORDERS = {"dmy": (3, 2, 1), "mdy": (3, 1, 2), "ymd": (1, 2, 3)}
csv.field_size_limit(1024 * 1024)


def _sniff(name: str, head: str) -> bool:
    return name.lower().endswith((".csv", ".txt")) and any(_ROW.match(line) for line in head.splitlines()[:5])


def _read(export: Export, names: Sequence[str], options: Options) -> Iterator[Dialog]:
    for name in names:
        title = PurePosixPath(name).stem
        yield Dialog(
            title=title,
            format="viber",
            where=export.where(name),
            turns=partial(_turns, export, name, options.dates or _order(export, name)),
            platform="viber",
            is_local=True,
        )


def _rows(export: Export, name: str) -> Iterator[tuple[int, list[str]]]:
    first = next((text for _, text in export.lines(name)), "")
    reader = csv.reader(
        (line + "\n" for _, line in export.lines(name)), delimiter=";" if first.count(";") > first.count(",") else ","
    )
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as error:
        raise ExportError(f"not CSV: {error}", where=export.where(name, reader.line_num)) from error


def _order(export: Export, name: str) -> str:
    for _, row in _rows(export, name):
        found = _DATE.match(row[0]) if row else None
        if found and int(found[1]) > 31:
            return "ymd"
        if found and (int(found[1]) > 12 or int(found[2]) > 12):
            return "dmy" if int(found[1]) > 12 else "mdy"
    return "dmy"


def _turns(export: Export, name: str, order: str) -> Iterator[Turn]:
    for line, row in _rows(export, name):
        date = _DATE.match(row[0]) if row else None
        if not row or (date is None and line == 1):
            continue
        time = _TIME.match(row[1]) if len(row) > 3 else None
        if date is None or time is None:
            raise ExportError(
                "not a message of Viber's: a date, a time, a sender, a number and a text, separated by commas",
                where=export.where(name, line),
            )
        try:
            at = _at(date, time, order)
        except ValueError as error:
            raise ExportError(
                f"{error}; the order of day and month: --dates dmy or mdy", where=export.where(name, line)
            ) from error
        has_phone = len(row) > 4 and _PHONE.match(row[3].strip())
        text = ",".join(row[4 if has_phone else 3 :]).strip()
        kind = _WORDS.get(text.lower())
        if text:
            yield Turn(at=at, who=row[2].strip(), text="" if kind else text, files=(of_kind(kind),) if kind else ())


def _at(date: re.Match[str], time: re.Match[str], order: str) -> float:
    year, month, day = (int(date[place]) for place in _DATE_ORDERS[order])
    year += 2000 if year < 100 else 0
    hours = int(time[1]) % 12 + (12 if time[4] in "Pp" else 0) if time[4] else int(time[1])
    if not (1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1] and hours < 24):
        raise ValueError(f"{date[0].strip()} {time[0].strip()} is no date")
    return calendar.timegm((year, month, day, hours, int(time[2]), int(time[3] or 0)))


VIBER = Reader("viber", "Viber: backup of messages (CSV)", _sniff, _read)
