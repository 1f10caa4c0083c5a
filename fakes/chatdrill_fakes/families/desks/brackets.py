"""Forms in PHP's brackets, ``data[FIELDS][ID]=5``: Bitrix24 and amoCRM send their webhooks so, and their bots may call so."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import parse_qsl, urlencode

_KEYS = re.compile(r"\[([^\]]*)\]")
_DEEP_MAX = 32


def encode_brackets(value: Mapping[str, Any]) -> bytes:
    """A form as PHP's ``http_build_query`` makes it: true is ``1``, false ``0``, nothing at all for ``None``.

    Source: https://www.php.net/manual/en/function.http-build-query.php, 2026-11.
    """
    return urlencode(list(_flat(value))).encode()


def _flat(value: Any, name: str = "") -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, item in value.items():
            yield from _flat(item, f"{name}[{key}]" if name else str(key))
    elif isinstance(value, list | tuple):
        for number, item in enumerate(value):
            yield from _flat(item, f"{name}[{number}]")
    elif value is not None:
        yield name, str(int(value)) if isinstance(value, bool) else str(value)


def decode_brackets(form: bytes | str) -> dict[str, Any]:
    """What PHP makes of such a form; lists come as lists. Never raises."""
    text = form.decode("utf-8", "replace") if isinstance(form, bytes) else form
    return nested(parse_qsl(text, keep_blank_values=True))


def nested(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """``{"a[b][]": 1}`` as ``{"a": {"b": [1]}}``."""
    tree: dict[str, Any] = {}
    for name, value in pairs:
        head, bracket, rest = name.partition("[")
        _put(tree, [head, *_KEYS.findall(bracket + rest)][:_DEEP_MAX], value)
    return {key: _listed(value) for key, value in tree.items()}


def _put(tree: dict[str, Any], keys: list[str], value: Any) -> None:
    for key in keys[:-1]:
        inner = tree.setdefault(key or str(len(tree)), {})
        if not isinstance(inner, dict):
            return
        tree = inner
    tree[keys[-1] or str(len(tree))] = value


def _listed(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    inner = {key: _listed(item) for key, item in value.items()}
    return list(inner.values()) if list(inner) == [str(number) for number in range(len(inner))] and inner else inner
