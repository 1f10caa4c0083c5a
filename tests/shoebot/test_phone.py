"""The shop's telephone: who is sent a link, and who may come by it."""

from __future__ import annotations

import re
from typing import Any

import pytest

from chatdrill_scenarios.shoebot.api import ApiError
from chatdrill_scenarios.shoebot.channels.twilio import Twilio
from chatdrill_scenarios.shoebot.config import Settings
from chatdrill_scenarios.shoebot.model import Event
from chatdrill_scenarios.shoebot.phone import Phone
from chatdrill_scenarios.shoebot.store import Store
from shoebot.kit import World

CALLER = "+12025550147"


class Line(Phone):
    """A telephone that writes down what it sends. ``fails``: the gateway refuses everything."""

    def __init__(self, **env: str) -> None:
        super().__init__(Settings.read(env), Store(":memory:"), {})
        self.sent: list[str] = []
        self.fails = False

    def _texting(self) -> Any:
        return self

    async def text(self, _number: str, words: str) -> None:
        if self.fails:
            raise ApiError("Messages", 400, "refused")
        self.sent.append(words)

    async def hears(self, step: str, **fields: str) -> str:
        return (await self.answer({"CallSid": "CA1", "From": CALLER, "FromCountry": "US", **fields}, step)).decode()

    def comes(self, token: str, channel: str = "telegram", user: str = "7") -> str:
        words = {"text": f"Go on with my call {token}"} if channel == "whatsapp" else {"payload": token}
        kind: Any = "text" if channel == "whatsapp" else "start"
        return self.followed(Event(channel, user, "1", kind, **words)).payload

    @property
    def token(self) -> str:
        found = re.search(r"[\w-]{22}(?=\W*$)", self.sent[-1])
        assert found is not None
        return found[0]


@pytest.fixture
async def line() -> Line:
    line = Line()
    await line.hears("queue", Digits="553")
    return line


async def test_each_messenger_has_a_key_of_its_own(line: Line) -> None:
    assert "Press 1 to go on in Telegram. Press 2 to go on in WhatsApp." in await line.hears("wait", QueuePosition="2")
    assert "Нажмите 1" in await line.hears("wait", FromCountry="RU")
    assert await line.hears("chat", Digits="3") == "<Response></Response>" and line.sent == []


async def test_a_link_is_sent_once_and_the_caller_leaves(line: Line) -> None:
    for _ in range(2):
        assert (await line.hears("chat", Digits="1")).endswith("<Leave/></Response>")
    assert len(line.sent) == 1 and line.sent[0].startswith(
        "Stepwell Shoes: go on here https://t.me/acme_help_bot?start="
    )
    assert len(line.sent[0]) <= 160  # one segment


async def test_a_link_belongs_to_the_first_who_comes(line: Line) -> None:
    await line.hears("chat", Digits="1")
    assert [line.comes(line.token, user=user) for user in ("7", "8", "7")] == [
        "call_called_553",
        "call_taken_",
        "call_called_553",
    ]
    assert line.comes("x" * 22) == "x" * 22  # nobody's: the payload stays what it is


async def test_on_whatsapp_a_link_is_the_callers_own(line: Line) -> None:
    await line.hears("chat", Digits="2")
    assert line.comes(line.token, "whatsapp", "48501234567") == "call_taken_"
    assert line.comes(line.token, "whatsapp", CALLER[1:]) == "call_called_553"


async def test_a_link_grows_old(line: Line, monkeypatch: pytest.MonkeyPatch) -> None:
    from chatdrill_scenarios.shoebot import phone

    await line.hears("chat", Digits="1")
    now = phone.time.time()
    monkeypatch.setattr(phone.time, "time", lambda: now + 1801)
    assert line.comes(line.token) == "call_late_"


@pytest.mark.parametrize("caller", ["+266696687", CALLER])
async def test_who_cannot_be_texted_keeps_the_place(line: Line, caller: str) -> None:
    line.fails = True
    said = await line.hears("chat", Digits="1", From=caller)
    assert "stay on the line" in said and "<Leave/>" not in said
    line.fails = False
    assert ("<Leave/>" in await line.hears("chat", Digits="1", From=caller)) is (caller == CALLER)


async def test_opting_out_counts_for_links(line: Line) -> None:
    line._store.leave(f"twilio:{CALLER}")
    assert "opted out" in await line.hears("chat", Digits="1") and line.sent == []


async def test_the_address_of_a_step_is_signed_with_its_query(world: World) -> None:
    from chatdrill_fakes.platforms.twilio.webhooks import signed
    from sms_twilio.kit import TOKEN

    signed_call = signed(f"http://127.0.0.1:8080{Twilio.path}?step=wait", TOKEN, "1", b"CallSid=CA1&QueuePosition=1")
    headers = dict(signed_call.headers)
    ask = {"method": "POST", "path": Twilio.path, "body": signed_call.body, "headers": headers}
    status, body = await world.request(**ask, query="step=wait")
    assert status == 200 and body.startswith(b"<Response><Gather")
    assert (await world.request(**ask, query="step=left"))[0] == 401
