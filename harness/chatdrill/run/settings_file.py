"""The settings file: finding it, reading it, and where in it a key stands."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from chatdrill.errors import SettingsError

NAME = "chatdrill.toml"
_PROJECT = "pyproject.toml"


@dataclass(frozen=True)
class SettingsFile:
    """A settings file. ``content`` is the part of it that is chatdrill's."""

    path: Path
    text: str
    content: Mapping[str, Any]

    def place(self, *keys: str) -> str:
        """``chatdrill.toml:12`` for a key; TOML's reader keeps no positions, so the line is looked for."""
        wanted = (("tool", "chatdrill") if self.path.name == _PROJECT else ()) + keys
        line = _line_of(self.text, wanted)
        return f"{self}:{line}" if line else str(self)

    def __str__(self) -> str:
        here = Path.cwd()
        return str(self.path.relative_to(here) if self.path.is_relative_to(here) else self.path)


def find_file(folder: Path) -> SettingsFile | None:
    """The nearest settings file in ``folder`` or above it. Raises ``SettingsError``."""
    for place in (folder, *folder.parents):
        if (place / NAME).is_file():
            return read_file(place / NAME)
        if (place / _PROJECT).is_file():
            project = read_file(place / _PROJECT)
            if project.content:
                return project
    return None


def read_file(path: Path) -> SettingsFile:
    """Read a settings file. Raises ``SettingsError``."""
    import tomllib  # most pytest runs have no settings to read

    try:
        text = path.read_text("utf-8-sig")
        content = tomllib.loads(text)
    except OSError as error:
        raise SettingsError(f"{path}: cannot read the settings: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path}: not valid TOML: {error}") from error
    if path.name == _PROJECT:
        content = content.get("tool", {}).get("chatdrill", {})
    return SettingsFile(path.absolute(), text, content)


_HEADER = re.compile(r"\s*\[+\s*([^\[\]]+?)\s*\]+")
_KEY = re.compile(r"\s*([\w.\"'-]+)\s*=")


def _line_of(text: str, wanted: tuple[str, ...]) -> int | None:
    """The line on which a key stands, or of the table or key that holds it inline."""
    section: tuple[str, ...] = ()
    found: dict[tuple[str, ...], int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header, key = _HEADER.match(line), _KEY.match(line)
        if header:
            section = _names(header[1])
        path = section if header else section + _names(key[1]) if key else None
        for end in range(1, len(path or ()) + 1):
            found.setdefault((path or ())[:end], number)
    return next((found[wanted[:end]] for end in range(len(wanted), 0, -1) if wanted[:end] in found), None)


def _names(dotted: str) -> tuple[str, ...]:
    return tuple(name.strip().strip("\"'") for name in dotted.split("."))
