"""Portals of the fake Bitrix24."""

from __future__ import annotations

import pytest

from desks.bitrix24.kit import Portal


@pytest.fixture
def portal() -> Portal:
    """Two agents, one line with its connector, no dialog yet."""
    return Portal()


@pytest.fixture
def chat(portal: Portal) -> str:
    """A dialog that waits in the queue; what went out so far is taken away."""
    found = portal.sent()
    portal.updates()
    return found
