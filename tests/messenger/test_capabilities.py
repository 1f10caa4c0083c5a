"""What is enforced is declared, and nothing passes in silence; the rest is proved by the laws of tests/conformance."""

from __future__ import annotations

from typing import Any

import pytest

from chatdrill.errors import Unsupported
from chatdrill.model import (
    Echo,
    Message,
    Write,
)
from chatdrill_fakes.platforms.messenger import limits as numbers
from chatdrill_fakes.platforms.messenger import platform


def test_nobody_sends_nothing(page: Any, anna: str) -> None:
    for act in (Write(parts=()), Echo(message=Message(ids=(), author="agent", parts=(), at=0.0))):
        with pytest.raises(Unsupported):
            page.events(anna, act)


INSIDE = {"DAY_S", "MEGABYTE", "PROFILE_PERIOD_S"}
"""Numbers that others are made of, or whose unit names them."""


def test_every_number_that_is_enforced_is_declared() -> None:
    declared = {one.value for one in platform.limits}
    enforced = {name: value for name, value in vars(numbers).items() if isinstance(value, int | float)}
    assert {name for name, value in enforced.items() if value not in declared} <= INSIDE
