"""Files that a scenario sends: read, looked into, and kept where the receiver can fetch them."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from chatdrill.engine.step_parts import Attachment
from chatdrill.errors import ScenarioError
from chatdrill.model import Blobs, Media, MediaKind, Text
from chatdrill.wire.files import describe

_KIND_OF_MIME: tuple[tuple[str, MediaKind], ...] = (
    ("image/webp", "sticker"),
    ("image/", "photo"),
    ("audio/ogg", "voice"),
    ("audio/", "audio"),
    ("video/", "video"),
)


def load_media(attachment: Attachment, files: Mapping[str, Path], blobs: Blobs) -> Media:
    """The file of an attachment, put into ``blobs``. Raises ``ScenarioError`` if it cannot be read."""
    path = files[attachment.file]
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ScenarioError(f"cannot read {path}: {error.strerror}") from error
    file = describe(content, blobs, name=attachment.name or path.name)
    caption = None if attachment.caption is None else Text(text=attachment.caption)
    return Media(kind=attachment.kind or _kind_of(file.mime), file=file, caption=caption, emoji=attachment.emoji)


def _kind_of(mime: str) -> MediaKind:
    return next((kind for prefix, kind in _KIND_OF_MIME if mime.startswith(prefix)), "document")
