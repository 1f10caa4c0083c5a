"""The bot's mail, taken apart: headers, words, files.

It reads what bots write, fast; the standard library is asked for nothing but names of files and coded words.
"""

from __future__ import annotations

import html
import re
from base64 import b64decode
from binascii import Error as BinasciiError
from binascii import a2b_qp
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.header import decode_header
from email.message import Message
from email.utils import collapse_rfc2231_value
from functools import lru_cache

from chatdrill_fakes.platforms.email import limits

_CHARSET = re.compile(r'charset\s*=\s*"?([^\s";]+)', re.IGNORECASE)
_BOUNDARY = re.compile(r'boundary\s*=\s*(?:"([^"]+)"|([^\s";]+))', re.IGNORECASE)
_DEPTH_MAX, _PARTS_MAX = 20, 1000
_TAG = re.compile(r"<(/?)(br|p|div|tr|li|h[1-6])\b[^>]*>", re.IGNORECASE)
_MARKUP = re.compile(r"<(style|script|head)\b.*?</\1>|<[^>]*>", re.IGNORECASE | re.DOTALL)
_IDS = re.compile(r"<[^<>\s]+>")
_MAILBOX = re.compile(r"<([^<>\s]+@[^<>\s]+)>|([^\s<>,;:\"]+@[^\s<>,;:\"]+)")
_PREFIX = re.compile(
    r"\s*(?:(?:re|fwd?|aw|wg|sv|vs|antw|res|enc|tr|回复|答复|转发|ответ|отв|пересл)\s*(?:[\[(]\d+[\])])?\s*[:：]|\[[^\]]*\])\s*",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Attached:
    """A file in a mail."""

    name: str | None
    mime: str
    content: bytes
    is_inline: bool = False


@dataclass(slots=True)
class Mail:
    """A mail as a person's program shows it. ``heads`` are unfolded, by their names in lower case."""

    heads: dict[str, list[str]]
    head_bytes: int
    text: str = ""
    has_plain: bool = True
    files: list[Attached] = field(default_factory=list)
    is_plain_head: bool = True

    def head(self, name: str) -> str:
        """The first value of a header, decoded; empty without one."""
        values = self.heads.get(name)
        return "" if not values else decoded(values[0])

    def ids(self, name: str) -> tuple[str, ...]:
        """The message ids in a header."""
        values = self.heads.get(name)
        return tuple(_IDS.findall(" ".join(values))) if values else ()

    def mailboxes(self, name: str) -> list[str]:
        """The addresses in a header, in lower case."""
        found = _MAILBOX.findall(" ".join(self.heads.get(name, ())))
        return [(inside or bare).lower() for inside, bare in found]


def read(raw: bytes) -> Mail:
    """Take a mail apart. Never raises for anything a bot may send."""
    top, end, body = _halves(raw)
    mail = Mail(_heads(top), len(top) + len(end), is_plain_head=top.isascii())
    kind = mail.heads.get("content-type", [""])[0]
    if not kind or kind[:10].lower() == "text/plain":
        mail.text = _words(body, kind, mail.heads.get("content-transfer-encoding", [""])[0].strip().lower())
    else:
        _take(mail, kind, body)
    return mail


def _halves(raw: bytes, part: bool = False) -> tuple[bytes, bytes, bytes]:
    """Headers, the empty line, and what follows; a part may have no headers at all."""
    if part:
        raw = raw.removeprefix(b"\r\n")
        if raw.startswith((b"\r\n", b"\n")):
            return b"", b"", raw.lstrip(b"\r\n")
    at, end = raw.find(b"\r\n\r\n"), b"\r\n\r\n"
    if at < 0:
        at, end = raw.find(b"\n\n"), b"\n\n"
    if at < 0:
        return raw, b"", b""
    return raw[:at], end, raw[at + len(end) :]


def _heads(top: bytes) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    if b"\n " not in top and b"\n\t" not in top and len(top) < limits.HEADERS_MAX_BYTES:  # nothing is folded
        for line in top.decode("utf-8", "surrogateescape").split("\n"):
            name, colon, value = line.partition(":")
            if colon:
                found.setdefault(name.strip().lower(), []).append(value.strip())
        return found
    last: list[str] = []
    for line in (
        top[: limits.HEADERS_MAX_BYTES * 4].decode("utf-8", "surrogateescape").replace("\r\n", "\n").split("\n")
    ):
        if line[:1] in (" ", "\t"):
            if last:
                last[-1] += " " + line.strip()
            continue
        name, colon, value = line.partition(":")
        last = found.setdefault(name.strip().lower(), []) if colon else []
        if colon:
            last.append(value.strip())
    return found


def _content(body: bytes, coding: str) -> bytes:
    try:
        if coding == "base64":
            return b64decode(body)
        if coding == "quoted-printable":
            return a2b_qp(body)
    except (BinasciiError, ValueError):
        pass
    return body


def _words(body: bytes, kind: str, coding: str) -> str:
    body = _content(body, coding)
    found = _CHARSET.search(kind) if kind else None
    return _shown(body, found[1] if found else "utf-8")


def _shown(body: bytes, charset: str) -> str:
    try:
        text = body.decode("utf-8" if charset.lower() == "us-ascii" else charset, "replace")
    except (LookupError, ValueError):
        text = body.decode("utf-8", "replace")
    return text.replace("\r\n", "\n").rstrip("\n")


def _take(mail: Mail, kind: str, body: bytes) -> None:
    plain: list[str] = []
    rich: list[str] = []
    try:
        _walk(mail, mail.heads, kind, body, plain, rich)
    except (ValueError, LookupError, RecursionError, AttributeError, TypeError):  # what decoders raise at torn mails
        pass
    mail.has_plain = bool(plain)
    mail.text = "\n\n".join(plain or [as_text(page) for page in rich])


def _walk(
    mail: Mail,
    heads: Mapping[str, list[str]],
    kind: str,
    body: bytes,
    plain: list[str],
    rich: list[str],
    depth: int = 0,
) -> None:
    """One part, and those in it; words go to ``plain`` and ``rich``, the rest is attached."""
    mime = kind.partition(";")[0].strip().lower()
    edge = _BOUNDARY.search(kind) if mime.startswith("multipart/") else None
    if edge is not None and depth < _DEPTH_MAX:
        inner = body.split(b"--" + (edge[1] or edge[2]).encode("utf-8", "surrogateescape"))[1 : _PARTS_MAX + 1]
        for chunk in inner:
            if chunk[:2] == b"--":
                break
            top, _, content = _halves(chunk.lstrip(b" \t"), part=True)
            own = _heads(top)
            _walk(
                mail,
                own,
                own.get("content-type", ["text/plain"])[0],
                content.removesuffix(b"\r\n"),
                plain,
                rich,
                depth + 1,
            )
        return
    disposition = heads.get("content-disposition", [""])[0]
    word = disposition.partition(";")[0].strip().lower()
    name = _name(disposition, "filename") or _name(kind, "name")
    coding = heads.get("content-transfer-encoding", [""])[0].strip().lower()
    if mime in ("text/plain", "text/html") and word != "attachment" and name is None:
        (plain if mime == "text/plain" else rich).append(_words(body, kind, coding))
        return
    mail.files.append(Attached(name, mime, _content(body, coding), word == "inline" or "content-id" in heads))


def _name(header: str, key: str) -> str | None:
    """The name of a file, however it is written."""
    if key not in header.lower():
        return None
    part = Message()
    part["Content-Disposition"] = header if key == "filename" else f"attachment; {header.partition(';')[2]}"
    found = part.get_param(key, header="content-disposition")
    if found is None or found == "":
        return None
    return decoded(collapse_rfc2231_value(found))


def as_text(page: str) -> str:
    """What a person reads of HTML."""
    lined = _TAG.sub(lambda tag: "\n" if tag[2].lower() == "br" or tag[1] else "", " ".join(page.split()))
    lines = html.unescape(_MARKUP.sub("", lined)).replace("\xa0", " ").split("\n")
    return "\n".join(line.strip() for line in lines).strip()


def decoded(value: str) -> str:
    """A header's value without encoded words."""
    if "=?" not in value:
        return value.encode("utf-8", "surrogateescape").decode("utf-8", "replace") if not value.isascii() else value
    try:
        pieces = decode_header(value)
        return "".join(
            piece if isinstance(piece, str) else piece.decode(charset or "utf-8", "replace")
            for piece, charset in pieces
        )
    except (LookupError, ValueError, BinasciiError):
        return value


@lru_cache(maxsize=1024)
def bare_subject(subject: str) -> str:
    """A subject by which mails of a thread are known: without what programs put before it."""
    while (found := _PREFIX.match(subject)) is not None:
        subject = subject[found.end() :]
    return " ".join(subject.removesuffix("(fwd)").split()).lower()
