"""Programs that have the vendors' addresses built in, started beside a stage as ``chatdrill exec`` starts them."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from chatdrill.clock import WallClock
from chatdrill.model import Customer, Sent, Start, Text, Write
from chatdrill.run.registry import load_desk, load_platform
from chatdrill.seeds import Seed
from chatdrill.serve import DeliverOptions, ListenOptions, Stage
from chatdrill.trace import Attempt, Barred, Called, Recorder, Took

ANNA = Customer(key="anna", first_name="Anna", last_name="K.", phone="+380501112233")
BOTS = Path(__file__).parent / "bots"
PATIENCE_S = 240.0  # a busy machine takes a minute for the imports of some SDKs


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


class Town:
    """A stage with a redirect, and customers called Anna."""

    def __init__(self, folder: Path, *services: str, allow: Sequence[str] = (), deliver: DeliverOptions | None = None):
        clock = WallClock()
        self.recorder = Recorder(clock)
        listen = ListenOptions(port=0, redirect=folder, allow=tuple(allow))
        self.stage = Stage(clock=clock, seed=Seed(7), recorder=self.recorder, listen=listen, deliver=deliver)
        for name in services:
            if name in ("zendesk", "intercom", "amocrm"):
                self.stage.add_desk(load_desk(name))
            else:
                self.stage.add(load_platform(name))

    def join(self, platform: str) -> str:
        """An address that bots may write to."""
        if platform == "viber":  # it lets no bot write without
            self.stage.set_webhook(platform, "http://127.0.0.1:9/nobody")
        to = self.stage.join(platform, ANNA, case=f"case {platform}", conv=f"case {platform}/anna")
        self.stage.act(platform, to, Start())
        self.stage.act(platform, to, Write(parts=(Text(text="Hi"),)))
        return to

    def environment(self, given: Mapping[str, str] = {}) -> dict[str, str]:
        """What a bot gets; the one authority of the tests is the world's."""
        compiled = {"PYTHONDONTWRITEBYTECODE": ""}  # some SDKs take a minute to compile
        inherited = {**os.environ, **compiled, **self.stage.environment(), **given}
        return {**inherited, **self.stage.detour(inherited)}

    async def runs(self, *command: str, folder: Path | None = None, **given: str) -> Ended:
        """A program to its end."""
        process = await asyncio.create_subprocess_exec(
            *command,
            env=self.environment(given),
            cwd=folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            async with asyncio.timeout(PATIENCE_S):
                out, err = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.communicate()
            raise
        assert process.returncode is not None
        return Ended(process.returncode, out.decode(), err.decode())

    @asynccontextmanager
    async def serving(self, platform: str, *command: str, **given: str) -> AsyncIterator[None]:
        """While this is entered a program runs that prints its port first, and takes the webhooks of a platform there."""
        process = await asyncio.create_subprocess_exec(
            *command, env=self.environment(given), stdout=asyncio.subprocess.PIPE
        )
        assert process.stdout is not None
        try:
            async with asyncio.timeout(PATIENCE_S):
                port = int(await process.stdout.readline())
            self.stage.set_webhook(platform, f"http://127.0.0.1:{port}/webhooks/{platform}")
            yield
        finally:
            process.kill()
            await process.communicate()

    async def hears(self, count: int) -> list[str]:
        """The words that reached customers, once there are so many."""
        heard = asyncio.Event()
        self.recorder.listen(Took, lambda _: heard.set())
        async with asyncio.timeout(PATIENCE_S):
            while len(self.said) < count:
                heard.clear()
                await heard.wait()
        return self.said

    async def python(self, bot: str, **given: str) -> Ended:
        """A bot of this folder, or a few lines."""
        words = ("-c", bot) if "\n" in bot else (str(BOTS / bot),)
        return await self.runs(sys.executable, *words, **given)

    @property
    def calls(self) -> list[tuple[str, str]]:
        """What the fakes were asked and did."""
        return [(one.platform, one.method) for one in self.recorder.records if isinstance(one, Called) and one.ok]

    @property
    def said(self) -> list[str]:
        """The words that reached customers."""
        took = [one.effect for one in self.recorder.records if isinstance(one, Took)]
        parts = [part for effect in took if isinstance(effect, Sent) for part in effect.message.parts]
        return [part.text for part in parts if isinstance(part, Text)]

    @property
    def barred(self) -> list[tuple[str, int]]:
        """Who was refused."""
        return [(one.host, one.port) for one in self.recorder.records if isinstance(one, Barred)]

    @property
    def attempts(self) -> list[Attempt]:
        return [one for one in self.recorder.records if isinstance(one, Attempt)]
