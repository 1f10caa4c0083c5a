"""Customers' files by the ids of their messages. Source: developers.line.biz, Messaging API reference: getting content (2026-08)."""

from __future__ import annotations

import io
from functools import lru_cache

from chatdrill.wire import HttpResponse
from chatdrill.wire.files import shrink
from chatdrill_fakes.platforms.line.calls import Answered, Asked
from chatdrill_fakes.platforms.line.errors import ApiError
from chatdrill_fakes.platforms.line.state import Content

PREVIEW_SIDE = 240
"""LINE does not say how large a preview is."""
_SEEN = ("image", "video")
_TRANSCODED = ("video", "audio")


def get(asked: Asked) -> Answered:
    """The file; 202 without a word while a large one is being prepared."""
    found = _found(asked)
    if not _is_ready(asked, found):
        return Answered(
            response=HttpResponse(202, (), b""), to=found.to, note="not ready yet: ask again, or ask for the status"
        )
    if not found.file.sha256:
        raise ApiError(404, "not found", note="the content lies elsewhere: contentProvider says where")
    content = asked.state.blobs.get(found.file.sha256)
    return Answered(response=HttpResponse(200, (("Content-Type", found.file.mime),), content), to=found.to)


def preview(asked: Asked) -> Answered:
    """A small picture of a picture or a film."""
    found = _found(asked)
    if found.kind not in _SEEN:
        raise ApiError(400, "The content can not be previewed")
    if not _is_ready(asked, found):
        return Answered(response=HttpResponse(202, (), b""), to=found.to)
    content = asked.state.blobs.get(found.file.sha256) if found.file.sha256 else b""
    return Answered(response=HttpResponse(200, (("Content-Type", "image/jpeg"),), _small(content)), to=found.to)


def transcoding(asked: Asked) -> Answered:
    """Whether a sound or a film can be fetched."""
    found = _found(asked)
    if found.kind not in _TRANSCODED:
        raise ApiError(400, "Transcoding status doesn't support this type of content")
    return Answered({"status": "succeeded" if _is_ready(asked, found) else "processing"}, to=found.to)


def _found(asked: Asked) -> Content:
    """The file. Raises 404 for what has none, 410 for what was unsent."""
    found = asked.state.contents.get(asked.path["id"])
    if found is None or found.kind == "sticker":
        raise ApiError(404, "not found")
    if asked.path["id"] in asked.state.chats[found.to].unsent:
        raise ApiError(410, "The content is gone")
    return found


def _is_ready(asked: Asked, found: Content) -> bool:
    return asked.state.chats[found.to].at(asked.now) >= found.ready_at


@lru_cache(maxsize=64)
def _small(content: bytes) -> bytes:
    """The picture made small; grey for a film, and for what is no picture."""
    try:
        return shrink(content, PREVIEW_SIDE)
    except ValueError:
        from PIL import Image

        out = io.BytesIO()
        Image.new("RGB", (PREVIEW_SIDE, PREVIEW_SIDE), (96, 96, 96)).save(out, "JPEG")
        return out.getvalue()
