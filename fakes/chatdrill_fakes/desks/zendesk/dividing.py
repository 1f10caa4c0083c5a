"""One Zendesk account that several workers hold: which calls are whose, and uploads that wait at another worker."""

from __future__ import annotations

import re
from collections.abc import Sequence

import msgspec

from chatdrill.wire import HttpRequest, read_arguments
from chatdrill_fakes.desks.zendesk.routes import ROUTES, path_of
from chatdrill_fakes.desks.zendesk.state import Upload, ZendeskState
from chatdrill_fakes.desks.zendesk.sunco.reading import by_external_id
from chatdrill_fakes.families.desks import Division
from chatdrill_fakes.families.desks.dividing import inside

_COMMENTS = ("ticket", "request")

DIVISION: Division[ZendeskState] = Division(
    routes=ROUTES,
    owned=re.compile(
        r"(?!/api/v2/(webhooks|groups|business_hours)/)(?!.*/(switchboards|integrations)/).*\{(cid|id|token)\}"
    ),
    params=("cid", "id", "token"),
    fields=(
        "conversationId",
        "participants.userId",
        "userId",
        "filter[userId]",
        "ticket_id",
        *(f"{kind}.requester_id" for kind in _COMMENTS),
        "token",
    ),
    shared=re.compile(r"/api/v2/webhooks|/sc/v2/apps/\{app\}/(switchboards|integrations)"),
    words=("user",),
    known=lambda state, word: word in state.users or by_external_id(state, word) is not None,
    shape=re.compile(r"[0-9a-f]{24}|\d{14}"),
    path=path_of,
)


def borrows(state: ZendeskState, request: HttpRequest) -> Sequence[str]:
    """The tokens of uploads in a comment that this worker has not given."""
    if not request.path.startswith("/api/v2/") or b"uploads" not in request.body:
        return ()
    values = read_arguments(request).values
    lists = [inside(values, (kind, "comment", "uploads")) for kind in _COMMENTS]
    return [
        token
        for tokens in lists
        if isinstance(tokens, list)
        for token in tokens
        if isinstance(token, str) and token not in state.uploads
    ]


class _Loan(msgspec.Struct):
    """An upload, and the contents of its files by hash."""

    upload: Upload
    contents: dict[str, bytes]


def lend(state: ZendeskState, id: str) -> bytes | None:
    """An upload with its files; it goes over to the comment, so it is not kept here."""
    upload = state.uploads.pop(id, None)
    if upload is None:
        return None
    hashes = {each.file.sha256 for each in upload.attachments}
    return msgspec.msgpack.encode(_Loan(upload, {key: state.blobs.get(key) for key in hashes if key in state.blobs}))


def borrow(state: ZendeskState, loan: bytes) -> None:
    """Keep an upload of another worker's as if it had come here."""
    lent = msgspec.msgpack.decode(loan, type=_Loan)
    for content in lent.contents.values():
        state.blobs.put(content)
    state.uploads[lent.upload.token] = lent.upload
    state.attachments |= {each.token: each for each in lent.upload.attachments}
