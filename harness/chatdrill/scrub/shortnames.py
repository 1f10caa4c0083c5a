"""First names with the short forms that people use in chats, and words that are names only sometimes: what ``words.toml`` holds."""

from __future__ import annotations

import tomllib
from functools import lru_cache
from pathlib import Path
from typing import Any

Rows = tuple[tuple[str, ...], ...]


@lru_cache(maxsize=1)
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


@lru_cache(maxsize=8)
def short_names(language: str, gender: str) -> Rows:
    """Rows of a full name and its short forms, in lower case. ``gender`` is ``f`` or ``m``."""
    text = _data()["short"][language][gender].replace("\n", " ")
    return tuple(tuple(row.split()) for row in text.split(";") if row.strip())


@lru_cache(maxsize=4)
def ambiguous(language: str) -> frozenset[str]:
    """Forms of names that are ordinary words as well."""
    return frozenset(_data()["ambiguous"][language].split())


@lru_cache(maxsize=1)
def no_names() -> frozenset[str]:
    """Words that begin with a capital letter now and then and are nobody's name."""
    return frozenset(_data()["no_names"]["all"].split())
