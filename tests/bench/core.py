"""The benchmark group ``core``: start-up, one scenario, the wires, and 200 conversations at once.

python -m tests.bench.core        (or: make bench-core)
"""

from __future__ import annotations

import argparse
import os
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Mapping
from pathlib import Path

from tests.bench.bench import finish, median_us, note, report

from chatdrill.engine.cases import cases
from chatdrill.engine.scenario import Scenario
from chatdrill.model import Customer, Text, Write
from chatdrill.run.execute import run_loop
from chatdrill.run.registry import load_platform
from chatdrill.run.session import Session
from chatdrill.run.settings import load_settings
from chatdrill.seeds import Seed
from chatdrill.wire import Exchange, HttpRequest
from chatdrill.wire.smtp import DATA, Envelope, asked

ECHO_BOT = Path(__file__).with_name("echo_bot.py")
TEXT = "Hello, I ordered size 42 last week and the left shoe is torn. What can I do?"
NOW = 1795212345.0
OWN = "support@bench.example"
SEND = {
    "telegram": ("/bot{token}/sendMessage", b'{"chat_id":%b,"text":"Your order 553 is on its way"}'),
    "whatsapp": (
        "/v25.0/{phone_number_id}/messages",
        b'{"messaging_product":"whatsapp","to":"%b","type":"text","text":{"body":"Your order 553 is on its way"}}',
    ),
    "messenger": (
        "/v25.0/me/messages",
        b'{"recipient":{"id":"%b"},"messaging_type":"RESPONSE","message":{"text":"Your order 553 is on its way"}}',
    ),
    "instagram": (
        "/v25.0/me/messages",
        b'{"recipient":{"id":"%b"},"messaging_type":"RESPONSE","message":{"text":"Your order 553 is on its way"}}',
    ),
    "twilio": (
        "/2010-04-01/Accounts/{account_sid}/Messages.json",
        b"To=%b&From=%%2B12025550199&Body=Your+order+553+is+on+its+way",
    ),
    "infobip": (
        "/sms/3/messages",
        b'{"messages":[{"sender":"447860099299","destinations":[{"to":"%b"}],"content":{"text":"Your order 553 is on its way"}}]}',
    ),
    "viber": (
        "/pa/send_message",
        b'{"receiver":"%b","sender":{"name":"Acme"},"type":"text","text":"Your order 553 is on its way"}',
    ),
    "wechat": (
        "/cgi-bin/message/custom/send?access_token={access_token}",
        b'{"touser":"%b","msgtype":"text","text":{"content":"Your order 553 is on its way"}}',
    ),
    "line": (
        "/v2/bot/message/push",
        b'{"to":"%b","messages":[{"type":"text","text":"Your order 553 is on its way"}]}',
    ),
    "slack": ("/api/chat.postMessage", b'{"channel":"%b","text":"Your order 553 is on its way"}'),
}
ECHOED = ("telegram", "whatsapp", "messenger", "viber", "line", "instagram", "slack", "wechat")
"""Platforms that the bot of this benchmark answers on."""
UNBOUNDED = {"rate_limits": "no", "reply_quota": "9999999"}
"""Settings, where a platform has them: so many calls in so short a time are nobody's."""


def start_up(rounds: int) -> None:
    """CPU time of ``chatdrill --help``."""
    times = []
    for _ in range(rounds):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run([sys.executable, "-m", "chatdrill", "--help"], check=True, stdout=subprocess.DEVNULL)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        times.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    report("core.help_cpu", statistics.median(times) * 1000, "ms", "<= 150")


def one_scenario(rounds: int) -> None:
    """From the start of the process to its verdict, with a bot that runs already, answers at once, and gets no time
    (``--settle``) to say more."""
    port, fakes = free_port(), free_port()
    url = f"http://127.0.0.1:{fakes}"
    settings = {item.env: item.default for item in load_platform("whatsapp").settings}
    variables = {
        **os.environ,
        **settings,
        "WHATSAPP_API_ROOT": f"{url}/whatsapp",
        "CHATDRILL_URL": url,
        "PORT": str(port),
    }
    variables.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "one.drill.yaml"
        file.write_text("name: One\nsteps:\n  - says: Hello\n  - hears: Hello\n")
        command = [
            *(sys.executable, "-m", "chatdrill", "run", str(file), "--platforms", "whatsapp", "--report", "none"),
            *(
                "--settle",
                "0s",
                "--port",
                str(fakes),
                "--out",
                folder,
                "--webhook",
                f"http://127.0.0.1:{port}/webhooks/{{platform}}",
            ),
        ]
        bot = subprocess.Popen([sys.executable, str(ECHO_BOT)], env=variables)
        try:
            times = [timed(command, variables) for _ in range(rounds + 1)][1:]  # the first one writes the byte code
        finally:
            bot.kill()
    report("core.one_scenario", statistics.median(times), "s", "<= 1")


def timed(command: list[str], variables: dict[str, str]) -> float:
    """Seconds that a command takes; it must pass."""
    began = time.perf_counter()
    done = subprocess.run(command, env=variables, check=False, capture_output=True, text=True)
    took_s = time.perf_counter() - began
    assert done.returncode == 0, done.stdout + done.stderr
    return took_s


def credentials(name: str, settings: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """The headers of a call."""
    if name == "twilio":
        coded = b64encode(f"{settings['account_sid']}:{settings['auth_token']}".encode()).decode()
        return (("Content-Type", "application/x-www-form-urlencoded"), ("Authorization", f"Basic {coded}"))
    if name == "infobip":
        return (("Content-Type", "application/json"), ("Authorization", f"App {settings['api_key']}"))
    return (
        ("Content-Type", "application/json"),
        ("Authorization", f"Bearer {settings.get('token') or settings.get('page_token')}"),
        ("X-Viber-Auth-Token", settings.get("token", "")),
    )


def mail() -> None:
    """The same by SMTP: write one mail, take one."""
    platform = load_platform("email")
    settings = {item.name: item.default for item in platform.settings}
    state = platform.open(settings, Seed(1).stream("bench"))
    state.webhook_url = "smtp://127.0.0.1:2525"
    to = platform.join(state, Customer(key="anna", first_name="Anna", last_name="Huber"), 0.0)
    write = Write(parts=(Text(text=TEXT),))

    def encode() -> object:
        return platform.request(state, platform.encode(state, to, write, NOW), NOW)

    heads = f"From: {OWN}\r\nTo: {to}\r\nSubject: Re: Hello\r\nAuto-Submitted: auto-replied\r\nDate: Mon, 21 Sep 2026 14:13:30 +0000"
    body = f"{heads}\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nYour order 553 is on its way\r\n".encode()
    envelope = Envelope(sender=OWN, recipients=(to,), user=settings["user"], password=settings["password"])

    request = asked(DATA, envelope, body)

    def decode() -> object:
        fresh = HttpRequest(request.method, request.url, request.headers, request.body)
        return platform.handle(state, Exchange(fresh, NOW, "smtp://127.0.0.1:7725"))

    encode()
    handled = decode()
    assert handled.response.status == 200, handled.response.body
    report("core.encode_email", median_us(encode), "us", "<= 40")
    report("core.decode_email", median_us(decode), "us", "<= 50")


def wires() -> None:
    """Encode and sign one update, decode and answer one call, for each platform."""
    for name, (path, body) in SEND.items():
        platform = load_platform(name)
        known = {item.name: item.default for item in platform.settings}
        settings = {name: UNBOUNDED.get(name, value) for name, value in known.items()}
        state = platform.open(settings, Seed(1).stream("bench"))
        state.webhook_url = "http://127.0.0.1:8080/hook"
        to = platform.join(
            state, Customer(key="anna", first_name="Anna", last_name="Huber", phone="+4915155501234"), 0.0
        )
        write = Write(parts=(Text(text=TEXT),))

        def encode(platform=platform, state=state, to=to, write=write) -> object:
            return platform.request(state, platform.encode(state, to, write, NOW), NOW)

        target = path.format(**settings)
        request = HttpRequest("POST", target, credentials(name, settings), body % to.replace("+", "%2B").encode())

        def decode(platform=platform, state=state, request=request) -> object:
            fresh = HttpRequest(request.method, request.url, request.headers, request.body)
            return platform.handle(state, Exchange(fresh, NOW, "http://127.0.0.1:7700"))

        encode()
        handled = decode()
        assert handled.response.status in (200, 201), handled.response.body
        report(f"core.encode_{name}", median_us(encode), "us", "<= 40")
        report(f"core.decode_{name}", median_us(decode), "us", "<= 50")


def many(customers: int, turns: int) -> None:
    """Correlated messages a second in a whole run: player, wires, sockets, trace on disk, and every case judged.

    Correlated messages are the customers' and the bot's replies to them. The rate is that of one core's own time (the bot
    has the other core, and machines are shared); the rate by the clock on the wall stands behind it. On WhatsApp and
    Messenger each reply makes three more webhooks: receipts and echoes.
    """
    scenario = Scenario(
        "Echo",
        persona={"name": "patient", "gap": 0, "think": {"median": 0, "sigma": 0}, "typing": 1e12, "reading": 1e12},
        data=[{"who": number} for number in range(customers)],
    )
    for turn in range(turns):
        scenario = scenario.says(f"{{who}} says {turn}").hears(f"{{who}} says {turn}")
    for platform in ECHOED:
        cpu_s, wall_s = run_loop(drill(scenario, platform, customers))
        messages = 2 * customers * turns
        report(f"core.run_{platform}", messages / cpu_s, "msg/s", ">= 1500")
        note(f"{customers} conversations of {turns} messages and replies; by the wall: {messages / wall_s:,.0f} msg/s")


async def drill(scenario: Scenario, platform: str, customers: int) -> tuple[float, float]:
    """Play 200 conversations at once; returns this process's seconds of CPU and of the wall."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        settings = load_settings(
            {
                "command": f"{sys.executable} {ECHO_BOT}",
                "webhook": [f"http://127.0.0.1:{port}/webhooks/{{platform}}"],
                "bot_env": [f"PORT={port}"],
                "port": 0,
                "jobs": customers,
                "out": folder,
            },
            folder=Path(folder),
            environ={f"CHATDRILL_{platform.upper()}_RATE_LIMITS": "no"},
        )
        session = Session(settings, platforms=[platform], seed=1, trace=Path(folder) / "trace.jsonl")
        chosen = cases(scenario, [platform])
        try:
            await session.open()
            cpu_s, wall_s = time.process_time(), time.perf_counter()
            await session.play_all(chosen)
            cpu_s, wall_s = time.process_time() - cpu_s, time.perf_counter() - wall_s
        finally:
            await session.close()
    judgement = session.judge()
    assert judgement.verdict == "pass", judgement.findings[:3]
    return cpu_s, wall_s


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer rounds of start_up and one_scenario")
    options.add_argument("--only", help="start_up, one_scenario, wires, mail or many")
    arguments = options.parse_args()
    rounds = 1 if arguments.quick else 3
    groups = {
        "start_up": lambda: start_up(5 * rounds),
        "one_scenario": lambda: one_scenario(2 * rounds + 1),
        "wires": wires,
        "mail": mail,
        "many": lambda: many(200, 40),
    }
    for name, group in groups.items():
        if arguments.only in (None, name):
            group()
    finish()


if __name__ == "__main__":
    main()
