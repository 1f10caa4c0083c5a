"""Places for recordings."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from recording.kit import Place


@pytest.fixture
async def place() -> AsyncIterator[Place]:
    place = Place()
    yield place
    await place.close()
