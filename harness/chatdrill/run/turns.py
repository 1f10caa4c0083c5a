"""Who plays at the same time: everybody, except those who do something to the bot that all the others would feel."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator


class Turns:
    """Many may play together; who must be alone waits until nobody plays, and nobody else begins meanwhile."""

    def __init__(self) -> None:
        self._playing = 0
        self._is_alone = False
        self._changed = asyncio.Condition()

    def take(self, *, alone: bool) -> contextlib.AbstractAsyncContextManager[None]:
        """A turn, for the time of a ``with``."""
        return self._alone() if alone else self._together()

    @contextlib.asynccontextmanager
    async def _together(self) -> AsyncIterator[None]:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._is_alone)
            self._playing += 1
        try:
            yield
        finally:
            async with self._changed:
                self._playing -= 1
                self._changed.notify_all()

    @contextlib.asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        async with self._changed:
            await self._changed.wait_for(lambda: not self._is_alone and not self._playing)
            self._is_alone = True
        try:
            yield
        finally:
            async with self._changed:
                self._is_alone = False
                self._changed.notify_all()
