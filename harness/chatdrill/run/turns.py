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
        self._turns = {False: _Together(self), True: _Alone(self)}

    def take(self, *, alone: bool) -> _Turn:
        """A turn, for the time of an ``async with``."""
        return self._turns[alone]


class _Turn:
    """A kind of turn. It is one object for all who take it: tens of thousands may play together."""

    def __init__(self, turns: Turns) -> None:
        self._turns = turns

    async def __aenter__(self) -> None:
        while not self._may_begin():
            ended = asyncio.get_running_loop().create_future()
            self._turns.waiting.append(ended)
            await ended
        self._begin()

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        turns = self._turns
        self._end()
        if turns.playing:
            return  # who plays with others waits for nobody, and who must be alone waits for these
        waiting, turns.waiting = turns.waiting, []
        for ended in waiting:
            if not ended.done():
                ended.set_result(None)

    def _may_begin(self) -> bool:
        raise NotImplementedError

    def _begin(self) -> None:
        raise NotImplementedError

    def _end(self) -> None:
        raise NotImplementedError


class _Together(_Turn):
    def _may_begin(self) -> bool:
        return not self._turns.is_alone

    def _begin(self) -> None:
        self._turns.playing += 1

    def _end(self) -> None:
        self._turns.playing -= 1


class _Alone(_Turn):
    def _may_begin(self) -> bool:
        return not self._turns.is_alone and not self._turns.playing

    def _begin(self) -> None:
        self._turns.is_alone = True

    def _end(self) -> None:
        self._turns.is_alone = False
