"""Whoever looks at the same place as somebody who was told to wait waits, too."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from chatdrill_scenarios.shoebot import api as module
from chatdrill_scenarios.shoebot.api import Api, ApiError

URL = "http://127.0.0.1:9/dialogs/7"


@pytest.fixture
async def api(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Api]:
    """One that tries once, of which the first call is refused for 0.05 s; ``api.asked`` are the moments of its calls."""
    made = Api(speed=1, tries=1)
    made.asked = []  # type: ignore[attr-defined]

    async def once(_ask: object) -> module._Answer:
        made.asked.append(asyncio.get_running_loop().time())  # type: ignore[attr-defined]
        first = len(made.asked) == 1  # type: ignore[attr-defined]
        return module._Answer(429 if first else 200, {"Retry-After": "0.05"} if first else {}, b"{}")

    monkeypatch.setattr(made, "_once", once)
    yield made
    await made.close()


async def test_looks_at_one_place_take_turns_and_keep_the_rest_that_one_was_asked_for(api: Api) -> None:
    answers = await asyncio.gather(*(api.get(URL, "dialog") for _ in range(2)), return_exceptions=True)
    assert [type(answer) for answer in answers] == [ApiError, dict]
    first, second = api.asked  # type: ignore[attr-defined]
    assert second - first >= 0.045


async def test_another_place_need_not_wait(api: Api) -> None:
    with pytest.raises(ApiError):
        await api.get(URL, "dialog")
    await api.get(URL + "1", "dialog")
    first, second = api.asked  # type: ignore[attr-defined]
    assert second - first < 0.045
