"""Kinds of media by what exports say of them: MIME types, names, the vendors' own words."""

from __future__ import annotations

from pathlib import PurePosixPath

from chatdrill.importing.dialog import Attached
from chatdrill.model import MediaKind

_BY_SUFFIX: dict[str, MediaKind] = {
    **dict.fromkeys(("jpg", "jpeg", "png", "heic", "bmp"), "photo"),
    **dict.fromkeys(("mp4", "mov", "3gp", "m4v", "avi", "webm"), "video"),
    **dict.fromkeys(("opus", "ogg", "oga", "amr"), "voice"),
    **dict.fromkeys(("mp3", "m4a", "aac", "wav", "flac"), "audio"),
    **dict.fromkeys(("webp", "tgs"), "sticker"),
    "gif": "animation",
}
# WhatsApp names its files after what they are: PTT-20240312-WA0001.opus, 00000012-AUDIO-2024-03-12-14-05-33.opus.
_BY_WORD: tuple[tuple[str, MediaKind], ...] = (
    ("PTT-", "voice"),
    ("-AUDIO-", "voice"),
    ("STK-", "sticker"),
    ("-STICKER-", "sticker"),
    ("-GIF-", "animation"),
    ("DOC-", "document"),
    ("-PHOTO-", "photo"),
    ("-VIDEO-", "video"),
)
_BY_MIME: tuple[tuple[str, MediaKind], ...] = (
    ("image/gif", "animation"),
    ("image/webp", "sticker"),
    ("image/", "photo"),
    ("audio/ogg", "voice"),
    ("audio/", "audio"),
    ("video/", "video"),
)


def kind_of_name(name: str) -> MediaKind:
    """The kind of a file by its name."""
    by_word = next((kind for word, kind in _BY_WORD if word in name), None)
    return by_word or _BY_SUFFIX.get(PurePosixPath(name).suffix.lower().lstrip("."), "document")


def kind_of_mime(mime: str) -> MediaKind:
    """The kind of a file by its type."""
    return next((kind for prefix, kind in _BY_MIME if mime.startswith(prefix)), "document")


def attached(
    path: str, kind: MediaKind | None = None, *, name: str | None = None, emoji: str | None = None
) -> Attached:
    """A file of an export by its path; documents keep their names."""
    made = kind or kind_of_name(path)
    shown = name or (PurePosixPath(path.replace("\\", "/")).name if made == "document" else None)
    return Attached(kind=made, path=path, name=shown, emoji=emoji)


def of_kind(kind: MediaKind, *, name: str | None = None, emoji: str | None = None) -> Attached:
    """A file that was left out of the export, or lies where nobody may fetch it."""
    return Attached(kind=kind, name=name, emoji=emoji)
