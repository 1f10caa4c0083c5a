"""SDKs for Node whose vendors' addresses are built in, each in a program of its own: nothing of them is changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from sdk.unmodified.kit import BOTS, Town

Open = Callable[..., Awaitable[Town]]
SENDING = {
    "telegraf": ("telegram", ["by telegraf"]),
    "grammy": ("telegram", ["by grammy"]),
    "node-telegram-bot-api": ("telegram", ["by node-telegram-bot-api"]),
    "viber-bot": ("viber", ["by viber-bot"]),
    "whatsapp-api-js": ("whatsapp", ["by whatsapp-api-js"]),
    "axios": ("telegram", ["by axios"]),
    "undici": ("telegram", ["by undici", "by https"]),
}


@pytest.mark.parametrize("bot", SENDING)
async def test_what_an_unmodified_bot_says_reaches_the_customer(
    town: Open, node: str, packages: Path, bot: str
) -> None:
    platform, words = SENDING[bot]
    made = await town(platform)
    ended = await made.runs(node, str(BOTS / f"{bot}.cjs"), TO=made.join(platform), NODE_PATH=str(packages))
    assert ended.code == 0, ended.err
    assert (made.said, made.barred) == (words, [])


async def test_twilios_own_check_believes_an_sms_and_both_ways_of_answering_reach_the_customer(
    town: Open, node: str, packages: Path
) -> None:
    made = await town("twilio")
    made.join("twilio")
    async with made.serving("twilio", node, str(BOTS / "twilio.cjs"), NODE_PATH=str(packages)):
        words = await made.hears(6)  # whoever begins writes, too
    assert sorted(words) == ["by REST"] * 2 + ["by TwiML: Hi"] * 2 + ["it was by REST"] * 2
    assert ([one.status for one in made.attempts], made.barred) == ([200, 200], [])


async def test_botbuilder_talks_with_a_simulated_customer_and_with_a_real_client_of_direct_line(
    town: Open, node: str, packages: Path
) -> None:
    made = await town("webchat")
    made.join("webchat")
    async with made.serving("webchat", node, str(BOTS / "botbuilder.cjs"), NODE_PATH=str(packages)):
        assert await made.hears(1) == ["by botbuilder: Hi"]
        client = await made.runs(node, str(BOTS / "directlinejs.cjs"), NODE_PATH=str(packages))
    assert (client.code, client.out) == (0, "user: Hello\nbot: by botbuilder: Hello\n"), client.err
    assert {one.status for one in made.attempts} == {200} and made.barred == []


GET_ME = "https://api.telegram.org/bot' + process.env.TELEGRAM_BOT_TOKEN + '/getMe'"
CLIENTS = {
    "fetch": f"fetch('{GET_ME}).then((a) => a.json()).then((a) => console.log(a.ok))",
    "https": f"require('https').get('{GET_ME}, (a) => a.on('data', (d) => console.log(JSON.parse(d).ok)))",
    "certificates of its own": (
        f"require('https').get('{GET_ME}, {{ ca: require('tls').rootCertificates[0] }},"
        " (a) => a.on('data', (d) => console.log(JSON.parse(d).ok)))"
    ),
    "a thread": f"new (require('worker_threads').Worker)(`fetch('{GET_ME}).then((a) => console.log(a.ok))`, {{ eval: true }})",
}


@pytest.mark.parametrize("code", CLIENTS.values(), ids=CLIENTS)
async def test_node_itself_is_led_to_the_fake(town: Open, node: str, code: str) -> None:
    made = await town("telegram")
    ended = await made.runs(node, "-e", code)
    assert (ended.out, made.calls, made.barred) == ("true\n", [("telegram", "getMe")], []), ended.err


REFUSED = {
    "fetch": "fetch('https://a.example').catch((e) => console.log(e.cause.message))",
    "https": "require('https').get('https://a.example').on('error', (e) => console.log(e.message))",
    "sockets": "require('net').connect(443, 'a.example').on('error', (e) => console.log(e.message))",
    "tls": "require('tls').connect(443, 'a.example').on('error', (e) => console.log(e.message))",
}


@pytest.mark.parametrize("code", REFUSED.values(), ids=REFUSED)
async def test_node_is_kept_from_everybody_else(town: Open, node: str, code: str) -> None:
    made = await town("telegram")
    ended = await made.runs(node, "-e", code)
    assert "there is no fake of a.example here" in ended.out and "--allow a.example" in ended.out
    assert made.barred == [("a.example", 443)]


async def test_services_of_the_bot_on_this_machine_are_its_own(town: Open, node: str) -> None:
    made = await town("telegram")
    code = "fetch(process.env.CHATDRILL_URL).then((a) => console.log(a.status))"
    assert (await made.runs(node, "-e", code)).out == "200\n"
