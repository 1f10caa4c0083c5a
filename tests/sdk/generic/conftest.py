"""The desk that the shipped file declares, on loopback."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from chatdrill_fakes.desks.generic import desk
from sdk.generic.kit import Bot, Hire
from sdk.office import Workplace


@pytest.fixture
async def hired() -> AsyncIterator[Hire]:
    """Opens desks with settings of a test's own."""
    places: list[Workplace] = []

    async def open(**settings: str) -> Bot:
        places.append(Workplace(desk, **settings))
        await places[-1].open()
        return Bot(places[-1])

    yield open
    for place in places:
        await place.close()


@pytest.fixture
async def bot(hired: Hire) -> Bot:
    return await hired()
