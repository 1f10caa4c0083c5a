"""An account of Chat2Desk on loopback, with a webhook that the bot has subscribed for itself."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from chatdrill_fakes.desks.chat2desk import desk
from sdk.chat2desk.kit import Account, Hire
from sdk.office import Workplace


@pytest.fixture
async def hired() -> AsyncIterator[Hire]:
    """Opens accounts with settings of a test's own."""
    places: list[Workplace] = []

    async def open(**settings: str) -> Account:
        places.append(Workplace(desk, **settings))
        await places[-1].open()
        return Account(places[-1])

    yield open
    for place in places:
        await place.close()


@pytest.fixture
async def account(hired: Hire) -> Account:
    return await hired()
