"""One account whose chats several workers hold: whose a call is. Messages to customers of several workers cannot be sent by one call."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from chatdrill.wire import HttpRequest
from chatdrill.wire.doors import one_owner
from chatdrill_fakes.platforms.infobip.routes import path_of
from chatdrill_fakes.platforms.infobip.sending import number_of


def owner_of(request: HttpRequest) -> str | None:
    """See ``chatdrill.wire.doors.Divisible``."""
    path, tail = path_of(request.path)
    if tail:
        return tail
    query = dict(request.query)
    if path.endswith("/text/query"):
        return one_owner((number_of(to) for to in query.get("to", "").split(",") if to), path)
    if path.startswith(("/sms/", "/mms/")) and request.method.upper() == "POST":
        return one_owner((number_of(to) for to in _numbers(request)), path)
    return query.get("messageId") or query.get("bulkId") or None


def _numbers(request: HttpRequest) -> Iterator[str]:
    try:
        body = msgspec.json.decode(request.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return
    yield from _under_to(body, 0)


def _under_to(value: Any, depth: int) -> Iterator[str]:
    if depth > 5:
        return
    if isinstance(value, list):
        for each in value:
            yield from _under_to(each, depth + 1)
    elif isinstance(value, dict):
        to = value.get("to")
        if isinstance(to, str | int):
            yield str(to)
        for name in ("messages", "destinations"):
            yield from _under_to(value.get(name), depth + 1)
        if isinstance(to, list):
            yield from (str(one) for one in to)
