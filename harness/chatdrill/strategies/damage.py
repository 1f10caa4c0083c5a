"""What becomes of a webhook on its way from a vendor who changes the rules: fields that are missing, empty, of another kind, or unknown."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import msgspec

from chatdrill.strategies.chance import Chance

_ODD: tuple[Any, ...] = (None, 0, -1, "", [], {}, True, 1e300, "x" * 70_000, [[]], "\u0000")
Damage = Callable[[Chance, bytes], bytes]


def _places(value: Any) -> list[tuple[Any, Any]]:
    """Every place in a JSON value: its container and its key."""
    found: list[tuple[Any, Any]] = []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        found.append((value, key))
        found.extend(_places(item))
    return found


def _at_a_place(change: Callable[[Chance, Any, Any], None]) -> Damage:
    def damage(chance: Chance, body: bytes) -> bytes:
        try:
            value = msgspec.json.decode(body)
        except msgspec.DecodeError:
            return body[: len(body) // 2]  # a form, not JSON
        places = _places(value)
        if places:
            change(chance, *chance.choice(places))
        return msgspec.json.encode(value)

    return damage


def _drop(_chance: Chance, container: Any, key: Any) -> None:
    del container[key]


def _replace(chance: Chance, container: Any, key: Any) -> None:
    container[key] = chance.choice(_ODD)


def _add(chance: Chance, container: Any, _key: Any) -> None:
    if isinstance(container, dict):
        container["chatdrill_unknown"] = chance.choice(_ODD)
    else:
        container.append(chance.choice(_ODD))


def _cut(chance: Chance, body: bytes) -> bytes:
    return body[: chance.randrange(0, max(1, len(body)))]


DAMAGES: tuple[Damage, ...] = (_at_a_place(_drop), _at_a_place(_replace), _at_a_place(_add), _cut)
"""What is done to the body of a webhook before it is signed."""
