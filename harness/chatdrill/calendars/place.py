"""Where in the settings a calendar is wrong, and what it might have meant."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from chatdrill.errors import SettingsError

# Stricter than usual: among hundreds of names of places something always looks a bit alike.
_CUTOFF = 0.8


@dataclass(frozen=True)
class Place:
    """A key of a calendar: ``path`` are the keys below it; ``where(name, *path)`` says in which file and line that is."""

    where: Callable[..., str]
    name: str
    path: tuple[str, ...] = ()

    def at(self, *keys: object) -> Place:
        """The place of a key below this one."""
        return Place(self.where, self.name, (*self.path, *map(str, keys)))

    def error(self, problem: str) -> SettingsError:
        """The error that says what is wrong here."""
        return SettingsError(f"{self}: {problem}")

    def __str__(self) -> str:
        parts = self.where(self.name, *self.path), f"calendar {self.name}", ".".join(self.path)
        return ": ".join(filter(None, parts))


def nearest(word: str, meanings: Mapping[str, str]) -> str:
    """``"; did you mean 'x'?"`` for what the nearest of lower-case spellings stands for, or nothing."""
    near = difflib.get_close_matches(word.casefold(), meanings, n=1, cutoff=_CUTOFF)
    return f"; did you mean {meanings[near[0]]!r}?" if near else ""


def spelled(names: Iterable[str]) -> dict[str, str]:
    """Names by their lower-case spelling."""
    return {name.casefold(): name for name in names}
