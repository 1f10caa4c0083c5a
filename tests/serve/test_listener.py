"""Whose request it is, what the platform's waits become, and what is written down."""

from __future__ import annotations

import asyncio
import json

import pytest

from chatdrill.errors import UsageError
from chatdrill.model import Receipt
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Acted, Called, Recorder, Took, Trouble
from serve.toy_clock import ToyClock
from serve.toys import OK, TOKEN, Bot, Theatre, Toy, ask, http_answer, join, port_of, raw, until, write


def of(recorder: Recorder, kind: type) -> list:
    return [record for record in recorder.records if isinstance(record, kind)]


async def test_a_call_is_recorded_with_its_effects(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    anna = join(stage, ahead_s=1000.0)
    status, answer = await ask(stage, "POST", "/toy/send", json.dumps({"to": anna, "text": "hi"}).encode())
    assert (status, answer["id"]) == (200, "b1")
    (called,), (took,) = of(recorder, Called), of(recorder, Took)
    assert (called.method, called.ok, called.conv, called.source) == ("send", True, "case/anna", "http")
    assert (took.call, took.conv, took.effect.message.text) == (called.n, "case/anna", "hi")
    assert called.at == theatre.clock.now() + 1000


async def test_calls_about_a_customer_who_left_are_still_answered_and_recorded(
    theatre: Theatre, recorder: Recorder
) -> None:
    stage = await theatre.open()
    anna = join(stage)
    stage.leave("toy", anna)
    await ask(stage, "POST", "/toy/send", json.dumps({"to": anna, "text": "hi", "later_s": 0}).encode())
    assert of(recorder, Took)[0].conv == "case/anna"
    assert of(recorder, Acted) == []


async def test_what_the_platform_does_later_happens_later(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    anna = join(stage)
    await ask(stage, "POST", "/toy/send", json.dumps({"to": anna, "text": "hi", "later_s": 30}).encode())
    theatre.clock.pass_time(29)
    assert of(recorder, Acted) == []
    theatre.clock.pass_time(1)
    await until(lambda: bool(of(recorder, Acted)))
    (acted,) = of(recorder, Acted)
    assert (acted.cause, acted.act, acted.conv) == ("platform", Receipt(message_id="b1", status="read"), "case/anna")


@pytest.mark.parametrize("path", ["/toy/x/size", "/toy//x/size", "//toy/x/size?a=/b"])
async def test_the_path_prefix_names_the_platform_and_is_taken_off(theatre: Theatre, path: str) -> None:
    stage = await theatre.open()
    assert await ask(stage, "GET", path) == (200, {"size": 0, "path": "/x/size"})


async def test_an_unknown_prefix_is_answered_with_the_nearest(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open(Toy(), Toy("telegram"))
    status, answer = await ask(stage, "GET", "/telegrm/bot1/getMe")
    assert (status, answer["prefixes"]) == (404, ["/toy/", "/telegram/"])
    assert "did you mean 'telegram'?" in answer["error"]
    assert [record.fault for record in of(recorder, Trouble)] == ["bot"]
    assert (await ask(stage, "GET", "/"))[0] == 200


async def test_a_request_without_a_prefix_goes_to_the_platform_that_claims_it(
    theatre: Theatre, recorder: Recorder
) -> None:
    stage = await theatre.open(Toy(), Toy("other"))
    body = json.dumps({"to": join(stage), "text": "hi"}).encode()
    answer = (await ask(stage, "POST", "/toy2/send", body, host="localhost:99"))[1]
    assert answer["base_url"] == "http://localhost:99/toy"
    assert (await ask(stage, "GET", "/other2/size?a=1"))[1]["path"] == "/other2/size"
    assert [record.platform for record in of(recorder, Called)] == ["toy", "other"]


async def test_a_vendors_host_name_leads_to_its_platform(theatre: Theatre) -> None:
    stage = await theatre.open()
    assert (await ask(stage, "GET", "/v1/size", host="API.toy.example:443"))[1]["path"] == "/v1/size"


async def test_platforms_behind_one_host_name_are_told_apart(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open(Toy(), Toy("other"))
    await ask(stage, "GET", "/other/size", host="api.toy.example")
    await ask(stage, "GET", "/toy/size", host="api.toy.example")
    await ask(stage, "GET", "/whose/size", host="api.toy.example")
    assert [record.platform for record in of(recorder, Called)] == ["other", "toy", "toy"]


async def test_a_platform_can_have_a_port_of_its_own(theatre: Theatre) -> None:
    stage = await theatre.open(Toy(), Toy("other"), listen=ListenOptions(port=0, platform_ports={"other": 0}))
    base_url = stage.channels["other"].base_url
    answer = await raw(int(base_url.rpartition(":")[2]), b"GET /a/size HTTP/1.0\r\n\r\n")
    assert b'"path":"/a/size"' in answer
    assert stage.environment()["OTHER_URL"] == base_url
    assert stage.environment()["TOY_URL"] == f"{stage.base_url}/toy"
    with pytest.raises(UsageError, match="did you mean 'toy'"):
        await theatre.open(Toy(), listen=ListenOptions(port=0, platform_ports={"toi": 0}))


@pytest.mark.parametrize(
    ("path", "host", "base_url"),
    [
        ("/toy/send", "localhost:99", "http://localhost:99/toy"),
        ("/send", "api.toy.example", "http://api.toy.example"),
    ],
)
async def test_the_platform_learns_how_the_bot_reached_it(
    theatre: Theatre, path: str, host: str, base_url: str
) -> None:
    stage = await theatre.open()
    body = json.dumps({"to": join(stage), "text": "hi"}).encode()
    assert (await ask(stage, "POST", path, body, host=host))[1]["base_url"] == base_url
    https = await ask(stage, "POST", path, body, "X-Forwarded-Proto: https", host=host)
    assert https[1]["base_url"] == base_url.replace("http:", "https:")


def test_the_environment_is_known_before_the_stage_opens(recorder: Recorder, clock: ToyClock) -> None:
    listen = ListenOptions(host="0.0.0.0", port=7711, platform_ports={"other": 7712})
    stage = Stage(clock=clock, seed=Seed(1), recorder=recorder, listen=listen)
    stage.add(Toy())
    stage.add(Toy("other"))
    found = stage.environment()
    assert found["TOY_URL"] == "http://127.0.0.1:7711/toy"
    assert found["OTHER_URL"] == "http://127.0.0.1:7712"
    assert stage.redact(f"a {TOKEN}") == "a ***"


async def test_a_broken_platform_is_our_fault_and_others_go_on(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    status, answer = await ask(stage, "GET", "/toy/boom")
    assert status == 500
    assert "bug of chatdrill" in answer["error"]
    (trouble,) = of(recorder, Trouble)
    assert trouble.fault == "harness"
    assert "RuntimeError: the toy broke; in do_boom (toys.py:" in trouble.what
    assert (await ask(stage, "GET", "/toy/size"))[0] == 200


async def test_a_long_poll_ends_with_the_first_update_and_a_burst_comes_whole(
    theatre: Theatre, recorder: Recorder
) -> None:
    stage = await theatre.open()
    anna = join(stage)
    polling = asyncio.create_task(ask(stage, "GET", "/toy/poll?timeout=30"))
    listeners = stage.channels["toy"].state.outbox.listeners
    await until(lambda: len(listeners) == 2)
    stage.act("toy", anna, write("one|two"))
    _, updates = await polling
    assert [update["text"] for update in updates] == ["one", "two"]
    assert len(listeners) == 1
    assert await stage.quiet("toy", anna, timeout_s=0)


async def test_a_long_poll_times_out_with_nothing(theatre: Theatre) -> None:
    stage = await theatre.open()
    assert await ask(stage, "GET", "/toy/poll?timeout=0.02") == (200, [])


async def test_a_polled_channel_is_quiet_once_the_bot_was_sent_the_updates(theatre: Theatre) -> None:
    stage = await theatre.open()
    anna, boris = join(stage), join(stage, "boris")
    stage.act("toy", anna, write("one"))
    assert not await stage.quiet("toy", anna, timeout_s=0.01)
    waiting = asyncio.create_task(stage.quiet("toy", anna, timeout_s=5))
    assert not stage.channels["toy"].polled
    await ask(stage, "GET", "/toy/poll")
    assert await waiting
    assert stage.channels["toy"].polled
    stage.act("toy", boris, write("two"))
    assert not await stage.quiet("toy", boris, timeout_s=0.01)
    await ask(stage, "GET", "/toy/poll?offset=3")
    assert await stage.quiet("toy", boris, timeout_s=0)


async def test_a_client_that_goes_away_leaves_its_long_poll_behind(theatre: Theatre) -> None:
    stage = await theatre.open()
    _, writer = await asyncio.open_connection("127.0.0.1", port_of(stage))
    writer.write(b"GET /toy/poll?timeout=60 HTTP/1.1\r\nHost: x\r\n\r\n")
    listeners = stage.channels["toy"].state.outbox.listeners
    await until(lambda: len(listeners) == 2)
    writer.close()
    await until(lambda: len(listeners) == 1)


async def test_a_file_on_the_loopback_is_fetched(theatre: Theatre, bot: Bot) -> None:
    stage = await theatre.open()
    bot.script(
        http_answer(200, b"x" * 500, "Content-Type: image/png; q=1"),
        http_answer(404),
        http_answer(302, b"", "Location: http://127.0.0.1/"),
        http_answer(200, b"x" * 2000),
        None,
        None,  # the client tries a fresh connection once
    )
    found = [(await ask(stage, "GET", f"/toy/fetch?url={bot.url}"))[1] for _ in range(5)]
    assert found[0] == {"size": 500, "type": "image/png", "error": None}
    assert [answer["error"] for answer in found[1:]] == ["status 404", "status 302", "too big", "reset"]


@pytest.mark.parametrize(
    ("url", "error"),
    [
        ("http://127.0.0.1:1/x", "refused"),
        ("http://192.0.2.1/x", "unreachable"),
        ("https://example.com/x", "unreachable"),
        ("http://localhost.example.com/x", "unreachable"),
        ("file:///etc/passwd", "unreachable"),
        ("http://[::1/", "unreachable"),
        ("nonsense", "unreachable"),
    ],
)
async def test_only_the_loopback_is_visited(theatre: Theatre, url: str, error: str) -> None:
    stage = await theatre.open()
    assert (await ask(stage, "GET", f"/toy/fetch?url={url}"))[1]["error"] == error


async def test_a_slow_fetch_does_not_hold_up_others(theatre: Theatre, bot: Bot) -> None:
    gate = asyncio.Event()

    async def answer(_: bytes) -> bytes:
        await gate.wait()
        return OK

    bot.answer = answer
    stage = await theatre.open()
    slow = asyncio.create_task(ask(stage, "GET", f"/toy/fetch?url={bot.url}"))
    await until(lambda: bool(bot.heads))
    assert (await ask(stage, "GET", "/toy/size"))[0] == 200
    gate.set()
    assert (await slow)[1]["size"] == 2


async def test_secrets_do_not_reach_the_trace(theatre: Theatre, recorder: Recorder, bot: Bot) -> None:
    stage = await theatre.open(webhook=bot.url + f"?key={TOKEN}")
    anna = join(stage)
    stage.act("toy", anna, write(f"my token is {TOKEN}"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    body = json.dumps({"to": anna, "text": f"a {TOKEN} b"}).encode()
    await ask(stage, "POST", f"/toy/bot{TOKEN}/send", body)
    await ask(stage, "GET", f"/toy/{TOKEN.replace('+', '%2B').replace(':', '%3A')}/none/{TOKEN}")
    await ask(stage, "GET", f"/{TOKEN}/x")
    text = "\n".join(repr(record) for record in recorder.records)
    assert "secret" not in text
    assert "a *** b" in text
    assert "my token is ***" in text
    assert TOKEN in bot.texts[0]
