"""What escapes from a callback of ours. An event loop would only log it, and the verdict would know nothing of it."""

from __future__ import annotations

import asyncio
import contextlib
import traceback
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType
from typing import Any

import chatdrill

_OURS = str(Path(chatdrill.__file__).parent)
_LOOPS = ("asyncio", "uvloop")


@contextlib.contextmanager
def told_of_mishaps(tell: Callable[[str], None]) -> Iterator[None]:
    """While this is entered, ``tell`` is told of what escapes from our callbacks on the running loop. What escapes from those
    of a bot in this process goes where it went before."""
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()

    def handle(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if isinstance(error, BaseException) and _is_ours(error):
            tell(_words(error))
        elif before is not None:
            before(loop, context)
        else:
            loop.default_exception_handler(context)

    loop.set_exception_handler(handle)
    try:
        yield
    finally:
        loop.set_exception_handler(before)


def _is_ours(error: BaseException) -> bool:
    """Whose code the loop has called: the first that is not the loop's own."""
    frames = (frame for frame, _ in traceback.walk_tb(error.__traceback__))
    first = next((frame for frame in frames if not _is_of_a_loop(frame)), None)
    return first is not None and first.f_code.co_filename.startswith(_OURS)


def _is_of_a_loop(frame: FrameType) -> bool:
    return str(frame.f_globals.get("__name__", "")).partition(".")[0] in _LOOPS


def _words(error: BaseException) -> str:
    frames = traceback.extract_tb(error.__traceback__)[-3:]
    where = " < ".join(f"{frame.name} ({Path(frame.filename).name}:{frame.lineno})" for frame in reversed(frames))
    return f"a callback failed: {type(error).__name__}: {error}; in {where}"
