"""One worker as a program: a stage with Telegram, told and asked by lines of JSON on its standard streams."""

from __future__ import annotations

import asyncio
import json
import sys
from typing import Any

from chatdrill.model import Start
from chatdrill.serve import run
from chatdrill_fakes.platforms.telegram import platform
from serve.doors_kit import Door


async def main(index: int) -> None:
    """Open a door, say where it is, and do what the lines say until there are no more."""
    door = Door(index)
    door.stage.add(platform, {"rate_limits": "no"})
    await door.stage.open()
    chat = door.join("telegram")
    door.act("telegram", chat, Start())
    tell({"url": door.stage.base_url, "door": door.stage.door_address, "chat": chat})
    while line := await asyncio.to_thread(sys.stdin.readline):
        order = json.loads(line)
        if "meet" in order:
            door.stage.meet({int(index): tuple(address) for index, address in order["meet"].items()})
        tell({"calls": len(door.calls), "troubles": door.troubles})
    await door.stage.close()


def tell(what: Any) -> None:
    """Answer with a line."""
    sys.stdout.write(json.dumps(what) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    run(main(int(sys.argv[1])))
