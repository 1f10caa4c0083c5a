"""What the bot says to customers tells whether it believed a forgery, and whether it did things twice or not at all."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import pytest

from chatdrill.probe import Examination, Result
from probe.bots import Answer, MetaBot, Served, TelegramBot
from probe.conftest import Place


class Polite(TelegramBot):
    """Answers each update once, by a method in the answer to the webhook."""

    def __init__(self) -> None:
        self.seen: set[int] = set()

    async def take(self, update: dict[str, Any]) -> Answer:
        number, chat = update.get("update_id"), update.get("message", {}).get("chat")
        if chat is None or number in self.seen:
            return 200, b""
        self.seen.add(number)
        return 200, json.dumps({"method": "sendMessage", "chat_id": chat["id"], "text": "Hello"}).encode()


class Forgetful(Polite):
    """Answers what comes again, again."""

    async def take(self, update: dict[str, Any]) -> Answer:
        self.seen.clear()
        return await super().take(update)


class Credulous(Polite):
    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        return True


class Quiet(Polite):
    """Says 200 to a forgery and does nothing."""

    async def answer(self, scope: Any, receive: Any) -> Answer:
        status, body = await super().answer(scope, receive)
        return (200, b"") if status == 401 else (status, body)


def of(examination: Examination, probe: str) -> Result:
    return next(result for result in examination.results if result.probe == probe)


EXPECTED = {
    Polite: {"redelivery-effect": "passed", "signature-missing": "passed"},
    Forgetful: {"redelivery-effect": "serious"},
    Credulous: {"signature-missing": "critical", "signature-wrong": "critical"},
    Quiet: {"signature-missing": "minor", "redelivery-effect": "passed"},
}


@pytest.mark.parametrize("bot", EXPECTED, ids=lambda bot: bot.__name__)
async def test_the_replies_decide(place: Place, bot: type[Polite]) -> None:
    with Served(bot()) as served:
        examination = await place.examine(served.url, "telegram", reply_s=2.0)
    for probe, verdict in EXPECTED[bot].items():
        assert of(examination, probe).verdict == verdict, of(examination, probe).outcome


async def test_a_bot_that_says_nothing_is_not_judged_by_what_it_says(place: Place) -> None:
    with Served(MetaBot()) as served:
        examination = await place.examine(served.url)
    assert of(examination, "batch-effect").verdict == of(examination, "redelivery-effect").verdict == "not applicable"
    assert examination.called == 0
