"""Files of messages: kept as blobs, and served under links of the desk that redirect to the bytes.

Source: Chatwoot v4.15.1, app/models/attachment.rb; the paths are those of Rails' Active Storage.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import quote

from chatdrill.model import File
from chatdrill.wire import HttpResponse, json_response
from chatdrill.wire.files import shrink
from chatdrill_fakes.desks.chatwoot.state import Attachment, ChatwootState
from chatdrill_fakes.families.desks import Refused, Visit

_THUMB_SIDE = 250


def file_type(mime: str) -> str:
    """The kind of an attachment by its media type."""
    main = mime.partition("/")[0]
    return main if main in ("image", "audio", "video") else "file"


def attach(state: ChatwootState, files: Iterable[File]) -> list[Attachment]:
    """Attachments of a message that is about to be written."""
    found = []
    for file in files:
        key = state.chance.base64url(28)
        state.files[key] = file
        found.append(Attachment(state.next_id("attachment"), key, file_type(file.mime), file))
    return found


def redirect(visit: Visit[Any]) -> HttpResponse:
    """``GET /rails/active_storage/blobs/redirect/{key}/{name}``: to the bytes."""
    key, name = visit.params["key"], visit.params["name"]
    _file(visit)
    kind = "thumb" if "/representations/" in visit.request.path else "disk"
    return HttpResponse(302, (("Location", f"{visit.base_url}/rails/active_storage/{kind}/{key}/{quote(name)}"),))


def content(visit: Visit[Any]) -> HttpResponse:
    """``GET /rails/active_storage/disk/{key}/{name}``"""
    file = _file(visit)
    return HttpResponse(200, (("Content-Type", file.mime),), visit.state.blobs.get(file.sha256))


def thumbnail(visit: Visit[Any]) -> HttpResponse:
    """A small picture; the whole file where it is none."""
    file = _file(visit)
    try:
        small = shrink(visit.state.blobs.get(file.sha256), _THUMB_SIDE)
    except (ValueError, SyntaxError):  # Pillow raises a SyntaxError for a broken PNG
        return content(visit)
    return HttpResponse(200, (("Content-Type", "image/jpeg"),), small)


def _file(visit: Visit[Any]) -> File:
    file: File | None = visit.state.files.get(visit.params["key"])
    if file is None or file.sha256 not in visit.state.blobs:
        raise Refused(json_response({"error": "Resource could not be found"}, status=404), "no such file")
    return file
