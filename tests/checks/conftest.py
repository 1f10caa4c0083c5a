"""A tale for every test that asks for one."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest

from checks.case import Case
from checks.tale import Tale


@pytest.fixture
def tale() -> Tale:
    """A run in real time."""
    return Tale()


@pytest.fixture
def case(tale: Tale) -> Iterator[Callable[..., Case]]:
    """Begin a case of the run: ``case("name", people=("anna", "boris"))``."""
    yield tale.case


@pytest.fixture
def new_tale() -> type[Tale]:
    """Other runs: ``new_tale(clock="virtual")``."""
    return Tale
