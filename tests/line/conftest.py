"""Accounts of the fake LINE."""

from __future__ import annotations

import pytest

from line.kit import Account


@pytest.fixture
def account() -> Account:
    """A channel with one friend, who has said nothing yet."""
    return Account()
