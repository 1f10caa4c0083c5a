"""The arguments of a vendor API call, however the bot wrote them: query string, form, JSON or multipart."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any
from urllib.parse import unquote_plus

import msgspec
import multipart

from chatdrill.wire.http import HttpRequest

_WORD = re.compile(r';\s*([^\s=;]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;]*))', re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_SHORT = 64
"""Characters of a quoted word that is remembered: phone numbers and addresses come with every call."""


@dataclass(frozen=True)
class Upload:
    """A file in a multipart body."""

    name: str
    filename: str
    content_type: str
    content: bytes


class Arguments(msgspec.Struct, frozen=True):
    """Arguments by name. JSON bodies keep their types; the other encodings give strings. Of several files with one name
    the later ones have a number behind it as their key.

    ``pairs`` are the names and strings of query, form and multipart body as they came, for vendors to whom a name that comes
    twice, or has brackets, means a list or an object. ``problem`` is set where the body could not be read, in words; what could
    be read is there all the same.
    """

    values: Mapping[str, Any] = {}
    files: Mapping[str, Upload] = {}
    encoding: str = "none"
    problem: str | None = None
    pairs: Sequence[tuple[str, str]] = ()


def read_arguments(request: HttpRequest, *, files_max: int = 50) -> Arguments:
    """Merge the query string and the body of a request; the body wins. Never raises."""
    query = request.query if "?" in request.url else ()
    values: dict[str, Any] = dict(query)
    if not request.body:
        return Arguments(values, pairs=query)
    reader = _READERS.get(request.content_type, _read_unlabelled)
    body = reader(request, files_max)
    if not values:
        return body
    return Arguments({**values, **body.values}, body.files, body.encoding, body.problem, (*query, *body.pairs))


def _read_json(request: HttpRequest, _files_max: int) -> Arguments:
    try:
        value = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        return Arguments(encoding="json", problem=f"invalid JSON: {error}")
    if not isinstance(value, dict):
        return Arguments(encoding="json", problem="the JSON body is not an object")
    return Arguments(value, encoding="json")


def _read_form(request: HttpRequest, _files_max: int) -> Arguments:
    text = request.body.decode("utf-8", "replace")
    pairs = [
        (_unquoted(name), _unquoted(value))
        for name, _, value in (pair.partition("=") for pair in text.split("&") if pair)
    ]
    return Arguments(dict(pairs), encoding="form", pairs=pairs)


def _unquoted(word: str) -> str:
    """As ``parse_qsl`` has it, which takes its time over words that have nothing to unquote, and over a number each time it comes."""
    if "%" not in word:
        return word.replace("+", " ")
    return _unquoted_short(word) if len(word) <= _SHORT else unquote_plus(word, errors="replace")


@lru_cache(maxsize=1024)
def _unquoted_short(word: str) -> str:
    return unquote_plus(word, errors="replace")


def _read_multipart(request: HttpRequest, files_max: int) -> Arguments:
    _, options = multipart.parse_options_header(request.header("content-type") or "")
    boundary = options.get("boundary", "")
    if not boundary:
        return Arguments(encoding="multipart", problem="multipart body without a boundary")
    pairs: list[tuple[str, str]] = []
    files: dict[str, Upload] = {}
    try:
        for name, filename, content_type, content in _segments(request.body, boundary):
            if filename is None:
                pairs.append((name, content.decode("utf-8", "replace")))
            elif len(files) < files_max:
                key = name if name not in files else f"{name}#{len(files)}"
                files[key] = Upload(name, filename, content_type, content)
    except multipart.MultipartError as error:
        return Arguments(dict(pairs), files, "multipart", f"broken multipart body: {error}", pairs)
    return Arguments(dict(pairs), files, "multipart", pairs=pairs)


def _segments(body: bytes, boundary: str) -> list[tuple[str, str | None, str, bytes]]:
    found: list[tuple[str, str | None, str, bytes]] = []
    chunks: list[bytes] = []
    parser = multipart.PushMultipartParser(
        boundary, max_segment_size=1 << 30, max_segment_count=1000, max_header_count=50, header_charset="latin-1"
    )
    with parser:
        segment: multipart.MultipartSegment | None = None
        for event in (*parser.parse(body), *parser.parse(b"")):
            if isinstance(event, multipart.MultipartSegment):
                segment, chunks = event, []
            elif event:
                chunks.append(bytes(event))
            elif segment is not None:
                words = _disposition(segment.header("Content-Disposition", ""))
                name, filename = words.get("name", ""), words.get("filename")
                found.append((name, filename, segment.content_type or "", b"".join(chunks)))
    return found


def _disposition(header: str) -> dict[str, str]:
    """The words of a ``Content-Disposition``: quoted or not, in UTF-8 or not, as vendors' servers take them.

    Source: tdlib/td, HttpReader; PHP's reader takes the same.
    """
    found: dict[str, str] = {}
    for key, quoted, token in _WORD.findall(header):
        value = _ESCAPED.sub(r"\1", quoted) if quoted else token.strip()
        found.setdefault(key.lower(), value.encode("latin-1").decode("utf-8", "replace"))
    return found


def _read_unlabelled(request: HttpRequest, files_max: int) -> Arguments:
    """Bodies without a content type (or an odd one): what they look like decides."""
    if request.body.lstrip()[:1] in (b"{", b"["):
        return _read_json(request, files_max)
    if b"=" in request.body[:200] and request.content_type in ("", "text/plain"):
        return _read_form(request, files_max)
    return Arguments(encoding="unknown", problem=f"unreadable content type {request.content_type!r}")


_READERS = {
    "application/json": _read_json,
    "application/x-www-form-urlencoded": _read_form,
    "multipart/form-data": _read_multipart,
}
