"""Accounts of the fake Twilio."""

from __future__ import annotations

import pytest

from sms_twilio.kit import Account


@pytest.fixture
def account() -> Account:
    """A customer who has not written yet; in SMS they can be written to."""
    return Account()
