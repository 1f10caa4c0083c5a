"""Who plays at the same time: everybody, except those who do something to the bot that all the others would feel."""

from __future__ import annotations

import asyncio
from types import TracebackType


class Turns:
    """Many may play together; who must be alone waits until nobody plays, and nobody else begins meanwhile."""

    def __init__(self) -> None:
        self.playing = 0
        self.is_alone = False
        self.waiting: list[asyncio.Future[None]] = []
        self._turns = {alone: _Turn(self, alone) for alone in (False, True)}

    def take(self, *, alone: bool) -> _Turn:
        """A turn, for the time of an ``async with``."""
        return self._turns[alone]


class _Turn:
    """A kind of turn. It is one object for all who take it: tens of thousands may play together."""

    def __init__(self, turns: Turns, alone: bool) -> None:
        self._turns = turns
        self._alone = alone

    async def __aenter__(self) -> None:
        turns = self._turns
        while turns.is_alone or (self._alone and turns.playing):
            ended = asyncio.get_running_loop().create_future()
            turns.waiting.append(ended)
            await ended
        turns.playing += 1
        turns.is_alone = self._alone

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        turns = self._turns
        turns.playing -= 1
        turns.is_alone = False
        if turns.playing:
            return  # who plays with others waits for nobody, and who must be alone waits for these
        waiting, turns.waiting = turns.waiting, []
        for ended in waiting:
            if not ended.done():
                ended.set_result(None)
