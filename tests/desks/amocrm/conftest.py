"""Accounts of the fake amoCRM."""

from __future__ import annotations

import pytest

from desks.amocrm.kit import Account


@pytest.fixture
def account() -> Account:
    """Nobody has written yet; the CRM tells everything to an address of the bot."""
    return Account()
