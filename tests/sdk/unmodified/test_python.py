"""SDKs for Python whose vendors' addresses are built in, each in a program of its own: nothing of them is changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from importlib.util import find_spec

import pytest

from sdk.unmodified.kit import Town

Open = Callable[..., Awaitable[Town]]
SENDING = {
    "ptb": ("telegram", "telegram", "by python-telegram-bot"),
    "aiogram_bot": ("aiogram", "telegram", "by aiogram"),
    "viberbot_bot": ("viberbot", "viber", "by viberbot"),
    "pywa_bot": ("pywa", "whatsapp", "by pywa"),
    "heyoo_bot": ("heyoo", "whatsapp", "by heyoo"),
    "fbmessenger_bot": ("fbmessenger", "messenger", "by fbmessenger"),
}
CALLING = {
    "zenpy_bot": ("zenpy", "zendesk", "POST /api/v2/tickets"),
    "sunshine_bot": ("sunshine_conversations_client", "zendesk", "GET /sc/v2/apps/{app}"),
    "intercom_bot": ("intercom", "intercom", "GET /admins"),
}


def needs(module: str) -> None:
    if find_spec(module) is None:
        pytest.skip(f"{module} is not installed")


@pytest.mark.parametrize("bot", SENDING)
async def test_what_an_unmodified_bot_says_reaches_the_customer(town: Open, bot: str) -> None:
    module, platform, words = SENDING[bot]
    needs(module)
    made = await town(platform)
    ended = await made.python(f"{bot}.py", TO=made.join(platform))
    assert ended.code == 0, ended.err
    assert (made.said, made.barred) == ([words], [])


async def test_two_platforms_behind_one_host_are_told_apart(town: Open) -> None:
    needs("heyoo")
    made = await town("messenger", "whatsapp")
    ended = await made.python("heyoo_bot.py", TO=made.join("whatsapp"))
    assert (ended.code, made.said, made.barred) == (0, ["by heyoo"], []), ended.err


@pytest.mark.parametrize("bot", CALLING)
async def test_what_an_unmodified_bot_asks_of_its_helpdesk_is_answered(town: Open, bot: str) -> None:
    module, desk, call = CALLING[bot]
    needs(module)
    made = await town(desk)
    ended = await made.python(f"{bot}.py", ACCOUNT="acme")
    assert ended.code == 0, ended.err
    assert (made.calls, made.barred) == ([(desk, call)], [])
