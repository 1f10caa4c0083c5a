"""The echo bot with moods. ``FLAKY=third``: it hears every third message that it ever gets wrongly, whoever wrote it.
``FLAKY=customer``: all messages of every customer whose number has an odd last digit but one, and of nobody else."""

from __future__ import annotations

import itertools
import json
import os
from typing import Any

from cli import echo_app

_count = itertools.count(1)


async def app(scope: Any, receive: Any, send: Any) -> None:
    async def mishear() -> Any:
        event = await receive()
        return {**event, "body": _misheard(event["body"])} if event.get("body") else event

    await echo_app.app(scope, mishear, send)


def _misheard(body: bytes) -> bytes:
    webhook = json.loads(body)
    values = [change["value"] for entry in webhook["entry"] for change in entry["changes"]]
    for message in (message for value in values for message in value.get("messages", [])):
        if _is_wrong(message["from"]):
            message["text"]["body"] = "What?"
    return json.dumps(webhook).encode()


def _is_wrong(sender: str) -> bool:
    return next(_count) % 3 == 0 if os.environ["FLAKY"] == "third" else int(sender[-2]) % 2 == 1
