"""One Page or account whose chats several workers hold: whose a call is, and attachments of another worker's."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from chatdrill.wire import HttpRequest, read_arguments
from chatdrill.wire.doors import EVERY_DOOR, one_owner
from chatdrill_fakes.families.meta import GraphPath, ids_under

from .answering import method_of, object_arguments
from .batch import requests_in
from .state import Asset, Shared
from .target import Api

_PERSONS = ("psid", "user", "user_id")


@dataclass(frozen=True, slots=True)
class Sharing:
    """How calls of a product name people.

    ``recipient`` are the keys in ``recipient``, ``here`` the edges of the business that any worker can answer where nobody is named,
    ``shared`` the kinds of nodes that all workers have, ``own`` those of which each worker answers for itself.
    ``is_file`` knows the path of a download, and ``file_owner`` whose it is.
    """

    api: Api
    recipient: tuple[str, ...]
    here: tuple[str, ...]
    shared: tuple[str, ...]
    own: tuple[str, ...]
    is_file: Callable[[str], bool]
    file_owner: Callable[[HttpRequest], str | None]


def owner_of(sharing: Sharing, state: Shared, request: HttpRequest) -> str | None:
    """See ``chatdrill.wire.doors.Divisible``. An upload belongs to the worker that it comes to."""
    if sharing.is_file(request.path):
        return sharing.file_owner(request)
    segments = GraphPath.read(request.path).segments
    if not segments:
        return _owner_of_batch(sharing, state, request)
    arguments = read_arguments(request)
    place, _, edge = sharing.api.locate(state, segments)
    if place not in sharing.shared:
        return None if place in sharing.own else segments[0]
    person = _person(sharing, object_arguments(arguments)[0])
    if person is not None:
        return person
    is_read = method_of(request.method, arguments) in ("GET", "HEAD")
    return None if is_read or (place == "page" and edge in sharing.here) else EVERY_DOOR


def _owner_of_batch(sharing: Sharing, state: Shared, request: HttpRequest) -> str | None:
    """A batch is answered as a whole, so the chats in it must be one worker's."""
    owners = [owner_of(sharing, state, one) for one in requests_in(request)]
    if owners and all(owner == EVERY_DOOR for owner in owners):
        return EVERY_DOOR
    return one_owner((owner for owner in owners if owner is not None), "a batch")


def _person(sharing: Sharing, values: Mapping[str, Any]) -> str | None:
    recipient = values.get("recipient")
    if isinstance(recipient, str | int):
        return str(recipient)
    if isinstance(recipient, Mapping):
        named = (recipient.get(key) for key in sharing.recipient)
        return next((str(id) for id in named if id is not None), None)
    users = values.get("user_ids")
    if isinstance(users, list):
        return one_owner((str(user.get("id")) for user in users if isinstance(user, dict)), "user_ids")
    return next((str(values[key]) for key in _PERSONS if values.get(key) is not None), None)


def borrows(state: Shared, request: HttpRequest) -> Sequence[str]:
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


def lend(state: Shared, id: str) -> bytes | None:
    """An attachment with its content."""
    asset = state.assets.get(id)
    if asset is None:
        return None
    key = asset.file.sha256
    return msgspec.msgpack.encode(_Loan(asset, state.blobs.get(key) if key in state.blobs else None))


def borrow(state: Shared, loan: bytes) -> None:
    """Register the attachment of a loan under its own id."""
    lent = msgspec.msgpack.decode(loan, type=_Loan)
    state.assets[lent.asset.id] = lent.asset
    if lent.content is not None:
        state.blobs.put(lent.content)
