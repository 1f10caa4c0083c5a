"""The bytes of files, by their hash: what customers send, bots upload and reports show."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator


class Blobs:
    """A store of immutable contents in memory. ``put`` returns the hex SHA-256 under which ``get`` finds them."""

    def __init__(self) -> None:
        self._contents: dict[str, bytes] = {}

    def put(self, content: bytes) -> str:
        """Keep ``content`` and return its key."""
        key = hashlib.sha256(content).hexdigest()
        self._contents.setdefault(key, content)
        return key

    def get(self, sha256: str) -> bytes:
        """The content under ``sha256``; raises ``KeyError`` if it was never put."""
        return self._contents[sha256]

    def __contains__(self, sha256: str) -> bool:
        return sha256 in self._contents

    def __iter__(self) -> Iterator[str]:
        return iter(self._contents)
