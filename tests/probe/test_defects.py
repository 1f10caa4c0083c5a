"""Each defect is found by the probe that is meant for it, and no other raises a serious alarm."""

from __future__ import annotations

import asyncio
import json
import threading
from collections.abc import Mapping
from typing import Any

import pytest

from chatdrill.probe import SERIOUS, Examination
from probe.bots import Answer, MetaBot, Served, SlackBot, TelegramBot, ViberBot, ViberNodeBot, mac_of, one_at_a_time
from probe.conftest import Place

FAMILY = "\U0001f468\u200d\U0001f469"


class Trusting(MetaBot):
    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        return True


class TrustingTelegram(TelegramBot):
    trusts = Trusting.trusts


class TrustingViber(ViberNodeBot):
    trusts = Trusting.trusts


class TimelessSlack(SlackBot):
    stale_s = 10.0**9


class MissingIsFine(MetaBot):
    """Checks a signature only where there is one."""

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        return "x-hub-signature-256" not in headers or super().trusts(headers, raw)


class Rewriting(MetaBot):
    """What ``JSON.stringify(request.body)`` does."""

    def trusts(self, headers: Mapping[str, str], raw: bytes) -> bool:
        try:
            again = json.dumps(json.loads(raw), separators=(",", ":"), ensure_ascii=False).encode("utf-8", "replace")
        except (ValueError, RecursionError):
            again = raw
        return headers.get("x-hub-signature-256") == mac_of(again)


class Strict(MetaBot):
    async def take(self, update: dict[str, Any]) -> Answer:
        events = [event for entry in update.get("entry", ()) for event in entry.get("messaging", ())]
        return (200, b"") if all("message" in event for event in events) else (500, b"what is that?")


class NoNewFields(MetaBot):
    async def take(self, update: dict[str, Any]) -> Answer:
        return (200, b"") if update.keys() <= {"object", "entry"} else (422, b"extra fields not permitted")


class AfraidOfEmoji(MetaBot):
    async def take(self, update: dict[str, Any]) -> Answer:
        return (500, b"Incorrect string value") if FAMILY in json.dumps(update, ensure_ascii=False) else (200, b"")


class Generous(MetaBot):
    """Gives the challenge back to anybody."""

    def handshake(self, query: Mapping[str, str]) -> Answer:
        return 200, query.get("hub.challenge", "").encode()


class Shaky(MetaBot):
    """Takes the same message only once."""

    def __init__(self) -> None:
        self.seen: set[str] = set()

    async def take(self, update: dict[str, Any]) -> Answer:
        key = json.dumps(update)
        fresh = key not in self.seen or not update.get("entry")
        self.seen.add(key)
        return (200, b"") if fresh else (409, b"duplicate")


class OneOnly(MetaBot):
    async def take(self, update: dict[str, Any]) -> Answer:
        return (500, b"list index") if len(update.get("entry", ())) > 1 else (200, b"")


DEFECTS = {
    Trusting: {"signature-missing", "signature-wrong"},
    MissingIsFine: {"signature-missing"},
    Rewriting: {"signature-escaped", "signature-rewritten"},
    Strict: {"unknown-event"},
    NoNewFields: {"unknown-fields"},
    AfraidOfEmoji: {"text-emoji"},
    Generous: {"handshake-forged"},
    Shaky: {"redelivery"},
    OneOnly: {"batch"},
}


def serious(examination: Examination) -> set[str]:
    return {result.probe for result in examination.of(*SERIOUS)}


@pytest.mark.parametrize("defect", DEFECTS, ids=lambda defect: defect.__name__)
async def test_a_defect_is_found_by_its_own_probe_alone(place: Place, defect: type[MetaBot]) -> None:
    with Served(defect()) as bot:
        assert serious(await place.examine(bot.url)) == DEFECTS[defect]


@pytest.mark.parametrize(
    ("bot", "name"),
    [
        (MetaBot, "messenger"),
        (TelegramBot, "telegram"),
        (MetaBot, "whatsapp"),
        (ViberBot, "viber"),
        (ViberNodeBot, "viber"),
        (SlackBot, "slack"),
    ],
)
async def test_a_correct_bot_has_no_finding(place: Place, bot: type[MetaBot], name: str) -> None:
    with Served(bot()) as served:
        examination = await place.examine(served.url, name)
    assert [(each.probe, each.outcome) for each in examination.findings if each.probe != "size-allowed"] == []


async def test_a_signature_in_the_address_that_is_not_looked_at_is_found(place: Place) -> None:
    with Served(TrustingViber()) as bot:
        assert serious(await place.examine(bot.url, "viber")) == {"signature-missing", "signature-wrong"}


async def test_a_signature_of_any_age_is_found(place: Place) -> None:
    with Served(TimelessSlack()) as bot:
        assert serious(await place.examine(bot.url, "slack")) == {"signature-stale"}


async def test_a_secret_word_that_is_not_looked_at_is_found(place: Place) -> None:
    with Served(TrustingTelegram()) as bot:
        assert serious(await place.examine(bot.url, "telegram")) == {"signature-missing", "signature-wrong"}


async def test_a_bot_slower_than_the_vendor_allows_is_found_and_only_that(place: Place) -> None:
    """No bot answers within a microsecond."""
    with Served(MetaBot()) as bot:
        assert serious(await place.examine(bot.url, ack_s=1e-6)) == {"acknowledgement"}


async def test_a_server_that_hears_one_client_at_a_time_is_found_by_slow_clients(place: Place) -> None:
    with one_at_a_time() as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        examination = await place.examine(server.url, stall_s=0.5)
        await asyncio.to_thread(server.shutdown)
    assert serious(examination) == {"slow-head", "slow-body"}


async def test_what_was_refused_for_one_reason_is_not_complained_of_again(place: Place) -> None:
    with Served(TelegramBot()) as bot:
        examination = await place.examine(bot.url, "messenger")
    good = next(result for result in examination.results if result.probe == "good-webhook")
    assert good.verdict == "critical" and "--set messenger.app_secret=..." in good.outcome.reason
    assert serious(examination) == {"good-webhook"}
