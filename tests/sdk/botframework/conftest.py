"""A hand-off hub on loopback: in the test's own loop for httpx, in a thread of its own for SDKs that block while they call."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path

import pytest

from chatdrill_fakes.desks.botframework import desk
from sdk.botframework.kit import Bot, Hire
from sdk.botframework.threaded import Threaded
from sdk.office import Workplace


@pytest.fixture
async def hired() -> AsyncIterator[Hire]:
    """Opens hubs with settings of a test's own."""
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


@pytest.fixture
def threaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Threaded]]:
    """Opens hubs behind the redirect, and leads programs there that have the vendor's addresses built in."""
    hubs: list[Threaded] = []

    def open(**settings: str) -> Threaded:
        hubs.append(Threaded(tmp_path, settings))
        hubs[-1].start()
        for name, value in hubs[-1].environment.items():
            monkeypatch.setenv(name, value)
        return hubs[-1]

    yield open
    for hub in hubs:
        hub.stop()
