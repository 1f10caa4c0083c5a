"""Randomness as a value that is passed: the only module that imports ``random``.

One seed gives every simulated byte. Each user of randomness asks for a stream of its own by name, so that one more
draw in one place does not shift the draws of another.
"""

from __future__ import annotations

import hashlib
import random
import secrets
from functools import lru_cache
from typing import Any

_MARKS = 100
"""Doors that can be told apart by two decimal digits; these are letters of every alphabet that ids are written in."""
_MARKED_MIN = 8  # characters; a shorter draw is no id that anybody could own
_BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@lru_cache(maxsize=64)
def _span(count: int) -> tuple[int, int, int]:
    """The least number of so many digits, how many of them there are, and the bits of that."""
    least = 10 ** (count - 1)
    width = 10**count - least
    return least, width, width.bit_length()


class Stream(random.Random):
    """A stream of random values, with the shapes that vendors' ids need."""

    def digits(self, count: int) -> str:
        """``count`` decimal digits, the first of them not zero."""
        least, width, bits = _span(count)
        while (drawn := self.getrandbits(bits)) >= width:  # as ``randrange`` draws, in half the time
            pass
        return str(least + drawn)

    def hex(self, count: int) -> str:
        """``count`` lower-case hexadecimal digits."""
        # the digits that ``choices`` would draw, each from the first bits of eight bytes, in a sixth of the time
        return self.getrandbits(64 * count).to_bytes(8 * count, "little").hex()[6::16] if count else ""

    def base64url(self, count: int) -> str:
        """``count`` characters of the URL-safe base64 alphabet."""
        return "".join(self.choices(_BASE64URL, k=count))

    def marked(self, id: str) -> str:
        """``id`` as whoever draws from this stream hands it out; a ``DoorStream`` ends it with its mark."""
        return id

    def following(self, last: int, by: int = 1) -> int:
        """The next number of a series: ``last + by``, or for a ``DoorStream`` the first from there with its mark."""
        return last + by

    def nth(self, count: int) -> int:
        """The ``count``-th number of a series: that itself, or for a ``DoorStream`` the ``count``-th with its mark."""
        return count

    def series(self, name: str) -> str:
        """Which counter an id of this kind is counted by; a ``DoorStream`` has its own beside the one that all doors share."""
        return name

    def common(self, name: str) -> Stream:  # noqa: ARG002
        """Where to draw what is known by its name: here, or for a ``DoorStream`` from what all doors draw the same."""
        return self

    def is_anothers(self, id: str) -> bool:  # noqa: ARG002
        """True if another door has drawn ``id``; alone, nobody has."""
        return False


class DoorStream(Stream):
    """A stream of one of several workers behind one bot: ids of eight characters or more end in two decimal digits, which are
    the index of the worker. So the ids of two workers differ, and each says whose it is (``door_of``)."""

    door = 0

    def digits(self, count: int) -> str:
        """See ``Stream.digits``."""
        return self._long(super().digits(count))

    def hex(self, count: int) -> str:
        """See ``Stream.hex``."""
        return self._long(super().hex(count))

    def base64url(self, count: int) -> str:
        """See ``Stream.base64url``."""
        return self._long(super().base64url(count))

    def _long(self, id: str) -> str:
        return self.marked(id) if len(id) >= _MARKED_MIN else id

    def marked(self, id: str) -> str:
        """``id`` with the mark in the place of its last two characters."""
        return f"{id[:-2]}{self.door:02}"

    def following(self, last: int, by: int = 1) -> int:
        """See ``Stream.following``."""
        least = last + by
        return least + (self.door - least) % _MARKS

    def nth(self, count: int) -> int:
        """See ``Stream.nth``."""
        return count * _MARKS + self.door

    def series(self, name: str) -> str:
        """See ``Stream.series``."""
        return f"{name} of a door"

    def common(self, name: str) -> Stream:
        """See ``Stream.common``."""
        return Stream(name)

    def is_anothers(self, id: str) -> bool:
        """See ``Stream.is_anothers``."""
        return door_of(id) not in (None, self.door)

    def __reduce__(self) -> Any:
        return _restored, (self.door,), self.getstate()


def _restored(door: int) -> DoorStream:
    stream = DoorStream()
    stream.door = door
    return stream


def door_of(id: str) -> int | None:
    """The index in the mark at the end of an id, or ``None`` where there are no two digits."""
    tail = id[-2:]
    return int(tail) if len(tail) == 2 and tail.isascii() and tail.isdigit() else None


class Seed:
    """A root of randomness: ``Seed(7).stream("persona", "anna")`` is the same stream in every run and process."""

    def __init__(self, value: int, *path: str) -> None:
        self.value = value
        self._path = path

    def child(self, *names: str) -> Seed:
        """The seed of a part of the run, independent of its siblings."""
        return Seed(self.value, *self._path, *names)

    def stream(self, *names: str) -> Stream:
        """A fresh stream for ``names`` below this seed."""
        key = "\x1f".join((str(self.value), *self._path, *names)).encode()
        return Stream(int.from_bytes(hashlib.sha256(key).digest()[:16], "big"))

    def door_stream(self, door: int, *names: str) -> DoorStream:
        """A fresh stream for ``names`` whose ids carry the mark of a door (0 to 99); each door draws differently."""
        stream = _restored(door)
        stream.setstate(self.stream(*names, "door", str(door)).getstate())
        return stream

    def __repr__(self) -> str:
        return f"Seed({self.value}{''.join(f', {p!r}' for p in self._path)})"


def fresh_seed() -> int:
    """A seed for a run that was given none; small enough to read out and type."""
    return secrets.randbelow(1_000_000)
