from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from shoebot.kit import Dialog, World, build


@pytest.fixture
def dialog() -> Dialog:
    return Dialog()


@pytest.fixture
async def world() -> AsyncIterator[World]:
    built = await build()
    yield built
    await built.close()
