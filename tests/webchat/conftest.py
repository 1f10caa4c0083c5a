"""Channels of the fake Bot Connector."""

from __future__ import annotations

import pytest

from webchat.kit import Channel


@pytest.fixture
def channel() -> Channel:
    """A customer who has not written yet."""
    return Channel()
