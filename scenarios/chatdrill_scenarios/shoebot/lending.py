"""Customers' files under links of the bot's own, for desks that take links and no bytes."""

from __future__ import annotations

import secrets
import time
from urllib.parse import quote

from .desks import File
from .store import Store

PATH = "/files/"
# The desk copies a file when it is told of it; a link is for whoever looks at the copy's origin later. Meta keeps
# media as long (WhatsApp Cloud API, media: 30 days).
KEEP_S = 30 * 86_400.0
TOKEN_BYTES = 24


class Files:
    """Whoever knows the link has the file; nobody can guess one."""

    def __init__(self, store: Store, public_url: str) -> None:
        self._store = store
        self._root = f"{public_url}{PATH}"

    def lend(self, file: File) -> str:
        """The link; the same file has the same one, however often it is lent."""
        now = time.time()
        self._store.forget_files(now - KEEP_S)
        token = self._store.keep_file(secrets.token_urlsafe(TOKEN_BYTES), file, now)
        return f"{self._root}{token}/{quote(file.name, safe='')}"

    def find(self, path: str) -> File | None:
        """The file that lies under a path of the bot's."""
        return self._store.file(path.removeprefix(PATH).partition("/")[0])
