"""Looking into files: what they are, how large the picture, how long the sound. Pure functions of bytes."""

from __future__ import annotations

import io
import struct
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import filetype

from chatdrill.model import Blobs, File

if TYPE_CHECKING:
    from mimetypes import MimeTypes

_PICTURES = ("image/",)
_SOUNDS = ("audio/", "video/")
_FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF")
_TORN = (
    OSError,
    SyntaxError,
    ValueError,
    IndexError,
    EOFError,
    struct.error,
)  # what decoders raise in the middle of a file
_MPEG_LOOK_BYTES = (
    256 * 1024
)  # an MPEG sound is searched for its frames byte by byte; the rest follows from the bit rate


def describe(content: bytes, blobs: Blobs, *, name: str | None = None, mime: str | None = None) -> File:
    """Store ``content`` and describe it. A declared ``mime`` wins over a guessed one only if nothing can be guessed."""
    sha256 = blobs.put(content)
    seen = sniff(content)
    kind = seen or mime or "application/octet-stream"
    width, height, duration_s = _measure(blobs, sha256, kind)
    return File(
        sha256=sha256,
        size_bytes=len(content),
        mime=kind,
        name=name,
        width=width,
        height=height,
        duration_s=duration_s,
    )


def sniff(content: bytes) -> str | None:
    """The MIME type that the first bytes show, or ``None``."""
    if content[:4] == b"OggS" and b"OpusHead" in content[:64]:
        return "audio/ogg"
    return filetype.guess_mime(content[:4096]) if content else None


def _measure(blobs: Blobs, sha256: str, mime: str) -> tuple[int | None, int | None, float | None]:
    content = blobs.get(sha256)
    if mime.startswith(_PICTURES):
        return (*picture_size(content), None)
    if mime.startswith(_SOUNDS):
        return None, None, duration(content)
    return None, None, None


def mime_of_name(name: str) -> str:
    """The MIME type that the end of a name or a link says, the same on every machine; empty for one that says none."""
    return _types().guess_type(name.partition("?")[0].partition("#")[0], strict=True)[0] or ""


@lru_cache(maxsize=1)
def _types() -> MimeTypes:
    from mimetypes import MimeTypes  # only who reads back asks for it

    return MimeTypes()


def picture_size(content: bytes) -> tuple[int | None, int | None]:
    """Width and height in pixels, or two times ``None`` for what is no picture."""
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            return picture.width, picture.height
    except (UnidentifiedImageError, OSError, ValueError, Image.DecompressionBombError):
        return None, None


def duration(content: bytes) -> float | None:
    """Length of a sound or video in seconds, or ``None`` if it cannot be told."""
    from tinytag import TinyTag, TinyTagException

    is_mpeg = content[:3] == b"ID3" or content[:1] == b"\xff"
    head = content[:_MPEG_LOOK_BYTES] if is_mpeg else content
    try:
        tag = TinyTag.get(filename="sound", file_obj=io.BytesIO(head))
    except (TinyTagException, OSError, ValueError, KeyError, IndexError):
        return None
    if len(head) < len(content) and tag.bitrate:
        return round(len(content) * 8 / 1000 / tag.bitrate, 3)
    return round(tag.duration, 3) if tag.duration else None


def shrink(content: bytes, long_side: int) -> bytes:
    """The picture as a JPEG whose longer side has at most ``long_side`` pixels.

    Raises ``ValueError`` if it is not a picture.
    """
    return _shrink(content, long_side)


@lru_cache(maxsize=256)
def _shrink(content: bytes, long_side: int) -> bytes:
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(io.BytesIO(content), formats=_FORMATS) as picture:
            size = (long_side, long_side)
            picture.draft("RGB", size)  # a JPEG is decoded at a fraction of its size, many times faster
            picture.thumbnail(size, reducing_gap=2.0)
            out = io.BytesIO()
            _without_alpha(picture).save(out, "JPEG", quality=80)
            return out.getvalue()
    except (UnidentifiedImageError, *_TORN, Image.DecompressionBombError) as error:
        raise ValueError(f"not a picture: {error}") from error


def _without_alpha(picture: Any) -> Any:
    """The picture on white: what shines through a sticker is not black."""
    from PIL import Image

    if picture.mode == "RGB":
        return picture
    whole = picture.convert("RGBA")
    opaque = Image.new("RGB", whole.size, "white")
    opaque.paste(whole, mask=whole)
    return opaque


def warm_up() -> None:
    """Load what looking into files needs, so that the first picture of a run does not hold up every conversation."""
    from PIL import Image
    from tinytag import TinyTag

    Image.preinit()
    TinyTag.is_supported("sound.ogg")
