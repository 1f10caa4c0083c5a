"""A bot that polls at one of several workers gets the updates of all."""

from __future__ import annotations

import asyncio
import json
from typing import Any

from chatdrill_fakes.platforms.telegram import platform as telegram
from serve.doors_kit import BOT, Door, Doorway, Start, say
from serve.toys import until


async def poll(house: Doorway, *, at: int = 0, **values: Any) -> list[Any]:
    status, answer = await house.call("POST", f"{BOT}/getUpdates", at=at, **values)
    assert status == 200, answer
    return list(answer["result"])


async def fetched(house: Doorway, count: int, *, at: int = 0) -> list[Any]:
    """Poll, and confirm, until so many updates have come."""
    found: list[Any] = []
    while len(found) < count:
        offset = found[-1]["update_id"] + 1 if found else 0
        found += await poll(house, at=at, offset=offset, timeout=20)
    return found


def texts(updates: list[Any]) -> list[str]:
    return [update["message"]["text"] for update in updates]


def waiting(house: Doorway) -> list[int]:
    return [len(door.stage.channels["telegram"].state.outbox) for door in house.doors]


async def test_a_poll_at_any_door_brings_the_updates_of_all_and_ids_only_grow(
    chats: tuple[Doorway, list[str]],
) -> None:
    house, ids = chats
    for number in range(3):
        for door, chat in zip(house.doors, ids, strict=True):
            door.act("telegram", chat, say(f"{door.index} {number}"))
    found = await fetched(house, 12, at=1)
    numbers = [update["update_id"] for update in found]
    assert numbers == sorted(set(numbers))
    for index in range(3):
        own = [text for text in texts(found) if text.startswith(f"{index} ")]
        assert own == [f"{index} {number}" for number in range(3)]


async def test_what_the_bot_confirms_is_done_with_at_its_owner(chats: tuple[Doorway, list[str]]) -> None:
    house, _ = chats
    last = (await fetched(house, 3))[-1]["update_id"]
    assert sum(waiting(house)[1:]) > 0
    await poll(house, offset=last + 1)
    await until(lambda: waiting(house) == [0, 0, 0])
    assert not any(door.troubles for door in house.doors)


async def test_an_update_counts_as_sent_once_the_bot_has_fetched_it(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    await fetched(house, 3)
    stage = house.doors[2].stage
    assert await stage.quiet("telegram", ids[2], timeout_s=5.0)
    house.doors[2].act("telegram", ids[2], say("again"))
    await until(lambda: waiting(house)[0] > 0)  # it was brought to the first door, and lies there
    assert not await stage.quiet("telegram", ids[2], timeout_s=0.05)
    assert "again" in texts(await poll(house, timeout=5))
    assert await stage.quiet("telegram", ids[2], timeout_s=5.0)


async def test_a_long_poll_ends_when_a_customer_of_another_worker_writes(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    last = (await fetched(house, 3))[-1]["update_id"]
    polling = asyncio.create_task(poll(house, at=2, offset=last + 1, timeout=50))
    await until(lambda: house.doors[0].stage.channels["telegram"].state.polling.generation > 1)
    house.doors[1].act("telegram", ids[1], say("hello"))
    assert texts(await asyncio.wait_for(polling, 10)) == ["hello"]


async def test_the_kinds_that_a_bot_asks_for_are_asked_of_all_workers(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    last = (await fetched(house, 3))[-1]["update_id"]
    await poll(house, offset=last + 1, allowed_updates=["callback_query"])
    states = [door.stage.channels["telegram"].state for door in house.doors]
    await until(lambda: all(state.allowed == {"callback_query"} for state in states))
    house.doors[1].act("telegram", ids[1], Start())
    assert waiting(house)[1] == 0


async def test_the_others_are_polled_while_one_is_gone(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    last = (await fetched(house, 3))[-1]["update_id"]
    await house.doors[1].stage.close()
    house.doors[2].act("telegram", ids[2], say("still here"))
    assert texts(await poll(house, offset=last + 1, timeout=20)) == ["still here"]
    await until(lambda: bool(house.doors[0].troubles))
    assert "door 1 (asked by door 0) does not answer" in json.dumps(house.doors[0].troubles)


async def test_a_worker_that_was_started_anew_is_heard_again(chats: tuple[Doorway, list[str]]) -> None:
    house, _ = chats
    last = (await fetched(house, 3))[-1]["update_id"]
    await house.doors[2].stage.close()
    again = Door(2)
    house.doors.append(again)
    again.stage.add(telegram, {"rate_limits": "no"})
    await again.stage.open()
    house.introduce(*house.doors[:2], again)
    again.act("telegram", again.join("telegram", "boris"), say("back"))
    assert texts(await poll(house, offset=last + 1, timeout=20)) == ["back"]
