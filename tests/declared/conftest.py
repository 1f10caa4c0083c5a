"""Accounts of declared messengers."""

from __future__ import annotations

import pytest

from declared.kit import Account


@pytest.fixture
def account() -> Account:
    """The shipped company's chat."""
    return Account()
