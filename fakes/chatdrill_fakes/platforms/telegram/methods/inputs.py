"""The files of a call: uploads, ``attach://`` names, ``file_id``s and URLs."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from msgspec.structs import replace

from chatdrill.model import File
from chatdrill.wire import Fetch, Fetched, Upload
from chatdrill.wire.files import describe
from chatdrill_fakes.platforms.telegram.encoding import clean
from chatdrill_fakes.platforms.telegram.errors import ApiError, MustWait, bad_request
from chatdrill_fakes.platforms.telegram.files import KINDS, PREFIXES, keep
from chatdrill_fakes.platforms.telegram.limits import (
    PHOTO_MAX_BYTES,
    PHOTO_RATIO_MAX,
    PHOTO_SIDES_SUM_MAX,
    PHOTO_URL_MAX_BYTES,
    THUMBNAIL_MAX_BYTES,
    THUMBNAIL_SIDE_MAX,
    UPLOAD_MAX_BYTES,
    URL_MAX_BYTES,
    VOICE_URL_MAX_BYTES,
)
from chatdrill_fakes.platforms.telegram.links import BadLink, parse_url
from chatdrill_fakes.platforms.telegram.methods.base import MethodCall
from chatdrill_fakes.platforms.telegram.state import StoredFile

_ATTACHED = "attach://"
_FILE_ID = re.compile(r"[A-Za-z0-9_-]+=*")
_PHOTO_EXTENSIONS = frozenset(("jpg", "jpeg", "gif", "png", "tif", "tiff", "bmp", "webp"))
_DOCUMENTS_BY_URL = frozenset(("image/gif", "application/pdf", "application/zip"))
_VOICES = frozenset(("audio/ogg", "audio/mpeg", "audio/mp4", "audio/m4a", "audio/x-m4a"))
_STICKERS = frozenset(("image/webp", "application/gzip", "application/x-tgsticker", "video/webm"))
_BAD_EXTENSION = "Photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a file comes from: ``upload``, or ``text`` (a ``file_id`` or URL)."""

    upload: Upload | None = None
    text: str = ""

    @property
    def is_url(self) -> bool:
        """True for an http(s) address."""
        return self.text[:8].lower().startswith(("http://", "https://"))


def read_source(call: MethodCall, name: str, text: str | None = None, *, only_upload: bool = False) -> Source | None:
    """The file that the argument ``name`` (or the ``text`` of a field) means, or ``None`` if there is none."""
    given = call.arguments.text(name) if text is None else text
    if given.startswith(_ATTACHED):
        name = given[len(_ATTACHED) :]
    elif given and not only_upload:
        return Source(text=given)
    upload = call.arguments.files.get(name)
    return None if upload is None else Source(upload=upload)


def require_fetched(call: MethodCall, kinds: Iterable[tuple[str, Source]]) -> None:
    """Raises ``MustWait`` while a URL among the sources has not been read yet."""
    wanted = [(kind, source) for kind, source in kinds if source.is_url]
    urls = tuple(dict.fromkeys(s.text for _, s in wanted if s.text not in call.exchange.fetched))
    if urls:
        is_photo = all(kind == "photo" for kind, _ in wanted)
        raise MustWait(Fetch(urls, size_max_bytes=PHOTO_URL_MAX_BYTES if is_photo else URL_MAX_BYTES))


def obtain(
    call: MethodCall, kind: str, source: Source, *, thumbnail: Source | None = None, as_file: bool = False
) -> StoredFile:
    """The file on the servers, stored if it is new. ``as_file`` keeps a document from becoming an animation.

    Raises ``ApiError`` for a file that the vendor refuses and ``MustWait`` for a URL that is not read yet.
    """
    if source.upload is None and not source.is_url:
        return _known(call, kind, source.text)
    require_fetched(call, [(kind, source)])
    upload = source.upload
    file = _downloaded(call, kind, source.text) if upload is None else _uploaded(call, kind, upload)
    settled = settle(kind, file, as_file=as_file)
    if settled == "voice" and upload is None and file.size_bytes > VOICE_URL_MAX_BYTES:
        settled = "document"
    if settled == "photo" and file.sha256:
        _check_picture(file)
    if settled in ("photo", "voice", "video_note", "sticker"):
        file = replace(file, name=None)
    try:
        return keep(call.state, settled, file, thumbnail=_thumbnail(call, thumbnail))
    except ValueError as error:  # a picture's header, and no picture behind it
        raise bad_request("IMAGE_PROCESS_FAILED") from error


# -------------------------------------------------------------------------------------------------- file ids


def _known(call: MethodCall, kind: str, text: str) -> StoredFile:
    stored = call.state.files.get(text)
    if stored is None:
        raise bad_request(_unknown_id(text))
    if stored.kind == "thumbnail" or (stored.kind == "photo") != (kind == "photo"):
        raise bad_request(f"Can't use file of type {KINDS[stored.kind].title} as {KINDS[kind].title}")
    return stored.sizes[-1] if stored.kind == "photo" else stored


def _unknown_id(text: str) -> str:
    if "." in text:
        try:
            parse_url(text, "http")
        except BadLink as error:
            return f"Invalid file HTTP URL specified: {error}"
        return "Wrong file identifier/HTTP URL specified"
    if text.startswith(PREFIXES):
        return "Wrong file identifier/HTTP URL specified"
    if not _FILE_ID.fullmatch(text):
        return "Wrong remote file identifier specified: Wrong character in the string"
    if len(text.rstrip("=")) % 4 == 1:
        return "Wrong remote file identifier specified: Wrong string length"
    return "Wrong remote file identifier specified: can't unserialize it. Wrong last symbol"


# ------------------------------------------------------------------------------------------------- new files


def _uploaded(call: MethodCall, kind: str, upload: Upload) -> File:
    size = len(upload.content)
    if size == 0:
        raise bad_request("File must be non-empty")
    if size > UPLOAD_MAX_BYTES:
        raise ApiError(413, "Request Entity Too Large")
    if kind == "photo" and size > PHOTO_MAX_BYTES:
        raise bad_request(
            f"File of size {size} bytes is too big for a photo; the maximum size is {PHOTO_MAX_BYTES} bytes"
        )
    name = clean(upload.filename).replace("\\", "/").rpartition("/")[2] or None
    mime = upload.content_type.partition(";")[0].strip().lower()
    file = describe(upload.content, call.state.blobs, name=name, mime=clean(mime) or None)
    if kind == "photo" and not file.mime.startswith("image/"):
        extension = (name or "").rpartition(".")[2].lower()
        raise bad_request("IMAGE_PROCESS_FAILED" if extension in _PHOTO_EXTENSIONS else _BAD_EXTENSION)
    return file


def _downloaded(call: MethodCall, kind: str, url: str) -> File:
    if kind == "video_note":
        raise bad_request("Wrong file identifier/HTTP URL specified")
    found: Fetched = call.exchange.fetched[url]
    name = url.partition("?")[0].partition("#")[0].rpartition("/")[2] or None
    if found.error == "unreachable":
        return File(url=url, name=name, mime=_TRUSTED.get(kind, "application/octet-stream"))
    if found.error is not None or len(found.content) > (PHOTO_URL_MAX_BYTES if kind == "photo" else URL_MAX_BYTES):
        raise bad_request("Failed to get HTTP URL content")
    mime = found.content_type.partition(";")[0].strip().lower()
    file = replace(describe(found.content, call.state.blobs, name=name, mime=clean(mime) or None), url=url)
    if not _may_come_by_url(kind, file.mime):
        raise bad_request("Wrong type of the web page content")
    return file


# An address outside the loopback is never visited: the file is taken to be what the method says.
_TRUSTED = {
    "photo": "image/jpeg",
    "audio": "audio/mpeg",
    "voice": "audio/ogg",
    "video": "video/mp4",
    "animation": "video/mp4",
    "sticker": "image/webp",
}


def _may_come_by_url(kind: str, mime: str) -> bool:
    if kind == "photo":
        return mime.startswith("image/")
    if kind == "voice":
        return mime == "audio/ogg"
    return kind != "document" or mime in _DOCUMENTS_BY_URL


def settle(kind: str, file: File, *, as_file: bool = False) -> str:
    """The kind that the servers make of a file: what is no voice, video or sticker becomes audio or a document."""
    if not file.sha256:
        return kind
    if kind == "voice" and file.mime not in _VOICES:
        kind = "audio" if file.mime.startswith("audio/") else "document"
    if kind == "audio" and not file.mime.startswith("audio/"):
        return "document"
    if kind in ("video", "video_note") and file.mime != "video/mp4":
        return "document"
    if kind == "animation" and file.mime not in ("image/gif", "video/mp4"):
        return "document"
    if kind == "sticker" and file.mime not in _STICKERS:
        return "document"
    return "animation" if kind == "document" and file.mime == "image/gif" and not as_file else kind


def _check_picture(file: File) -> None:
    width, height = file.width or 0, file.height or 0
    if not width or not height:
        raise bad_request("IMAGE_PROCESS_FAILED")
    if width + height > PHOTO_SIDES_SUM_MAX or max(width, height) > PHOTO_RATIO_MAX * min(width, height):
        raise bad_request("PHOTO_INVALID_DIMENSIONS")


def _thumbnail(call: MethodCall, source: Source | None) -> File | None:
    if source is None or source.upload is None:
        return None
    file = describe(source.upload.content, call.state.blobs)
    side = max(file.width or 0, file.height or 0)
    is_fit = file.mime == "image/jpeg" and file.size_bytes <= THUMBNAIL_MAX_BYTES and 0 < side <= THUMBNAIL_SIDE_MAX
    return file if is_fit else None  # the servers take no notice of any other
