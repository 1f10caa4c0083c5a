"""One helpdesk for several workers: whoever plays the customer has the ticket."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest

from chatdrill.clock import WallClock
from chatdrill.errors import SettingsError
from chatdrill.model import Customer, TicketOpened
from chatdrill.serve import Client
from chatdrill.trace import Filed
from chatdrill.wire import Desk, HttpRequest, HttpResponse
from chatdrill_fakes.desks.bitrix24 import desk as bitrix24
from chatdrill_fakes.desks.chatwoot import desk as chatwoot
from chatdrill_fakes.desks.chatwoot.rehearsal import Rehearsal as ChatwootBot
from chatdrill_fakes.desks.intercom import desk as intercom
from chatdrill_fakes.desks.intercom.rehearsal import Rehearsal as IntercomBot
from chatdrill_fakes.platforms.telegram import platform as telegram
from serve.doors_kit import PEOPLE, Door, Doorway

DESKS = [(chatwoot, ChatwootBot), (intercom, IntercomBot)]


@pytest.fixture
async def house() -> AsyncIterator[Doorway]:
    house = Doorway([Door(index) for index in range(3)])
    yield house
    await house.close()


def person(key: str) -> Customer:
    number = f"+491515550{PEOPLE.index(key)}000"
    return Customer(key=f"person-{key}", first_name=key.title(), phone=number, email=f"{key}@example.org")


def opened_at(door: Door) -> list[tuple[str | None, str]]:
    return [(one.case, one.event.ticket) for one in door.of(Filed) if isinstance(one.event, TicketOpened)]


async def rehearse(bot: Callable[[Any], Any], environment: Any, work: Callable[[Any, Any], Any]) -> Any:
    """Let a rehearsal, which knows nothing of loops, call from a thread."""
    loop, client = asyncio.get_running_loop(), Client(WallClock().monotonic)

    def call(request: HttpRequest) -> HttpResponse:
        answer = asyncio.run_coroutine_threadsafe(client.send(request, 10.0), loop).result(20.0)
        assert isinstance(answer, HttpResponse), answer
        return answer

    try:
        return await asyncio.to_thread(work, bot(environment), call)
    finally:
        client.close()


@pytest.mark.parametrize(("desk", "bot"), DESKS, ids=["chatwoot", "intercom"])
async def test_a_handover_through_one_door_lands_where_the_customer_is(
    house: Doorway, desk: Desk[Any], bot: Callable[[Any], Any]
) -> None:
    await house.open(telegram, desks=[desk])
    for door, key in zip(house.doors, PEOPLE, strict=True):
        door.stage.join("telegram", person(key), case=key, conv=f"{key}/chat")

    def work(rehearsal: Any, call: Any) -> list[str]:
        tickets = []
        for key in PEOPLE:
            tickets.append(rehearsal.hand_over(call, person(key), [("customer", "where is my parcel")]))
            answer = rehearsal.relay(call, tickets[-1], person(key), "hello?", f"{key}-1")
            assert answer.status < 300, answer.body
        return tickets

    tickets = await rehearse(bot, house.doors[0].stage.environment(), work)
    assert [opened_at(door) for door in house.doors] == [[pair] for pair in zip(PEOPLE, tickets, strict=True)]
    assert len(set(tickets)) == 3


async def test_a_desk_that_cannot_be_divided_is_refused_before_anything_starts(house: Doorway) -> None:
    with pytest.raises(SettingsError, match="bitrix24 cannot be played by several workers"):
        await house.open(telegram, desks=[bitrix24])
