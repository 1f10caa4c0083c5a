"""The signals that end a program, for as long as somebody handles them."""

from __future__ import annotations

import signal
from abc import ABC, abstractmethod
from collections.abc import Callable
from types import FrameType
from typing import Any, Self

SIGNALS = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


class Handling(ABC):
    """``handle`` takes the signals for the time of a ``with``. One that was ignored (``nohup``) stays so; outside the
    main thread nothing happens."""

    def __init__(self) -> None:
        self._before: dict[signal.Signals, Any] = {}

    @abstractmethod
    def handle(self) -> None:
        """A signal came."""

    def _take(self, _number: int, _frame: FrameType | None) -> None:
        self.handle()

    def __enter__(self) -> Self:
        for number in SIGNALS:
            if signal.getsignal(number) is not signal.SIG_IGN:
                try:
                    self._before[number] = signal.signal(number, self._take)
                except ValueError:  # not the main thread
                    break
        return self

    def __exit__(self, *_: object) -> None:
        for number, before in self._before.items():
            signal.signal(number, before)


class Raising(Handling):
    """Every signal is a ``KeyboardInterrupt``."""

    def handle(self) -> None:
        """Raise it."""
        raise KeyboardInterrupt


class Postponing(Handling):
    """The first signal is only noted (``came``), and ``say`` is called; the next is a ``KeyboardInterrupt``."""

    def __init__(self, say: Callable[[], None]) -> None:
        super().__init__()
        self._say = say
        self.came = False

    def handle(self) -> None:
        """Note it."""
        if self.came:
            raise KeyboardInterrupt
        self.came = True
        self._say()
