"""The benchmark group ``time``: what days of dialog cost when time jumps.

python -m tests.bench.virtual        (or: make bench-time)
"""

from __future__ import annotations

import argparse
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from importlib.resources import files
from pathlib import Path

from tests.bench.bench import finish, note, report

from chatdrill.engine.cases import cases
from chatdrill.engine.scenario import Scenario
from chatdrill.run.execute import Result, execute, run_loop
from chatdrill.run.pace import loop_factory
from chatdrill.run.settings import Settings, load_settings

PACK = Path(str(files("chatdrill_scenarios") / "packs" / "time"))
SHOP = ("--app", "chatdrill_scenarios.shoebot:app", "--clock", "virtual", "--report", "none", "--port", "0")
AT_ONCE = {"name": "patient", "gap": 0, "think": {"median": 0, "sigma": 0}, "typing": 1e12, "reading": 1e12}
DIALOGS, MESSAGES, VISIT = 1_000, 20, 7
SILENCES = 200
PACK_SIZE = 200


def chatdrill(*words: str) -> tuple[float, float]:
    """Seconds of the wall and of the processor that a command takes from its start; it must pass."""
    with tempfile.TemporaryDirectory() as folder:
        variables = {**os.environ, "SHOEBOT_DEBOUNCE_S": "1.2"}
        variables.pop("PYTHONDONTWRITEBYTECODE", None)
        before, began = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
        command = [sys.executable, "-m", "chatdrill", "run", *words, "--out", folder]
        done = subprocess.run(command, env=variables, check=False, capture_output=True, text=True)
        wall_s, after = time.perf_counter() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        assert done.returncode == 0, done.stdout + done.stderr
        return wall_s, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def listed(folder: Path) -> list[str]:
    """The conversations of a folder."""
    command = [sys.executable, "-m", "chatdrill", "run", str(folder), *SHOP, "--list"]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.splitlines()


def thirty_days(rounds: int) -> None:
    """A month with five visits and a dozen timers against the shoe shop's bot, from the start of the process."""
    words = (str(PACK / "thirty-days.drill.yaml"), *SHOP, "--platforms", "telegram")
    chatdrill(*words)  # the first run writes the byte code
    times = [chatdrill(*words) for _ in range(rounds)]
    report("time.thirty_day_dialog", statistics.median(wall for wall, _ in times), "s", "<= 1")
    note(f"of which on the processor {statistics.median(cpu for _, cpu in times):.2f} s; fastest {min(times)[0]:.2f} s")


def pack(rounds: int) -> None:
    """200 conversations of several days: the shipped ones on every platform, and as many months as are missing."""
    with tempfile.TemporaryDirectory() as folder:
        own = Path(folder) / "packs" / "time"
        shutil.copytree(PACK.parent, own.parent)
        month = (own / "thirty-days.drill.yaml").read_text("utf-8")
        for number in range(PACK_SIZE - len(listed(PACK))):
            text = month.replace("name: ", f"platforms: [telegram]\nname: {number}. ", 1)
            (own / f"month-{number}.drill.yaml").write_text(text, "utf-8")
        assert len(listed(own)) == PACK_SIZE
        times = [chatdrill(str(own), *SHOP, "--seed", str(seed)) for seed in range(rounds)]
    report("time.pack_of_200", statistics.median(wall for wall, _ in times), "s", "<= 10")


def settings_for(app: str, folder: str) -> Settings:
    """A virtual clock, and a bot of the benchmarks in this process."""
    return load_settings(
        {
            "app": f"tests.bench.{app}:app",
            "clock": "virtual",
            "webhook": ["http://127.0.0.1:8080/webhooks/{platform}"],
            "port": 0,
            "out": folder,
        },
        folder=Path(folder),
        environ={"CHATDRILL_TELEGRAM_RATE_LIMITS": "no"},
    )


def played(scenario: Scenario) -> tuple[Result, float, float]:
    """Play a scenario on Telegram; the seconds of the processor and of the wall from its data to the verdict."""
    with tempfile.TemporaryDirectory() as folder:
        settings = settings_for("echo_app", folder)
        cpu_s, wall_s = time.process_time(), time.perf_counter()
        chosen = cases(scenario, ["telegram"])
        playing = execute(settings, chosen, seed=1, trace=Path(folder) / "trace.jsonl")
        result = run_loop(playing, factory=loop_factory(settings))
        cpu_s, wall_s = time.process_time() - cpu_s, time.perf_counter() - wall_s
    assert result.judgement.verdict == "pass", result.judgement.findings[:3]
    return result, cpu_s, wall_s


def thousand_dialogs(rounds: int) -> None:
    """1,000 dialogs of three days with 20 messages and as many answers each: wires, trace on disk and checks on."""
    scenario = Scenario("Echo", persona=AT_ONCE, data=[{"who": number} for number in range(DIALOGS)])
    for number in range(1, MESSAGES + 1):
        scenario = scenario.says(f"This is message {number}").hears(f"This is message {number}")
        if number % VISIT == 0:
            scenario = scenario.waits("1 day 8h")
    runs = [played(scenario) for _ in range(rounds)]
    report("time.thousand_dialogs", statistics.median(cpu_s for _, cpu_s, _ in runs), "s", "<= 8")
    trips = DIALOGS * MESSAGES
    walls = ", ".join(f"{wall_s:.1f} s" for *_, wall_s in runs)
    note(f"{trips:,} round trips on one core, from the data to the verdict; by the wall {walls}")


def hears_nothing(rounds: int) -> None:
    """What one scripted ``hears nothing for 10m`` adds."""
    silent = Scenario("Silence", persona=AT_ONCE).says("Hello").hears("Hello")
    long = silent
    for _ in range(SILENCES):
        long = long.hears_nothing("10m")
    costs = [(played(long)[1] - played(silent)[1]) / SILENCES * 1000 for _ in range(rounds)]
    report("time.hears_nothing_10m", statistics.median(costs), "ms", "<= 5")


def main() -> None:
    """Run the group."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="fewer rounds")
    options.add_argument("--only", help="thirty_days, pack, thousand_dialogs or hears_nothing")
    arguments = options.parse_args()
    rounds = 1 if arguments.quick else 3
    groups = {
        "thirty_days": lambda: thirty_days(2 * rounds + 1),
        "pack": lambda: pack(rounds),
        "thousand_dialogs": lambda: thousand_dialogs(rounds),
        "hears_nothing": lambda: hears_nothing(rounds),
    }
    for name, group in groups.items():
        if arguments.only in (None, name):
            group()
    finish()


if __name__ == "__main__":
    main()
