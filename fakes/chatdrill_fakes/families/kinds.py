"""What people see a file as, where nothing but its type is told."""

from __future__ import annotations

from chatdrill.model import MediaKind

_KINDS: dict[str, MediaKind] = {"image": "photo", "video": "video", "audio": "audio"}


def kind_of_mime(mime: str) -> MediaKind:
    """The kind by a MIME type: what moves by itself, pictures, films, sounds, and else a document."""
    kind = mime.partition(";")[0].strip().lower()
    return "animation" if kind == "image/gif" else _KINDS.get(kind.partition("/")[0], "document")
