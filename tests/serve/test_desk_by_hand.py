"""Being an agent with curl: the door ``agent`` of the control API."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatdrill.model import EntryAdded, OwnerChanged
from chatdrill.serve import Stage
from chatdrill.trace import Filed, Recorder
from serve.toy_desk import ToyDesk
from serve.toys import Bot, Theatre, Toy, ask, join


async def staged(theatre: Theatre, webhook: str | None = None, *, tickets: int = 1) -> Stage:
    stage = await theatre.open(Toy(), desks=(ToyDesk(),), webhook=webhook)
    join(stage)
    for _ in range(tickets):
        await ask(stage, "POST", "/toydesk/tickets", b'{"who": "toy:toy-1"}')
    return stage


async def agent(stage: Stage, **body: Any) -> tuple[int, Any]:
    return await ask(stage, "POST", "/_chatdrill/agent", json.dumps(body).encode())


async def test_a_person_with_curl_takes_answers_and_closes(theatre: Theatre, recorder: Recorder, bot: Bot) -> None:
    stage = await staged(theatre, bot.url)
    assert await agent(stage, agent="bob", act="accept") == (
        200,
        {"ticket": "1", "agent": "bob", "owner": "agent", "events": []},
    )
    assert (await agent(stage, text="Hello"))[1]["events"] == ["entry_added"]
    assert (await agent(stage, ticket="1", act="close"))[1]["owner"] == "bot"
    assert await stage.quiet("toy", "toy-1", timeout_s=5)
    assert [json.loads(body)["kind"] for body in bot.bodies] == ["reply", "closed"]
    owners = [one for one in recorder.records if isinstance(one, Filed) and isinstance(one.event, OwnerChanged)]
    assert [(one.event.owner, one.by) for one in owners] == [("queue", "bot"), ("agent", "agent"), ("bot", "agent")]


async def test_the_newest_ticket_is_meant_where_none_is_named(theatre: Theatre, recorder: Recorder) -> None:
    stage = await staged(theatre, tickets=2)
    await agent(stage, agent="bob", text="Hello")
    (said,) = [one for one in recorder.records if isinstance(one, Filed) and isinstance(one.event, EntryAdded)]
    assert said.event.ticket == "2"


async def test_whoever_is_new_is_hired_and_the_state_shows_them(theatre: Theatre) -> None:
    stage = await staged(theatre)
    whole = {"key": "ola", "first_name": "Ola", "languages": ["pl"]}
    assert (await agent(stage, agent=whole, act="accept"))[0] == 200
    desk = (await ask(stage, "GET", "/_chatdrill/state"))[1]["desks"]["toydesk"]
    assert (desk["agents"], desk["tickets"][0]["owner"]) == (["ola"], "agent")
    seat = stage.bureau.office("toydesk").state.seats["ola"]
    assert (seat.agent.languages, seat.agent.email) == (("pl",), "ola@desk.example.org")


async def test_whoever_a_ticket_is_passed_to_is_hired_too(theatre: Theatre) -> None:
    stage = await staged(theatre)
    await agent(stage, agent="bob", act={"act": "transfer", "to_agent": "ola"})
    assert set(stage.bureau.office("toydesk").state.seats) == {"bob", "ola"}


async def test_whoever_has_the_ticket_speaks_where_nobody_is_named(theatre: Theatre) -> None:
    stage = await staged(theatre)
    await agent(stage, agent="bob", act="accept")
    assert (await agent(stage, text="Hi"))[1]["agent"] == "bob"


@pytest.mark.parametrize(
    ("body", "status", "why"),
    [
        ({"act": "acept"}, 400, "an agent does not 'acept'; did you mean 'accept'?"),
        ({"act": {"act": "note", "txt": "x"}}, 400, "there is no 'txt' in 'note'; did you mean 'text'?"),
        ({"act": "note"}, 400, "note: Object missing required field `text`"),
        ({"act": "elapse"}, 400, "an agent does not 'elapse'"),
        ({"ticket": "7", "act": "accept"}, 422, "toydesk has no ticket '7'; known: 1"),
        ({"desk": "toydsk", "act": "accept"}, 422, "there is no desk 'toydsk' on this stage; did you mean 'toydesk'?"),
        ({"act": {"act": "note", "text": "x"}}, 422, "toys keep no notes"),
        ({"acts": "accept"}, 400, "did you mean 'act'?"),
        ({}, 400, 'name an "act" or a "text"; acts are accept, decline'),
    ],
)
async def test_a_mistake_is_answered_with_the_nearest_valid_thing(
    theatre: Theatre, body: dict[str, Any], status: int, why: str
) -> None:
    answered, said = await agent(await staged(theatre), **body)
    assert (answered, why in said["error"]) == (status, True), said


async def test_without_a_desk_or_a_ticket_that_is_said(theatre: Theatre) -> None:
    assert await agent(await staged(theatre, tickets=0), act="accept") == (
        422,
        {"error": "toydesk has no ticket yet: the bot has made none"},
    )
    assert (await agent(await theatre.open(Toy()), act="accept"))[1]["error"].startswith("there is no helpdesk here")
