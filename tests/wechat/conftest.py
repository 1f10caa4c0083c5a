"""Accounts of the fake WeChat."""

from __future__ import annotations

import pytest

from wechat.kit import Account


@pytest.fixture
def account() -> Account:
    """A customer who has done nothing yet, and so cannot be written to."""
    return Account()


@pytest.fixture
def talk(account: Account) -> Account:
    """A customer who has just written."""
    account.says()
    return account
