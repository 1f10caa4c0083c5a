"""A dialog goes through the recorder between a fake, as the vendor, and a bot; its trace is read, and the customer comes again to another bot."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlencode

import msgspec
import pytest

from chatdrill.cli import main
from chatdrill.model import Act, Customer, Location, Sent, Text, Write
from chatdrill.recording import Ways
from chatdrill.run.registry import load_platform
from chatdrill.seeds import Seed
from chatdrill.serve import ListenOptions, Stage
from chatdrill.trace import Acted, Attempt, Called, Recorder, Took, read_trace
from chatdrill.wire import HttpRequest, HttpResponse
from chatdrill.wire.xml import read_xml, write_xml
from recording.kit import Place

ANNA = Customer(key="anna", first_name="Anna", last_name="Nowak", phone="+12025550147", email="anna@client.example")
PLACE = Location(latitude=48.2, longitude=16.37)
SAID: dict[str, tuple[Act, ...]] = {
    "twilio": (Write(parts=(Text(text="Where is it?"),)), Write(parts=(Text(text="by call"),))),
    "wechat": (Write(parts=(Text(text="Где заказ?"),)), Write(parts=(Text(text="by call"),)), Write(parts=(PLACE,))),
    "infobip": (Write(parts=(Text(text="by call"),)), Write(parts=(Text(text="by call again"),))),
    "declared": (Write(parts=(Text(text="Where is it?"),)), Write(parts=(Text(text="by call"),)), Write(parts=(PLACE,))),
    "email": (Write(parts=(Text(text="Where is it?"),)), Write(parts=(Text(text="Hello?"),))),
}  # fmt: skip
Heard = tuple[str, str]
"""Who said what."""
JSON = ("Content-Type", "application/json")


class Bot:
    """A bot that repeats what it hears: in its answer, or by a call if it is asked to."""

    def __init__(self, name: str, state: Any, place: Place) -> None:
        self.name, self.state, self.place, self.root = name, state, place, ""

    async def __call__(self, request: HttpRequest) -> HttpResponse:
        heard, answer, call = _VOICES[self.name](self.state, request)
        if "by call" in heard[1]:
            await self.place.ask("POST", self.root + call.url, call.headers, call.body)
            return HttpResponse(200)
        return answer


Voice = tuple[Heard, HttpResponse, HttpRequest]


def _twilio(state: Any, request: HttpRequest) -> Voice:
    fields = {key: each[0] for key, each in parse_qs(request.body.decode()).items()}
    proof = b64encode(f"{state.account}:{state.token}".encode()).decode()
    form = urlencode({"To": fields["From"], "From": fields["To"], "Body": fields["Body"]})
    headers = (("Content-Type", "application/x-www-form-urlencoded"), ("Authorization", f"Basic {proof}"))
    document = f"<Response><Message>{fields['Body']}</Message></Response>".encode()
    answer = HttpResponse(200, (("Content-Type", "text/xml"),), document)
    call = HttpRequest("POST", f"/2010-04-01/Accounts/{state.account}/Messages.json", headers, form.encode())
    return (fields["From"], fields["Body"]), answer, call


def _wechat(state: Any, request: HttpRequest) -> Voice:
    push = read_xml(request.body)[1]
    words, to = push.get("Content", "a place"), push["FromUserName"]
    ends = {"ToUserName": to, "FromUserName": push["ToUserName"], "CreateTime": 1, "MsgType": "text"}
    body = msgspec.json.encode({"touser": to, "msgtype": "text", "text": {"content": words}})
    answer = HttpResponse(200, (), write_xml("xml", {**ends, "Content": words}).encode())
    token = state.settings["access_token"]
    return (to, words), answer, HttpRequest("POST", f"/cgi-bin/message/custom/send?access_token={token}", (JSON,), body)


def _infobip(state: Any, request: HttpRequest) -> Voice:
    (result,) = msgspec.json.decode(request.body)["results"]
    message = {"sender": result["to"], "destinations": [{"to": result["from"]}], "content": {"text": result["text"]}}
    proof = ("Authorization", f"App {state.settings['api_key']}")
    call = HttpRequest("POST", "/sms/3/messages", (JSON, proof), msgspec.json.encode({"messages": [message]}))
    return (result["from"], result["text"]), HttpResponse(200), call


def _declared(state: Any, request: HttpRequest) -> Voice:
    told = msgspec.json.decode(request.body)
    words, to = told["message"].get("text", "a place"), told["chat"]["id"]
    proof = ("Authorization", f"Bearer {state.settings['token']}")
    call = HttpRequest("POST", "/v1/messages", (JSON, proof), msgspec.json.encode({"chat": to, "text": words}))
    return (to, words), HttpResponse(200, (JSON,), msgspec.json.encode({"messages": [{"text": words}]})), call


def _email(_state: Any, request: HttpRequest) -> Voice:
    """It answers by SMTP, which the recorder does not see."""
    fields = parse_qs(request.body.decode())
    return (fields["sender"][0], fields["stripped-text"][0]), HttpResponse(200), request


_VOICES: dict[str, Callable[[Any, HttpRequest], Voice]] = {
    "twilio": _twilio,
    "wechat": _wechat,
    "infobip": _infobip,
    "declared": _declared,
    "email": _email,
}


async def recorded(name: str, folder: Path) -> tuple[Recorder, Recorder]:
    """The records of the fake, as the vendor, and those of the recorder, whose trace lies in ``folder``."""
    place = Place()
    vendors = Recorder(place.clock)
    stage = Stage(clock=place.clock, seed=Seed(1), recorder=vendors, listen=ListenOptions(port=0, control=False))
    try:
        channel = stage.add(load_platform(name))
        await stage.open()
        bot = Bot(name, channel.state, place)
        ways = {name: Ways(await place.serve(bot), f"{stage.base_url}/{name}")}
        base, scribe = await place.recording(folder / "trace.jsonl", **ways)
        bot.root = f"{base}/{name}"
        scribe.began("a bot")
        stage.set_webhook(name, f"{base}/hooks/{name}")
        address = stage.join(name, ANNA, case="case", conv="case/anna")
        async with asyncio.timeout(10):
            for number, act in enumerate(SAID[name], 1):
                stage.act(name, address, act)
                while sum(isinstance(one, Attempt) for one in vendors.records) < number:
                    await asyncio.sleep(0.002)
        scribe.ended()
        assert not scribe.unread and not place.complaints
    finally:
        await stage.close()
        await place.close()
    return vendors, scribe.recorder


@pytest.fixture(scope="module", params=sorted(SAID))
def wire(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, Path, Any]]:
    folder = tmp_path_factory.mktemp(request.param)
    yield request.param, folder, asyncio.run(recorded(request.param, folder))


def test_what_is_recorded_is_what_was_played(wire: tuple[str, Path, Any]) -> None:
    name, _, (vendors, written) = wire
    has_ids = "message.ids" not in load_platform(name).reads.loses  # type: ignore[attr-defined]  # it is Readable
    assert [one.act for one in written.records if isinstance(one, Acted)] == list(SAID[name])
    methods = [[one.method for one in each.records if isinstance(one, Called)] for each in (written, vendors)]
    assert methods[0] == methods[1]
    said = [_seen(recorder, with_ids=has_ids) for recorder in (written, vendors)]
    assert said[0] == said[1] and len(said[0]) == (0 if name == "email" else len(SAID[name]))
    assert {one.conv for one in written.records if isinstance(one, Acted | Took)} == {
        f"conversation 1 [{name}]/customer"
    }


def _seen(recorder: Recorder, *, with_ids: bool) -> list[Any]:
    """The bot's messages; in answers they have ids of the fake's and of the recorder's own."""
    called = {one.n for one in recorder.records if isinstance(one, Called) and one.source == "http"}
    tooks = [one for one in recorder.records if isinstance(one, Took) and isinstance(one.effect, Sent)]
    messages = [(one, one.effect.message) for one in tooks if isinstance(one.effect, Sent)]
    return [(m.ids if with_ids and one.call in called else (), m.parts, one.effect.to) for one, m in messages]


def test_no_secret_of_the_account_is_written_down(wire: tuple[str, Path, Any]) -> None:
    name, folder, _ = wire
    secrets = [each.default for each in load_platform(name).settings if each.secret and len(each.default) > 7]
    text = (folder / "trace.jsonl").read_text("utf-8")
    assert not [secret for secret in secrets if secret in text]


def test_the_customer_comes_again(wire: tuple[str, Path, Any], tmp_path: Path) -> None:
    """To another bot; of mail no answer was seen, so none is waited for."""
    name, folder, _ = wire
    app = "recording.mute_app:app" if name == "email" else "chatdrill_scenarios.shoebot:app"
    words = ["--app", app, "--platforms", name, "--clock", "virtual", "--port", "0", "--out", str(tmp_path)]
    assert main(["replay", str(folder), *words]) == (0 if name == "email" else 1)  # the shop's bot has words of its own
    records = list(read_trace(tmp_path / "trace.jsonl"))
    assert [one.act for one in records if isinstance(one, Acted) and one.cause == "step"] == list(SAID[name])
    assert any(isinstance(one, Took) for one in records) == (name != "email")
