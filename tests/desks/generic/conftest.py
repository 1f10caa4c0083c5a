"""Accounts at declared desks."""

from __future__ import annotations

from pathlib import Path

import pytest

from desks.generic.kit import MIRROR, Office


@pytest.fixture
def office() -> Office:
    """The desk of the shipped example."""
    return Office()


@pytest.fixture
def mirror(tmp_path: Path) -> Office:
    """A desk to which the bot shows every conversation from its first word."""
    file = tmp_path / "mirror.yaml"
    file.write_text(MIRROR)
    return Office(file, hooks="echo=http://127.0.0.1:9/echo")
