"""Hubs of the fake Bot Framework."""

from __future__ import annotations

import pytest

from desks.botframework.kit import Hub


@pytest.fixture
def hub() -> Hub:
    """No conversation yet."""
    return Hub()
