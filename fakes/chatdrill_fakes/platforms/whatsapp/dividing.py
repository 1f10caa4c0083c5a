"""One phone number whose chats several workers hold: whose a call is, and media of another worker's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec

from chatdrill.wire import HttpRequest, read_arguments
from chatdrill.wire.doors import EVERY_DOOR, one_owner
from chatdrill_fakes.families import meta
from chatdrill_fakes.families.meta import GraphPath
from chatdrill_fakes.platforms.whatsapp import ids
from chatdrill_fakes.platforms.whatsapp.routes import ACCOUNT, APP, NUMBER, TEMPLATE, kind_of
from chatdrill_fakes.platforms.whatsapp.state import Stored, WhatsAppState

_NOT_DIGITS = re.compile(r"\D")
_OPEN_ROOTS = ("oauth", "debug_token", "me")


def owner_of(state: WhatsAppState, request: HttpRequest) -> str | None:
    """See ``chatdrill.wire.doors.Divisible``. An upload belongs to the worker that it comes to."""
    if ids.MEDIA_PATH.strip("/") == request.path.strip("/"):
        return dict(request.query).get("mid")
    segments = GraphPath.read(request.path).segments
    if not segments or segments[0] in _OPEN_ROOTS:
        return None
    kind, edge = kind_of(state, segments[0]), segments[1] if len(segments) > 1 else ""
    if kind == NUMBER and edge in _EDGES:
        return _EDGES[edge](_values(request))
    if kind in (NUMBER, ACCOUNT, APP, TEMPLATE):
        return None if request.method.upper() in ("GET", "HEAD") or edge == "media" else EVERY_DOOR
    return segments[0]


def _values(request: HttpRequest) -> Mapping[str, Any]:
    arguments = read_arguments(request)
    if arguments.encoding == "json" or not any("[" in name for name in arguments.values):
        return arguments.values
    return meta.unbracketed(arguments.values)


def _of_message(values: Mapping[str, Any]) -> str | None:
    if values.get("status") is not None:
        return ids.number_in(str(values.get("message_id")))
    to = values.get("to")
    return _NOT_DIGITS.sub("", str(to)) if to is not None else str(values.get("recipient") or "") or None


def _of_blocks(values: Mapping[str, Any]) -> str | None:
    users = meta.object_argument(values.get("block_users"))
    named = [user.get("user") for user in users if isinstance(user, dict)] if isinstance(users, list) else []
    return one_owner((_NOT_DIGITS.sub("", str(user)) for user in named), "block_users")


_EDGES = {"messages": _of_message, "block_users": _of_blocks}


def borrows(state: WhatsAppState, request: HttpRequest) -> Sequence[str]:
    """The ids of media in a message that this worker has not handed out."""
    if not request.path.endswith("/messages"):
        return ()
    named = meta.ids_under("id", {name: meta.object_argument(value) for name, value in _values(request).items()})
    return [id for id in named if id not in state.media]


class _Loan(msgspec.Struct):
    """A file that has an id, and its content where there is any."""

    stored: Stored
    content: bytes | None


def lend(state: WhatsAppState, id: str) -> bytes | None:
    """A file with its content."""
    stored = state.media.get(id)
    if stored is None:
        return None
    key = stored.file.sha256
    return msgspec.msgpack.encode(_Loan(stored, state.blobs.get(key) if key in state.blobs else None))


def borrow(state: WhatsAppState, loan: bytes) -> None:
    """Register the file of a loan under its own id."""
    lent = msgspec.msgpack.decode(loan, type=_Loan)
    state.media[lent.stored.id] = lent.stored
    if lent.content is not None:
        state.blobs.put(lent.content)
