"""`python -m chatdrill_scenarios.shoebot`"""

from __future__ import annotations

import asyncio
import logging
import os
from types import FrameType

import uvicorn

from .config import Settings
from .web import Application


class RestfulServer(uvicorn.Server):
    """uvicorn wakes ten times a second to look whether it should go; this one sleeps until it is told to.

    What it does in between, the date header, is switched off. In a month without customers nothing happens here.
    """

    async def main_loop(self) -> None:
        await self.on_tick(0)  # the default headers
        self._loop, self._leaving = asyncio.get_running_loop(), asyncio.Event()
        if not self.should_exit:
            await self._leaving.wait()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        super().handle_exit(sig, frame)
        if hasattr(self, "_leaving"):  # it may be told to go before it has begun
            self._loop.call_soon_threadsafe(self._leaving.set)


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(levelname)s %(message)s")
    settings = Settings.read(os.environ)
    config = uvicorn.Config(
        Application(),
        host=settings["SHOEBOT_HOST"],
        port=int(settings["PORT"]),
        log_level="warning",
        access_log=False,
        date_header=False,
        loop="asyncio",  # whose timers a preloaded clock moves to the second; those of libuv come late
    )
    RestfulServer(config).run()


if __name__ == "__main__":
    main()
