"""Accounts at the fake Chatwoot."""

from __future__ import annotations

import pytest

from desks.chatwoot.kit import Office


@pytest.fixture
def office() -> Office:
    """An account with an active bot and no conversation yet."""
    return Office()
