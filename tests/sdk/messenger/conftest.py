"""fbmessenger before Messenger; see ``sdk.meta_kit``."""

from __future__ import annotations

import collections
import collections.abc
from collections.abc import AsyncIterator

import pytest

from sdk.meta_kit import Bot, Rehearsal


@pytest.fixture(autouse=True)
def iterable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "Iterable", collections.abc.Iterable, raising=False)


@pytest.fixture
async def rehearsal() -> AsyncIterator[Rehearsal]:
    made = Rehearsal("messenger")
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def bot(rehearsal: Rehearsal) -> Bot:
    bot = rehearsal.bot()
    rehearsal.stage.set_webhook("messenger", bot.url)
    return bot
