"""Mail: single messages (``.eml``) and mailboxes (``.mbox``). A dialog is a thread: what answers what, else the same subject.

What is quoted below an answer, and the signature after ``-- ``, were said elsewhere and are left out.
"""

from __future__ import annotations

import email.policy
import re
from collections.abc import Iterator, Sequence
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import getaddresses, parsedate_to_datetime
from functools import partial

from chatdrill.errors import ExportError
from chatdrill.importing.dialog import Attached, Dialog, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.htmltext import words
from chatdrill.importing.kinds import kind_of_mime, of_kind
from chatdrill.importing.quotes import unquoted
from chatdrill.importing.reader import Options, Reader

_MESSAGE_MAX_BYTES = 64 * 1024 * 1024
_AGAIN = re.compile(r"^\s*(?:(?:re|fwd?|aw|odp|pd|отв|ответ|пересл)(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE)
_HEADER = re.compile(
    r"^(?:From|To|Subject|Date|Received|Return-Path|Message-ID|MIME-Version|Delivered-To):",
    re.IGNORECASE | re.MULTILINE,
)
_PARSER = BytesParser(policy=email.policy.default)


def _sniff_eml(name: str, head: str) -> bool:
    return name.lower().endswith(".eml") or (not head.startswith("From ") and len(_HEADER.findall(head[:4000])) > 3)


def _sniff_mbox(name: str, head: str) -> bool:
    return name.lower().endswith((".mbox", ".mbx")) or (head.startswith("From ") and bool(_HEADER.search(head)))


class _Threads:
    """Which mails belong together: by the ids they name, then by the subject of those who have none."""

    def __init__(self) -> None:
        self._of: dict[str, int] = {}
        self.titles: list[str] = []
        self.turns: list[list[Turn]] = []

    def add(self, message: EmailMessage, where: str) -> None:
        ids = _ids(message)
        subject = _AGAIN.sub("", _said(message, "subject")).strip()
        key = f"subject {subject.casefold()}"
        is_answer = bool(_AGAIN.match(_said(message, "subject"))) or len(ids) > 1
        thread = next(
            (self._of[one] for one in ids if one in self._of), self._of.get(key) if is_answer and subject else None
        )
        if thread is None:
            thread = len(self.titles)
            self.titles.append(subject or "Mail")
            self.turns.append([])
        self.turns[thread].append(_turn(message, where))
        self._of.update(dict.fromkeys((*ids, key), thread))


def _ids(message: EmailMessage) -> list[str]:
    return re.findall(
        r"<[^<>\s]+>", " ".join(_said(message, name) for name in ("message-id", "in-reply-to", "references"))
    )


def _said(message: EmailMessage, name: str) -> str:
    """A header; nothing for one that is too broken to be read."""
    try:
        return str(message.get(name) or "")
    except (
        ValueError,
        IndexError,
        TypeError,
        AttributeError,
        LookupError,
    ):  # the parser of the standard library gives up so
        return ""


def _messages_of_files(export: Export, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    for name in names:
        with export.open(name) as file:
            yield export.where(name), file.read(_MESSAGE_MAX_BYTES)


def _messages_of_box(export: Export, names: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """The messages of mailboxes: each begins with a line ``From ...`` after an empty one."""
    for name in names:
        lines: list[bytes] = []
        was_empty, number, began, size = True, 0, 1, 0
        with export.open(name) as file:
            for line in file:
                number += 1
                if was_empty and line.startswith(b"From "):
                    if lines:
                        yield export.where(name, began), b"".join(lines)
                    lines, began, size = [], number, 0
                elif size < _MESSAGE_MAX_BYTES:
                    lines.append(line[1:] if line.startswith(b">From ") else line)
                    size += len(line)
                was_empty = not line.strip()
        if lines:
            yield export.where(name, began), b"".join(lines)


def _read(export: Export, names: Sequence[str], format: str) -> Iterator[Dialog]:
    each = _messages_of_box if format == "mbox" else _messages_of_files
    threads = _Threads()
    for where, raw in each(export, names):
        message = _PARSER.parsebytes(raw)
        if not (_said(message, "from") or _said(message, "date")):
            raise ExportError("not a mail: it has no From and no Date", where=where)
        threads.add(message, where)
    for title, turns in zip(threads.titles, threads.turns, strict=True):
        turns.sort(key=lambda turn: turn.at)
        yield Dialog(title, format, export.where(names[0]), partial(iter, turns), "email")


def _turn(message: EmailMessage, where: str) -> Turn:
    ids = re.findall(r"<[^<>\s]+>", _said(message, "message-id"))
    answered = re.findall(r"<[^<>\s]+>", _said(message, "in-reply-to"))
    return Turn(
        at=_at(message, where),
        who=_sender(message),
        text=unquoted(_body(message)),
        id=ids[0] if ids else None,
        reply_to=answered[0] if answered else None,
        files=tuple(_files(message)),
    )


def _at(message: EmailMessage, where: str) -> float:
    try:
        return parsedate_to_datetime(_said(message, "date")).timestamp()
    except (ValueError, TypeError, OverflowError) as error:
        raise ExportError(f"the mail has no date that can be read: {_said(message, 'date')!r}", where=where) from error


def _sender(message: EmailMessage) -> str:
    found = getaddresses([_said(message, "from")])
    name, address = found[0] if found else ("", "")
    return name.strip() or address or "?"


def _body(message: EmailMessage) -> str:
    try:
        part = message.get_body(("plain", "html"))
        text = "" if part is None else str(part.get_content())
    except (LookupError, UnicodeError, KeyError, AttributeError, ValueError):
        part, text = message, (message.get_payload(decode=True) or b"").decode("utf-8", "replace")  # type: ignore[union-attr]
    is_html = part is not None and part.get_content_subtype() == "html"
    return words(text) if is_html else text


def _files(message: EmailMessage) -> Iterator[Attached]:
    for part in message.iter_attachments():
        kind, name = kind_of_mime(part.get_content_type()), part.get_filename()
        yield of_kind(kind, name=name if kind == "document" else None)


def _read_eml(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    return _read(export, names, "mail")


def _read_mbox(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    return _read(export, names, "mbox")


MAIL = Reader("mail", "Mail: single messages (.eml)", _sniff_eml, _read_eml)
MBOX = Reader("mbox", "Mail: a mailbox (.mbox)", _sniff_mbox, _read_mbox)
