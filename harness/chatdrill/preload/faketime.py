"""The fallback: libfaketime moves what a bot reads as the time. Its timers go on at the machine's pace.

It is for programs that only read the clock. Measured with libfaketime 0.9.10: with the monotonic clock faked, the timed
locks of threaded Python hang; without, as here, they work, but ``time.sleep`` fails (EINVAL) once time has jumped.
"""

from __future__ import annotations

import math
import os
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from chatdrill.clock import real_now

_DONT_FAKE_MONOTONIC = {
    # The name changed between the versions.
    "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    "DONT_FAKE_MONOTONIC": "1",
}


class FaketimeClock:
    """The same face as ``MovedClock``, with less behind it: nobody can say when the bot's next timer is due.

    ``library`` is libfaketime's path, ``start`` the drill time now (Unix seconds; default: the machine's).
    """

    def __init__(self, library: Path, *, start: float | None = None, inherited: Mapping[str, str] = os.environ) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="chatdrill-clock-"))
        self._file = self._folder / "offset"
        self._ahead_s = 0.0 if start is None else start - real_now()
        self._write()
        libraries = [str(library), *inherited.get("LD_PRELOAD", "").replace(" ", ":").split(":")]
        self.environment = {
            "LD_PRELOAD": ":".join(filter(None, libraries)),
            "FAKETIME_TIMESTAMP_FILE": str(self._file),
            "FAKETIME_NO_CACHE": "1",
            # Times of files stay real, as under the library of our own.
            "NO_FAKE_STAT": "1",
            **_DONT_FAKE_MONOTONIC,
        }

    def now(self) -> float:
        """The bot's time, Unix seconds."""
        return real_now() + self._ahead_s

    def move_to(self, unix_s: float) -> None:
        """Make it ``unix_s`` now for the bot; a moment that has passed there changes nothing."""
        if not math.isfinite(unix_s):
            raise ValueError(f"a clock cannot be moved to {unix_s}")
        if unix_s > self.now():
            self._ahead_s = unix_s - real_now()
            self._write()

    def next_due(self) -> None:
        """Nothing is known of the bot's timers."""

    def waits(self) -> tuple[()]:
        """Nothing is known of them."""
        return ()

    def deadlines(self) -> tuple[()]:
        """Nothing is known of them."""
        return ()

    def name_of(self, _: object) -> None:
        """Nothing is known of its threads."""

    def is_running(self) -> bool:
        """Nothing is known of its threads."""
        return False

    def is_asleep(self) -> bool:
        """Nothing is known of its threads."""
        return False

    def speaks_unseen(self) -> bool:
        """Nothing is known of whom it speaks with."""
        return True

    def asked(self) -> list[str]:
        """Nothing is known of whom it asks."""
        return []

    def activity(self) -> int:
        """Nothing is known of what the bot does."""
        return 0

    def _write(self) -> None:
        """A bot reads the file at any moment, so it is replaced as a whole."""
        fresh = self._folder / "offset.new"
        fresh.write_text(f"{self._ahead_s:+.6f}\n", "ascii")
        fresh.replace(self._file)

    def close(self) -> None:
        """Remove the file."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
