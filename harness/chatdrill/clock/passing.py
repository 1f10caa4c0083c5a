"""Virtual time that passes while nobody plays: for people who chat with a bot in this process, and let time jump now and then.

In a jump it is exact virtual time: it stands still while anything is ready to run, so nothing has to be waited for that might
come. What a jump takes really passes at its end, so that no clock goes back.
"""

from __future__ import annotations

import contextlib

from chatdrill.clock.exact import ExactLoop
from chatdrill.clock.frozen import move_along
from chatdrill.clock.jumping import Events
from chatdrill.clock.real import real_monotonic


class PassingLoop(ExactLoop):
    """Its time begins at 0, and passes at once."""

    def __init__(self) -> None:
        self._reached = 0.0
        self._since: float | None = real_monotonic()  # None: it stands still
        self._began_at = 0.0
        super().__init__()

    @property
    def at(self) -> float:
        return self._reached if self._since is None else self._reached + real_monotonic() - self._since

    @at.setter
    def at(self, when: float) -> None:
        self._reached = when
        if self._since is not None:
            self._since = real_monotonic()

    def show(self, start: float) -> None:
        """Let this process show drill time from here on."""
        move_along(start, self)

    def unattended(self) -> contextlib.AbstractContextManager[None]:
        """A bot that comes up takes the time that it takes."""
        return contextlib.nullcontext()

    def _began(self) -> None:
        self._began_at = real_monotonic()
        self._reached, self._since = self.at, None
        super()._began()

    def _ended(self) -> None:
        super()._ended()
        self._since = self._began_at
        for tell in self.jumped:
            tell(self.at)

    def _wait(self, timeout: float | None) -> Events:
        if self._since is None:
            return super()._wait(timeout)
        self._rounds += 1
        return self._select(timeout)
