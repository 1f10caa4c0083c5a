"""A sample run and the pieces to write others."""

from __future__ import annotations

import pytest

from chatdrill.model import (
    Customer,
)
from chatdrill_reports.contract import Run
from reports.scribe import Scribe, Story
from reports.stories import EVIL, STORIES, make_run


@pytest.fixture(scope="session")
def run() -> Run:
    """The sample run; do not change it."""
    return make_run()


@pytest.fixture
def scribe() -> Scribe:
    """An empty run to write into."""
    return Scribe()


@pytest.fixture
def telegram(scribe: Scribe) -> Story:
    """A case with one customer on Telegram, to write into."""
    return scribe.story("chat", "telegram", Customer(key="anna", first_name="Anna", last_name="Nowak"))


@pytest.fixture(scope="session")
def evil() -> str:
    """A text that would run a script and leave its element, if it could."""
    return EVIL


@pytest.fixture(scope="session")
def many_conversations() -> Run:
    """A run of 300 conversations, a third of them with a photo and findings."""
    return make_run([STORIES[i % 3] for i in range(300)])
