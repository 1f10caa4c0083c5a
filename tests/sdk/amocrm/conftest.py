"""amocrm-api, unmodified: its host is fixed, so its HTTPS calls go through the redirect to the stage."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

pytest.importorskip("amocrm", reason="amocrm-api is not installed")
pytest.importorskip("trustme", reason="trustme is not installed")

from chatdrill.clock import WallClock
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Called, Recorder
from chatdrill_fakes.desks.amocrm import desk


class Running:
    """A stage with the desk, on a loop in a thread of its own, because the client blocks."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._up, self._down = threading.Event(), threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._run()), daemon=True)
        self._thread.start()
        assert self._up.wait(10)

    async def _run(self) -> None:
        clock = WallClock()
        self.recorder = Recorder(clock)
        listen = ListenOptions(port=0, redirect=self._folder)
        stage = Stage(clock=clock, seed=Seed(5), recorder=self.recorder, listen=listen)
        stage.add_desk(desk)
        async with stage:
            self.environment = stage.environment()
            self._up.set()
            while not self._down.is_set():
                await asyncio.sleep(0.01)

    @property
    def calls(self) -> list[tuple[str, int]]:
        return [(one.method, one.status) for one in self.recorder.records if isinstance(one, Called)]

    def close(self) -> None:
        self._down.set()
        self._thread.join(10)


@pytest.fixture
def running(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    made = Running(tmp_path)
    for name, value in made.environment.items():
        monkeypatch.setenv(name, value)
    yield made
    made.close()
