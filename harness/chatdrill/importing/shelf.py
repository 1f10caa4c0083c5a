"""The files of a dialog: shipped samples in their place, or copies beside the scenario, looked into before they are trusted."""

from __future__ import annotations

import hashlib
import io
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from chatdrill.errors import ExportError, UsageError
from chatdrill.importing.dialog import Attached
from chatdrill.importing.exports import Export
from chatdrill.model import MediaKind
from chatdrill.wire.files import sniff

_SAMPLES: dict[MediaKind, tuple[str, ...]] = {
    "photo": ("shoe-torn.jpg", "shoe-front.jpg", "shoe-side.jpg", "receipt.jpg"),
    "video": ("clip.mp4",),
    "voice": ("voice-{language}.ogg",),
    "audio": ("song.mp3",),
    "document": ("invoice-553.pdf",),
    "sticker": ("thumbs-up.webp",),
    "animation": ("wave.gif.mp4",),
    "video_note": ("round.mp4",),
}
_FILE_MAX_BYTES = 100 * 1024 * 1024  # more than any platform takes from a customer, WhatsApp's documents included
_FITS: dict[MediaKind, tuple[str, ...]] = {
    "photo": ("image/",),
    "sticker": ("image/", "video/webm"),
    "video": ("video/",),
    "animation": ("image/gif", "video/"),
    "video_note": ("video/",),
    "voice": ("audio/", "video/"),
    "audio": ("audio/", "video/"),
}
_SUFFIXES = {"image/jpeg": ".jpg", "audio/ogg": ".ogg", "audio/mpeg": ".mp3", "video/quicktime": ".mov"}
FOLDER = "media"


@dataclass
class Shelf:
    """Where files go: ``folder`` is that of the scenarios. ``keeps``: they are copied, else samples stand for them; ``cleans``: what cameras
    write into photos is left out of the copies. ``notes`` is what a person should know, ``numbers`` how many files of a
    name were written."""

    folder: Path
    samples: Mapping[str, Path]
    keeps: bool = False
    cleans: bool = True
    replaced: int = 0
    copied: int = 0
    notes: list[str] = field(default_factory=list)
    numbers: dict[str, int] = field(default_factory=dict)

    def file(self, attached: Attached, export: Export, beside: str, language: str) -> tuple[str, MediaKind]:
        """The name that a scenario calls the file by, and its kind. Raises ``UsageError`` if it cannot be copied."""
        content = self._content(attached, export, beside) if self.keeps else None
        if content is None:
            self.replaced += 1
            return self._sample(attached.kind, language), attached.kind
        mime = sniff(content)
        kind = attached.kind
        if kind in _FITS and not (mime or "").startswith(_FITS[kind]):
            self.notes.append(
                f"{attached.path} is no {kind} but {mime or 'of no known type'}: it is sent as a document"
            )
            kind = "document"
        return self._copy(attached, content, mime, kind), kind

    def _sample(self, kind: MediaKind, language: str) -> str:
        names = [name.format(language=language) for name in _SAMPLES[kind]]
        there = [name for name in names if name in self.samples]
        if not there:
            raise UsageError(f"no shipped sample of a {kind} is installed; keep the files: --keep-media")
        return there[(self.replaced - 1) % len(there)]

    def _content(self, attached: Attached, export: Export, beside: str) -> bytes | None:
        found = attached.path and export.find(attached.path, beside)
        if not found:
            if attached.path:
                self.notes.append(f"{attached.path} is not in the export: a sample stands for it")
            return None
        try:
            content = export.content(found, _FILE_MAX_BYTES)
        except ExportError as error:
            self.notes.append(f"{error}: a sample stands for it")
            return None
        return content or None

    def _copy(self, attached: Attached, content: bytes, mime: str | None, kind: MediaKind) -> str:
        content = _bare_photo(content) if self.cleans and kind == "photo" else content
        suffix = _SUFFIXES.get(mime or "") or PurePosixPath(attached.path or "").suffix.lower()
        suffix = suffix if re.fullmatch(r"\.[a-z0-9]{1,5}", suffix) else ".bin"
        name = f"{FOLDER}/{kind}-{hashlib.sha256(content).hexdigest()[:12]}{suffix}"
        try:
            (self.folder / FOLDER).mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_bytes(content)
        except OSError as error:
            raise UsageError(f"cannot write {self.folder / name}: {error.strerror}") from error
        self.copied += 1
        return name


def _bare_photo(content: bytes) -> bytes:
    """The photo without place, camera and date; what cannot be decoded stays."""
    from PIL import Image

    try:
        with Image.open(io.BytesIO(content), formats=("JPEG",)) as picture:
            out = io.BytesIO()
            picture.save(out, "JPEG", quality="keep", exif=b"")
            return out.getvalue()
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return content
