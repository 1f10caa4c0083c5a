"""One helpdesk for several workers: whoever plays the customer has the ticket."""

from __future__ import annotations

import asyncio
import base64
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from chatdrill.clock import WallClock
from chatdrill.errors import SettingsError
from chatdrill.model import Agent, Customer, EntryAdded, TicketOpened
from chatdrill.serve import Client
from chatdrill.trace import Filed
from chatdrill.wire import Desk, HttpRequest, HttpResponse
from chatdrill_fakes.desks.amocrm import desk as amocrm
from chatdrill_fakes.desks.amocrm.rehearsal import AmoRehearsal as AmoBot
from chatdrill_fakes.desks.bitrix24 import desk as bitrix24
from chatdrill_fakes.desks.bitrix24.hooks import fresh_token
from chatdrill_fakes.desks.bitrix24.rehearsal import Rehearsal as Bitrix24Bot
from chatdrill_fakes.desks.botframework import desk as botframework
from chatdrill_fakes.desks.botframework.rehearsal import Rehearsal as BotFrameworkBot
from chatdrill_fakes.desks.chat2desk import desk as chat2desk
from chatdrill_fakes.desks.chat2desk.rehearsal import Rehearsal as Chat2DeskBot
from chatdrill_fakes.desks.chatwoot import desk as chatwoot
from chatdrill_fakes.desks.chatwoot.rehearsal import Rehearsal as ChatwootBot
from chatdrill_fakes.desks.generic import desk as generic
from chatdrill_fakes.desks.generic.rehearsal import Rehearsal as GenericBot
from chatdrill_fakes.desks.generic.wire import EXAMPLE, declare
from chatdrill_fakes.desks.intercom import desk as intercom
from chatdrill_fakes.desks.intercom.rehearsal import Rehearsal as IntercomBot
from chatdrill_fakes.desks.zendesk import desk as zendesk
from chatdrill_fakes.desks.zendesk.rehearsal import Rehearsal as ZendeskBot
from chatdrill_fakes.platforms.telegram import platform as telegram
from serve.doors_kit import PEOPLE, PNG, Door, Doorway
from serve.toy_desk import ToyDesk

DESKS: dict[str, tuple[Desk[Any], Callable[[Any], Any]]] = {
    "amocrm": (amocrm, AmoBot),
    "bitrix24": (bitrix24, Bitrix24Bot),
    "botframework": (botframework, BotFrameworkBot),
    "chat2desk": (chat2desk, Chat2DeskBot),
    "chatwoot": (chatwoot, ChatwootBot),
    "generic": (generic, GenericBot),
    "intercom": (intercom, IntercomBot),
    "zendesk": (zendesk, ZendeskBot),
}


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
        if request.url.startswith("/"):  # it signs the path alone
            root = environment["AMOCRM_API_ROOT"]
            request = HttpRequest(request.method, f"{root}{request.url}", request.headers, request.body)
        answer = asyncio.run_coroutine_threadsafe(client.send(request, 10.0), loop).result(20.0)
        assert isinstance(answer, HttpResponse), answer
        return answer

    try:
        return await asyncio.to_thread(work, bot(environment), call)
    finally:
        client.close()


@pytest.mark.parametrize(("desk", "bot"), DESKS.values(), ids=list(DESKS))
async def test_a_handover_through_one_door_lands_where_the_customer_is(
    house: Doorway, desk: Desk[Any], bot: Callable[[Any], Any]
) -> None:
    await hand_over_through_every_door(house, desk, bot)


async def test_a_declared_desk_may_have_ids_that_do_not_say_whose_they_are(house: Doorway, tmp_path: Path) -> None:
    file = tmp_path / "desk.yaml"
    file.write_text(EXAMPLE.read_text("utf-8").replace("T-{number}", "T-{number}-X"), "utf-8")
    await hand_over_through_every_door(house, declare("generic", file), GenericBot)


async def hand_over_through_every_door(house: Doorway, desk: Desk[Any], bot: Callable[[Any], Any]) -> None:
    await house.open(telegram, desks=[desk])
    for door, key in zip(house.doors, PEOPLE, strict=True):
        door.stage.join("telegram", person(key), case=key, conv=f"{key}/chat")
    others = [bot(door.stage.environment()) for door in house.doors]

    def work(rehearsal: Any, call: Any) -> list[str]:
        tickets = []
        for key in PEOPLE:
            tickets.append(rehearsal.hand_over(call, person(key), [("customer", "where is my parcel")]))
            for number, other in enumerate((rehearsal, *others)):
                answer = other.relay(call, tickets[-1], person(key), f"hello {number}", f"{key}-{number}")
                assert answer.status < 300, answer.body
        return tickets

    tickets = await rehearse(bot, house.doors[0].stage.environment(), work)
    assert [opened_at(door) for door in house.doors] == [[pair] for pair in zip(PEOPLE, tickets, strict=True)]
    assert len(set(tickets)) == 3
    for door in house.doors:
        said = [one.event.entry.text for one in door.of(Filed) if isinstance(one.event, EntryAdded)]
        assert [text for text in said if text.startswith("hello")] == [f"hello {number}" for number in range(4)]


async def test_a_desk_that_cannot_be_divided_is_refused_before_anything_starts(house: Doorway) -> None:
    with pytest.raises(SettingsError, match="toydesk cannot be played by several workers"):
        await house.open(telegram, desks=[ToyDesk()])


# ------------------------------------------------------------------------------------- what the bot changes itself

HOOK = "http://127.0.0.1:9/desk"


async def test_zendesks_webhook_is_registered_for_all_workers_under_one_id(house: Doorway) -> None:
    await house.open(telegram, desks=[zendesk])
    shape = {"name": "Bot", "endpoint": HOOK, "http_method": "POST", "request_format": "json", "status": "active"}
    shape["subscriptions"] = ["zen:event-type:ticket.created"]  # type: ignore[assignment]
    status, made = await desk_call(house, "zendesk", "POST", "/api/v2/webhooks", at=1, webhook=shape)
    assert status == 201, made
    hooks = [list(state.support_hooks) for state in states(house, "zendesk")]
    assert hooks == [[made["webhook"]["id"]]] * 3


async def test_chat2desks_webhook_is_registered_for_all_workers_under_one_id(house: Doorway) -> None:
    await house.open(telegram, desks=[chat2desk])
    status, made = await desk_call(house, "chat2desk", "POST", "/v1/webhooks", at=2, url=HOOK, events=["outbox"])
    assert status == 200, made
    assert [list(state.hooks) for state in states(house, "chat2desk")] == [[str(made["data"]["id"])]] * 3


async def test_amocrms_webhook_and_tokens_are_those_of_all_workers(house: Doorway) -> None:
    await house.open(telegram, desks=[amocrm])
    asked = {"destination": HOOK, "settings": ["add_lead"]}
    status, made = await desk_call(house, "amocrm", "POST", "/api/v4/webhooks", at=1, **asked)
    assert status == 201, made
    assert [[each.id for each in state.webhooks.values()] for state in states(house, "amocrm")] == [[made["id"]]] * 3


async def test_bitrixs_bot_and_handlers_are_those_of_all_workers(house: Doorway) -> None:
    await house.open(telegram, desks=[bitrix24])
    await desk_call(house, "bitrix24", "POST", "/rest/event.bind", event="ONIMCONNECTORMESSAGEADD", handler=HOOK)
    fields = {"CODE": "b", "TYPE": "O", "EVENT_HANDLER": HOOK, "PROPERTIES": {"NAME": "Bot"}}
    status, made = await desk_call(house, "bitrix24", "POST", "/rest/imbot.register", at=2, **fields)
    assert status == 200, made
    assert [list(state.bots) for state in states(house, "bitrix24")] == [[made["result"]]] * 3
    assert [[each.url for each in state.bindings] for state in states(house, "bitrix24")] == [[HOOK]] * 3


def states(house: Doorway, desk: str) -> list[Any]:
    return [door.stage.bureau.offices[desk].state for door in house.doors]


async def desk_call(house: Doorway, desk: str, method: str, path: str, *, at: int = 0, **values: Any) -> Any:
    """A call with the credentials that the desk's environment has."""
    known = house.doors[0].stage.environment()
    shown = {
        "amocrm": {"Authorization": f"Bearer {known.get('AMOCRM_ACCESS_TOKEN', '')}"},
        "bitrix24": {"Authorization": f"Bearer {known.get('BITRIX24_ACCESS_TOKEN', '')}"},
        "chat2desk": {"Authorization": known.get("CHAT2DESK_TOKEN", "")},
        "zendesk": {"Authorization": f"Bearer {known.get('ZENDESK_OAUTH_TOKEN', '')}"},
    }[desk]
    body = values.pop("items", values)
    headers = {"Content-Type": "application/json", **shown}
    answer = await house.send(method, f"/{desk}{path}", json.dumps(body).encode() if body else b"", headers, at=at)
    return answer.status, json.loads(answer.body or b"null")


# ------------------------------------------------------------------------------------- what is of several workers


async def test_zendesks_upload_at_one_worker_can_be_sent_in_a_ticket_of_another(house: Doorway) -> None:
    await house.open(telegram, desks=[zendesk])
    known = house.doors[0].stage.environment()
    headers = {"Content-Type": "application/binary", "Authorization": f"Bearer {known['ZENDESK_OAUTH_TOKEN']}"}
    answer = await house.send("POST", "/zendesk/api/v2/uploads?filename=a.png", PNG, headers, at=2)
    token = json.loads(answer.body)["upload"]["token"]
    comment = {"body": "see the picture", "uploads": [token]}
    ticket = {"subject": "Parcel", "comment": comment}
    status, made = await desk_call(house, "zendesk", "POST", "/api/v2/tickets", at=1, ticket=ticket)
    assert status == 201, made
    path = f"/api/v2/tickets/{made['ticket']['id']}/comments"
    _, shown = await desk_call(house, "zendesk", "GET", path, at=0)
    (file,) = shown["comments"][0]["attachments"]
    again = await house.send("GET", file["content_url"])
    assert (again.status, again.body) == (200, PNG)


async def test_a_list_of_amocrms_things_is_answered_if_one_worker_holds_them(house: Doorway) -> None:
    await house.open(telegram, desks=[amocrm])
    leads = []
    for at in range(2):
        status, made = await desk_call(house, "amocrm", "POST", "/api/v4/leads", at=at, items=[{"name": "Parcel"}])
        assert status == 200, made
        leads.append(made["_embedded"]["leads"][0]["id"])
    renamed = [{"id": lead, "name": "Other"} for lead in leads]
    assert (await desk_call(house, "amocrm", "PATCH", "/api/v4/leads", at=2, items=renamed[:1]))[0] == 200
    assert (await desk_call(house, "amocrm", "PATCH", "/api/v4/leads", at=2, items=renamed))[0] == 409
    assert "several workers" in house.doors[2].troubles[0]


async def test_a_batch_of_bitrixs_is_answered_if_one_worker_holds_its_things(house: Doorway) -> None:
    await house.open(telegram, desks=[bitrix24])
    made = [await desk_call(house, "bitrix24", "POST", "/rest/crm.contact.add", at=at, fields={}) for at in (0, 1)]
    contacts = [answer["result"] for _, answer in made]
    commands = [f"crm.contact.get?ID={contact}" for contact in contacts]
    status, answer = await desk_call(house, "bitrix24", "POST", "/rest/batch", at=2, cmd=commands[:1])
    assert (status, answer["result"]["result"][0]["ID"]) == (200, str(contacts[0]))
    assert (await desk_call(house, "bitrix24", "POST", "/rest/batch", at=2, cmd=commands))[0] == 409
    mixed = [f"event.unbind?event=ONCRMLEADADD&handler={HOOK}", commands[0]]
    assert (await desk_call(house, "bitrix24", "POST", "/rest/batch", at=2, cmd=mixed))[0] == 409


@pytest.mark.parametrize("method", ["imbot.v2.Event.get", "event.offline.get"])
async def test_events_that_a_bot_would_fetch_from_bitrix_are_refused_loudly(house: Doorway, method: str) -> None:
    await house.open(telegram, desks=[bitrix24])
    assert (await desk_call(house, "bitrix24", "POST", f"/rest/{method}", botId=1))[0] == 409
    assert "one worker only; use one worker, or handlers" in house.doors[0].troubles[0]


async def test_a_token_that_one_workers_event_brought_is_good_at_all(house: Doorway) -> None:
    await house.open(telegram, desks=[bitrix24])
    (state, *_) = states(house, "bitrix24")
    token = fresh_token(state, WallClock().now(), state.settings["user_id"])[0]
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {token}"}
    answers = [await house.send("POST", "/bitrix24/rest/imconnector.list", b"{}", headers, at=at) for at in range(3)]
    assert [answer.status for answer in answers] == [200] * 3


async def test_zendesks_groups_have_one_id_at_all_workers(house: Doorway) -> None:
    await house.open(telegram, desks=[zendesk])
    for door in house.doors:
        door.stage.bureau.offices["zendesk"].desk.hire(
            door.stage.bureau.offices["zendesk"].state, Agent(key=f"bob{door.index}", first_name="Bob", team="Refunds")
        )
    found = [await desk_call(house, "zendesk", "GET", "/api/v2/groups", at=at) for at in range(3)]
    assert len({json.dumps([[each["id"], each["name"]] for each in groups["groups"]]) for _, groups in found}) == 1


async def test_a_word_that_anybody_may_use_does_not_decide_whose_call_it_is(house: Doorway) -> None:
    """The desk knows Anna's metadata ``telegram``; a call about Boris that has this word too is his all the same."""
    await house.open(telegram, desks=[zendesk])
    chats = [
        door.stage.join("telegram", person(key), case=key, conv=f"{key}/chat")
        for door, key in zip(house.doors, PEOPLE, strict=True)
    ]
    app = f"/sc/v2/apps/{house.doors[0].stage.environment()['SUNCO_APP_ID']}"
    for chat in chats:
        user = {"externalId": f"telegram:{chat}", "metadata": {"channel": "telegram"}}
        made = [await sunco(house, f"{app}/users", user)]
        talk = {"type": "personal", "participants": [{"userExternalId": f"telegram:{chat}"}]}
        made.append(await sunco(house, f"{app}/conversations", {**talk, "metadata": {"channel": "telegram"}}))
        assert made == [201, 201]
    assert [len(state.users) for state in states(house, "zendesk")] == [1, 1, 1]


async def sunco(house: Doorway, path: str, body: Any) -> int:
    known = house.doors[0].stage.environment()
    pair = f"{known['SUNCO_KEY_ID']}:{known['SUNCO_KEY_SECRET']}".encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Basic {base64.b64encode(pair).decode()}"}
    return (await house.send("POST", f"/zendesk{path}", json.dumps(body).encode(), headers)).status
