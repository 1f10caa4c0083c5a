"""The bot in SMS: signatures, choices by number, words that are for the carrier, rejections in answers of success."""

from __future__ import annotations

import hashlib
import hmac
import itertools
import json
from base64 import b64encode
from urllib.parse import urlencode

import pytest

from chatdrill_scenarios.shoebot.channels.infobip import Infobip
from chatdrill_scenarios.shoebot.channels.sms import Texting
from chatdrill_scenarios.shoebot.config import DEFAULTS
from chatdrill_scenarios.shoebot.model import Button, Pin, Say
from chatdrill_scenarios.shoebot.store import Store
from shoebot.kit import World

_sids = itertools.count(1)


async def twilio(world: World, body: str, token: str = DEFAULTS["TWILIO_AUTH_TOKEN"]) -> int:
    fields = {
        "MessageSid": f"SM{next(_sids):032}",
        "From": "+12025550147",
        "Body": body,
        "NumMedia": "0",
        "SmsStatus": "received",
    }
    signed = "http://127.0.0.1:8080/webhooks/twilio" + "".join(name + value for name, value in sorted(fields.items()))
    proof = b64encode(hmac.new(token.encode(), signed.encode(), hashlib.sha1).digest()).decode()
    return (await world.request("POST", "/webhooks/twilio", urlencode(fields).encode(), {"X-Twilio-Signature": proof}))[
        0
    ]


async def infobip(world: World, text: str, password: str = DEFAULTS["INFOBIP_WEBHOOK_PASSWORD"]) -> int:
    result = {"messageId": str(next(_sids)), "from": "41790000001", "text": text}
    proof = b64encode(f"chatdrill:{password}".encode()).decode()
    body = json.dumps({"results": [result]}).encode()
    return (await world.request("POST", "/webhooks/infobip", body, {"Authorization": f"Basic {proof}"}))[0]


async def test_forged_webhooks_are_refused(world: World) -> None:
    assert (await twilio(world, "hi", token="other"), await infobip(world, "hi", password="other")) == (401, 401)
    assert (await twilio(world, "hi"), await infobip(world, "hi")) == (200, 200)


@pytest.fixture
def channel() -> Texting:
    return Texting(Store(":memory:"))


def heard(channel: Texting, text: str) -> list[tuple[str, str]]:
    return [(event.kind, event.payload or event.text) for event in channel.heard("1", str(next(_sids)), text)]


def test_choices_are_numbered_and_their_numbers_known_until_the_next_message(channel: Texting) -> None:
    (text,) = channel.texts("1", Say("What?", (Button("Status", "menu:status"), Button("Return", "menu:return"))))
    assert text == "What?\n\n1. Status\n2. Return"
    assert [heard(channel, word) for word in ("2", " 1. ", "3", "12", "two")] == [
        [("press", "menu:return")], [("press", "menu:status")], [("text", "3")], [("text", "12")], [("text", "two")],
    ]  # fmt: skip
    channel.texts("1", Say("What is your order number?"))
    assert heard(channel, "2") == [("text", "2")]


def test_words_for_the_carrier_are_left_to_it(channel: Texting) -> None:
    assert [heard(channel, word) for word in ("start", "Stop", "HELP", "START", "START")] == [
        [("start", "")], [], [], [], [("start", "")],
    ]  # fmt: skip


def test_yes_brings_back_who_has_left_and_is_an_answer_of_anybody_else(channel: Texting) -> None:
    assert [heard(channel, word) for word in ("Yes", "STOP", "yes", "Yes")] == [
        [("text", "Yes")],
        [],
        [],
        [("text", "Yes")],
    ]


def test_help_is_the_bots_to_give_where_the_gateway_does_not_answer(
    channel: Texting, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(channel, "explains", Infobip.explains)
    assert heard(channel, "help") == [("text", "help")]


async def test_nothing_is_sent_to_who_leaves_before_the_answer_is_there(world: World) -> None:
    await twilio(world, "hi")
    await twilio(world, "STOP")
    await world.app.bot.idle()
    assert not [call for call in world.platforms.calls if "Messages" in call.path]


def test_a_place_is_its_address_with_a_link(channel: Texting) -> None:
    assert channel.texts("1", Pin(52.2319, 21.0067, "Shop", "Main St 1")) == [
        "Shop, Main St 1 https://maps.google.com/?q=52.23190,21.00670"
    ]
