"""The four headers on every call of the chats API.

Source: amoCRM, "Chats: getting started", authorization (2026-01).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator
from datetime import datetime
from email.utils import formatdate, parsedate_to_datetime
from urllib.parse import urlsplit

import msgspec

from chatdrill.wire import Exchange, HttpRequest
from chatdrill_fakes.desks.amocrm.errors import chat_problem
from chatdrill_fakes.desks.amocrm.state import AmoState
from chatdrill_fakes.families.desks import Refused

DATE_WINDOW_S = 900.0
_HEADERS = ("Date", "Content-Type", "Content-MD5", "X-Signature")


def body_md5(body: bytes) -> str:
    """The ``Content-MD5`` of a body; of a request without one, that of nothing."""
    return hashlib.md5(body).hexdigest()


def sign(secret: str, method: str, md5: str, content_type: str, date: str, path: str) -> str:
    """The ``X-Signature`` of a call: ``path`` without host and query."""
    text = f"{method.upper()}\n{md5}\n{content_type}\n{date}\n{path}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha1).hexdigest()


def check(state: AmoState, exchange: Exchange) -> None:
    """Raise ``Refused`` (403) unless the call is signed by the channel, and lately. The refusal has the server's ``Date``."""
    try:
        _check(state, exchange)
    except Refused as refused:
        headers = (*refused.response.headers, ("Date", formatdate(exchange.now, usegmt=True)))
        raise Refused(msgspec.structs.replace(refused.response, headers=headers), refused.why) from refused


def _check(state: AmoState, exchange: Exchange) -> None:
    request = exchange.request
    given = {name: request.header(name) for name in _HEADERS}
    missing = [name for name, value in given.items() if not value]
    if missing:
        raise chat_problem(403, f"header {missing[0]} is missing", "INVALID_SIGNATURE")
    date, content_type, md5, signature = (given[name] or "" for name in _HEADERS)
    if md5 != body_md5(request.body):
        raise chat_problem(403, "Content-MD5 is not that of the body", "INVALID_SIGNATURE")
    _check_date(state, date, exchange.now)
    secret = state.settings["channel_secret"]
    wanted = (
        sign(secret, request.method, md5, content_type, date, path) for path in _paths(request, exchange.base_url)
    )
    if not any(hmac.compare_digest(each.encode(), signature.encode()) for each in wanted):
        raise chat_problem(403, "X-Signature does not fit", "INVALID_SIGNATURE")


def _paths(request: HttpRequest, base_url: str) -> Iterator[str]:
    """The path as the vendor sees it, and with the prefix under which the fake is reached: clients sign what they call."""
    path = request.url.partition("?")[0]
    yield path
    prefix = urlsplit(base_url).path.rstrip("/")
    if prefix:
        yield prefix + path


def _check_date(state: AmoState, date: str, now: float) -> None:
    window = state.number("date_window_s")
    moment = _moment(date)
    if moment is None:
        raise chat_problem(403, "Date is not in the format of RFC 2822", "INVALID_SIGNATURE")
    if window and abs(now - moment.timestamp()) > window:
        raise chat_problem(403, "the signature has expired", "INVALID_SIGNATURE")


def _moment(date: str) -> datetime | None:
    try:
        return parsedate_to_datetime(date)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
