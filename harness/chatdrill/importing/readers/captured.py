"""Traffic between a platform and a bot, as it was captured: HAR files of a proxy or a browser, and webhooks in lines of JSON.

A line is a webhook's body, or an object with the body under ``body``, ``payload``, ``json`` or ``data`` and perhaps a time beside it. What the bodies
mean, the platforms' packages know (``importing.captures``).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import msgspec

from chatdrill.errors import ExportError
from chatdrill.importing.captures import Capture, Said, captures
from chatdrill.importing.dialog import Dialog, Turn
from chatdrill.importing.exports import Export
from chatdrill.importing.jsontext import document, items
from chatdrill.importing.reader import Options, Reader
from chatdrill.importing.times import unix
from chatdrill.wire import HttpRequest, read_arguments
from chatdrill.wire.xml import XmlError, read_xml

_WRAPPINGS = ("body", "payload", "json", "data", "request")
_TIMES = ("at", "time", "timestamp", "ts", "received_at", "date", "startedDateTime", "@timestamp")
Heard = Iterator[tuple[Capture, str, Turn]]


def _object(text: Any) -> dict[str, Any]:
    """A JSON object, the elements of an XML document, or the fields of a form; nothing for what is none of them."""
    if isinstance(text, dict):
        return text
    if not isinstance(text, str | bytes):
        return {}
    if text[:1] in ("<", b"<"):
        return _elements(text.encode("utf-8", "replace") if isinstance(text, str) else text)
    try:
        made = msgspec.json.decode(text)
    except (msgspec.MsgspecError, UnicodeError, RecursionError):
        fields = text if isinstance(text, str) else text.decode("utf-8", "replace")
        return dict(parse_qsl(fields)) if "=" in fields and "{" not in fields[:1] else {}
    return made if isinstance(made, dict) else {}


def _elements(document: bytes) -> dict[str, Any]:
    try:
        found = read_xml(document)[1]
    except XmlError:
        return {}
    return found if isinstance(found, dict) else {}


def _knowing(body: Mapping[str, Any]) -> Capture | None:
    return next((capture for capture in captures() if capture.knows(body)), None)


def _dialogs(format: str, where: str, heard: Heard) -> Iterator[Dialog]:
    """One dialog for each chat, in the order of their first words."""
    chats: dict[tuple[str, str], list[Turn]] = {}
    known: set[tuple[str, str, str]] = set()
    for capture, chat, turn in heard:
        if turn.id and turn.does == "writes":
            if (capture.platform, chat, turn.id) in known:  # told again, or an echo of the call
                continue
            known.add((capture.platform, chat, turn.id))
        chats.setdefault((capture.platform, chat), []).append(turn)
    if not chats:
        raise ExportError("no webhook in it is one of a platform that is known", where=where)
    for (platform, chat), turns in chats.items():
        turns.sort(key=lambda turn: turn.at)
        title = next((turn.who for turn in turns if turn.role == "customer"), chat)
        yield Dialog(title, format, where, partial(iter, turns), platform, sees_buttons=True)


# --------------------------------------------------------------------------------------------------------- lines


def _sniff_lines(_: str, head: str) -> bool:
    first = next((line for line in head.splitlines() if line.strip()), "")
    body = _object(first) if first.lstrip().startswith("{") else {}
    return bool(body) and _unwrapped(body) is not None


def _unwrapped(body: Mapping[str, Any]) -> tuple[Capture, Mapping[str, Any]] | None:
    capture = _knowing(body)
    if capture is not None:
        return capture, body
    for key in _WRAPPINGS:
        inner = _object(body.get(key))
        if inner and (found := _unwrapped(inner)) is not None:
            return found
    return None


def _time_of(body: Mapping[str, Any]) -> float:
    stamp = next((body[key] for key in _TIMES if isinstance(body.get(key), int | float | str)), None)
    try:
        return 0.0 if stamp is None else unix(stamp)
    except ExportError:
        return 0.0


def _read_lines(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    for name in names:
        yield from _dialogs("webhooks", export.where(name), _heard_in_lines(export, name))


def _heard_in_lines(export: Export, name: str) -> Heard:
    places: dict[str, str] = {}
    for number, line in export.lines(name):
        if not line.strip():
            continue
        try:
            body = msgspec.json.decode(line.encode())
        except (msgspec.MsgspecError, UnicodeError, RecursionError) as error:
            raise ExportError(f"not JSON: {error}", where=export.where(name, number)) from error
        found = _unwrapped(body) if isinstance(body, dict) else None
        if found is not None:
            for chat, turn in _careful(_hooked(*found, _time_of(body), places), export.where(name, number)):
                yield found[0], places.get(chat, chat), turn


def _hooked(capture: Capture, body: Mapping[str, Any], at: float, places: dict[str, str]) -> Said:
    """What a webhook says. ``places`` leads from its tokens to the chat."""
    places.update(capture.tokens(body))
    yield from capture.webhook(body, at)


def _careful(said: Said, where: str) -> Said:
    """Raises ``ExportError`` for a body that only looks like one of the platform's."""
    try:
        yield from said
    except (AttributeError, KeyError, IndexError, TypeError, ValueError) as error:
        raise ExportError(f"not as this platform's webhooks and calls are known: {error!r}", where=where) from error


# ----------------------------------------------------------------------------------------------------------- HAR


class _Entry(msgspec.Struct):
    request: dict[str, Any]
    startedDateTime: str | None = None
    time: float = 0.0
    response: dict[str, Any] = {}


class _Log(msgspec.Struct):
    entries: list[msgspec.Raw] = []


class _Har(msgspec.Struct):
    log: _Log


def _sniff_har(name: str, head: str) -> bool:
    return name.lower().endswith(".har") or ('"log"' in head[:2000] and '"creator"' in head and '"entries"' in head)


def _read_har(export: Export, names: Sequence[str], _: Options) -> Iterator[Dialog]:
    for name in names:
        yield from _dialogs("har", export.where(name), _heard_in_har(export, name))


def _heard_in_har(export: Export, name: str) -> Heard:
    places: dict[str, str] = {}
    with document(export, name, _Har) as made:
        for number, entry in enumerate(
            items(enumerate(made.log.entries, start=1), _Entry, export, name, "entry"), start=1
        ):
            body = _posted(entry.request)
            at = unix(entry.startedDateTime) if entry.startedDateTime else 0.0
            where = f"{export.where(name)} (entry {number})"
            for capture in captures():
                for chat, turn in _careful(_said(capture, entry, body, at, places), where):
                    yield capture, places.get(chat, chat), turn


def _said(capture: Capture, entry: _Entry, body: Mapping[str, Any], at: float, places: dict[str, str]) -> Said:
    url, good = str(entry.request.get("url", "")), int(entry.response.get("status") or 0) < 400
    if body and capture.knows(body):
        yield from _hooked(capture, body, at, places)
        if good:
            yield from capture.answer(body, _answer(entry), at + max(entry.time, 0.0) / 1000)  # milliseconds in a HAR
    elif (urlsplit(url).hostname or "").endswith(capture.hosts) and good:
        yield from capture.call(url, body, _object(_answer(entry)), at)


def _posted(request: Mapping[str, Any]) -> dict[str, Any]:
    """What was posted, or stood in the address."""
    data = request.get("postData") or {}
    kind, text = str(data.get("mimeType") or ""), data.get("text")
    if kind.lower().startswith("multipart/") and isinstance(text, str):
        posted = HttpRequest("POST", "/", (("Content-Type", kind),), text.encode("utf-8", "replace"))
        return dict(read_arguments(posted).values) or _parameters(request)
    return _object(text or _parameters(request))


def _parameters(request: Mapping[str, Any]) -> dict[str, Any]:
    given = (request.get("postData") or {}).get("params") or request.get("queryString") or ()
    return {str(one.get("name")): one.get("value") for one in given if isinstance(one, dict)}


def _answer(entry: _Entry) -> str:
    content = entry.response.get("content") or {}
    text = str(content.get("text") or "")
    if content.get("encoding") != "base64":
        return text
    try:
        return base64.b64decode(text).decode("utf-8", "replace")
    except (binascii.Error, ValueError):
        return ""


HAR = Reader("har", "Captured traffic (HAR)", _sniff_har, _read_har)
WEBHOOKS = Reader("webhooks", "Captured webhooks (lines of JSON)", _sniff_lines, _read_lines)
