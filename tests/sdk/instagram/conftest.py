"""fbmessenger and Meta's business SDK before Instagram, by the token of a Page; see ``sdk.meta_kit``."""

from __future__ import annotations

import collections
import collections.abc
from collections.abc import AsyncIterator
from typing import Any

import pytest

from sdk.meta_kit import Bot, Rehearsal


@pytest.fixture(autouse=True)
def iterable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(collections, "Iterable", collections.abc.Iterable, raising=False)


@pytest.fixture(params=["page", "instagram"])
async def rehearsal(request: Any) -> AsyncIterator[Rehearsal]:
    made = Rehearsal("instagram", login=request.param)
    await made.open()
    yield made
    await made.close()


@pytest.fixture
async def bot(rehearsal: Rehearsal) -> Bot:
    bot = rehearsal.bot()
    rehearsal.stage.set_webhook("instagram", bot.url)
    return bot
