"""The benchmark group ``core``: start-up, one scenario, and 200 conversations at once.

python -m tests.bench.core        (or: make bench-core)
"""

from __future__ import annotations

import argparse
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.bench.bench import finish, note, report

from chatdrill.engine.bot import free_port
from chatdrill.engine.cases import cases
from chatdrill.engine.scenario import Scenario
from chatdrill.run.execute import run_loop
from chatdrill.run.registry import load_platform
from chatdrill.run.session import Session
from chatdrill.run.settings import load_settings

ECHO_BOT = Path(__file__).with_name("echo_bot.py")
ECHOED = ("telegram", "whatsapp", "messenger", "viber", "line", "instagram", "slack", "wechat")
"""Platforms that the bot of this benchmark answers on."""


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


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer rounds of start_up and one_scenario")
    options.add_argument("--only", help="start_up, one_scenario or many")
    arguments = options.parse_args()
    rounds = 1 if arguments.quick else 3
    groups = {
        "start_up": lambda: start_up(5 * rounds),
        "one_scenario": lambda: one_scenario(2 * rounds + 1),
        "many": lambda: many(200, 40),
    }
    for name, group in groups.items():
        if arguments.only in (None, name):
            group()
    finish()


if __name__ == "__main__":
    main()
