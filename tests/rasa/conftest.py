"""Pages before a Rasa bot."""

from __future__ import annotations

import pytest

from rasa.kit import Page


@pytest.fixture
def page() -> Page:
    return Page()
