"""Several workers behind one bot: one is lost, slow, a stranger or alone."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from typing import Any

import pytest

from chatdrill.errors import SettingsError, UsageError
from chatdrill.model import (
    Start,
)
from chatdrill.seeds import Seed
from chatdrill.serve import Doors, Fault, ListenOptions
from chatdrill.trace import Called
from chatdrill.wire import HttpFailure, HttpRequest
from chatdrill_fakes.platforms.messenger import platform as messenger
from chatdrill_fakes.platforms.telegram import platform as telegram
from chatdrill_fakes.platforms.whatsapp import platform as whatsapp
from deep import tries
from serve.conftest import Opener
from serve.doors_kit import BOT, PEOPLE, Door, Doorway, say, sent_texts
from serve.toys import Theatre, Toy, until

FILES = BOT.replace("/telegram/", "/telegram/file/")
NUMBER = "/whatsapp/v25.0/441122334455667"
WA, PAGE_TOKEN = "EAAchatdrillwhatsapp", "EAAchatdrillmessenger"
ME = "/messenger/v25.0/me"


# -------------------------------------------------------------------------------------------------- what goes wrong


@pytest.mark.parametrize(
    ("platform", "path", "token", "values"),
    [
        (telegram, f"{BOT}/sendMessage", "", lambda to: {"chat_id": to, "text": "hi"}),
        (
            whatsapp,
            f"{NUMBER}/messages",
            WA,
            lambda to: {"messaging_product": "whatsapp", "to": to, "type": "text", "text": {"body": "hi"}},
        ),
        (messenger, f"{ME}/messages", PAGE_TOKEN, lambda to: {"recipient": {"id": to}, "message": {"text": "hi"}}),
    ],
    ids=["telegram", "whatsapp", "messenger"],
)
async def test_a_dead_owner_is_the_vendors_503_and_the_others_go_on(
    opened: Opener, platform: Any, path: str, token: str, values: Callable[[str], dict[str, Any]]
) -> None:
    house = await opened(platform)
    ids = [door.join(platform.name, key) for door, key in zip(house.doors, PEOPLE, strict=True)]
    for door, id in zip(house.doors, ids, strict=True):
        door.act(platform.name, id, Start() if platform is telegram else say("hello"))
    await house.call("POST", path, token=token, **values(ids[2]))
    await house.doors[2].stage.close()
    async with asyncio.timeout(10.0):
        for _ in range(20):
            status, answer = await house.call("POST", path, token=token, **values(ids[2]))
            assert status == 503 and (answer.get("ok") is False or "error" in answer)
            assert (await house.call("POST", path, token=token, **values(ids[1])))[0] == 200
    assert [what for what in house.doors[0].troubles if what.startswith("door 2")] == house.doors[0].troubles[:1]


async def test_an_owner_that_does_not_answer_costs_the_bot_no_more_than_the_bound(opened: Opener) -> None:
    house = await opened(telegram, count=1, timeout_s=0.05)
    with socket.create_server(("127.0.0.9", 0)) as silent:  # it lets connections in and says nothing
        house.doors[0].stage.meet({5: silent.getsockname()})
        async with asyncio.timeout(5.0):
            status, _ = await house.call("POST", f"{BOT}/sendMessage", chat_id=700000005, text="hi")
    assert status == 503 and "for 0.05 s" in house.doors[0].troubles[0]


async def test_a_slow_answer_of_an_owner_that_is_there_is_waited_for(opened: Opener) -> None:
    house = await opened(telegram, count=2, timeout_s=0.2)
    chat = house.doors[1].join("telegram")
    house.doors[1].act("telegram", chat, Start())
    house.doors[1].stage.break_by(Fault(platform="telegram", where="api", kind="delay", case="anna", delay_s=0.7))
    status, _ = await house.call("POST", f"{BOT}/sendMessage", chat_id=chat, text="hi")
    assert status == 200 and house.doors[1].of(Called)[0].took_s > 0.6


async def test_a_fault_at_the_owners_strikes_through_any_door(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    house.doors[1].stage.break_by(Fault(platform="telegram", where="api", kind="reset", case="boris"))
    body = json.dumps({"chat_id": ids[1], "text": "hi"}).encode()
    request = HttpRequest("POST", house.url(f"{BOT}/sendMessage", 0), (("Content-Type", "application/json"),), body)
    assert isinstance(await house.client.send(request, 5.0), HttpFailure)
    assert (await house.call("POST", f"{BOT}/sendMessage", chat_id=ids[1], text="hi"))[0] == 200


async def test_a_worker_that_comes_back_elsewhere_is_found_again(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    await house.call("POST", f"{BOT}/setMyName", at=2, name="Old")
    await house.doors[2].stage.close()
    await house.call("POST", f"{BOT}/sendMessage", chat_id=ids[2], text="hi")
    again = Door(2)
    house.doors.append(again)
    again.stage.add(telegram, {"rate_limits": "no"})
    await again.stage.open()
    house.introduce(*house.doors[:2], again)
    await until(lambda: any("answers again" in what for what in house.doors[0].troubles))
    assert (await house.call("POST", f"{BOT}/setMyName", at=3, name="New"))[0] == 200
    assert [(await house.call("GET", f"{BOT}/getMyName", at=at))[1]["result"]["name"] for at in (0, 1)] == ["New"] * 2
    chat = again.join("telegram")
    again.act("telegram", chat, Start())
    assert (await house.call("POST", f"{BOT}/sendMessage", chat_id=chat, text="hi"))[0] == 200


async def test_a_stranger_is_not_let_in(opened: Opener) -> None:
    house = await opened(telegram, count=1)
    stranger = Door(1, key="another run's word", timeout_s=1.0)
    house.doors.append(stranger)
    stranger.stage.add(telegram)
    await stranger.stage.open()
    chat = house.doors[0].join("telegram")
    stranger.stage.meet({0: house.doors[0].stage.door_address})
    assert (await house.call("POST", f"{BOT}/sendMessage", at=1, chat_id=chat, text="hi"))[0] == 503
    assert "did not let this door in" in stranger.troubles[0] and not house.doors[0].calls


async def test_the_time_that_a_call_has_spent_travels_with_it(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats
    await house.call("POST", f"{BOT}/sendMessage", chat_id=ids[1], text="hi")
    (called,) = [record for record in house.doors[1].recorder.records if type(record).__name__ == "Called"]
    assert 0 < called.took_s < 1


EACH = tries(300, 1112)
"""Calls by each door in each chat: nine times as many in all."""


async def test_thousands_of_calls_arrive_in_order_and_in_no_other_chat(chats: tuple[Doorway, list[str]]) -> None:
    house, ids = chats

    async def talk(chat: str, at: int) -> None:
        for number in range(EACH):
            answer = await house.call("POST", f"{BOT}/sendMessage", at=at, chat_id=chat, text=f"{chat} {at} {number}")
            assert answer[1]["result"]["text"] == f"{chat} {at} {number}"

    await asyncio.gather(*(talk(chat, at) for chat in ids for at in range(3)))
    for door, chat in zip(house.doors, ids, strict=True):
        texts = sent_texts(door)
        for at in range(3):
            assert [text for text in texts if text.startswith(f"{chat} {at} ")] == [
                f"{chat} {at} {n}" for n in range(EACH)
            ]
        assert len(texts) == 3 * EACH


# ------------------------------------------------------------------------------------------------------- one worker


async def test_a_fake_that_cannot_be_divided_is_refused_before_anything_starts(theatre: Theatre) -> None:
    with pytest.raises(SettingsError, match="one worker"):
        await theatre.open(Toy(), listen=ListenOptions(port=0, doors=Doors(index=0, key="k")))


async def test_a_stage_that_is_alone_has_nobody_to_meet(theatre: Theatre) -> None:
    stage = await theatre.open()
    with pytest.raises(UsageError, match="doors="):
        stage.meet({})
    with pytest.raises(UsageError, match="0 to 99"):
        Door(100)
    with pytest.raises(UsageError, match="need a key"):
        Door(1, key="")


async def test_a_fake_that_breaks_over_a_call_answers_it_where_it_came_in(
    chats: tuple[Doorway, list[str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> str:
        raise RuntimeError("a bug")

    house, ids = chats
    monkeypatch.setattr(type(telegram), "owner_of", broken)
    assert (await house.call("POST", f"{BOT}/sendMessage", chat_id=ids[0], text="hi"))[0] == 200
    assert "finding the owner" in house.doors[0].troubles[0]


def test_what_belongs_to_nobody_is_drawn_the_same_by_all_doors() -> None:
    """Without doors a seed gives the same bytes as ever; the account itself is the same behind all of them."""
    states = [
        platform.open({s.name: s.default for s in platform.settings}, Seed(7).stream("platform", platform.name))
        for platform in (telegram, telegram)
    ]
    assert states[0].next_update_id == states[1].next_update_id
    assert Seed(7).stream("x").digits(9) != Seed(7).door_stream(0, "x").digits(9)
