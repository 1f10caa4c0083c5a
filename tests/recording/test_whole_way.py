"""A dialog between a vendor and a bot is recorded, is what was played, and is played again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pytest

from chatdrill.checks import judge
from chatdrill.cli import main
from chatdrill.model import Press, Sent, Text, Write
from chatdrill.recording import Scribe, Ways
from chatdrill.run.registry import load_platform
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Acted, Attempt, Called, Recorder, Took
from chatdrill.wire import HttpRequest, HttpResponse, json_response
from recording.echo import BOTS, told_in
from recording.kit import ANNA, Place

NAMES = tuple(BOTS)


class Drill:
    """The fake as the vendor, and a bot that reaches it by the recorder only."""

    def __init__(self, name: str, place: Place) -> None:
        self.name, self.place = name, place
        self.vendor = Recorder(place.clock)
        listen = ListenOptions(port=0, control=False)
        self.stage = Stage(clock=place.clock, seed=Seed(1), recorder=self.vendor, listen=listen)
        self.channel = self.stage.add(load_platform(name))
        self.root = ""

    async def bot(self, request: HttpRequest) -> HttpResponse:
        env = self.channel.platform.environment(self.channel.state, self.root)
        answer, calls = BOTS[self.name](told_in(request.body), env)
        for url, headers, body in calls:
            answered = await self.place.ask("POST", url, headers.items(), msgspec.json.encode(body))
            assert answered.status == 200
        return json_response(answer)

    async def play(self, path: Path) -> Scribe:
        """Two messages and a press, each once the bot has answered the one before."""
        await self.stage.open()
        ways = {self.name: Ways(await self.place.serve(self.bot), f"{self.stage.base_url}/{self.name}")}
        base, scribe = await self.place.recording(path, **ways)
        scribe.began("echo")
        self.root = f"{base}/{self.name}"
        self.stage.set_webhook(self.name, f"{base}/hooks/{self.name}")
        address = self.stage.join(self.name, ANNA, case="case", conv="case/anna")
        for number, words in enumerate(("hello", "again"), start=1):
            self.stage.act(self.name, address, Write(parts=(Text(text=words),)))
            await self._until(lambda wanted=number: len(self.sent()) == wanted)
        (button,) = self.sent()[-1].message.buttons
        self.stage.act(self.name, address, Press(button=button, message_id=self.sent()[-1].message.id))
        await self._until(lambda: len(self.sent()) == 3)
        await self._until(lambda: len([one for one in scribe.recorder.records if isinstance(one, Took)]) == 3)
        await self.stage.close()
        scribe.ended()
        return scribe

    def sent(self) -> list[Sent]:
        took = [one.effect for one in self.vendor.records if isinstance(one, Took)]
        return [effect for effect in took if isinstance(effect, Sent)]

    async def _until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not holds():
                await asyncio.sleep(0.002)


@pytest.mark.parametrize("name", NAMES)
async def test_what_is_recorded_is_what_was_played(name: str, place: Place, tmp_path: Path) -> None:
    drill = Drill(name, place)
    scribe = await drill.play(tmp_path / "trace.jsonl")
    recorded, has_ids = scribe.recorder, "message.ids" not in drill.channel.platform.reads.loses  # type: ignore[attr-defined]
    assert _acts(recorded, has_ids) == _acts(drill.vendor, has_ids)
    assert _said(recorded, has_ids) == _said(drill.vendor, has_ids)
    assert [one.method for one in recorded.records if isinstance(one, Called)] == [
        one.method for one in drill.vendor.records if isinstance(one, Called)
    ]
    assert all(one.ok for one in recorded.records if isinstance(one, Attempt)) and not place.complaints
    (case,) = judge(recorded.records).cases
    assert not [finding for finding in case.findings if finding.verdict == "error"] and case.messages == 6


def _acts(recorder: Recorder, has_ids: bool) -> list[Any]:
    acts = [one.act for one in recorder.records if isinstance(one, Acted) and one.cause != "platform"]
    return [
        msgspec.structs.replace(act, message_id=None) if isinstance(act, Press) and not has_ids else act
        for act in acts
        if isinstance(act, Write | Press)
    ]


def _said(recorder: Recorder, has_ids: bool) -> list[Any]:
    messages = [
        (one.effect.to, one.effect.message)
        for one in recorder.records
        if isinstance(one, Took) and isinstance(one.effect, Sent)
    ]
    return [(to, message.ids if has_ids else (), message.parts, message.reply_to) for to, message in messages]


@pytest.mark.parametrize("name", NAMES)
def test_what_was_recorded_is_played_again(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    asyncio.run(_recorded(name, tmp_path / "rec" / "trace.jsonl"))
    words = ["--app", "recording.echo:app", "--platforms", name, "--port", "0", "--out", str(tmp_path / "again")]
    code = main(
        ["replay", str(tmp_path / "rec"), *words, "--webhook", f"http://127.0.0.1:9/{name}", "--compare", "wording"]
    )
    assert capsys.readouterr().out.endswith("nothing changed in 1 conversation\n") and code == 0


async def _recorded(name: str, path: Path) -> None:
    path.parent.mkdir()
    place = Place()
    try:
        await Drill(name, place).play(path)
    finally:
        await place.close()
