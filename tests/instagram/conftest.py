"""Accounts of the fake Instagram."""

from __future__ import annotations

import pytest

from instagram.kit import Account


@pytest.fixture
def account() -> Account:
    """A customer who has not written yet."""
    return Account()


@pytest.fixture
def talk(account: Account) -> Account:
    """A customer who has just written."""
    account.says()
    return account
