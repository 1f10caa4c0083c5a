"""Accounts of the fake WhatsApp."""

from __future__ import annotations

import pytest

from chatdrill.model import Text, Write
from whatsapp.kit import Account


@pytest.fixture
def account() -> Account:
    """A customer has joined and not written yet: the window is closed."""
    return Account()


@pytest.fixture
def open_account(account: Account) -> Account:
    """A customer has just written: the window is open."""
    account.updates(Write(parts=(Text(text="Hallo"),)))
    return account
