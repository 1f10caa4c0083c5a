"""The exceptions of chatdrill, and the help that goes with them.

    ChatdrillError
    ├── UsageError            the caller asked for something that cannot be (exit code 2)
    │   ├── ScenarioError     a scenario file is wrong; names file, line and column
    │   ├── ExportError       an exported dialog cannot be read; names file and line
    │   ├── SettingsError     a settings file, flag or environment variable is wrong
    │   └── PortTaken         another program listens where the fakes should
    ├── BotError              the bot under test never answered, never started or went away (exit code 3)
    ├── TraceError            a trace file cannot be read
    └── Unsupported           a platform has no word for what a scenario wants to say

Anything else that escapes is a bug of chatdrill (exit code 4).
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ChatdrillError(Exception):
    """Base of every error that chatdrill raises on purpose; its text is written for a person."""


class UsageError(ChatdrillError):
    """The caller asked for something that cannot be."""


class ScenarioError(UsageError):
    """A scenario is wrong.

    ``where`` is ``file:line:column`` (or the name of a Python scenario), ``problem`` the sentence after it.
    """

    def __init__(self, problem: str, *, where: str = "") -> None:
        super().__init__(f"{where}: {problem}" if where else problem)
        self.problem = problem
        self.where = where


class ExportError(UsageError):
    """An exported dialog cannot be read. ``where`` is the file, with ``:line`` where there are lines."""

    def __init__(self, problem: str, *, where: str = "") -> None:
        super().__init__(f"{where}: {problem}" if where else problem)
        self.problem = problem
        self.where = where


class SettingsError(UsageError):
    """A settings file, a flag or an environment variable is wrong."""


class PortTaken(UsageError):
    """Another program listens on the port that the fakes were told to use."""


class BotError(ChatdrillError):
    """The bot under test could not be reached, never became ready or went away."""


class TraceError(ChatdrillError):
    """A trace cannot be read."""


class Unsupported(ChatdrillError):
    """A platform has no word for a part or an act; the text says which, and what it offers instead."""


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """Return ``"; did you mean 'x'?"`` for the nearest known word, or the list of known ones, or nothing."""
    words = sorted(str(k) for k in known)
    near = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if near:
        return f"; did you mean {near[0]!r}?"
    if words and len(words) <= 20:
        return f"; known: {', '.join(words)}"
    return ""
