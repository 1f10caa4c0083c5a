"""Faults that come by chance to the calls of the bot: errors, slowness, broken connections, an outage, downloads that fail."""

from __future__ import annotations

import json
from typing import Any

import pytest

from chatdrill.serve.channel import Role
from chatdrill.serve.faults.trail import Trail
from chatdrill.trace import Called, Injected, Recorder
from serve.test_faults_by_chance import LOOSE, exposed, of, send, struck
from serve.toy_clock import ToyClock
from serve.toys import Theatre, Toy, ask, join, port_of, raw, write


async def test_an_api_error_is_in_the_vendors_words(theatre: Theatre, recorder: Recorder) -> None:
    stage = await exposed(theatre, "429 100% 4s")
    body = json.dumps({"to": join(stage), "text": "hi"}).encode()
    assert await ask(stage, "POST", "/toy/send", body) == (429, {"toy": "says no", "status": 429, "retry_after": 4})
    (injected,) = of(recorder, Injected)
    assert (injected.call, injected.late_s) == ("POST /send", 14.0)


async def test_calls_about_nobody_are_never_struck(theatre: Theatre) -> None:
    stage = await exposed(theatre, "500 100%")
    assert (await ask(stage, "GET", "/toy/poll"))[0] == 200


async def test_a_slow_api_answers_all_the_same(theatre: Theatre, recorder: Recorder) -> None:
    stage = await exposed(theatre, "slow-api 20ms 100%")
    assert await send(stage, join(stage)) == 200
    assert of(recorder, Called)[0].took_s >= 0.02


@pytest.mark.parametrize(("kind", "sent"), [("api-reset", []), ("lost-answer", ["hi"])])
async def test_a_connection_breaks_before_or_after_the_deed(theatre: Theatre, kind: str, sent: list[str]) -> None:
    stage = await exposed(theatre, f"{kind} 100%")
    with pytest.raises((ConnectionError, ValueError, IndexError)):
        await send(stage, join(stage))
    assert stage.channels["toy"].state.sent == sent


async def test_an_api_is_down_for_a_minute_and_only_once(theatre: Theatre, clock: ToyClock, recorder: Recorder) -> None:
    stage = await exposed(theatre, "api-down 1m 100%")
    anna = join(stage)
    found = [await send(stage, anna)]
    clock.pass_time(59)
    found.append(await send(stage, anna))
    clock.pass_time(2)
    found.append(await send(stage, anna))
    assert found == [503, 503, 200]
    assert [one.late_s for one in of(recorder, Injected)] == [130.0, 0.0]


class _Files(Toy):
    """``file/ID`` downloads what a customer has sent."""

    def _update(self, state: Any, to: str, kind: str, data: dict[str, Any], now: float) -> Any:
        return super()._update(state, to, kind, {**data, "file": f"file-{to}-000001"}, now)

    def handle(self, state: Any, exchange: Any) -> Any:
        from chatdrill.wire import Handled, HttpResponse

        if "/file/" in exchange.request.path:
            return Handled(HttpResponse(200, (("Content-Type", "image/png"),), b"0123456789"))
        return super().handle(state, exchange)


@pytest.mark.parametrize(("kind", "first"), [("media-gone", b"HTTP/1.1 4"), ("media-cut", b"HTTP/1.1 200 ")])
async def test_the_download_of_a_customers_file_fails(
    theatre: Theatre, recorder: Recorder, kind: str, first: bytes
) -> None:
    stage = await exposed(theatre, f"{kind} 100%", _Files(delivery=LOOSE))
    anna = join(stage)
    stage.act("toy", anna, write("a picture"))
    said = await raw(port_of(stage), f"GET /toy/file/file-{anna}-000001 HTTP/1.0\r\n\r\n".encode(), end=False)
    assert said.startswith(first)
    assert b"0123456789" not in said
    assert said.endswith(b"01234") == (kind == "media-cut")
    (injected,) = of(recorder, Injected)
    assert (injected.fault, injected.conv, injected.bears) == (kind, "case/anna", "loss")


async def test_other_downloads_are_whole(theatre: Theatre, recorder: Recorder) -> None:
    stage = await exposed(theatre, "media-gone 100%", _Files(delivery=LOOSE))
    stage.act("toy", join(stage), write("a picture"))
    said = await raw(port_of(stage), b"GET /toy/file/catalog-2026 HTTP/1.0\r\n\r\n", end=False)
    assert said.endswith(b"0123456789")
    assert struck(recorder) == []


def test_what_leads_to_two_conversations_leads_nowhere() -> None:
    trail, anna, boris = Trail(), Role("a", "a/anna"), Role("b", "b/boris")
    trail.lay(anna, ["file-0000001", "page-1048375"])
    trail.lay(boris, ["file-0000002", "page-1048375"])
    trail.follow(["file-0000002"], b'{"path": "photos/0000000002.jpg"}')
    assert trail.find(["/page-1048375/0000000002.jpg"]) == boris
    trail.forget("b")
    assert trail.find(["0000000002.jpg"]) is None
