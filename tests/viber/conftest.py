"""Accounts of the fake Viber."""

from __future__ import annotations

import pytest

from viber.kit import Account


@pytest.fixture
def account() -> Account:
    """A customer who has not written yet, and so cannot be written to."""
    return Account()


@pytest.fixture
def talk(account: Account) -> Account:
    """A customer who has just written."""
    account.says()
    return account
