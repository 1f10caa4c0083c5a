"""Accounts of the fake Chat2Desk."""

from __future__ import annotations

import pytest

from desks.chat2desk.kit import Account


@pytest.fixture
def account() -> Account:
    """Nobody has written yet."""
    return Account()
