"""The control API and the faults that are injected by it."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from chatdrill.model import Text
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Acted, Attempt, Called, Dropped, Recorder, Took
from serve.toy_clock import ToyClock
from serve.toys import TOKEN, Bot, Theatre, ask, http_answer, join, port_of, raw, until, write


def of(recorder: Recorder, kind: type) -> list:
    return [record for record in recorder.records if isinstance(record, kind)]


async def control(stage: Stage, method: str, path: str, body: Any = None) -> tuple[int, Any]:
    return await ask(stage, method, f"/_chatdrill/{path}", b"" if body is None else json.dumps(body).encode())


async def test_the_state_shows_channels_chats_and_the_clock(theatre: Theatre) -> None:
    stage = await theatre.open(webhook="http://user:pw@127.0.0.1:1/hook")
    stage.act("toy", join(stage), write("one|two"))
    status, state = await control(stage, "GET", "state")
    toy = state["channels"]["toy"]
    assert (status, toy["pending"], toy["webhook_url"]) == (200, 2, "http://127.0.0.1:1/hook")
    assert toy["chats"][0] | {"iso": ""} == {
        "to": "toy-1",
        "customer": "anna",
        "conv": "case/anna",
        "messages": 2,
        "pending": 2,
        "iso": "",
    }
    assert state["clock"]["iso"] == "2027-01-15T08:00:00Z"


async def test_the_environment_points_a_bot_here(theatre: Theatre) -> None:
    stage = await theatre.open()
    status, env = await control(stage, "GET", "env")
    assert (status, env) == (200, stage.environment())
    assert env["TOY_TOKEN"] == TOKEN
    assert env["CHATDRILL_SEED"] == "7"


async def test_the_tail_of_the_trace_is_json_lines(theatre: Theatre) -> None:
    stage = await theatre.open()
    stage.act("toy", join(stage), write("hello"))
    stage.act("toy", "toy-1", write("again"))
    answer = await raw(port_of(stage), b"GET /_chatdrill/trace?tail=1 HTTP/1.0\r\nHost: localhost\r\n\r\n")
    lines = answer.partition(b"\r\n\r\n")[2].splitlines()
    assert [json.loads(line)["n"] for line in lines] == [1]
    status, answer = await control(stage, "GET", "trace?tail=x")
    assert (status, answer["error"]) == (400, "tail must be a whole number, not 'x'")


async def test_the_trace_streams_live_from_where_a_client_was(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    anna = join(stage)
    for text in ("zero", "one", "two"):
        stage.act("toy", anna, write(text))
    reader, writer = await asyncio.open_connection("127.0.0.1", port_of(stage))
    writer.write(b"GET /_chatdrill/trace/stream HTTP/1.1\r\nHost: localhost\r\nLast-Event-ID: 0\r\n\r\n")
    assert b"Content-Type: text/event-stream" in await reader.readuntil(b"\r\n\r\n")
    seen = [await reader.readuntil(b"\n\n") for _ in range(3)]
    stage.act("toy", anna, write("three"))
    seen.append(await reader.readuntil(b"\n\n"))
    assert [event.split(b"\n")[0] for event in seen] == [b"id: 1", b"id: 2", b":", b"id: 3"]
    assert json.loads(seen[3].split(b"data: ")[1])["act"]["parts"][0]["text"] == "three"
    writer.close()
    await until(lambda: not recorder.listeners)


async def test_a_stream_ends_when_the_stage_closes(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    watching = asyncio.create_task(
        raw(port_of(stage), b"GET /_chatdrill/trace/stream HTTP/1.1\r\nHost: localhost\r\n\r\n", end=False)
    )
    await until(lambda: bool(recorder.listeners))
    await stage.close()
    assert b"text/event-stream" in await watching
    assert recorder.listeners == []


async def test_a_watcher_that_does_not_read_is_cut_off(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    anna = join(stage)
    _, writer = await asyncio.open_connection("127.0.0.1", port_of(stage), limit=1024)
    writer.write(b"GET /_chatdrill/trace/stream HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await until(lambda: bool(recorder.listeners))
    for _ in range(40):
        stage.act("toy", anna, write("x" * 1_000_000))
    await until(lambda: not recorder.listeners)
    writer.close()


async def test_a_customer_can_be_driven_by_hand(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    _, first = await control(stage, "POST", "act", {"platform": "toy", "customer": "anna", "text": "hi"})
    act = {"act": "write", "parts": [{"part": "text", "text": "again"}]}
    _, second = await control(stage, "POST", "act", {"platform": "toy", "customer": "anna", "act": act})
    _, third = await control(stage, "POST", "act", {"platform": "toy", "to": first["to"], "text": "and again"})
    assert {first["to"], second["to"], third["to"]} == {"toy-1"}
    assert [acted.conv for acted in of(recorder, Acted)] == ["by hand/anna"] * 3


@pytest.mark.parametrize(
    ("method", "path", "body", "status", "error"),
    [
        ("GET", "stat", None, 404, "did you mean 'state'?"),
        ("DELETE", "state", None, 405, "takes GET, not DELETE"),
        ("POST", "act", {"platfrom": "toy"}, 400, "did you mean 'platform'?"),
        ("POST", "act", {"platform": "toi", "text": "x"}, 422, "did you mean 'toy'?"),
        ("POST", "act", {"platform": "toy", "act": {"act": "writ"}}, 400, "did you mean 'write'?"),
        ("POST", "act", {"platform": "toy"}, 400, 'name an "act"'),
        ("POST", "act", {"platform": "toy", "act": {"act": "typing"}}, 422, "toy has no typing"),
        ("POST", "act", {"platform": "toy", "to": "x", "text": "x"}, 422, "no customer with the address 'x'"),
        ("POST", "faults", {"where": "api", "kind": "duplicate"}, 400, "known: status, delay, reset, drop"),
        ("POST", "faults", {"where": "ap", "kind": "delay"}, 400, "did you mean 'api'?"),
        ("POST", "faults", {"where": "api", "kind": "status", "status": 99}, 400, "status must be 200-599"),
        ("POST", "faults", {"where": "api", "kind": "delay", "platform": "toi"}, 422, "did you mean 'toy'?"),
    ],
)
async def test_a_wrong_request_is_answered_with_what_was_meant(
    theatre: Theatre, method: str, path: str, body: Any, status: int, error: str
) -> None:
    stage = await theatre.open()
    found, answer = await control(stage, method, path, body)
    assert found == status
    assert error in answer["error"]


async def send_form(stage: Stage, *parts: bytes) -> tuple[int, Any]:
    body = b"".join(b"--b\r\nContent-Disposition: form-data; " + part + b"\r\n" for part in parts) + b"--b--\r\n"
    return await ask(stage, "POST", "/_chatdrill/act", body, "Content-Type: multipart/form-data; boundary=b")


PLATFORM, TEXT = b'name="platform"\r\n\r\ntoy', b'name="text"\r\n\r\nlook'


async def test_a_form_sends_files_as_what_they_are_named(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    photo = b'name="photo"; filename="torn.jpg"\r\n\r\n\xff\xd8\xff\xe0'
    status, _ = await send_form(stage, photo, PLATFORM, TEXT, b'name="voice"; filename="v.ogg"\r\n\r\nOggS')
    acted = of(recorder, Acted)[0].act
    assert status == 200
    assert [(part.kind, part.file.name, part.caption) for part in acted.parts] == [
        ("photo", "torn.jpg", Text(text="look")),
        ("voice", "v.ogg", None),
    ]
    assert stage.channels["toy"].state.blobs.get(acted.parts[0].file.sha256) == b"\xff\xd8\xff\xe0"


async def test_a_form_without_files_is_words_and_a_wrong_one_is_explained(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    await send_form(stage, PLATFORM, TEXT)
    assert of(recorder, Acted)[0].act == write("look")
    status, answer = await send_form(stage, PLATFORM, b'name="foto"; filename="a"\r\n\r\nx')
    assert (status, "did you mean 'photo'?" in answer["error"]) == (400, True)


async def test_a_body_that_is_no_json_is_refused(theatre: Theatre) -> None:
    stage = await theatre.open()
    status, answer = await ask(stage, "POST", "/_chatdrill/act", b"{")
    assert status == 400
    assert answer["error"].startswith("the body is not JSON")


async def test_only_loopback_names_are_answered(theatre: Theatre) -> None:
    stage = await theatre.open()
    for host in ("evil.example", "evil.example:7700", "127.0.0.1.evil.example", ""):
        assert (await ask(stage, "GET", "/_chatdrill/env", host=host))[0] == 403
    for host in ("localhost:7700", "[::1]:7700", "127.9.9.9", "[::1]"):
        assert (await ask(stage, "GET", "/_chatdrill/env", host=host))[0] == 200


async def test_web_pages_from_elsewhere_are_not_answered(theatre: Theatre) -> None:
    stage = await theatre.open()
    for origin, status in (("https://evil.example", 403), ("null", 403), ("http://localhost:7700", 200)):
        assert (await ask(stage, "POST", "/_chatdrill/reset", b"", f"Origin: {origin}"))[0] == status


async def test_the_control_api_can_be_switched_off(theatre: Theatre) -> None:
    stage = await theatre.open(listen=ListenOptions(port=0, control=False))
    assert (await control(stage, "GET", "state"))[0] == 404


async def test_a_reset_forgets_chats_and_queues(theatre: Theatre, clock: ToyClock, bot: Bot) -> None:
    bot.script(*[http_answer(500)] * 9)
    stage = await theatre.open(webhook=bot.url)
    stage.act("toy", join(stage), write("hello"))
    await until(lambda: clock.slept == [0.0, 2.0])
    await control(stage, "POST", "reset")
    clock.pass_time(100)
    channel = (await control(stage, "GET", "state"))[1]["channels"]["toy"]
    assert (channel["pending"], channel["chats"], channel["webhook_url"]) == (0, [], bot.url)
    assert len(bot.bodies) == 2


async def fault(stage: Stage, **fields: Any) -> None:
    status, _ = await control(stage, "POST", "faults", fields)
    assert status == 201


async def send(stage: Stage, to: str) -> tuple[int, Any]:
    return await ask(stage, "POST", "/toy/send", json.dumps({"to": to, "text": "hi"}).encode())


async def test_an_injected_status_strikes_once_and_is_noted(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    anna = join(stage)
    await fault(stage, where="api", kind="status", status=429, retry_after_s=7, match="se*", body='{"ok":false}')
    answer = await raw(port_of(stage), b"POST /toy/send HTTP/1.0\r\n\r\n", end=False)
    assert answer.startswith(b"HTTP/1.1 429 ")
    assert b"Retry-After: 7\r\n" in answer
    assert answer.endswith(b'{"ok":false}')
    assert (await send(stage, anna))[0] == 200
    assert [record.note for record in of(recorder, Called)] == ["fault: answered 429 instead of being handled", None]
    assert len(of(recorder, Took)) == 1


async def test_an_injected_status_without_a_body_is_worded_by_the_platform(theatre: Theatre) -> None:
    stage = await theatre.open()
    anna = join(stage)
    await fault(stage, where="api", kind="status", status=429, retry_after_s=7)
    assert await send(stage, anna) == (429, {"toy": "says no", "status": 429, "retry_after": 7})


async def test_a_fault_keeps_to_its_platform_method_and_number(theatre: Theatre) -> None:
    stage = await theatre.open()
    anna = join(stage)
    await fault(stage, where="api", kind="status", match="poll", times=2, platform="toy")
    assert (await send(stage, anna))[0] == 200
    found = [(await ask(stage, "GET", "/toy/poll"))[0] for _ in range(3)]
    assert found == [500, 500, 200]


async def test_a_dropped_answer_leaves_the_effect(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    anna = join(stage)
    await fault(stage, where="api", kind="drop")
    body = json.dumps({"to": anna, "text": "hi"}).encode()
    head = f"POST /toy/send HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    assert await raw(port_of(stage), head + body, end=False) == b""
    assert len(of(recorder, Took)) == 1


async def test_a_reset_call_has_no_effect(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    join(stage)
    await fault(stage, where="api", kind="reset")
    with pytest.raises(ConnectionResetError):
        await raw(port_of(stage), b"POST /toy/send HTTP/1.1\r\nHost: x\r\n\r\n", end=False)
    assert of(recorder, Took) == []


async def test_a_delayed_call_is_answered_later(theatre: Theatre, recorder: Recorder) -> None:
    stage = await theatre.open()
    await fault(stage, where="api", kind="delay", delay_s=0.05)
    assert (await send(stage, join(stage)))[0] == 200
    (called,) = of(recorder, Called)
    assert called.took_s >= 0.05
    assert called.note == "fault: held up for 0.05 s"


async def deliver(theatre: Theatre, bot: Bot, recorder: Recorder, **fields: Any) -> list[Attempt]:
    stage = await theatre.open(webhook=bot.url)
    anna = join(stage)
    await fault(stage, where="webhook", **fields)
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    return of(recorder, Attempt)


async def test_a_duplicate_is_byte_identical(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    attempts = await deliver(theatre, bot, recorder, kind="duplicate", match="message")
    assert bot.bodies[0] == bot.bodies[1]
    assert bot.heads[0] == bot.heads[1]
    assert [(a.number, a.ok, a.note) for a in attempts] == [(1, True, "fault: delivered twice"), (2, True, None)]


async def test_a_false_status_makes_the_platform_deliver_again(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    attempts = await deliver(theatre, bot, recorder, kind="status", status=503)
    assert bot.texts == ["hello", "hello"]
    assert [(a.status, a.ok) for a in attempts] == [(503, False), (200, True)]
    assert attempts[0].note == "fault: the bot's answer was replaced by 503"


async def test_a_reset_delivery_does_not_reach_the_bot_and_is_tried_again(
    theatre: Theatre, bot: Bot, recorder: Recorder
) -> None:
    attempts = await deliver(theatre, bot, recorder, kind="reset")
    assert bot.texts == ["hello"]
    assert [a.error for a in attempts] == ["reset: fault: reset before it reached the bot", None]


async def test_a_delayed_delivery_comes_late(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    (attempt,) = await deliver(theatre, bot, recorder, kind="delay", delay_s=0.02)
    assert (attempt.ok, attempt.note) == (True, "fault: held up for 0.02 s")


async def test_a_dropped_delivery_is_lost_for_good(theatre: Theatre, bot: Bot, recorder: Recorder) -> None:
    assert await deliver(theatre, bot, recorder, kind="drop") == []
    assert [d.reason for d in of(recorder, Dropped)] == ["fault: lost for good"]


async def test_faults_are_listed_and_cleared(theatre: Theatre) -> None:
    stage = await theatre.open()
    await fault(stage, where="api", kind="status", probability=0.0, times=None)
    assert (await send(stage, join(stage)))[0] == 200
    _, listed = await control(stage, "GET", "faults")
    assert [(one["kind"], one["probability"]) for one in listed["faults"]] == [("status", 0.0)]
    assert (await control(stage, "DELETE", "faults"))[1] == {"cleared": 1}
    assert (await control(stage, "GET", "faults"))[1] == {"faults": []}
