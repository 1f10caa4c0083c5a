"""Small pictures of the photos in a run, each once in the page however often it was sent."""

from __future__ import annotations

import base64
from dataclasses import dataclass

from chatdrill.model import File
from chatdrill.wire.files import picture_size, shrink
from chatdrill_reports.contract import BlobSource

LONG_SIDE = 240
_COUNT_MAX = 150
_BYTES_MAX = 3_000_000
_SOURCE_BYTES_MAX = 25_000_000


@dataclass(frozen=True)
class Thumb:
    """A picture in the page: ``id`` of its symbol, its size in pixels, its bytes in base64."""

    id: str
    width: int
    height: int
    data: str


class Thumbs:
    """Makes thumbnails until there are so many, or so large ones, that the page would suffer."""

    def __init__(self, blobs: BlobSource) -> None:
        self._blobs = blobs
        self._by_content: dict[str, Thumb | None] = {}
        self._bytes = 0

    def of(self, file: File | None) -> Thumb | None:
        """The thumbnail of a file; ``None`` if it is no picture, its bytes are not at hand, or there are too many."""
        if file is None or not file.sha256 or file.sha256 not in self._blobs:
            return None
        if file.sha256 not in self._by_content:
            self._by_content[file.sha256] = self._make(file.sha256)
        return self._by_content[file.sha256]

    @property
    def made(self) -> list[Thumb]:
        """All thumbnails that the page shows."""
        return [thumb for thumb in self._by_content.values() if thumb is not None]

    def _make(self, sha256: str) -> Thumb | None:
        content = self._blobs.get(sha256)
        if not content or len(content) > _SOURCE_BYTES_MAX or len(self.made) >= _COUNT_MAX or self._bytes > _BYTES_MAX:
            return None
        try:
            small = shrink(content, LONG_SIDE)
        except ValueError:
            return None
        self._bytes += len(small)
        width, height = picture_size(small)
        data = base64.b64encode(small).decode("ascii")
        return Thumb(f"t{len(self._by_content)}", width or LONG_SIDE, height or LONG_SIDE, data)
