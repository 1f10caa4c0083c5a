"""``getFile``, downloads, and what the bot asks of a business account."""

from __future__ import annotations

from chatdrill.model import MarkedRead
from chatdrill.wire import HttpResponse
from chatdrill_fakes.platforms.telegram.errors import ApiError, bad_request, error_response
from chatdrill_fakes.platforms.telegram.files import file_json
from chatdrill_fakes.platforms.telegram.limits import BATCH_MAX, DOWNLOAD_MAX_BYTES
from chatdrill_fakes.platforms.telegram.methods.base import (
    Handler,
    MethodCall,
    acting_chat,
    find_connection,
    read_message_ids,
)
from chatdrill_fakes.platforms.telegram.methods.editing import forget
from chatdrill_fakes.platforms.telegram.state import Json, TelegramState


def get_file(call: MethodCall) -> Json:
    """``getFile``: where a file can be downloaded, up to 20 MB."""
    file_id = call.arguments.text("file_id")
    if not file_id:
        raise bad_request("file_id not specified")
    stored = call.state.files.get(file_id)
    if stored is None:
        raise bad_request("invalid file_id")
    if stored.size_bytes > DOWNLOAD_MAX_BYTES:
        raise bad_request("file is too big")
    if not stored.sha256:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    return {**file_json(stored), "file_path": stored.path}


def download(state: TelegramState, path: str) -> HttpResponse:
    """The bytes behind a ``file_path``."""
    stored = state.paths.get(path)
    if stored is None or not stored.sha256 or stored.size_bytes > DOWNLOAD_MAX_BYTES:
        return error_response(ApiError(404, "Not Found"))
    return HttpResponse(200, (("Content-Type", "application/octet-stream"),), state.blobs.get(stored.sha256))


def get_business_connection(call: MethodCall) -> Json:
    """``getBusinessConnection``."""
    return find_connection(call).payload


def read_business_message(call: MethodCall) -> bool:
    """``readBusinessMessage``: the customer sees the message as read."""
    find_connection(call)
    chat = acting_chat(call)
    key = str(call.arguments.integer("message_id"))
    if key not in chat.stored:
        raise bad_request("MESSAGE_ID_INVALID")
    call.effects.append(MarkedRead(to=chat.address, message_id=key))
    return True


def delete_business_messages(call: MethodCall) -> bool:
    """``deleteBusinessMessages``: all in one chat."""
    ids = read_message_ids(call, BATCH_MAX)
    connection = find_connection(call)
    for chat in connection.chats.values():
        keys = [str(number) for number in ids if str(number) in chat.stored]
        if keys:
            call.to = chat.address
            forget(call, chat, keys)
            return True
    raise bad_request("MESSAGE_ID_INVALID")


STORING: dict[str, Handler] = {
    "getFile": get_file,
    "getBusinessConnection": get_business_connection,
    "readBusinessMessage": read_business_message,
    "deleteBusinessMessages": delete_business_messages,
}
