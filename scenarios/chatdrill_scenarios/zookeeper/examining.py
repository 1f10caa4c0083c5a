"""The probe against one bot: on a port of its own in this process, and in real time."""

from __future__ import annotations

import asyncio
import importlib
import threading
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import uvicorn

from chatdrill.clock import WallClock
from chatdrill.engine.bot import free_port
from chatdrill.probe import SERIOUS, Bounds, Examination, Examiner
from chatdrill.run.registry import load_desk, load_platform, load_rehearsal, platform_names
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Recorder

ACK_S, PATIENCE_S, STALL_S, REPLY_S = 3.0, 5.0, 1.0, 2.0
"""The bot is in this process, and its patience is short (below): nothing here takes longer, unless by a defect."""
HASTE = ("SHOEBOT_DEBOUNCE_S=0.05",)
UP_WITHIN_S = 10.0


def examine(app: str, service: str, env: Iterable[str], *, only: Collection[str] = ()) -> list[tuple[str, str]]:
    """What the probe holds against a bot, as the probe's id and what came; of ``only`` these probes, and what they need, if any
    are named; what is minor counts only for those."""
    examination = asyncio.run(_examine(app, service, tuple(env), only))
    return [
        (result.probe, result.outcome.came) for result in examination.of(*(("minor", *SERIOUS) if only else SERIOUS))
    ]


async def _examine(app: str, service: str, env: tuple[str, ...], only: Collection[str]) -> Examination:
    clock = WallClock()
    recorder = Recorder(clock)
    stage = Stage(clock=clock, seed=Seed(1), recorder=recorder, listen=ListenOptions(port=0, control=False))
    is_desk = service not in platform_names()
    for name in platform_names():
        stage.add(load_platform(name))
    if is_desk:
        stage.add_desk(load_desk(service))
    async with stage:
        await stage.fall_silent()
        own = dict(pair.split("=", 1) for pair in (*HASTE, *env))
        variables = {**stage.environment(), **own, **({"SHOEBOT_DESK": service} if is_desk else {})}
        with served(app, variables) as root:
            bounds = Bounds(ack_s=ACK_S, patience_s=PATIENCE_S, stall_s=STALL_S, reply_s=REPLY_S)
            correct = load_rehearsal(service) if is_desk else None
            url = f"{root}/webhooks/{service}"
            examiner = Examiner(stage, recorder, clock, url, service, bounds, correct, only)
            await examiner.examine()
            return examiner.examination


@contextmanager
def served(app: str, variables: Mapping[str, str]) -> Iterator[str]:
    """The bot on a free port, in a thread with a loop of its own; gives the address."""
    module, _, attribute = app.partition(":")
    root = f"http://127.0.0.1:{(port := free_port())}"
    # Some vendors sign the address, so the bot has to know its own.
    application = type(getattr(importlib.import_module(module), attribute))({**variables, "PUBLIC_URL": root})
    server = AnnouncingServer(uvicorn.Config(application, port=port, log_level="critical", loop="asyncio"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    if not server.up.wait(UP_WITHIN_S):
        raise RuntimeError(f"{app} does not come up")
    try:
        yield root
    finally:
        server.should_exit = True
        thread.join(UP_WITHIN_S)


class AnnouncingServer(uvicorn.Server):
    """Says when it is up, and waits for nobody when it goes."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.up = threading.Event()

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        self.up.set()

    async def shutdown(self, sockets: Any = None) -> None:
        for connection in list(self.server_state.connections):
            connection.transport.abort()
        await super().shutdown(sockets)
