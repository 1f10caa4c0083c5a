"""Accounts of the fake Slack."""

from __future__ import annotations

import pytest

from slack_app.kit import Account


@pytest.fixture
def account() -> Account:
    """A customer who has not written yet."""
    return Account()
