"""The proxy both ways: what comes goes on as it was."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable

import msgspec
import pytest

from chatdrill.recording import Ways
from chatdrill.trace import Attempt, Called
from chatdrill.wire import HttpRequest, HttpResponse, json_response
from recording.kit import Place

SECRET = b"app-secret"


def keeping(seen: list[HttpRequest], answer: HttpResponse) -> Callable[[HttpRequest], HttpResponse]:
    def handler(request: HttpRequest) -> HttpResponse:
        seen.append(request)
        return answer

    return handler


async def test_a_webhook_goes_on_unchanged_with_its_signature(place: Place) -> None:
    seen: list[HttpRequest] = []
    bot = await place.serve(keeping(seen, HttpResponse(202, (("X-Own", "1"),), b"thanks")))
    base, _ = await place.relay(whatsapp=Ways(f"{bot}/wa?tenant=7", "http://127.0.0.1:9"))
    body = b'{"object":"whatsapp_business_account", "entry":[]}\n'
    proof = f"sha256={hmac.new(SECRET, body, hashlib.sha256).hexdigest()}"
    headers = (("X-Hub-Signature-256", proof), ("Host", "bot.example.com"), ("Content-Type", "application/json"))
    answer = await place.ask("POST", f"{base}/hooks/whatsapp/more?x=a%20b", headers, body)
    (request,) = seen
    assert (answer.status, answer.body, answer.header("x-own")) == (202, b"thanks", "1")
    assert request.body == body and request.url == "/wa/more?tenant=7&x=a%20b"
    assert (request.header("x-hub-signature-256"), request.header("host")) == (proof, "bot.example.com")


async def test_a_bot_may_register_an_address_with_words_of_its_own_before_the_platform(place: Place) -> None:
    seen: list[HttpRequest] = []
    bot = await place.serve(keeping(seen, HttpResponse(200)))
    base, _ = await place.relay(telegram=Ways(f"{bot}/webhooks/telegram", "http://127.0.0.1:9"))
    await place.ask("POST", f"{base}/hooks/webhooks/telegram?x=1", (), b'{"update_id": 1}')
    assert [request.url for request in seen] == ["/webhooks/telegram?x=1"]


async def test_a_call_goes_to_the_vendor_under_its_own_name(place: Place) -> None:
    seen: list[HttpRequest] = []
    vendor = await place.serve(keeping(seen, json_response({"ok": True, "result": {"id": 7}})))
    base, recorder = await place.relay(telegram=Ways("http://127.0.0.1:9/", vendor))
    token = "7012345678:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw"
    answer = await place.ask("GET", f"{base}/telegram/bot{token}/getMe", (("Accept-Encoding", "gzip"),))
    (called,) = [one for one in recorder.records if isinstance(one, Called)]
    assert msgspec.json.decode(answer.body)["result"] == {"id": 7} and called.method == "getMe" and called.ok
    assert seen[0].url == f"/bot{token}/getMe" and seen[0].header("accept-encoding") == "identity"
    assert seen[0].header("host") == vendor.removeprefix("http://") and token not in str(recorder.records)


async def test_a_handshake_is_answered_by_the_bot(place: Place) -> None:
    bot = await place.serve(lambda request: HttpResponse(200, (), dict(request.query)["hub.challenge"].encode()))
    base, recorder = await place.relay(messenger=Ways(bot, "http://127.0.0.1:9"))
    answer = await place.ask(
        "GET", f"{base}/hooks/messenger?hub.mode=subscribe&hub.challenge=42&hub.verify_token=mine-own"
    )
    assert answer.body == b"42" and "mine-own" not in str(recorder.records)


async def test_a_bot_that_is_away_is_told_to_the_vendor_and_to_the_person(place: Place) -> None:
    base, recorder = await place.relay(telegram=Ways("http://127.0.0.1:9/x", "http://127.0.0.1:9"))
    answer = await place.ask("POST", f"{base}/hooks/telegram", (), b'{"update_id": 1}')
    (attempt,) = [one for one in recorder.records if isinstance(one, Attempt)]
    assert answer.status == 502 and not attempt.ok and attempt.status is None
    assert "the bot at http://127.0.0.1:9/x gave no answer" in place.complaints[0]


@pytest.mark.parametrize(("path", "status"), [("/hooks/telegran", 404), ("/viper/pa", 404), ("/", 404)])
async def test_whom_nobody_records_is_named(place: Place, path: str, status: int) -> None:
    base, _ = await place.relay(telegram=Ways("http://127.0.0.1:9", "http://127.0.0.1:9"))
    answer = await place.ask("POST", base + path, (), b"{}")
    assert answer.status == status and b"telegram" in answer.body
