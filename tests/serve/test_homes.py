"""Public addresses of the bot: requests go where the bot is on this machine, and look as if they came from outside."""

from __future__ import annotations

import asyncio

import pytest

from chatdrill.errors import BotError
from chatdrill.serve.client import Client
from chatdrill.serve.fetcher import fetch
from chatdrill.serve.homes import Homes
from chatdrill.wire import Fetch, HttpFailure, HttpRequest, HttpResponse
from serve.toys import Bot

PUBLIC = "https://bot.acme.example/hook?a=b"


async def answered(homes: Homes, url: str) -> HttpResponse | HttpFailure:
    client = Client(asyncio.get_running_loop().time, homes=homes)
    try:
        return await client.send(HttpRequest("POST", url, (("A", "b"),), b"{}"), 5.0)
    finally:
        client.close()


def origin(bot: Bot) -> str:
    return bot.url.rsplit("/", 1)[0]


async def test_a_request_keeps_the_host_that_it_was_meant_for(bot: Bot) -> None:
    answer = await answered(Homes({"bot.acme.example": origin(bot)}), PUBLIC)
    assert isinstance(answer, HttpResponse) and answer.status == 200
    line, *headers = bot.heads[0].decode().splitlines()
    assert line == "POST /hook?a=b HTTP/1.1"
    assert {"Host: bot.acme.example", "X-Forwarded-Proto: https", "X-Forwarded-Host: bot.acme.example", "A: b"} <= {
        *headers
    }


async def test_who_is_asked_once_is_believed_until_the_bot_comes_up_again(bot: Bot) -> None:
    homes, asked = Homes(), []
    homes.ask = lambda host: asked.append(host) or origin(bot)  # type: ignore[func-returns-value]
    for _ in range(2):
        await answered(homes, PUBLIC)
    assert asked == ["bot.acme.example"] and homes.knows("bot.acme.example")
    homes.forget()
    assert not homes.knows("bot.acme.example")


async def test_the_internet_is_never_visited_and_what_to_say_is_said() -> None:
    answer = await answered(Homes(), PUBLIC)
    assert isinstance(answer, HttpFailure) and "--public-host bot.acme.example=" in answer.detail


async def test_a_question_that_has_no_answer_is_told() -> None:
    def ask(_: str) -> str:
        raise BotError("several ports")

    homes = Homes()
    homes.ask = ask
    answer = await answered(homes, PUBLIC)
    assert isinstance(answer, HttpFailure) and answer.detail == "several ports"
    with pytest.raises(BotError, match="several ports"):
        homes.local(PUBLIC)


async def test_files_are_read_from_hosts_that_are_known_to_be_the_bots_and_from_no_others(bot: Bot) -> None:
    homes = Homes({"bot.acme.example": origin(bot)})
    homes.ask = lambda _: origin(bot)
    client = Client(asyncio.get_running_loop().time, homes=homes)
    found = await fetch(client, Fetch((PUBLIC, "https://cdn.example/a.png")))
    client.close()
    assert (found[PUBLIC].status, found["https://cdn.example/a.png"].error) == (200, "unreachable")


@pytest.mark.parametrize(
    ("url", "local"),
    [
        (PUBLIC, "http://127.0.0.1:3000/hook?a=b"),
        ("http://127.0.0.1:8080/x", "http://127.0.0.1:8080/x"),
        ("https://other.example/x", None),
        ("nonsense", None),
    ],
)
def test_where_an_address_is_on_this_machine(url: str, local: str | None) -> None:
    assert Homes({"bot.acme.example": "http://127.0.0.1:3000"}).local(url) == local
