"""The moved clock: one small file, shared with a bot and all of its children.

``native/drill_clock.h`` draws the same file from the other side: a head of sixteen 64-bit words, then eight words for
each thread that ever waited. Everything is read and written as whole aligned words, so that neither side needs a lock.
"""

from __future__ import annotations

import math
import mmap
import os
import shutil
import struct
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, Self

from chatdrill.clock import real_monotonic, real_now
from chatdrill.preload.sockets import asked, speaks_unseen
from chatdrill.preload.threads import children_of, state_of, threads_of, waits_inside

VARIABLE = "DRILL_CLOCK"
SLICE_S = 0.01
SLOTS = 2048
"""Threads that can show their deadlines at once; further ones follow a jump all the same."""

_MAGIC = 0x316B6C636C6C7264
_HEAD_WORDS, _SLOT_WORDS = 16, 8
_JUMPED, _SLICE, _USED, _OTHERS = 3, 4, 5, 6
_OWNER, _DUE, _BEGUN, _TURNS = 0, 1, 2, 3
_RUNNING, _FOREVER = 0, 2**63 - 1
_BLOCKED_S = 0.05
"""Real seconds; a lock or a pipe between threads is waited for in less."""
_DEAD = ("Z", "X", "x")
_NS = 1_000_000_000
_LATEST_NS = 2**62
"""146 years from now, half of what the words hold: no sum of two overflows."""


@dataclass(frozen=True, kw_only=True)
class Wait:
    """One thread of the bot that waits: since when and until when (drill time, Unix seconds), ``due`` None for ever."""

    process: int
    thread: int
    name: str
    begun: float
    due: float | None


class Deadline(NamedTuple):
    """When a wait began and when it ends (drill time, Unix seconds); ``owner`` is a number for the thread, ``turns`` of the
    waits that it began and ended."""

    owner: int
    begun: float
    due: float
    turns: int


class MovedClock:
    """The clock of one bot: give ``environment`` to the process that starts it, then move it.

    ``shim`` is the built library, ``start`` the drill time now (Unix seconds; default: the machine's), ``slice_s`` how
    soon at the latest a waiting thread notices a jump, ``inherited`` the variables that the bot would get anyway.

    Between two moves the bot's time passes at the machine's pace. It never runs backwards.
    """

    def __init__(
        self,
        shim: Path,
        *,
        start: float | None = None,
        slice_s: float = SLICE_S,
        inherited: Mapping[str, str] = os.environ,
    ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="chatdrill-clock-"))
        path = self._folder / "clock"
        now, steady = real_now(), real_monotonic()
        wall_s = 0.0 if start is None else start - now
        self._from_steady_s = now - steady + wall_s
        """Drill time less CLOCK_MONOTONIC, before any jump: fixed, should somebody set the machine's clock meanwhile."""
        self._memory = _create(path, wall_ns=round(wall_s * _NS))
        self._words = memoryview(self._memory).cast("q")
        self._seen_running: dict[int, tuple[int, float]] = {}
        self.slice_s = slice_s
        libraries = [str(shim), *inherited.get("LD_PRELOAD", "").replace(" ", ":").split(":")]
        self.environment = {VARIABLE: str(path), "LD_PRELOAD": ":".join(filter(None, libraries))}

    @property
    def slice_s(self) -> float:
        """How long a thread waits before it looks whether time has jumped, real seconds; may be changed at any time."""
        return self._words[_SLICE] / _NS

    @slice_s.setter
    def slice_s(self, seconds: float) -> None:
        if not seconds > 0:
            raise ValueError(f"a slice must be positive, not {seconds}")
        self._words[_SLICE] = max(1, min(round(seconds * _NS), _LATEST_NS))

    def now(self) -> float:
        """The bot's time, Unix seconds."""
        return real_monotonic() + self._from_steady_s + self._words[_JUMPED] / _NS

    def move_to(self, unix_s: float) -> None:
        """Make it ``unix_s`` now for the bot; a moment that has passed there changes nothing."""
        if not math.isfinite(unix_s):
            raise ValueError(f"a clock cannot be moved to {unix_s}")
        jumped = math.ceil((unix_s - self._from_steady_s - real_monotonic()) * _NS)
        self._words[_JUMPED] = min(max(self._words[_JUMPED], jumped), _LATEST_NS)

    def deadlines(self) -> Iterator[Deadline]:
        """All waits of the bot that end by themselves, also those of threads that have died meanwhile."""
        words = self._slots()
        rows = zip(*(words[column::_SLOT_WORDS] for column in (_OWNER, _BEGUN, _DUE, _TURNS)), strict=True)
        for owner, begun, due, turns in rows:
            if owner and due != _RUNNING and due < _LATEST_NS:
                yield Deadline(owner, begun / _NS + self._from_steady_s, due / _NS + self._from_steady_s, turns)

    def name_of(self, owner: object) -> str | None:
        """The name of a thread by the ``owner`` of its deadline, or None if it is dead."""
        return _name_of_living(*_ids(owner)) if isinstance(owner, int) else None

    def next_due(self) -> float | None:
        """When the first of the bot's waits ends (drill time, Unix seconds); it may have passed just now. None: none does."""
        return next((wait.due for wait in self._by_due() if wait.due is not None), None)

    def waits(self) -> tuple[Wait, ...]:
        """All threads of the bot that wait now, the first due first; those that wait for ever come last."""
        return tuple(self._by_due())

    def activity(self) -> int:
        """A number that grows whenever a thread of the bot begins or ends a wait."""
        return sum(self._slots()[_TURNS::_SLOT_WORDS]) + self._words[_OTHERS]

    def is_running(self) -> bool:
        """True while a thread that has ever waited computes, or writes to a disk. One that has been blocked elsewhere for a
        while (in a read, say) does not."""
        words, now = self._slots(), real_monotonic()
        rows = zip(*(words[column::_SLOT_WORDS] for column in (_OWNER, _DUE, _TURNS)), strict=True)
        found = [self._runs(owner, turns, now) for owner, due, turns in rows if owner and due == _RUNNING]
        return True in found

    def _runs(self, owner: int, turns: int, now: float) -> bool:
        seen, since = self._seen_running.get(owner, (-1, 0.0))
        if seen != turns:
            self._seen_running[owner] = turns, now
            since = now
        return now - since < _BLOCKED_S or state_of(*_ids(owner))[1] in ("R", "D")

    def is_asleep(self) -> bool:
        """True if all its threads sleep: until a moment that ``waits`` tells, for one another, or for somebody to speak to
        them. False also where that cannot be seen, as in a program that it started and that no clock was preloaded into.
        """
        now_ns = round((self.now() - self._from_steady_s) * _NS)
        words = self._slots()
        rows = zip(*(words[column::_SLOT_WORDS] for column in (_OWNER, _DUE)), strict=True)
        dues = {owner: due for owner, due in rows if owner}
        if any(due != _RUNNING and due <= now_ns for due in dues.values()):
            return False  # it has yet to notice
        processes = {owner >> 32 for owner in dues}
        try:
            return bool(processes) and all(_is_asleep(process, dues, processes) for process in processes)
        except OSError:
            return False

    def asked(self) -> list[str]:
        """The addresses of other programs that the bot has asked something and has no answer from; none where Linux does
        not say."""
        try:
            return asked(self._processes())
        except OSError:
            return []

    def speaks_unseen(self) -> bool:
        """True if the bot has connections on which it cannot be told who spoke last, or Linux does not show them."""
        try:
            return speaks_unseen(self._processes())
        except OSError:
            return True

    def _processes(self) -> set[int]:
        return {owner >> 32 for owner in self._slots()[_OWNER::_SLOT_WORDS] if owner}

    def _slots(self) -> list[int]:
        return self._words[_HEAD_WORDS : _HEAD_WORDS + _SLOT_WORDS * self._words[_USED]].tolist()

    def _by_due(self) -> Iterator[Wait]:
        words = self._slots()
        rows = zip(*(words[column::_SLOT_WORDS] for column in (_DUE, _OWNER, _BEGUN)), strict=True)
        # The bot shows its CLOCK_MONOTONIC, which runs with drill time through all jumps.
        for due, owner, begun in sorted(row for row in rows if row[0] != _RUNNING and row[1]):
            process, thread = _ids(owner)
            name = _name_of_living(process, thread)
            if name is not None:
                end = None if due >= _LATEST_NS else due / _NS + self._from_steady_s
                yield Wait(process=process, thread=thread, name=name, begun=begun / _NS + self._from_steady_s, due=end)

    def close(self) -> None:
        """Remove the file. A bot that still runs keeps its time; what it starts from then on has the machine's."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _create(path: Path, *, wall_ns: int) -> mmap.mmap:
    head = struct.pack("=3q", _MAGIC, SLOTS, wall_ns)
    size = 8 * (_HEAD_WORDS + _SLOT_WORDS * SLOTS)
    file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.ftruncate(file, size)
        os.write(file, head)
        return mmap.mmap(file, size)
    finally:
        os.close(file)


def _ids(owner: int) -> tuple[int, int]:
    return owner >> 32, owner & 0xFFFFFFFF


def _name_of_living(process: int, thread: int) -> str | None:
    """The name of a thread, or None if it is dead; its slot then waits to be taken over."""
    name, state = state_of(process, thread)
    return None if state in _DEAD else name


def _is_asleep(process: int, dues: Mapping[int, int], processes: set[int]) -> bool:
    for thread in threads_of(process):
        if dues.get(process << 32 | thread, _RUNNING) == _RUNNING:
            sleeps = waits_inside(process, thread)
        else:
            sleeps = state_of(process, thread)[1] == "S"
        if not sleeps or not _are_known(process, thread, processes):
            return False
    return True


def _are_known(process: int, thread: int, processes: set[int]) -> bool:
    """True if the clock was preloaded into all that a thread has started."""
    children = children_of(process, thread)
    return all(child in processes or state_of(child, child)[1] in _DEAD for child in children)
