"""One Page whose chats several workers hold: whose a call is, and attachments of another worker's."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import msgspec

from chatdrill.wire import HttpRequest, read_arguments
from chatdrill.wire.doors import EVERY_DOOR, one_owner
from chatdrill_fakes.families.meta import GraphPath, ids_under

from . import cdn
from .graph.answering import method_of, object_arguments
from .graph.batch import requests_in
from .graph.target import locate
from .state import Asset, MessengerState

_RECIPIENT = (
    "id",
    "user_ref",
    "comment_id",
    "post_id",
    "notification_messages_token",
    "one_time_notif_token",
)
_PERSONS = ("psid", "user", "user_id")
_HERE = ("messages", "message_attachments", "", "accounts")  # without a person in it, any worker can answer
_SHARED = ("page", "app", "persona", "label")


def owner_of(state: MessengerState, request: HttpRequest) -> str | None:
    """See ``chatdrill.wire.doors.Divisible``. An upload belongs to the worker that it comes to."""
    if request.path.startswith(cdn.PREFIX):
        return _owner_of_file(request)
    segments = GraphPath.read(request.path).segments
    if not segments:
        return _owner_of_batch(state, request)
    arguments = read_arguments(request)
    place, _, edge = locate(state, segments)
    if place not in _SHARED:
        return None if place in ("root", "pack") else segments[0]
    person = _person(object_arguments(arguments)[0])
    if person is not None:
        return person
    is_read = method_of(request.method, arguments) in ("GET", "HEAD")
    return None if is_read or (place == "page" and edge in _HERE) else EVERY_DOOR


def _owner_of_file(request: HttpRequest) -> str | None:
    if request.path == f"{cdn.PREFIX}drawing":
        return None
    return dict(request.query).get("psid") or cdn.key_of(request.path)


def _owner_of_batch(state: MessengerState, request: HttpRequest) -> str | None:
    """A batch is answered as a whole, so the chats in it must be one worker's."""
    owners = [owner_of(state, one) for one in requests_in(request)]
    if owners and all(owner == EVERY_DOOR for owner in owners):
        return EVERY_DOOR
    return one_owner((owner for owner in owners if owner is not None), "a batch")


def _person(values: Mapping[str, Any]) -> str | None:
    recipient = values.get("recipient")
    if isinstance(recipient, str | int):
        return str(recipient)
    if isinstance(recipient, Mapping):
        named = (recipient.get(key) for key in _RECIPIENT)
        return next((str(id) for id in named if id is not None), None)
    users = values.get("user_ids")
    if isinstance(users, list):
        return one_owner((str(user.get("id")) for user in users if isinstance(user, dict)), "user_ids")
    return next((str(values[key]) for key in _PERSONS if values.get(key) is not None), None)


def borrows(state: MessengerState, request: HttpRequest) -> Sequence[str]:
    """The attachments in a message that this worker has not handed out."""
    requests = [request] if GraphPath.read(request.path).segments else requests_in(request)
    named = (id for one in requests if one.path.endswith("/messages") for id in _attachments(one))
    return [id for id in named if id not in state.assets]


def _attachments(request: HttpRequest) -> Iterator[str]:
    return ids_under("attachment_id", object_arguments(read_arguments(request))[0].get("message"))


class _Loan(msgspec.Struct):
    """An attachment, and its content where there is any."""

    asset: Asset
    content: bytes | None


def lend(state: MessengerState, id: str) -> bytes | None:
    """An attachment with its content."""
    asset = state.assets.get(id)
    if asset is None:
        return None
    key = asset.file.sha256
    return msgspec.msgpack.encode(_Loan(asset, state.blobs.get(key) if key in state.blobs else None))


def borrow(state: MessengerState, loan: bytes) -> None:
    """Register the attachment of a loan under its own id."""
    lent = msgspec.msgpack.decode(loan, type=_Loan)
    state.assets[lent.asset.id] = lent.asset
    if lent.content is not None:
        state.blobs.put(lent.content)
