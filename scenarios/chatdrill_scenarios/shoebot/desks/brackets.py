"""Forms as PHP writes them: `data[MESSAGES][0][text]=hello`."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import parse_qsl

DEPTH_MAX = 16
_KEY = re.compile(r"\[([^\]]*)\]")


def tree(raw: bytes) -> dict[str, Any]:
    """The form as nested dictionaries; a list has the numbers for keys. Raises `ValueError` for what is no form."""
    found: dict[str, Any] = {}
    for name, value in parse_qsl(raw.decode("utf-8"), keep_blank_values=True):
        head, bracket, rest = name.partition("[")
        *way, last = [head, *_KEY.findall(bracket + rest)][:DEPTH_MAX]
        inner = found
        for key in way:
            inner = inner.setdefault(key, {})
            if not isinstance(inner, dict):
                raise ValueError(  # noqa: TRY004 - the form is wrong, not the caller
                    f"{name} is both a value and more than one"
                )
        inner[last] = value
    return found


def rows(value: Any) -> list[Any]:
    """The items of a list, however it is written."""
    return list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
