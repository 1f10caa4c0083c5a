"""Randomness as a value that is passed: the only module that imports ``random``.

One seed gives every simulated byte. Each user of randomness asks for a stream of its own by name, so that one more
draw in one place does not shift the draws of another.
"""

from __future__ import annotations

import hashlib
import random
import secrets

_HEX = "0123456789abcdef"
_BASE64URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


class Stream(random.Random):
    """A stream of random values, with the shapes that vendors' ids need."""

    def digits(self, count: int) -> str:
        """``count`` decimal digits, the first of them not zero."""
        return str(self.randrange(10 ** (count - 1), 10**count))

    def hex(self, count: int) -> str:
        """``count`` lower-case hexadecimal digits."""
        return "".join(self.choices(_HEX, k=count))

    def base64url(self, count: int) -> str:
        """``count`` characters of the URL-safe base64 alphabet."""
        return "".join(self.choices(_BASE64URL, k=count))


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

    def __repr__(self) -> str:
        return f"Seed({self.value}{''.join(f', {p!r}' for p in self._path)})"


def fresh_seed() -> int:
    """A seed for a run that was given none; small enough to read out and type."""
    return secrets.randbelow(1_000_000)
