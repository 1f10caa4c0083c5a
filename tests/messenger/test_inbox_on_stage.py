"""The inbox on a stage, beside the platform that it is a part of: what is recorded, and whose doing it was."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import pytest

from chatdrill.errors import SettingsError, UsageError
from chatdrill.model import (
    Accept,
    Agent,
    Close,
    DeskEvent,
    Echo,
    EntryAdded,
    Event,
    HandoffAsked,
    OwnerChanged,
    Receipt,
    Reply,
    Sent,
    Text,
    TicketOpened,
)
from chatdrill.run.selection import make_cases
from chatdrill.seeds import Seed
from chatdrill.serve import Fault, Stage
from chatdrill.trace import Acted, Called, Filed, Recorder, Took
from chatdrill_fakes.platforms.messenger import platform
from chatdrill_fakes.platforms.messenger.inbox import desk
from serve.toy_clock import ToyClock
from serve.toys import Theatre, ask, join, until, write
from shipped import shipped

DESK, INBOX = "messenger_inbox", "263902037430900"


class Scene:
    """A stage with Messenger and its inbox; Anna has written, and Bob is at the inbox."""

    def __init__(self, stage: Stage, recorder: Recorder, clock: ToyClock) -> None:
        self.stage, self.recorder, self.clock = stage, recorder, clock
        office = stage.bureau.office(DESK)
        office.desk.hire(office.state, Agent(key="bob", first_name="Bob"))
        self.anna = join(stage, channel="messenger")
        stage.act("messenger", self.anna, write("hello"), step=1)

    async def control(self, verb: str, **more: Any) -> tuple[int, Any]:
        body = json.dumps({"recipient": {"id": self.anna}, **more}).encode()
        path = f"/messenger/v25.0/me/{verb}_thread_control?access_token=EAAchatdrillmessenger"
        return await ask(self.stage, "POST", path, body, "Content-Type: application/json")

    async def passed(self) -> tuple[int, Any]:
        return await self.control("pass", target_app_id=INBOX)

    def of(self, kind: type) -> list[Any]:
        return [one for one in self.recorder.records if isinstance(one, kind)]

    def told(self) -> list[Acted]:
        return [one for one in self.of(Acted) if one.cause == "platform"]

    def filed(self, kind: type[DeskEvent]) -> list[Filed]:
        return [one for one in self.of(Filed) if isinstance(one.event, kind)]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    recorder = Recorder(clock := ToyClock())
    theatre = Theatre(clock, recorder)
    stage = await theatre.open(platform, desks=(desk,))  # type: ignore[arg-type]
    yield Scene(stage, recorder, clock)
    await theatre.close()


async def test_a_thread_belongs_to_its_customers_conversation(scene: Scene) -> None:
    (opened,) = scene.filed(TicketOpened)
    (entry,) = scene.filed(EntryAdded)
    assert (opened.conv, opened.by, opened.desk, opened.step) == ("case/anna", "customer", DESK, 1)
    assert (entry.conv, entry.by) == ("case/anna", "customer")


async def test_a_call_to_the_platform_hands_over_at_the_desk(scene: Scene) -> None:
    assert (await scene.passed())[0] == 200
    (asked,), (changed,) = scene.filed(HandoffAsked), scene.filed(OwnerChanged)
    (called,) = scene.of(Called)
    assert (asked.by, asked.call, called.platform) == ("bot", called.n, "messenger")
    assert isinstance(changed.event, OwnerChanged) and changed.event.owner == "queue"


async def test_an_agents_words_are_seen_in_the_chat_without_a_call(scene: Scene) -> None:
    await scene.passed()
    scene.stage.bureau.act(DESK, scene.anna, Accept(agent="bob"))
    scene.stage.bureau.act(DESK, scene.anna, Reply(agent="bob", parts=(Text(text="Bob here"),)), step=5)
    (took,), entry = scene.of(Took), scene.filed(EntryAdded)[-1]
    assert (took.platform, took.conv, took.call) == ("messenger", "case/anna", None)
    assert isinstance(took.effect, Sent) and took.effect.message.author == "agent"
    assert (entry.by, entry.step) == ("agent", 5) and entry.n < took.n


async def test_the_platform_tells_the_bot_of_it(scene: Scene) -> None:
    await scene.passed()
    scene.stage.bureau.act(DESK, scene.anna, Reply(agent="bob", parts=(Text(text="Bob here"),)))
    await asyncio.sleep(0)  # what is planned begins to wait
    scene.clock.pass_time(1.0)
    scene.stage.bureau.act(DESK, scene.anna, Close(agent="bob"))
    await until(lambda: len(scene.told()) == 3)
    assert {type(one.act) for one in scene.told()} == {Echo, Event, Receipt}
    assert len(scene.filed(EntryAdded)) == 2  # and the echo is no second message


async def test_a_fault_at_the_desk_strikes_its_part_of_the_platform(scene: Scene) -> None:
    scene.stage.break_by(Fault(where="api", kind="status", status=503, platform=DESK))
    page = await ask(scene.stage, "GET", "/messenger/v25.0/me?access_token=EAAchatdrillmessenger")
    assert page[0] == 200
    assert (await scene.passed())[0] == 503
    assert (await scene.passed())[0] == 200


async def test_there_is_no_webhook_to_forge(scene: Scene) -> None:
    with pytest.raises(UsageError, match="no webhooks of its own"):
        await scene.stage.forge(DESK, scene.anna, "bob", "hi", "wrong")


async def test_an_inbox_needs_its_platform() -> None:
    stage = Stage(clock=(clock := ToyClock()), seed=Seed(7), recorder=Recorder(clock))
    with pytest.raises(SettingsError, match="--platforms messenger"):
        stage.add_desk(desk)


def test_what_needs_a_desk_is_played_on_its_platform_only() -> None:
    (plain, *_) = shipped("handoff/s01-plain.drill.yaml")
    platforms = ("telegram", "whatsapp", "messenger")
    assert [case.platform for case in make_cases([plain], platforms, DESK)] == ["messenger"]
    assert [case.platform for case in make_cases([plain], platforms, "chatwoot")] == list(platforms)
