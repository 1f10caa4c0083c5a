"""Bots that die, hang or speak nonsense: the examination ends in time, and says so."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from chatdrill.probe import SERIOUS, Examination
from probe.conftest import Place
from serve.toys import Toy

Talk = Callable[[bytes], bytes | None]


@asynccontextmanager
async def raw_server(talk: Talk) -> AsyncIterator[tuple[str, asyncio.Server]]:
    """Answers each connection once, by what ``talk`` makes of the first bytes; ``None`` leaves it open."""

    writers: list[asyncio.StreamWriter] = []

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writers.append(writer)
        try:
            answer = talk(await reader.read(65536))
            if answer is not None:
                writer.write(answer)
                writer.close()
        except OSError:
            pass

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/hook", server
    finally:
        server.close()
        for writer in writers:
            writer.transport.abort()
        await asyncio.gather(*(writer.wait_closed() for writer in writers), return_exceptions=True)


def verdicts(examination: Examination) -> dict[str, str]:
    return {each.probe: each.verdict for each in examination.results}


async def test_a_bot_that_never_answers_costs_no_more_than_the_time(place: Place) -> None:
    async with raw_server(lambda _: None) as (url, _):
        examination = await place.examine(url, patience_s=0.05, whole_s=1.0)
    found = verdicts(examination)
    assert found["good-webhook"] == "critical" and found["acknowledgement"] == "not applicable"
    assert examination.took_s < 3


async def test_when_the_time_is_over_the_rest_is_said_not_to_be_tried(place: Place) -> None:
    async with raw_server(lambda _: None) as (url, _):
        examination = await place.examine(url, whole_s=0.4)
    assert {each.verdict for each in examination.results} == {"not applicable"}
    assert "the time was over" in examination.results[-1].outcome.reason


async def test_nonsense_instead_of_http_is_a_finding_and_no_crash(place: Place) -> None:
    async with raw_server(lambda _: b"\x00\x01 hello") as (url, _):
        examination = await place.examine(url)
    good = next(each for each in examination.results if each.probe == "good-webhook")
    assert good.verdict == "critical" and "not HTTP" in good.outcome.came


async def test_a_platform_that_declares_nothing_is_examined_as_far_as_it_goes() -> None:
    """It signs nothing: that is minor, and not the bot's fault."""
    place = Place()
    place.stage.add(Toy())
    async with place.stage, raw_server(lambda _: b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n") as (url, _):
        found = verdicts(await place.examine(url, "toy"))
    assert found["good-webhook"] == found["unknown-fields"] == found["text-emoji"] == "passed"
    assert found["signature-missing"] == "minor" and found["unknown-event"] == "not applicable"


async def test_a_bot_that_goes_away_is_named_with_what_it_was_sent(place: Place) -> None:
    gone: list[asyncio.Server] = []

    def talk(data: bytes) -> bytes:
        if b"chatdrill_novelty" in data:
            gone[0].close()
        return b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"

    async with raw_server(talk) as (url, server):
        gone.append(server)
        examination = await place.examine(url, "telegram")
    dead = examination.of(*SERIOUS)[-1]
    assert dead.verdict == "critical" and "'unknown-event'" in dead.outcome.reason
    after = examination.results[examination.results.index(dead) + 1 :]
    assert {each.verdict for each in after} == {"not applicable"}
