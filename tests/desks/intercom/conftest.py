"""A workspace for each test."""

from __future__ import annotations

import pytest

from desks.intercom.kit import Desk


@pytest.fixture
def desk() -> Desk:
    """Bob and Eve are there, and nobody has written yet."""
    return Desk()
