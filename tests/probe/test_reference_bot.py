"""The reference bot, whole, as users run it: nothing serious on any platform, nor at a helpdesk."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from chatdrill.clock import WallClock
from chatdrill.engine.bot import free_port
from chatdrill.probe import FINDINGS, Bounds, Examiner
from chatdrill.run.registry import (
    desk_names,
    host_of,
    load_desk,
    load_platform,
    load_rehearsal,
    platform_names,
    rehearsal_names,
)
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Recorder
from chatdrill_scenarios.shoebot import Application
from probe.bots import Served
from probe.conftest import Place


@contextmanager
def shoebot(stage: Stage, path: str, **variables: str) -> Iterator[Served]:
    port = free_port()  # Twilio signs the address, so the bot must know its own
    own = {"SHOEBOT_DEBOUNCE_S": "0.05", "PUBLIC_URL": f"http://127.0.0.1:{port}"}
    with Served(Application({**stage.environment(), **own, **variables}), path=path, port=port) as bot:
        yield bot


@pytest.mark.parametrize("platform", platform_names())
async def test_no_finding_on_a_platform(place: Place, platform: str) -> None:
    with shoebot(place.stage, f"/webhooks/{platform}") as bot:
        examination = await place.examine(bot.url, platform, reply_s=5.0)
    assert [(each.probe, each.outcome) for each in examination.findings] == []
    assert next(each.verdict for each in examination.results if each.probe == "redelivery-effect") == "passed"


async def test_no_finding_at_a_helpdesk_whose_webhooks_are_dated() -> None:
    clock = WallClock()
    recorder = Recorder(clock)
    stage = Stage(clock=clock, seed=Seed(5), recorder=recorder, listen=ListenOptions(port=0))
    for name in platform_names():
        stage.add(load_platform(name))
    stage.add_desk(load_desk("chatwoot"))
    async with stage:
        await stage.fall_silent()
        with shoebot(stage, "/webhooks/chatwoot", SHOEBOT_DESK="chatwoot") as bot:
            correct = load_rehearsal("chatwoot")
            examiner = Examiner(stage, recorder, clock, bot.url, "chatwoot", Bounds(ack_s=5.0), correct)
            examination = await examiner.examine()
    assert not examination.of(*FINDINGS), examination.findings
    passed = {each.probe for each in examination.of("passed")}
    assert {"signature-stale", "signature-altered", "unknown-event"} <= passed


def test_every_desk_but_a_resident_can_be_examined() -> None:
    residents = {name for name in desk_names() if host_of(name) is not None}
    assert set(rehearsal_names()) == set(desk_names()) - residents
    assert all(map(load_rehearsal, rehearsal_names()))
