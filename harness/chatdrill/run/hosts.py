"""Reading the options about hosts. What is raised says what was expected."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_HOST = re.compile(r"[\w.-]+|\[[\da-fA-F:.]+\]|[\da-fA-F:.]+")
_HOME = re.compile(r"([\w.-]+)=(https?://[^/\s]+)/?")


def read_hosts(value: Any) -> tuple[str, ...]:
    """``"a.example, b.example"`` or a list of such. Raises ``ValueError``."""
    names = [name.strip() for word in _words(value) for name in word.split(",")]
    if not names or not all(map(_HOST.fullmatch, names)):
        raise ValueError("a host name such as api.openai.com, without a scheme or a port")
    return tuple(name.strip("[]").lower() for name in names)


def read_homes(value: Any) -> dict[str, str]:
    """``bot.example=http://127.0.0.1:8080``, a list or a table of such. Raises ``ValueError``."""
    words = [f"{host}={at}" for host, at in value.items()] if isinstance(value, Mapping) else _words(value)
    found = [_HOME.fullmatch(word) for word in words]
    if not all(found):
        raise ValueError("HOST=URL, for example bot.example.com=http://127.0.0.1:8080")
    return {pair[1].lower(): pair[2] for pair in found if pair}


def _words(value: Any) -> list[str]:
    words = list(value) if isinstance(value, list | tuple) else [value]
    return words if all(isinstance(word, str) for word in words) else []
