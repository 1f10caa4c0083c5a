"""What goes wrong around a desk is told: our own bugs in callbacks, and a bot that is restarted."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from chatdrill.errors import BotError
from chatdrill.run.mishaps import told_of_mishaps
from chatdrill.run.reaching import Reach
from chatdrill.serve.chores import Chores
from chatdrill.serve.notes import Notes


async def test_an_error_in_a_callback_of_ours_is_told():
    told: list[str] = []
    with told_of_mishaps(told.append):
        asyncio.get_running_loop().call_soon(Chores._ended, None, None)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    (what,) = told
    assert what.startswith("a callback failed: AttributeError: ")
    assert "_ended (chores.py:" in what


async def test_an_error_in_a_callback_of_the_bots_goes_where_it_went_before():
    told: list[str] = []
    seen: list[Any] = []
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _, context: seen.append(context["exception"]))
    with told_of_mishaps(told.append):
        loop.call_soon(lambda: 1 / 0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    loop.call_soon(lambda: {}["x"])
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    loop.set_exception_handler(None)
    assert (told, [type(error) for error in seen]) == ([], [ZeroDivisionError, KeyError])


def test_a_bug_while_a_webhook_is_delivered_is_a_finding_against_us(drill, monkeypatch):
    def broken(*_: Any, **__: Any) -> None:
        raise ZeroDivisionError("oh")

    monkeypatch.setattr(Notes, "attempt", broken)
    ended = drill.run(bot="good")
    found = [item for item in ended.summary["findings"] if "ZeroDivisionError: oh" in item["message"]]
    assert ended.code != 0
    assert found and {item["fault"] for item in found} == {"harness"}


RESTARTED = """\
name: Restarted
steps:
  - says: {text: Hello there, after: 0s}
  - hears: "You said: Hello there"
  - bot restarts:
  - says: {text: and again, after: 0s}
  - hears: {text: "You said: and again", within: 60s}
"""


def test_a_bot_that_was_restarted_goes_on_and_the_trace_says_since_when_it_was_down(drill):
    ended = drill.run(bot="good", scenario=RESTARTED)
    assert (ended.code, ended.summary["verdict"]) == (0, "pass"), ended.out
    states = [(record["state"], record.get("detail")) for record in drill.trace() if record["kind"] == "bot_state"]
    begins = states.index(("stopped", "restarted by the scenario"))
    assert [state for state, _ in states[begins:]][:4] == ["stopped", "stopped", "started", "ready"]


def test_a_bot_that_somebody_else_started_cannot_be_restarted(drill):
    ended = drill.run(bot=None, scenario=RESTARTED)
    assert ended.code != 0
    assert "Traceback" not in ended.err


def test_a_bot_that_does_not_come_up_again_is_the_bots_fault(drill, monkeypatch):
    start = Reach._start_process
    calls: list[int] = []

    async def once(reach: Reach) -> None:
        calls.append(1)
        if len(calls) > 1:
            raise BotError("it is gone")
        await start(reach)

    monkeypatch.setattr(Reach, "_start_process", once)
    ended = drill.run(bot="good", scenario=RESTARTED)
    found = json.loads(ended.out)["findings"]
    assert not [item for item in found if item["fault"] == "harness"]
    assert "the bot did not come up again: it is gone" in ended.out
