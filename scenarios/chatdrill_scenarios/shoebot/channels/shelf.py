"""The shop's own pictures: uploaded once to a platform, sent by their id from then on."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable
from pathlib import Path

import aiohttp

from ..api import ApiError, Form

log = logging.getLogger("shoebot")


class Shelf:
    """One per channel, as every platform has ids of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._ids: dict[str, str] = {}

    def form(self, file: str, part: str, **fields: str) -> Form:
        """A multipart form with the file; a factory, as a retry needs a fresh one."""
        content = (self._folder / file).read_bytes()

        def make() -> aiohttp.FormData:
            data = aiohttp.FormData(fields)
            data.add_field(part, content, filename=file, content_type="image/png")
            return data

        return make

    async def deliver(
        self, file: str, send: Callable[[str], Awaitable[object]], upload: Callable[[], Awaitable[str]]
    ) -> None:
        """Sends the file by the id that the platform gave it; `upload` both uploads and sends, and returns that id."""
        if file in self._ids:
            try:
                await send(self._ids[file])
                return
            except ApiError as error:
                if error.status != 400:
                    raise
                log.info("the platform has forgotten %s, uploading it again", file)  # Meta keeps uploads for weeks
        self._ids[file] = await upload()
