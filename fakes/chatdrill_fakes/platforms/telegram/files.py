"""Files on the servers: ids, paths, photo sizes, and the JSON objects that describe them (field order of the server)."""

from __future__ import annotations

import base64
import hashlib
import mimetypes
import struct
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from msgspec.structs import replace

from chatdrill.model import File, Media
from chatdrill.wire.files import describe, shrink
from chatdrill_fakes.platforms.telegram.encoding import text
from chatdrill_fakes.platforms.telegram.state import StoredFile, TelegramState

Json = dict[str, Any]
PHOTO_SIDES = (90, 320, 800, 1280)
_THUMBNAIL_SIDE = 320
_EXTENSIONS = {
    "audio/ogg": ".oga",
    "image/jpeg": ".jpg",
    "audio/mpeg": ".mp3",
    "audio/mp4": ".m4a",
    "audio/m4a": ".m4a",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/webm": ".webm",
    "application/pdf": ".pdf",
}


@dataclass(frozen=True)
class Kind:
    """A sort of file. ``title`` is its name in errors; ids of the sort begin with ``prefix``."""

    title: str
    prefix: str
    unique: str
    folder: str


KINDS = {
    "photo": Kind("Photo", "AgACAgIAAxkBAA", "AQAD", "photos"),
    "document": Kind("Document", "BQACAgIAAxkBAA", "AgAD", "documents"),
    "audio": Kind("Audio", "CQACAgIAAxkBAA", "AgAD", "music"),
    "voice": Kind("VoiceNote", "AwACAgIAAxkBAA", "AgAD", "voice"),
    "video": Kind("Video", "BAACAgIAAxkBAA", "AgAD", "videos"),
    "video_note": Kind("VideoNote", "DQACAgIAAxkBAA", "AgAD", "video_notes"),
    "animation": Kind("Animation", "CgACAgIAAxkBAA", "AgAD", "animations"),
    "sticker": Kind("Sticker", "CAACAgIAAxkBAA", "AgAD", "stickers"),
    "thumbnail": Kind("Thumbnail", "AAMCAgADGQEA", "AQAD", "thumbnails"),
}
PREFIXES = tuple(kind.prefix for kind in KINDS.values())


def keep(state: TelegramState, kind: str, file: File, *, thumbnail: File | None = None) -> StoredFile:
    """Give a file its ids. ``file``'s bytes lie in the state's blobs, or nowhere if only its address is known.

    Raises ``ValueError`` for a photo that is no picture.
    """
    if kind == "photo":
        return _keep_photo(state, file)
    stored = _register(state, kind, file)
    if thumbnail is None and file.mime.startswith("image/") and file.width:
        thumbnail = _thumbnail_of(state, file)
    if thumbnail is not None:
        stored.thumbnail = _register(state, "thumbnail", thumbnail)
    return stored


def _thumbnail_of(state: TelegramState, file: File) -> File | None:
    try:
        return _shrunk(state, file, _THUMBNAIL_SIDE)
    except ValueError:  # a header without a picture
        return None


def _register(state: TelegramState, kind: str, file: File) -> StoredFile:
    sort = KINDS[kind]
    width, height = file.width or 0, file.height or 0
    if not width and file.mime.startswith("video/") and file.sha256:
        width, height = mp4_size(state.blobs.get(file.sha256))
    stored = StoredFile(
        file_id=sort.prefix + state.chance.base64url(58),
        unique_id=sort.unique + _stable(file.sha256 or file.url or file.name or ""),
        kind=kind,
        path=f"{sort.folder}/file_{state.chance.nth(len(state.paths) + 1)}{_extension(file)}",
        sha256=file.sha256,
        size_bytes=file.size_bytes,
        mime=file.mime,
        name=file.name,
        width=width,
        height=height,
        duration_s=round(file.duration_s or 0),
        url=file.url,
    )
    state.files[stored.file_id] = stored
    state.paths[stored.path] = stored
    return stored


def _stable(key: str) -> str:
    """The part of ``file_unique_id`` that depends on the content alone."""
    return base64.urlsafe_b64encode(hashlib.sha256(key.encode("utf-8", "replace")).digest())[:11].decode()


def _extension(file: File) -> str:
    dot = (file.name or "").rpartition(".")[2]
    if file.name and "." in file.name and dot.isascii() and dot.isalnum() and len(dot) <= 8:
        return f".{dot.lower()}"
    return _EXTENSIONS.get(file.mime) or mimetypes.guess_extension(file.mime) or ""


def _keep_photo(state: TelegramState, file: File) -> StoredFile:
    sizes: tuple[StoredFile, ...]
    if not file.sha256:
        sizes = (_register(state, "photo", replace(file, width=file.width or 800, height=file.height or 800)),)
    else:
        sizes = tuple(_register(state, "photo", size) for size in _photo_sizes(state, file))
    for size in sizes:
        size.sizes = sizes
    return sizes[-1]


def _photo_sizes(state: TelegramState, file: File) -> tuple[File, ...]:
    """The variants the servers keep, small to large; a JPEG that is small enough stays as it came."""
    if file.sha256 not in state.photo_sizes:
        long_side = max(file.width or 0, file.height or 0)
        smaller = [_shrunk(state, file, side) for side in PHOTO_SIDES if side < long_side]
        is_final = file.mime == "image/jpeg" and long_side <= PHOTO_SIDES[-1]
        if is_final:
            smaller.append(file)
        elif long_side <= PHOTO_SIDES[-1]:
            smaller.append(_shrunk(state, file, max(1, long_side)))
        state.photo_sizes[file.sha256] = tuple(replace(size, name=None) for size in smaller)
    return state.photo_sizes[file.sha256]


def _shrunk(state: TelegramState, file: File, side: int) -> File:
    return describe(shrink(state.blobs.get(file.sha256), side), state.blobs)


def mp4_size(content: bytes) -> tuple[int, int]:
    """Width and height from the track header of an MP4 (ISO 14496-12), or zeros."""
    place = content.find(b"tkhd")
    while place >= 4:
        size = int.from_bytes(content[place - 4 : place], "big")
        ends = content[place - 4 + size - 8 : place - 4 + size] if 92 <= size <= 104 else b""
        if len(ends) == 8:
            width, height = struct.unpack(">II", ends)
            if width and height:
                return width >> 16, height >> 16
        place = content.find(b"tkhd", place + 4)
    return 0, 0


# ------------------------------------------------------------------------------------------- the vendor's objects


def file_json(stored: StoredFile) -> Json:
    """``file_id``, ``file_unique_id`` and ``file_size``."""
    found: Json = {"file_id": stored.file_id, "file_unique_id": stored.unique_id}
    if stored.size_bytes:
        found["file_size"] = stored.size_bytes
    return found


def _photo_size(stored: StoredFile) -> Json:
    return {**file_json(stored), "width": stored.width, "height": stored.height}


def _named(stored: StoredFile) -> Json:
    found: Json = {}
    if stored.name:
        found["file_name"] = text(stored.name)
    if stored.mime:
        found["mime_type"] = stored.mime
    return found


def _with_thumbnail(stored: StoredFile) -> Json:
    if stored.thumbnail is None:
        return file_json(stored)
    small = _photo_size(stored.thumbnail)
    return {"thumbnail": small, "thumb": small, **file_json(stored)}


def _box(stored: StoredFile) -> Json:
    return {"duration": stored.duration_s, "width": stored.width, "height": stored.height}


def _document(stored: StoredFile) -> Json:
    return {**_named(stored), **_with_thumbnail(stored)}


def _audio(stored: StoredFile) -> Json:
    found: Json = {"duration": stored.duration_s, **_named(stored)}
    if stored.title:
        found["title"] = text(stored.title)
    if stored.performer:
        found["performer"] = text(stored.performer)
    return {**found, **_with_thumbnail(stored)}


def _voice(stored: StoredFile) -> Json:
    return {"duration": stored.duration_s, "mime_type": stored.mime or "audio/ogg", **file_json(stored)}


def _video(stored: StoredFile) -> Json:
    return {**_box(stored), **_named(stored), **_with_thumbnail(stored)}


def _video_note(stored: StoredFile) -> Json:
    return {"duration": stored.duration_s, "length": stored.width or 240, **_with_thumbnail(stored)}


def _animation(stored: StoredFile) -> Json:
    return {**_named(stored), **_box(stored), **_with_thumbnail(stored)}


def sticker_json(stored: StoredFile, emoji: str | None) -> Json:
    """``Sticker``; a sticker of no set."""
    found: Json = {"width": stored.width or 512, "height": stored.height or 512}
    if emoji:
        found["emoji"] = text(emoji)
    is_animated = stored.mime in ("application/gzip", "application/x-tgsticker")
    found.update(is_animated=is_animated, is_video=stored.mime == "video/webm", type="regular")
    return {**found, **_with_thumbnail(stored)}


_OBJECTS: dict[str, Callable[[StoredFile], Json]] = {
    "document": _document,
    "audio": _audio,
    "voice": _voice,
    "video": _video,
    "video_note": _video_note,
    "animation": _animation,
}


def media_fields(stored: StoredFile, emoji: str | None = None) -> Json:
    """The fields of a message that shows ``stored``: an animation fills ``document`` too, as old bots expect."""
    if stored.kind == "photo":
        return {"photo": [_photo_size(size) for size in stored.sizes]}
    if stored.kind == "sticker":
        return {"sticker": sticker_json(stored, emoji)}
    fields = {stored.kind: _OBJECTS[stored.kind](stored)}
    if stored.kind == "animation":
        fields["document"] = _document(stored)
    return fields


def neutral_media(stored: StoredFile) -> Media:
    """The same in neutral words, without a caption."""
    file = File(
        sha256=stored.sha256,
        size_bytes=stored.size_bytes,
        mime=stored.mime or "application/octet-stream",
        name=stored.name,
        width=stored.width or None,
        height=stored.height or None,
        duration_s=stored.duration_s or None,
        url=stored.url,
    )
    return Media(kind=stored.kind, file=file)  # type: ignore[arg-type]
