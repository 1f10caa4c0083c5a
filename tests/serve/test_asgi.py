"""A bot in this process."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from chatdrill.errors import BotError
from chatdrill.serve import DeliverOptions
from chatdrill.trace import Attempt, Called, Recorder, Trouble
from serve.toys import TOKEN, Theatre, Toy, ask, join, write


def of(recorder: Recorder, kind: type) -> list:
    return [record for record in recorder.records if isinstance(record, kind)]


class App:
    """An ASGI application with or without a lifespan."""

    def __init__(self, *, lifespan: str = "complete") -> None:
        self.lifespan = lifespan
        self.events: list[str] = []
        self.scopes: list[dict[str, Any]] = []
        self.bodies: list[bytes] = []
        self.answer = b"ok"
        self.status = 200

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self.live(scope, receive, send)
            return
        self.scopes.append(scope)
        self.bodies.append((await receive())["body"])
        await send({"type": "http.response.start", "status": self.status, "headers": [(b"X-A", b"b")]})
        await send({"type": "http.response.body", "body": self.answer[:1], "more_body": True})
        await send({"type": "http.response.body", "body": self.answer[1:]})
        self.events.append("after")

    async def live(self, scope: Any, receive: Any, send: Any) -> None:
        if self.lifespan == "none":
            raise AssertionError("http only")
        self.events.append((await receive())["type"])
        scope["state"]["db"] = "open"
        await send({"type": f"lifespan.startup.{self.lifespan}", "message": "no database"})
        self.events.append((await receive())["type"])
        await send({"type": "lifespan.shutdown.complete"})


async def test_an_application_gets_webhooks_without_a_socket(theatre: Theatre, recorder: Recorder) -> None:
    app = App()
    stage = await theatre.open(webhook="http://bot.test:8000/tg%20hook?x=1", app=app)
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    (scope,) = app.scopes
    assert (scope["method"], scope["path"], scope["raw_path"]) == ("POST", "/tg hook", b"/tg%20hook")
    assert (scope["query_string"], scope["server"], scope["state"]) == (b"x=1", ("bot.test", 8000), {"db": "open"})
    headers = dict(scope["headers"])
    assert (headers[b"host"], headers[b"content-length"]) == (b"bot.test:8000", str(len(app.bodies[0])).encode())
    (attempt,) = of(recorder, Attempt)
    assert (attempt.ok, attempt.status, attempt.body) == (True, 200, app.bodies[0].decode())


async def test_a_file_beside_an_applications_webhook_is_asked_of_it(theatre: Theatre) -> None:
    app = App()
    stage = await theatre.open(webhook="http://127.0.0.1:9/hook", app=app)
    _, found = await ask(stage, "GET", "/toy/fetch?url=http://127.0.0.1:9/files/p.jpg")
    assert found == {"size": 2, "type": "", "error": None}
    assert [(scope["method"], scope["path"]) for scope in app.scopes] == [("GET", "/files/p.jpg")]
    _, found = await ask(stage, "GET", "/toy/fetch?url=http://127.0.0.1:1/files/p.jpg")
    assert found["error"] == "refused" and len(app.scopes) == 1


async def test_start_up_and_shutdown_frame_the_run(theatre: Theatre) -> None:
    app = App()
    stage = await theatre.open(app=app)
    assert app.events == ["lifespan.startup"]
    await stage.close()
    assert app.events == ["lifespan.startup", "lifespan.shutdown"]


async def test_an_application_without_a_lifespan_is_fine(theatre: Theatre, recorder: Recorder) -> None:
    app = App(lifespan="none")
    stage = await theatre.open(webhook="http://bot.test/", app=app)
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert of(recorder, Attempt)[0].ok
    assert of(recorder, Trouble) == []


async def test_a_start_up_that_fails_is_the_bots_error(theatre: Theatre) -> None:
    with pytest.raises(BotError, match="start-up of the bot's application failed: no database"):
        await theatre.open(app=App(lifespan="failed"))


async def test_an_exception_in_the_application_is_a_500_and_told(theatre: Theatre, recorder: Recorder) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        raise KeyError(f"nothing under {TOKEN}")

    stage = await theatre.open(webhook="http://bot.test/hook", app=app, deliver=DeliverOptions(retries=False))
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    (attempt,) = of(recorder, Attempt)
    (trouble,) = of(recorder, Trouble)
    assert (attempt.status, attempt.ok) == (500, False)
    assert trouble.fault == "bot"
    assert trouble.what == "the application raised on POST /hook: KeyError: 'nothing under ***'"


async def test_an_application_that_answers_nothing_fails(theatre: Theatre, recorder: Recorder) -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        return None

    stage = await theatre.open(webhook="http://bot.test/hook", app=app, deliver=DeliverOptions(retries=False))
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert of(recorder, Attempt)[0].status == 500
    assert "gave no answer" in of(recorder, Trouble)[0].what


async def test_an_application_that_hangs_is_cancelled_at_the_time_out(theatre: Theatre, recorder: Recorder) -> None:
    cancelled = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        try:
            await asyncio.Event().wait()
        finally:
            cancelled.set()

    deliver = DeliverOptions(retries=False, ack_timeout_s=0.03)
    stage = await theatre.open(webhook="http://bot.test/hook", app=app, deliver=deliver)
    anna = join(stage)
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    await asyncio.wait_for(cancelled.wait(), 5)
    assert of(recorder, Attempt)[0].error == "timeout: no answer within 0.03 s"


async def test_a_call_inside_the_answer_of_an_application_is_executed(theatre: Theatre, recorder: Recorder) -> None:
    app = App()
    stage = await theatre.open(webhook="http://bot.test/hook", app=app)
    anna = join(stage)
    app.answer = json.dumps({"to": anna, "text": "hi"}).encode()
    stage.act("toy", anna, write("hello"))
    assert await stage.quiet("toy", anna, timeout_s=5)
    assert [called.source for called in of(recorder, Called)] == ["webhook_answer"]


async def test_a_handshake_goes_to_the_application_too(theatre: Theatre) -> None:
    app = App()
    app.answer = b"42"
    stage = await theatre.open(Toy(checks=True), webhook="http://bot.test/hook", app=app)
    await stage.check_webhook("toy")
    assert app.scopes[0]["query_string"] == b"challenge=42"


async def test_closing_stops_a_call_under_way(theatre: Theatre, recorder: Recorder) -> None:
    began = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            began.set()
            await asyncio.Event().wait()

    stage = await theatre.open(webhook="http://bot.test/", app=app)
    stage.act("toy", join(stage), write("hello"))
    await asyncio.wait_for(began.wait(), 5)
    async with asyncio.timeout(2):
        await stage.close()
    assert of(recorder, Attempt) == []
