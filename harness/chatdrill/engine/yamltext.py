"""Plain data as YAML in the way a person writes scenarios: the counterpart of ``yamlmarks``, which reads it back the same.

Texts are bare where they can be; what fits into a line stands in one line. Characters that nobody sees are written as escapes.
"""

from __future__ import annotations

import decimal
import math
import re
import textwrap
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Any

from chatdrill.engine.yamlmarks import read_scalar
from chatdrill.errors import ScenarioError

WIDTH = 120
_DIGITS_MAX = 18  # longer numbers are texts to the reader
_KEY_MAX = 1000  # YAML 1.1, 10.2: a key that stands in its line has at most 1024
_SPECIAL_FIRST = frozenset("-?:,[]{}#&*!|>'\"%@`~")
_QUOTED_IN_FLOW = frozenset(",[]{}?")
_COLON = re.compile(r":(?!\d)|(?<!\d):")
_NAMED = {"\n": "\\n", "\t": "\\t", "\r": "\\r", "\0": "\\0", '"': '\\"', "\\": "\\\\"}
_JOINERS = "\u200d"  # holds emoji together, and shows by doing so
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp", "Co", "Cn"})


class Lines(list[Any]):
    """A list that has a line for each of its items, however short they are."""


class Block(dict[str, Any]):
    """A mapping that has a line for each of its keys, however short they are."""


def block(value: Any, indent: int = 0) -> list[str]:
    """The lines of a mapping or a list, from ``indent`` columns on."""
    if isinstance(value, Mapping):
        return [line for key, item in value.items() for line in _entry(key, item, indent)]
    return [line for item in value for line in _item(item, indent)]


def _item(item: Any, indent: int) -> list[str]:
    pad = " " * indent
    if not _is_long(item) and (line := f"{pad}- {flow(item)}") and (len(line) <= WIDTH or not _is_nested(item)):
        return [line]
    first, *others = block(item, indent + 2)
    return [f"{pad}- {first.lstrip(' ')}", *others]


def _entry(key: str, value: Any, indent: int) -> list[str]:
    start = f"{' ' * indent}{_key(key)}:"
    if isinstance(value, str):
        return _text(start, value, indent)
    if value is None:
        return [start]
    if not _is_long(value) and (line := f"{start} {flow(value)}") and (len(line) <= WIDTH or not _is_nested(value)):
        return [line]
    return [start, *block(value, indent + 2)]


def _is_long(value: Any) -> bool:
    return isinstance(value, Lines | Block) and bool(value)


def _is_nested(value: Any) -> bool:
    return isinstance(value, Mapping | list) and bool(value)


def _text(start: str, text: str, indent: int) -> list[str]:
    line = f"{start} {scalar(text)}"
    if len(line) <= WIDTH or not _folds(text):
        return [line]
    pad = " " * (indent + 2)
    folded = textwrap.wrap(text, WIDTH - len(pad), break_long_words=False, break_on_hyphens=False)
    return [f"{start} >-", *(pad + each for each in folded)]


def _folds(text: str) -> bool:
    """Whether the reader puts the lines of a folded text together as they were."""
    return all(text.split(" ")) and text.isprintable() and not _shows_nothing(text) and len(text.split(" ")) > 1


def flow(value: Any) -> str:
    """A value in one line."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{_key(key, True)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(map(flow, value)) + "]"
    return scalar(value, True)


def _key(name: str, in_flow: bool = False) -> str:
    written = scalar(name, in_flow)
    if len(written) > _KEY_MAX:
        raise ScenarioError(f"a name cannot be longer than {_KEY_MAX} characters: {name[:40]}...")
    return written


def scalar(value: Any, in_flow: bool = False) -> str:
    """A text, number, truth value or nothing. Raises ``ScenarioError`` for what the reader cannot give back."""
    if isinstance(value, str):
        return value if _is_bare(value, in_flow) else _quoted(value)
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    return _number(value)


def _number(value: Any) -> str:
    if not isinstance(value, int | float) or not math.isfinite(value):
        raise ScenarioError(f"{value!r} cannot be written into a scenario")
    text = format(decimal.Decimal(repr(float(value)) if isinstance(value, float) else value), "f")
    whole = text.removesuffix(".0")
    if len(whole.lstrip("-").partition(".")[0]) > _DIGITS_MAX:
        raise ScenarioError(f"the number {value!r} is too long for a scenario")
    return whole


def _is_bare(text: str, in_flow: bool) -> bool:
    if not text or text != text.strip() or not isinstance(read_scalar(text), str):
        return False
    if _shows_nothing(text) or any(char.isspace() and char != " " for char in text):
        return False
    if text[0] in _SPECIAL_FIRST or text.startswith("...") or ": " in text or " #" in text or text[-1] == ":":
        return False
    return not in_flow or not (_QUOTED_IN_FLOW & set(text) or _COLON.search(text))


def _shows_nothing(text: str) -> bool:
    """Whether there is a character in ``text`` that nobody sees, or that YAML does not let stand."""
    if text.isascii():
        return not text.isprintable()
    return any(unicodedata.category(char) in _HIDDEN and char not in _JOINERS for char in text)


def _quoted(text: str) -> str:
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    if "\\" in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return '"' + "".join(map(_character, text)) + '"'


def _character(char: str) -> str:
    if char in _NAMED:
        return _NAMED[char]
    category = unicodedata.category(char)
    if category == "Cs":
        raise ScenarioError(f"half a character, {char!r}, cannot be written into a scenario")
    code = ord(char)
    if (category not in _HIDDEN and (char == " " or not char.isspace())) or char in _JOINERS:
        return char
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
