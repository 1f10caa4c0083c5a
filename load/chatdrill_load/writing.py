"""Files that are whole or not there: a disk can be full, and half a result is worse than none."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

_RESERVE = "load.reserve"
_RESERVED = 1 << 20  # bytes; a report of 400 rows is about as long


def write_whole(file: Path, data: bytes) -> str | None:
    """Write a file and its folder; returns in a sentence why that cannot be, and then leaves what was there."""
    fresh = file.with_name(f"{file.name}.new")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        fresh.write_bytes(data)
        fresh.replace(file)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        return f"{file} could not be written: {error.strerror}"
    return None


def reserve(folder: Path) -> None:
    """Keep some room on the disk for the results: traces may fill it up before they are there."""
    write_whole(folder / _RESERVE, bytes(_RESERVED))


def release(folder: Path) -> None:
    """Give the room to the results."""
    with suppress(OSError):
        (folder / _RESERVE).unlink(missing_ok=True)
