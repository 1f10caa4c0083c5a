"""One bot whose chats several workers hold: whose a call is, and files of another worker's."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

import msgspec

from chatdrill.wire import HttpRequest, read_arguments
from chatdrill.wire.doors import EVERY_DOOR, FIRST_DOOR, one_owner
from chatdrill_fakes.platforms.telegram.arguments import Arguments, read_call
from chatdrill_fakes.platforms.telegram.coverage import BY_LOWER_NAME
from chatdrill_fakes.platforms.telegram.errors import ApiError
from chatdrill_fakes.platforms.telegram.files import PREFIXES
from chatdrill_fakes.platforms.telegram.state import StoredFile, TelegramState

_CALL = re.compile(r"/bot[^/]*/(?:test/)?([A-Za-z0-9]*)")
_FILE = re.compile(r"/file/bot[^/]*/.*file_(\d+)(?:\.\w+)?")
_NUMBER = re.compile(r"-?\d+")
_FILE_ID = re.compile("(?:" + "|".join(PREFIXES) + ")[A-Za-z0-9_-]{58}")
_CHATS = ("chat_id", "from_chat_id")
_OTHERS = (
    "callback_query_id",
    "inline_query_id",
    "shipping_query_id",
    "pre_checkout_query_id",
    "file_id",
    "user_id",
    "business_connection_id",
)
_CHANGES = ("set", "delete", "logOut", "close")


def owner_of(state: TelegramState, request: HttpRequest) -> str | None:  # noqa: ARG001  ids tell it all
    """See ``chatdrill.wire.doors.Divisible``. What a bot fetches by polling is gathered at the first worker."""
    path = request.path
    file = _FILE.fullmatch(path)
    if file is not None:
        return file[1]
    call = _CALL.fullmatch(path)
    if call is None:
        return None
    try:
        arguments = read_call(request, has_query="?" in request.url)
    except ApiError:
        return None  # whoever answers will say what is wrong with it
    name = call[1] or arguments.text("method")
    return _owner_of_call(BY_LOWER_NAME.get(name.lower(), name), arguments)


def _owner_of_call(name: str, arguments: Arguments) -> str | None:
    if name == "getUpdates":
        return FIRST_DOOR
    chats = [text for field in _CHATS if _NUMBER.fullmatch(text := arguments.text(field).strip())]
    if chats:
        return one_owner(chats, name)
    named = (arguments.text(field) for field in _OTHERS)
    return next((id for id in named if id), EVERY_DOOR if name.startswith(_CHANGES) else None)


def borrows(state: TelegramState, request: HttpRequest) -> Sequence[str]:
    """The ``file_id``s in a call that this worker has not handed out."""
    if request.content_type == "multipart/form-data":
        text = " ".join(map(str, read_arguments(request).values.values()))
    else:
        text = request.body.decode("latin-1")
    return [id for id in _FILE_ID.findall(f"{request.url} {text}") if id not in state.files]


class _Loan(msgspec.Struct):
    """A file with the other sizes of its photo, and the contents of them all by hash."""

    files: list[StoredFile]
    contents: dict[str, bytes]


def lend(state: TelegramState, id: str) -> bytes | None:
    """A file with its other sizes, its thumbnail and their contents."""
    stored = state.files.get(id)
    if stored is None:
        return None
    files = [replace(file, sizes=()) for file in stored.sizes or (stored,)]
    hashes = {each.sha256 for file in files for each in (file, file.thumbnail) if each is not None}
    return msgspec.msgpack.encode(_Loan(files, {key: state.blobs.get(key) for key in hashes if key in state.blobs}))


def borrow(state: TelegramState, loan: bytes) -> None:
    """Register the files of a loan under their own ids."""
    lent = msgspec.msgpack.decode(loan, type=_Loan)
    for content in lent.contents.values():
        state.blobs.put(content)
    for file in lent.files:
        if file.kind == "photo":
            file.sizes = tuple(lent.files)
        for each in (file, file.thumbnail):
            if each is not None:
                state.files[each.file_id] = state.paths[each.path] = each
